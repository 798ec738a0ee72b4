import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Pbx, SipSeen } from '../sim/pbx.ts'
import type { PhoneView } from '../sim/phone.ts'
import {
  executeActivity,
  faceOf,
  joinActivity,
  mentionsBot,
  messageActivity,
  outcomeOf,
  submitActivity,
  type Context,
} from './activities.ts'
import { json, plain, serveAsset } from './assets.ts'
import { post, type BotAnswer } from './bot.ts'
import { Connector } from './connector.ts'
import { BOT, Conversations, type Change } from './conversations.ts'
import { refusal } from './guard.ts'
import { openHistory, type History } from './history.ts'
import { listPeople, type DemoPerson, type PeopleSource } from './people.ts'
import type { Asked, Notice, Told } from './protocol.ts'
import { Scenes } from './scenes.ts'
import { SlowDay } from './slow-day.ts'
import { SoundBridge } from './sound.ts'
import { Visitor } from './visitor.ts'

export type DemoOptions = {
  /** Where the bot takes activities, e.g. `http://127.0.0.1:3978`; the demo is mounted there too. */
  readonly botUrl: string
  readonly people: PeopleSource
  /** Absent where the bot works with a real PBX: then the page shows no phones. */
  readonly pbx?: Pbx
  /** The cards of the gallery at `/demo/cards`, drawn by the bot itself; absent: there is nothing to see there. */
  readonly gallery?: (language: 'en' | 'es') => readonly unknown[]
  /** File that the chat is kept in over a restart; absent: it is forgotten. */
  readonly history?: string
  readonly log: DemoLog
}

type DemoLog = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** Plain node handlers, to be mounted for `/` and `/demo/*` by whoever serves the bot's port. */
export type Demo = {
  handle(req: IncomingMessage, res: ServerResponse): void
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  stop(): Promise<void>
}

const CHANNEL = '/demo/channel'
const SOCKET = '/demo/socket'
const SOUND = '/demo/sound'
const GALLERY = '/demo/cards.json'
/** A pasted text of 1 MB must reach the bot, which has the answer to it; bytes. */
const LARGEST = 4 * 1024 * 1024
/** How long a bot that is starting is asked again whether it is there, milliseconds. */
const JOIN = { every: 1000, tries: 30 }

/** The demo: a Bot Framework channel of its own, and the page on which people chat and phones ring. */
export function createDemo(options: DemoOptions): Demo {
  return new DemoServer(options)
}

class DemoServer implements Demo {
  readonly #options: DemoOptions
  readonly #run = randomUUID()
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST })
  readonly #visitors = new Set<Visitor>()
  readonly #sound: SoundBridge
  readonly #history: History | undefined
  readonly #conversations: Conversations
  readonly #connector: Connector
  readonly #day = new SlowDay()
  readonly #scenes: Scenes | undefined
  /** Conversations that the bot knows it is in. */
  readonly #joined = new Set<string>()
  readonly #onPhone = (phone: PhoneView) => this.#broadcast({ type: 'phone', phone })
  readonly #onSip = (seen: SipSeen) => this.#broadcast({ type: 'sip', seen })
  #stopped = false

  constructor(options: DemoOptions) {
    this.#options = options
    const { history, log } = options
    this.#history =
      history === undefined
        ? undefined
        : openHistory(history, (err) => log.warn({ err }, 'the chat could not be kept'))
    this.#conversations = new Conversations((change) => {
      this.#history?.changed(() => this.#conversations.messages)
      void this.#changed(change)
    }, this.#history?.messages)
    this.#connector = new Connector({
      conversations: this.#conversations,
      people: options.people,
      day: this.#day,
      onTyping: (conversation) => this.#broadcast({ type: 'typing', conversation }, conversation),
    })
    this.#scenes = options.pbx && new Scenes(options.pbx, this.#day)
    this.#sound = new SoundBridge(options.pbx?.phones ?? [])
    options.pbx?.on('phone', this.#onPhone)
    options.pbx?.on('sip', this.#onSip)
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    const refused = refusal(req)
    if (refused !== undefined) return plain(res, 403, refused)
    const path = (req.url ?? '/').replace(/[?#].*$/, '')
    if (path === GALLERY && req.method === 'GET') {
      const language = /[?&]language=es\b/.test(req.url ?? '') ? 'es' : 'en'
      return json(res, this.#options.gallery?.(language) ?? [])
    }
    const served = path.startsWith(`${CHANNEL}/`)
      ? this.#connector.handle(req, res, path.slice(CHANNEL.length))
      : req.method === 'GET' || req.method === 'HEAD'
        ? serveAsset(path, res)
        : Promise.resolve(plain(res, 405, 'The page is only read.'))
    served.catch((err: unknown) => {
      this.#options.log.warn({ err, path }, 'demo request failed')
      if (!res.headersSent) plain(res, 500, 'The demo could not answer. Load the page again.')
    })
  }

  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (req.url ?? '/').replace(/[?#].*$/, '')
    const refused =
      refusal(req) ?? (req.headers.origin === undefined ? 'A page of the demo is wanted.' : undefined)
    const known = path === SOCKET || path === SOUND
    if (!known || refused !== undefined || this.#stopped) {
      const status = known ? '403 Forbidden' : '404 Not Found'
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    if (path === SOUND) return this.#sound.upgrade(req, socket, head)
    this.#sockets.handleUpgrade(req, socket, head, (webSocket) => {
      const visitor = new Visitor(webSocket, (asked) => {
        this.#take(visitor, asked).catch((err: unknown) =>
          this.#options.log.warn({ err }, 'demo page failed'),
        )
      })
      this.#visitors.add(visitor)
      webSocket.on('close', () => this.#visitors.delete(visitor))
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#options.pbx?.off('phone', this.#onPhone)
    this.#options.pbx?.off('sip', this.#onSip)
    await this.#scenes?.play('works')
    for (const client of this.#sockets.clients) client.close(1001, 'server stops')
    await this.#sound.stop()
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()))
    await this.#history?.close()
  }

  async #take(visitor: Visitor, asked: Asked): Promise<void> {
    const people = await listPeople(this.#options.people)
    if (asked.type === 'be') return this.#welcome(visitor, asked, people)
    if (asked.type === 'phone') return this.#touch(visitor, asked)
    if (asked.type === 'scene') return this.#play(asked)
    const person = people.find((one) => one.aadObjectId === visitor.person)
    const mine = person && Conversations.roomsOf(person).some((room) => room.id === asked.conversation)
    if (!person || !mine) return
    if (asked.type === 'say') await this.#say(visitor, person, asked, people)
    else await this.#press(visitor, person, asked)
  }

  #welcome(visitor: Visitor, asked: Extract<Asked, { type: 'be' }>, people: readonly DemoPerson[]): void {
    const person = people.find((one) => one.aadObjectId === asked.person) ?? people[0]
    visitor.person = person?.aadObjectId ?? ''
    visitor.locale = asked.locale
    const { pbx } = this.#options
    // People answer in the language of the page that was last opened or chosen.
    pbx?.speaks(languageOf(visitor))
    visitor.tell({
      type: 'snapshot',
      run: this.#run,
      me: visitor.person,
      people: people.map(({ aadObjectId, name, desk }) => ({
        id: aadObjectId,
        name,
        ...(desk === undefined ? {} : { desk }),
      })),
      bot: BOT.name,
      rooms: person ? Conversations.roomsOf(person) : [],
      messages: person ? this.#conversations.all(person) : [],
      ...(pbx ? { phones: pbx.phones.map((phone) => phone.view) } : {}),
      ...(this.#scenes ? { scene: this.#scenes.now } : {}),
      ladder: pbx?.ladder ?? [],
    })
    if (person) void this.#join(this.#context(visitor, person, Conversations.personal(person)))
  }

  /** Tells the bot once that it is in this conversation, so that it can greet. */
  async #join(context: Context): Promise<void> {
    if (this.#joined.has(context.conversation)) return
    this.#joined.add(context.conversation)
    for (let tries = 0; tries < JOIN.tries && !this.#stopped; tries += 1) {
      const answer = await post(this.#options.botUrl, joinActivity(context))
      if (answer.kind === 'answered' && answer.status < 500) return
      await new Promise((resolve) => setTimeout(resolve, JOIN.every).unref())
    }
    this.#joined.delete(context.conversation)
  }

  async #say(
    visitor: Visitor,
    person: DemoPerson,
    { conversation, text }: { conversation: string; text: string },
    people: readonly DemoPerson[],
  ): Promise<void> {
    if (text.trim() === '') return
    const id = this.#conversations.add(conversation, person, {
      text,
      markdown: false,
      cards: [],
      suggestions: [],
    })
    if (Conversations.isGroup(conversation) && !mentionsBot(text))
      return visitor.tell({ type: 'notice', notice: 'onlyMentions', conversation, message: id })
    const context = this.#context(visitor, person, conversation)
    const answer = await post(this.#options.botUrl, messageActivity(context, id, text, people))
    this.#explain(visitor, conversation, id, answer)
  }

  async #press(
    visitor: Visitor,
    person: DemoPerson,
    asked: Extract<Asked, { type: 'press' }>,
  ): Promise<void> {
    const { conversation, message, action } = asked
    const context = this.#context(visitor, person, conversation)
    const revision = this.#conversations.revision(message)
    if (revision === undefined) return
    if (action.kind === 'submit') {
      const answer = await post(this.#options.botUrl, submitActivity(context, message, action.data))
      return this.#explain(visitor, conversation, message, answer)
    }
    const answer = await post(this.#options.botUrl, executeActivity(context, message, action))
    const outcome = answer.kind === 'answered' && answer.status < 300 ? outcomeOf(answer.body) : undefined
    if (outcome?.kind === 'card') {
      const face = faceOf({
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: outcome.card }],
      })
      this.#conversations.redraw(message, person, face, revision)
    } else if (outcome?.kind === 'said') {
      visitor.tell({ type: 'notice', notice: 'pressNotTaken', conversation, message, detail: outcome.text })
    } else {
      visitor.tell({ type: 'notice', notice: 'pressFailed', conversation, message })
    }
  }

  #touch(visitor: Visitor, { phone, act, digits }: Extract<Asked, { type: 'phone' }>): void {
    const touched = this.#options.pbx?.phones.find((one) => one.view.id === phone)
    touched?.speaks(languageOf(visitor))
    if (act === 'press') touched?.press(digits ?? '')
    else touched?.[act]()
  }

  /** What was chosen on one page holds for all. */
  async #play({ scene }: Extract<Asked, { type: 'scene' }>): Promise<void> {
    const playing = this.#scenes?.play(scene)
    if (playing) this.#broadcast({ type: 'scene', scene })
    await playing
  }

  #explain(visitor: Visitor, conversation: string, message: string, answer: BotAnswer): void {
    const notice = noticeOf(answer)
    if (notice === undefined) return
    this.#options.log.warn({ answer }, 'the bot did not take an activity of the demo')
    visitor.tell({ type: 'notice', notice, conversation, message })
  }

  #context(visitor: Visitor, from: DemoPerson, conversation: string): Context {
    return { serviceUrl: `${this.#options.botUrl}${CHANNEL}`, conversation, from, locale: visitor.locale }
  }

  /** Each page is told what its own person sees. */
  async #changed({ type, conversation, id }: Change): Promise<void> {
    const people = await listPeople(this.#options.people)
    for (const visitor of this.#visitors) {
      const person = people.find((one) => one.aadObjectId === visitor.person)
      if (!person || !Conversations.roomsOf(person).some((room) => room.id === conversation)) continue
      const message = this.#conversations.shown(id, person)
      if (type === 'removed') visitor.tell({ type, message: id })
      else if (message) visitor.tell({ type, message })
    }
  }

  /** @param conversation told to those only who are in it */
  #broadcast(told: Told, conversation?: string): void {
    for (const visitor of this.#visitors) {
      const everybody = conversation === undefined || Conversations.isGroup(conversation)
      const own = Conversations.personal({ aadObjectId: visitor.person })
      if (everybody || conversation === own) visitor.tell(told)
    }
  }
}

function languageOf({ locale }: Visitor): 'en' | 'es' {
  return /^es\b/i.test(locale) ? 'es' : 'en'
}

function noticeOf(answer: BotAnswer): Notice | undefined {
  if (answer.kind === 'unreachable') return 'botUnreachable'
  if (answer.kind === 'slow') return 'botSlow'
  if (answer.status < 300) return undefined
  return answer.status === 503 ? 'botNotReady' : 'botRefused'
}
