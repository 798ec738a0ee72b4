import { Worker } from 'node:worker_threads'
import type { Entry } from '../core/meeting/agenda.ts'
import type { Read, Work } from './worker.ts'

/** Milliseconds that reading a calendar may take: some rules of recurrence keep the library busy for ever. */
const PATIENCE = 5000
const MEGABYTES = 128

/**
 * Reads a calendar beside everything else, within a time and an amount of memory.
 * @throws where it is no calendar, or asks for more than any calendar does
 */
export function readCalendarFeed(work: Work, patience = PATIENCE): Promise<readonly Entry[]> {
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: work,
    name: 'calendar',
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
  })
  return new Promise((done, failed) => {
    const timer = setTimeout(() => {
      failed(new Error(`the calendar was not read within ${patience} ms`))
      void worker.terminate()
    }, patience)
    worker.once('message', (read: Read) => {
      if ('fault' in read) failed(new Error(`not a calendar: ${read.fault}`))
      else done(read.entries)
    })
    worker.once('error', (err) => {
      failed(err instanceof Error ? err : new Error(String(err)))
    })
    worker.once('exit', () => {
      clearTimeout(timer)
      failed(new Error('the reader of calendars has ended'))
    })
  })
}
