/** SIPp: plays a PBX that does to the bot what a well-meaning one never would, by the scenarios beside this file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Child } from './child.ts'
import { program } from './debian.ts'
import { freePort, freeRange } from './ports.ts'
import { toALaw, tone } from './tone.ts'

/** What becomes of a call; each file tells it in its first line. */
export type Ending =
  | 'answers'
  | 'refuses'
  | 'refuses-as-dialled'
  | 'rings-on'
  | 'crosses-cancel'
  | 'asks-401'
  | 'asks-407'
  | 'early-media'
  | 'hangs-up'
  | 'keeps-media'

export type SippOptions = {
  /** Default: any free one. */
  readonly port?: number
  readonly transport?: 'udp' | 'tcp'
  /** Called numbers (a regular expression) that are simply picked up: a desk phone, mostly. Default: none. */
  readonly answers?: string
  /** For `refuses`: status and reason, such as `486 Busy Here`. */
  readonly status?: string
  /** For `refuses-as-dialled`: the statuses that the last three digits of called numbers may be. */
  readonly statuses?: readonly number[]
  /** For `refuses`: a Reason header (RFC 3326), such as `Q.850;cause=17`. */
  readonly reason?: string
  /** Milliseconds that a phone rings before it is picked up; default 200. */
  readonly ringing?: number
  /** For `hangs-up`: milliseconds until it does; default 500. */
  readonly talking?: number
  /** For `asks-401` and `asks-407`. */
  readonly user?: string
  readonly password?: string
  /** For `early-media`: what is heard, Hz; default 620. */
  readonly tone?: number
}

const folder = join(import.meta.dirname, 'scenarios')

export class Sipp {
  readonly port: number
  readonly #child: Child
  readonly #root: string

  private constructor(port: number, child: Child, root: string) {
    this.port = port
    this.#child = child
    this.#root = root
  }

  /** Starts it on 127.0.0.1, and resolves when it listens. It takes any number of calls until it is stopped. */
  static async start(ending: Ending, options: SippOptions = {}): Promise<Sipp> {
    const sipp = await program('sipp')
    const root = mkdtempSync(join(tmpdir(), 'sipp-'))
    const port = options.port ?? (await freePort())
    const media = await freeRange(20)
    writeFileSync(join(root, 'early.al'), toALaw(tone(options.tone ?? 620, 5)))
    writeFileSync(join(root, 'scenario.xml'), scenario(ending, options, root))
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

/** One of the endings within the common scenario, with all gaps filled. */
export function scenario(ending: Ending, options: SippOptions, root: string): string {
  const gaps: Record<string, string | number | undefined> = {
    name: ending,
    ending: ending === 'refuses-as-dialled' ? asDialled(options) : read(join(folder, `${ending}.xml`)),
    sdp: read(join(folder, 'sdp.txt')).trimEnd(),
    answers: options.answers ?? 'nobody',
    dialled: options.statuses?.map(heardAs).join('\n') ?? '',
    status: options.status,
    reason: options.reason === undefined ? '' : `\n      Reason: ${options.reason}`,
    ringing: options.ringing ?? 200,
    talking: options.talking ?? 500,
    user: options.user,
    password: options.password,
    tone: join(root, 'early.al'),
  }
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (_, gap: string) => {
      const value = gaps[gap]
      if (value === undefined) throw new Error(`the scenario ${ending} needs ${gap}`)
      return fill(String(value))
    })
  return fill(read(join(folder, 'phone.xml')))
}

/** SIPp takes no status from a variable: one `refuses` for each, and a way to it by the number. */
function asDialled({ statuses = [] }: SippOptions): string {
  const refuses = read(join(folder, 'refuses.xml'))
  const ways = statuses.map((status) => `<nop test="is${status}" next="says${status}"/>`)
  const ends = statuses.map(
    (status) =>
      `<label id="says${status}"/>\n${refuses.replace('{{status}}', `${status} Refused`)}\n<nop next="end"/>`,
  )
  return [...ways, ...ends].join('\n')
}

const heardAs = (status: number) =>
  `<ereg regexp="${status}@" search_in="hdr" header="To:" assign_to="is${status}"/>`

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
