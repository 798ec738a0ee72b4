/**
 * Loaded into the measured process beside it (`--import`), in each of its threads: answers over a Unix socket what only
 * the process itself can know. The product has nothing of it.
 */
import { createServer } from 'node:net'
import { Session } from 'node:inspector/promises'
import { createInterface } from 'node:readline'
import { BroadcastChannel, isMainThread, threadName } from 'node:worker_threads'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { writeFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { setTimeout as pause } from 'node:timers/promises'

export type ProbeCommand =
  | { readonly do: 'delay' }
  /** Collects all garbage; with `folder` it writes a heap snapshot of each thread there, for Chromium's DevTools. */
  | { readonly do: 'collect'; readonly folder?: string | undefined }
  | { readonly do: 'profile'; readonly on: boolean; readonly folder: string }

/** MB of each thread: objects, the pages that they lie in, and bytes of buffers outside of them. */
export type Memory = Readonly<
  Record<string, { readonly heap: number; readonly pages: number; readonly external: number }>
>

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: object) => void
const orders = new BroadcastChannel('bench: orders')
const answers = new BroadcastChannel('bench: answers')
orders.unref()
answers.unref()
let session: Session | undefined

async function obey(command: ProbeCommand): Promise<Memory> {
  const name = isMainThread ? 'main' : String(threadName)
  if (command.do === 'collect') {
    // As when memory is short: V8 else keeps the pages of what it has collected, which says nothing of the calls.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    if (command.folder !== undefined) writeHeapSnapshot(`${command.folder}/${name}.heapsnapshot`)
  } else if (command.do === 'profile') await profile(command.on, `${command.folder}/${name}.cpuprofile`)
  const { used_heap_size, total_physical_size, external_memory } = getHeapStatistics()
  const mb = (bytes: number) => bytes / 2 ** 20
  return {
    [name]: { heap: mb(used_heap_size), pages: mb(total_physical_size), external: mb(external_memory) },
  }
}

async function profile(on: boolean, file: string): Promise<void> {
  if (on) {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 250 })
    await session.post('Profiler.start')
    return
  }
  const result = await session?.post('Profiler.stop')
  session?.disconnect()
  if (result) writeFileSync(file, JSON.stringify(result.profile))
}

const hear = (channel: BroadcastChannel, listener: (message: unknown) => void) => {
  channel.onmessage = (event: unknown) => listener((event as { data: unknown }).data)
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      void answer(JSON.parse(line) as ProbeCommand).then((told) => socket.write(`${JSON.stringify(told)}\n`))
    })
    socket.unref()
  })
  server.listen(process.env['BENCH_PROBE'] ?? '').unref()

  async function answer(command: ProbeCommand): Promise<object> {
    if (command.do === 'delay') {
      // The histogram has the 1 ms between its own looks in it.
      const told = { p50: delay.percentile(50) / 1e6 - 1, p99: delay.percentile(99) / 1e6 - 1 }
      delay.reset()
      return told
    }
    const others: Memory[] = []
    hear(answers, (memory) => others.push(memory as Memory))
    orders.postMessage(command)
    const own = await obey(command)
    // How many workers there are is the product's own business: the last one to be heard is waited for.
    for (let known = -1; known < others.length; await pause(1500)) known = others.length
    return Object.assign({}, own, ...others) as Memory
  }
} else
  hear(orders, (command) => {
    void obey(command as ProbeCommand).then((memory) => answers.postMessage(memory))
  })
