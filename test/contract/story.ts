import { once } from 'node:events'
import type { TestContext } from 'node:test'
import type { Dialog, Request, Response, Srf } from './drachtio.ts'
import { server } from './drachtio.ts'
import type { Address, Fields, Message } from './peer.ts'
import { header, Peer, sdp, unique, uriOf } from './peer.ts'

export type Stage = {
  readonly srf: Srf
  readonly sip: Record<'udp' | 'tcp', Address>
  readonly phone: Peer
  readonly t1: number
}

/** An application, a server and a phone, ready. */
export async function stage(
  t: TestContext,
  options: { transport?: 'udp' | 'tcp'; prepare?: (srf: Srf) => void; t1?: number } = {},
): Promise<Stage> {
  const { client, t1 } = await server(t, options.t1)
  const { srf, sip } = await client(options.prepare)
  const phone = await Peer.start(options.transport)
  t.after(() => phone.close())
  return { srf, sip, phone, t1 }
}

/** A dialog as the phone sees it, so that it can send requests inside it. */
export type PhoneSide = {
  readonly to: Address
  readonly uri: string
  readonly local: string
  readonly remote: string
  readonly callId: string
}

/** Inside the dialog of a call to the phone, sent by it. */
export function calledSide(to: Address, invite: Message, ownTag: string): PhoneSide {
  const local = `${header(invite, 'to')};tag=${ownTag}`
  return {
    to,
    uri: uriOf(header(invite, 'contact')),
    local,
    remote: header(invite, 'from'),
    callId: header(invite, 'call-id'),
  }
}

export function sendInside(
  phone: Peer,
  side: PhoneSide,
  method: string,
  seq: number,
  options: { body?: string; fields?: Fields; branch?: string; contact?: string } = {},
): Promise<string> {
  return phone.send(
    side.to,
    {
      method,
      uri: side.uri,
      from: side.local,
      to: side.remote,
      callId: side.callId,
      cseq: `${seq} ${method}`,
    },
    options,
  )
}

/** A call to the phone that it has answered. */
export async function answered(
  { srf, phone, sip }: Stage,
  options: { auth?: { username: string; password: string }; fields?: Fields } = {},
): Promise<{ dialog: Dialog; invite: Message; side: PhoneSide; tag: string }> {
  const own = unique('tag')
  const call = srf.createUAC(phone.uri(), {
    localSdp: sdp(4000),
    ...(options.auth ? { auth: options.auth } : {}),
  })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 200, {
    tag: own,
    body: sdp(5000),
    ...(options.fields ? { fields: options.fields } : {}),
  })
  await phone.request('ACK')
  return { dialog: await call, invite, side: calledSide(sip[phone.transport], invite, own), tag: own }
}

/** A call out of which the request is wanted, to cancel it: the phone may hear of it before the application does. */
export function placed({ srf, phone }: Pick<Stage, 'srf' | 'phone'>): {
  call: Promise<Dialog>
  request: Promise<Request>
  /** The first provisional response. */
  rings: Promise<Response>
} {
  const { promise: request, resolve, reject } = Promise.withResolvers<Request>()
  const { promise: rings, resolve: cbProvisional } = Promise.withResolvers<Response>()
  const cbRequest = (fault: Error | null, made: Request): void => {
    if (fault) reject(fault)
    else resolve(made)
  }
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) }, { cbRequest, cbProvisional })
  return { call, request, rings }
}

/** The phone calls `user`. */
export async function callsIn(
  { phone, sip }: Stage,
  options: {
    body?: string
    fields?: Fields
    user?: string
    callId?: string
    from?: string
    branch?: string
  } = {},
): Promise<{ callId: string; from: string; uri: string; branch: string; sent: string }> {
  const address = sip[phone.transport]
  const uri = `sip:${options.user ?? 'bot'}@${address.host}:${address.port}`
  const callId = options.callId ?? unique('call')
  const from = options.from ?? `<sip:1001@${phone.hostPort}>;tag=${unique('f')}`
  const branch = options.branch ?? unique('z9hG4bK')
  const sent = await phone.send(
    address,
    { method: 'INVITE', uri, from, to: `<${uri}>`, callId, cseq: '7 INVITE' },
    { branch, body: options.body ?? sdp(5000), ...(options.fields ? { fields: options.fields } : {}) },
  )
  return { callId, from, uri, branch, sent }
}

/** The phone's side of a dialog that its own INVITE made, from the response to it. */
export function callingSide(to: Address, response: Message): PhoneSide {
  return {
    to,
    uri: uriOf(header(response, 'contact')) || `sip:${to.host}:${to.port}`,
    local: header(response, 'from'),
    remote: header(response, 'to'),
    callId: header(response, 'call-id'),
  }
}

/** Calls that come in, one after the other. */
export function incoming(): {
  prepare: (srf: Srf) => void
  next: () => Promise<{ request: Request; response: Response }>
} {
  const calls: { request: Request; response: Response }[] = []
  const waiters: ((call: { request: Request; response: Response }) => void)[] = []
  return {
    prepare: (srf) =>
      srf.invite((request, response) => {
        const waiter = waiters.shift()
        if (waiter) waiter({ request, response })
        else calls.push({ request, response })
      }),
    next: () => {
      const call = calls.shift()
      return call ? Promise.resolve(call) : new Promise((resolve) => waiters.push(resolve))
    },
  }
}

export async function event<T>(emitter: Dialog | Request, name: string): Promise<T> {
  const [first] = (await once(emitter, name)) as [T]
  return first
}
