/** Rooms of the bot's own, mixed by the bot: three phones behind a real PBX, each of which says a tone of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeChannel } from '../helpers/channel.ts'
import {
  ABOVE_4_KHZ,
  ALICE,
  BOB,
  houseOfThree,
  houseWithMailbox,
  ROBERTO,
  wideHouse,
} from '../helpers/conference.ts'
import { alice, bob, roberto } from '../helpers/office.ts'
import type { Asterisk } from '../peers/asterisk.ts'
import type { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')
const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const
const isMuted = (name: string) => new RegExp(`${name}\n×\n ?muted\n`)
const isIn = (name: string) => new RegExp(`${name}\\n●\\n ?(in|speaking|dentro|habla)\\n`)

// Of two tones that are mixed each is a half.
const MIXED = 0.35
const ITSELF = 0.05
/** By how much the mixer plays faster or slower what comes too fast or too slow: at most 2.5 %. */
const PACE = 0.026

type Voice = { readonly phone: Phone; readonly says: number }

const tellApart = (a: Phone, b: Phone, c: Phone) =>
  [
    { phone: a, says: ALICE },
    { phone: b, says: BOB },
    { phone: c, says: ROBERTO },
  ] as const

/** Resolves when each hears all others, and not itself; where there are two, each hears the other alone. */
async function hearEachOther(...all: readonly Voice[]) {
  const share = all.length === 2 ? 0.8 : MIXED
  for (const { phone, says } of all) {
    for (const other of all) if (other.phone !== phone) await phone.hears(other.says, 10_000, share, PACE)
    assert.ok(phone.loudness(says, PACE) < ITSELF, `${phone.name} does not hear its own tone`)
  }
}

/** Resolves when the bot has told the PBX, in a re-INVITE, an audio port of the PBX's own: it is out of the way. */
function isDirect(asterisk: Asterisk): Promise<void> {
  return asterisk.logs((log) => {
    const messages = log.split(/<--- (?=Transmitting|Received)/)
    const ports = (which: RegExp) =>
      messages.filter((text) => which.test(text)).flatMap((text) => /^m=audio (\d+)/m.exec(text)?.[1] ?? [])
    const own = new Set(ports(/^Transmitting SIP [^]*\nTo: .*;tag=/))
    return ports(/^Received SIP request [^\n]*127\.0\.0\.4[^]*\nINVITE /).some((port) => own.has(port))
  })
}

test(
  'meet now: who presses [Call me] or is added is in on picking up, hears all others, and is gone on hanging up',
  { skip },
  async (t) => {
    const channel = new FakeChannel()
    const { office, a, b, c } = await houseOfThree(t, channel)
    const [A, B, C] = tellApart(a, b, c)
    const there = { ...alice, ...group }
    await office.types(there, 'meet now')
    await a.rings()
    await office.shows(/Meeting of Alice Serrano/, /Alice Serrano\n○\n ?calling/i)
    await a.picksUp()
    await office.shows(/Meeting of Alice Serrano/, isIn('Alice Serrano'), /One is in/)

    await office.presses({ ...bob, ...group }, 'callMe')
    await b.rings()
    await b.picksUp()
    await office.shows(/2 are in/, isIn('Alice Serrano'), isIn('Bob Marín'))
    await hearEachOther(A, B)

    await office.types(there, 'add Roberto')
    await c.rings()
    await office.shows(/2 are in/, /Roberto Bob Díaz\n○\n ?calling/i)
    await c.picksUp()
    await office.shows(/3 are in/, isIn('Alice Serrano'), isIn('Bob Marín'), isIn('Roberto Bob Díaz'))
    await hearEachOther(A, B, C)

    await c.hangsUp()
    const card = await office.shows(/2 are in/, isIn('Alice Serrano'), isIn('Bob Marín'))
    assert.doesNotMatch(card, /Roberto/)
    await hearEachOther(A, B)

    const only = 'Only Alice Serrano, who started this meeting'
    const refused = await office.presses({ ...roberto, ...group }, 'endRoom')
    assert.ok(JSON.stringify(refused.body).includes(only))
    assert.ok(!office.standing.some((words) => words.includes(only)), 'the others do not read it')
    await office.presses(there, 'endRoom')
    await Promise.all([a.isFree(), b.isFree()])
    await office.shows(/Meeting of Alice Serrano/, /This meeting is over/)
  },
)

test(
  'the host mutes all, who are heard again by [Mute me] or *6; locks, invites, and ends for all',
  { skip },
  async (t) => {
    const channel = new FakeChannel()
    const { office, a, b, c } = await houseOfThree(t, channel)
    const [A, B, C] = tellApart(a, b, c)
    const host = { ...alice, ...group }
    await office.types(host, 'meet now')
    await a.rings()
    await a.picksUp()
    await office.shows(/One is in/)
    for (const [who, phone] of [
      [bob, b],
      [roberto, c],
    ] as const) {
      await office.presses({ ...who, ...group }, 'callMe')
      await phone.rings()
      await phone.picksUp()
    }
    await office.shows(/3 are in/)
    await hearEachOther(A, B, C)

    await office.presses(host, 'muteAll')
    await office.shows(isMuted('Bob Marín'), isMuted('Roberto Bob Díaz'), isIn('Alice Serrano'))
    await Promise.all([BOB, ROBERTO].map((hz) => a.isSpared(hz, PACE)))
    await b.hears(ALICE, 10_000, 0.8, PACE)
    await office.presses({ ...bob, ...group }, 'muteMe')
    await a.hears(BOB, 10_000, 0.8, PACE)
    await a.isSpared(ROBERTO, PACE)
    c.presses('*6')
    await office.shows(isIn('Alice Serrano'), isIn('Bob Marín'), isIn('Roberto Bob Díaz'))
    await hearEachOther(A, B, C)
    c.presses('*6')
    await office.shows(isMuted('Roberto Bob Díaz'))
    await a.isSpared(ROBERTO, PACE)
    await a.hears(BOB, 10_000, 0.8, PACE)

    await office.presses(host, 'lockRoom')
    await office.shows(/Locked: only Alice Serrano can bring people in/)
    await c.hangsUp()
    await office.shows(/2 are in/)
    const refused = await office.presses({ ...roberto, ...group }, 'callMe')
    assert.ok(JSON.stringify(refused.body).includes('This meeting is locked'))
    await office.presses(host, 'invite')
    const { id, action } = await channel.until(() => channel.button('addToRoom', host))
    await channel.press(host, id, { ...action, data: { ...action.data, who: 'Roberto' } })
    await c.rings()
    await c.picksUp()
    await office.shows(/3 are in/, isIn('Roberto Bob Díaz'))
    await hearEachOther(A, B, C)

    await office.presses(host, 'endRoom')
    await Promise.all([a.isFree(), b.isFree(), c.isFree()])
    await office.shows(/This meeting is over/)
  },
)

test(
  'a mailbox that picks up for whoever is invited is not heard in the meeting: it does not press 1',
  { skip },
  async (t) => {
    const { office, a } = await houseWithMailbox(t)
    await office.types(alice, 'meet now')
    await a.rings()
    await a.picksUp()
    await office.shows(/One is in/)
    await office.types(alice, 'add Bob Marín')
    await office.shows(/One is in/, /Bob Marín\n●\n ?must press 1/i)
    await office.presses(alice, 'endRoom')
    await a.isFree()
    assert.ok(a.loudest(1004) < ITSELF, 'nothing of it has come into the room')
  },
)

test(
  'a call becomes a meeting, and nobody is hung up for it: a third is added, and the first can leave',
  { skip },
  async (t) => {
    const { office, asterisk, a, b, c } = await houseOfThree(t)
    const [A, B, C] = tellApart(a, b, c)
    await office.types(roberto, 'activa pulsar 1')
    await office.types(alice, 'llama a Bob Marín')
    await a.rings()
    await a.picksUp()
    await b.rings()
    await b.picksUp()
    await office.shows(/Bob Marín/, /en curso/i)
    await isDirect(asterisk)
    await hearEachOther(A, B)

    await office.types(alice, 'conviértelo en reunión')
    await office.shows(/Reunión de Alice Serrano/, /Hay 2 personas/, isIn('Alice Serrano'), isIn('Bob Marín'))
    await hearEachOther(A, B)

    await office.types(alice, 'añade a Roberto')
    await c.rings()
    await c.picksUp()
    await office.shows(/Hay 2 personas/, /Roberto Bob Díaz\n●\n ?falta pulsar 1/)
    assert.ok(c.loudness(ALICE) < MIXED, 'who has not pressed 1 hears a voice that asks for it')
    c.presses('1')
    await office.shows(/Hay 3 personas/, isIn('Roberto Bob Díaz'))
    await hearEachOther(A, B, C)
    const closed = [a, b].flatMap(({ events }) => events.filter(({ type }) => type === 'CALL_CLOSED'))
    assert.deepEqual(closed, [], 'nobody was hung up on the way')

    await a.hangsUp()
    await office.shows(/Hay 2 personas/, isIn('Bob Marín'), isIn('Roberto Bob Díaz'))
    await hearEachOther(B, C)
    await b.hangsUp()
    await c.hangsUp()
    await office.shows(/Reunión de Alice Serrano/, /ha terminado/)
  },
)

test(
  'meet now: phones with G.722 hear each other above 4 kHz, and one with G.711 among them hears what it can',
  { skip },
  async (t) => {
    const { office, a, b, c } = await wideHouse(t)
    await office.types(alice, 'meet now')
    await a.rings()
    await a.picksUp()
    await office.shows(/Meeting of Alice Serrano/, /One is in/)
    await office.types(alice, 'add Roberto')
    await c.rings()
    await c.picksUp()
    await office.shows(/2 are in/, isIn('Roberto Bob Díaz'))
    await a.hears(ABOVE_4_KHZ, 10_000, 0.8, PACE)
    await c.hears(ALICE, 10_000, 0.8, PACE)

    await office.types(alice, 'add Bob Marín')
    await b.rings()
    await b.picksUp()
    await office.shows(/3 are in/, isIn('Bob Marín'))
    await Promise.all([
      a.hears(ABOVE_4_KHZ, 10_000, MIXED, PACE),
      a.hears(BOB, 10_000, MIXED, PACE),
      c.hears(ALICE, 10_000, MIXED, PACE),
      c.hears(BOB, 10_000, MIXED, PACE),
      b.hears(ALICE, 10_000, 0.8, PACE),
    ])
    // Neither itself, nor what G.711 would make of what it cannot carry.
    assert.ok(a.loudness(ALICE, PACE) < ITSELF && c.loudness(ABOVE_4_KHZ, PACE) < ITSELF)
    assert.ok(b.loudness(BOB, PACE) < ITSELF && b.loudness(8000 - ABOVE_4_KHZ, PACE) < ITSELF)
  },
)
