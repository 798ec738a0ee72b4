/** A process that appends to a store and says what was acknowledged, until somebody kills it. */
import { systemClock } from '../../src/ops/clock.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { alice, closedCall, eventsOf, newCall } from './samples.ts'

const silent = () => undefined
const log = { debug: silent, info: silent, warn: silent, error: silent }
const store = await openLowdbStore(process.argv[2] ?? '', { clock: systemClock, log })
console.log('open')
// Several calls at once, as in life; each line tells what has been acknowledged.
const run = async (n: number): Promise<never> => {
  for (let i = 0; ; i++) {
    const call = newCall()
    const at = Date.now()
    for (const [j, event] of eventsOf(call, alice, at).entries()) {
      await store.calls.append(call, [event], { durable: i % 50 === 0 && j === 0 })
      console.log(`event ${call} ${j}`)
    }
    if (i % 3 === 0) {
      await store.calls.close(closedCall(alice, at, call, 4_000))
      console.log(`closed ${call}`)
    }
    if (await store.acts.accept({ keys: [`activity:${n}-${i}`], at, payload: n }))
      console.log(`act activity:${n}-${i}`)
    await store.facts.put('k', `${n}-${i % 100}`, { i })
    console.log(`fact ${n}-${i % 100} ${i}`)
  }
}
await Promise.all([1, 2, 3, 4].map(run))
