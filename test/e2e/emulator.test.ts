/** The Bot Framework Emulator, as its documented wire format has it: no accounts, ids of its own, a service on localhost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { FakeChannel } from '../helpers/channel.ts'
import type { Who } from '../helpers/channel.ts'
import { alice, atTheEnd, Office, PEOPLE, tellWhereFailed } from '../helpers/office.ts'
import { rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

async function stage(t: TestContext, channel: FakeChannel, people: readonly object[] = PEOPLE) {
  const sipp = await Sipp.start('rings-on', { answers: '910000001' })
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  return { sipp, office: await Office.open(t, { trunk, people, channel, env: { DRAIN_SECONDS: '0' } }) }
}

test(
  'the Emulator, which knows no accounts, gets one card, and its buttons are submits',
  { skip },
  async (t) => {
    const channel = new FakeChannel({ channelId: 'emulator' })
    // Its user id is a setting of the Emulator; its conversations have a bar in their names.
    const user = '6f2e1c1e-5f0c-4ba7-9f0f-0a4a1f7a2c11'
    const people = PEOPLE.map((person) =>
      person.name === 'Alice Serrano' ? { ...person, ids: { emulator: user } } : person,
    )
    const { office, sipp } = await stage(t, channel, people)
    const who: Who = { ...alice, id: user, aadObjectId: '', conversation: 'd7f6a8a0-1b2c-11f0-b7a5|livechat' }
    const said = (text: string) => ({
      ...{ text, textFormat: 'plain', channelData: { clientActivityID: `17644${text.length}` } },
      conversation: { id: who.conversation },
      from: { id: user, name: 'User', role: 'user' },
      recipient: { id: 'bot', name: 'Bot', role: 'bot' },
      entities: [{ type: 'ClientCapabilities', requiresBotState: true, supportsListening: true }],
    })
    assert.ok((await channel.post(channel.activity(who, said('call Bob Marín')))).status < 300)
    await office.shows(/Bob Marín/, /ringing/i)
    assert.deepEqual(rung(sipp.messages), ['+34910000001', '+34910000002'])
    const { id, action } = await channel.until(() => channel.button('hangUp'))
    assert.equal(action.type, 'Action.Submit')
    const press = { ...said(''), replyToId: id, value: action.data }
    assert.ok((await channel.post(channel.activity(who, press))).status < 300)
    await office.shows(/Bob Marín/, /cancelled/i)
    assert.deepEqual([...channel.standing.keys()], [id], 'one card, updated in place')
    assert.deepEqual(channel.refused, [])
  },
)

test(
  'the Emulator’s user whom no row names is nobody, and the log tells the id to write there',
  { skip },
  async (t) => {
    const channel = new FakeChannel({ channelId: 'emulator' })
    const { office, sipp } = await stage(t, channel)
    await office.types({ ...alice, id: 'somebody', aadObjectId: '' }, 'call Bob Marín')
    await office.shows(/not in this company’s phone directory/)
    assert.deepEqual(rung(sipp.messages), [])
    const told = office.bot.lines.find(({ code }) => code === 'NOT_A_USER')
    assert.partialDeepStrictEqual(told, { channel: 'emulator', sender: 'somebody' })
  },
)
