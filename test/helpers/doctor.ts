/** npm run dialback -- doctor, as a process of its own, with settings of its own. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Child } from '../peers/child.ts'
import { freePort, freeRange } from '../peers/ports.ts'
import { atTheEnd, PEOPLE } from './office.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

export type Found = {
  readonly check: string
  readonly trunk?: string
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly says: string
  readonly remedy?: string
  readonly figures?: Readonly<Record<string, number>>
}
type Env = Readonly<Record<string, string>>

export class Doctor {
  /** What it goes by; a test may change it between two visits. */
  readonly env: Record<string, string>
  readonly folder: string

  private constructor(folder: string, env: Record<string, string>) {
    this.folder = folder
    this.env = env
  }

  /** Settings that fit, on free ports of an address of loopback. */
  static async of(t: TestContext, { address = '127.0.0.1', sip, env = {} }: Options = {}): Promise<Doctor> {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
    atTheEnd(t, () => {
      rmSync(folder, { recursive: true, force: true })
    })
    const port = sip ?? (await freePort(address))
    const rtp = await freeRange(100)
    const people = join(folder, 'people.json')
    writeFileSync(people, JSON.stringify(PEOPLE))
    return new Doctor(folder, {
      PORT: String(await freePort()),
      SIP_BIND: `udp:${address}:${port},tcp:${address}:${port}`,
      RTP_PORTS: `${rtp}-${rtp + 99}`,
      DATA_DIR: join(folder, 'db'),
      CALLER_ID: '+34900100200',
      PEOPLE_FILE: people,
      LOG_LEVEL: 'debug',
      ...env,
    })
  }

  /** Starts a visit; `ends` gives what it has found. */
  begins(...args: readonly string[]): Visit {
    const program = { command: process.execPath, args: [], env: {}, root: '/' }
    const child = new Child(program, [main, 'doctor', ...args], { cwd: this.folder, env: this.env })
    return new Visit(child, Object.values(secretsOf(this.env)))
  }

  /** What a whole visit finds. */
  async visits(...args: readonly string[]): Promise<Findings> {
    return this.begins('--json', ...args).finds()
  }
}

type Options = { readonly address?: string; readonly sip?: number; readonly env?: Env }

const secretsOf = (env: Env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /PASSWORD|Password|SECRET/.test(name)))

export class Visit {
  readonly child: Child
  readonly #secrets: readonly string[]

  constructor(child: Child, secrets: readonly string[]) {
    this.child = child
    this.#secrets = secrets
  }

  /** Its exit code and all that it said; no secret is among it, nor a stack. */
  async ends(): Promise<{ readonly code: number | null; readonly said: string }> {
    const { code } = await this.child.end()
    const { said } = this.child
    for (const secret of this.#secrets) assert.ok(!said.includes(secret), `it tells a secret:\n${said}`)
    assert.doesNotMatch(said, /^\s+at .*:\d+:\d+\)?$/m, 'a stack trace')
    return { code, said }
  }

  async finds(): Promise<Findings> {
    const { code, said } = await this.ends()
    let read: { readonly ok: boolean; readonly findings: readonly Found[] }
    try {
      read = JSON.parse(said) as typeof read
    } catch (cause) {
      throw new Error(`no JSON:\n${said}`, { cause })
    }
    assert.equal(code, read.ok ? 0 : 1)
    return new Findings(read.findings)
  }
}

export class Findings {
  readonly all: readonly Found[]

  constructor(all: readonly Found[]) {
    this.all = all
  }

  of(check: string): readonly Found[] {
    return this.all.filter((one) => one.check === check)
  }

  get failed(): readonly Found[] {
    return this.all.filter(({ state }) => state === 'failed')
  }

  /** Exactly one thing has failed: it says this, and this is to be done. */
  failsOnly(check: string, says: RegExp, remedy: RegExp): void {
    assert.deepEqual(
      this.failed.map((one) => one.check),
      [check],
      this.text,
    )
    this.fails(check, says, remedy)
  }

  fails(check: string, says: RegExp, remedy: RegExp): void {
    const fits = (one: Found) => one.check === check && says.test(one.says) && remedy.test(one.remedy ?? '')
    assert.ok(
      this.failed.some(fits),
      `no failure of ${check} says ${String(says)} and ${String(remedy)}:\n${this.text}`,
    )
  }

  get text(): string {
    return JSON.stringify(this.all, null, 1)
  }
}
