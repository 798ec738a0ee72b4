import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { FakeChannel } from '../helpers/channel.ts'
import type { Json, Who } from '../helpers/channel.ts'
import { screens } from '../helpers/screens.ts'
import { chatBench, endedWith, MemoryFacts, realClock, view } from '../helpers/chat.ts'

const alice: Who = {
  aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000001',
  name: 'Alice Serrano',
  email: 'alice@contoso.example',
}
const at = { channel: 'msteams', conversation: `a:${alice.aadObjectId}`, language: 'en' } as const
const noCall = { kind: 'sentence', sentence: { code: 'noCall' } } as const
const connected = { kind: 'connected', since: Date.UTC(2026, 0, 2, 10, 0, 20) } as const

suite('a turn', () => {
  test('a typed text reaches the receiver, and a call shows as one card that is updated in place', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side } = bench
    assert.equal((await channel.say(alice, 'call Bob')).status, 200)
    assert.partialDeepStrictEqual(receiver.heard[0], {
      channel: 'msteams',
      conversation: at.conversation,
      group: false,
      sender: { aadObjectId: alice.aadObjectId, name: alice.name, tenant: 'tenant-1' },
      act: { kind: 'text', text: 'call Bob', mentions: [] },
    })
    const posted: string[] = []
    const shown: number[] = []
    side.chat.onPosted((_call, id) => posted.push(id))
    side.chat.onShown((_call, revision) => shown.push(revision))
    side.chat.showCall(at, view({ kind: 'callingUser' }, 1), undefined)
    const [op] = await channel.until(() => channel.ops.length > 0 && channel.ops)
    assert.match(channel.words(op!.id), /Bob Marín[^]*Calling[^]*Pick up your desk phone/)
    side.chat.showCall(at, view({ kind: 'callingCallee', ringing: true }, 2), undefined)
    await channel.until(() => channel.words(op!.id).includes('Ringing'))
    side.chat.showCall(at, view(endedWith(), 3), undefined)
    await side.chat.settle(2000)
    assert.match(channel.words(op!.id), /Ended · lasted 0:42/)
    assert.deepEqual(
      channel.ops.map(({ method }) => method),
      ['POST', 'PUT', 'PUT'],
    )
    assert.deepEqual(posted, [op!.id])
    assert.equal(shown.at(-1), 3)
    side.chat.showCall(at, view(connected, 2), undefined)
    await side.chat.settle(2000)
    assert.equal(channel.ops.length, 3, 'nothing comes over the record')
  })

  test('what is said in one conversation keeps its order, though the channel is slow with the first (botbuilder-js#885)', async () => {
    await using bench = await chatBench({ patience: { request: 2000 } })
    const { channel, side } = bench
    await channel.say(alice, 'x')
    let first = true
    channel.fail = () => {
      const slow = first
      first = false
      return slow ? { late: 150 } : undefined
    }
    side.chat.say(at, noCall)
    side.chat.say({ ...at, language: 'es' }, noCall)
    await side.chat.settle(5000)
    assert.match(channel.said(), /You have no call[^]*no tienes ninguna llamada/)
  })

  test('the clock set back an hour holds nothing up', async () => {
    let setBack = 0
    const clock = { ...realClock, now: () => Date.now() - setBack }
    await using bench = await chatBench({ clock })
    const { channel, side } = bench
    await channel.say(alice, 'x')
    for (let i = 0; i < 7; i += 1) side.chat.say(at, noCall)
    await channel.until(() => channel.ops.length === 7)
    setBack = 3_600_000
    side.chat.showCall(at, view(connected, 1), undefined)
    await channel.until(() => channel.said(7).includes('Connected'), 3000)
  })

  test('a post that the channel took but did not answer is not posted again', async () => {
    await using bench = await chatBench()
    const { channel, side, log } = bench
    await channel.say(alice, 'x')
    for (const failure of [{ silent: true }, { broken: true }] as const) {
      channel.fail = () => failure
      const before = channel.ops.length
      side.chat.say(at, noCall)
      await side.chat.settle(5000)
      assert.equal(channel.ops.length, before + 1)
    }
    assert.equal(log.lines.filter(({ code }) => code === 'POST_LOST').length, 2)
  })

  test('every line about a call’s card carries the call, a post and an update one each', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side, log } = bench
    await channel.say(alice, 'call Bob')
    side.chat.showCall(at, view({ kind: 'callingUser' }, 1), undefined)
    const { id, action } = await channel.until(() => channel.button('details'))
    channel.fail = () => {
      channel.fail = () => undefined
      return { status: 503 }
    }
    side.chat.showCall(at, view(endedWith(), 2), undefined)
    await side.chat.settle(3000)
    receiver.answer = () => Promise.reject(new Error('disk full'))
    await channel.press(alice, id, action)
    const { call } = view(connected, 1)
    const lines = log.lines.filter((line) => line.call === call)
    assert.equal(lines.length, 4)
    assert.partialDeepStrictEqual(lines, [
      { level: 'debug', act: 'post' },
      { level: 'warn', act: 'update', code: 'CHANNEL_REFUSED' },
      { level: 'debug', act: 'update' },
      { level: 'error', code: 'RECEIVE_FAILED' },
    ])
  })

  test('the activity is acknowledged though the channel takes nothing', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side } = bench
    channel.fail = () => ({ silent: true })
    receiver.answer = () => {
      side.chat.say(at, noCall)
      return { language: 'en' }
    }
    const before = Date.now()
    assert.equal((await channel.say(alice, 'call Bob')).status, 200)
    assert.ok(Date.now() - before < 300)
  })

  test('where the receiver fails, the user is told with a reference that is in the log', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side, log } = bench
    receiver.answer = () => Promise.reject(new Error('disk full'))
    assert.equal((await channel.say({ ...alice, locale: 'es-ES' }, 'llama a Bob')).status, 200)
    await side.chat.settle(2000)
    const reference = String(log.lines.find(({ code }) => code === 'RECEIVE_FAILED')?.['reference'])
    assert.match(channel.said(), new RegExp(`Algo ha ido mal[^]*${reference}`))
    assert.doesNotMatch(channel.said(), /disk full/)
  })
})

suite('buttons', () => {
  test('the answer to Action.Execute is the card to show, and the update follows it', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side } = bench
    await channel.say(alice, 'call Bob')
    side.chat.showCall(at, view(connected, 1), undefined)
    const { id, action } = await channel.until(() => channel.button('hangUp'))
    receiver.answer = async () => {
      side.chat.showCall(at, view(endedWith(), 2), undefined)
      // An update would leave at once, were it not held back.
      await new Promise((later) => setTimeout(later, 100))
      assert.equal(channel.ops.length, 1)
      return { screen: { kind: 'call', view: view(endedWith(), 2) }, language: 'en' }
    }
    const answer = await channel.press(alice, id, action)
    assert.equal(answer.status, 200)
    assert.partialDeepStrictEqual(answer.body, {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: { type: 'AdaptiveCard', version: '1.5' },
    })
    const press = receiver.heard.at(-1)!.act
    assert.partialDeepStrictEqual(press, { kind: 'press', verb: 'hangUp', card: id, invoke: true })
    assert.deepEqual('data' in press && press.data, action.data)
    await channel.until(() => channel.ops.length === 2)
    assert.match(channel.words(id), /Ended/)
  })

  test('in a group the answer is the presser’s own view; the update is for everybody', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side } = bench
    const group = { conversation: '19:group', conversationType: 'groupChat' } as const
    const here = { ...at, conversation: group.conversation }
    const bob = { ...alice, aadObjectId: 'bob', name: 'Bob', ...group }
    await channel.say({ ...alice, ...group }, 'call Bob')
    side.chat.showCall(here, view(connected, 1), undefined)
    const { id, action } = await channel.until(() => channel.button('details'))
    const notYours = { kind: 'sentence', sentence: { code: 'notYours' } } as const
    receiver.answer = () => ({ screen: notYours, language: 'en' })
    await channel.press(bob, id, action)
    assert.match(channel.words(id, bob), /not yours/)
    assert.match(channel.words(id, alice), /Connected/)
    side.chat.showCall(here, view(endedWith(), 2), undefined)
    await side.chat.settle(2000)
    assert.match(channel.words(id, bob), /Ended/)
  })

  const invokes: readonly [what: string, extra: Json, status: number, code: string][] = [
    ['of another kind', { name: 'composeExtension/query', value: {} }, 400, 'INVOKE_NOT_SUPPORTED'],
    ['for a dialog', { name: 'task/fetch', value: { data: {} } }, 400, 'INVOKE_NOT_SUPPORTED'],
    ['without a name', {}, 400, 'INVOKE_NOT_SUPPORTED'],
    ['without an action', { name: 'adaptiveCard/action', value: 'x' }, 400, 'BAD_INVOKE'],
  ]
  for (const [what, extra, status, code] of invokes) {
    test(`an invoke ${what} gets ${status}`, async () => {
      await using bench = await chatBench()
      const answer = await bench.channel.post(bench.channel.activity(alice, { type: 'invoke', ...extra }))
      assert.equal(answer.status, status)
      assert.partialDeepStrictEqual(answer.body, { error: { code } })
      assert.equal(bench.receiver.heard.length, 0)
    })
  }
})

suite('welcome', () => {
  test('once a conversation, over restarts too, and again after the bot was removed', async () => {
    await using bench = await chatBench()
    const { channel, receiver, facts } = bench
    const added = { type: 'conversationUpdate', membersAdded: [{ id: '28:dialback' }] }
    const welcomes = (heard = receiver.heard) => heard.filter(({ act }) => act.kind === 'welcome').length
    await channel.post(channel.activity(alice, { type: 'installationUpdate', action: 'add' }))
    await channel.post(channel.activity(alice, added))
    await channel.post(channel.activity(alice, { ...added, membersAdded: [{ id: '29:other' }] }))
    assert.equal(welcomes(), 1)
    {
      await using again = await chatBench({ facts, channel })
      await channel.post(channel.activity(alice, added))
      assert.equal(welcomes(again.receiver.heard), 0)
    }
    channel.bot = bench.url
    await channel.post(channel.activity(alice, { type: 'installationUpdate', action: 'remove' }))
    await channel.post(channel.activity(alice, added))
    assert.equal(welcomes(), 2)
  })
})

suite('conversation references', () => {
  test('are kept, so that the bot can write first after a restart (botbuilder-js#1817)', async () => {
    const facts = new MemoryFacts()
    const channel = await new FakeChannel().start()
    {
      await using bench = await chatBench({ facts, channel })
      await bench.channel.say(alice, 'x')
    }
    await using bench = await chatBench({ facts, channel })
    bench.side.chat.showCall(at, view(endedWith(), 9), undefined)
    await bench.side.chat.settle(2000)
    assert.match(channel.said(), /Ended/)
    assert.partialDeepStrictEqual(channel.ops[0]?.activity, {
      from: { id: '28:dialback', name: 'Dialback' },
      recipient: { id: `29:${alice.aadObjectId}` },
      conversation: { id: at.conversation, tenantId: 'tenant-1' },
    })
    assert.equal(
      await bench.side.chat.memberEmail('msteams', at.conversation, `29:${alice.aadObjectId}`),
      alice.email,
    )
    await channel.stop()
  })

  test('are written before the chat side has stopped', async () => {
    const facts = new MemoryFacts()
    const slow = facts.put.bind(facts)
    facts.put = async (...fact) => {
      await new Promise((later) => setTimeout(later, 50))
      return slow(...fact)
    }
    {
      await using bench = await chatBench({ facts })
      await bench.channel.say(alice, 'x')
    }
    assert.ok(facts.kept.has(`reference msteams|${at.conversation}`))
  })

  test('are replaced on every contact (BotFramework-Services#344)', async () => {
    await using bench = await chatBench()
    await bench.channel.say(alice, 'x')
    const moved = await new FakeChannel().start(bench.url)
    await moved.say(alice, 'x')
    bench.side.chat.say(at, noCall)
    await bench.side.chat.settle(2000)
    assert.equal(bench.channel.ops.length, 0)
    assert.equal(moved.ops.length, 1)
    await moved.stop()
  })

  test('nobody is written to of whom nothing was heard, and nothing breaks by it', async () => {
    await using bench = await chatBench()
    bench.side.chat.say({ ...at, conversation: 'a:nobody' }, noCall)
    bench.side.chat.showCall({ ...at, conversation: 'a:nobody' }, view(endedWith(), 1), undefined)
    await bench.side.chat.settle(2000)
    assert.equal(bench.channel.ops.length, 0)
    assert.equal(await bench.side.chat.memberEmail('msteams', 'a:nobody', '29:x'), undefined)
    assert.equal(await bench.side.chat.memberEmail('directline', at.conversation, '29:x'), undefined)
  })
})

suite('channels of less ability', () => {
  for (const channelId of ['directline', 'webchat', 'someOther']) {
    test(`${channelId}: begun and record where messages cannot be changed`, async () => {
      await using bench = await chatBench({ channelId })
      const { channel, side } = bench
      if (channelId === 'someOther') {
        channel.fail = ({ method }) =>
          method === 'PUT' ? { status: 405, code: 'MethodNotAllowed' } : undefined
      }
      const here = { ...at, channel: channelId }
      await channel.say(alice, 'call Bob')
      side.chat.showCall(here, view({ kind: 'callingUser' }, 1), undefined)
      await channel.until(() => channel.ops.length === 1)
      side.chat.showCall(here, view(connected, 2), undefined)
      await side.chat.settle(2000)
      side.chat.showCall(here, view(endedWith(), 3), undefined)
      await side.chat.settle(2000)
      assert.equal(channel.ops.length, 2)
      assert.match(channel.said(1), /Ended · lasted 0:42/)
      assert.equal(channel.refused.length, channelId === 'someOther' ? 1 : 0)
      const type = channelId === 'someOther' ? 'Action.Execute' : 'Action.Submit'
      assert.equal(channel.button('redial')?.action.type, type)
    })
  }

  for (const channelId of ['directline', 'webchat', 'someOther']) {
    test(`${channelId}: two messages too for a call that is chosen, and hung up, by Action.Submit`, async () => {
      await using bench = await chatBench({ channelId })
      const { channel, receiver, side } = bench
      if (channelId === 'someOther') {
        channel.fail = ({ method }) =>
          method === 'PUT' ? { status: 405, code: 'MethodNotAllowed' } : undefined
      }
      const here = { ...at, channel: channelId }
      const submits = async (verb: string) => {
        const { id, action } = await channel.until(() => channel.button(verb))
        return channel.press(alice, id, { ...action, type: 'Action.Submit' })
      }
      await channel.say(alice, 'call Bob')
      side.chat.say(here, screens('Bob').ask)
      receiver.answer = ({ act }) => {
        assert.ok(act.kind === 'press' && !act.invoke)
        const state = act.verb === 'choose' ? ({ kind: 'callingUser' } as const) : endedWith()
        side.chat.showCall(here, view(state, act.verb === 'choose' ? 1 : 2), act.card)
        return { language: 'en' }
      }
      assert.equal((await submits('choose')).status, 200)
      await side.chat.settle(2000)
      assert.match(channel.said(1), /Calling[^]*Pick up your desk phone/)
      assert.equal((await submits('hangUp')).status, 200)
      await side.chat.settle(2000)
      assert.deepEqual(
        channel.ops.map(({ method }) => method),
        ['POST', 'POST', 'POST'],
        'the question, begun, and record',
      )
      assert.match(channel.said(2), /Ended · lasted 0:42/)
    })
  }

  test('a call that is chosen by Action.Submit goes on in place of the question, where that can be', async () => {
    await using bench = await chatBench()
    const { channel, receiver, side } = bench
    await channel.say(alice, 'call Bob')
    side.chat.say(at, screens('Bob').ask)
    receiver.answer = ({ act }) => {
      const state = act.kind === 'press' && act.verb === 'choose' ? connected : endedWith()
      const card = act.kind === 'press' ? act.card : undefined
      side.chat.showCall(at, view(state, state === connected ? 1 : 2), card)
      return { language: 'en' }
    }
    for (const verb of ['choose', 'hangUp']) {
      const { id, action } = await channel.until(() => channel.button(verb))
      await channel.press(alice, id, { ...action, type: 'Action.Submit' })
      await side.chat.settle(2000)
    }
    assert.deepEqual(
      channel.ops.map(({ method }) => method),
      ['POST', 'PUT', 'PUT'],
    )
    assert.match(channel.words(channel.ops[0]!.id), /Ended · lasted 0:42/)
  })

  test('a channel without cards gets text', async () => {
    await using bench = await chatBench({ channelId: 'sms' })
    await bench.channel.say(alice, 'x')
    bench.side.chat.showCall({ ...at, channel: 'sms' }, view(endedWith('busy'), 1), undefined)
    await bench.side.chat.settle(2000)
    const { activity } = bench.channel.ops[0]!
    assert.equal(activity['attachments'], undefined)
    assert.match(String(activity['text']), /Bob Marín: busy\nBob Marín is busy\. Redial in a while\./)
  })
})
