/** Which phone is meant: whose own ("from my mobile"), or the other side's ("on his mobile", "al móvil de Bob"). */
import type { PhoneKind } from '../party.ts'
import { phrase } from './around.ts'
import type { Word } from './words.ts'

/** What the two kinds of phone are called, in both languages. */
export const PHONE_NAMES: ReadonlyMap<string, PhoneKind> = new Map(
  Object.entries({
    desk: 'desk',
    'desk phone': 'desk',
    deskphone: 'desk',
    landline: 'desk',
    'office phone': 'desk',
    'work phone': 'desk',
    mobile: 'mobile',
    'mobile phone': 'mobile',
    cell: 'mobile',
    'cell phone': 'mobile',
    cellphone: 'mobile',
    mesa: 'desk',
    sobremesa: 'desk',
    fijo: 'desk',
    'telefono fijo': 'desk',
    'telefono de mesa': 'desk',
    'telefono de sobremesa': 'desk',
    movil: 'mobile',
    'telefono movil': 'mobile',
    celular: 'mobile',
    'telefono celular': 'mobile',
  } as const),
)
const LONGEST = 3

/** What stands between whom and which phone; `own` where it is the user's. */
const BETWEEN: ReadonlyMap<string, 'own' | 'theirs'> = new Map<string, 'own' | 'theirs'>([
  ...['from', 'from the', 'from my', 'on my', 'with my', 'using my'].map((words) => [words, 'own'] as const),
  ...['desde', 'desde el', 'desde la', 'desde mi', 'con mi', 'en mi'].map((words) => [words, 'own'] as const),
  ...['on his', 'on her', 'on their', 'on the', 'at his', 'at her'].map(
    (words) => [words, 'theirs'] as const,
  ),
  ...['al', 'a su', 'en su', 'en el', 'por el'].map((words) => [words, 'theirs'] as const),
])

export type Phones = {
  /** What is left: who is meant. */
  readonly rest: readonly Word[]
  /** The user's own phone that is to ring first. */
  readonly from?: PhoneKind
  /** The phone of the other side. */
  readonly to?: PhoneKind
}

/** Takes the phones off the words behind "call": at the end ("… on his mobile from my desk phone"), or around whom. */
export function phonesIn(words: readonly Word[]): Phones {
  let phones: Phones = { rest: words }
  for (let end = atTheEnd(phones.rest); end; end = atTheEnd(phones.rest)) {
    const taken = end.whose === 'own' ? 'from' : 'to'
    if (phones[taken] !== undefined) return phones
    phones = { ...phones, rest: phones.rest.slice(0, end.at), [taken]: end.phone }
  }
  return phones.to === undefined ? { ...phones, ...around(phones.rest) } : phones
}

/** What is said before one's own phone, where the call stands behind it: "use my mobile to call Bob". */
const USING: ReadonlySet<string> = new Set([
  ...['use my', 'use the', 'using my', 'using the', 'with my', 'with the', 'from my', 'from the', 'on my'],
  ...['usa mi', 'usa el', 'usando mi', 'usando el', 'utiliza mi', 'utiliza el', 'con mi', 'con el'],
  ...['desde mi', 'desde el', 'desde la'],
])
const THEN: ReadonlySet<string> = new Set(['to', 'and', 'para', 'y'])

/** The user's own phone at the beginning, and the words behind it, which are not none. */
export function phoneBefore(
  words: readonly Word[],
): { readonly from: PhoneKind; readonly rest: readonly Word[] } | undefined {
  if (!USING.has(phrase(words.slice(0, 2)))) return undefined
  for (let count = Math.min(LONGEST, words.length - 3); count > 0; count--) {
    const from = PHONE_NAMES.get(phrase(words.slice(2, 2 + count)))
    const behind = words.slice(2 + count)
    const rest = THEN.has(behind[0]?.plain ?? '') ? behind.slice(1) : behind
    if (from && rest.length > 0) return { from, rest }
  }
  return undefined
}

/** "My mobile", where nobody's name is said: the user's own phone. "Mesa" and "Fijo" alone are people. */
export function ownPhoneIn(words: readonly Word[]): PhoneKind | undefined {
  const said = phrase(words)
  const bare = said.replace(/^(?:my|the|mi|el|la) /, '')
  const phone = PHONE_NAMES.get(bare)
  return bare !== said || phone === 'mobile' ? phone : undefined
}

function atTheEnd(words: readonly Word[]) {
  for (let count = Math.min(LONGEST, words.length); count > 0; count--) {
    const phone = PHONE_NAMES.get(phrase(words.slice(-count)))
    if (phone === undefined) continue
    for (const between of [2, 1]) {
      const at = words.length - count - between
      const whose = at < 0 ? undefined : BETWEEN.get(phrase(words.slice(at, at + between)))
      if (whose) return { at, phone, whose }
    }
  }
  return undefined
}

/** "Bob's mobile", "el móvil de Bob". */
function around(words: readonly Word[]): Pick<Phones, 'rest' | 'to'> | undefined {
  for (let count = Math.min(LONGEST, words.length - 1); count > 0; count--) {
    const behind = PHONE_NAMES.get(phrase(words.slice(-count)))
    const owner = words.at(-count - 1)
    if (behind && owner && /['’]s$/.test(owner.plain))
      return {
        to: behind,
        rest: [
          ...words.slice(0, -count - 1),
          { ...owner, plain: owner.plain.slice(0, -2), end: owner.end - 2 },
        ],
      }
    const first = words[0]?.plain === 'el' || words[0]?.plain === 'la' ? 1 : 0
    const before = PHONE_NAMES.get(phrase(words.slice(first, first + count)))
    if (before && ['de', 'del'].includes(words[first + count]?.plain ?? ''))
      return { to: before, rest: words.slice(first + count + 1) }
  }
  return undefined
}
