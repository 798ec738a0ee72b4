/** The whole bot as a process of its own, as `npm start` runs it, on free ports of loopback. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
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
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const OURS =
  /^(MicrosoftApp|DRACHTIO_|SIP_|RTP_|RING_|DATA|GRAPH_|ALLOW|CALL|COUNTRY|PEOPLE|TRUNKS|PORT$|HOST$|NODE_ENV|LOG_LEVEL|PRESS|ADMINS|MAX_|DRAIN)/

export class RunningBot {
  readonly url: string
  readonly sip: number
  readonly data: string
  readonly lines: LogLine[] = []
  readonly #child: ChildProcess
  #said = ''

  private constructor(child: ChildProcess, port: number, sip: number, data: string) {
    this.#child = child
    this.url = `http://127.0.0.1:${port}`
    this.sip = sip
    this.data = data
  }

  /** Starts a bot, and resolves when it is ready. */
  static async start({
    trunk,
    people,
    env = {},
    data,
    address = '127.0.0.1',
  }: BotOptions): Promise<RunningBot> {
    const folder = data ?? mkdtempSync(join(tmpdir(), 'dialback-'))
    const [port, sip, rtp] = [await freePort(), await freePort(address), await freeRange(100)]
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
    const bot = new RunningBot(child, port, sip, folder)
    await bot.#ready()
    return bot
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it has written: log lines, and sentences for people. */
  get said(): string {
    return this.#said
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
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit')
      this.#child.kill(signal)
      await ended
    }
    if (!keep) rmSync(this.data, { recursive: true, force: true })
    return this.#child.exitCode
  }

  #ready(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    let rest = ''
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      this.#said += text
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('Dialback is ready')) resolve(undefined)
        const read = parsed(line)
        if (read) this.lines.push(read)
      }
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()))
    this.#child.on('exit', (code) => reject(new Error(`the bot ended with ${code}:\n${this.#said}`)))
    return promise
  }
}

function parsed(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return undefined
  }
}
