/** The bot's own RTP endpoint, as the rest of the bot sees it: tones, DTMF in and out, relay, rooms. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import type { Command, Held, Measured, RemoteMedia, Report, WorkerOptions } from './protocol.ts'
import type { Tone } from './tones.ts'

export type { Format, Measured, RemoteMedia } from './protocol.ts'

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
  /** Keys digits, 100 ms each: as telephone events (RFC 4733), or as tones where the far side knows none. */
  sendDigits(digits: string): void
  /**
   * While on, keys pressed at the other side of a relay are reported there (`PortListener.digit`), and not passed on, so
   * that they can be keyed here in order with others.
   */
  gather(on: boolean): void
  /** Passes packets on to the other port and back, from now on. */
  relay(other: MediaPort): void
  /** Ends a relay; packets end at the bot again. */
  part(): void
  /** The room that it has joined, by that or by an earlier process of the bot. */
  readonly room: string | undefined
  /**
   * Joins the room of this name, which begins with its first member and ends with its last: it hears all others there,
   * and they hear it, whichever call they belong to. Ends a relay and leaves another room. Those who are there, and it
   * itself, hear a short tone. What is played is not heard until it has left; keys of its far side are reported, and not
   * passed on.
   */
  join(room: string): void
  /** Leaves its room, whose others hear a short tone; packets end at the bot again. A port that closes has left. */
  leave(): void
  /**
   * In rooms nobody hears it from now on, or everybody again; it goes on hearing them. It hears two short notes for that,
   * low or high, whoever it was that has muted it.
   */
  mute(on: boolean): void
  /**
   * Tells `PortListener.sound` from now on when nothing has come for so many milliseconds, and when something comes
   * again. On hold nothing is missed.
   */
  watch(ms: number): void
  /** How the sound has come through in both directions. Nobody answers for a port that is closed. */
  measure(): Promise<Measured>
  /** Tells `PortListener.pause` once: when the far side has spoken and fallen silent, or after `most` milliseconds. */
  awaitPause(most: number): void
  /**
   * Frees the ports, at once or after so many milliseconds: nothing is played from now on, but a relay goes on
   * until then. May be called twice.
   */
  close(after?: number): void
}

/** What a port tells whoever has opened it. */
export interface PortListener {
  /** A key pressed by the far side (RFC 4733) while the port is in no relay, or in one whose other port does not get keys by itself (`keys: 'signalled'`, `gather`). */
  digit(digit: string): void
  /** The far side has fallen silent, or is heard again. */
  sound(silent: boolean): void
  /** The far side has finished speaking, or has taken too long. */
  pause?(): void
  /** It has begun to speak in a room, or has ended, is muted, has left; about once a second at most. */
  speaks(on: boolean): void
}

export interface MediaEndpoint {
  /**
   * Opens a pair of ports.
   * @param name tells whose it is to a bot that takes the place of this one (`inherited`)
   * @throws NoMediaPort when none is to be had
   */
  open(listener: PortListener, name: string): Promise<MediaPort>
  /** Ends the endpoint with all its ports. */
  stop(): Promise<void>
  /** Calls back once if it dies, or has died, without having been stopped: no port of it works any more. */
  onExit(listener: (cause: Error) => void): void
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
  const endpoint = new Endpoint(options.advertise ?? bind, {
    tell: (commands) => {
      worker.postMessage(commands)
    },
    stop: async () => {
      await worker.terminate()
    },
  })
  worker.on('message', (report: Report) => {
    endpoint.hear(report)
  })
  worker.on('error', (fault) => {
    endpoint.die(fault instanceof Error ? fault : new Error(String(fault)))
  })
  worker.on('exit', () => {
    endpoint.die(new Error('the media worker has ended'))
  })
  return endpoint
}

type Opening = {
  readonly resolve: (port: MediaPort) => void
  readonly reject: (fault: Error) => void
  readonly listener: PortListener
}

/** The way to the ports: a worker, or a process. */
export type Line = {
  tell(commands: readonly Command[]): void
  stop(): Promise<void>
}

const NOBODY: PortListener = { digit: () => undefined, sound: () => undefined, speaks: () => undefined }

/** The near end of a line to `Ports`. */
export class Endpoint implements MediaEndpoint {
  readonly #line: Line
  readonly #address: string
  readonly #openings = new Map<number, Opening>()
  readonly #ports = new Map<number, Port>()
  /** Commands of this moment: waking the other side costs more than what it then does. */
  #batch: Command[] = []
  #count: number
  #cause: Error | undefined
  #stopped = false
  #onExit: ((cause: Error) => void) | undefined

  /** @param count the highest id in use over there */
  constructor(address: string, line: Line, count = 0) {
    this.#address = address
    this.#line = line
    this.#count = count
  }

  open(listener: PortListener, name: string): Promise<MediaPort> {
    if (this.#cause) return Promise.reject(new NoMediaPort(this.#cause.message))
    const id = ++this.#count
    return new Promise((resolve, reject) => {
      this.#openings.set(id, { resolve, reject, listener })
      this.#tell({ do: 'open', id, name })
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#line.stop()
  }

  onExit(listener: (cause: Error) => void): void {
    this.#onExit = listener
    if (this.#cause && !this.#stopped) listener(this.#cause)
  }

  /** A port that is open over there already; `listen` says who hears of it. */
  adopt({ id, port, elsewhere, room }: Held): {
    readonly port: MediaPort
    listen(listener: PortListener): void
  } {
    const adopted = this.#hold(id, port, NOBODY)
    adopted.elsewhere = elsewhere
    adopted.room = room
    const listen = (listener: PortListener) => {
      adopted.listener = listener
    }
    return { port: adopted, listen }
  }

  /** What the other side reports. */
  hear(report: Report): void {
    const port = this.#ports.get(report.id)
    switch (report.is) {
      case 'digit':
        return port?.listener.digit(report.digit)
      case 'sound':
        return port?.listener.sound(report.silent)
      case 'speaks':
        return port?.listener.speaks(report.on)
      case 'measured':
        return port?.onMeasured(report.measured)
      case 'pause':
        return port?.listener.pause?.()
      case 'source':
        if (port) port.elsewhere = report.elsewhere
        return
      case 'open':
      case 'refused': {
        const opening = this.#openings.get(report.id)
        this.#openings.delete(report.id)
        if (!opening) return
        if (report.is === 'refused') opening.reject(new NoMediaPort(report.reason))
        else opening.resolve(this.#hold(report.id, report.port, opening.listener))
      }
    }
  }

  /** The other side is gone. */
  die(cause: Error): void {
    if (this.#cause) return
    this.#cause = cause
    for (const { reject } of this.#openings.values()) reject(new NoMediaPort(cause.message))
    this.#openings.clear()
    this.#ports.clear()
    if (!this.#stopped) this.#onExit?.(cause)
  }

  #hold(id: number, number: number, listener: PortListener): Port {
    const port = new Port(id, this.#address, number, listener, (command) => {
      this.#tell(command)
    })
    this.#ports.set(id, port)
    return port
  }

  #tell(command: Command): void {
    if (command.do === 'close') this.#ports.delete(command.id)
    if (this.#batch.push(command) > 1) return
    queueMicrotask(() => {
      const batch = this.#batch
      this.#batch = []
      if (!this.#cause) this.#line.tell(batch)
    })
  }
}

class Port implements MediaPort {
  readonly address: string
  readonly port: number
  listener: PortListener
  elsewhere = false
  room: string | undefined
  readonly #id: number
  readonly #tell: (command: Command) => void
  readonly #asking: ((measured: Measured) => void)[] = []
  #closed = false

  constructor(
    id: number,
    address: string,
    port: number,
    listener: PortListener,
    tell: (command: Command) => void,
  ) {
    this.#id = id
    this.address = address
    this.port = port
    this.listener = listener
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

  gather(on: boolean): void {
    this.#send({ do: 'gather', id: this.#id, on })
  }

  relay(other: MediaPort): void {
    if (!(other instanceof Port)) return
    this.room = other.room = undefined
    this.#send({ do: 'relay', id: this.#id, with: other.#id })
  }

  part(): void {
    this.#send({ do: 'part', id: this.#id })
  }

  join(room: string): void {
    this.room = room
    this.#send({ do: 'join', id: this.#id, room })
  }

  leave(): void {
    this.room = undefined
    this.#send({ do: 'leave', id: this.#id })
  }

  mute(on: boolean): void {
    this.#send({ do: 'mute', id: this.#id, on })
  }

  measure(): Promise<Measured> {
    return new Promise((resolve) => {
      this.#asking.push(resolve)
      this.#send({ do: 'measure', id: this.#id })
    })
  }

  /** Answers come in the order of the questions. */
  onMeasured(measured: Measured): void {
    this.#asking.shift()?.(measured)
  }

  watch(ms: number): void {
    this.#send({ do: 'watch', id: this.#id, ms })
  }

  awaitPause(most: number): void {
    this.#send({ do: 'await', id: this.#id, most })
  }

  close(after = 0): void {
    this.#send({ do: 'close', id: this.#id, after })
    this.#closed = true
    this.room = undefined
  }

  #send(command: Command): void {
    if (!this.#closed) this.#tell(command)
  }
}
