/** What calls keep: while they are bridged, and after they have ended. */
import { setTimeout as pause } from 'node:timers/promises'
import { rounded } from './figures.ts'
import { placed, type Start } from './load.ts'
import type { Memory } from './probe.ts'
import { Phones } from './phones.ts'
import { residentKb } from './process.ts'
import type { Subject } from './subject.ts'

const HOURS = 10 * 3_600_000
/** Milliseconds after which a bridge's ports are closed and its last transaction over (RFC 3261: 64·T1). */
const SETTLED = 35_000

/** (RSS at `most` bridged calls − RSS at a fifth of them) over the calls between, all threads collected before. */
export async function memoryPerCall(
  start: Start,
  { rate, most, folder }: { rate: number; most: number; folder?: string | undefined },
) {
  const few = most / 5
  const phones = await Phones.start(HOURS)
  const subject = await start(phones.port, most)
  try {
    await bridged(subject, phones, 0, few, rate)
    const before = await resident(subject)
    await bridged(subject, phones, few, most, rate)
    const after = await resident(subject, folder)
    return {
      calls: { from: few, to: most },
      residentMB: { from: rounded(before.rss / 1024), to: rounded(after.rss / 1024) },
      kbPerCall: rounded((after.rss - before.rss) / (most - few)),
      kbPerCallByThread: growth(before.memory, after.memory, most - few),
    }
  } finally {
    await subject.stop()
    await phones.stop()
  }
}

/**
 * What each ended call leaves: RSS after all, less RSS before them, over the calls. A fifth as many go before: V8's heap
 * grows to its working size with the first thousands, whatever they leave.
 */
export async function slopeOverCalls(start: Start, { rate, calls }: { rate: number; calls: number }) {
  const step = calls / 10
  const first = calls / 5
  const talk = 200
  const phones = await Phones.start(talk)
  const subject = await start(phones.port, calls + first)
  const points: { calls: number; residentMB: number }[] = []
  const look = async (done: number) => {
    const found = await resident(subject)
    points.push({ calls: done, residentMB: rounded(found.rss / 1024) })
    return found
  }
  try {
    await placed(subject, phones, { first: 0, count: first, rate, talk })
    await pause(SETTLED)
    const before = await look(0)
    let after = before
    for (let done = 0; done < calls; done += step) {
      await placed(subject, phones, { first: first + done, count: step, rate, talk })
      if (done + step === calls) await pause(SETTLED)
      after = await look(done + step)
    }
    return {
      calls,
      points,
      residentKbPerCall: rounded((after.rss - before.rss) / calls),
      kbPerCallByThread: growth(before.memory, after.memory, calls),
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
  for (let n = from; n < to; n++) {
    const early = began + ((n - from) * 1000) / rate - performance.now()
    if (early > 0) await pause(early)
    void subject.place(n)
  }
  const late = performance.now() + 60_000
  const talking = () =>
    [...phones.look().values()].filter(({ renegotiated }) => renegotiated !== undefined).length
  while (talking() < to) {
    if (performance.now() > late) throw new Error(`${talking()} of ${to} calls were bridged`)
    await pause(100)
  }
  await pause(SETTLED)
}

/** KB resident and MB by thread, with nothing left to be collected. */
async function resident({ pid, probe }: Subject, folder?: string): Promise<{ rss: number; memory: Memory }> {
  await probe?.ask({ do: 'collect' })
  const memory = (await probe?.ask<Memory>({ do: 'collect', folder })) ?? {}
  return { rss: residentKb(pid), memory }
}

/** KB by thread that have come in between. */
function growth(before: Memory, after: Memory, calls: number): Record<string, object> {
  const per = (mb: number) => rounded((mb * 1024) / calls)
  return Object.fromEntries(
    Object.entries(after).map(([name, { heap, pages, external }]) => {
      const was = before[name] ?? { heap: 0, pages: 0, external: 0 }
      const grown = { heap: heap - was.heap, pages: pages - was.pages, external: external - was.external }
      return [name, Object.fromEntries(Object.entries(grown).map(([what, mb]) => [what, per(mb)]))]
    }),
  )
}
