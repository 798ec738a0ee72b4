/** What a process has used, by its own account to the kernel (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of CPU by the name of the thread; Node names its main thread `MainThread`, workers as they are told. */
export function cpuByThread(pid: number): ReadonlyMap<string, number> {
  const threads = new Map<string, number>()
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [, name = '', rest = ''] =
      /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')) ?? []
    // schedstat counts nanoseconds, where stat has ticks of 10 ms only.
    const [ns = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')
    if (rest !== '') threads.set(name, (threads.get(name) ?? 0) + Number(ns) / 1e6)
  }
  return threads
}

/** Resident memory in KB. */
export function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** Datagrams that a socket of this machine had no room for, by its local port. */
export function dropsByPort(): ReadonlyMap<number, number> {
  const rows = readFileSync('/proc/net/udp', 'utf8').split('\n').slice(1)
  return new Map(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row.length > 12)
      .map((row) => [Number.parseInt(row[1]?.split(':')[1] ?? '0', 16), Number(row[12])]),
  )
}
