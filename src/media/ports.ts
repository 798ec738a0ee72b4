/** All ports of the endpoint: which numbers are taken, and who obeys which command. */
import { Pacer } from './pacer.ts'
import { RtpPort } from './port.ts'
import { Rooms } from './room.ts'
import { openPair } from './sockets.ts'
import type { Command, Held, Report, WorkerOptions } from './protocol.ts'

/** Milliseconds between the looks for far sides that have fallen silent. */
const LOOK = 250

export class Ports {
  readonly #options: WorkerOptions
  readonly #report: (what: Report) => void
  readonly #first: number
  readonly #pairs: number
  readonly #pacer = new Pacer()
  readonly #rooms = new Rooms(this.#pacer)
  readonly #open = new Map<number, { readonly port: RtpPort; readonly name: string }>()
  readonly #used = new Set<number>()
  readonly #looks: NodeJS.Timeout
  // The range is walked round, so that a port is not given to the next call while the last one's packets still come.
  #turn: number

  constructor(options: WorkerOptions, report: (what: Report) => void) {
    this.#options = options
    this.#report = report
    const [from, to] = options.ports
    this.#first = from + (from % 2)
    this.#pairs = Math.floor((to - this.#first + 1) / 2)
    this.#turn = Math.floor(Math.random() * this.#pairs)
    this.#looks = setInterval(() => {
      const now = performance.now()
      for (const { port } of this.#open.values()) port.check(now)
    }, LOOK).unref()
  }

  /** Those that are open, oldest first. */
  get held(): readonly Held[] {
    return [...this.#open].map(([id, { port, name }]) => ({
      id,
      name,
      port: port.number,
      elsewhere: port.isElsewhere,
      ...(port.room === undefined ? {} : { room: port.room }),
    }))
  }

  obey(command: Command): void {
    if (command.do === 'open') return void this.#openOne(command.id, command.name)
    const port = this.#open.get(command.id)?.port
    if (!port) return
    switch (command.do) {
      case 'remote':
        return port.setRemote(command.remote)
      case 'play':
        return port.play(command.tone)
      case 'digits':
        return port.sendDigits(command.digits)
      case 'gather':
        return port.gather(command.on)
      case 'relay': {
        const other = this.#open.get(command.with)?.port
        if (!other) return
        port.relayTo(other)
        other.relayTo(port)
        return
      }
      case 'part':
        return port.part()
      case 'join':
        return port.enter(this.#rooms.named(command.room))
      case 'leave':
        return port.leave()
      case 'mute':
        return port.mute(command.on)
      case 'measure':
        return this.#report({ is: 'measured', id: command.id, measured: port.measure() })
      case 'watch':
        return port.watch(command.ms)
      case 'await':
        return port.awaitPause(command.most)
      case 'close':
        if (command.after === 0) return this.#close(command.id)
        port.hush()
        setTimeout(() => {
          this.#close(command.id)
        }, command.after).unref()
        return
    }
  }

  closeAll(): void {
    clearInterval(this.#looks)
    for (const id of [...this.#open.keys()]) this.#close(id)
  }

  async #openOne(id: number, name: string): Promise<void> {
    const { bind, country, ports } = this.#options
    for (let tries = 0; tries < this.#pairs; tries++) {
      this.#turn = (this.#turn + 1) % this.#pairs
      const number = this.#first + 2 * this.#turn
      if (this.#used.has(number)) continue
      this.#used.add(number)
      try {
        const sockets = await openPair(bind, number)
        const port = new RtpPort(sockets, this.#pacer, country, {
          digit: (digit) => {
            this.#report({ is: 'digit', id, digit })
          },
          source: (elsewhere) => {
            this.#report({ is: 'source', id, elsewhere })
          },
          sound: (silent) => {
            this.#report({ is: 'sound', id, silent })
          },
          pause: () => {
            this.#report({ is: 'pause', id })
          },
          speaks: (on) => {
            this.#report({ is: 'speaks', id, on })
          },
        })
        this.#open.set(id, { port, name })
        return this.#report({ is: 'open', id, port: number })
      } catch (fault) {
        this.#used.delete(number)
        // Some other program has this port; anything else would fail for the next one too.
        if ((fault as NodeJS.ErrnoException).code !== 'EADDRINUSE')
          return this.#report({ is: 'refused', id, reason: String(fault) })
      }
    }
    this.#report({ is: 'refused', id, reason: `all ports from ${this.#first} to ${ports[1]} are taken` })
  }

  #close(id: number): void {
    const port = this.#open.get(id)?.port
    if (!port) return
    this.#open.delete(id)
    this.#used.delete(port.number)
    port.close()
  }
}
