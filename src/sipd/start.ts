import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SipdOptions, TlsOptions } from './options.ts'
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
  /**
   * Hands it other TLS peers or renewed certificates, for the connections to come.
   * Rejects with the reason when one cannot be used; those it had then go on.
   */
  readonly useTls: (tls: TlsOptions) => Promise<void>
  /** How many dialogs it holds. */
  readonly dialogs: () => Promise<number>
  /** Ends what is left of calls that do not have two dialogs any more; dialogs by their ids. */
  readonly endBroken: (calls: readonly (readonly string[])[]) => void
  /** Ends all calls with BYE; resolves when they are gone, or after some seconds. */
  readonly hangUp: () => Promise<void>
  /** Closes all sockets; calls are left as they are. */
  readonly stop: () => Promise<void>
  /** Calls back once if it dies without having been stopped. */
  readonly onExit: (listener: (cause: Error) => void) => void
}

type SipdUser = {
  /** Somebody at `host` has connected by TLS and did not get through the handshake: a code and words. */
  readonly refused?: (host: string, why: string) => void
}

/**
 * Starts the embedded signalling server.
 * @throws BindError (code SIPD_BIND, with transport, host, port and remedy) when an address cannot be had
 */
export async function startSipd(options: SipdOptions, user: SipdUser = {}): Promise<Sipd> {
  if (options.worker === false) {
    const running = await run(options, user.refused)
    const useTls = (tls: TlsOptions) => Promise.resolve().then(() => running.useTls(tls))
    const dialogs = () => Promise.resolve(running.counts().dialogs)
    return { ...running, useTls, dialogs, onExit: () => undefined }
  }
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
  const answers: ((fault: string | undefined) => void)[] = []
  const counted: ((count: number) => void)[] = []
  const farewells: (() => void)[] = []
  worker.on('message', (report: Report) => {
    if (report.type === 'refused') user.refused?.(report.host, report.why)
    if (report.type === 'tls') answers.shift()?.(report.fault)
    if (report.type === 'dialogs') counted.shift()?.(report.count)
    if (report.type === 'hungUp') farewells.shift()?.()
  })
  let stopping = false
  return {
    controlPort: ready.controlPort,
    addresses: ready.addresses as readonly Endpoint[],
    useTls: (tls) =>
      new Promise((resolve, reject) => {
        answers.push((fault) => (fault === undefined ? resolve() : reject(new Error(fault))))
        worker.postMessage({ type: 'tls', tls })
      }),
    dialogs: () =>
      new Promise((resolve) => {
        counted.push(resolve)
        worker.postMessage({ type: 'dialogs' })
      }),
    endBroken: (calls) => {
      worker.postMessage({ type: 'endBroken', calls })
    },
    hangUp: () =>
      new Promise((resolve) => {
        farewells.push(resolve)
        worker.postMessage({ type: 'hangUp' })
      }),
    stop: async () => {
      stopping = true
      worker.postMessage({ type: 'stop' })
      await exit
    },
    onExit: (listener) => {
      void exit.then((cause) => {
        if (!stopping) listener(cause)
      })
    },
  }
}

/** Of its start: strangers may have been refused before. */
function firstReport(worker: Worker): Promise<Report> {
  return new Promise((resolve) => {
    const listen = (report: Report): void => {
      if (report.type === 'refused') return
      worker.off('message', listen)
      resolve(report)
    }
    worker.on('message', listen)
  })
}
