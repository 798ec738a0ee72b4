import { Headers } from '../message/headers.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { cseqOf, EMPTY, METHODS } from '../message/message.ts'
import { serialise } from '../message/serialise.ts'
import { parseParams } from '../message/uri.ts'
import { cancelOf } from '../transaction/client-invite.ts'
import { ClientInvite } from '../transaction/client-invite.ts'
import type { Route } from '../transaction/layer.ts'
import type { Source } from '../transport/transports.ts'
import type { AppRequest, Core, RequestUser } from './core.ts'
import { endUsage, findRoute } from './core.ts'
import type { Dialog } from './dialog.ts'
import { applicationFields, LocalSide } from './local.ts'
import { termsOf } from './session.ts'

/** Requests that tell their sender's address (RFC 3261 12.2.1.1, RFC 3311, 3515, 6665). */
const WITH_CONTACT = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER'])

/**
 * Sends a request inside a dialog (RFC 3261 12.2.1). The request's own URI is used only when it is no
 * placeholder; CSeq only when it is higher than the last (a digest retry brings its own).
 */
export function sendWithin(core: Core, dialog: Dialog, app: AppRequest, user: RequestUser): void {
  if (!METHODS.includes(app.method) || app.method === 'ACK' || app.method === 'CANCEL') {
    user.unsent(`invalid or missing method supplied on start line: ${app.method} ${app.uri}`)
    return
  }
  if (app.method === 'BYE') dialog.inviting?.cancel()
  const way = dialog.way()
  const given = Number(/^\d{1,9}/.exec(app.headers.get('cseq') ?? '')?.[0] ?? 0)
  dialog.localSeq = Math.max(dialog.localSeq + 1, given)
  const seq = dialog.localSeq
  findRoute(core, way.hop, (route) => {
    if (typeof route === 'string') {
      user.unsent(route)
      return
    }
    const uri = app.uri.includes('placeholder') ? way.uri : app.uri
    try {
      const request = compose(dialog, { ...app, uri }, route, dialog.headersFor(app.method, seq, way.routes))
      launch(core, dialog, request, route, user)
    } catch (fault) {
      user.unsent(fault instanceof Error ? fault.message : 'invalid request')
    }
  })
}

function compose(dialog: Dialog, app: AppRequest, route: Route, start: Headers): SipRequest {
  const side = new LocalSide(route.local, route.peer.host, app.uri)
  const headers = new Headers().add('Via', side.via())
  for (const { name, value } of start.fields) headers.add(name, value)
  const fields = applicationFields(app.headers, side, app.body)
  const contact = fields.get('contact')
  if (contact !== undefined) dialog.localContact = contact
  else if (WITH_CONTACT.has(app.method)) headers.add('Contact', dialog.localContact || side.contact())
  for (const { key, name, value } of fields.fields) {
    if (key === 'max-forwards') headers.set(name, value)
    else headers.add(name, value)
  }
  return { kind: 'request', method: app.method, uri: app.uri, headers, body: app.body }
}

function launch(core: Core, dialog: Dialog, request: SipRequest, route: Route, user: RequestUser): void {
  const bytes = serialise(request)
  const { peer } = route
  const transaction = core.layer.client(
    request,
    bytes,
    route,
    (response, source) => {
      if (onResponse(core, dialog, request, response, source)) user.response(response, source, peer)
    },
    () => {
      if (dialog.answered?.cseq === cseqOf(request).number) delete dialog.answered.ack
    },
  )
  if (transaction instanceof ClientInvite) {
    dialog.inviting = {
      cancel: () => {
        const cancel = cancelOf(request)
        const bytes = serialise(cancel)
        transaction.cancel(() => core.layer.client(cancel, bytes, route, () => undefined).start())
        return { bytes, peer }
      },
    }
  }
  user.sent({ bytes, peer })
  transaction.start()
}

/** @returns false for a response that is nobody's business above: a repeated 2xx */
function onResponse(
  core: Core,
  dialog: Dialog,
  request: SipRequest,
  response: SipResponse,
  source: Source | undefined,
): boolean {
  const { status } = response
  if (status < 200) return true
  const ok = status < 300
  if (source) dialog.peer = source
  if (ok) dialog.refresh(response)
  switch (request.method) {
    case 'INVITE': {
      const { number } = cseqOf(request)
      if (ok && dialog.answered?.cseq === number) {
        dialog.answered.ack?.()
        return false
      }
      dialog.inviting = undefined
      dialog.refused = !ok
      if (!ok) return true
      dialog.answered = { cseq: number, credentials: [] }
      if (request.body.length > 0) dialog.localSdp = request.body.toString('latin1')
      renew(dialog, response)
      return true
    }
    case 'UPDATE':
      if (ok) renew(dialog, response)
      return true
    case 'BYE':
      // A BYE that is asked for credentials comes again (drachtio-server issue 190).
      if (status !== 401 && status !== 407) endUsage(core, dialog, 'invite')
      else core.clock.after(core.timers.life, () => endUsage(core, dialog, 'invite'))
      return true
    case 'SUBSCRIBE':
    case 'REFER':
      if (ok && request.headers.get('refer-sub')?.toLowerCase() !== 'false')
        dialog.usages.add(usageOf(request))
      return true
    case 'NOTIFY':
      if (isTerminated(request)) endUsage(core, dialog, usageOf(request))
      return true
    default:
      return true
  }
}

function renew(dialog: Dialog, response: SipResponse): void {
  const terms = termsOf(response.headers)
  if (terms) dialog.session?.renew(terms.seconds, terms.refresher !== 'uas')
}

/**
 * Sends the ACK of the last 2xx to our INVITE in this dialog (RFC 3261 13.2.2.4), and keeps it to be repeated.
 * @param done with undefined when it went out, else why not
 */
export function acknowledge(
  core: Core,
  dialog: Dialog,
  app: Pick<AppRequest, 'headers' | 'body'>,
  done: (sent: { bytes: Buffer; peer: Route['peer'] } | string) => void,
): void {
  const { answered } = dialog
  if (!answered || dialog.refused) {
    // drachtio-srf acknowledges whatever it gets.
    done(ACK_NOT_NEEDED)
    return
  }
  const way = dialog.way()
  findRoute(core, way.hop, (route) => {
    if (typeof route === 'string') {
      done(route)
      return
    }
    const { local, peer } = route
    let bytes: Buffer
    try {
      const start = dialog.headersFor('ACK', answered.cseq, way.routes)
      for (const [name = '', value = ''] of answered.credentials) start.add(name, value)
      bytes = serialise(compose(dialog, { ...app, method: 'ACK', uri: way.uri }, route, start))
    } catch (fault) {
      done(fault instanceof Error ? fault.message : 'invalid request')
      return
    }
    if (app.body.length > 0) dialog.localSdp = app.body.toString('latin1')
    answered.ack = () => local.send(bytes, peer)
    answered.ack()
    answered.acknowledged = true
    done({ bytes, peer })
    if (dialog.endAfterAck) {
      dialog.endAfterAck = false
      sendBye(core, dialog, 'SIP ;cause=200 ;text="ACK-BYE due to cancel race condition"', true)
    }
  })
}

/**
 * The application of this dialog is gone. A 2xx that it has not acknowledged would be repeated for half a minute, and then
 * the far side gives the call up (RFC 3261 13.3.1.4): it is acknowledged here. A call that has just begun ends with that.
 */
export function desert(core: Core, dialog: Dialog): void {
  const { answered, endAfterAck } = dialog
  if (!answered || answered.acknowledged === true || dialog.refused) return
  acknowledge(core, dialog, { headers: new Headers(), body: EMPTY }, () => undefined)
  if (answered.opening === true && !endAfterAck) sendBye(core, dialog, DESERTED, false)
}

const DESERTED = 'SIP;cause=503;text="Nobody is left who has called"'

/**
 * Ends a dialog on our own account.
 * @param tell whether the layer above hears of it
 */
export function sendBye(core: Core, dialog: Dialog, reason: string, tell: boolean): void {
  const app = {
    method: 'BYE',
    uri: 'sip:placeholder',
    headers: new Headers().add('Reason', reason),
    body: EMPTY,
  }
  sendWithin(core, dialog, app, {
    sent: (sent) => {
      if (tell) core.user.byeSent(dialog, sent)
    },
    unsent: () => endUsage(core, dialog, 'invite'),
    response: (response) => {
      if (response.status >= 200) endUsage(core, dialog, 'invite')
    },
  })
}

export const ACK_NOT_NEEDED = 'ACK for non-success final response is automatically generated by server'

/** The subscription that a request makes or belongs to (RFC 6665 4.5.1, RFC 3515 2.4.6). */
export function usageOf(request: SipRequest): string {
  if (request.method === 'REFER') return 'event refer'
  const [name = '', ...params] = (request.headers.get('event') ?? '').split(';')
  const { id } = parseParams(params.join(';'))
  const known = name.trim().toLowerCase()
  return known === 'refer' || id === undefined ? `event ${known}` : `event ${known} ${id}`
}

export function isTerminated(notify: SipRequest): boolean {
  return /^\s*terminated/i.test(notify.headers.get('subscription-state') ?? '')
}
