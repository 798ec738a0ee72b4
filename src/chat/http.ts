import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import restify from 'restify'
import type { Log } from '../app/ports.ts'
import { ChatFault } from './fault.ts'
import { isLoopbackHost, isOwnOrigin } from './loopback.ts'

/** What is answered to one request. `afterwards` runs when the answer has left. */
export type Reply = { readonly status: number; readonly body?: unknown; readonly afterwards?: () => void }

/** A plain node handler on the same port (the demo's page): a path, or all below it with `/*` at the end. */
export type Mount = {
  readonly path: string
  handle(req: IncomingMessage, res: ServerResponse): void
  upgrade?(req: IncomingMessage, socket: Duplex, head: Buffer): void
}

export type HttpOptions = {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Without an app id: only this machine is spoken with. */
  readonly loopbackOnly: boolean
  /** Most bytes of one activity; beyond it 413. */
  readonly bodyLimit: number
  readonly mounts: readonly Mount[]
  readonly log: Log
  ready(): boolean
  healthz(): Reply
  readyz(): Reply
  /** One parsed JSON body with the Authorization header that came with it. Never rejects for bad input. */
  messages(body: unknown, authorization: string): Promise<Reply>
}

export type HttpServer = {
  /** @throws ChatFault PORT_TAKEN, ADDRESS_UNAVAILABLE, LISTEN_FAILED */
  listen(): Promise<{ readonly port: number }>
  /** Takes no more connections; running requests have `within` ms to end. */
  close(within: number): Promise<void>
}

/** An error in words for a program: never a stack trace. */
export const refusal = (status: number, code: string, message: string): Reply => ({
  status,
  body: { error: { code, message } },
})

/** The HTTP side: `/api/messages`, `/healthz`, `/readyz` and whatever is mounted beside them. */
export function createHttp(options: HttpOptions): HttpServer {
  const { log, mounts } = options
  const server = restify.createServer({ name: 'Dialback', ignoreTrailingSlash: true })
  const upgraded = new Set<Duplex>()

  const guard = (req: IncomingMessage): Reply | undefined => {
    if (!options.loopbackOnly) return undefined
    if (!isLoopbackHost(req.headers.host)) {
      return refusal(403, 'HOST_NOT_LOOPBACK', 'Without an app id this bot is only for this machine.')
    }
    if (!isOwnOrigin(req.headers.origin, req.headers.host)) {
      return refusal(403, 'ORIGIN_NOT_ALLOWED', 'Another web page may not speak to this bot.')
    }
    return undefined
  }

  server.pre((req, res, next) => {
    const refused = guard(req)
    if (refused) {
      answer(res, refused)
      return next(false)
    }
    const mount = mountOf(mounts, req.url)
    if (!mount) return next()
    // restify ends here: after `next` it would send an error of its own, since it has not sent the answer itself.
    mount.handle(req, res)
  })
  server.post('/api/messages', (req, res, next) => {
    takeMessage(req, options).then(
      (reply) => {
        answer(res, reply)
        next()
      },
      (err: unknown) => {
        log.error({ err, code: 'MESSAGE_FAILED' }, 'an activity could not be taken')
        answer(res, refusal(500, 'FAULT', 'The bot could not take this activity. Its log says why.'))
        next()
      },
    )
  })
  // The Agents Playground polls HEAD until the bot is there.
  server.head(
    '/api/messages',
    reply(() => ({ status: options.ready() ? 200 : 503 })),
  )
  server.opts(
    '/api/messages',
    reply(() => ({ status: options.ready() ? 204 : 503 })),
  )
  server.get(
    '/healthz',
    reply(() => options.healthz()),
  )
  server.get(
    '/readyz',
    reply(() => options.readyz()),
  )
  // restify words its own errors (404, 405) otherwise than we do.
  server.on('restifyError', (_req, res: restify.Response, err: { statusCode?: number }, done: () => void) => {
    const status = err.statusCode ?? 500
    if (status >= 500) log.error({ err, code: 'HTTP_FAILED' }, 'a request failed')
    if (!res.headersSent) answer(res, routeRefusal(status))
    done()
  })
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = guard(req)
    const mount = refused ? undefined : mountOf(mounts, req.url)
    if (!mount?.upgrade) {
      socket.end(`HTTP/1.1 ${refused ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`)
      return
    }
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    mount.upgrade(req, socket, head)
  })

  return {
    listen: () =>
      new Promise((done, failed) => {
        const refuse = (err: NodeJS.ErrnoException) => failed(listenFault(err, options))
        server.once('error', refuse)
        server.listen(options.port, options.host, () => {
          server.removeListener('error', refuse)
          server.on('error', (err: unknown) =>
            log.error({ err, code: 'HTTP_FAILED' }, 'the HTTP server failed'),
          )
          // A slow body holds a connection, not the bot.
          nodeServer(server).requestTimeout = 30_000
          done({ port: server.address().port })
        })
      }),
    close: (within) =>
      new Promise((done) => {
        const node = nodeServer(server)
        const force = setTimeout(() => node.closeAllConnections(), within)
        for (const socket of upgraded) socket.destroy()
        server.close(() => {
          clearTimeout(force)
          done()
        })
        node.closeIdleConnections()
      }),
  }
}

// restify keeps node's own server under this name; its types do not tell of what node added since.
const nodeServer = (server: restify.Server) =>
  (server as unknown as { readonly server: import('node:http').Server }).server

const reply =
  (make: () => Reply): restify.RequestHandler =>
  (_req, res, next) => {
    answer(res, make())
    next()
  }

// `sendRaw`, since restify sends an error of its own after whatever it did not send itself.
function answer(res: restify.Response, { status, body, afterwards }: Reply) {
  if (afterwards) res.once('close', afterwards)
  const text = body === undefined ? '' : JSON.stringify(body)
  res.sendRaw(status, text, {
    ...(text ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
    ...(status === 503 ? { 'Retry-After': '1' } : {}),
    ...(status === 413 ? { Connection: 'close' } : {}),
    'Content-Length': String(Buffer.byteLength(text)),
    'X-Content-Type-Options': 'nosniff',
  })
}

async function takeMessage(req: IncomingMessage, options: HttpOptions): Promise<Reply> {
  if (!options.ready())
    return refusal(503, 'NOT_READY', 'The bot is starting or stopping. Try again shortly.')
  const authorization = req.headers.authorization ?? ''
  if (!options.loopbackOnly && !authorization) {
    return refusal(401, 'UNAUTHORIZED', 'A token of the Bot Framework is required.')
  }
  // A form post is what a foreign web page can send without asking (docs/rules.md, "Without an app id").
  if (
    !/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '') ||
    req.headers['content-encoding']
  ) {
    return refusal(415, 'JSON_ONLY', 'Send application/json, not compressed.')
  }
  let activity: unknown
  try {
    const body = await readBody(req, options.bodyLimit)
    if (body === undefined) {
      return refusal(413, 'TOO_LARGE', `An activity may have at most ${options.bodyLimit} bytes.`)
    }
    activity = JSON.parse(body)
  } catch {
    return refusal(400, 'BROKEN_JSON', 'The body is not JSON.')
  }
  return options.messages(activity, authorization)
}

/** The body as text; undefined beyond the limit, whose rest is read and thrown away so that the answer is seen. */
function readBody(req: IncomingMessage, limit: number): Promise<string | undefined> {
  return new Promise((done, failed) => {
    const parts: Buffer[] = []
    let size = 0
    const tooMuch = () => done(undefined)
    req.on('data', (part: Buffer) => {
      size += part.length
      if (size <= limit) parts.push(part)
      else {
        parts.length = 0
        if (size > limit * 8) tooMuch()
      }
    })
    req.once('end', () => (size > limit ? tooMuch() : done(Buffer.concat(parts).toString('utf8'))))
    req.once('error', failed)
    req.once('close', () => failed(new Error('the request was broken off')))
  })
}

function mountOf(mounts: readonly Mount[], url = '/'): Mount | undefined {
  const path = url.split('?', 1)[0] ?? '/'
  return mounts.find((mount) =>
    mount.path.endsWith('/*')
      ? path.startsWith(mount.path.slice(0, -1)) || path === mount.path.slice(0, -2)
      : path === mount.path,
  )
}

function routeRefusal(status: number): Reply {
  if (status === 404) return refusal(404, 'NOT_FOUND', 'There is nothing at this address.')
  if (status === 405) return refusal(405, 'METHOD_NOT_ALLOWED', 'This address does not take that method.')
  if (status < 500) return refusal(status, 'BAD_REQUEST', 'The request cannot be understood.')
  return refusal(500, 'FAULT', 'The bot could not answer. Its log says why.')
}

function listenFault(err: NodeJS.ErrnoException, { host, port }: HttpOptions): ChatFault {
  if (err.code === 'EADDRINUSE') {
    const remedy = `Stop what listens on ${port}, or set PORT to another one.`
    return new ChatFault('PORT_TAKEN', `Port ${port} is taken`, remedy, err)
  }
  if (err.code === 'EADDRNOTAVAIL' || err.code === 'ENOTFOUND') {
    const remedy = 'Set HOST to an address of this machine, 0.0.0.0 or 127.0.0.1.'
    return new ChatFault('ADDRESS_UNAVAILABLE', `This machine has no address ${host}`, remedy, err)
  }
  const remedy = err.code === 'EACCES' ? 'Set PORT to 1024 or more.' : 'Check HOST and PORT.'
  return new ChatFault('LISTEN_FAILED', `Cannot listen on ${host}:${port}`, remedy, err)
}
