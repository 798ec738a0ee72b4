import type { Headers } from '../message/headers.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import type { Clock, Timers } from '../transaction/clock.ts'
import type { Route, TransactionLayer } from '../transaction/layer.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Endpoint } from '../transport/address.ts'
import type { Source, Transports } from '../transport/transports.ts'
import type { Dialog, Dialogs } from './dialog.ts'
import type { Incoming } from './incoming.ts'

/** A request as an application words it; what belongs to sipd (Via, tags, CSeq …) is added. */
export type AppRequest = {
  readonly method: string
  readonly uri: string
  readonly headers: Headers
  readonly body: Buffer
}

/** A message that went out, and to whom. */
export type Sent = { readonly bytes: Buffer; readonly peer: Endpoint }

/** Whoever asked for a request: hears that it went out, then its responses. */
export type RequestUser = {
  readonly sent: (sent: Sent) => void
  /** It could not be sent, for this reason; nothing else follows. */
  readonly unsent: (reason: string) => void
  /** Without `source` the response was made here (no answer, refused). */
  readonly response: (response: SipResponse, source: Source | undefined, peer: Endpoint) => void
}

/** What the dialog layer tells the layer above. */
export type AgentUser = {
  /** A request to be answered by `respond`; `incoming.dialog` when it is inside a dialog. */
  readonly request: (incoming: Incoming) => void
  readonly ack: (dialog: Dialog, ack: SipRequest, source: Source, invite: ServerTransaction) => void
  /** The caller gave up: CANCEL and INVITE are answered already. */
  readonly cancelled: (invite: Incoming, cancel: SipRequest) => void
  /** sipd itself ends a dialog (no ACK came, 2xx after CANCEL). */
  readonly byeSent: (dialog: Dialog, sent: Sent) => void
  readonly ended: (dialog: Dialog) => void
}

/** What the parts of the dialog layer share. */
export type Core = {
  readonly transports: Transports
  readonly layer: TransactionLayer
  readonly dialogs: Dialogs
  readonly clock: Clock
  readonly timers: Timers
  readonly user: AgentUser
}

/** Resolves the first hop and finds the own address to it; a string says why there is no way. */
export function findRoute(core: Core, hop: Endpoint, done: (route: Route | string) => void): void {
  core.transports.resolve(hop, (peer) => {
    const local = peer && core.transports.localFor(peer)
    if (!peer) done(`unable to resolve ${hop.host}`)
    else done(local ? { peer, local } : 'requested protocol/transport not available')
  })
}

/** Takes one usage off a dialog, which ends with its last (RFC 5057). */
export function endUsage(core: Core, dialog: Dialog, usage: string): void {
  if (!dialog.usages.delete(usage)) return
  if (dialog.usages.size === 0) endDialog(core, dialog)
  // A subscription of REFER ends within minutes; where its last NOTIFY never comes, it ends so.
  else if (usage === 'invite') core.clock.after(6 * core.timers.life, () => endDialog(core, dialog))
}

export function endDialog(core: Core, dialog: Dialog): void {
  if (dialog.state === 'ended') return
  dialog.session?.stop()
  core.dialogs.remove(dialog)
  core.user.ended(dialog)
}
