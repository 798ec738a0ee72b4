/** A meeting that somebody shares among people, in a group where the bot reads along: one card, for everybody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeChannel } from '../helpers/channel.ts'
import { alice, atTheEnd, bob, Office, tellWhereFailed } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')
const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const

/** A line of the card's list: name, lamp, state. */
const BOB_IS_CALLED = /Bob Marín\n○\n\s*calling/

test(
  'the presser’s view is redrawn by the answer, everybody’s by an update; why one is not called, one sees alone',
  { skip },
  async (t) => {
    const sipp = await Sipp.start('rings-on')
    atTheEnd(t, async () => {
      tellWhereFailed(t, sipp.messages)
      await sipp.stop()
    })
    const channel = new FakeChannel({ hearsAll: true })
    const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
    const office = await Office.open(t, { trunk, channel, env: { DRAIN_SECONDS: '0' } })
    const [aliceThere, bobThere] = [
      { ...alice, ...group },
      { ...bob, ...group },
    ]
    await office.types(bob, 'help')
    await office.types(aliceThere, 'watch meetings')
    await office.shows(/watch for meetings here/)
    await channel.sayToAll(bobThere, 'call Alice Serrano')
    await channel.sayToAll(bobThere, 'see you at https://zoom.us/j/89012345678 +34 910 48 00 01')
    await office.shows(/Zoom/, /Call me/)
    const { id, action } = await channel.until(() => channel.button('callMe', bobThere))

    await channel.press(bobThere, id, action)
    await channel.until(() => BOB_IS_CALLED.test(channel.words(id, aliceThere)), 10_000)
    assert.equal(channel.words(id, bobThere), channel.words(id, aliceThere), 'all see the same again')
    const own = await channel.until(() =>
      channel.ops.find(
        ({ method, conversation }) =>
          method === 'POST' && conversation === 'a:bob' && channel.said().includes('Dialling out'),
      ),
    )
    assert.ok(own, 'the presser’s own card is in their own chat')

    const mobile = await channel.until(() => channel.button('onMobile', aliceThere))
    await channel.press(aliceThere, mobile.id, mobile.action)
    assert.match(channel.words(id, aliceThere), /You have no mobile/)
    assert.doesNotMatch(channel.words(id, bobThere), /You have no mobile/)
    assert.match(channel.words(id, bobThere), BOB_IS_CALLED)

    await channel.sayToAll(aliceThere, 'again: https://zoom.us/j/89012345678')
    const { body } = await channel.picks(
      aliceThere,
      '<p><a href="https://zoom.us/j/89012345678">the meeting</a></p>',
    )
    assert.equal((body?.['task'] as { readonly type: string }).type, 'message')
    const cards = channel.ops.filter(
      (op) =>
        op.method === 'POST' &&
        op.conversation === group.conversation &&
        JSON.stringify(op.activity).includes('callMe'),
    )
    assert.equal(cards.length, 1, 'however often it is shared, there is one card')
    const rung = sipp.messages.match(/^INVITE sip:\S+/gm) ?? []
    assert.ok(rung.length > 0 && rung.every((line) => line.includes('910000002')), 'only Bob was called')
  },
)
