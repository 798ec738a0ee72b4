/** The requests of one leg: recorded in its ladder, and answered for it when the PBX asks for credentials. */
import { authorization, challengeOf } from './digest.ts'
import type { Credentials } from './digest.ts'
import type { Connection, OutgoingRequest, RequestUser, Response, SentRequest } from './connection.ts'

export type Recorder = (direction: 'out' | 'in', raw: string) => void

// RFC 3261 22.3: a proxy and a server may both ask; each is answered once, and once more for a nonce too old.
const MOST_TRIES = 3
type Asked = readonly (401 | 407)[]

export class Wire {
  readonly #connection: Connection
  readonly #credentials: Credentials | undefined
  /** Who has answered requests that went to the trunk itself. */
  readonly #trunk = new Set<string>()
  readonly record: Recorder

  constructor(connection: Connection, credentials: Credentials | undefined, record: Recorder) {
    this.#connection = connection
    this.#credentials = credentials
    this.record = record
  }

  /** Whether the signalling server is there. */
  get up(): boolean {
    return this.#connection.up
  }

  /** Sends a request; 401 and 407 are answered here and reach the user only when they cannot be. */
  request(request: OutgoingRequest, user: RequestUser): void {
    this.#send(request, user, [])
  }

  #send(request: OutgoingRequest, user: RequestUser, asked: Asked): void {
    let sent: SentRequest | undefined
    this.#connection.request(request, {
      sent: (it) => {
        sent = it
        this.record('out', it.raw)
        user.sent?.({
          raw: it.raw,
          header: (name) => it.header(name),
          cancel: (done) => this.#cancel(it, done),
        })
      },
      failed: (why) => {
        user.failed(why)
      },
      response: (response) => {
        this.record('in', response.raw)
        const { status } = response
        if (request.dialog === undefined && !response.local) this.#trunk.add(response.from)
        if ((status === 401 || status === 407) && sent) {
          const headers = this.#answer(sent, request, response, status, asked)
          if (headers) return this.#send({ ...request, headers }, user, [...asked, status])
        }
        user.response({
          ...response,
          ack: (body, done) => {
            response.ack(body, (raw) => {
              this.record('out', raw)
              done?.(raw)
            })
          },
        })
      },
      ...(user.update ? { update: user.update.bind(user) } : {}),
    })
  }

  #cancel(sent: SentRequest, done: (raw: string | undefined) => void): void {
    sent.cancel((raw) => {
      if (raw !== undefined && raw !== '') this.record('out', raw)
      done(raw)
    })
  }

  /** RFC 3261 22.2: the same request again, one CSeq later, in the same call, with the credentials. */
  #answer(
    sent: SentRequest,
    request: OutgoingRequest,
    response: Response,
    status: 401 | 407,
    asked: Asked,
  ): Record<string, string> | undefined {
    const challenge = challengeOf(response.header(status === 401 ? 'www-authenticate' : 'proxy-authenticate'))
    if (!challenge || !this.#credentials || asked.length >= MOST_TRIES) return undefined
    // A phone whose Contact leads past the PBX could ask for the trunk's credentials with its answer to a BYE, and try
    // passwords on them at leisure. A leg of an earlier process knows nothing of its trunk's addresses.
    if (request.dialog !== undefined && this.#trunk.size > 0 && !this.#trunk.has(response.from))
      return undefined
    if (asked.includes(status) && !challenge.stale) return undefined
    const uri = /^\S+ (\S+)/.exec(sent.raw)?.[1] ?? request.uri ?? ''
    const name = status === 401 ? 'Authorization' : 'Proxy-Authorization'
    const sequence = Number.parseInt(sent.header('cseq'), 10) + 1
    return {
      ...request.headers,
      'Call-ID': sent.header('call-id'),
      From: sent.header('from'),
      CSeq: `${sequence} ${request.method}`,
      [name]: authorization(challenge, this.#credentials, { method: request.method, uri }),
    }
  }
}
