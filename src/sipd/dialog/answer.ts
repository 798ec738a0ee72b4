import { responseTo } from '../message/build.ts'
import type { Headers } from '../message/headers.ts'
import type { SipRequest } from '../message/message.ts'
import { cseqOf } from '../message/message.ts'
import { serialise } from '../message/serialise.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Core, Sent } from './core.ts'
import { endDialog, endUsage } from './core.ts'
import { Dialog } from './dialog.ts'
import type { Incoming } from './incoming.ts'
import { applicationFields, RequestFault } from './local.ts'
import { asksReliable, nextRSeq, repeatUntilPrack } from './reliable.ts'
import { keepAsCallee } from './refresh.ts'
import { termsOf } from './session.ts'
import { isTerminated, sendBye, usageOf } from './within.ts'

export type AppResponse = {
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  readonly body: Buffer
  /** Our To tag, where the application wants its own; only before the first response. */
  readonly tag?: string | undefined
}

/**
 * Answers a request as an application wishes (RFC 3261 8.2.6, 12.1.1, 13.3.1).
 * @throws RequestFault or UnsafeValue when it cannot be sent; the request then still waits
 */
export function respond(core: Core, incoming: Incoming, app: AppResponse): Sent {
  if (!incoming.open) throw new RequestFault('Response not sent due to unknown transaction')
  const { request, side, method, source } = incoming
  const { status } = app
  if (app.tag !== undefined && !incoming.dialog) incoming.tag = app.tag
  const forming = (method === 'INVITE' || method === 'SUBSCRIBE') && status > 100 && status < 300
  const response = responseTo(request, status, { reason: app.reason, tag: incoming.tag, body: app.body })
  if (forming)
    for (const value of request.headers.all('record-route')) response.headers.add('Record-Route', value)
  const fields = applicationFields(app.headers, side, app.body)
  const tellsContact = forming || (method === 'UPDATE' && status >= 200 && status < 300) // RFC 3311 5.2
  const contact =
    fields.get('contact') ?? (tellsContact ? (incoming.dialog?.localContact ?? side.contact()) : undefined)
  if (contact !== undefined && !fields.has('contact')) response.headers.add('Contact', contact)
  for (const { name, value } of fields.fields) response.headers.add(name, value)
  const reliable = method === 'INVITE' && asksReliable(status, fields.get('require'))
  const rseq = reliable ? nextRSeq(incoming) : 0
  if (reliable) response.headers.add('RSeq', String(rseq))
  const timed = (method === 'INVITE' || method === 'UPDATE') && status >= 200 && status < 300
  serialise(response) // throws before anything is changed
  if (forming) form(core, incoming, contact ?? side.contact())
  const { dialog } = incoming
  if (timed && dialog) {
    if (app.body.length > 0) dialog.localSdp = app.body.toString('latin1')
    for (const [name, value] of keepAsCallee(core, dialog, request, termsOf(app.headers)))
      response.headers.add(name, value)
  }
  const bytes = serialise(response)
  if (method === 'INVITE') {
    settleInvite(core, incoming, status, bytes)
    if (reliable && incoming.dialog) {
      const again = (): void => incoming.transaction.respond(status, bytes)
      repeatUntilPrack(core, incoming, incoming.dialog, rseq, again, () => giveUp(core, incoming))
    }
  } else {
    incoming.transaction.respond(status, bytes)
    settleUsage(core, incoming, status)
  }
  return { bytes, peer: source }
}

function form(core: Core, incoming: Incoming, contact: string): void {
  if (incoming.dialog) {
    incoming.dialog.localContact = contact
    return
  }
  const dialog = Dialog.ofCallee(incoming.request, incoming.tag, contact, incoming.source)
  dialog.usages.add(incoming.method === 'INVITE' ? 'invite' : usageOf(incoming.request))
  incoming.dialog = dialog
  if (incoming.method === 'INVITE') dialog.answering = incoming
  core.dialogs.add(dialog)
}

/** No PRACK came: RFC 3262 3 has the INVITE refused with a 5xx. */
function giveUp(core: Core, incoming: Incoming): void {
  const response = responseTo(incoming.request, 504, { reason: 'Server Time-out', tag: incoming.tag })
  settleInvite(core, incoming, 504, serialise(response))
}

function settleInvite(core: Core, incoming: Incoming, status: number, bytes: Buffer): void {
  incoming.transaction.respond(status, bytes)
  const { dialog } = incoming
  if (!dialog || status < 200) return
  dialog.reliable?.stop?.()
  if (status >= 300) {
    if (dialog.state === 'early') endDialog(core, dialog)
    return
  }
  if (dialog.state === 'early') core.dialogs.confirm(dialog)
  repeatUntilAck(core, incoming, dialog, bytes)
}

/** RFC 3261 13.3.1.4: a 2xx is repeated end to end until its ACK, over TCP too; without one the call is over. */
function repeatUntilAck(core: Core, incoming: Incoming, dialog: Dialog, bytes: Buffer): void {
  const { clock, timers } = core
  let stopRepeat: () => void = () => undefined
  const again = (interval: number): void => {
    stopRepeat = clock.after(interval, () => {
      incoming.transaction.respond(200, bytes)
      again(Math.min(interval * 2, timers.t2))
    })
  }
  again(timers.t1)
  const stopLife = clock.after(timers.life, () => {
    stop()
    if (dialog.state !== 'ended') sendBye(core, dialog, 'SIP ;cause=200 ;text="ACK timeout"', true)
  })
  const waiting = { invite: incoming.transaction, stop }
  function stop(): void {
    stopRepeat()
    stopLife()
    if (dialog.acknowledging === waiting) dialog.acknowledging = undefined
  }
  dialog.acknowledging = waiting
}

function settleUsage(core: Core, incoming: Incoming, status: number): void {
  const { dialog, method, request } = incoming
  if (!dialog || status < 200) return
  const ok = status < 300
  if (method === 'SUBSCRIBE' && ok && dialog.state === 'early') core.dialogs.confirm(dialog)
  if ((method === 'SUBSCRIBE' || method === 'REFER') && ok) dialog.usages.add(usageOf(request))
  if (method === 'NOTIFY' && isTerminated(request)) endUsage(core, dialog, usageOf(request))
}

/** Takes an ACK of a 2xx of ours; the answer is the INVITE whose wait it ends, if any. */
export function takeAck(dialog: Dialog, ack: SipRequest): ServerTransaction | undefined {
  const waiting = dialog.acknowledging
  if (!waiting || cseqOf(waiting.invite.request).number !== cseqOf(ack).number) return undefined
  waiting.stop()
  return waiting.invite
}
