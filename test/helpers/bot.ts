/** The whole bot as a process of its own, as `npm start` runs it, on free ports of loopback. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, freeRange } from '../peers/ports.ts'

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string }

export type BotOptions = {
  /** `SIP_TRUNK`; none: the demo. */
  readonly trunk?: string
  readonly people?: readonly object[]
  readonly env?: Readonly<Record<string, string>>
  /** A folder of an earlier bot, to go on with its data. */
  readonly data?: string
  /** Where its SIP side is bound. */
  readonly address?: string
  /** Ports of an earlier bot, to take its place. */
  readonly port?: number
  readonly sip?: number
  readonly rtp?: number
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const OURS =
  /^(MicrosoftApp|ChannelService|ToBotFrom|ToChannelFrom|DRACHTIO_|SIP_|SIPD_|RTP_|RING_|DATA|GRAPH_|ALLOW|CALL|COUNTRY|PEOPLE|TRUNKS|PORT$|HOST$|NODE_ENV|LOG_LEVEL|PRESS|ADMINS|MAX_|DRAIN|MEETING|WATCH|CONFERENCE)/

export class RunningBot {
  readonly url: string
  readonly port: number
  readonly sip: number
  /** First of its ports for sound. */
  readonly rtp: number
  /** Its folder: people.json, db/, and `.env` where a test writes one. */
  readonly data: string
  readonly lines: LogLine[] = []
  readonly #child: ChildProcess
  readonly #changes = new EventEmitter().setMaxListeners(0)
  #said = ''
  #rest = ''
  #over = false

  private constructor(child: ChildProcess, at: { port: number; sip: number; rtp: number }, data: string) {
    const { port, sip, rtp } = at
    this.#child = child
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    this.sip = sip
    this.rtp = rtp
    this.data = data
    // A test that ends early leaves nothing behind.
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text
      this.#changes.emit('change')
    })
    child.once('close', () => {
      process.removeListener('exit', kill)
      this.#over = true
      this.#changes.emit('change')
    })
  }

  /** Starts a bot, and resolves when it is ready. */
  static async start(options: BotOptions): Promise<RunningBot> {
    const bot = await RunningBot.launch(options)
    await bot.ready()
    return bot
  }

  /** Starts a bot, and leaves it to the caller to wait for `ready` or `end`. */
  static async launch(options: BotOptions): Promise<RunningBot> {
    const { trunk, people, env = {}, address = '127.0.0.1' } = options
    const folder = options.data ?? mkdtempSync(join(tmpdir(), 'dialback-'))
    const rtp = options.rtp ?? (await freeRange(100))
    const port = options.port ?? (await freePort())
    const sip = options.sip ?? (await freePort(address))
    const file = join(folder, 'people.json')
    if (people) writeFileSync(file, JSON.stringify(people))
    const settings = {
      PORT: String(port),
      SIP_BIND: `udp:${address}:${sip},tcp:${address}:${sip}`,
      RTP_PORTS: `${rtp}-${rtp + 99}`,
      DATA_DIR: join(folder, 'db'),
      LOG_LEVEL: 'debug',
      DRAIN_SECONDS: '2',
      ...(trunk === undefined ? {} : { SIP_TRUNK: trunk, CALLER_ID: '+34900100200', COUNTRY: 'ES' }),
      ...(people ? { PEOPLE_FILE: file } : {}),
      ...env,
    }
    const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
    const child = spawn(process.execPath, [main], {
      env: { ...rest, ...settings },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new RunningBot(child, { port, sip, rtp }, folder)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it has written: log lines, and sentences for people. */
  get said(): string {
    return this.#said
  }

  /** Resolves when it takes messages. */
  async ready(within = 20_000): Promise<void> {
    await this.says(/^Dialback is ready/m, within)
  }

  /**
   * Resolves as soon as it writes (or has written) something.
   * @throws Error with all that it wrote, when it ends or time runs out first
   */
  async says(pattern: RegExp, within = 10_000): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(within)
    for (;;) {
      const match = pattern.exec(this.#said)
      if (match) return match
      if (this.#over || late.aborted) {
        const how = this.#over ? `ended with ${this.#child.exitCode}` : `took over ${within} ms`
        throw new Error(`the bot did not say ${String(pattern)}, and ${how}:\n${this.#said}`)
      }
      await once(this.#changes, 'change', { signal: late }).catch(() => undefined)
    }
  }

  /** Resolves with its exit code (null: by a signal) when it has ended by itself. */
  async end(): Promise<number | null> {
    while (!this.#over) await once(this.#changes, 'change')
    return this.#child.exitCode
  }

  /** Asks it to stop, and does not wait for it. */
  terminate(): void {
    this.#child.kill('SIGTERM')
  }

  /** SIGTERM, and the end of the process; then its data go, unless they are wanted again. */
  async stop({ keep = false } = {}): Promise<number | null> {
    return this.#end('SIGTERM', keep)
  }

  /** SIGKILL: what a power cut is to a process. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', true)
  }

  async #end(signal: NodeJS.Signals, keep: boolean): Promise<number | null> {
    if (!this.#over) this.#child.kill(signal)
    await this.end()
    if (!keep) rmSync(this.data, { recursive: true, force: true })
    return this.#child.exitCode
  }

  #hear(text: string): void {
    this.#said += text
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const read = parsed(line)
      if (read) this.lines.push(read)
    }
    this.#changes.emit('change')
  }
}

function parsed(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return undefined
  }
}
