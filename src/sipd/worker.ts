/**
 * sipd as a thread or a process of its own. A thread has its options as workerData; a process in the
 * environment variable SIPD_OPTIONS or as its one argument, both JSON, and prints one line of JSON when it
 * is ready.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { SipdOptions, TlsOptions } from './options.ts'
import { run } from './sipd.ts'
import type { Bind } from './transport/transports.ts'
import { BindError } from './transport/transports.ts'

export type Report =
  | { readonly type: 'ready'; readonly controlPort: number; readonly addresses: readonly unknown[] }
  | {
      readonly type: 'failed'
      readonly message: string
      readonly bind?: { readonly transport: Bind['transport']; readonly host: string; readonly port: number }
      readonly cause: string
    }
  | { readonly type: 'refused'; readonly host: string; readonly why: string }
  /** What came of new TLS settings; without a fault they are in use. */
  | { readonly type: 'tls'; readonly fault: string | undefined }
  | { readonly type: 'dialogs'; readonly count: number }
  | { readonly type: 'hungUp' }
  | { readonly type: 'stopped' }

/** What the thread is told while it runs. */
type Order =
  | { readonly type: 'stop' | 'dialogs' | 'hangUp' }
  | { readonly type: 'tls'; readonly tls: TlsOptions }
  | { readonly type: 'endBroken'; readonly calls: readonly (readonly string[])[] }

function report(message: Report): void {
  if (parentPort) parentPort.postMessage(message)
  else process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function main(): Promise<void> {
  const given = (
    parentPort ? workerData : JSON.parse(process.env['SIPD_OPTIONS'] ?? process.argv[2] ?? '{}')
  ) as SipdOptions
  try {
    const running = await run(given, (host, why) => report({ type: 'refused', host, why }))
    let stopping: Promise<void> | undefined
    const stop = (): void => {
      stopping ??= running.stop().then(() => {
        report({ type: 'stopped' })
        parentPort?.close()
      })
    }
    const useTls = (tls: TlsOptions): void => {
      try {
        running.useTls(tls)
        report({ type: 'tls', fault: undefined })
      } catch (fault) {
        report({ type: 'tls', fault: fault instanceof Error ? fault.message : String(fault) })
      }
    }
    const obey = (order: Order): void => {
      switch (order.type) {
        case 'tls':
          return useTls(order.tls)
        case 'endBroken':
          return running.endBroken(order.calls)
        case 'dialogs':
          return report({ type: 'dialogs', count: running.counts().dialogs })
        case 'hangUp':
          return void running.hangUp().then(() => report({ type: 'hungUp' }))
        case 'stop':
          return stop()
      }
    }
    if (parentPort) parentPort.on('message', obey)
    else {
      process.on('SIGTERM', stop)
      process.on('SIGINT', stop)
    }
    report({ type: 'ready', controlPort: running.controlPort, addresses: running.addresses })
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault
    report({
      type: 'failed',
      message: fault instanceof Error ? fault.message : String(fault),
      ...(fault instanceof BindError
        ? { bind: { transport: fault.transport, host: fault.host, port: fault.port } }
        : {}),
      cause:
        cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause),
    })
    process.exitCode = 1
  }
}

await main()
