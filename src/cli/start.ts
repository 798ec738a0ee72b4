import { compose } from '../compose.ts'
import type { Bot } from '../compose.ts'
import { loadConfig } from '../config.ts'
import type { Loaded } from '../config.ts'
import { ConfigFault } from '../config/fault.ts'
import { createLog } from '../ops/log.ts'

/** sysexits.h: EX_CONFIG for what an administrator can mend, EX_SOFTWARE for what is ours. */
const EXIT = { config: 78, software: 70 }
/** Milliseconds within which signals count as one: a process group and its parent are often both signalled. */
const SAME_SIGNAL = 1000

/** `npm start`: resolves when the bot is ready, or an exit code is set because it cannot be. */
export async function start(): Promise<void> {
  const loaded = settings()
  if (loaded) await run(loaded)
}

function settings(): Loaded | undefined {
  try {
    return loadConfig()
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    console.error(fault.message)
    process.exitCode = EXIT.config
    return undefined
  }
}

async function run({ config, warnings, rereadTrunks }: Loaded): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: config.secrets })
  if (config.page)
    console.log(`Dialback: the chat page is at http://localhost:${config.http.port}/ in a moment`)
  for (const warning of warnings) log.warn({ code: 'CONFIG' }, warning)
  let bot: Bot
  try {
    bot = await compose(config, log, rereadTrunks)
  } catch (fault) {
    const { code, remedy } = fault as { code?: string; remedy?: string }
    log.error({ code: code ?? 'START', err: fault }, 'the bot cannot start')
    const said = fault instanceof Error ? fault.message : String(fault)
    console.error(`Dialback cannot start: ${said}${remedy === undefined ? '' : `\n  ${remedy}`}`)
    log.flush()
    // Workers and sockets that had been opened by then end with the process.
    process.exit(remedy === undefined ? EXIT.software : EXIT.config)
  }
  // Who reads that it is ready may stop it in the same moment.
  stopOnSignal(bot, log)
  log.info({ mode: config.mode, port: bot.port, ms: Math.round(performance.now()) }, 'ready')
  console.log(`Dialback is ready: http://localhost:${bot.port}${config.page ? '/' : '/api/messages'}`)
  void bot.dead.then((err) => {
    log.error(
      { code: 'DEAD', err },
      'a part has died that nothing goes on without: ending, to be started anew',
    )
    log.flush()
    process.exit(EXIT.software)
  })
}

function stopOnSignal(bot: Bot, log: ReturnType<typeof createLog>): void {
  let asked = 0
  const stop = (signal: NodeJS.Signals) => {
    const now = Date.now()
    if (asked > 0) {
      if (now - asked < SAME_SIGNAL) return
      log.warn({ signal }, 'asked a second time: ending at once')
      log.flush()
      process.exit(1)
    }
    asked = now
    log.info({ signal }, 'stopping: no new calls, running ones may end')
    bot.stop().then(
      () => {
        log.info({ ms: Date.now() - now }, 'stopped')
        log.flush()
        process.exit(0)
      },
      (err: unknown) => {
        log.error({ code: 'STOP', err }, 'the bot did not stop cleanly')
        log.flush()
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('unhandledRejection', (err) => log.error({ code: 'UNHANDLED', err }, 'a promise was left alone'))
  process.on('uncaughtException', (err) =>
    log.error({ code: 'UNCAUGHT', err }, 'a fault was caught by nobody'),
  )
}
