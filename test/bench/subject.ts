/** What is measured: a process that places calls when it is told to. */
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ProbeCommand } from './probe.ts'

export type Subject = {
  readonly pid: number
  /** Asks for the n-th call; resolves when that is taken. */
  place(n: number): Promise<void>
  /** What only the process itself knows; undefined where it is none of ours. */
  readonly probe?: Probe
  /** Anything else to be printed. */
  figures?(): object
  stop(): Promise<void>
}

/** The near end of probe.ts. */
export class Probe {
  readonly path = join(mkdtempSync(join(tmpdir(), 'bench-')), 'probe')
  #socket: Socket | undefined
  #answers: NodeJS.AsyncIterator<string> | undefined

  /** For the environment of the process. */
  get env(): Record<string, string> {
    const probe = fileURLToPath(new URL('probe.ts', import.meta.url))
    return { NODE_OPTIONS: `--import=${probe} ${process.env['BENCH_NODE'] ?? ''}`, BENCH_PROBE: this.path }
  }

  async ask<T>(command: ProbeCommand): Promise<T> {
    if (!this.#socket) {
      this.#socket = connect(this.path)
      await once(this.#socket, 'connect')
      this.#answers = createInterface({ input: this.#socket })[Symbol.asyncIterator]()
    }
    this.#socket.write(`${JSON.stringify(command)}\n`)
    const { value } = (await this.#answers?.next()) as { value: string }
    return JSON.parse(value) as T
  }

  close(): void {
    this.#socket?.destroy()
  }
}
