/** The conference bridge of docs/pbx/asterisk.md, taken by its word: the page's ConfBridge, real phones, one of them outside. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { asteriskOfPage, BOT, TONES, withAccounts } from '../helpers/asterisk-page.ts'
import type { AsteriskOfPage } from '../helpers/asterisk-page.ts'
import { alice, bob, Office } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const
const isIn = (name: string) => new RegExp(`${name}\n\\s*●\\s*in by phone`)
/** Of two tones that are mixed each is a half. */
const MIXED = 0.35
const ITSELF = 0.05
/** By how much the mixer plays faster or slower what comes too fast or too slow: at most 2.5 %. */
const PACE = 0.026

async function house(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const pbx = await asteriskOfPage(t, { meetings: true })
  const office = await Office.open(t, {
    ...{ people: withAccounts(pbx.people), sip: pbx.sip, address: BOT, env: { ...pbx.env, ...env } },
  })
  return { ...pbx, office }
}

/** The same, where Alice and Bob talk already. */
async function talk(t: TestContext, env?: Readonly<Record<string, string>>) {
  const all = await house(t, env)
  const { office, a, b } = all
  await office.types(alice, 'call Bob')
  await a.rings()
  await a.picksUp()
  await b.rings()
  await b.picksUp()
  await a.hears(TONES.bob, 10_000)
  return all
}

/** Somebody outside dials the number of the page, and keys what the invitation says. */
async function comesIn(
  { asterisk, carrier }: Pick<AsteriskOfPage, 'asterisk' | 'carrier'>,
  invitation: string,
) {
  const [, id = '', pin = ''] = /the ID ([\d ]+) and #, then the PIN (\d+)/.exec(invitation) ?? []
  carrier.dials(`sip:+34910480000@127.0.0.1:${asterisk.port}`)
  await carrier.talks()
  const reads = { Event: 'Newexten', Context: 'from-carrier', Application: 'Read' }
  await asterisk.manager.sees({ ...reads, Priority: '3' })
  carrier.presses(`${id.replaceAll(' ', '')}#`)
  await asterisk.manager.sees({ ...reads, Priority: '4' })
  carrier.presses(`${pin}#`)
  return { id, pin }
}

test(
  'the page’s ConfBridge is the room of meet now: id and PIN are keyed, and who is outside comes in by what [Invitation] tells',
  { skip },
  async (t) => {
    const { office, a, b, carrier, ...pbx } = await house(t)
    // Where she is alone with the bot.
    await office.types(alice, 'status')
    const there = { ...alice, ...group }
    await office.types(there, 'meet now')
    await a.rings()
    const card = await office.shows(/Conference call · audio only/, /\+34 910 48 00 00 · ID (\d{3} ){2}\d{3}/)
    await a.picksUp()
    await office.showsWithin(30_000, /Alice Serrano/, /One by phone/, isIn('Alice Serrano'))

    await office.presses({ ...bob, ...group }, 'callMe')
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(TONES.bob, 30_000), b.hears(TONES.alice, 30_000)])
    await office.shows(/2 by phone/, isIn('Bob Marín'))

    await office.presses(there, 'invitation')
    const invitation = await office.shows(
      /To pass on: .*dial \+34 910 48 00 00, then the ID [\d ]+ and #, then the PIN \d+ and #/,
    )
    const { id, pin } = await comesIn({ ...pbx, carrier }, invitation)
    assert.match(card, new RegExp(`ID ${id}`))
    await Promise.all([
      a.hears(TONES.outside, 20_000, MIXED),
      b.hears(TONES.outside, 20_000, MIXED),
      carrier.hears(TONES.alice, 20_000, MIXED),
    ])
    const shared = office.standing.filter((words) => !words.includes('To pass on'))
    assert.doesNotMatch(shared.join('\n'), new RegExp(pin), 'no card has the PIN')
    await a.hangsUp()
    await office.shows(/One by phone/, isIn('Bob Marín'))
    await b.hears(TONES.outside, 10_000)
  },
)

test(
  'a call becomes a meeting of that ConfBridge, and nobody is hung up: who is outside comes in, and the bridge is let go with the last phone',
  { skip },
  async (t) => {
    const { office, a, b, carrier, ...pbx } = await talk(t)

    await office.types(alice, 'turn into meeting')
    await office.showsWithin(30_000, /2 are in/, /Others · Conference call\n●\n ?in\n/)
    // The mixer plays a little faster or slower.
    await Promise.all([a.hears(TONES.bob, 10_000, 0.8, PACE), b.hears(TONES.alice, 10_000, 0.8, PACE)])
    await office.presses(alice, 'invite')
    await office.presses(alice, 'invitation')
    const { pin } = await comesIn({ ...pbx, carrier }, await office.shows(/To pass on/, /the PIN \d+/))
    await Promise.all([
      a.hears(TONES.outside, 20_000, MIXED, PACE),
      b.hears(TONES.outside, 20_000, MIXED, PACE),
      carrier.hears(TONES.alice, 20_000, MIXED, PACE),
    ])
    const closed = [a, b].flatMap(({ events }) => events.filter(({ type }) => type === 'CALL_CLOSED'))
    assert.deepEqual(closed, [], 'nobody was hung up on the way')
    assert.ok(a.loudness(TONES.alice, PACE) < ITSELF, 'nobody hears themselves come back from there')

    await a.hangsUp()
    await office.shows(/One is in/, /Others · Conference call/)
    await b.hears(TONES.outside, 10_000, 0.8, PACE)
    await b.hangsUp()
    await office.shows(/Meeting of Alice Serrano/, /This meeting is over/)
    await pbx.asterisk.manager.sees({ Event: 'ConfbridgeLeave', Context: 'meetings' })
    const shared = office.standing.filter((words) => !words.includes('To pass on'))
    assert.doesNotMatch(shared.join('\n'), new RegExp(pin), 'no card has the PIN')
  },
)

test(
  'a bridge that is not there costs nobody their call: it goes on as audio only, and the card says so',
  { skip },
  async (t) => {
    const { office, a, b } = await talk(t, { CONFERENCE_BRIDGE: '8999' })
    await office.types(alice, 'turn into meeting')
    await office.shows(/audio only/, /could not be reached by telephone \(unreachable\)/, /2 are in/)
    await Promise.all([a.hears(TONES.bob, 10_000, 0.8, PACE), b.hears(TONES.alice, 10_000, 0.8, PACE)])
  },
)
