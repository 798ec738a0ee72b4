import type { Log } from '../../app/ports.ts'
import type { CallId, MeetingId } from '../../core/ids.ts'
import type { Screen } from '../../core/screen.ts'
import type { Lane, Ticket } from './lane.ts'
import { backoff, postInOrder } from './post.ts'
import type { Pace } from './post.ts'
import type { PostVerdict, UpdateVerdict } from './verdict.ts'

/** What a card shows that lives: that of a call until its record stands, of a room until it is over, of a shared meeting for ever. */
export type LiveScreen = Extract<Screen, { readonly kind: 'call' | 'meeting' | 'room' }>

/** What a card's outbox needs: the conversation's lane, and the two requests. */
export type CardWay = Pace & {
  readonly lane: Lane
  readonly log: Log
  /** False where the channel is known to change no message. */
  readonly updates: () => boolean
  readonly post: (screen: LiveScreen) => Promise<PostVerdict>
  readonly update: (activity: string, screen: LiveScreen) => Promise<UpdateVerdict>
  readonly posted: (activity: string) => void
  /** This revision stands, or was given up. */
  readonly shown: (revision: number) => void
}

/**
 * The card of one call, or of one meeting, in one conversation: newest state wins, one request in flight.
 *
 *   nothing ──post──► standing ──change──► merging ──update──► standing … ──final state──► over
 *      │                 │                                                                  ▲
 *      │                 └──the channel updates nothing, or the message is gone──► record ──┤
 *      └──the post was lost: it is not repeated, the record is posted in the end────────────┘
 */
export class CardOutbox {
  readonly #way: CardWay
  #activity: string | undefined
  #wanted: LiveScreen
  #shown: LiveScreen | undefined
  /** Nothing can be updated any more: only the record follows, as a message of its own. */
  #onlyRecord = false
  #reposted = false
  /** When the oldest change came that no request has carried yet. */
  #changedAt: number | undefined
  #held = 0
  #ticket: Ticket | undefined
  #wake: (() => void) | undefined
  #running: Promise<void> | undefined

  /** @param activity the message that becomes the card, where one stands and the channel can change it */
  constructor(way: CardWay, screen: LiveScreen, activity: string | undefined) {
    this.#way = way
    this.#wanted = screen
    this.#activity = way.updates() ? activity : undefined
  }

  get wanted(): LiveScreen {
    return this.#wanted
  }

  /** Takes a state; one that is older than the newest known is of no interest. */
  show(screen: LiveScreen): Promise<void> {
    if (screen.view.revision > this.#wanted.view.revision && !isFinal(this.#wanted)) {
      this.#wanted = screen
      this.#changedAt ??= this.#way.clock.now()
      if (isFinal(screen)) this.#ticket?.hurry()
      this.#wake?.()
    }
    return this.deliver()
  }

  /** Resolves when the card stands as it is wanted, or nothing more can be done for it. */
  deliver(): Promise<void> {
    if (!this.#running && this.#settled) {
      this.#way.shown(this.#wanted.view.revision)
      return Promise.resolve()
    }
    this.#running ??= this.#run()
    return this.#running
  }

  /**
   * Keeps updates back while a button of this card is being answered: an update inside the invoke makes Teams
   * on Android flash an error (microsoft/botbuilder-js#4430).
   */
  hold(): () => void {
    let held = true
    this.#held += 1
    return () => {
      if (held) this.#held -= 1
      held = false
      this.#wake?.()
    }
  }

  async #run(): Promise<void> {
    try {
      await this.#bringThere()
    } finally {
      // At once, and not by a promise's `finally`: a state that comes meanwhile must start another run.
      this.#running = undefined
      this.#way.shown(this.#wanted.view.revision)
    }
  }

  async #bringThere(): Promise<void> {
    const { clock, patience } = this.#way
    let since = clock.now()
    let attempt = 0
    let final = isFinal(this.#wanted)
    const left = () => (final ? patience.final : patience.passing) - (clock.now() - since)
    while (!this.#settled) {
      await this.#untilDue()
      if (isFinal(this.#wanted) && !final) {
        since = clock.now()
        final = true
      }
      if (!(await this.#send(attempt, left))) {
        if (left() <= 0) return this.#giveUp()
        attempt += 1
      } else attempt = 0
    }
  }

  get #settled(): boolean {
    if (this.#onlyRecord && !isFinal(this.#wanted)) return true
    return this.#shown !== undefined && looksSame(this.#shown, this.#wanted)
  }

  /** Waits until the next update is due: states that pass quickly are merged, a final one goes at once. */
  async #untilDue(): Promise<void> {
    const { clock, patience } = this.#way
    while (this.#activity !== undefined) {
      const mergedAt = (this.#changedAt ?? -Infinity) + patience.merge
      const wait = isFinal(this.#wanted) ? 0 : mergedAt - clock.now()
      if (wait <= 0 && this.#held === 0) return
      await this.#sleep(this.#held > 0 ? patience.merge : wait)
    }
  }

  /** One step towards the wanted state, with so many ms left for it. False where it failed and may be repeated. */
  async #send(attempt: number, left: () => number): Promise<boolean> {
    const activity = this.#activity
    if (activity !== undefined && !this.#onlyRecord && this.#way.updates()) {
      return this.#update(activity, attempt, left)
    }
    // Where nothing can be updated, the card that stands has said "begun"; the record follows in the end.
    if (activity !== undefined && !isFinal(this.#wanted)) this.#onlyRecord = true
    else await this.#post()
    return true
  }

  async #post(): Promise<void> {
    const { lane, patience, updates } = this.#way
    const within = () => (isFinal(this.#wanted) ? patience.final : patience.passing)
    const posted = await postInOrder(lane, this.#way, within, () => this.#way.post(this.#sending()))
    this.#activity = posted?.activity
    if (posted?.activity !== undefined) this.#way.posted(posted.activity)
    if (posted?.activity === undefined || !updates()) this.#onlyRecord = true
    if (!posted) this.#warn('CARD_POST_LOST', 'a card was not taken, or nobody knows; it is not posted twice')
  }

  async #update(activity: string, attempt: number, left: () => number): Promise<boolean> {
    this.#ticket = this.#way.lane.gate(isFinal(this.#wanted))
    await this.#ticket.passed
    this.#ticket = undefined
    // Much may have happened in the queue: a button is being answered, or the card is wanted as it stands.
    if (this.#held > 0 || this.#settled) return true
    const before = this.#shown
    const verdict = await this.#way.update(activity, this.#sending())
    switch (verdict.kind) {
      case 'updated':
        return true
      case 'retry': {
        this.#shown = before
        // A Retry-After of weeks neither mutes the conversation nor overflows a timer.
        const wait = Math.min(verdict.after ?? backoff(this.#way, attempt), Math.max(0, left()))
        if (verdict.throttled) this.#way.lane.pause(wait)
        else await this.#sleep(wait)
        return false
      }
      case 'gone':
        this.#shown = before
        this.#activity = undefined
        // Once: a message that is gone twice has been taken away by somebody.
        if (this.#reposted) this.#onlyRecord = true
        this.#reposted = true
        return true
      case 'unsupported':
        this.#shown = before
        // What stands there may be a question yet: then "begun" is still to be said.
        if (before) this.#onlyRecord = true
        else this.#activity = undefined
        return true
      case 'refused':
        this.#warn('CARD_UPDATE_REFUSED', 'the channel refuses this state of the card')
        return true
    }
  }

  /** The state that goes out now: the newest. */
  #sending(): LiveScreen {
    this.#shown = this.#wanted
    this.#changedAt = undefined
    return this.#wanted
  }

  /** Sleeps, or wakes when something has changed. */
  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const wake = () => {
        cancel()
        this.#wake = undefined
        done()
      }
      const cancel = this.#way.clock.after(ms, wake)
      this.#wake = wake
    })
  }

  #giveUp() {
    this.#warn('CARD_GIVEN_UP', 'the channel did not take this state of the card in time')
  }

  #warn(code: string, message: string) {
    const { view } = this.#wanted
    const fields = 'call' in view ? { call: view.call, state: view.state.kind } : { meeting: view.meeting }
    this.#way.log.warn({ ...fields, code }, message)
  }
}

export const isFinal = ({ view }: LiveScreen): boolean =>
  'call' in view ? view.state.kind === 'ended' : 'over' in view && view.over

export const idOf = ({ view }: LiveScreen): CallId | MeetingId => ('call' in view ? view.call : view.meeting)

/** The revision alone is not seen by anybody. */
const looksSame = (a: LiveScreen, b: LiveScreen) =>
  JSON.stringify({ ...a.view, revision: 0 }) === JSON.stringify({ ...b.view, revision: 0 })
