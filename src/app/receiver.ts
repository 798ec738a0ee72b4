import { parseCommand } from '../core/command/parse.ts'
import type { Parsed } from '../core/command/parsed.ts'
import { providerOf } from '../core/meeting/providers.ts'
import { recogniseMeetings } from '../core/meeting/recognise.ts'
import { offsetOf } from '../core/meeting/day.ts'
import type { Language, Person } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import { press } from './buttons.ts'
import { command } from './commands.ts'
import { identify } from './identify.ts'
import type { Answer, Inbound, InboundAct, Receiver } from './inbound.ts'
import { Lanes } from './lanes.ts'
import { languageOf, Languages } from './languages.ts'
import type { LanguagesDeps, Remembered } from './languages.ts'
import type { Watched } from './meetings/watched.ts'
import { rememberHome } from './meetings/home.ts'
import type { Acts, Address, Chat, Clock, Log } from './ports.ts'
import type { Pressed } from './pressed.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

export type ReceiverDeps = LanguagesDeps & {
  readonly switchboard: Switchboard
  readonly acts: Acts
  readonly watched: Watched
  readonly chat: Chat
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
}

/** Milliseconds that an invoke may take: Teams shows an error after some ten seconds (MicrosoftDocs/msteams-docs#13460). */
const INVOKE_PATIENCE = 4000

/**
 * Takes activities: remembers each, so that a repeat is known and a restart knows what was promised, acknowledges, and
 * only then does what was asked for. Nothing here waits for the PBX or for the channel.
 */
export class ActivityReceiver implements Receiver {
  readonly #deps: ReceiverDeps
  readonly #languages: Languages
  readonly #lanes = new Lanes()

  constructor(deps: ReceiverDeps) {
    this.#deps = deps
    this.#languages = new Languages(deps)
  }

  async receive(inbound: Inbound): Promise<Answer> {
    const { acts, clock } = this.#deps
    const parsed = parsedOf(inbound.act)
    const language = languageOf(inbound)
    if (inbound.act.kind === 'overheard' && !(await this.#concerns(inbound, parsed))) return { language }
    const keys = keysOf(inbound, parsed)
    const fresh = await acts.accept({ keys, at: clock.now(), payload: promiseOf(inbound, parsed) })
    const work = this.#lanes.run(laneOf(inbound), () => this.#attend(inbound, parsed, fresh))
    const done = work.finally(() => (fresh ? acts.done(keys) : undefined))
    done.catch((err: unknown) =>
      this.#deps.log.error({ code: 'ACT', err, activity: inbound.id }, 'an act was not seen through'),
    )
    if (!isInvoke(inbound.act)) return { language }
    return this.#soon(work, inbound, language)
  }

  /** Of what people say to each other nothing is kept, and nothing read but a meeting where it is wished. */
  async #concerns(place: Inbound, parsed: Parsed | undefined): Promise<boolean> {
    return parsed?.kind === 'meeting' && (await this.#deps.watched.isWatched(place))
  }

  /** Tells those whose commands were accepted by a process that is gone. Nothing is dialled after a restart. */
  async recover(): Promise<void> {
    const { acts, chat } = this.#deps
    for (const act of await acts.pending()) {
      const { text, ...promised } = act.payload as Promised
      if (text !== undefined) {
        const to = { ...promised, language: await this.#languages.ofEarlier(promised) }
        chat.say(to, { kind: 'sentence', sentence: { code: 'restartedMeanwhile', text } })
      }
      await acts.done(act.keys)
    }
  }

  /** Resolves when every act that was accepted has been seen through. */
  async idle(): Promise<void> {
    await this.#lanes.idle()
  }

  /** An invoke must be answered in time: with the screen, or else that one is sent when it is there. */
  async #soon(work: Promise<Shown>, inbound: Inbound, language: Language): Promise<Answer> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const stop = this.#deps.clock.after(INVOKE_PATIENCE, () => resolve('late'))
    const first = await Promise.race([work.catch(() => undefined), late])
    stop()
    if (first === 'late') {
      void work.then(
        ({ card, ...shown }) => this.#say(inbound, card ? { ...shown, say: card } : shown),
        () => undefined,
      )
      return { language }
    }
    return first?.card ? { screen: first.card, language: first.language } : { language }
  }

  /** Does what was asked for and shows what comes of it. A repeat of a press is answered by what stands. */
  async #attend(inbound: Inbound, parsed: Parsed | undefined, fresh: boolean): Promise<Shown> {
    const { log } = this.#deps
    const { act } = inbound
    if (act.kind !== 'press' && act.kind !== 'picked' && !fresh) return { language: languageOf(inbound) }
    const shown = await this.#answer(inbound, parsed, fresh).catch((err: unknown): Shown => {
      const reference = this.#deps.newId().slice(0, 6)
      log.error({ code: 'FAULT', err, reference, activity: inbound.id }, 'a command failed')
      return {
        language: languageOf(inbound),
        say: { kind: 'sentence', sentence: { code: 'fault', reference } },
      }
    })
    this.#say(inbound, shown)
    // Without an invoke there is no card to answer with: what would take its place is said, too.
    if (shown.card && !isInvoke(act)) this.#say(inbound, { ...shown, say: said(shown.card) })
    return shown
  }

  async #answer(inbound: Inbound, parsed: Parsed | undefined, fresh: boolean): Promise<Shown> {
    const { switchboard } = this.#deps
    const { act } = inbound
    const me = await identify(inbound, this.#deps)
    if (act.kind === 'welcome')
      return { language: await this.#languages.ofGreeting(inbound, me), say: switchboard.screens.help(true) }
    if (act.kind === 'overheard') return this.#overhear(inbound, me, parsed)
    if (!me) return this.#refuse(inbound, await this.#languages.ofAnswer(inbound, me, parsed))
    await this.#languages.hear(inbound, me)
    // Where this person is alone with the bot: what is theirs alone goes there.
    if (!inbound.group && act.kind !== 'picked') await rememberHome(me.id, placeOf(inbound), this.#deps.facts)
    const visit = this.#visit(inbound, me, await this.#languages.ofAnswer(inbound, me, parsed))
    const shown = await this.#do(visit, act, parsed, fresh)
    return { language: await this.#languages.afterwards(inbound, me, parsed), ...shown }
  }

  async #do(
    visit: Visit,
    act: Exclude<InboundAct, { kind: 'welcome' | 'overheard' }>,
    parsed: Parsed | undefined,
    fresh: boolean,
  ): Promise<Pressed> {
    const { switchboard } = this.#deps
    switch (act.kind) {
      case 'press':
        return press(switchboard, visit, act.verb, act.data, fresh)
      case 'picked':
        return { card: await switchboard.meetings.pick(visit, recogniseMeetings(act.html)) }
      case 'text':
        return spoken(parsed && (await command(switchboard, visit, parsed, act.text)))
    }
  }

  /** Whoever shares a meeting among people has asked the bot for nothing: it gets its card, and no other answer. */
  async #overhear(inbound: Inbound, me: Person | undefined, parsed: Parsed | undefined): Promise<Shown> {
    const language = await this.#languages.ofAnswer(inbound, me)
    if (me && parsed?.kind === 'meeting')
      await this.#deps.switchboard.meetings.share(this.#visit(inbound, me, language), parsed.meetings)
    return { language }
  }

  /** Somebody who is not in the directory: the log has what an administrator writes there so that they are. */
  #refuse({ channel, sender, act }: Inbound, language: Language): Shown {
    const { id, aadObjectId } = sender
    const who = { channel, sender: id, ...(aadObjectId ? { aadObjectId } : {}) }
    this.#deps.log.info({ code: 'NOT_A_USER', ...who }, 'somebody who is not in the directory wrote')
    return { language, ...refusal(act, { kind: 'sentence', sentence: { code: 'notAUser' } }) }
  }

  #visit(inbound: Inbound, me: Person, language: Language): Visit {
    const { channel, conversation, group, act } = inbound
    const at: Address = { channel, conversation, language }
    const offset = offsetOf(inbound.localTimestamp)
    const visit = { me, at, group, ...(offset === undefined ? {} : { offset }) }
    if (act.kind === 'text') return { ...visit, mentions: act.mentions }
    return { ...visit, ...(act.kind === 'press' && act.card !== undefined ? { card: act.card } : {}) }
  }

  /** The card of a call is never said: its outbox shows it. */
  #say({ channel, conversation }: Inbound, { say, language }: Spoken): void {
    if (say && say.kind !== 'call') this.#deps.chat.say({ channel, conversation, language }, say)
  }
}

type Shown = Pressed & { readonly language: Language }
type Spoken = { readonly say?: Screen | undefined; readonly language: Language }
type Promised = Remembered & { readonly text?: string }

/** What is typed or overheard, as a command; the rest is none. */
function parsedOf(act: InboundAct): Parsed | undefined {
  if (act.kind !== 'text' && act.kind !== 'overheard') return undefined
  return parseCommand(act.text, act.html)
}

/** It is answered by the answer to its request; all else by messages. */
const isInvoke = (act: InboundAct): boolean => (act.kind === 'press' ? act.invoke : act.kind === 'picked')

/** A screen that would take a card's place, as a message: a shared card stands where it is, and says what it has to say. */
function said(screen: Screen): Screen | undefined {
  if (screen.kind !== 'meeting' && screen.kind !== 'room') return screen
  return screen.view.note && { kind: 'sentence', sentence: screen.view.note }
}

/** It may have a PIN or a passcode, which is kept nowhere but with its meeting. */
const hasPin = (text: string, parsed: Parsed | undefined): boolean =>
  parsed?.kind === 'meeting' || /\b(?:pin|passcode|code|clave)\b|c[oó]digo/i.test(text)

/** What it begins with, up to its first number. */
const withoutPin = (text: string): string => (/^[^\d\n]*/.exec(text)?.[0] ?? '').trim()

/** What a restarted bot has to know of an act that it had accepted. Of a meeting that is its name. */
function promiseOf({ channel, conversation, sender, locale, act }: Inbound, parsed?: Parsed): Promised {
  const typed = act.kind === 'text' ? act.text : undefined
  const kept = typed !== undefined && hasPin(typed, parsed) ? withoutPin(typed) : typed
  const text = parsed?.kind === 'meeting' ? nameOf(parsed) : kept
  return {
    ...{ channel, conversation, sender },
    ...(locale ? { language: languageOf({ locale }) } : {}),
    ...(act.kind === 'text' && text !== undefined ? { text: text.slice(0, 200) } : {}),
  }
}

function nameOf({ meetings: [meeting] }: Extract<Parsed, { kind: 'meeting' }>): string | undefined {
  return meeting && (meeting.title ?? providerOf(meeting.provider).label)
}

/** What marks a repeat of this act (docs/rules.md, "Repeats"). */
function keysOf(
  { id, channel, conversation, sender, localTimestamp, act }: Inbound,
  parsed: Parsed | undefined,
): readonly string[] {
  const keys = [`activity:${channel}|${conversation}|${id}`]
  if (act.kind === 'text' && localTimestamp !== undefined) {
    // These are kept: of an invitation, its length tells it from another one of the same moment.
    const { length } = act.text
    const text = hasPin(act.text, parsed)
      ? `${withoutPin(act.text).slice(0, 60)} ${length}`
      : act.text.slice(0, 400)
    keys.push(`same:${JSON.stringify([channel, conversation, sender.id, text, localTimestamp])}`)
  }
  // Of one person: the card of a group shows everybody the same button, and a refused press uses it up for nobody else.
  if (act.kind === 'press' && typeof act.data['nonce'] === 'string')
    keys.push(`nonce:${JSON.stringify([channel, sender.id, act.data['nonce'].slice(0, 64)])}`)
  return keys
}

const spoken = (screen: Screen | undefined): Pressed => (screen ? { say: screen } : {})

/** A refused press is answered in the card's place, where it is an invoke; a text by a message. */
function refusal(act: InboundAct, screen: Screen): Pressed {
  return act.kind === 'press' || act.kind === 'picked' ? { card: screen } : { say: screen }
}

function laneOf({ channel, sender }: Inbound): string {
  return sender.aadObjectId?.toLowerCase() ?? `${channel}|${sender.id}`
}

const placeOf = ({ channel, conversation }: Inbound) => ({ channel, conversation })
