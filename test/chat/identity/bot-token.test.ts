import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { BotToken } from '../../../src/chat/identity/bot-token.ts'
import type { Fetched } from '../../../src/chat/identity/bot-token.ts'
import { HeardLog } from '../../helpers/chat.ts'
import { SteadyClock } from '../../helpers/steady-clock.ts'

const HOUR = 3_600_000

/** A bot's token before an issuer that takes 100 ms, and answers `token 1`, `token 2` …, or as it is told. */
function desk() {
  const clock = new SteadyClock()
  const log = new HeardLog()
  let asked = 0
  let down = false
  const fetch = async (): Promise<Fetched> => {
    asked += 1
    const token = `token ${asked}`
    await new Promise<void>((answered) => clock.after(100, answered))
    if (down) throw new Error('down')
    return { token, holds: HOUR }
  }
  const token = new BotToken(fetch, clock, log)
  return {
    ...{ clock, log, token },
    get asked() {
      return asked
    },
    goes: (state: 'down' | 'up') => {
      down = state === 'down'
    },
    /** What is got within a second, or how that failed. */
    got: async () => {
      const got = token.get().catch((err: unknown) => String(err))
      await clock.pass(1000)
      return got
    },
  }
}

suite('the token of the bot', () => {
  test('is fetched once for all who ask at the same time, and later', async () => {
    const bench = desk()
    const all = Promise.all(Array.from({ length: 300 }, () => bench.token.get()))
    await bench.clock.pass(200)
    assert.deepEqual(new Set(await all), new Set(['token 1']))
    await bench.clock.pass(HOUR / 2)
    assert.equal(await bench.got(), 'token 1')
    assert.equal(bench.asked, 1)
  })

  test('is renewed well before its end, and nobody waits for that', async () => {
    const bench = desk()
    await bench.got()
    await bench.clock.pass(HOUR * 0.85)
    assert.equal(await bench.token.get(), 'token 1')
    assert.equal(bench.asked, 2)
    await bench.clock.pass(200)
    assert.equal(await bench.token.get(), 'token 2')
  })

  test('holds to a minute before its end while the issuer is away', async () => {
    const bench = desk()
    await bench.got()
    bench.goes('down')
    await bench.clock.pass(HOUR * 0.9)
    assert.equal(await bench.got(), 'token 1')
    await bench.clock.pass(HOUR * 0.1 - 62_000)
    assert.equal(await bench.got(), 'token 1')
    await bench.clock.pass(2000)
    assert.equal(await bench.got(), 'Error: down')
  })

  test('is asked for at most every second at first, then less, while the issuer is away: cards in plenty ask', async () => {
    const bench = desk()
    bench.goes('down')
    for (let second = 0; second < 60; second += 1) {
      for (let card = 0; card < 50; card += 1) void bench.token.get().catch(() => undefined)
      await bench.clock.pass(1000)
    }
    assert.ok(bench.asked >= 5 && bench.asked <= 9, `${bench.asked}`)
    assert.equal(bench.log.lines.filter(({ code }) => code === 'TOKEN_NOT_HAD').length, bench.asked)
  })

  test('is there within 15 s of the issuer', async () => {
    const bench = desk()
    bench.goes('down')
    for (let i = 0; i < 300; i += 1) await bench.got()
    bench.goes('up')
    await bench.clock.pass(15_000)
    assert.match(await bench.got(), /^token/)
  })

  test('that a channel does not take is fetched anew, once for all who tell', async () => {
    const bench = desk()
    await bench.got()
    await bench.clock.pass(5000)
    for (let i = 0; i < 50; i += 1) bench.token.refused('token 1')
    assert.equal(await bench.got(), 'token 2')
    bench.token.refused('token 1')
    assert.equal(await bench.got(), 'token 2')
    assert.equal(bench.asked, 2)
  })
})
