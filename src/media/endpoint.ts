/** The bot's own RTP endpoint, as the rest of the bot sees it: tones, DTMF in and out, relay. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import type { Command, RemoteMedia, Report, WorkerOptions } from './protocol.ts'
import type { Tone } from './tones.ts'

export type { Format, RemoteMedia } from './protocol.ts'

export interface MediaPort {
  /** Where the far side has to send: the advertised address, and the RTP port (RTCP is one above). */
  readonly address: string
  readonly port: number
  /** The far side sends from elsewhere than its SDP says: it stands behind a NAT and cannot be sent to directly. */
  readonly elsewhere: boolean
  /** Whom it talks with from now on; nothing is sent or taken before. */
  remote(remote: RemoteMedia): void
  /** Plays in a loop until something else is played, or until the other leg's sound arrives in a relay. */
  play(tone: Tone): void
  /** Keys digits (RFC 4733), 100 ms each. */
  sendDigits(digits: string): void
  /** Passes packets on to the other port and back, from now on. */
  relay(other: MediaPort): void
  /** Ends a relay; packets end at the bot again. */
  part(): void
  /**
   * Frees the ports, at once or after so many milliseconds: nothing is played from now on, but a relay goes on
   * until then. May be called twice.
   */
  close(after?: number): void
}

export interface MediaEndpoint {
  /**
   * Opens a pair of ports.
   * @param onDigit hears each key pressed by the far side (RFC 4733) while the port is in no relay
   * @throws NoMediaPort when none is to be had
   */
  open(onDigit: (digit: string) => void): Promise<MediaPort>
  stop(): Promise<void>
}

export class NoMediaPort extends Error {
  readonly code = 'MEDIA_NO_PORT'
  readonly remedy = 'Widen RTP_PORTS, or see which program has them'
}

export type MediaOptions = {
  /** IP address that the ports are bound to. */
  readonly bind: string
  /** IP address told to the far side; the bound one when unset. */
  readonly advertise?: string
  /** First and last port; RTP takes the even ones. */
  readonly ports: readonly [first: number, last: number]
  /** ISO 3166 alpha-2, for the tones. */
  readonly country: string
}

/** Starts the worker. Resolves when it listens to commands. */
export async function createMediaEndpoint(options: MediaOptions): Promise<MediaEndpoint> {
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const { bind, ports, country } = options
  const workerData: WorkerOptions = { bind, ports, country }
  const worker = new Worker(new URL(file, import.meta.url), { workerData, name: 'media' })
  await once(worker, 'online')
  return new Endpoint(worker, options.advertise ?? bind)
}

type Opening = {
  readonly resolve: (port: MediaPort) => void
  readonly reject: (fault: Error) => void
  readonly onDigit: (digit: string) => void
}

class Endpoint implements MediaEndpoint {
  readonly #worker: Worker
  readonly #address: string
  readonly #openings = new Map<number, Opening>()
  readonly #ports = new Map<number, Port>()
  /** Commands of this moment: waking the worker costs more than what it then does. */
  #batch: Command[] = []
  #count = 0
  #dead: string | undefined

  constructor(worker: Worker, address: string) {
    this.#worker = worker
    this.#address = address
    worker.on('message', (report: Report) => {
      this.#on(report)
    })
    worker.on('error', (fault) => {
      this.#die(String(fault))
    })
    worker.on('exit', () => {
      this.#die('the media worker has ended')
    })
  }

  open(onDigit: (digit: string) => void): Promise<MediaPort> {
    if (this.#dead !== undefined) return Promise.reject(new NoMediaPort(this.#dead))
    const id = ++this.#count
    return new Promise((resolve, reject) => {
      this.#openings.set(id, { resolve, reject, onDigit })
      this.#tell({ do: 'open', id })
    })
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  #on(report: Report): void {
    const port = this.#ports.get(report.id)
    switch (report.is) {
      case 'digit':
        return port?.onDigit(report.digit)
      case 'source':
        if (port) port.elsewhere = report.elsewhere
        return
      case 'open':
      case 'refused': {
        const opening = this.#openings.get(report.id)
        this.#openings.delete(report.id)
        if (!opening) return
        if (report.is === 'refused') return opening.reject(new NoMediaPort(report.reason))
        const opened = new Port(report.id, this.#address, report.port, opening.onDigit, (command) => {
          this.#tell(command)
        })
        this.#ports.set(report.id, opened)
        opening.resolve(opened)
      }
    }
  }

  #tell(command: Command): void {
    if (command.do === 'close') this.#ports.delete(command.id)
    if (this.#batch.push(command) > 1) return
    queueMicrotask(() => {
      if (this.#dead === undefined) this.#worker.postMessage(this.#batch)
      this.#batch = []
    })
  }

  #die(why: string): void {
    this.#dead ??= why
    for (const { reject } of this.#openings.values()) reject(new NoMediaPort(why))
    this.#openings.clear()
    this.#ports.clear()
  }
}

class Port implements MediaPort {
  readonly address: string
  readonly port: number
  readonly onDigit: (digit: string) => void
  elsewhere = false
  readonly #id: number
  readonly #tell: (command: Command) => void
  #closed = false

  constructor(
    id: number,
    address: string,
    port: number,
    onDigit: (digit: string) => void,
    tell: (command: Command) => void,
  ) {
    this.#id = id
    this.address = address
    this.port = port
    this.onDigit = onDigit
    this.#tell = tell
  }

  remote(remote: RemoteMedia): void {
    this.#send({ do: 'remote', id: this.#id, remote })
  }

  play(tone: Tone): void {
    this.#send({ do: 'play', id: this.#id, tone })
  }

  sendDigits(digits: string): void {
    this.#send({ do: 'digits', id: this.#id, digits })
  }

  relay(other: MediaPort): void {
    if (other instanceof Port) this.#send({ do: 'relay', id: this.#id, with: other.#id })
  }

  part(): void {
    this.#send({ do: 'part', id: this.#id })
  }

  close(after = 0): void {
    this.#send({ do: 'close', id: this.#id, after })
    this.#closed = true
  }

  #send(command: Command): void {
    if (!this.#closed) this.#tell(command)
  }
}
