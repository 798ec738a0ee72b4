import { Headers } from '../message/headers.ts'
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts'
import { cseqOf } from '../message/message.ts'
import { parseNameAddr, parseUri, splitList, tagOf, withTag } from '../message/uri.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Endpoint } from '../transport/address.ts'
import { nextHop } from '../transport/address.ts'
import type { Session } from './session.ts'

/** Methods that tell or renew where the other side is reached (RFC 3261 12.2, RFC 6665 4.5.1). */
const TARGET_REFRESH = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER'])

/** How a request inside a dialog goes out: its URI, its Route fields, its first hop. */
type Way = { readonly uri: string; readonly routes: readonly string[]; readonly hop: Endpoint }

/** A re-INVITE of ours under way. Its CANCEL may go out later, when a provisional response is there. */
export type Inviting = { readonly cancel: () => { readonly bytes: Buffer; readonly peer: Endpoint } }

type Answered = {
  readonly cseq: number
  readonly credentials: readonly string[][]
  /** It is the one that has made the dialog. */
  readonly opening?: boolean
  acknowledged?: boolean
  /** Repeats its ACK, while that may be asked for. */
  ack?: () => void
}

/**
 * One dialog (RFC 3261 12), on either side.
 *
 *   early ──2xx──► confirmed ──BYE, or last usage gone──► ended
 *     └──────── 300-699, CANCEL, another fork won ──────────┘
 */
export class Dialog {
  /** As drachtio-server names it: Call-ID and the caller's tag. All forks of one INVITE share it. */
  readonly id: string
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** From (or To) values of both sides, tags included. */
  readonly local: string
  readonly remote: string
  state: 'early' | 'confirmed' | 'ended' = 'early'
  localSeq: number
  remoteSeq: number
  remoteTarget: string
  routes: readonly string[] = []
  /** Contact value that this side has told. */
  localContact: string
  /** Where messages of the other side came from last, for when its Contact is no use. */
  peer: Endpoint
  /** TLS: the name that the other side was called by, which its certificate must be for wherever it says to be. */
  readonly name: string | undefined
  /** What keeps the dialog (RFC 5057): 'invite', or 'event' and its id. */
  readonly usages = new Set<string>()
  /** An INVITE of ours in this dialog that has no final answer: glare, and what a BYE has to stop. */
  inviting: Inviting | undefined
  /** Our last INVITE that got a 2xx. */
  answered: Answered | undefined
  /** Our last INVITE was refused: its ACK went out by itself, and none of an application's is due. */
  refused = false
  /** The last INVITE of theirs in this dialog. */
  answering: { readonly transaction: ServerTransaction } | undefined
  /** An INVITE of theirs whose 2xx waits for its ACK. */
  acknowledging: { readonly invite: ServerTransaction; readonly stop: () => void } | undefined
  /** The last reliable provisional response of ours; `stop` while its PRACK has not come. */
  reliable: { readonly rseq: number; readonly cseq: number; readonly stop?: () => void } | undefined
  /** RSeq of the last reliable provisional response of theirs. */
  heardRSeq: number | undefined
  /** Session timer (RFC 4028), and what a refresh of ours needs. */
  session: Session | undefined
  allowsUpdate = false
  /** Bytes as characters: a Buffer kept for long would keep the whole slab that it was cut from. */
  localSdp: string | undefined
  /** A BYE goes out as soon as the ACK did: the INVITE had been cancelled when its 2xx came. */
  endAfterAck = false

  private constructor(
    fields: Pick<
      Dialog,
      'id' | 'callId' | 'local' | 'remote' | 'localSeq' | 'remoteSeq' | 'localContact' | 'peer' | 'name'
    >,
    contact: string,
  ) {
    this.id = fields.id
    this.callId = fields.callId
    this.local = fields.local
    this.remote = fields.remote
    this.localTag = tagOf(fields.local) ?? ''
    this.remoteTag = tagOf(fields.remote) ?? ''
    this.localSeq = fields.localSeq
    this.remoteSeq = fields.remoteSeq
    this.localContact = fields.localContact
    this.peer = fields.peer
    this.name = fields.name
    this.remoteTarget = contact
  }

  /** Caller's side, from a response with a To tag, or for SUBSCRIBE from the first NOTIFY (RFC 6665 4.4.1). */
  static ofCaller(request: SipRequest, first: SipMessage, peer: Endpoint, name?: string): Dialog {
    const local = request.headers.get('from') ?? ''
    const callId = request.headers.get('call-id') ?? ''
    const dialog = new Dialog(
      {
        id: idOf(callId, tagOf(local) ?? ''),
        callId,
        local,
        remote: first.headers.get(first.kind === 'response' ? 'to' : 'from') ?? '',
        localSeq: cseqOf(request).number,
        remoteSeq: -1,
        localContact: request.headers.get('contact') ?? '',
        peer,
        name,
      },
      request.uri,
    )
    dialog.learn(first)
    return dialog
  }

  /** Callee's side, when the first response with our tag goes out. */
  static ofCallee(request: SipRequest, tag: string, contact: string, peer: Endpoint): Dialog {
    const remote = request.headers.get('from') ?? ''
    const callId = request.headers.get('call-id') ?? ''
    const dialog = new Dialog(
      {
        id: idOf(callId, tagOf(remote) ?? ''),
        callId,
        local: withTag(request.headers.get('to') ?? '', tag),
        remote,
        localSeq: 0,
        remoteSeq: cseqOf(request).number,
        localContact: contact,
        peer,
        name: peer.name,
      },
      contactOf(request) ?? parseNameAddr(remote)?.uri ?? '',
    )
    dialog.routes = listOf(request, 'record-route')
    dialog.#noteAllow(request)
    return dialog
  }

  /**
   * Caller's side: takes Contact, and until the dialog is confirmed the route set, from a response
   * (RFC 3261 12.1.2, 13.2.2.4).
   */
  learn(message: SipMessage): void {
    this.#noteAllow(message)
    const contact = contactOf(message)
    if (contact !== undefined) this.remoteTarget = contact
    if (this.state !== 'early') return
    const recorded = listOf(message, 'record-route')
    this.routes = message.kind === 'response' ? recorded.reverse() : recorded
  }

  /** Takes a new remote target from a request or a 2xx inside the dialog (RFC 3261 12.2.1.2, 12.2.2). */
  refresh(message: SipRequest | SipResponse): void {
    if (!TARGET_REFRESH.has(cseqOf(message).method)) return
    this.#noteAllow(message)
    const contact = contactOf(message)
    if (contact !== undefined) this.remoteTarget = contact
  }

  /** RFC 3261 12.2.1.1. */
  way(): Way {
    const [first, ...rest] = this.routes
    const firstUri = first === undefined ? undefined : (parseNameAddr(first)?.uri ?? '')
    if (firstUri === undefined)
      return { uri: this.remoteTarget, routes: [], hop: this.#hop(this.remoteTarget) }
    if (/;lr(?=[;=>?]|$)/i.test(firstUri)) {
      return { uri: this.remoteTarget, routes: this.routes, hop: this.#hop(firstUri) }
    }
    return { uri: firstUri, routes: [...rest, `<${this.remoteTarget}>`], hop: this.#hop(firstUri) }
  }

  /**
   * Headers that every request inside the dialog begins with; Via is put before them by whoever sends.
   * @param seq CSeq number
   */
  headersFor(method: string, seq: number, routes: readonly string[]): Headers {
    const headers = new Headers()
    for (const route of routes) headers.add('Route', route)
    return headers
      .add('Max-Forwards', '70')
      .add('From', this.local)
      .add('To', this.remote)
      .add('Call-ID', this.callId)
      .add('CSeq', `${seq} ${method}`)
  }

  #noteAllow(message: SipMessage): void {
    if (message.headers.has('allow')) {
      this.allowsUpdate = listOf(message, 'allow').some((method) => method.toUpperCase() === 'UPDATE')
    }
  }

  #hop(uri: string): Endpoint {
    const parsed = parseUri(uri)
    const hop = parsed && nextHop(parsed, this.peer.transport, this.name)
    return !hop || hop.host === 'localhost' || hop.host === '0.0.0.0' ? this.peer : hop
  }
}

/** @param callerTag the tag of whoever sent the request that made the dialog */
export function idOf(callId: string, callerTag: string): string {
  return `${callId};from-tag=${callerTag}`
}

/** URI of the first Contact. */
function contactOf(message: SipMessage): string | undefined {
  const [first] = splitList(message.headers.get('contact') ?? '')
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri
  return uri === undefined || uri === '*' || uri === '' ? undefined : uri
}

function listOf(message: SipMessage, key: string): string[] {
  return message.headers.all(key).flatMap(splitList)
}

/** All dialogs, by what a request carries and by drachtio-server's id. */
export class Dialogs {
  readonly #byTags = new Map<string, Dialog>()
  readonly #byId = new Map<string, Dialog>()

  get size(): number {
    return this.#byTags.size
  }

  add(dialog: Dialog): void {
    this.#byTags.set(tagsKey(dialog.callId, dialog.localTag, dialog.remoteTag), dialog)
    const known = this.#byId.get(dialog.id)
    if (known?.state !== 'confirmed') this.#byId.set(dialog.id, dialog)
  }

  /** Makes this fork the one that the id names. */
  confirm(dialog: Dialog): void {
    dialog.state = 'confirmed'
    this.#byId.set(dialog.id, dialog)
  }

  remove(dialog: Dialog): void {
    dialog.state = 'ended'
    this.#byTags.delete(tagsKey(dialog.callId, dialog.localTag, dialog.remoteTag))
    if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id)
  }

  all(): readonly Dialog[] {
    return [...this.#byTags.values()]
  }

  byId(id: string): Dialog | undefined {
    return this.#byId.get(id)
  }

  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#byTags.get(tagsKey(callId, localTag, remoteTag))
  }
}

function tagsKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}\n${localTag}\n${remoteTag}`
}
