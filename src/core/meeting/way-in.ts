import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { isInDomain } from './address.ts'
import { keyPlan, tapPlan } from './keys.ts'
import type { KeyPlan } from './keys.ts'
import type { BridgeNumber, Meeting, ProviderName } from './meeting.ts'
import { providerOf } from './providers.ts'

/** How a telephone gets in: what is dialled, after the gate for numbers, and what is keyed then. */
export type WayIn = {
  readonly dial: string
  readonly keys: KeyPlan
  /**
   * An administrator has set it: it need not be a number that anybody may call. `asItStands` where it is made of a
   * meeting's id, and is no number of the world.
   */
  readonly configured?: 'number' | 'asItStands'
  /** It is an address at a SIP gateway that an administrator has named: who finds the way there. */
  readonly gateway?: Via
}

/** Whether the trunk routes a domain, or the bot asks the domain itself. */
export type Via = 'trunk' | 'direct'

/** `MEETING_BRIDGES` and `CONFERENCE_BRIDGE`: what an administrator has set for a provider. */
export type Bridge = {
  /**
   * A number or SIP URI that answers for all meetings of the provider. `{id}` in it stands for the meeting's, where the
   * company's own bridge has a number for each: no invitation fills it.
   */
  readonly dial?: string
  /** How it wants id and PIN (`keyPlan`); the provider's own way when unset. */
  readonly keys?: string
  /** The domain of its SIP gateway: the id becomes the user part. */
  readonly sipDomain?: string
  /** Who finds the way to that domain; the trunk, when unset. */
  readonly sipVia?: Via
  /** What people outside the company dial, where that is another number than the bot's. */
  readonly number?: string
}
export type Bridges = Readonly<Partial<Record<ProviderName, Bridge>>>

/** What the provider's own service tells of a meeting's telephone access. */
export type DialIn = { readonly id: string; readonly numbers: readonly BridgeNumber[] }

/** What has to be known, and is not, before a telephone can get in. */
export type Missing = 'number' | 'id'
/** Why it does not: that; or its provider's service, which would know, may not be asked (`refused`) or does not answer (`away`). */
export type Lack = Missing | 'refused' | 'away'

/**
 * The ways into a meeting, most wanted first: the numbers of its own invitation, those of the user's country before
 * others and free ones before paid ones; the bridge that is configured for its provider; the numbers that the provider
 * itself told; its SIP address.
 * @param country ISO 3166-1 alpha-2 of the user
 * @param bridges `MEETING_BRIDGES`
 * @param told what the provider's service tells beyond the text, where it was asked
 */
export function waysIn(
  meeting: Meeting,
  country: string,
  bridges: Bridges,
  told?: DialIn,
): readonly WayIn[] | Missing {
  if (meeting.byHand) return byHand(meeting, bridges)
  const { provider, pin, sip } = meeting
  const id = meeting.id ?? told?.id
  const bridge = bridges[provider]
  const { keys: usual } = providerOf(provider)
  const digits = { ...(id === undefined ? {} : { id }), ...(pin === undefined ? {} : { pin }) }
  const typed = meeting.tap === undefined ? keyPlan(usual, digits) : tapped(meeting.tap, digits)
  const configured = keyPlan(bridge?.keys ?? usual, digits)
  const ways: WayIn[] = []
  if (typed)
    for (const { number } of byNearness(meeting.numbers, country)) ways.push({ dial: number, keys: typed })
  const dial = bridge?.dial === undefined ? undefined : filled(bridge.dial, id)
  if (dial !== undefined && configured)
    ways.push({ dial, keys: configured, configured: dial === bridge?.dial ? 'number' : 'asItStands' })
  const service = keyPlan(usual, { ...digits, ...(told ? { id: told.id } : {}) })
  if (told && service)
    for (const { number } of byNearness(told.numbers, country)) ways.push({ dial: number, keys: service })
  const pinOnly = keyPlan('{pin}#', digits) ?? []
  if (bridge?.sipDomain !== undefined && id !== undefined)
    ways.push({ dial: `sip:${id}@${bridge.sipDomain}`, keys: pinOnly, gateway: bridge.sipVia ?? 'trunk' })
  if (sip !== undefined) {
    const gateway = gatewayOf(sip, bridges)
    ways.push({ dial: sip, keys: pinOnly, ...(gateway === undefined ? {} : { gateway }) })
  }
  if (ways.length > 0) return ways
  return meeting.numbers.length > 0 || bridge?.dial !== undefined ? 'id' : 'number'
}

/** How an address is reached whose domain, or one above it, an administrator has named. */
function gatewayOf(sip: string, bridges: Bridges): Via | undefined {
  const hostname = sip.slice(sip.lastIndexOf('@') + 1).toLowerCase()
  const named = Object.values(bridges).find(
    ({ sipDomain }) => sipDomain !== undefined && isInDomain({ hostname }, [sipDomain]),
  )
  return named && (named.sipVia ?? 'trunk')
}

/**
 * The bridge that is meant by "the bridge": the company's own, else the one for conferences that are told by number, else
 * the only one that there is.
 */
export function bridgeByHand(bridges: Bridges, pin?: string): Meeting | undefined {
  const own = (['conference', 'phone'] as const).filter((name) => numberByHand(bridges[name]) !== undefined)
  const others = Object.entries(bridges).filter(([, bridge]) => numberByHand(bridge) !== undefined)
  const provider = own[0] ?? (others.length === 1 ? (others[0]?.[0] as ProviderName) : undefined)
  if (provider === undefined) return undefined
  // With another PIN it is another meeting.
  const key = `${provider}:by hand:${pin ?? ''}`
  return { provider, key, byHand: true, numbers: [], ...(pin === undefined ? {} : { pin }) }
}

/** As a mobile would key it, and then the PIN where the text has it elsewhere. */
function tapped(tap: string, { pin }: { readonly pin?: string }): KeyPlan {
  const known = pin === undefined || tap.split(/\D+/).includes(pin)
  return [...tapPlan(tap), ...(known ? [] : (keyPlan('{pin}#', { pin }) ?? []))]
}

function byHand({ provider, pin }: Meeting, bridges: Bridges): readonly WayIn[] | Missing {
  const dial = numberByHand(bridges[provider])
  if (dial === undefined) return 'number'
  const keys = pin === undefined ? [] : (keyPlan('{pin}#', { pin }) ?? [])
  return [{ dial, keys, configured: 'number' }]
}

/** The number of all of its meetings. */
function numberByHand(bridge: Bridge | undefined): string | undefined {
  return bridge?.dial?.includes('{id}') === false ? bridge.dial : bridge?.number
}

/** A bridge's number, or that of a meeting of it; undefined where that has one of its own and its id is not known. */
export function filled(dial: string, id: string | undefined): string | undefined {
  if (!dial.includes('{id}')) return dial
  return id === undefined ? undefined : dial.replaceAll('{id}', id)
}

/** Whether the provider's service is worth asking: neither the text nor `MEETING_BRIDGES` leads in. */
export function needsDialIn(meeting: Meeting, country: string, bridges: Bridges): boolean {
  const { sip: _sip, ...rest } = meeting
  const { sipDomain: _domain, ...bridge } = bridges[meeting.provider] ?? {}
  return typeof waysIn(rest, country, { [meeting.provider]: bridge }) === 'string'
}

/** Numbers of one's own country first, free before paid; else as the invitation has them. */
export function byNearness(numbers: readonly BridgeNumber[], country: string): readonly BridgeNumber[] {
  const rank = ({ number, tollFree }: BridgeNumber) => {
    const of = parsePhoneNumberFromString(number, country as 'ES')?.country
    return (of === country ? 0 : 2) + (tollFree ? 0 : 1)
  }
  return [...numbers].sort((a, b) => rank(a) - rank(b))
}
