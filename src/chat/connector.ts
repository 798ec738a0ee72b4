import http from 'node:http'
import https from 'node:https'
import { answerText } from './answer-text.ts'

/** What became of one request to a channel. */
export type Outcome =
  | { readonly kind: 'done'; readonly body: unknown }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code?: string
      /** Milliseconds that the channel asks to wait. */
      readonly retryAfter?: number
    }
  /** It certainly never reached the channel. */
  | { readonly kind: 'unsent'; readonly cause: unknown }
  /** Timed out, or lost after it was sent: it may have been carried out. */
  | { readonly kind: 'unknown'; readonly cause: unknown }

export type Connector = {
  request(to: {
    readonly method: 'GET' | 'POST' | 'PUT'
    readonly serviceUrl: string
    /** Below the service URL, `/v3/…`, already encoded. */
    readonly path: string
    readonly body?: unknown
    /** Milliseconds for the whole of it. */
    readonly within: number
  }): Promise<Outcome>
  close(): void
}

/** Shorter than the five seconds after which node's own servers close an idle connection. */
const IDLE_MS = 4000
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** How the bot proves itself to a channel. */
export type Proof = {
  /** The Authorization header for a request, undefined where there is no app id; throws where none can be had. */
  authorize(): Promise<string | undefined>
  /** A channel answered 401 to this header. */
  refused(authorization: string): void
}

/**
 * Speaks the Bot Connector's REST API (learn.microsoft.com, "Bot Connector API reference").
 *
 * botbuilder's ConnectorClient is not used for it: its pipeline repeats a POST by itself after a 5xx or a lost
 * connection, so that a message would stand twice, and it costs several times as much.
 */
export function createConnector(proof: Proof): Connector {
  const settings = { keepAlive: true, maxSockets: 64, timeout: IDLE_MS }
  const plain = new http.Agent(settings)
  // Companies reach Microsoft through the proxy of HTTPS_PROXY.
  const secure = new https.Agent({ ...settings, proxyEnv: process.env })

  return {
    async request({ method, serviceUrl, path, body, within }) {
      let authorization: string | undefined
      try {
        authorization = await proof.authorize()
      } catch (cause) {
        return { kind: 'unsent', cause }
      }
      // A string, not a Buffer: node then writes headers and body as one.
      const payload = body === undefined ? '' : JSON.stringify(body)
      const url = new URL(serviceUrl + path)
      const headers = {
        accept: 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
        ...(payload
          ? {
              'content-type': 'application/json; charset=utf-8',
              'content-length': Buffer.byteLength(payload),
            }
          : {}),
      }
      const { request } = url.protocol === 'https:' ? https : http
      const agent = url.protocol === 'https:' ? secure : plain
      const ready = url.protocol === 'https:' ? 'secureConnect' : 'connect'
      const outcome = await exchange(request(url, { method, headers, agent }), payload, { within, ready })
      if (authorization !== undefined && outcome.kind === 'refused' && outcome.status === 401)
        proof.refused(authorization)
      return outcome
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function exchange(
  request: http.ClientRequest,
  payload: string,
  { within, ready }: { readonly within: number; readonly ready: 'connect' | 'secureConnect' },
): Promise<Outcome> {
  return new Promise((done) => {
    let connected = false
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${within} ms`)), within)
    const finish = (outcome: Outcome) => {
      clearTimeout(timer)
      done(outcome)
    }
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(ready, () => (connected = true))
      else connected = true
    })
    request.once('error', (cause: NodeJS.ErrnoException) =>
      finish({ kind: connected && !NEVER_SENT.has(cause.code ?? '') ? 'unknown' : 'unsent', cause }),
    )
    request.once('response', (response) => {
      answerText(response).then(
        (text) => finish(outcomeOf(response, text)),
        (cause: unknown) => finish({ kind: 'unknown', cause }),
      )
    })
    request.end(payload, 'utf8')
  })
}

function outcomeOf({ statusCode = 0, headers }: http.IncomingMessage, text: string): Outcome {
  const body = parsed(text)
  if (statusCode >= 200 && statusCode < 300) return { kind: 'done', body }
  const code = codeOf(body)
  const retryAfter = waitOf(headers['retry-after'])
  return {
    kind: 'refused',
    status: statusCode,
    ...(code === undefined ? {} : { code }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function codeOf(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code.slice(0, 200) : undefined
}

/** RFC 9110 10.2.3: seconds, or a date. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}
