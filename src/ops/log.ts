import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import type { Log, LogFields } from '../app/ports.ts'
import { redact, withoutValues } from './redact.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** A log whose lines all carry some fields more. */
export interface OpsLog extends Log {
  /** `log.child({ part: 'sip' })` */
  child(fields: LogFields): OpsLog
  /** Values that must appear nowhere from now on, beside those before; for every log of this process. */
  hide(secrets: readonly string[]): void
  /** Hands everything to the operating system; for the last moment of the process. */
  flush(): void
}

// A reader of our output that stands still costs lines, not memory.
const KEPT_BYTES = 16 * 1024 * 1024

/**
 * JSON lines to standard output, written behind the caller's back.
 * @param secrets values that must appear nowhere, such as the trunk's password
 */
export function createLog(
  options: { readonly level?: LogLevel; readonly secrets?: readonly string[] } = {},
  to: DestinationStream & { flushSync?(): void } = output(),
): OpsLog {
  const secrets = new Set(options.secrets)
  let clear = withoutValues([...secrets])
  const hide = (more: readonly string[]) => {
    for (const secret of more) secrets.add(secret)
    clear = withoutValues([...secrets])
  }
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are made plain, and secrets hidden, in one walk over the fields.
      serializers: { err: (err: unknown) => err },
      formatters: {
        level: (level) => ({ level }),
        log: (fields) => redact(fields) as Record<string, unknown>,
      },
      hooks: { streamWrite: (line) => clear(line) },
    },
    to,
  )
  return wrap(logger, { hide, flush: () => to.flushSync?.() })
}

function wrap(logger: Logger, all: Pick<OpsLog, 'hide' | 'flush'>): OpsLog {
  return {
    debug: (fields, message) => logger.debug(fields, redact(message) as string),
    info: (fields, message) => logger.info(fields, redact(message) as string),
    warn: (fields, message) => logger.warn(fields, redact(message) as string),
    error: (fields, message) => logger.error(fields, redact(message) as string),
    child: (fields) => wrap(logger.child(redact(fields) as LogFields), all),
    ...all,
  }
}

function output() {
  return pino.destination({ fd: 1, sync: false, minLength: 0, maxLength: KEPT_BYTES })
}
