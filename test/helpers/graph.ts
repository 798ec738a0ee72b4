/** Microsoft Graph at the far edge: a local server that answers as learn.microsoft.com documents it. */
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from './certificate.ts'

export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
export const ORGANISER = '550fae72-d251-43ec-868c-373732c2704f'
export const THREAD = '19:meeting_M2IzYzczNTItYmY3OC00MDlmLWJjMzUtYmFiMjNlOTY4MGEz@thread.v2'
/** The link of a meeting, as Graph keeps it. */
export const JOIN_URL = joinUrlOf(THREAD, ORGANISER)

export function joinUrlOf(thread: string, organiser: string): string {
  const context = encodeURIComponent(JSON.stringify({ Tid: TENANT, Oid: organiser }))
  return `https://teams.microsoft.com/l/meetup-join/${small(encodeURIComponent(thread))}/0?context=${small(context)}`
}

function small(escaped: string): string {
  return escaped.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
}

/** The reply of "Get onlineMeeting", example 3, and of "Create onlineMeeting", example 1, with whole numbers. */
export const MEETING = {
  '@odata.type': '#microsoft.graph.onlineMeeting',
  audioConferencing: {
    tollNumber: '+34911980000',
    tollFreeNumber: '+34800000000',
    ConferenceId: '249991234',
    dialinUrl: 'https://dialin.teams.microsoft.com/22f12faf-bc69-4b8d-8e58-0ba3300000aa?id=249991234',
  },
  chatInfo: { threadId: THREAD, messageId: '0', replyChainMessageId: '0' },
  creationDateTime: '2019-07-11T02:17:17.6491364Z',
  startDateTime: '2019-07-11T02:17:17.6491364Z',
  endDateTime: '2019-07-11T02:47:17.651138Z',
  id: 'MSpkYzE3NjctYmZiMi04ZdFpHRTNaR1F6WGhyZWFkLnYy',
  joinWebUrl: JOIN_URL,
  participants: {
    organizer: { identity: { user: { id: ORGANISER, displayName: 'Heidi Steen' } }, upn: 'upn-value' },
  },
  subject: 'User Token Meeting',
  joinMeetingIdSettings: { isPasscodeRequired: false, joinMeetingId: '1234567890', passcode: null },
}

/** "Configure application access to online meetings", Errors. */
export const NO_POLICY = {
  error: {
    code: 'Forbidden',
    message: 'No application access policy found for this app',
    innerError: { date: '2023-01-01T00:00:00', 'request-id': '599d9cb0-56ac-4dc5-b6f8-1456a1414609' },
  },
}

export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent as it stands. */
  readonly body?: unknown
  /** Never answers. */
  readonly silent?: true
}
export type Asked = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly body: unknown
}

export class FakeGraph implements AsyncDisposable {
  readonly #server: http.Server
  readonly #secure: boolean
  readonly asked: Asked[] = []
  /** What is answered next, each once; then what `answer` says. */
  readonly next: Reply[] = []
  answer: (asked: Asked) => Reply = () => ({ body: { value: [] } })

  private constructor(certificate: Certificate | undefined) {
    const reply: http.RequestListener = (request, response) => void this.#reply(request, response)
    this.#secure = certificate !== undefined
    this.#server = certificate ? https.createServer(certificate, reply) : http.createServer(reply)
  }

  /** @param certificate for https */
  static async start(certificate?: Certificate): Promise<FakeGraph> {
    const fake = new FakeGraph(certificate)
    fake.#server.listen(0, '127.0.0.1')
    await once(fake.#server, 'listening')
    return fake
  }

  /** In place of `https://graph.microsoft.com`. */
  get home(): string {
    const { port } = this.#server.address() as AddressInfo
    return this.#secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  }

  /** In place of `https://graph.microsoft.com/v1.0`. */
  get url(): string {
    return `${this.home}/v1.0`
  }

  async #reply(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const sent = Buffer.concat(parts).toString('utf8')
    const url = new URL(request.url ?? '', 'http://graph')
    const asked = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      authorization: request.headers.authorization,
      body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
    }
    this.asked.push(asked)
    const { status = 200, headers = {}, body = {}, silent } = this.next.shift() ?? this.answer(asked)
    if (silent) return
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
