import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createDemo, type DemoOptions } from '../../src/demo/demo.ts'
import type { DemoPerson } from '../../src/demo/people.ts'
import { PEOPLE } from '../../src/sim/people.ts'

export type Json = Record<string, unknown>
export type Reply = { status: number; body?: unknown } | undefined

export type Company = readonly (Omit<(typeof PEOPLE)[number], 'name'> & { readonly name: string })[]

/** The people of a company as the channel knows them. */
export function membersOf(company: Company): readonly DemoPerson[] {
  return company.map(({ aadObjectId, name, email, phones }) => ({
    aadObjectId,
    name,
    email,
    desk: phones.desk,
  }))
}

export const people = membersOf(PEOPLE)
export const [alice, bob] = people as [DemoPerson, DemoPerson]

export const personal = (person: DemoPerson) => `demo:personal:${person.aadObjectId}`
export const GROUP = 'demo:group'
export const card = (text: string, actions: Json[] = []) => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text, wrap: true }], actions },
})

/** A scripted bot in the place of the real one: it keeps what it is told, and answers as the test says. */
export class FakeBot {
  readonly activities: Json[] = []
  url = ''
  /** The demo stops and starts anew on the same port. */
  restart: () => Promise<void> = () => Promise.resolve()
  answer: (activity: Json) => Reply | Promise<Reply> = () => undefined
  readonly #waiting = new Set<() => void>()

  take(activity: Json): Reply | Promise<Reply> {
    this.activities.push(activity)
    for (const check of this.#waiting) check()
    return this.answer(activity)
  }

  /** The first activity that fits, come or to come. */
  async told(fits: (activity: Json) => boolean): Promise<Json> {
    const signal = AbortSignal.timeout(5000)
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.activities.find(fits)
        if (!found) return
        this.#waiting.delete(check)
        resolve(found)
      }
      signal.addEventListener('abort', () =>
        reject(new Error(`the bot was told: ${JSON.stringify(this.activities)}`)),
      )
      this.#waiting.add(check)
      check()
    })
  }

  /** A call of the Bot Connector API, as botbuilder makes it. */
  async connector(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${this.url}/demo/channel/v3/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }

  async post(conversation: string, activity: Json): Promise<string> {
    const { body } = await this.connector(
      'POST',
      `conversations/${encodeURIComponent(conversation)}/activities`,
      {
        type: 'message',
        ...activity,
      },
    )
    return String(body['id'])
  }

  async update(conversation: string, id: string, activity: Json): Promise<number> {
    const path = `conversations/${encodeURIComponent(conversation)}/activities/${id}`
    return (await this.connector('PUT', path, { type: 'message', id, ...activity })).status
  }
}

/** The demo and a scripted bot on one port, as `npm start` mounts them. */
export async function startDemo(t: TestContext, options: Partial<DemoOptions> = {}): Promise<FakeBot> {
  const bot = new FakeBot()
  const server = createServer((req, res) => {
    if (req.url !== '/api/messages') return demo.handle(req, res)
    void read(req).then(async (activity) => {
      const reply = await bot.take(activity)
      res.writeHead(reply?.status ?? 202, { 'content-type': 'application/json' })
      res.end(JSON.stringify(reply?.body ?? {}))
    })
  })
  server.on('upgrade', (req, socket, head) => demo.upgrade(req, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  bot.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log = { info: () => undefined, warn: () => undefined }
  const begin = () => createDemo({ botUrl: bot.url, people, log, ...options })
  let demo = begin()
  bot.restart = async () => {
    await demo.stop()
    demo = begin()
  }
  t.after(async () => {
    await demo.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return bot
}

async function read(req: IncomingMessage): Promise<Json> {
  const parts: Buffer[] = []
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString()) as Json
}
