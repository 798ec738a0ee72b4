import { parseCommand } from '../core/command/parse.ts'
import type { Language, Person } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import { press } from './buttons.ts'
import type { Pressed } from './buttons.ts'
import { command } from './commands.ts'
import { identify } from './identify.ts'
import type { Answer, Inbound, InboundAct, Receiver } from './inbound.ts'
import { Lanes } from './lanes.ts'
import { languageOf, Languages } from './languages.ts'
import type { LanguagesDeps, Remembered } from './languages.ts'
import type { Acts, Address, Chat, Clock, Log } from './ports.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

export type ReceiverDeps = LanguagesDeps & {
  readonly switchboard: Switchboard
  readonly acts: Acts
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
    const keys = keysOf(inbound)
    const fresh = await acts.accept({ keys, at: clock.now(), payload: promiseOf(inbound) })
    const work = this.#lanes.run(laneOf(inbound), () => this.#attend(inbound, fresh))
    const done = work.finally(() => (fresh ? acts.done(keys) : undefined))
    done.catch((err: unknown) =>
      this.#deps.log.error({ code: 'ACT', err, activity: inbound.id }, 'an act was not seen through'),
    )
    const language = languageOf(inbound)
    if (inbound.act.kind !== 'press' || !inbound.act.invoke) return { language }
    return this.#soon(work, inbound, language)
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
  async #attend(inbound: Inbound, fresh: boolean): Promise<Shown> {
    const { log } = this.#deps
    const { act } = inbound
    if (act.kind !== 'press' && !fresh) return { language: languageOf(inbound) }
    const shown = await this.#answer(inbound, act, fresh).catch((err: unknown): Shown => {
      const reference = this.#deps.newId().slice(0, 6)
      log.error({ code: 'FAULT', err, reference, activity: inbound.id }, 'a command failed')
      return {
        language: languageOf(inbound),
        say: { kind: 'sentence', sentence: { code: 'fault', reference } },
      }
    })
    this.#say(inbound, shown)
    // Without an invoke there is no card to answer with: what would take its place is said, too.
    if (shown.card && act.kind === 'press' && !act.invoke) this.#say(inbound, { ...shown, say: shown.card })
    return shown
  }

  async #answer(inbound: Inbound, act: InboundAct, fresh: boolean): Promise<Shown> {
    const { switchboard } = this.#deps
    const parsed = act.kind === 'text' ? parseCommand(act.text) : undefined
    const me = await identify(inbound, this.#deps)
    if (act.kind === 'welcome')
      return { language: await this.#languages.ofGreeting(inbound, me), say: switchboard.screens.help(true) }
    if (!me) return this.#refuse(inbound, await this.#languages.ofAnswer(inbound, me, parsed))
    await this.#languages.hear(inbound, me)
    // Where this person is alone with the bot: what is theirs alone goes there.
    if (!inbound.group) await this.#deps.facts.put('home', me.id, placeOf(inbound))
    const visit = this.#visit(inbound, me, await this.#languages.ofAnswer(inbound, me, parsed))
    const shown: Pressed =
      act.kind === 'press'
        ? await press(switchboard, visit, act.verb, act.data, fresh)
        : spoken(parsed && (await command(switchboard, visit, parsed, act.text)))
    return { language: await this.#languages.afterwards(inbound, me, parsed), ...shown }
  }

  /** Somebody who is not in the directory: the log has what an administrator writes there so that they are. */
  #refuse({ channel, sender, act }: Inbound, language: Language): Shown {
    const { id, aadObjectId } = sender
    const who = { channel, sender: id, ...(aadObjectId ? { aadObjectId } : {}) }
    this.#deps.log.info({ code: 'NOT_A_USER', ...who }, 'somebody who is not in the directory wrote')
    return { language, ...refusal(act, { kind: 'sentence', sentence: { code: 'notAUser' } }) }
  }

  #visit({ channel, conversation, group, act }: Inbound, me: Person, language: Language): Visit {
    const at: Address = { channel, conversation, language }
    if (act.kind === 'text') return { me, at, group, mentions: act.mentions }
    return { me, at, group, ...(act.kind === 'press' && act.card !== undefined ? { card: act.card } : {}) }
  }

  /** The card of a call is never said: its outbox shows it. */
  #say({ channel, conversation }: Inbound, { say, language }: Shown): void {
    if (say && say.kind !== 'call') this.#deps.chat.say({ channel, conversation, language }, say)
  }
}

type Shown = Pressed & { readonly language: Language }
type Promised = Remembered & { readonly text?: string }

/** What a restarted bot has to know of an act that it had accepted. */
function promiseOf({ channel, conversation, sender, locale, act }: Inbound): Promised {
  return {
    ...{ channel, conversation, sender },
    ...(locale ? { language: languageOf({ locale }) } : {}),
    ...(act.kind === 'text' ? { text: act.text.slice(0, 200) } : {}),
  }
}

/** What marks a repeat of this act (docs/rules.md, "Repeats"). */
function keysOf({ id, channel, conversation, sender, localTimestamp, act }: Inbound): readonly string[] {
  const keys = [`activity:${channel}|${conversation}|${id}`]
  if (act.kind === 'text' && localTimestamp !== undefined)
    keys.push(
      `same:${JSON.stringify([channel, conversation, sender.id, act.text.slice(0, 400), localTimestamp])}`,
    )
  // Of one person: the card of a group shows everybody the same button, and a refused press uses it up for nobody else.
  if (act.kind === 'press' && typeof act.data['nonce'] === 'string')
    keys.push(`nonce:${JSON.stringify([channel, sender.id, act.data['nonce'].slice(0, 64)])}`)
  return keys
}

const spoken = (screen: Screen | undefined): Pressed => (screen ? { say: screen } : {})

/** A refused press is answered in the card's place, where it is an invoke; a text by a message. */
function refusal(act: InboundAct, screen: Screen): Pressed {
  return act.kind === 'press' ? { card: screen } : { say: screen }
}

function laneOf({ channel, sender }: Inbound): string {
  return sender.aadObjectId?.toLowerCase() ?? `${channel}|${sender.id}`
}

const placeOf = ({ channel, conversation }: Inbound) => ({ channel, conversation })
