import type { Person, PhoneKind } from '../core/party.ts'
import type { Screen, SettingsShown } from '../core/screen.ts'
import { isForced, pressesOne } from '../core/settings.ts'
import type { SettingChange, Settings } from '../core/settings.ts'
import type { OwnSettings } from './own-settings.ts'
import { phoneThatRings } from './place-call.ts'
import { isAdmin } from './policy.ts'
import type { Dialplan, Policy } from './policy.ts'
import type { Calendar, Directory } from './ports.ts'

export type SettingsScreensDeps = {
  readonly settings: OwnSettings
  readonly directory: Directory
  readonly policy: Policy
  readonly dialplan: Dialplan
  readonly calendar: Calendar
}

const PHONES: readonly PhoneKind[] = ['desk', 'mobile']
/** More names than that do not help who wants to ask one of them. */
const MOST_TO_ASK = 2

/** `settings`: shows and changes what a user has set for themselves. Nobody changes anybody else's. */
export class SettingsScreens {
  readonly #deps: SettingsScreensDeps

  constructor(deps: SettingsScreensDeps) {
    this.#deps = deps
  }

  /** The settings, after this change where one is wished; or the sentence that says why it cannot be. */
  async show(me: Person, change?: SettingChange): Promise<Screen> {
    const { settings, dialplan, policy, calendar } = this.#deps
    if (change?.set === 'reminders' && change.to && !calendar.has(me))
      return { kind: 'sentence', sentence: { code: 'noCalendar' } }
    if (change?.set === 'rings' && !dialplan.targetOf(me, change.to))
      return {
        kind: 'sentence',
        sentence: { code: 'noPhoneToRing', phone: change.to, ask: await this.#toAsk(me) },
      }
    if (change?.set === 'pressOne' && isForced(policy.pressOne))
      return {
        kind: 'sentence',
        sentence: { code: 'pressOneForced', on: policy.pressOne === 'always', ask: await this.#toAsk(me) },
      }
    const own = change ? await settings.change(me.id, change) : await settings.of(me.id)
    return { kind: 'settings', settings: await this.#shown(me, own, change) }
  }

  /**
   * A button of the card of `owner`. It says what is to be, not what is to be changed: pressed twice it does nothing more.
   * @param change undefined where the button's data makes none
   */
  async press(me: Person, owner: string, change: SettingChange | undefined): Promise<Screen> {
    if (owner !== me.id) return { kind: 'sentence', sentence: { code: 'settingsNotYours' } }
    if (!change) return { kind: 'sentence', sentence: { code: 'buttonUnknown' } }
    return this.show(me, change)
  }

  async #shown(me: Person, own: Settings, change: SettingChange | undefined): Promise<SettingsShown> {
    const { calendar, dialplan, policy } = this.#deps
    const rings = phoneThatRings(me, undefined, own, dialplan)
    const phones = PHONES.flatMap((kind) => {
      const target = dialplan.targetOf(me, kind)
      return target ? [{ kind, number: dialplan.shown(target), first: kind === rings }] : []
    })
    return {
      owner: me.id,
      phones,
      language: own.language ?? 'channel',
      pressOne: { on: pressesOne(policy.pressOne, own), forced: isForced(policy.pressOne) },
      ...(calendar.has(me) ? { reminders: own.reminders === true } : {}),
      ask: await this.#toAsk(me),
      ...(change ? { changed: change.set } : {}),
    }
  }

  /** Who can mend a number; nobody in particular where no administrator is named, or where it is the user. */
  async #toAsk(me: Person): Promise<readonly string[]> {
    const { directory, policy } = this.#deps
    if (isAdmin(me, policy)) return []
    const set = await Promise.all(policy.admins.map((id) => directory.byAadObjectId(id)))
    const known = [...set.filter((person) => person !== undefined), ...(await directory.admins())]
    return [...new Set(known.map(({ name }) => name))].slice(0, MOST_TO_ASK)
  }
}
