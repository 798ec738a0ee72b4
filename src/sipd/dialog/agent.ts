import { responseTo } from '../message/build.ts'
import type { Headers } from '../message/headers.ts'
import type { SipRequest } from '../message/message.ts'
import { cseqOf, METHODS } from '../message/message.ts'
import type { ParseLimits } from '../message/parse.ts'
import { serialise } from '../message/serialise.ts'
import { splitList, tagOf } from '../message/uri.ts'
import type { Clock, Timers } from '../transaction/clock.ts'
import { cancelOf } from '../transaction/client-invite.ts'
import { TransactionLayer } from '../transaction/layer.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Endpoint } from '../transport/address.ts'
import type { StreamLimits } from '../transport/connection.ts'
import type { Security } from '../transport/tls.ts'
import type { Bind, Source } from '../transport/transports.ts'
import { Transports } from '../transport/transports.ts'
import type { AppResponse } from './answer.ts'
import { respond, takeAck } from './answer.ts'
import type { AgentUser, AppRequest, Core, RequestUser, Sent } from './core.ts'
import { endUsage } from './core.ts'
import type { Dialog } from './dialog.ts'
import { Dialogs, idOf } from './dialog.ts'
import { Incoming } from './incoming.ts'
import type { Outgoing } from './outgoing.ts'
import { abandon, cancelInvite, sendOutside } from './outgoing.ts'
import { takePrack } from './reliable.ts'
import { MIN_SE, termsOf } from './session.ts'
import { acknowledge, desert, sendBye, sendWithin } from './within.ts'

export type AgentOptions = {
  readonly bind: readonly Bind[]
  readonly advertise?: string | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly parse: ParseLimits
  readonly streams: StreamLimits
  readonly security: Security
  /** Somebody who connected by TLS did not get through the handshake. */
  readonly refused?: (host: string, why: string) => void
  readonly transactions: number
}

/** Extensions that an application behind sipd can be asked for (RFC 3262, 3891, 4028, 4488). */
const SUPPORTED = new Set(['100rel', 'replaces', 'timer', 'norefersub'])

/** What a SIP user agent does (RFC 3261 8 and 12 to 15), without deciding anything an application decides. */
export class Agent {
  readonly #core: Core
  readonly #leaving = new WeakSet<Dialog>()

  private constructor(core: Core) {
    this.#core = core
  }

  /** @throws BindError */
  static async start(options: AgentOptions, user: AgentUser): Promise<Agent> {
    const holder: { agent?: Agent } = {}
    const layer = new TransactionLayer(options, {
      request: (transaction) => holder.agent?.onRequest(transaction),
      ack: (ack, source) => holder.agent?.onAck(ack, source),
      cancelled: (invite, cancel) => holder.agent?.onCancelled(invite, cancel),
      expected: (request) => holder.agent?.onExpected(request.headers) ?? false,
      stray: (response, source) => holder.agent?.onStray(response.headers, source),
    })
    const transports = await Transports.bind(
      options.bind,
      { advertise: options.advertise, limits: options.streams, security: options.security },
      {
        received: (data, source) => guarded(() => layer.receive(data, source)),
        failed: (peer, lost, why) => layer.failed(peer, lost, why),
        ...(options.refused ? { refused: options.refused } : {}),
      },
    )
    const { clock, timers } = options
    holder.agent = new Agent({ transports, layer, dialogs: new Dialogs(), clock, timers, user })
    return holder.agent
  }

  get addresses(): Endpoint[] {
    return this.#core.transports.addresses
  }

  /** Host and port that a peer out there is told, for each address. */
  get told(): Endpoint[] {
    return this.#core.transports.addresses.map((own) => {
      const local = this.#core.transports.localFor({ ...own, host: own.host })
      return { ...own, ...local?.told(own.host) }
    })
  }

  get counts(): { readonly dialogs: number; readonly servers: number; readonly clients: number } {
    return { dialogs: this.#core.dialogs.size, ...this.#core.layer.size }
  }

  dialog(id: string): Dialog | undefined {
    return this.#core.dialogs.byId(id)
  }

  /** @param made is given the request under way before anything can be answered */
  send(
    app: AppRequest,
    proxy: string | undefined,
    user: RequestUser,
    made: (outgoing: Outgoing) => void,
  ): void {
    sendOutside(this.#core, app, proxy, user, made)
  }

  sendWithin(dialog: Dialog, app: AppRequest, user: RequestUser): void {
    sendWithin(this.#core, dialog, app, user)
  }

  acknowledge(dialog: Dialog, app: AppRequest, done: (sent: Sent | string) => void): void {
    acknowledge(this.#core, dialog, app, done)
  }

  cancel(outgoing: Outgoing, headers: Headers): Sent | undefined {
    return cancelInvite(this.#core, outgoing, headers)
  }

  abandon(outgoing: Outgoing): void {
    abandon(this.#core, outgoing)
  }

  /** Its application is gone: what only that could have acknowledged is acknowledged, and ended where it has just begun. */
  desert(dialog: Dialog): void {
    desert(this.#core, dialog)
  }

  /** @throws RequestFault or UnsafeValue; the request then still waits for an answer */
  respond(incoming: Incoming, response: AppResponse): Sent {
    return respond(this.#core, incoming, response)
  }

  /** Answers a request without any application. */
  refuse(incoming: Incoming, status: number, fields: Readonly<Record<string, string>> = {}): void {
    if (!incoming.open) return
    answer(incoming.transaction, incoming.tag, status, fields)
    const { dialog } = incoming
    if (dialog?.state === 'early' && incoming.method === 'INVITE') endUsage(this.#core, dialog, 'invite')
  }

  /** BYE in every call that stands; nobody above is told. */
  hangUp(reason: string): void {
    for (const dialog of this.#core.dialogs.all())
      if (dialog.state === 'confirmed' && dialog.usages.has('invite'))
        sendBye(this.#core, dialog, reason, false)
  }

  /** Ends what is left of calls that do not have two dialogs any more. @param calls the dialogs of each, by id */
  endBroken(calls: readonly (readonly string[])[], reason: string): void {
    for (const ids of calls) {
      const left = ids.flatMap((id) => this.#core.dialogs.byId(id) ?? [])
      if (left.length > 1) continue
      for (const dialog of left) {
        if (dialog.state !== 'confirmed' || this.#leaving.has(dialog)) continue
        this.#leaving.add(dialog)
        sendBye(this.#core, dialog, reason, false)
      }
    }
  }

  async close(): Promise<void> {
    await this.#core.transports.close()
  }

  private onRequest(transaction: ServerTransaction): void {
    const { request } = transaction
    const { method, headers } = request
    const callId = headers.get('call-id') ?? ''
    const fromTag = tagOf(headers.get('from') ?? '') ?? ''
    const toTag = tagOf(headers.get('to') ?? '')
    const dialog = this.#dialogOf(headers)
    const incoming = new Incoming(transaction, dialog)
    invites.set(transaction, incoming)
    const unknown = headers
      .all('require')
      .flatMap(splitList)
      .filter((option) => !SUPPORTED.has(option.toLowerCase()))
    if (unknown.length > 0) this.refuse(incoming, 420, { Unsupported: unknown.join(', ') })
    else if (dialog) this.#inside(incoming, dialog)
    else if (toTag !== undefined || method === 'BYE' || method === 'UPDATE' || method === 'PRACK') {
      this.refuse(incoming, 481)
    } else if (method === 'INVITE' && this.#core.dialogs.byId(idOf(callId, fromTag))) {
      // The id that applications know dialogs by is taken.
      this.refuse(incoming, 482)
    } else if (method === 'INVITE' && asksTooShort(request)) {
      this.refuse(incoming, 422, { 'Min-SE': String(MIN_SE) })
    } else {
      if (method === 'INVITE') answer(transaction, undefined, 100)
      this.#core.user.request(incoming)
    }
  }

  /** The dialog of a request of theirs (RFC 3261 12.2.2): Call-ID and both tags, which nobody else can guess. */
  #dialogOf(headers: Headers): Dialog | undefined {
    const [from, to] = [tagOf(headers.get('from') ?? ''), tagOf(headers.get('to') ?? '')]
    return to === undefined
      ? undefined
      : this.#core.dialogs.find(headers.get('call-id') ?? '', to, from ?? '')
  }

  /** RFC 3261 12.2.2, 14.2, 15.1.2. */
  #inside(incoming: Incoming, dialog: Dialog): void {
    const { request, method } = incoming
    const { number } = cseqOf(request)
    if (number < dialog.remoteSeq) {
      this.refuse(incoming, 500)
      return
    }
    dialog.remoteSeq = number
    dialog.peer = incoming.source
    const terms = method === 'INVITE' || method === 'UPDATE' ? termsOf(request.headers) : undefined
    if (terms && terms.seconds < MIN_SE) {
      this.refuse(incoming, 422, { 'Min-SE': String(MIN_SE) })
      return
    }
    if (method === 'INVITE') {
      if (dialog.inviting) {
        this.refuse(incoming, 491)
        return
      }
      if (dialog.answering?.transaction.answered === false || dialog.acknowledging) {
        this.refuse(incoming, 500, { 'Retry-After': String(1 + Math.floor(Math.random() * 9)) })
        return
      }
      dialog.answering = incoming
      answer(incoming.transaction, undefined, 100)
    }
    if (method === 'PRACK' && !takePrack(dialog, request)) {
      this.refuse(incoming, 481)
      return
    }
    if (method === 'BYE' && dialog.state === 'early' && dialog.answering) {
      this.#endRinging(incoming, dialog.answering.transaction)
      return
    }
    dialog.refresh(request)
    this.#core.user.request(incoming)
    if (method !== 'BYE') return
    dialog.acknowledging?.stop()
    const reinvite = dialog.answering && invites.get(dialog.answering.transaction)
    if (reinvite) this.refuse(reinvite, 487)
    endUsage(this.#core, dialog, 'invite')
  }

  /** RFC 3261 15: a caller may end an early dialog by BYE too. To an application that is a CANCEL. */
  #endRinging(bye: Incoming, invite: ServerTransaction): void {
    this.refuse(bye, 200)
    const cancel = cancelOf(invite.request)
    for (const reason of bye.request.headers.all('reason')) cancel.headers.add('Reason', reason)
    this.onCancelled(invite, cancel)
  }

  private onExpected(headers: Headers): boolean {
    return this.#dialogOf(headers) !== undefined
  }

  private onAck(ack: SipRequest, source: Source): void {
    const dialog = this.#dialogOf(ack.headers)
    const invite = dialog && takeAck(dialog, ack)
    if (dialog && invite) this.#core.user.ack(dialog, ack, source, invite)
  }

  private onCancelled(invite: ServerTransaction, cancel: SipRequest): void {
    const incoming = invites.get(invite)
    if (!incoming?.open) return
    this.refuse(incoming, 487)
    incoming.cancelled = true
    this.#core.user.cancelled(incoming, cancel)
  }

  /** A 2xx of an INVITE long answered: its ACK was lost again (RFC 6026 8.4). */
  private onStray(headers: Headers, _source: Source): void {
    const [callId, local, remote] = [headers.get('call-id'), headers.get('from'), headers.get('to')]
    const dialog = this.#core.dialogs.find(callId ?? '', tagOf(local ?? '') ?? '', tagOf(remote ?? '') ?? '')
    dialog?.answered?.ack?.()
  }
}

/** RFC 4028 9: refused with 422, but only where the caller knows of session timers, and can ask again. */
function asksTooShort({ headers }: SipRequest): boolean {
  const terms = termsOf(headers)
  if (!terms || terms.seconds >= MIN_SE) return false
  return headers.all('supported').flatMap(splitList).includes('timer')
}

/** A fault of ours costs the message that met it, not every call: it is reported, and the server goes on. */
function guarded(act: () => void): void {
  try {
    act()
  } catch (fault) {
    process.emitWarning(fault instanceof Error ? fault : String(fault))
  }
}

const invites = new WeakMap<ServerTransaction, Incoming>()

function answer(
  transaction: ServerTransaction,
  tag: string | undefined,
  status: number,
  fields: Readonly<Record<string, string>> = {},
): void {
  const response = responseTo(transaction.request, status, tag === undefined ? {} : { tag })
  if (status === 405 || status === 501) response.headers.add('Allow', METHODS.join(', '))
  for (const [name, value] of Object.entries(fields)) response.headers.add(name, value)
  transaction.respond(status, serialise(response))
}
