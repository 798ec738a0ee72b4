import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { actOf, addsBot, inboundOf, parseActivity, removesBot } from '../../src/chat/activity.ts'
import { plainText } from '../../src/chat/inbound-text.ts'
import { decodeEntities } from '../../src/core/entities.ts'
import { BOT } from '../helpers/channel.ts'
import type { Json } from '../helpers/channel.ts'

const base = {
  type: 'message',
  id: '1',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  conversation: { id: 'a:1', conversationType: 'personal', tenantId: 'T1' },
  from: { id: '29:alice', name: 'Alice', aadObjectId: 'aad-alice' },
  recipient: BOT,
}
const read = (extra: Json) => {
  const { activity } = parseActivity({ ...base, ...extra })
  assert.ok(activity)
  return activity
}
const act = (extra: Json) => actOf(read(extra))
const text = (typed: string, extra: Json = {}) => {
  const found = act({ text: typed, ...extra })
  return found?.kind === 'text' ? found.text : undefined
}
const mention = (shown: string, id: string, name?: string) => ({
  type: 'mention',
  text: shown,
  mentioned: { id, ...(name === undefined ? {} : { name }) },
})

suite('what Teams attaches in HTML', () => {
  const attachments = [
    { contentType: 'text/html', content: '<p>see <a href="https://x.example">this</a></p>' },
  ]

  test('goes along with what is typed: the address is behind the words', () => {
    assert.deepEqual(act({ text: 'see this', attachments }), {
      kind: 'text',
      text: 'see this',
      mentions: [],
      html: attachments[0]?.content,
    })
    const others = [{ contentType: 'image/png', content: 'x' }, { contentType: 'text/html' }, 7]
    assert.deepEqual(act({ text: 'see', attachments: others }), { kind: 'text', text: 'see', mentions: [] })
  })

  test('and with what is said among people', () => {
    const conversation = { id: '19:c', conversationType: 'channel', isGroup: true }
    assert.partialDeepStrictEqual(act({ text: 'see this', attachments, conversation }), {
      kind: 'overheard',
      html: attachments[0]?.content,
    })
  })
})

suite('a calendar entry with a message', () => {
  const entry = 'BEGIN:VCALENDAR\r\nSUMMARY:Reunión de mañana\r\nEND:VCALENDAR'
  const typed = { contentType: 'text/html', content: '<p>here</p>' }
  const html = (attachment: unknown) => {
    const found = act({ text: 'here', attachments: [typed, attachment] })
    return found?.kind === 'text' ? found.html : undefined
  }

  test('is what the message is about, however its text comes', () => {
    for (const attachment of [
      { contentType: 'text/calendar; charset=utf-8; method=REQUEST', content: entry, name: 'invite.ics' },
      {
        contentType: 'text/calendar',
        contentUrl: `data:text/calendar;base64,${Buffer.from(entry).toString('base64')}`,
      },
      { contentType: 'text/calendar', contentUrl: `data:text/calendar,${encodeURIComponent(entry)}` },
    ])
      assert.equal(html(attachment), entry)
  })

  test('is not fetched from anywhere', () => {
    const contentUrl = 'https://files.example/invite.ics'
    assert.equal(html({ contentType: 'text/calendar', contentUrl }), typed.content)
    assert.equal(html({ contentType: 'text/calendar', contentUrl: 'data:text/html,x' }), typed.content)
  })
})

suite('typed text', () => {
  test('the bot’s own mention goes, wherever it stands', () => {
    const entities = [mention('<at>Dialback</at>', BOT.id, BOT.name)]
    assert.equal(text('<at>Dialback</at> call Bob', { entities }), 'call Bob')
    assert.equal(text('call Bob <at>Dialback</at>', { entities }), 'call Bob')
    assert.equal(text('<at>Dialback</at>', { entities }), '')
  })

  test('mentions of others stay as names, and are told', () => {
    const entities = [
      mention('<at id="0">Dialback</at>', BOT.id, BOT.name),
      mention('<at id="1">Bob Marín</at>', '29:bob', 'Bob Marín'),
    ]
    assert.deepEqual(act({ text: '<at id="0">Dialback</at> call <at id="1">Bob Marín</at>', entities }), {
      kind: 'text',
      text: 'call Bob Marín',
      mentions: [{ id: '29:bob', name: 'Bob Marín' }],
    })
  })

  test('mentions that would multiply the text do not: it is cut first, and only <at> is a mention', () => {
    const long = 'x'.repeat(1900)
    const swelling = [mention('a', '29:a', 'a'.repeat(190)), mention('aa', '29:b', long)]
    const began = performance.now()
    const typed = 'a'.repeat(250_000)
    assert.equal(text(typed, { entities: swelling }), typed.slice(0, 20_000))
    const tags = '<at>b</at>'.repeat(25_000)
    const found = text(tags, { entities: [mention('<at>b</at>', '29:b', 'b'.repeat(200))] })
    assert.ok(found !== undefined && found.length <= 20_000 && found.startsWith('b'.repeat(200)))
    assert.ok(performance.now() - began < 1000)
  })

  test('what Teams makes of it is undone: entities, non-breaking spaces, paragraphs', () => {
    assert.equal(text('<p>call&nbsp;Marks &amp; Spencer</p>'), 'call Marks & Spencer')
    assert.equal(text('<div>call <b>Bob</b></div>'), 'call Bob')
    assert.equal(decodeEntities('&#233;&#xE9;&eacute;&amp;lt;&#0;&#x110000;'), 'éé&eacute;&lt;&#0;&#x110000;')
  })

  test('what somebody types stays what they typed', () => {
    for (const typed of [
      'call <script>alert(1)</script>',
      'a < b > c',
      '🙂'.repeat(50),
      'call sip:x@y',
      '&',
    ]) {
      assert.equal(text(typed), typed)
    }
    assert.equal(plainText('<p onclick="x">a</p><br/>b'), 'a\n\nb')
  })

  test('no text is an empty one', () => {
    assert.equal(text(''), '')
    assert.deepEqual(act({ text: null }), { kind: 'text', text: '', mentions: [] })
  })
})

suite('buttons', () => {
  const data = { verb: 'hangUp', call: 'c_1', revision: 3, nonce: 'n' }

  test('Action.Submit is a message with the button’s data', () => {
    assert.deepEqual(act({ value: data, replyToId: 'm1' }), {
      kind: 'press',
      verb: 'hangUp',
      data,
      card: 'm1',
      invoke: false,
    })
  })

  test('Action.Execute is an invoke', () => {
    const value = { action: { type: 'Action.Execute', verb: 'hangUp', data }, trigger: 'manual' }
    assert.deepEqual(act({ type: 'invoke', name: 'adaptiveCard/action', value }), {
      kind: 'press',
      verb: 'hangUp',
      data,
      invoke: true,
    })
  })

  test('forged data is cut to few fields of plain values', () => {
    const forged = JSON.parse(
      `{"verb":"hangUp","__proto__":{"admin":true},"nested":{"a":1},"list":[1],"long":"${'x'.repeat(2000)}","nothing":null,"n":1e999}`,
    ) as Json
    const found = act({ value: forged })
    assert.ok(found?.kind === 'press')
    assert.deepEqual(found.data, { verb: 'hangUp', n: Infinity })
    assert.equal((found.data as { admin?: boolean }).admin, undefined)
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]))
    const cut = act({ value: { ...many } })
    assert.ok(cut?.kind === 'press' && Object.keys(cut.data).length === 32 && cut.verb === '')
  })

  test('a verb that is no text is no verb', () => {
    assert.partialDeepStrictEqual(act({ value: { verb: { a: 1 } } }), { kind: 'press', verb: '' })
    assert.equal(act({ type: 'invoke', name: 'adaptiveCard/action', value: { action: 7 } }), undefined)
    assert.equal(act({ type: 'invoke', name: 'composeExtension/query', value: {} }), undefined)
  })
})

suite('who and where', () => {
  const inbound = (extra: Json, authenticated = true) =>
    inboundOf(read(extra), { kind: 'welcome' }, { id: '1', receivedAt: 5, authenticated })

  test('Teams vouches for the sender', () => {
    assert.deepEqual(inbound({ locale: 'es-ES', localTimestamp: '2026-01-02T11:00:00+01:00' }), {
      id: '1',
      channel: 'msteams',
      conversation: 'a:1',
      group: false,
      sender: { id: '29:alice', aadObjectId: 'aad-alice', name: 'Alice', tenant: 't1' },
      locale: 'es-ES',
      localTimestamp: '2026-01-02T11:00:00+01:00',
      receivedAt: 5,
      act: { kind: 'welcome' },
    })
  })

  test('on Direct Line a client chooses its id and any field, unless its token was made for a user', () => {
    const sender = (channelId: string, id: string, authenticated = true) =>
      inbound({ channelId, from: { id, name: 'Alice', aadObjectId: 'aad-alice' } }, authenticated).sender
    assert.deepEqual(sender('directline', 'bob'), { id: 'unverified:bob', name: 'Alice', tenant: 't1' })
    assert.equal(sender('webchat', 'dl_bob').id, 'dl_bob')
    assert.equal(sender('webchat', 'dl_bob').aadObjectId, undefined)
    assert.equal(sender('directline', 'bob', false).id, 'bob', 'without an app id all is on this machine')
  })

  test('a group is known by its type or its mark', () => {
    assert.equal(inbound({ conversation: { id: 'g', conversationType: 'groupChat' } }).group, true)
    assert.equal(inbound({ conversation: { id: 'g', conversationType: 'channel' } }).group, true)
    assert.equal(inbound({ conversation: { id: 'g', isGroup: true } }).group, true)
    assert.equal(inbound({ conversation: { id: 'g' } }).group, false)
  })

  test('it is seen when the bot comes and goes, and when others do', () => {
    const update = (id: string) => read({ type: 'conversationUpdate', membersAdded: [{ id }] })
    assert.equal(addsBot(update(BOT.id)), true)
    assert.equal(addsBot(update('29:alice')), false)
    assert.equal(addsBot(read({ type: 'conversationUpdate', membersAdded: [null, 7, {}, BOT] })), true)
    const nobody = { type: 'conversationUpdate', recipient: undefined, membersAdded: [{}] }
    assert.equal(addsBot(read(nobody)), false)
    assert.equal(addsBot(read({ type: 'installationUpdate', action: 'add' })), true)
    assert.equal(removesBot(read({ type: 'installationUpdate', action: 'remove-upgrade' })), true)
    assert.equal(addsBot(read({ type: 'message' })), false)
  })
})

suite('what is no activity', () => {
  const rows: readonly [string, unknown][] = [
    ['no object', 'x'],
    ['no type', { ...base, type: undefined }],
    ['no channel', { ...base, channelId: '' }],
    ['no serviceUrl', { ...base, serviceUrl: undefined }],
    ['a serviceUrl of another kind', { ...base, serviceUrl: 'file:///etc/passwd' }],
    ['no conversation', { ...base, conversation: {} }],
    ['no sender', { ...base, from: null }],
    ['a sender that is a number', { ...base, from: { id: 7 } }],
    ['text that is an object', { ...base, text: {} }],
    ['an endless id', { ...base, conversation: { id: 'x'.repeat(301) } }],
    ['an endless activity id', { ...base, id: 'x'.repeat(301) }],
    ['an endless sender', { ...base, from: { id: 'x'.repeat(301) } }],
    ['an endless recipient', { ...base, recipient: { id: 'x'.repeat(301) } }],
    ['an endless channel', { ...base, channelId: 'x'.repeat(301) }],
    ['an endless serviceUrl', { ...base, serviceUrl: `https://x.example/${'x'.repeat(300)}` }],
  ]
  for (const [what, body] of rows) {
    test(what, () => {
      const result = parseActivity(body)
      assert.equal(result.activity, undefined)
      assert.ok('fault' in result && result.fault.startsWith('not an activity'))
    })
  }

  test('an endless name is cut: the activity is good without it', () => {
    assert.equal(read({ from: { id: '29:alice', name: 'x'.repeat(1000) } }).from.name?.length, 300)
  })

  test('entities and channel data of any shape do no harm', () => {
    assert.equal(text('x', { entities: [null, 1, { type: 'mention' }], channelData: 'y' }), 'x')
  })
})
