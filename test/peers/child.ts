/** A program that a test runs: what it says is kept, what it becomes can be waited for, and it never outlives us. */
import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import type { Program } from './debian.ts'

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export class Child {
  readonly #process: ChildProcess
  readonly #changes = new EventEmitter().setMaxListeners(0)
  #said = ''
  #ended: Ended | undefined

  constructor(
    program: Program,
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ) {
    const env = { ...process.env, ...program.env, ...options.env }
    const stdio = ['pipe', 'pipe', 'pipe'] as const
    const child = spawn(program.command, [...program.args, ...args], {
      cwd: options.cwd,
      env,
      stdio: [...stdio],
    })
    this.#process = child
    const hear = (text: string) => {
      this.#said += text
      this.#changes.emit('change')
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    // A program that has ended takes no more input: that is told by its end.
    child.stdin.on('error', () => undefined)
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    const end = (ended: Ended) => {
      this.#ended ??= ended
      process.removeListener('exit', kill)
      this.#changes.emit('change')
    }
    child.on('error', (fault) => {
      hear(`${fault.message}\n`)
      end({ code: 127, signal: null })
    })
    child.on('close', (code, signal) => end({ code, signal }))
  }

  /** All that it has said, output and errors together. */
  get said(): string {
    return this.#said
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  write(text: string): void {
    this.#process.stdin?.write(text)
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /**
   * Resolves as soon as it says (or has said) something.
   * @param within milliseconds
   * @throws Error with the last it said, when it ends or time runs out first
   */
  async says(pattern: RegExp, within = 10_000): Promise<RegExpMatchArray> {
    const late = AbortSignal.timeout(within)
    for (;;) {
      const match = pattern.exec(this.#said)
      if (match) return match
      if (this.#ended) throw new Error(`ended before it said ${String(pattern)}:\n${this.#said.slice(-4000)}`)
      if (late.aborted)
        throw new Error(`did not say ${String(pattern)} in ${within} ms:\n${this.#said.slice(-4000)}`)
      await once(this.#changes, 'change', { signal: late }).catch(() => undefined)
    }
  }

  /** Resolves when it has ended, however. */
  async end(): Promise<Ended> {
    while (!this.#ended) await once(this.#changes, 'change')
    return this.#ended
  }

  /** Asks it to end, and makes it end after `patience` milliseconds. */
  async stop(patience = 3000): Promise<Ended> {
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience)
    const ended = await this.end()
    clearTimeout(timer)
    return ended
  }
}
