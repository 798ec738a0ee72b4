import type { Address, Clock, Log } from '../../app/ports.ts'
import { isMeeting } from '../../core/ids.ts'
import type { CallId, MeetingId } from '../../core/ids.ts'
import type { CallView, MeetingView, RoomView, Screen } from '../../core/screen.ts'
import type { Channels } from '../channels.ts'
import type { Connector, Outcome } from '../connector.ts'
import { keyOf } from '../references.ts'
import type { Reference, References } from '../references.ts'
import { CardOutbox, idOf, isFinal } from './card.ts'
import type { CardWay, LiveScreen } from './card.ts'
import { Lane } from './lane.ts'
import { postInOrder } from './post.ts'
import type { Pace, Patience } from './post.ts'
import type { Rate } from './rates.ts'
import { Road } from './road.ts'
import { afterPost, afterUpdate } from './verdict.ts'
import type { PostVerdict, UpdateVerdict } from './verdict.ts'

export type OutboxOptions = {
  readonly references: References
  readonly channels: Channels
  readonly connector: Connector
  /** For waits alone: one that nobody sets. */
  readonly clock: Clock
  readonly log: Log
  readonly patience: Patience
  /** Of one conversation, and of all on one channel. */
  readonly rates: readonly Rate[]
  readonly appRates: readonly Rate[]
  readonly random: () => number
  /** The message body of a screen for this channel. */
  readonly message: (screen: Screen, to: Address) => Readonly<Record<string, unknown>>
}

const MOST_LANES = 5000
const MOST_FINISHED = 2000
/** More answers than that waiting in one conversation are for nobody to read. Cards are not counted. */
const MOST_SAID = 20

/** Takes everything that the bot says, and sees it through; nobody waits for it. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #pace: Pace
  readonly #roads = new Map<string, Road>()
  readonly #lanes = new Map<string, Lane>()
  readonly #cards = new Map<string, CardOutbox>()
  /** Calls whose record stands: a late, older state must not come over it. */
  readonly #finished = new Set<string>()
  readonly #running = new Set<Promise<void>>()
  readonly #onPosted: ((shown: CallId | MeetingId, activity: string) => void)[] = []
  readonly #onShown: ((call: CallId, revision: number) => void)[] = []

  constructor(options: OutboxOptions) {
    this.#options = options
    const { clock, patience, random } = options
    this.#pace = { clock, patience, random }
  }

  say(to: Address, screen: Screen): void {
    const { log, patience } = this.#options
    const lane = this.#lane(to)
    if (lane.queued >= MOST_SAID) {
      const fields = { ...ofCall(screen), code: 'POST_DROPPED', channel: to.channel, screen: screen.kind }
      return log.warn(fields, 'a message was dropped: too many wait in this conversation')
    }
    const send = () => this.#post(to, screen)
    const posted = postInOrder(lane, this.#pace, () => patience.passing, send).then((verdict) => {
      if (verdict) return
      const fields = { ...ofCall(screen), code: 'POST_LOST', channel: to.channel, screen: screen.kind }
      log.warn(fields, 'a message was not taken, or nobody knows; it is not posted twice')
    })
    this.#track(posted)
  }

  showCall(to: Address, view: CallView, activity: string | undefined): void {
    if (this.#finished.has(view.call)) return this.#shown(view.call, view.revision)
    this.#show(to, { kind: 'call', view }, activity)
  }

  showMeeting(to: Address, view: MeetingView, activity: string | undefined): void {
    this.#show(to, { kind: 'meeting', view }, activity)
  }

  showRoom(to: Address, view: RoomView, activity: string | undefined): void {
    this.#show(to, { kind: 'room', view }, activity)
  }

  #show(to: Address, screen: LiveScreen, activity: string | undefined): void {
    const id = idOf(screen)
    const card = this.#cards.get(id) ?? new CardOutbox(this.#way(to, id), screen, activity)
    this.#cards.set(id, card)
    const call = screen.kind === 'call' ? screen.view.call : undefined
    this.#track(
      card.show(screen).then(() => this.#finish(id, card)),
      call,
    )
  }

  onPosted(listener: (shown: CallId | MeetingId, activity: string) => void): void {
    this.#onPosted.push(listener)
  }

  onShown(listener: (call: CallId, revision: number) => void): void {
    this.#onShown.push(listener)
  }

  /** Holds the updates of a card back until the answer is called. */
  hold(id: string): () => void {
    return this.#cards.get(id)?.hold() ?? (() => undefined)
  }

  async settle(ms: number): Promise<void> {
    let late = false
    const tooLate = new Promise<void>((done) => {
      const timer = setTimeout(() => {
        late = true
        done()
      }, ms)
      timer.unref()
    })
    const all = async () => {
      while (this.#running.size > 0 && !late) await Promise.allSettled(this.#running)
    }
    await Promise.race([all(), tooLate])
  }

  #shown(id: CallId | MeetingId, revision: number) {
    if (!isMeeting(id)) for (const listener of this.#onShown) listener(id, revision)
  }

  /** Nothing more is to be done for the card, now or ever. A meeting's is found again by its activity. */
  #finish(id: CallId | MeetingId, outbox: CardOutbox) {
    const final = isFinal(outbox.wanted)
    if ((!final && outbox.wanted.kind === 'call') || this.#cards.get(id) !== outbox) return
    this.#cards.delete(id)
    if (!final) return
    this.#finished.add(id)
    const [oldest] = this.#finished
    if (this.#finished.size > MOST_FINISHED && oldest !== undefined) this.#finished.delete(oldest)
  }

  #way(to: Address, id: CallId | MeetingId): CardWay {
    return {
      ...this.#pace,
      lane: this.#lane(to),
      log: this.#options.log,
      updates: () => this.#options.channels.of(to.channel).updates !== 'no',
      post: (screen) => this.#post(to, screen),
      update: (activity, screen) => this.#update(to, activity, screen),
      posted: (activity) => {
        for (const listener of this.#onPosted) listener(id, activity)
      },
      shown: (revision) => this.#shown(id, revision),
    }
  }

  async #post(to: Address, screen: Screen): Promise<PostVerdict> {
    const outcome = await this.#request('POST', to, screen, undefined)
    this.#tell(outcome, to, screen, 'post')
    return afterPost(outcome)
  }

  async #update(to: Address, activity: string, screen: Screen): Promise<UpdateVerdict> {
    const { channels } = this.#options
    const outcome = await this.#request('PUT', to, screen, activity)
    const verdict = afterUpdate(outcome, channels.of(to.channel).updates)
    this.#tell(outcome, to, screen, 'update')
    if (verdict.kind === 'updated') channels.updated(to.channel)
    if (verdict.kind === 'unsupported') channels.refusedUpdate(to.channel)
    return verdict
  }

  async #request(
    method: 'POST' | 'PUT',
    to: Address,
    screen: Screen,
    activity: string | undefined,
  ): Promise<Outcome> {
    const { references, connector, patience, message } = this.#options
    const reference = await references.find(to.channel, to.conversation)
    if (!reference) return { kind: 'refused', status: 0, code: 'NO_REFERENCE' }
    const below = activity === undefined ? '' : `/${encodeURIComponent(activity)}`
    return connector.request({
      method,
      serviceUrl: reference.serviceUrl,
      path: `/v3/conversations/${encodeURIComponent(reference.conversation)}/activities${below}`,
      body: {
        ...addressed(reference),
        ...(activity === undefined ? {} : { id: activity }),
        ...message(screen, to),
      },
      within: patience.request,
    })
  }

  #tell(outcome: Outcome, { channel }: Address, screen: Screen, act: 'post' | 'update') {
    const { log } = this.#options
    const common = { ...ofCall(screen), channel, act }
    if (outcome.kind === 'done')
      return log.debug({ ...common, screen: screen.kind }, 'the channel took a message')
    const fields =
      outcome.kind === 'refused'
        ? { ...common, code: 'CHANNEL_REFUSED', status: outcome.status, reason: outcome.code }
        : { ...common, code: 'CHANNEL_SILENT', reached: outcome.kind, err: outcome.cause }
    log.warn(fields, 'the channel did not take a message')
  }

  #lane(to: Address): Lane {
    const key = keyOf(to.channel, to.conversation)
    let lane = this.#lanes.get(key)
    if (!lane) {
      if (this.#lanes.size >= MOST_LANES) this.#sweep()
      lane = new Lane(this.#options.clock, this.#options.rates, this.#road(to.channel))
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** Tenants share it: few bots serve several, and those are within the limits all the same. */
  #road(channel: string): Road {
    const road = this.#roads.get(channel) ?? new Road(this.#options.clock, this.#options.appRates)
    this.#roads.set(channel, road)
    return road
  }

  #sweep() {
    for (const [key, lane] of this.#lanes) if (lane.idle) this.#lanes.delete(key)
  }

  #track(work: Promise<void>, call?: CallId) {
    const { log } = this.#options
    const fields = { ...(call === undefined ? {} : { call }), code: 'OUTBOX_FAILED' }
    const tracked = work.catch((err: unknown) => log.error({ ...fields, err }, 'a message was not sent'))
    this.#running.add(tracked)
    void tracked.finally(() => this.#running.delete(tracked))
  }
}

/** Ties a log line to the call that is shown. */
const ofCall = (screen: Screen) =>
  'view' in screen && 'call' in screen.view ? { call: screen.view.call, revision: screen.view.revision } : {}

/** Who writes to whom, as the Bot Connector wants it in a message. */
const addressed = ({ channel, conversation, bot, user, group, tenant }: Reference) => ({
  type: 'message',
  channelId: channel,
  from: bot,
  conversation: { id: conversation, isGroup: group, ...(tenant === undefined ? {} : { tenantId: tenant }) },
  ...(user ? { recipient: user } : {}),
})
