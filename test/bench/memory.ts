/** What calls keep: while they are bridged, and after they have ended. */
import { rounded } from './figures.ts'
import { placed, type Start } from './load.ts'
import { Phones } from './phones.ts'
import { residentKb } from './process.ts'
import type { Subject } from './subject.ts'

const HOURS = 10 * 3_600_000
/** Milliseconds that ports linger behind a bridge, and more. */
const SETTLED = 5000

/** (RSS at `most` bridged calls − RSS at a fifth of them) over the calls between, all threads collected before. */
export async function memoryPerCall(start: Start, { rate, most }: { rate: number; most: number }) {
  const few = most / 5
  const phones = await Phones.start(HOURS)
  const subject = await start(phones.port, most)
  try {
    await bridged(subject, phones, 0, few, rate)
    const before = await resident(subject)
    await bridged(subject, phones, few, most, rate)
    const after = await resident(subject)
    return {
      calls: { from: few, to: most },
      residentMB: { from: rounded(before.rss / 1024), to: rounded(after.rss / 1024) },
      heapMB: { from: rounded(before.heap), to: rounded(after.heap) },
      kbPerCall: rounded((after.rss - before.rss) / (most - few)),
      mainThreadHeapKbPerCall: rounded(((after.heap - before.heap) * 1024) / (most - few)),
    }
  } finally {
    await subject.stop()
    await phones.stop()
  }
}

/** What each ended call leaves: RSS after all, less RSS after the first tenth, over the calls between. */
export async function slopeOverCalls(start: Start, { rate, calls }: { rate: number; calls: number }) {
  const first = calls / 10
  const talk = 200
  const phones = await Phones.start(talk)
  const subject = await start(phones.port, calls + first)
  const points: { calls: number; residentMB: number; heapMB: number }[] = []
  const look = async (done: number) => {
    const { rss, heap } = await resident(subject)
    points.push({ calls: done, residentMB: rounded(rss / 1024), heapMB: rounded(heap) })
    return { rss, heap }
  }
  try {
    await placed(subject, phones, { first: 0, count: first, rate, talk })
    const before = await look(0)
    let after = before
    for (let done = 0; done < calls; done += first) {
      await placed(subject, phones, { first: first + done, count: first, rate, talk })
      after = await look(done + first)
    }
    return {
      calls,
      points,
      residentKbPerCall: rounded((after.rss - before.rss) / calls),
      mainThreadHeapKbPerCall: rounded(((after.heap - before.heap) * 1024) / calls),
    }
  } finally {
    await subject.stop()
    await phones.stop()
  }
}

async function bridged(
  subject: Subject,
  phones: Phones,
  from: number,
  to: number,
  rate: number,
): Promise<void> {
  const began = performance.now()
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))
  for (let n = from; n < to; n++) {
    const early = began + ((n - from) * 1000) / rate - performance.now()
    if (early > 0) await wait(early)
    void subject.place(n)
  }
  const late = performance.now() + 60_000
  const talking = () =>
    [...phones.look().values()].filter(({ renegotiated }) => renegotiated !== undefined).length
  while (talking() < to) {
    if (performance.now() > late) throw new Error(`${talking()} of ${to} calls were bridged`)
    await wait(100)
  }
  await wait(SETTLED)
}

/** KB resident and MB of the main thread's heap, with nothing left to be collected. */
async function resident({ pid, probe }: Subject): Promise<{ rss: number; heap: number }> {
  await probe?.ask({ do: 'collect' })
  const memory = await probe?.ask<NodeJS.MemoryUsage>({ do: 'collect' })
  return { rss: residentKb(pid), heap: (memory?.heapUsed ?? 0) / 2 ** 20 }
}
