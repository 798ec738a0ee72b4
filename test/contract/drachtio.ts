import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import type { Address } from './peer.ts'
import { embedded } from './shape.ts'
import type { Started } from './shape.ts'
import { real } from './suite.ts'

/** What these tests use of drachtio-srf, more truly typed than in its own declarations. */
export type Response = EventEmitter & {
  readonly status: number
  readonly reason: string
  readonly body: string
  readonly source_address: string
  get: (name: string) => string
  has: (name: string) => boolean
  /** `acknowledged` is given the PRACK or ACK that comes for it. */
  send: (
    status: number,
    options?: SendOptions,
    done?: (fault: Error | null, sent: Response) => void,
    acknowledged?: (ack: Request) => void,
  ) => void
}
/** ACK of a final response, PRACK of a reliable one. */
export type Acknowledge = (options?: SendOptions) => void
export type SendOptions = { headers?: Record<string, string>; body?: string }

export type Request = EventEmitter & {
  readonly method: string
  readonly uri: string
  readonly body: string
  readonly source: string
  readonly protocol: string
  readonly receivedOn: string
  readonly source_address: string
  readonly source_port: number
  readonly stackDialogId: string
  get: (name: string) => string
  has: (name: string) => boolean
  cancel: (options?: { headers?: Record<string, string> }, done?: (fault: Error | null) => void) => void
}
export type Dialog = EventEmitter & {
  readonly id: string
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string }
  readonly local: { sdp: string; contact: string }
  readonly remote: { sdp: string; uri: string }
  readonly connected: boolean
  request: (options: {
    method: string
    headers?: Record<string, string>
    body?: string
    noAck?: boolean
    auth?: { username: string; password: string }
  }) => Promise<Response>
  modify: (sdp: string) => Promise<string>
  destroy: (options?: { headers?: Record<string, string> }) => Promise<Request>
}
export type LateOffer = {
  readonly sdp: string
  readonly ack: (sdp: string) => Promise<Dialog>
  readonly res: Response
}
type Progress = {
  cbRequest?: (fault: Error | null, request: Request) => void
  cbProvisional?: (response: Response) => void
}
type CallOptions = {
  localSdp?: string
  headers?: Record<string, string>
  proxy?: string
  noAck?: boolean
  auth?: { username: string; password: string }
  callingNumber?: string
  callingName?: string
}
type Handler = (request: Request, response: Response, next: () => void) => void
export type Srf = EventEmitter & {
  connect: (options: { host: string; port: number; secret: string }) => void
  disconnect: () => void
  createUAC: (uri: string, options: CallOptions, progress?: Progress) => Promise<Dialog & LateOffer>
  createUAS: (
    request: Request,
    response: Response,
    options: { localSdp: string; headers?: Record<string, string> },
  ) => Promise<Dialog>
  request: (
    uri: string,
    options: { method: string; headers?: Record<string, string>; body?: string; auth?: CallOptions['auth'] },
  ) => Promise<Request>
  findDialogById: (id: string) => Dialog | undefined
  invite: (handler: Handler) => void
  options: (handler: Handler) => void
  message: (handler: Handler) => void
  use: (method: string, handler: Handler) => void
}

const SrfClass = createRequire(import.meta.url)('drachtio-srf') as new (tags?: string | string[]) => Srf

export type Server = {
  readonly host: string
  readonly port: number
  readonly secret: string
  /** Connects one more application; routes are asked for by `prepare`, before it connects. */
  readonly client: (
    prepare?: (srf: Srf) => void,
    tag?: string,
  ) => Promise<{ srf: Srf; sip: Record<'udp' | 'tcp', Address> }>
  /** T1 in milliseconds. */
  readonly t1: number
}

/**
 * sipd with quick timers, in the shape that `shape.ts` tells; or, where DRACHTIO_HOST is set, the real drachtio-server
 * there (DRACHTIO_PORT, DRACHTIO_SECRET; DRACHTIO_T1 is what its configuration has as T1). The test's applications
 * are taken away after it.
 */
export async function server(test: TestContext, t1 = 100): Promise<Server> {
  const { stop, ...address } = real ? given() : await embedded(t1)
  const srfs = new Set<Srf>()
  // drachtio-srf connects again for ever, and cannot be told not to while it is not connected.
  test.after(async () => {
    for (const srf of srfs)
      try {
        srf.disconnect()
      } catch {
        // The test has disconnected it a moment ago: drachtio-srf throws where there is no socket.
      }
    await stop()
  })
  const client: Server['client'] = async (prepare, tag) => {
    const srf = tag === undefined ? new SrfClass() : new SrfClass(tag)
    srf.on('error', () => undefined)
    prepare?.(srf)
    srf.connect(address)
    const local = await new Promise<string>((resolve, reject) => {
      srf.once(
        'connect',
        (fault: Error | null, _hostport: string, _version: string, localHostports: string) => {
          if (fault) reject(fault)
          else resolve(localHostports)
        },
      )
    })
    srfs.add(srf)
    srf.once('close', () => srfs.delete(srf))
    const sip = { udp: pick(local, 'udp'), tcp: pick(local, 'tcp') }
    // The routes asked for stand as soon as something asked for later is answered: a call to the server itself is a no.
    await srf
      .request(`sip:self@${sip.udp.host}:${sip.udp.port}`, { method: 'OPTIONS' })
      .catch(() => undefined)
    return { srf, sip }
  }
  return { ...address, client }
}

function given(): Started {
  return {
    host: process.env['DRACHTIO_HOST'] ?? '127.0.0.1',
    port: Number(process.env['DRACHTIO_PORT'] ?? 9022),
    secret: process.env['DRACHTIO_SECRET'] ?? 'cymru',
    t1: Number(process.env['DRACHTIO_T1'] ?? 500),
    stop: () => Promise.resolve(),
  }
}

function pick(hostports: string, transport: 'udp' | 'tcp'): Address {
  const entry = hostports.split(',').find((value) => value.startsWith(`${transport}/127.0.0.1:`))
  const [host = '127.0.0.1', port = '5060'] = (entry ?? '').slice(transport.length + 1).split(':')
  return { transport, host, port: Number(port) }
}
