import type { Verdict } from '../core/dialplan/gate.ts'
import type { CallLimits } from '../core/call/call.ts'
import type { E164 } from '../core/ids.ts'
import type { Bridges } from '../core/meeting/way-in.ts'
import type { PhoneKind, Person, Target } from '../core/party.ts'
import type { PressOneRule } from '../core/settings.ts'

/** What the administrator has set, as the use cases need it. */
export type Policy = {
  readonly globalCallerId?: E164
  readonly limits: CallLimits
  readonly pressOne: PressOneRule
  readonly callsPerHour: number
  /** Phones in one room of the bot's own. */
  readonly roomMembers: number
  /** ISO 3166-1 alpha-2: whose numbers are near. */
  readonly country: string
  /** `MEETING_BRIDGES`, and `CONFERENCE_BRIDGE` as that of the provider `conference`. */
  readonly bridges: Bridges
  /** `WATCH_MEETINGS`: in groups too where nobody has asked for it. */
  readonly watchMeetings: boolean
  /** Tenants whose members are known by the e-mail that the channel gives. Empty: nobody is. */
  readonly allowedTenants: readonly string[]
  /** aadObjectIds, together with `admin: true` of the directory. */
  readonly admins: readonly string[]
}

/** The numbers, as the dial plan knows them (core/dialplan). */
export type Dialplan = {
  /** The one gate: whatever the way in, only what it lets through is dialled. */
  judge(typed: string): Promise<Verdict>
  /** The same for the way to a bridge that an administrator has set; `asItStands` where it is made of a meeting's id. */
  judgeConfigured(dial: string, asItStands: boolean): Promise<Verdict>
  judgeGateway(uri: string, via: 'trunk' | 'direct'): Promise<Verdict>
  /** Whether the text is meant as a number or SIP address rather than as a name. */
  looksLikeNumber(text: string): boolean
  /** The person's phone: desk (else extension), or the one asked for. */
  targetOf(person: Person, phone?: PhoneKind): Target | undefined
  /** A target as people read it: `+34 910 000 001`. */
  shown(target: Target): string
}
/** Account ids are compared without case: portals write them both ways. */
export function isAdmin(person: Person, policy: Policy): boolean {
  const own = person.aadObjectId?.toLowerCase()
  return person.admin || (own !== undefined && policy.admins.some((id) => id.toLowerCase() === own))
}
