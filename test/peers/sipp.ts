/** SIPp: plays a PBX that does to the bot what a well-meaning one never would, by the scenarios beside this file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Child } from './child.ts'
import { program } from './debian.ts'
import { freePort, freeRange } from './ports.ts'
import { scenario } from './scenario.ts'
import type { Details, Ending, Told } from './scenario.ts'
import { toALaw, tone } from './tone.ts'

export type { Ending } from './scenario.ts'

export type SippOptions = Details & {
  /** Default: any free one. */
  readonly port?: number
  readonly transport?: 'udp' | 'tcp'
  /** Called numbers (a regular expression) that are simply picked up: a desk phone, mostly. Default: none. */
  readonly answers?: string
  /** For `early-media`: what is heard, Hz; default 620. */
  readonly tone?: number
}

export class Sipp {
  readonly port: number
  readonly #child: Child
  readonly #root: string

  private constructor(port: number, child: Child, root: string) {
    this.port = port
    this.#child = child
    this.#root = root
  }

  /**
   * Starts it on 127.0.0.1, and resolves when it listens. It takes any number of calls until it is stopped.
   * @param ending what becomes of calls, or stories by the number called; the last is that of all other numbers
   */
  static async start(ending: Ending | readonly Told[], options: SippOptions = {}): Promise<Sipp> {
    const sipp = await program('sipp')
    const root = mkdtempSync(join(tmpdir(), 'sipp-'))
    const port = options.port ?? (await freePort())
    const media = await freeRange(20)
    const stories = typeof ending === 'string' ? [{ ...options, ending, number: '.*' }] : ending
    const early = join(root, 'early.al')
    writeFileSync(early, toALaw(tone(options.tone ?? 620, 5)))
    writeFileSync(
      join(root, 'scenario.xml'),
      scenario(options.answers ?? 'nobody', stories, early, { ringing: options.ringing ?? 200 }),
    )
    const args = ['-sf', join(root, 'scenario.xml'), '-i', '127.0.0.1', '-p', String(port)]
    args.push('-mi', '127.0.0.1', '-mp', String(media))
    args.push('-t', options.transport === 'tcp' ? 't1' : 'u1', '-aa', '-nostdin')
    args.push(
      '-trace_msg',
      '-message_file',
      join(root, 'messages'),
      '-trace_err',
      '-error_file',
      join(root, 'errors'),
    )
    const child = new Child(sipp, args, { cwd: root, env: { TERM: 'dumb' } })
    const started = new Sipp(port, child, root)
    while (!listens(port, options.transport ?? 'udp')) {
      if (child.hasEnded) {
        await started.stop()
        throw new Error(`SIPp did not start:\n${child.said.slice(-600)}`)
      }
      // It does not say when.
      await pause(20)
    }
    return started
  }

  /** Every SIP message that it sent and received. */
  get messages(): string {
    return read(join(this.#root, 'messages'))
  }

  /** Resolves as soon as its trace is so; rejects after `ms`. It tells of nothing by itself, so the trace is read. */
  async until(seen: () => boolean, ms = 10_000): Promise<void> {
    const end = performance.now() + ms
    while (!seen()) {
      if (performance.now() > end) throw new Error(`SIPp did not see it within ${ms} ms:\n${this.messages}`)
      await pause(20)
    }
  }

  /** What came otherwise than its scenario has it: empty when all went well. */
  get faults(): string {
    const expected = /^The following events occurred|jumping to label|Automatic response mode|^$/
    const lines = read(join(this.#root, 'errors')).split('\n')
    return lines.filter((line) => !expected.test(line)).join('\n')
  }

  async stop(): Promise<void> {
    await this.#child.stop(0)
    rmSync(this.#root, { recursive: true, force: true })
  }
}

function listens(port: number, transport: 'udp' | 'tcp'): boolean {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return read(`/proc/net/${transport}`).includes(` ${address} `)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
