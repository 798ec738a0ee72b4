/** The Asterisk Manager Interface: `Name: value` lines over TCP, in blocks. Events tell a test what Asterisk did. */
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export type ManagerEvent = Readonly<Record<string, string>>

export class Manager {
  readonly #socket: Socket
  readonly #arrivals = new EventEmitter().setMaxListeners(0)
  readonly events: ManagerEvent[] = []
  #rest = ''
  #actions = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8').on('data', (text: string) => this.#take(text))
    socket.on('error', () => undefined)
  }

  /**
   * Logs in, as soon as Asterisk listens, and resolves when it has booted fully.
   * @param alive asked between attempts; throws when waiting has no sense any more
   */
  static async connect(port: number, within: number, alive: () => void): Promise<Manager> {
    const end = performance.now() + within
    for (;;) {
      alive()
      const socket = connect(port, '127.0.0.1')
      const open = await once(socket, 'connect').then(
        () => true,
        () => false,
      )
      if (open) {
        const manager = new Manager(socket)
        await manager.act('Login', { Username: 'test', Secret: 'test' })
        await manager.sees({ Event: 'FullyBooted' }, end - performance.now())
        return manager
      }
      if (performance.now() > end)
        throw new Error(`nothing listens on the manager's port ${port} after ${within} ms`)
      await pause(30)
    }
  }

  /** Sends an action and resolves with its response. */
  async act(action: string, fields: Record<string, string> = {}): Promise<ManagerEvent> {
    const id = String(++this.#actions)
    const lines = Object.entries({ Action: action, ActionID: id, ...fields }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    const answer = await this.#find((event) => event['ActionID'] === id && 'Response' in event, 5000)
    if (!answer) throw new Error(`${action} was not answered`)
    if (answer['Response'] === 'Error') throw new Error(`${action}: ${answer['Message'] ?? 'refused'}`)
    return answer
  }

  /**
   * Resolves with the first event that has these fields, past or to come.
   * @throws Error when there is none in time
   */
  async sees(wanted: ManagerEvent, within = 5000): Promise<ManagerEvent> {
    const fits = (event: ManagerEvent) =>
      Object.entries(wanted).every(([name, value]) => event[name] === value)
    const event = await this.#find(fits, within)
    if (!event) throw new Error(`Asterisk told of no ${JSON.stringify(wanted)} in ${within} ms`)
    return event
  }

  close(): void {
    this.#socket.destroy()
  }

  async #find(fits: (event: ManagerEvent) => boolean, within: number): Promise<ManagerEvent | undefined> {
    const late = AbortSignal.timeout(Math.max(1, Math.round(within)))
    for (;;) {
      const event = this.events.find(fits)
      if (event ?? late.aborted) return event
      await once(this.#arrivals, 'event', { signal: late }).catch(() => undefined)
    }
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\r\n\r\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = [...block.matchAll(/^([\w-]+): ?(.*?)\r?$/gm)].map(
        ([, name = '', value = '']) => [name, value] as const,
      )
      this.events.push(Object.fromEntries(fields))
    }
    if (blocks.length > 0) this.#arrivals.emit('event')
  }
}
