/** sipd in both of its shapes: a worker thread for each test, or one process that all tests of a run share. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { SipdOptions } from '../../src/sipd/options.ts'
import { startSipd } from '../../src/sipd/start.ts'
import type { Report } from '../../src/sipd/worker.ts'

export type Started = {
  readonly host: string
  readonly port: number
  readonly secret: string
  /** T1 in milliseconds. */
  readonly t1: number
  readonly stop: () => Promise<void>
}

const HOST = '127.0.0.1'
const SECRET = 'cymru'
let asProcess = false

/** From here on sipd is a process of its own. Said once, before the suite is loaded. */
export function useProcess(): void {
  asProcess = true
}

/** Starts sipd with these timers, or finds the one that has them. */
export async function embedded(t1: number): Promise<Started> {
  if (asProcess)
    return { host: HOST, port: await sharedProcess(t1), secret: SECRET, t1, stop: () => Promise.resolve() }
  const sipd = await startSipd(optionsFor(t1))
  return { host: HOST, port: sipd.controlPort, secret: SECRET, t1, stop: () => sipd.stop() }
}

function optionsFor(t1: number): SipdOptions {
  return {
    bind: [
      { transport: 'udp', host: HOST, port: 0 },
      { transport: 'tcp', host: HOST, port: 0 },
    ],
    control: { host: HOST, port: 0 },
    secret: SECRET,
    t1,
  }
}

const processes = new Map<number, Promise<number>>()

/** @returns the port for applications of the process with that T1 */
function sharedProcess(t1: number): Promise<number> {
  const known = processes.get(t1)
  if (known) return known
  const started = startProcess(t1)
  processes.set(t1, started)
  return started
}

async function startProcess(t1: number): Promise<number> {
  const entry = fileURLToPath(new URL('../../src/sipd/worker.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    env: { ...process.env, SIPD_OPTIONS: JSON.stringify(optionsFor(t1)) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const report = JSON.parse(line) as Report
  if (report.type !== 'ready') throw new Error(`sipd did not start: ${line}`)
  return report.controlPort
}

const children: ChildProcess[] = []
after(async () => {
  for (const child of children) {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
})
