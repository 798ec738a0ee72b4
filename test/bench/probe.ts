/**
 * Loaded into the measured process beside it (`--import`), in each of its threads: answers over a Unix socket what only
 * the process itself can know. The product has nothing of it.
 */
import { createServer } from 'node:net'
import { Session } from 'node:inspector/promises'
import { createInterface } from 'node:readline'
import { BroadcastChannel, isMainThread, threadName } from 'node:worker_threads'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { writeFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { setTimeout as pause } from 'node:timers/promises'

export type ProbeCommand =
  | { readonly do: 'delay' }
  | { readonly do: 'collect' }
  | { readonly do: 'profile'; readonly on: boolean; readonly folder: string }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const threads = new BroadcastChannel('bench')
threads.unref()
let session: Session | undefined

async function obey(command: ProbeCommand): Promise<void> {
  if (command.do === 'collect') return collect()
  if (command.do !== 'profile') return
  if (command.on) {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 250 })
    await session.post('Profiler.start')
    return
  }
  const result = await session?.post('Profiler.stop')
  session?.disconnect()
  const name = isMainThread ? 'main' : threadName
  if (result) writeFileSync(`${command.folder}/${name}.cpuprofile`, JSON.stringify(result.profile))
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const path = process.env['BENCH_PROBE'] ?? ''
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      void answer(JSON.parse(line) as ProbeCommand).then((told) => socket.write(`${JSON.stringify(told)}\n`))
    })
    socket.unref()
  })
  server.listen(path).unref()

  async function answer(command: ProbeCommand): Promise<object> {
    if (command.do === 'delay') {
      // The histogram has the 1 ms between its own looks in it.
      const told = { p50: delay.percentile(50) / 1e6 - 1, p99: delay.percentile(99) / 1e6 - 1 }
      delay.reset()
      return told
    }
    threads.postMessage(command)
    await obey(command)
    // The other threads are not heard back from: it is a moment's work, or what they write is.
    await pause(500)
    return process.memoryUsage()
  }
} else
  threads.onmessage = (message: unknown) => {
    void obey((message as { data: ProbeCommand }).data)
  }
