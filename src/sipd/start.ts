import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SipdOptions } from './options.ts'
import { run } from './sipd.ts'
import type { Endpoint } from './transport/address.ts'
import { BindError } from './transport/transports.ts'
import type { Report } from './worker.ts'

/** A running signalling server. */
export type Sipd = {
  /** Where drachtio-srf connects. */
  readonly controlPort: number
  /** SIP addresses with the ports really bound. */
  readonly addresses: readonly Endpoint[]
  /** Closes all sockets; calls are left as they are. */
  readonly stop: () => Promise<void>
  /** Calls back once if it dies without having been stopped. */
  readonly onExit: (listener: (cause: Error) => void) => void
}

/**
 * Starts the embedded signalling server.
 * @throws BindError (code SIPD_BIND, with transport, host, port and remedy) when an address cannot be had
 */
export async function startSipd(options: SipdOptions): Promise<Sipd> {
  if (options.worker === false) return { ...(await run(options)), onExit: () => undefined }
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: options,
    name: 'sipd',
  })
  const exit = new Promise<Error>((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => resolve(new Error(`sipd's worker ended with code ${code}`)))
  })
  const ready = await Promise.race([firstReport(worker), exit])
  if (ready instanceof Error) throw ready
  if (ready.type === 'failed') {
    const cause = Object.assign(new Error(ready.cause), { code: ready.cause })
    throw ready.bind ? new BindError(ready.bind, cause) : new Error(ready.message, { cause })
  }
  if (ready.type !== 'ready') throw new Error('sipd stopped before it was ready')
  let stopping = false
  return {
    controlPort: ready.controlPort,
    addresses: ready.addresses as readonly Endpoint[],
    stop: async () => {
      stopping = true
      worker.postMessage('stop')
      await exit
    },
    onExit: (listener) => {
      void exit.then((cause) => {
        if (!stopping) listener(cause)
      })
    },
  }
}

function firstReport(worker: Worker): Promise<Report> {
  return new Promise((resolve) => worker.once('message', resolve))
}
