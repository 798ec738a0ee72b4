import type { Meeting } from '../../core/meeting/meeting.ts'
import type { Person } from '../../core/party.ts'
import type { SoundAlone } from '../../core/screen.ts'
import type { Policy } from '../policy.ts'

export type MakerDeps = {
  readonly policy: Pick<Policy, 'bridges'>
  /** So many digits that nobody guesses. */
  readonly newDigits: (count: number) => string
  /** Makes a meeting with video, where a service does; undefined where it makes none for this host. */
  readonly createMeeting?: (host: Person) => Promise<Meeting | SoundAlone | undefined>
}

export type Made = {
  /** None: it is a room of the bot's own. */
  readonly meeting?: Meeting
  readonly soundAlone?: SoundAlone
}

/** Behind a first one from 2 to 8; with the PIN that makes 14 digits that nobody finds by trying. */
const ID_DIGITS = 8
const PIN_DIGITS = 6

/**
 * Makes the meeting that `meet now` and `turn into meeting` share: with video where a service makes one that telephones get
 * into, else on the company's own bridge, else none: then it is the bot's own mixer.
 */
export class Maker {
  readonly #deps: MakerDeps

  constructor(deps: MakerDeps) {
    this.#deps = deps
  }

  async make(host: Person): Promise<Made> {
    const created = await this.#deps.createMeeting?.(host).catch(() => 'notMade' as const)
    if (typeof created === 'object') return { meeting: { ...created, made: true } }
    const meeting = this.#onBridge(host)
    return { ...(meeting ? { meeting } : {}), ...(created === undefined ? {} : { soundAlone: created }) }
  }

  #onBridge({ name }: Person): Meeting | undefined {
    const { policy, newDigits } = this.#deps
    if (!policy.bridges.conference) return undefined
    // No number of the world begins a call for help by one of these, and none is cut short for its zero.
    const id = `${2 + (Number(newDigits(1)) % 7)}${newDigits(ID_DIGITS)}`
    const pin = newDigits(PIN_DIGITS)
    return { provider: 'conference', key: `conference:${id}`, title: name, id, pin, numbers: [], made: true }
  }
}
