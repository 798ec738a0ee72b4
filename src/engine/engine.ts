/**
 * sipd and the RTP endpoint as they live in a process of their own, which outlives the bot.
 *
 *   a bot is there ──its connection ends──► alone ──a bot comes back──► a bot is there
 *        │                                    └── nothing is left, or it was alone too long ──► ended
 *        └── the bot says so ────────────────────────────────────────────────────────────────► ended
 *
 * Alone it goes on relaying and holds every dialog (sipd cancels what only rings); what a bot has noted about them is
 * given to the next one.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

import { Ports } from '../media/ports.ts'
import type { WorkerOptions } from '../media/protocol.ts'
import type { SipdOptions } from '../sipd/options.ts'
import { startSipd } from '../sipd/start.ts'
import type { Sipd } from '../sipd/start.ts'
import { eachLine, LONGEST, release, VERSION, writeLine } from './wire.ts'
import type { News, Note, Order } from './wire.ts'

export type EngineOptions = {
  readonly sipd: Omit<SipdOptions, 'control' | 'secret' | 'worker'>
  readonly media: WorkerOptions
  readonly alone: {
    /** Milliseconds that it waits for a bot while it holds nothing, or only one side of a call. */
    readonly idle: number
    /** Milliseconds after which it ends whatever it holds. */
    readonly most: number
  }
}

/** Whether two engines would be started alike. TLS files are handed over anew by each bot. */
export function fingerprintOf({ sipd: { tls: _, ...sipd }, media, alone }: EngineOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([sipd, media, alone]))
    .digest('hex')
}

const HELLO_WITHIN = 3_000
const STRANGERS = 16
const LOOK = 500
const MOST_NOTES = 20_000
// Both sides' descriptions, each as long as one may be, in JSON.
const LONGEST_NOTE = 262_144

export class Engine {
  readonly #options: EngineOptions
  readonly #secret: string
  readonly #sipd: Sipd
  readonly #ports: Ports
  readonly #server: Server
  readonly #notes = new Map<string, Note>()
  readonly #looks: NodeJS.Timeout
  readonly #ended = Promise.withResolvers<undefined>()
  /** Those who have not said hello yet, oldest first. */
  readonly #strangers = new Set<Socket>()
  #bot: Socket | undefined
  #aloneSince = performance.now()
  #ending = false

  private constructor(options: EngineOptions, secret: string, sipd: Sipd) {
    this.#options = options
    this.#secret = secret
    this.#sipd = sipd
    this.#ports = new Ports(options.media, (report) => {
      this.#tell({ is: 'media', report })
    })
    this.#server = createServer((socket) => {
      this.#meet(socket)
    })
    this.#looks = setInterval(() => void this.#look(), LOOK)
  }

  /** @throws BindError, TlsFault */
  static async start(options: EngineOptions, secret: string): Promise<Engine> {
    const holder: { engine?: Engine } = {}
    const control = { host: '127.0.0.1', port: 0 }
    const sipd = await startSipd(
      { ...options.sipd, control, secret },
      { refused: (host, why) => holder.engine?.tellRefused(host, why) },
    )
    const engine = new Engine(options, secret, sipd)
    holder.engine = engine
    engine.#server.listen({ host: '127.0.0.1', port: 0, exclusive: true })
    await once(engine.#server, 'listening')
    return engine
  }

  /** Where bots connect. */
  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** Resolves when it has ended: calls, ports and sockets are gone. */
  get ended(): Promise<undefined> {
    return this.#ended.promise
  }

  /** sipd has died: nothing is left that is worth going on with. */
  onDeath(listener: (cause: Error) => void): void {
    this.#sipd.onExit(listener)
  }

  /** Whether a bot is connected. */
  get attended(): boolean {
    return this.#bot !== undefined
  }

  /** Ends all calls, and then itself. */
  async end(): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    clearInterval(this.#looks)
    await this.#sipd.hangUp()
    this.#ports.closeAll()
    await this.#sipd.stop()
    this.#server.close()
    this.#bot?.destroy()
    this.#ended.resolve(undefined)
  }

  #meet(socket: Socket): void {
    socket.on('error', () => undefined)
    // A bot says hello at once: the newest one may be it, the oldest is not.
    const [oldest] = this.#strangers.size < STRANGERS ? [] : this.#strangers
    oldest?.destroy()
    this.#strangers.add(socket)
    const late = setTimeout(() => socket.destroy(), HELLO_WITHIN)
    let known = false
    const greeted = (): void => {
      clearTimeout(late)
      this.#strangers.delete(socket)
      known = true
    }
    socket.once('close', () => {
      greeted()
      if (this.#bot !== socket) return
      this.#bot = undefined
      this.#aloneSince = performance.now()
    })
    const longest = () => (known ? LONGEST.order : LONGEST.hello)
    eachLine(socket, longest, (line) => {
      const order = line as Order
      if (known) return this.#obey(socket, order)
      if (order.is !== 'hello' || !this.#isSecret(order.secret)) return void socket.destroy()
      greeted()
      this.#welcome(socket)
    })
  }

  #isSecret(given: unknown): boolean {
    const [a, b] = [Buffer.from(String(given)), Buffer.from(this.#secret)]
    return a.length === b.length && timingSafeEqual(a, b)
  }

  /** One bot at a time: its data folder has a lock. The one before is gone, whatever its connection looks like. */
  #welcome(socket: Socket): void {
    socket.setNoDelay(true)
    this.#bot?.destroy()
    this.#bot = socket
    this.#tell({
      is: 'here',
      version: VERSION,
      release,
      fingerprint: fingerprintOf(this.#options),
      control: { port: this.#sipd.controlPort, secret: this.#secret },
      held: this.#ports.held,
      notes: [...this.#notes].map(([name, { text }]) => [name, text] as const),
    })
  }

  #obey(socket: Socket, order: Order): void {
    if (socket !== this.#bot) return
    switch (order.is) {
      case 'hello':
        return
      case 'media':
        for (const command of order.commands) this.#ports.obey(command)
        return
      case 'note':
        return this.#note(order.name, order.note)
      case 'tls':
        return void this.#sipd.useTls(order.tls).then(
          () => this.#tell({ is: 'tls' }),
          (fault: unknown) =>
            this.#tell({ is: 'tls', fault: fault instanceof Error ? fault.message : String(fault) }),
        )
      case 'ping':
        return this.#tell({ is: 'pong' })
      case 'end':
        return void this.end()
    }
  }

  #note(name: string, note: Note | undefined): void {
    if (!note) this.#notes.delete(name)
    else if (note.text.length <= LONGEST_NOTE && (this.#notes.has(name) || this.#notes.size < MOST_NOTES))
      this.#notes.set(name, note)
  }

  #tell(news: News): void {
    if (this.#bot) writeLine(this.#bot, news)
  }

  private tellRefused(host: string, why: string): void {
    this.#tell({ is: 'refused', host, why })
  }

  async #look(): Promise<void> {
    if (this.#bot || this.#ending) return
    const alone = performance.now() - this.#aloneSince
    const { idle, most } = this.#options.alone
    if (alone < idle) return
    // Until then the next bot would do that, and know whose doing it was.
    const calls = Object.values(Object.groupBy(this.#notes.values(), ({ call }) => call))
    this.#sipd.endBroken(calls.map((notes = []) => notes.map(({ dialog }) => dialog)))
    const empty = (await this.#sipd.dialogs()) === 0
    // A bot may have come meanwhile.
    if (!this.attended && (empty || alone >= most)) await this.end()
  }
}
