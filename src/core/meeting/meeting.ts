/** A meeting that somebody wrote of, and the ways into it that a telephone can take. */

export type ProviderName =
  'teams' | 'zoom' | 'webex' | 'meet' | 'goto' | 'jitsi' | 'bigbluebutton' | 'sip' | 'phone' | 'conference'

/** A number of a bridge, as it was written. What is dialled passes the gate for numbers first. */
export type BridgeNumber = {
  readonly number: string
  /** "Toll-free" stood beside it. */
  readonly tollFree: boolean
}

/** What a text tells of one meeting. `pin` is for its members' phones: never for a shared card, never for a log. */
export type Meeting = {
  readonly provider: ProviderName
  /** The same for every text about the same meeting: one card, one answer of a cache. */
  readonly key: string
  readonly title?: string
  /** The page that opens it, free of wrappers that mail adds. */
  readonly link?: string
  /** Digits that the bridge asks for. */
  readonly id?: string
  /** Digits that it asks for after those. */
  readonly pin?: string
  /** What its invitation has behind the number, for a bridge of which nothing else is known: `,,123456#,,1`. As secret as `pin`. */
  readonly tap?: string
  readonly numbers: readonly BridgeNumber[]
  /** An address of the provider's SIP gateway. */
  readonly sip?: string
  /** Milliseconds since 1970, where a calendar entry tells. */
  readonly startsAt?: number
  /** A bridge that asks whoever calls it which meeting they want: at most the PIN is keyed for them. */
  readonly byHand?: true
  /** The bot itself has made it: what others come in by is told, so that it can be passed on. */
  readonly made?: true
}

/** What the address of a meeting tells by itself. */
export type LinkRead = {
  readonly key: string
  /** The page that opens it, where this address is another and tells what is for members alone. */
  readonly page?: string
  readonly id?: string
  readonly pin?: string
}

/** What digits in a text are, by the words before them. */
export type DigitsKind = 'conference' | 'meeting' | 'access' | 'id' | 'pin' | 'passcode' | 'phonePasscode'

/** One row of the table of providers: what of its links and invitations is its own. */
export type Provider = {
  readonly name: ProviderName
  /** How people call it. */
  readonly label: string
  /** The meeting that this `https:` address opens; undefined where it is none of this provider's meetings. */
  readonly read?: (url: URL) => LinkRead | undefined
  /** Domains of its SIP gateway; an address in one of them is a meeting. */
  readonly sipDomains?: readonly string[]
  /** What its invitations call the digits that are keyed first, most certain first. */
  readonly id: readonly DigitsKind[]
  /** And those that are keyed after them. */
  readonly pin: readonly DigitsKind[]
  /** How its bridge wants them (`keyPlan`). */
  readonly keys: string
}
