import { token } from '../message/build.ts'
import { Headers } from '../message/headers.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { cseqOf, EMPTY, METHODS } from '../message/message.ts'
import { serialise } from '../message/serialise.ts'
import { bracketed, parseUri, tagOf, withTag } from '../message/uri.ts'
import { cancelOf } from '../transaction/client-invite.ts'
import type { ClientInvite } from '../transaction/client-invite.ts'
import type { Route } from '../transaction/layer.ts'
import { nextHop } from '../transport/address.ts'
import type { Source } from '../transport/transports.ts'
import type { AppRequest, Core, RequestUser, Sent } from './core.ts'
import { endDialog, endUsage, findRoute } from './core.ts'
import { Dialog } from './dialog.ts'
import { applicationFields, LocalSide, RequestFault } from './local.ts'
import { keepAsCaller } from './refresh.ts'
import { isNext } from './reliable.ts'
import { acknowledge, sendBye, usageOf } from './within.ts'

const MAKES_DIALOG = new Set(['INVITE', 'SUBSCRIBE'])
/** Forks of one INVITE that are kept: a far side that rings with ever new tags makes the oldest go. */
const FORKS_AT_MOST = 64

/** A request outside of any dialog, and the dialogs that came of it: one for each fork that answered. */
export class Outgoing {
  readonly request: SipRequest
  readonly route: Route
  readonly forks = new Map<string, Dialog>()
  transaction: { start: () => void } | undefined
  cancelled = false
  /** Nobody waits for it any more: whatever answers is hung up. */
  abandoned = false
  answered: Dialog | undefined

  constructor(request: SipRequest, route: Route) {
    this.request = request
    this.route = route
  }
}

/**
 * Sends a request that belongs to no dialog (RFC 3261 8.1).
 * @param proxy URI of the next hop, in place of the request's own
 * @returns by `made` the request under way, before anything can be answered
 */
export function sendOutside(
  core: Core,
  app: AppRequest,
  proxy: string | undefined,
  user: RequestUser,
  made: (outgoing: Outgoing) => void,
): void {
  const target = parseUri(proxy ?? app.uri)
  // RFC 5922 7.1: a certificate is for the domain that led here, which the address of a next hop does not tell.
  const hop = target && nextHop(target, 'udp', parseUri(app.uri)?.host)
  if (!METHODS.includes(app.method) || app.method === 'ACK' || app.method === 'CANCEL') {
    user.unsent(`invalid method outside of a dialog: ${app.method}`)
  } else if (!target) user.unsent(`invalid request-uri: ${proxy ?? app.uri}`)
  else if (!hop) user.unsent('requested protocol/transport not available')
  else if (core.transports.isOwn(hop)) user.unsent('can not send request to myself')
  else {
    findRoute(core, hop, (route) => {
      if (typeof route === 'string') user.unsent(route)
      else start(core, app, { ...route, listen: true }, user, made)
    })
  }
}

function start(
  core: Core,
  app: AppRequest,
  route: Route,
  user: RequestUser,
  made: (outgoing: Outgoing) => void,
): void {
  let request: SipRequest
  let bytes: Buffer
  try {
    request = compose(app, new LocalSide(route.local, route.peer.host, app.uri))
    bytes = serialise(request)
  } catch (fault) {
    user.unsent(fault instanceof Error ? fault.message : 'invalid request')
    return
  }
  const outgoing = new Outgoing(request, route)
  const { peer } = route
  const transaction = core.layer.client(
    request,
    bytes,
    route,
    (response, source) => {
      if (request.method === 'INVITE') onInviteResponse(core, outgoing, user, response, source)
      else {
        if (request.method === 'SUBSCRIBE') onSubscribeResponse(core, outgoing, response, source)
        user.response(response, source, peer)
      }
    },
    () => forget(core, outgoing),
  )
  outgoing.transaction = transaction
  made(outgoing)
  user.sent({ bytes, peer })
  transaction.start()
}

function compose(app: AppRequest, side: LocalSide): SipRequest {
  const given = app.headers
  const from = side.fill('from', given.get('from') ?? side.contact())
  const to = side.fill('to', given.get('to') ?? `<${app.uri}>`)
  const seq = /^\d{1,9}/.exec(given.get('cseq') ?? '')?.[0] ?? '1'
  const callId = given.get('call-id') ?? token()
  if (/[\s|]/.test(callId)) throw new RequestFault('invalid Call-ID')
  const headers = new Headers()
    .add('Via', side.via())
    .add('Max-Forwards', '70')
    .add('From', tagOf(from) === undefined ? withTag(from, token()) : bracketed(from))
    .add('To', bracketed(to))
    .add('Call-ID', callId)
    .add('CSeq', `${seq} ${app.method}`)
  if (MAKES_DIALOG.has(app.method) && !given.has('contact')) headers.add('Contact', side.contact())
  for (const { key, name, value } of applicationFields(given, side, app.body).fields) {
    if (key === 'max-forwards') headers.set(name, value)
    else headers.add(name, value)
  }
  return { kind: 'request', method: app.method, uri: app.uri, headers, body: app.body }
}

function onInviteResponse(
  core: Core,
  outgoing: Outgoing,
  user: RequestUser,
  response: SipResponse,
  source: Source | undefined,
): void {
  const { peer } = outgoing.route
  const { status } = response
  if (status >= 200 && status < 300) {
    onAnswer(core, outgoing, user, response, source)
    return
  }
  if (status < 200) {
    if (status > 100 && source && tagOf(response.headers.get('to') ?? '') !== undefined) {
      const fork = forkOf(core, outgoing, response, source)
      if (!fork || !isNext(fork, response)) return
    }
  } else {
    for (const fork of outgoing.forks.values()) endDialog(core, fork)
    outgoing.forks.clear()
  }
  user.response(response, source, peer)
}

/** RFC 3261 13.2.2.4: each To tag is a dialog of its own; only the first answer is anybody's call. */
function onAnswer(
  core: Core,
  outgoing: Outgoing,
  user: RequestUser,
  response: SipResponse,
  source: Source | undefined,
): void {
  if (!source) return
  const dialog = forkOf(core, outgoing, response, source)
  if (!dialog) return
  if (dialog.answered) {
    dialog.answered.ack?.() // the ACK was lost
    return
  }
  const { number: cseq } = cseqOf(outgoing.request)
  dialog.answered = { cseq, credentials: credentialsOf(outgoing.request), opening: true }
  core.dialogs.confirm(dialog)
  if (outgoing.answered || outgoing.abandoned) {
    // drachtio-srf forgets the request at its first 2xx: nobody would ever end this one.
    acknowledge(core, dialog, { headers: new Headers(), body: EMPTY }, () => undefined)
    sendBye(core, dialog, 'SIP ;cause=200 ;text="Call completed elsewhere"', false)
    if (outgoing.answered) core.dialogs.confirm(outgoing.answered)
    return
  }
  outgoing.answered = dialog
  keepAsCaller(core, dialog, response)
  if (outgoing.request.body.length > 0) dialog.localSdp = outgoing.request.body.toString('latin1')
  // Without a Contact drachtio-srf gives the call up as soon as it has acknowledged it.
  if (outgoing.cancelled || !response.headers.has('contact')) dialog.endAfterAck = true
  user.response(response, source, outgoing.route.peer)
}

/** @returns undefined where as many have been answered as are kept */
function forkOf(core: Core, outgoing: Outgoing, response: SipResponse, source: Source): Dialog | undefined {
  const tag = tagOf(response.headers.get('to') ?? '') ?? ''
  const known = outgoing.forks.get(tag)
  if (known) {
    if (known.state === 'early') known.learn(response)
    known.peer = source
    return known
  }
  if (outgoing.forks.size >= FORKS_AT_MOST) {
    const [oldest, fork] = [...outgoing.forks].find(([, { state }]) => state === 'early') ?? []
    if (oldest === undefined || !fork) return undefined
    outgoing.forks.delete(oldest)
    endDialog(core, fork)
  }
  const dialog = Dialog.ofCaller(outgoing.request, response, source, outgoing.route.peer.name)
  dialog.usages.add('invite')
  outgoing.forks.set(tag, dialog)
  core.dialogs.add(dialog)
  return dialog
}

/** The transaction is over: forks that never answered are no dialogs any more. */
function forget(core: Core, outgoing: Outgoing): void {
  for (const fork of outgoing.forks.values()) {
    if (fork.state === 'early') endDialog(core, fork)
    else if (fork.answered) delete fork.answered.ack
  }
  outgoing.forks.clear()
}

function onSubscribeResponse(
  core: Core,
  outgoing: Outgoing,
  response: SipResponse,
  source: Source | undefined,
): void {
  if (!source || response.status < 200 || response.status >= 300) return
  const dialog = Dialog.ofCaller(outgoing.request, response, source, outgoing.route.peer.name)
  dialog.usages.add(usageOf(outgoing.request))
  core.dialogs.add(dialog)
  core.dialogs.confirm(dialog)
}

function credentialsOf(request: SipRequest): string[][] {
  return request.headers.fields
    .filter(({ key }) => key === 'authorization' || key === 'proxy-authorization')
    .map(({ name, value }) => [name, value])
}

/**
 * Cancels an INVITE (RFC 3261 9.1). The CANCEL may go out later, when a provisional response is there.
 * @param headers fields of the application, Reason say
 * @returns the CANCEL; undefined when the INVITE has its final answer
 */
export function cancelInvite(core: Core, outgoing: Outgoing, headers: Headers): Sent | undefined {
  const invite = outgoing.transaction as ClientInvite | undefined
  if (!invite || outgoing.answered || outgoing.cancelled) return undefined
  const request = cancelOf(outgoing.request)
  for (const { key, name, value } of headers.fields) {
    if (!CANCEL_FIELDS.has(key) && !request.headers.has(key)) request.headers.add(name, value)
  }
  const bytes = serialise(request)
  outgoing.cancelled = true
  invite.cancel(() => core.layer.client(request, bytes, outgoing.route, () => undefined).start())
  return { bytes, peer: outgoing.route.peer }
}

const CANCEL_FIELDS = new Set(['contact', 'content-length', 'content-type', 'record-route', 'route', 'rseq'])

/** Nobody waits for this request any more: an INVITE is cancelled, and an answer that crosses it is ended. */
export function abandon(core: Core, outgoing: Outgoing): void {
  if (outgoing.request.method !== 'INVITE' || outgoing.abandoned) return
  outgoing.abandoned = true
  cancelInvite(core, outgoing, new Headers())
  for (const fork of outgoing.forks.values()) if (fork.state === 'early') endUsage(core, fork, 'invite')
}
