import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { Agent } from '../dialog/agent.ts'
import type { AgentUser, AppRequest, Sent } from '../dialog/core.ts'
import type { Dialog, Inviting } from '../dialog/dialog.ts'
import { idOf } from '../dialog/dialog.ts'
import type { Incoming } from '../dialog/incoming.ts'
import type { Outgoing } from '../dialog/outgoing.ts'
import { ACK_NOT_NEEDED } from '../dialog/within.ts'
import { Headers } from '../message/headers.ts'
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts'
import { EMPTY, METHODS } from '../message/message.ts'
import { serialise } from '../message/serialise.ts'
import { tagOf } from '../message/uri.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Endpoint } from '../transport/address.ts'
import { hostPort } from '../transport/address.ts'
import type { Source } from '../transport/transports.ts'
import type { Client, Told } from './client.ts'
import type { Clients } from './clients.ts'
import type { Command, Worded } from './command.ts'
import { readCommand } from './command.ts'

/** Told to applications: drachtio-srf pings servers from v0.8.2 on. */
const VERSION = 'v0.9.0-sipd'

/** Milliseconds that an application has to answer a request: INVITE, others. */
const PATIENCE = { invite: 600_000, other: 32_000 }

/** drachtio-server answers these with 503 when no application asked for them, others not at all. */
const UNROUTED = new Set([
  'INVITE',
  'REGISTER',
  'MESSAGE',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
  'OPTIONS',
])

type Sip = Extract<Command, { type: 'sip' }>
type Waiting = { readonly client: Client; readonly incoming: Incoming; readonly timer: NodeJS.Timeout }

/** Between applications and the dialog layer: who asked for what, and who hears of it. */
export class Control implements AgentUser {
  readonly #clients: Clients
  readonly #secret: Buffer
  readonly #agent: () => Agent
  /** Requests of applications without a final answer, by transaction id. */
  readonly #asked = new Map<string, { client: Client; outgoing: Outgoing }>()
  /** Re-INVITEs under way, by the transaction of whoever asked for them. */
  readonly #changing = new Map<string, Inviting>()
  /** Requests of the network that wait for an application, by transaction id. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #ids = new WeakMap<ServerTransaction, string>()
  readonly #owners = new Map<Dialog, { client: Client; readonly name: string }>()

  constructor(clients: Clients, secret: string, agent: () => Agent) {
    this.#clients = clients
    this.#secret = Buffer.from(secret)
    this.#agent = agent
  }

  get counts(): { readonly asked: number; readonly waiting: number; readonly owned: number } {
    return { asked: this.#asked.size, waiting: this.#waiting.size, owned: this.#owners.size }
  }

  join(client: Client): void {
    this.#clients.add(client)
    client.onMessage((data) => {
      const command = readCommand(data)
      try {
        this.#command(client, command)
      } catch (fault) {
        process.emitWarning(fault instanceof Error ? fault : String(fault))
        client.reply(command.id, 'NOK', 'Internal server error')
      }
    })
    client.onClose(() => this.#leave(client))
  }

  /** Its dialogs stay; what only it could have gone on with ends: a phone must not ring for nobody. */
  #leave(client: Client): void {
    this.#clients.remove(client)
    for (const [id, asked] of this.#asked) {
      if (asked.client !== client) continue
      this.#asked.delete(id)
      this.#agent().abandon(asked.outgoing)
    }
    for (const [dialog, owner] of this.#owners) if (owner.client === client) this.#agent().desert(dialog)
    for (const [id, waiting] of this.#waiting) {
      if (waiting.client !== client) continue
      this.#forget(id)
      this.#agent().refuse(waiting.incoming, waiting.incoming.dialog ? 500 : 503)
    }
  }

  #command(client: Client, command: Command): void {
    const { id } = command
    if (!client.authenticated && command.type !== 'authenticate') {
      client.reply(id, 'NO', 'not authenticated')
      client.end()
      return
    }
    switch (command.type) {
      case 'authenticate':
        this.#authenticate(client, command)
        return
      case 'ping':
        client.reply(id, 'OK', 'pong')
        return
      case 'route':
        this.#clients.route(client, command.verb)
        client.reply(id, 'OK')
        return
      case 'remove_route':
        this.#clients.unroute(client, command.verb)
        client.reply(id, 'OK')
        return
      case 'unknown':
        client.reply(id, 'NO', command.reason)
        return
      case 'sip':
        this.#sip(client, command)
    }
  }

  #authenticate(client: Client, command: Extract<Command, { type: 'authenticate' }>): void {
    const given = Buffer.from(command.secret)
    if (given.length !== this.#secret.length || !timingSafeEqual(given, this.#secret)) {
      client.reply(command.id, 'NO', 'incorrect secret')
      client.end()
      return
    }
    client.authenticated = true
    client.name = [...command.tags].sort().join(',')
    const list = (endpoints: readonly Endpoint[]): string =>
      endpoints.map(({ transport, host, port }) => `${transport}/${hostPort(host, port)}`).join(',')
    client.reply(command.id, 'OK', `${list(this.#agent().told)}|${VERSION}|${list(this.#agent().addresses)}`)
  }

  #sip(client: Client, command: Sip): void {
    const { start } = command.message
    if (start.kind === 'response') this.#respond(client, command, command.message)
    else if (command.dialogId !== '') this.#inside(client, command, { ...command.message, ...start })
    else if (start.method === 'CANCEL' && command.transactionId !== '') this.#cancel(client, command)
    else this.#outside(client, command, { ...command.message, ...start })
  }

  #outside(client: Client, { id, proxy }: Sip, app: AppRequest): void {
    const transactionId = randomUUID()
    this.#agent().send(
      app,
      proxy,
      {
        sent: (sent) => client.replySent(id, went(sent), transactionId, sent.bytes),
        unsent: (reason) => client.reply(id, 'NOK', reason),
        response: (response, source, peer) => {
          if (response.status === 100) return // not told by drachtio-server either
          const dialogId = app.method === 'INVITE' || app.method === 'SUBSCRIBE' ? callerId(response) : ''
          this.#own(this.#agent().dialog(dialogId), client)
          if (response.status >= 200) this.#asked.delete(transactionId)
          this.#deliver(client, response, source ?? peer, transactionId, dialogId)
        },
      },
      (outgoing) => {
        if (client.connected) this.#asked.set(transactionId, { client, outgoing })
        else this.#agent().abandon(outgoing)
      },
    )
  }

  #inside(client: Client, { id, dialogId }: Sip, app: AppRequest): void {
    const dialog = this.#agent().dialog(dialogId)
    if (!dialog) {
      client.reply(id, 'NOK', `Server error: ${app.method === 'ACK' ? ACK_NOT_NEEDED : NO_DIALOG}`)
      return
    }
    this.#own(dialog, client)
    const transactionId = randomUUID()
    if (app.method === 'ACK') {
      this.#agent().acknowledge(dialog, app, (sent) => {
        if (typeof sent === 'string') client.reply(id, 'NOK', `Server error: ${sent}`)
        else client.replySent(id, went(sent), transactionId, sent.bytes)
      })
      return
    }
    this.#agent().sendWithin(dialog, app, {
      sent: (sent) => {
        if (app.method === 'INVITE' && dialog.inviting) this.#changing.set(transactionId, dialog.inviting)
        client.replySent(id, went(sent), transactionId, sent.bytes)
      },
      unsent: (reason) => client.reply(id, 'NOK', `Server error: ${reason}`),
      response: (response, source, peer) => {
        if (response.status === 100) return
        if (response.status >= 200) this.#changing.delete(transactionId)
        if (client.connected) this.#deliver(client, response, source ?? peer, transactionId, dialogId)
        else if (app.method === 'INVITE' && response.status >= 200 && response.status < 300) {
          this.#agent().acknowledge(dialog, { ...app, headers: new Headers(), body: EMPTY }, () => undefined)
        }
      },
    })
  }

  #cancel(client: Client, { id, transactionId, message }: Sip): void {
    const asked = this.#asked.get(transactionId)
    const changing = this.#changing.get(transactionId)
    const sent = asked ? this.#agent().cancel(asked.outgoing, message.headers) : changing?.cancel()
    if (sent) client.replySent(id, went(sent), randomUUID(), sent.bytes)
    else client.reply(id, 'NOK', `unable to cancel unknown transaction id: ${transactionId}`)
  }

  #respond(client: Client, { id, transactionId }: Sip, { start, headers, body }: Worded): void {
    const waiting = this.#waiting.get(transactionId)
    if (start.kind !== 'response') return
    if (!waiting) {
      const cancel = /CANCEL\s*$/.test(headers.get('cseq') ?? '')
      client.reply(id, 'NOK', cancel ? CANCEL_ANSWERED : 'Response not sent due to unknown transaction')
      return
    }
    const { incoming } = waiting
    try {
      const sent = this.#agent().respond(incoming, { ...start, headers, body })
      if (start.status >= 200) this.#forget(transactionId)
      this.#own(incoming.dialog, client)
      client.replySent(id, went(sent), `${transactionId}|${incoming.dialog?.id ?? ''}|`, sent.bytes)
    } catch (fault) {
      client.reply(
        id,
        'NOK',
        fault instanceof Error ? fault.message : 'Unknown server error sending response',
      )
    }
  }

  request(incoming: Incoming): void {
    const { dialog, method } = incoming
    const client = dialog ? this.#ownerOf(dialog) : this.#clients.next(method.toLowerCase())
    if (!client) {
      this.#withoutClient(incoming)
      return
    }
    const transactionId = randomUUID()
    const patience = method === 'INVITE' ? PATIENCE.invite : PATIENCE.other
    const timer = setTimeout(() => {
      this.#waiting.delete(transactionId)
      this.#agent().refuse(incoming, 408)
    }, patience)
    timer.unref()
    this.#waiting.set(transactionId, { client, incoming, timer })
    this.#ids.set(incoming.transaction, transactionId)
    const on = dialog ? undefined : this.#receivedOn(incoming.source)
    this.#deliver(client, incoming.request, incoming.source, transactionId, dialog?.id ?? '', on)
  }

  ack(dialog: Dialog, ack: SipRequest, source: Source, invite: ServerTransaction): void {
    const client = this.#ownerOf(dialog)
    if (client) this.#deliver(client, ack, source, this.#ids.get(invite) ?? randomUUID(), dialog.id)
  }

  cancelled(invite: Incoming, cancel: SipRequest): void {
    const transactionId = this.#ids.get(invite.transaction) ?? ''
    const waiting = this.#waiting.get(transactionId)
    if (!waiting) return
    this.#forget(transactionId)
    this.#deliver(waiting.client, cancel, invite.source, transactionId, invite.dialog?.id ?? '')
  }

  byeSent(dialog: Dialog, sent: Sent): void {
    this.#ownerOf(dialog)?.deliver(went(sent), 'unsolicited', dialog.id, sent.bytes)
  }

  ended(dialog: Dialog): void {
    this.#owners.delete(dialog)
  }

  /** RFC 3261 11.2: OPTIONS is answered as a call would be, so 503 while nobody is there to take one. */
  #withoutClient(incoming: Incoming): void {
    const { dialog, method } = incoming
    const allow = { Allow: METHODS.join(', ') }
    if (dialog) this.#agent().refuse(incoming, 481)
    else if (method === 'OPTIONS' && this.#clients.ready) {
      this.#agent().refuse(incoming, 200, { ...allow, Accept: 'application/sdp' })
    } else this.#agent().refuse(incoming, UNROUTED.has(method) ? 503 : 405)
  }

  #own(dialog: Dialog | undefined, client: Client): void {
    if (!dialog || dialog.state === 'ended') return
    const owner = this.#owners.get(dialog)
    if (owner?.client !== client) this.#owners.set(dialog, { client, name: client.name })
  }

  /** The client of a dialog; when that is gone, another one of its name takes the dialog over. */
  #ownerOf(dialog: Dialog): Client | undefined {
    const owner = this.#owners.get(dialog)
    if (!owner || owner.client.connected) return owner?.client
    const heir = this.#clients.named(owner.name)
    if (heir) owner.client = heir
    return heir
  }

  #forget(transactionId: string): void {
    clearTimeout(this.#waiting.get(transactionId)?.timer)
    this.#waiting.delete(transactionId)
  }

  #receivedOn(source: Source): Endpoint {
    return { transport: source.transport, ...source.local.told(source.host) }
  }

  #deliver(
    client: Client,
    message: SipMessage,
    peer: Endpoint,
    transactionId: string,
    dialogId: string,
    on?: Endpoint,
  ): void {
    const bytes = message.raw ?? serialise(message)
    client.deliver({ source: 'network', bytes: bytes.length, peer }, transactionId, dialogId, bytes, on)
  }
}

const NO_DIALOG = 'unable to find dialog for dialog id provided'
const CANCEL_ANSWERED = '200 OK to incoming CANCEL is automatically generated by the stack'

function went({ bytes, peer }: Sent): Told {
  return { source: 'application', bytes: bytes.length, peer }
}

/** The dialog that a response to a request of ours belongs to. */
function callerId(response: SipResponse): string {
  return idOf(response.headers.get('call-id') ?? '', tagOf(response.headers.get('from') ?? '') ?? '')
}
