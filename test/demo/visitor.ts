import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import type { Asked, Told } from '../../src/demo/protocol.ts'
import type { DemoPerson } from '../../src/demo/people.ts'

type Kind<T extends Told['type']> = Extract<Told, { type: T }>

/** An open page without a browser: what it was told, in order. */
export class Page {
  readonly told: Told[] = []
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      this.told.push(JSON.parse(data.toString()) as Told)
      for (const check of this.#waiting) check()
    })
  }

  static async open(t: TestContext, url: string, person?: DemoPerson, locale = 'en-US'): Promise<Page> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/demo/socket`, { origin: url })
    const page = new Page(socket)
    t.after(() => socket.terminate())
    await once(socket, 'open')
    page.ask({ type: 'be', person: person?.aadObjectId ?? '', locale })
    await page.hears('snapshot')
    return page
  }

  ask(asked: Asked): void {
    this.#socket.send(JSON.stringify(asked))
  }

  /** The first thing told of this type that fits, told or to be told. */
  hears<T extends Told['type']>(
    type: T,
    fits: (told: Kind<T>) => boolean = () => true,
    within = 5000,
  ): Promise<Kind<T>> {
    const signal = AbortSignal.timeout(within)
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.told.find((told): told is Kind<T> => told.type === type && fits(told as Kind<T>))
        if (!found) return
        this.#waiting.delete(check)
        resolve(found)
      }
      signal.addEventListener('abort', () =>
        reject(new Error(`no ${type}; told: ${JSON.stringify(this.told)}`)),
      )
      this.#waiting.add(check)
      check()
    })
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.#socket, 'close', { signal: AbortSignal.timeout(5000) })) as [number]
    return code
  }

  send(raw: string): void {
    this.#socket.send(raw)
  }
}
