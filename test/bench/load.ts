/** Places calls at a steady rate, sees them through, and tells what that took. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { between, rounded, spread } from './figures.ts'
import { Phones, type Seen } from './phones.ts'
import { cpuByThread, dropsByPort } from './process.ts'
import { heaviest, sharesOf, type Shares } from './profile.ts'
import type { Subject } from './subject.ts'

export type Load = {
  readonly rate: number
  readonly seconds: number
  /** Milliseconds that each call is talked. */
  readonly talk: number
  /** Whether the functions that took most are printed too. */
  readonly profile: boolean
}
export type Start = (phonesPort: number, calls: number) => Promise<Subject>

/** Milliseconds after the last one was placed in which calls may still end. */
const PATIENCE = 30_000
/** Calls before anything is measured, at most: code is compiled by then. */
const WARM_UP = 200

export async function underLoad(start: Start, load: Load) {
  const count = Math.round(load.rate * load.seconds)
  const warmUp = Math.min(count, WARM_UP)
  const profiled = Math.min(count, Math.round(load.rate * 5))
  const phones = await Phones.start(load.talk)
  const subject = await start(phones.port, warmUp + count + profiled)
  try {
    await placed(subject, phones, { ...load, first: 0, count: warmUp, rate: Math.min(load.rate, 50) })
    await subject.probe?.ask({ do: 'delay' })
    const before = cpuByThread(subject.pid)
    const phonesBefore = sum(cpuByThread(phones.pid))
    const said = await placed(subject, phones, { ...load, first: warmUp, count })
    const cpu = perCall(before, cpuByThread(subject.pid), count)
    const delay = await subject.probe?.ask<{ p50: number; p99: number }>({ do: 'delay' })
    const drops = dropsByPort()
    const calls = said.map((at, i) => ({ said: at, ...phones.look().get(warmUp + i) }))
    const done = calls.filter(isDone).length
    const took = Math.max(...calls.map((call) => call.renegotiated ?? 0)) - (said[0] ?? 0) + 1000 / load.rate
    const split = subject.probe && (await profileOf(subject, phones, load, warmUp + count, profiled))
    return {
      offered: { callsPerSecond: load.rate, calls: count, talkMs: load.talk },
      completed: done,
      completedPerSecond: done === 0 ? 0 : rounded((done * 1000) / took),
      failed: count - done,
      ms: {
        messageToInvite: spread(calls.map((call) => between(call.said, call.invited))),
        answerToNextInvite: spread(calls.map((call) => between(call.pickedUp, call.calleeInvited))),
        answerToReInvite: spread(calls.map((call) => between(call.calleePickedUp, call.renegotiated))),
      },
      cpuMsPerCall: { total: rounded(sum(cpu)), ...splitOf(cpu, split?.shares) },
      ...(delay ? { eventLoopDelayMs: { p50: rounded(delay.p50), p99: rounded(delay.p99) } } : {}),
      phonesCpuMsPerCall: rounded((sum(cpuByThread(phones.pid)) - phonesBefore) / (count + profiled)),
      droppedDatagrams: sum(drops),
      ...subject.figures?.(),
      ...(load.profile && split ? { heaviest: split.heaviest } : {}),
    }
  } finally {
    await subject.stop()
    await phones.stop()
  }
}

/** Places `count` calls from the `first` on, and resolves with the times when all have ended or patience has. */
export async function placed(
  subject: Subject,
  phones: Phones,
  { first, count, rate, talk }: { first: number; count: number; rate: number; talk: number },
): Promise<number[]> {
  const said: number[] = []
  const began = performance.now()
  let faults = 0
  for (let n = 0; n < count; n++) {
    const wait = began + (n * 1000) / rate - performance.now()
    if (wait > 0) await pause(wait)
    said.push(performance.timeOrigin + performance.now())
    subject.place(first + n).catch((fault: unknown) => {
      if (faults++ === 0) console.error(String(fault))
    })
  }
  const late = performance.now() + talk + PATIENCE
  const over = () => {
    const seen = phones.look()
    return said.every((_, i) => isOver(seen.get(first + i)))
  }
  while (!over() && performance.now() < late) await pause(100)
  // The last records go to the store.
  await pause(500)
  return said
}

/** A run of its own, since a profiler costs as well: only its shares count. */
async function profileOf(subject: Subject, phones: Phones, load: Load, first: number, count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'))
  await subject.probe?.ask({ do: 'profile', on: true, folder })
  await placed(subject, phones, { ...load, first, count })
  await subject.probe?.ask({ do: 'profile', on: false, folder })
  const main = join(folder, 'main.cpuprofile')
  const told = {
    shares: sharesOf(main),
    heaviest: { main: heaviest(main, 60), sipd: heaviest(join(folder, 'sipd.cpuprofile'), 60) },
  }
  if (!load.profile) rmSync(folder, { recursive: true, force: true })
  else console.error(`profiles are in ${folder}`)
  return told
}

/** A call counts when both phones were picked up, told of each other, and put down. */
const isDone = (call: Partial<Seen>) =>
  call.invited !== undefined &&
  call.calleePickedUp !== undefined &&
  call.renegotiated !== undefined &&
  isOver(call)

const isOver = (call: Partial<Seen> | undefined) => call?.down === true && call.calleeDown === true

function perCall(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, calls: number) {
  return new Map([...after].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / calls]))
}

/** Workers by name, the main thread by its shares, and what serves them all. */
function splitOf(cpu: ReadonlyMap<string, number>, shares: Shares | undefined) {
  const main = cpu.get('MainThread') ?? 0
  const workers = ['sipd', 'media'].map((name) => [name, rounded(cpu.get(name) ?? 0)])
  const rest = sum(cpu) - main - (cpu.get('sipd') ?? 0) - (cpu.get('media') ?? 0)
  if (!shares) return {}
  const rooms = Object.entries(shares).map(([room, share]) => [room, rounded(main * share)])
  return Object.fromEntries([...workers, ...rooms, ['v8AndLibuvThreads', rounded(rest)]]) as Record<
    string,
    number
  >
}

function sum(values: ReadonlyMap<unknown, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0)
}
