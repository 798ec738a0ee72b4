import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Json = Readonly<Record<string, unknown>>
export type CardAction = Json & {
  readonly type: string
  readonly title: string
  readonly verb?: string
  readonly data: Readonly<Record<string, string | number>>
  readonly fallback?: CardAction
}

/** Somebody in the chat. */
export type Who = {
  readonly aadObjectId: string
  readonly name: string
  readonly email?: string
  readonly locale?: string
  readonly conversation?: string
  readonly conversationType?: 'personal' | 'groupChat' | 'channel'
  readonly tenant?: string
  readonly id?: string
}

/** One operation that the channel took. */
export type Op = {
  readonly at: number
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly conversation: string
  readonly id: string
  readonly activity: Json
  readonly authorization: string | undefined
}

/** What the channel does instead of taking a request. */
export type Failure =
  | { readonly status: number; readonly code?: string; readonly headers?: Record<string, string> }
  /** Takes it, and never answers. */
  | { readonly silent: true }
  /** Takes it, and breaks the connection. */
  | { readonly broken: true }
  /** Breaks the connection, and takes nothing. */
  | { readonly dropped: true }
  /** Takes it late; milliseconds. */
  | { readonly late: number }
  /** Takes it when this has come. */
  | { readonly held: Promise<unknown> }

export type Asked = {
  readonly method: string
  readonly path: string
  readonly conversation: string | undefined
  readonly activity: Json
  readonly authorization: string | undefined
}

export const BOT = { id: '28:dialback', name: 'Dialback' }

/**
 * A Bot Framework channel of our own: posts activities to the bot, and takes what it writes by the Bot Connector's
 * REST API. `channelId` chooses the habits: `msteams`, or `directline`, which updates nothing.
 */
export class FakeChannel {
  readonly channelId: string
  /** Of a group or channel, the bot gets only what mentions it, unless its manifest asks for more. */
  readonly hearsAll: boolean
  readonly ops: Op[] = []
  readonly refused: (Asked & { readonly status: number })[] = []
  /** What stands in the chat, by activity id. */
  readonly standing = new Map<string, Json>()
  readonly members = new Map<string, Map<string, Json>>()
  /** What one person sees of a message instead, after pressing a button in a group. */
  readonly #views = new Map<string, Json>()
  /** Decides about each request before it is carried out. */
  fail: (asked: Asked) => Failure | undefined = () => undefined
  /** By what an activity proves that it comes from the channel: its Authorization header. */
  prove: (activity: Json) => string | undefined = () => undefined
  bot = ''
  serviceUrl = ''
  tenant = 'tenant-1'
  readonly #server: http.Server
  readonly #changed = new EventTarget()

  constructor(options: { readonly channelId?: string; readonly hearsAll?: boolean } = {}) {
    this.channelId = options.channelId ?? 'msteams'
    this.hearsAll = options.hearsAll ?? false
    this.#server = http.createServer((req, res) => void this.#take(req, res))
  }

  async start(bot?: string): Promise<this> {
    this.bot = bot ?? this.bot
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.serviceUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** An activity of this person as the channel would send it. */
  activity(who: Who, extra: Json = {}): Json {
    const conversation = who.conversation ?? `a:${who.aadObjectId}`
    const from = { id: who.id ?? `29:${who.aadObjectId}`, name: who.name, aadObjectId: who.aadObjectId }
    this.#join(conversation, from, who.email)
    const tenant = who.tenant ?? this.tenant
    return {
      id: randomUUID(),
      type: 'message',
      channelId: this.channelId,
      timestamp: new Date().toISOString(),
      localTimestamp: new Date().toISOString(),
      locale: who.locale ?? 'en-US',
      serviceUrl: `${this.serviceUrl}/`,
      from,
      recipient: BOT,
      conversation: {
        id: conversation,
        conversationType: who.conversationType ?? 'personal',
        isGroup: inGroup(who),
        tenantId: tenant,
      },
      channelData: { tenant: { id: tenant } },
      ...extra,
    }
  }

  /** Delivers an activity to the bot. */
  async post(activity: Json, headers: Record<string, string> = {}) {
    const authorization = this.prove(activity)
    const response = await fetch(`${this.bot}/api/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(authorization === undefined ? {} : { authorization }),
        ...headers,
      },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(15_000),
    })
    const text = await response.text()
    return { status: response.status, text, body: (text ? JSON.parse(text) : undefined) as Json | undefined }
  }

  /** Types a text for the bot: in a group it mentions it. */
  say(who: Who, text: string, extra: Json = {}) {
    if (!inGroup(who)) return this.post(this.activity(who, { text, textFormat: 'plain', ...extra }))
    const at = `<at>${BOT.name}</at>`
    const mention = { type: 'mention', text: at, mentioned: BOT }
    return this.post(this.activity(who, { text: `${at} ${text}`, entities: [mention], ...extra }))
  }

  /**
   * Types a text that does not mention the bot. In a group it reaches the bot only where the manifest asks for all.
   * @returns undefined where it was not delivered
   */
  async sayToAll(who: Who, text: string, extra: Json = {}) {
    if (inGroup(who) && !this.hearsAll) return undefined
    return this.post(this.activity(who, { text, textFormat: 'plain', ...extra }))
  }

  /**
   * Chooses the app in the menu of somebody's message (Teams, "Create and send dialogs": `composeExtension/fetchTask`).
   * @param html the message as Teams keeps it
   */
  picks(who: Who, html: string, commandId = 'meetingCard') {
    const messagePayload = {
      ...{ id: '1611060744833', replyToId: null, deleted: false, importance: 'normal', attachments: [] },
      body: { contentType: 'html', content: html },
    }
    const value = { commandId, commandContext: 'message', requestId: randomUUID(), messagePayload }
    return this.post(this.activity(who, { type: 'invoke', name: 'composeExtension/fetchTask', value }))
  }

  /** Presses a button of a message that stands: an invoke for Action.Execute, a message for Action.Submit. */
  async press(who: Who, id: string, action: CardAction) {
    const replyToId = id
    if (action.type === 'Action.Submit') {
      return this.post(this.activity(who, { replyToId, value: action.data }))
    }
    const value = { action: { type: action.type, verb: action.verb, data: action.data }, trigger: 'manual' }
    const before = this.ops.length
    const answer = await this.post(
      this.activity(who, { type: 'invoke', name: 'adaptiveCard/action', replyToId, value }),
    )
    const redrawn = this.ops.slice(before).some((op) => op.id === id)
    if (answer.body?.['type'] === CARD && !redrawn) {
      const seen = { attachments: [{ contentType: CARD, content: answer.body['value'] }] }
      if ((who.conversationType ?? 'personal') === 'personal') this.standing.set(id, seen)
      else this.#views.set(`${id} ${who.aadObjectId}`, seen)
      this.#changed.dispatchEvent(new Event('change'))
    }
    return answer
  }

  /** The message as this person (or anybody) sees it now. */
  seen(id: string, who?: Who): Json | undefined {
    return this.#views.get(`${id} ${who?.aadObjectId ?? ''}`) ?? this.standing.get(id)
  }

  /** The words of a message as it stands: of card and text, without ids, types and buttons' data. */
  words(id: string, who?: Who): string {
    return wordsOf(this.seen(id, who)).join('\n')
  }

  /** The words of all that the bot sent, from operation number `from` on. */
  said(from = 0): string {
    return this.ops
      .slice(from)
      .map((op) => wordsOf(op.activity).join('\n'))
      .join('\n')
  }

  /** The newest standing message with a button of this verb. */
  button(verb: string, who?: Who): { readonly id: string; readonly action: CardAction } | undefined {
    for (const id of [...this.standing.keys()].reverse()) {
      const action = actionsOf(this.seen(id, who)).find((one) => verbOf(one) === verb)
      if (action) return { id, action }
    }
    return undefined
  }

  /** Resolves with what `look` finds, as soon as it finds something; rejects after `ms`. */
  async until<T>(look: () => T | undefined | false | null, ms = 5000): Promise<T> {
    const signal = AbortSignal.timeout(ms)
    for (;;) {
      const found = look()
      if (found) return found
      await once(this.#changed, 'change', { signal }).catch(() => {
        throw new Error(`not seen within ${ms} ms; the bot sent: ${this.#log()}`)
      })
    }
  }

  #log(): string {
    const taken = this.ops.map((op) => `${op.method} ${wordsOf(op.activity).join(' | ')}`)
    return [...taken, ...this.refused.map((one) => `${one.method} ${one.status}`)].join('\n')
  }

  #join(conversation: string, from: Json & { readonly id: string }, email: string | undefined) {
    const members = this.members.get(conversation) ?? new Map<string, Json>()
    this.members.set(conversation, members)
    members.set(from.id, { ...from, email, userPrincipalName: email, tenantId: this.tenant })
  }

  async #take(req: http.IncomingMessage, res: http.ServerResponse) {
    const parts: Buffer[] = []
    for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
    const path = req.url ?? ''
    const activity = (parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString('utf8')) : {}) as Json
    const [, conversation, what, target] = (
      /^\/v3\/conversations\/([^/]+)\/(activities|members|pagedmembers)(?:\/([^/?]+))?(?:\?.*)?$/.exec(
        path,
      ) ?? []
    ).map(decodeURIComponent)
    const { authorization } = req.headers
    const asked: Asked = { method: req.method ?? '', path, conversation, activity, authorization }
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      if (status >= 400) this.refused.push({ ...asked, status })
      res.writeHead(status, { 'content-type': 'application/json', ...headers })
      res.end(JSON.stringify(body))
      this.#changed.dispatchEvent(new Event('change'))
    }
    const refuse = (status: number, code: string, headers?: Record<string, string>) =>
      answer(status, { error: { code, message: code } }, headers)

    const failure = this.fail(asked)
    if (failure && 'status' in failure) {
      return refuse(failure.status, failure.code ?? `made to fail with ${failure.status}`, failure.headers)
    }
    if (failure && 'dropped' in failure) return res.destroy()
    if (failure && 'held' in failure) await failure.held
    if (failure && 'late' in failure) await new Promise((done) => setTimeout(done, failure.late))
    const done = this.#carryOut(asked, what, target)
    if (failure && 'silent' in failure) return
    if (failure && 'broken' in failure) return res.destroy()
    if (typeof done === 'string') return refuse(STATUS[done] ?? 400, done)
    answer(200, done)
  }

  #carryOut(
    { method, conversation, activity, authorization }: Asked,
    what: string | undefined,
    target: string | undefined,
  ): string | Json {
    if (conversation === undefined || what === undefined) return 'NotFound'
    if (what === 'pagedmembers') return { members: [...(this.members.get(conversation)?.values() ?? [])] }
    if (what === 'members') {
      return this.members.get(conversation)?.get(target ?? '') ?? 'MemberNotFoundInConversation'
    }
    if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE') return 'MethodNotAllowed'
    if (method !== 'POST' && /^(directline|webchat)$/.test(this.channelId)) return 'MethodNotAllowed'
    if (method !== 'POST' && !this.standing.has(target ?? '')) return 'ActivityNotFoundInConversation'
    const id = method === 'POST' ? randomUUID() : (target ?? '')
    this.ops.push({ at: Date.now(), method, conversation, id, activity, authorization })
    for (const key of this.#views.keys()) if (key.startsWith(`${id} `)) this.#views.delete(key)
    if (method === 'DELETE') this.standing.delete(id)
    else this.standing.set(id, activity)
    this.#changed.dispatchEvent(new Event('change'))
    return { id }
  }
}

const inGroup = ({ conversationType }: Who) =>
  conversationType !== undefined && conversationType !== 'personal'

const CARD = 'application/vnd.microsoft.card.adaptive'
const STATUS: Readonly<Record<string, number>> = {
  NotFound: 404,
  MemberNotFoundInConversation: 404,
  ActivityNotFoundInConversation: 404,
  MethodNotAllowed: 405,
}
const SHOWN = new Set(['text', 'title', 'value', 'label', 'altText'])

/** The words that a person reads of a message or card. */
export function wordsOf(node: unknown, key = ''): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((one: unknown) => wordsOf(one, key))
  if (typeof node === 'string') return SHOWN.has(key) ? [node] : []
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, value]) =>
    name === 'data' || name === 'channelData' || name === 'fallback' ? [] : wordsOf(value, name),
  )
}

/** Every button of a message or card, in order of reading; fallbacks are not counted. */
export function actionsOf(node: unknown): readonly CardAction[] {
  if (Array.isArray(node)) return node.flatMap(actionsOf)
  if (typeof node !== 'object' || node === null) return []
  const own = isAction(node) ? [node] : []
  return [
    ...own,
    ...Object.entries(node).flatMap(([name, value]) => (name === 'fallback' ? [] : actionsOf(value))),
  ]
}

/** What opens a part of its card tells the bot nothing, and has no data. */
const verbOf = ({ data }: { readonly data?: CardAction['data'] }) => data?.['verb']

const isAction = (node: object): node is CardAction =>
  'type' in node && typeof node.type === 'string' && node.type.startsWith('Action.')
