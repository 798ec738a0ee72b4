/** Rooms of the bot's own, mixed by the bot: three phones behind a real PBX, each of which says a tone of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeChannel } from '../helpers/channel.ts'
import { ALICE, BOB, houseOfThree, ROBERTO } from '../helpers/conference.ts'
import { alice, bob, roberto } from '../helpers/office.ts'
import type { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')
const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const
const isIn = (name: string) => new RegExp(`${name}\\n(in|speaking|dentro|habla)\\n`)

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
    await office.shows(/Meeting of Alice Serrano/, /Alice Serrano\nCalling/i)
    await a.picksUp()
    await office.shows(/Meeting of Alice Serrano/, isIn('Alice Serrano'), /One is in/)

    await office.presses({ ...bob, ...group }, 'callMe')
    await b.rings()
    await b.picksUp()
    await office.shows(/2 are in/, isIn('Alice Serrano'), isIn('Bob Marín'))
    await hearEachOther(A, B)

    await office.types(there, 'add Roberto')
    await c.rings()
    await office.shows(/2 are in/, /Roberto Bob Díaz\nCalling/i)
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
  'a call becomes a meeting, and nobody is hung up for it: a third is added, and the first can leave',
  { skip },
  async (t) => {
    const { office, a, b, c } = await houseOfThree(t)
    const [A, B, C] = tellApart(a, b, c)
    await office.types(alice, 'llama a Bob Marín')
    await a.rings()
    await a.picksUp()
    await b.rings()
    await b.picksUp()
    await office.shows(/Bob Marín/, /en curso/i)
    await hearEachOther(A, B)

    await office.types(alice, 'conviértelo en reunión')
    await office.shows(/Reunión de Alice Serrano/, /Hay 2 personas/, isIn('Alice Serrano'), isIn('Bob Marín'))
    await hearEachOther(A, B)

    await office.types(alice, 'añade a Roberto')
    await c.rings()
    await c.picksUp()
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
