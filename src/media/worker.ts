/** The bot's RTP endpoint as a thread of its own, so that sound never waits for chat or signalling. */
import { parentPort, workerData } from 'node:worker_threads'

import { Ports } from './ports.ts'
import type { Command, Report, WorkerOptions } from './protocol.ts'

const ports = new Ports(workerData as WorkerOptions, (what: Report) => {
  parentPort?.postMessage(what)
})

parentPort?.on('message', (commands: readonly Command[]) => {
  for (const command of commands) ports.obey(command)
})
