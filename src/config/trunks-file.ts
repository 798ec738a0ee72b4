import type { Clock } from '../app/ports.ts'
import type { RereadTrunks } from '../config.ts'
import type { Trunk } from '../core/trunk.ts'
import { watchFile } from '../directory/watch-file.ts'
import type { OpsLog } from '../ops/log.ts'

export type TrunksRead = Exclude<RereadTrunks, { readonly fault: unknown }>

type Listener = (read: TrunksRead) => Promise<void> | void

export interface TrunksFile {
  /** Those in force, in order of preference. */
  trunks(): readonly Trunk[]
  /** `degraded` while the file is faulty and the last good version is in force. */
  state(): { readonly state: 'ok' | 'degraded'; readonly detail?: string }
  /** Hears of each other version that is in force from then on; one listener after the other. */
  onChange(listener: Listener): void
  /** Stops looking at the file. */
  close(): void
}

export type TrunksFileOptions = {
  readonly file: string
  /** As they were read at the start. */
  readonly trunks: readonly Trunk[]
  readonly reread: () => RereadTrunks
  readonly clock: Clock
  readonly log: OpsLog
}

/**
 * The trunks of `TRUNKS_FILE`, which is read again when it changes. While it is faulty, its last good version stays in
 * force, and log and `state()` tell what is wrong.
 */
export function openTrunksFile({ file, trunks, reread, clock, log }: TrunksFileOptions): TrunksFile {
  const listeners: Listener[] = []
  let telling = Promise.resolve()
  let inForce = trunks
  let fault: string | undefined

  async function tell(read: TrunksRead): Promise<void> {
    for (const listener of listeners)
      try {
        await listener(read)
      } catch (err) {
        log.error({ code: 'TRUNKS_FILE', err }, `${file} is not wholly in force`)
      }
  }

  const stop = watchFile(file, clock, () => {
    const read = reread()
    if ('fault' in read) {
      const told = read.fault.faults.map(({ problem }) => problem)
      fault = told.join('; ')
      log.error(
        { code: 'TRUNKS_FILE', faults: told, remedy: 'Correct the file; it is read again by itself.' },
        `${file} is faulty; the last good version stays in force`,
      )
      return
    }
    fault = undefined
    inForce = read.trunks
    log.hide(inForce.flatMap(({ password }) => password ?? []))
    log.info({ code: 'TRUNKS_READ', trunks: inForce.map(({ name }) => name) }, `${file} is in force`)
    for (const warning of read.warnings) log.warn({ code: 'CONFIG' }, warning)
    telling = telling.then(() => tell(read))
  })

  return {
    trunks: () => inForce,
    state: () => (fault === undefined ? { state: 'ok' } : { state: 'degraded', detail: fault }),
    onChange: (listener) => listeners.push(listener),
    close: stop,
  }
}
