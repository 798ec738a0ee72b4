import { parentPort, workerData } from 'node:worker_threads'
import { entriesIn } from './expand.ts'
import type { Entry } from '../core/meeting/agenda.ts'

export type Work = {
  readonly text: string
  readonly from: number
  readonly until: number
  readonly zone: string
}
export type Read = { readonly entries: readonly Entry[] } | { readonly fault: string }

const { text, from, until, zone } = workerData as Work

function read(): Read {
  try {
    return { entries: entriesIn(text, from, until, zone) }
  } catch (err) {
    // The library's messages quote what they did not understand.
    return { fault: err instanceof Error ? err.name : 'no calendar' }
  }
}

parentPort?.postMessage(read())
