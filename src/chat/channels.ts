/** What a channel can do with a message. */
export type Abilities = {
  /** Renders Adaptive Cards; else it gets plain text. */
  readonly cards: boolean
  /** Knows Action.Execute; else Action.Submit is sent outright. */
  readonly executes: boolean
  /** Can change a message that stands. `unknown` is tried, and its answer remembered. */
  readonly updates: 'yes' | 'no' | 'unknown'
}

const TEXT_ONLY = { cards: false, executes: false, updates: 'no' } as const
const KNOWN: Readonly<Record<string, Abilities>> = {
  msteams: { cards: true, executes: true, updates: 'yes' },
  // microsoft/BotFramework-WebChat#4649: neither updates nor Action.Execute.
  webchat: { cards: true, executes: false, updates: 'no' },
  directline: { cards: true, executes: false, updates: 'no' },
  directlinespeech: { cards: true, executes: false, updates: 'no' },
  emulator: { cards: true, executes: false, updates: 'unknown' },
  sms: TEXT_ONLY,
  email: TEXT_ONLY,
  line: TEXT_ONLY,
  groupme: TEXT_ONLY,
  facebook: TEXT_ONLY,
  slack: { ...TEXT_ONLY, updates: 'unknown' },
  telegram: { ...TEXT_ONLY, updates: 'unknown' },
}

const UNKNOWN: Abilities = { cards: true, executes: true, updates: 'unknown' }

/** What is known beforehand of channels, and what their answers have taught since the start. */
export class Channels {
  readonly #learned = new Map<string, Abilities['updates']>()

  of(channel: string): Abilities {
    const known = (Object.hasOwn(KNOWN, channel) && KNOWN[channel]) || UNKNOWN
    return { ...known, updates: this.#learned.get(channel) ?? known.updates }
  }

  /** A channel that is known to update is believed: one bad answer of Teams says nothing about Teams. */
  refusedUpdate(channel: string): void {
    if (this.of(channel).updates === 'unknown') this.#learned.set(channel, 'no')
  }

  updated(channel: string): void {
    if (this.of(channel).updates === 'unknown') this.#learned.set(channel, 'yes')
  }
}
