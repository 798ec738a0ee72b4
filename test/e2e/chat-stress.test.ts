/** Many calls of a whole bot before a channel that does everything at once that a channel can do wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOf } from '../helpers/channel.ts'
import type { Asked, Failure, Who } from '../helpers/channel.ts'
import { dice } from '../helpers/dice.ts'
import { atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { assertAllOver, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

const CALLS = 20
const two = (i: number) => String(i).padStart(2, '0')
const callers = Array.from({ length: CALLS }, (_, i) => ({
  who: { aadObjectId: `caller${i}`, name: `Caller ${two(i)}`, locale: 'en-GB' } satisfies Who,
  conversation: `a:caller${i}`,
  number: `+349100010${two(i)}`,
  callee: { name: `Callee ${two(i)}`, number: `+349100020${two(i)}` },
}))
const people = callers.flatMap(({ who, number, callee }) => [
  { aadObjectId: who.aadObjectId, name: who.name, phones: { desk: number } },
  { name: callee.name, phones: { desk: callee.number } },
])

/** After these a post was not taken for certain, or is only late. */
const harmless: readonly Failure[] = [
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 429, headers: { 'retry-after': 'DATE' } },
  { status: 401 },
  { late: 3000 },
]
const harmful: readonly Failure[] = [
  { silent: true },
  { broken: true },
  { dropped: true },
  { status: 412 },
  { status: 500 },
  { status: 502 },
  { status: 503 },
  { status: 504 },
]
const isTaken = (failure: Failure) => 'silent' in failure || 'broken' in failure

/** A channel's troubles: no request of any conversation is answered until all phones have rung, then four of ten fail. */
function troubles(allRung: Promise<unknown>, gone: (conversation: string) => void) {
  const roll = dice(9)
  const pick = (from: readonly Failure[]) => from[Math.floor(roll() * from.length)]
  const posts = new Map<string, number>()
  const lost = new Map<string, Failure>()
  const deaf = new Set(callers.slice(0, 4).map(({ conversation }) => conversation))
  const forgetful = new Set(callers.slice(4, 8).map(({ conversation }) => conversation))
  const dated = (failure: Failure | undefined): Failure | undefined =>
    failure && 'status' in failure && failure.headers?.['retry-after'] === 'DATE'
      ? { ...failure, headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() } }
      : failure
  const first = (conversation: string, i: number): Failure => {
    const failure = i % 2 === 1 ? harmful[((i - 1) / 2) % harmful.length] : undefined
    if (failure) lost.set(conversation, failure)
    return failure ?? { held: allRung }
  }
  return {
    lost,
    fail({ method, conversation = '' }: Asked): Failure | undefined {
      const i = callers.findIndex((one) => one.conversation === conversation)
      if (method === 'POST') {
        const nth = (posts.get(conversation) ?? 0) + 1
        posts.set(conversation, nth)
        if (nth === 1) return first(conversation, i)
        // A record whose only post is lost as well cannot be seen through: nobody knows whether it stands.
        return roll() < 0.4 ? dated(pick(harmless)) : undefined
      }
      if (deaf.has(conversation)) return { status: 405 }
      if (forgetful.delete(conversation)) {
        gone(conversation)
        return { status: 404, code: 'ActivityNotFoundInConversation' }
      }
      return roll() < 0.4 ? dated(pick([...harmless, ...harmful])) : undefined
    },
  }
}

test(
  'twenty calls before a channel with every trouble at once: none waits, each record stands, no post is doubled',
  { skip },
  async (t) => {
    const sipp = await Sipp.start('hangs-up', { answers: '9100010', ringing: 600, talking: 2500 })
    atTheEnd(t, async () => {
      tellWhereFailed(t, sipp.messages)
      await sipp.stop()
    })
    const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
    const office = await Office.open(t, { trunk, people, env: { DRAIN_SECONDS: '0' } })
    const { chat } = office

    // Were one call to wait for an answer of the channel, not all phones would ring, and no answer would come.
    const phones = Promise.withResolvers<'rung'>()
    const trouble = troubles(phones.promise, (conversation) => {
      const mine = chat.ops.filter((op) => op.conversation === conversation)
      for (const { id } of mine) chat.standing.delete(id)
    })
    chat.fail = (asked) => trouble.fail(asked)
    await Promise.all(callers.map(({ who, callee }) => office.types(who, `call ${callee.name}`)))
    await sipp.until(() => rung(sipp.messages).length >= 2 * CALLS, 20_000)
    phones.resolve('rung')

    const opsOf = (conversation: string) => chat.ops.filter((op) => op.conversation === conversation)
    const isRecord = (id: string, name: string) =>
      chat.words(id).includes(`${name} hung up`) && chat.words(id).includes('lasted')
    const unfinished = () =>
      callers.filter(({ conversation, callee }) => {
        const last = opsOf(conversation).at(-1)
        return !last || !isRecord(last.id, callee.name)
      })
    await chat
      .until(() => unfinished().length === 0, 120_000)
      .catch((cause: unknown) => {
        const left = unfinished().map(({ conversation }) => conversation)
        throw new Error(`no record in ${left.join()}`, { cause })
      })
    assert.equal(await office.bot.stop(), 0)

    for (const { conversation, callee } of callers) {
      const posts = opsOf(conversation).filter((op) => op.method === 'POST')
      const words = posts.map((op) => wordsOf(op.activity).join(' '))
      assert.equal(new Set(words).size, posts.length, `${conversation}: the same twice`)
      const failure = trouble.lost.get(conversation)
      if (!failure) continue
      // Nobody knows whether the first card stands, so it is not posted again: only the record is.
      const begun = words.filter((said) => !said.includes(`${callee.name} hung up`))
      assert.equal(begun.length, isTaken(failure) ? 1 : 0, `${conversation} ${JSON.stringify(failure)}`)
      assert.equal(posts.length - begun.length, 1)
    }
    const numbers = callers.flatMap(({ number, callee }) => [number, callee.number])
    assert.deepEqual(rung(sipp.messages).toSorted(), numbers.toSorted(), 'each phone once')
    assertAllOver(sipp.messages)
  },
)
