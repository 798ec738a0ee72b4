import type { PhoneNumber } from 'libphonenumber-js/max'
import { e164 } from '../ids.ts'
import type { Target } from '../party.ts'
import type { NumberClass, Sentence } from '../sentence.ts'
import { digitsTarget } from './address.ts'
import { allowance, allowsNumber, allowsShort } from './allowance.ts'
import { dialledDigits, isOf, parseDigits } from './digits.ts'
import { beginsAsEmergency, isEmergency, isShortNumber } from './emergency.ts'
import { displayNumber, written } from './number-form.ts'
import { claimsSip, isAtOneOf, isOfHosts, sipAddress, sipUri } from './sip-address.ts'
import type { SipAddress } from './sip-address.ts'

/** What the gate goes by. */
export type GateRules = {
  /** `COUNTRY`, ISO 3166-1 alpha-2. */
  readonly country: string
  /** Entries of `ALLOW_NUMBERS`, see `Allowance`; an entry that cannot be read allows nothing. */
  readonly allowNumbers: readonly string[]
  /** `ALLOW_SIP_DOMAINS`: hosts, with a port where it is not SIP's own. Numbers in the user part take the rules there, too. */
  readonly allowSipDomains: readonly string[]
  /** The hosts of the trunks. Names in the user part have to be somebody's extension there. */
  readonly trunkDomains: readonly string[]
  /** What the trunks want before numbers that leave the company ("9"). */
  readonly outsidePrefixes: readonly string[]
  /** Whether this, in international form or as an extension, is dialled for somebody in `PEOPLE_FILE`. */
  readonly listed: (number: string) => Promise<boolean> | boolean
}

export type Verdict =
  | { readonly ok: true; readonly target: Target; readonly shown: string }
  | { readonly ok: false; readonly sentence: Sentence }

/** The one gate that every number and SIP address passes before it is dialled, whatever its way in. */
export type Gate = {
  /** Judges what was typed. Never throws for what is in `typed`. */
  judge(typed: string): Promise<Verdict>
  /**
   * Judges what an administrator's setting has as the way to a bridge: numbers of any class and addresses at any host pass,
   * a call for help never.
   * @param asItStands digits that the telephone system takes as they are, whatever number they could be besides
   */
  judgeConfigured(dial: string, asItStands: boolean): Promise<Verdict>
  /**
   * Judges an address at a SIP gateway that an administrator has named. Where the trunk routes it, or it is at the trunk itself,
   * its user part must not be a number that nobody may call: the telephone system may dial that, whatever stands behind the @.
   */
  judgeGateway(uri: string, via: 'trunk' | 'direct'): Promise<Verdict>
}

/** What may be dialled without being allowed by a setting, in `COUNTRY` itself. */
const ORDINARY: readonly string[] = ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'TOLL_FREE']
/** Calling codes of satellites and international networks (ITU-T's list of assigned codes): euros a minute. */
const SATELLITE: readonly string[] = ['870', '881', '882', '883']
/** No number that leaves the company is shorter. */
const SHORTEST_NATIONAL = 6
/** So many digits within a name that somebody's telephone system may read them alone. */
const LONG_DIGITS = /\d{6,}/

/**
 * Makes the gate (docs/rules.md, "One gate for numbers"). Numbers of the directory pass first and whole. All others are
 * allowed by list, never by exclusion: ordinary numbers of the country, and what the settings add.
 */
export function createGate(rules: GateRules): Gate {
  const { country } = rules
  const allowances = rules.allowNumbers.flatMap((entry) => allowance(entry, country) ?? [])
  const prefixes = rules.outsidePrefixes.filter((prefix) => prefix !== '')

  async function judge(typed: string): Promise<Verdict> {
    return claimsSip(typed) ? judgeAddress(typed) : judgeNumber(typed)
  }

  async function judgeNumber(typed: string): Promise<Verdict> {
    const digits = dialledDigits(typed)
    if (digits === undefined) return refuseUnreadable(typed)
    if (isEmergency(digits, country)) return refuse({ code: 'emergency', number: digits })
    // Extensions look like short numbers: 1002 is one in Spain, and 1121 begins as 112 does.
    const listed = await listedTarget(digits)
    if (listed !== undefined) return pass(listed)
    const phone = parseDigits(digits, country)
    if (callsForHelp(digits, phone)) return refuse({ code: 'emergency', number: digits })
    if (allowsShort(allowances, digits)) return pass({ kind: 'extension', extension: digits })
    return judgeOutside(digits, phone)
  }

  async function judgeConfigured(dial: string, asItStands: boolean): Promise<Verdict> {
    if (!claimsSip(dial)) return judgeConfiguredNumber(dial, asItStands)
    const address = sipAddress(dial)
    if (address === undefined) return invalid(dial)
    const atTrunk = isOfHosts(rules.trunkDomains, address)
    const user = dialledDigits(address.user)
    if (user === undefined) return pass({ kind: 'uri', uri: sipUri(address) })
    const verdict = await judgeConfiguredNumber(user, asItStands)
    return !verdict.ok || atTrunk ? verdict : pass({ kind: 'uri', uri: sipUri({ ...address, user }) })
  }

  async function judgeConfiguredNumber(dial: string, asItStands: boolean): Promise<Verdict> {
    const digits = dialledDigits(dial)
    if (digits === undefined) return invalid(dial)
    if (callsForHelp(digits, parseDigits(digits, country)))
      return refuse({ code: 'emergency', number: digits })
    if (asItStands && !digits.startsWith('+')) return pass({ kind: 'extension', extension: digits })
    const target = (await listedTarget(digits)) ?? digitsTarget(digits, country)
    return target === undefined ? invalid(dial) : pass(target)
  }

  async function judgeGateway(uri: string, via: 'trunk' | 'direct'): Promise<Verdict> {
    const address = sipAddress(uri)
    if (address === undefined) return invalid(uri)
    // At a trunk's host, the domain above which an administrator may have named, it is the telephone system all the same.
    if (via === 'direct' && !isOfHosts(rules.trunkDomains, address))
      return pass({ kind: 'uri', uri: sipUri(address) })
    const digits = dialledDigits(address.user) ?? LONG_DIGITS.exec(address.user)?.[0]
    for (const form of digits === undefined ? [] : [digits, ...behindPrefixes(digits)]) {
      const verdict = await judgeNumber(form)
      if (!verdict.ok && !isOnlyAnId(verdict.sentence)) return verdict
    }
    return pass({ kind: 'uri', uri: sipUri(address), ...(via === 'trunk' ? { via } : {}) })
  }

  /** What the telephone system dials, where it takes the first of these digits for the prefix of an outside line. */
  function behindPrefixes(digits: string): readonly string[] {
    return prefixes.flatMap((prefix) => (digits.startsWith(prefix) ? [digits.slice(prefix.length)] : []))
  }

  /** What is refused is no number of anybody's. */
  function isOnlyAnId(refused: Sentence): boolean {
    if (refused.code === 'numberInvalid') return true
    return (
      refused.code === 'numberNotAllowed' &&
      refused.kind === 'short' &&
      !isShortNumber(refused.number, country)
    )
  }

  function judgeOutside(digits: string, phone: PhoneNumber | undefined): Verdict {
    if (isShort(digits)) return notAllowed(digits, 'short')
    const number = phone && e164(phone.number)
    if (phone === undefined || number === undefined) return invalid(digits)
    if (allowsNumber(allowances, phone, country) || isOrdinary(phone)) return pass({ kind: 'number', number })
    const kind = classOf(phone)
    return kind === undefined ? invalid(digits) : notAllowed(displayNumber({ kind: 'number', number }), kind)
  }

  /**
   * What the digits mean where they are somebody's, also without the `+` that they have in the file. The file is asked
   * for the number that would be dialled, not for what was typed: +10021 is not the extension 10021.
   */
  async function listedTarget(digits: string): Promise<Target | undefined> {
    const plain = digitsTarget(digits, country)
    const abroad = digits.startsWith('+') ? undefined : digitsTarget(`+${digits}`, country)
    // No extension is as long as that: 442079460958 means +44 20 7946 0958 where that is in the file.
    const readings = isLongExtension(plain) ? [abroad, plain] : [plain, abroad]
    for (const target of readings) if (target !== undefined && (await isListed(target))) return target
    return undefined
  }

  async function isListed(target: Target): Promise<boolean> {
    if (target.kind === 'extension') return rules.listed(target.extension)
    const phone = target.kind === 'number' ? parseDigits(target.number, country) : undefined
    return phone?.isPossible() === true && rules.listed(phone.number)
  }

  /** Judged on what was typed and on what any trunk would get, with and without outside prefix and `00`. */
  function callsForHelp(digits: string, phone: PhoneNumber | undefined): boolean {
    const left = [...peeled(digits), ...(phone ? peeled(phone.number) : [])]
    const number = phone?.isValid() === true ? e164(phone.number) : undefined
    if (number === undefined)
      return [digits, ...left.filter((form) => form.length <= SHORTEST_NATIONAL)].some((form) =>
        beginsAsEmergency(form, country),
      )
    // A whole number may begin as a call for help does (03… in Lithuania, 0 85… behind Spain's usual prefix) and is
    // none: the exchange gets all of its digits at once.
    const forms = (['e164', '00', 'national'] as const).map((form) => written(number, form, country))
    const got = [...forms, ...forms.flatMap((form) => prefixes.map((prefix) => prefix + form))]
    return [digits, ...left, ...got].some((form) => isEmergency(form, country))
  }

  /** The digits, and what is left of them behind every run of outside prefixes and `00`. */
  function peeled(digits: string): readonly string[] {
    const forms = new Set([digits.replace('+', '')])
    for (const form of forms) {
      // 9 and 0 are what most exchanges have, told of or not.
      const before = form.length <= SHORTEST_NATIONAL ? ['00', '9', '0', ...prefixes] : ['00', ...prefixes]
      for (const prefix of before) if (form.startsWith(prefix)) forms.add(form.slice(prefix.length))
    }
    return [...forms]
  }

  function isShort(digits: string): boolean {
    if (digits.startsWith('+')) return false
    return digits.length < SHORTEST_NATIONAL || isShortNumber(digits, country)
  }

  function isOrdinary(phone: PhoneNumber): boolean {
    return phone.isValid() && phone.country === country && ORDINARY.includes(phone.getType() ?? '')
  }

  /** undefined where it is no number at all. */
  function classOf(phone: PhoneNumber): NumberClass | undefined {
    if (SATELLITE.includes(phone.countryCallingCode)) return 'satellite'
    if (!phone.isPossible()) return undefined
    if (!isOf(country, phone)) return 'international'
    const type = phone.getType()
    if (type === 'PREMIUM_RATE') return 'premium'
    return type === 'SHARED_COST' ? 'sharedCost' : 'unclassified'
  }

  /** Nothing here can be dialled; but "112 please" is told what to do, too. */
  function refuseUnreadable(typed: string): Verdict {
    const first = /^[\s+]*(\d{2,6})(?!\d)/.exec(typed.slice(0, 40))?.[1]
    if (first !== undefined && isEmergency(first, country))
      return refuse({ code: 'emergency', number: first })
    return invalid(typed)
  }

  async function judgeAddress(typed: string): Promise<Verdict> {
    const address = sipAddress(typed)
    if (address === undefined) return invalid(typed)
    if (!isAtOneOf(rules.trunkDomains, address) && !isAtOneOf(rules.allowSipDomains, address))
      return refuse({ code: 'sipDomainNotAllowed', domain: hostOf(address) })
    // Whatever its port, a trunk's host is the telephone system, which takes the user part for what was dialled.
    const atTrunk = isOfHosts(rules.trunkDomains, address)
    if (!/[A-Za-z]/.test(address.user)) return judgeNumberAt(address, atTrunk)
    // It may read the digits of x806123456 alone, or let a name stand for anything.
    if (atTrunk && !(await rules.listed(address.user))) return invalid(typed)
    return pass({ kind: 'uri', uri: sipUri(address) })
  }

  /** A number takes the whole gate at any host: somebody else's telephone system may be our own by another name. */
  async function judgeNumberAt(address: SipAddress, atTrunk: boolean): Promise<Verdict> {
    const verdict = await judgeNumber(address.user)
    const user = dialledDigits(address.user)
    if (!verdict.ok || atTrunk || user === undefined) return verdict
    return pass({ kind: 'uri', uri: sipUri({ ...address, user }) })
  }

  return { judge, judgeConfigured, judgeGateway }
}

/**
 * Whether what was typed after "call" is meant as a number or SIP address, right or wrong, rather than as a name.
 * What is meant as a number goes to the gate, and never to the search for names.
 */
export function looksLikeNumber(text: string): boolean {
  const plain = text.trim()
  if (/^(?:<?sips?|tel):/i.test(plain)) return true
  if (/^[^\s@]+@[^\s@]+$/.test(plain)) return false
  if (/^\+\s*\p{N}/u.test(plain) || /^\d{3,}(?![\p{L}\p{N}])/u.test(plain)) return true
  return /\p{Nd}/u.test(plain) && !/\p{L}/u.test(plain)
}

const hostOf = ({ host, port }: SipAddress): string => (port === undefined ? host : `${host}:${port}`)
const isLongExtension = (target: Target | undefined): boolean =>
  target?.kind === 'extension' && target.extension.length >= 9
const pass = (target: Target): Verdict => ({ ok: true, target, shown: displayNumber(target) })
const refuse = (sentence: Sentence): Verdict => ({ ok: false, sentence })
const notAllowed = (number: string, kind: NumberClass): Verdict =>
  refuse({ code: 'numberNotAllowed', number, kind })

/** What was typed, safe to show: one line, no control characters, at most 40 characters. */
function invalid(typed: string): Verdict {
  const line = typed
    .slice(0, 200)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
  const number = line.length > 40 ? `${line.slice(0, 39).toWellFormed()}…` : line
  return refuse({ code: 'numberInvalid', number })
}
