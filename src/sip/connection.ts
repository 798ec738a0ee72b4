/**
 * The only door to drachtio-srf: requests out, responses and requests in, over one connection that comes back by itself.
 *
 * drachtio-srf's dialogs are not used. A re-INVITE through them hangs for ever after one refusal, an early UPDATE
 * is answered with a stale offer, a lost socket is never told; its requests and responses are
 * sound. Each connection is an instance of its own, since drachtio-srf's own reconnect forgets TLS and `setNoDelay`.
 */
import Srf from 'drachtio-srf'

import type { Clock, Log } from '../app/ports.ts'

export type ServerAddress = {
  readonly host: string
  readonly port: number
  readonly secret: string
  /** Under which name it knows us; default: that of every bot. */
  readonly application?: string
}

/** A request to send: `dialog` puts it inside one, else `uri` says whereto and `proxy` over which next hop. */
export type OutgoingRequest = {
  readonly method: string
  readonly uri?: string
  readonly proxy?: string
  readonly dialog?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A request that has gone out, as the server wrote it. */
export interface SentRequest {
  readonly raw: string
  header(name: string): string
  /** Sends CANCEL. `done` hears what went out, or undefined when there was nothing left to cancel. */
  cancel(done: (raw: string | undefined) => void): void
}

export interface Response {
  readonly status: number
  readonly reason: string
  readonly raw: string
  readonly body: string
  /** The server's id of the dialog that this response belongs to. */
  readonly dialog: string
  header(name: string): string
  /** IP address that it came from. */
  readonly from: string
  /** Made by the signalling server: nobody answered (408), or it could not be sent (503). */
  readonly local: boolean
  /** ACK of a 2xx, or PRACK of a reliable provisional response. */
  ack(body?: string, done?: (raw: string) => void): void
}

/** A request inside a dialog. */
export interface IncomingRequest {
  readonly method: string
  readonly raw: string
  readonly body: string
  readonly dialog: string
  header(name: string): string
  /** The server itself has ended the dialog; there is nothing to answer. */
  readonly local: boolean
  answer(status: number, options?: AnswerOptions): void
}
export type AnswerOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Hears what went out, or undefined when nothing did. */
  readonly done?: (raw: string | undefined) => void
}

/** What comes of a request. After `failed` nothing else comes. */
export type RequestUser = {
  sent?(request: SentRequest): void
  failed(why: string): void
  response(response: Response): void
  /** UPDATE before the answer to our INVITE (RFC 3311). */
  update?(request: IncomingRequest): void
}

export type ConnectionUser = {
  up(): void
  down(why: string): void
  /** A request inside a dialog, whoever holds it. */
  request(request: IncomingRequest): void
}

/** Under this tag the server knows every process of this bot, so that one can go on with another's dialogs. */
const APPLICATION = 'dialback'
const RETRY = { first: 100, most: 2000 }

export class Connection {
  readonly #address: ServerAddress
  readonly #user: ConnectionUser
  readonly #log: Log
  readonly #clock: Clock
  #srf: SrfCore | undefined
  #up = false
  #stopped = false
  #told = false
  #delay = RETRY.first

  constructor(address: ServerAddress, user: ConnectionUser, log: Log, clock: Clock) {
    this.#address = address
    this.#user = user
    this.#log = log
    this.#clock = clock
  }

  get up(): boolean {
    return this.#up
  }

  /** Begins to connect, and goes on until `stop`. */
  start(): void {
    const srf = new Srf(this.#address.application ?? APPLICATION) as unknown as SrfCore
    this.#srf = srf
    srf.use((req, res, next) => {
      if (req.stackDialogId === undefined || req.stackDialogId === '') return next()
      this.#guard(() => {
        this.#user.request(incomingOf(req, res))
      })
    })
    // Only routed methods reach a client outside of dialogs; a PBX asks with OPTIONS whether we are alive.
    srf.options((req, res) => {
      this.#guard(() => {
        incomingOf(req, res).answer(200)
      })
    })
    srf.on('connect', (fault) => {
      if (this.#srf !== srf) return
      if (fault) return this.#lost(srf, 'the signalling server refuses the secret')
      this.#up = true
      this.#told = false
      this.#delay = RETRY.first
      this.#user.up()
    })
    srf.on('error', (fault) => {
      this.#lost(srf, fault instanceof Error ? fault.message : 'connection failed')
    })
    srf.on('close', () => {
      this.#lost(srf, 'the connection to the signalling server has ended')
    })
    const { host, port, secret } = this.#address
    srf.connect({ host, port, secret, reconnect: { maxAttempts: 1 } })
  }

  stop(): void {
    this.#stopped = true
    this.#drop()
  }

  /** Sends a request. Never throws: what goes wrong is told to `user.failed`. */
  request(request: OutgoingRequest, user: RequestUser): void {
    const srf = this.#srf
    if (!srf || !this.#up) return user.failed('the signalling server is away')
    const { method, proxy, dialog, headers, body } = request
    // A placeholder tells the server to use the dialog's own remote target.
    const uri = request.uri ?? 'sip:placeholder'
    const options: SrfOptions = {
      method,
      headers: { ...headers },
      ...(proxy === undefined ? {} : { proxy }),
      ...(dialog === undefined ? {} : { stackDialogId: dialog }),
      ...(body === undefined ? {} : { body }),
    }
    try {
      srf.request(uri, options, (fault, sent) => {
        this.#guard(() => {
          if (fault || !sent) user.failed(fault?.message ?? 'the request could not be sent')
          else this.#watch(sent, user)
        })
      })
    } catch (fault) {
      user.failed(fault instanceof Error ? fault.message : String(fault))
    }
  }

  #watch(sent: SrfRequest, user: RequestUser): void {
    sent.on('response', (res, ack) => {
      this.#guard(() => {
        user.response(responseOf(res, ack))
      })
    })
    sent.on('update', (req, res) => {
      this.#guard(() => {
        const request = incomingOf(req, res)
        if (user.update) user.update(request)
        // It takes an UPDATE for one of any request under way: our BYE, or a re-INVITE.
        else this.#user.request(request)
      })
    })
    user.sent?.({
      raw: sent.msg.raw,
      header: (name) => sent.get(name) ?? '',
      cancel: (done) => {
        try {
          sent.cancel((fault, cancel) => {
            this.#guard(() => {
              done(fault ? undefined : (cancel?.msg.raw ?? ''))
            })
          })
        } catch {
          done(undefined)
        }
      },
    })
  }

  #lost(srf: SrfCore, why: string): void {
    if (this.#srf !== srf) return
    const news = this.#up || !this.#told
    this.#told = true
    this.#drop()
    // Each further attempt that fails is no news.
    if (news) this.#user.down(why)
    if (this.#stopped) return
    this.#clock.after(this.#delay, () => {
      if (!this.#stopped) this.start()
    })
    this.#delay = Math.min(this.#delay * 2, RETRY.most)
  }

  #drop(): void {
    const srf = this.#srf
    this.#srf = undefined
    this.#up = false
    try {
      srf?.disconnect()
    } catch {
      // Nothing was connected: there is nothing to disconnect.
    }
  }

  /** What throws inside a handler of drachtio-srf would end the process, or poison its read buffer. */
  #guard(run: () => void): void {
    try {
      run()
    } catch (err) {
      this.#log.error({ code: 'SIP_HANDLER', err }, 'A SIP message could not be handled')
    }
  }
}

// No header that is of use to a call is longer; a Contact of 64 KB of brackets took seconds of everybody's time.
const MOST_OF_HEADER = 4096

const headerOf = (message: { get(name: string): string | undefined }) => (name: string) =>
  (message.get(name) ?? '').slice(0, MOST_OF_HEADER)

function responseOf(res: SrfResponse, ack: SrfAck): Response {
  const header = headerOf(res)
  const { status } = res
  return {
    status,
    reason: res.reason,
    raw: res.msg.raw,
    body: res.body,
    dialog: res.stackDialogId ?? '',
    from: res.source_address ?? '',
    header,
    // What nobody sent has no To tag (RFC 3261 8.2.6.2 asks one of everybody who answers).
    local: (status === 408 || status === 503 || status === 487) && !/;\s*tag=/i.test(header('to')),
    ack: (body, done) => {
      ack(body === undefined ? {} : { body }, (fault, sent) => {
        if (!fault && sent) done?.(sent.raw)
      })
    },
  }
}

function incomingOf(req: SrfRequest, res: SrfResponse): IncomingRequest {
  return {
    method: req.method,
    raw: req.msg.raw,
    body: req.body,
    dialog: req.stackDialogId ?? '',
    header: headerOf(req),
    local: req.source === 'application',
    answer: (status, { headers = {}, body, done } = {}) => {
      const options = { headers: { ...headers }, ...(body === undefined ? {} : { body }) }
      res.send(status, options, (fault, sent) => {
        done?.(fault ? undefined : sent?.raw)
      })
    },
  }
}

// What is used of drachtio-srf 5, as its sources have it: the types that come with it are thinner than it is.
type SrfMessage = { readonly raw: string }
type SrfOptions = {
  readonly method: string
  readonly headers: Record<string, string>
  readonly proxy?: string
  readonly stackDialogId?: string
  readonly body?: string
}
type SrfAck = (
  options: { readonly body?: string },
  done: (fault: unknown, sent: SrfMessage | undefined) => void,
) => void
interface SrfRequest {
  readonly method: string
  readonly msg: SrfMessage
  readonly body: string
  readonly source: 'network' | 'application'
  readonly stackDialogId?: string
  get(name: string): string | undefined
  cancel(done: (fault: unknown, cancel: SrfRequest | undefined) => void): void
  on(event: 'response', listener: (res: SrfResponse, ack: SrfAck) => void): void
  on(event: 'update', listener: (req: SrfRequest, res: SrfResponse) => void): void
}
interface SrfResponse {
  readonly status: number
  readonly reason: string
  readonly msg: SrfMessage
  readonly body: string
  readonly stackDialogId?: string
  readonly source_address?: string
  get(name: string): string | undefined
  send(
    status: number,
    options: { headers: Record<string, string>; body?: string },
    done: (fault: unknown, sent: SrfMessage | undefined) => void,
  ): void
}
interface SrfCore {
  use(handler: (req: SrfRequest, res: SrfResponse, next: () => void) => void): void
  options(handler: (req: SrfRequest, res: SrfResponse) => void): void
  on(event: 'connect', listener: (fault: Error | undefined) => void): void
  on(event: 'error' | 'close', listener: (fault: unknown) => void): void
  connect(
    options: Omit<ServerAddress, 'application'> & { readonly reconnect: { readonly maxAttempts: number } },
  ): void
  disconnect(): void
  request(
    uri: string,
    options: SrfOptions,
    done: (fault: Error | undefined | null, sent: SrfRequest | undefined) => void,
  ): void
}
