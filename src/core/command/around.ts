/** What people write around a command without meaning more by it: "hi, could you call Bob please?". */
import type { Word } from './words.ts'

/** Words before a command. A question about oneself ("can I call Bob?") is none of them: it is asked back. */
const BEFORE = phrases([
  ...['hey', 'hi', 'hello', 'ok', 'okay', 'so', 'well', 'now', 'just', 'quickly', 'dialback', 'go ahead and'],
  ...['please', 'pls', 'plz', 'can you', 'can u', 'could you', 'could u', 'would you', 'will you'],
  ...[
    'i want to',
    'i want you to',
    'i wanna',
    'i would like to',
    'i would like you to',
    "i'd like to",
    'id like to',
    "i'd like you to",
  ],
  ...['i need to', 'i need you to', 'i have to', 'let me', "let's", 'lets', 'try to', 'would you mind'],
  ...['hola', 'oye', 'oiga', 'vale', 'venga', 'bueno', 'ahora', 'buenos dias', 'buenas tardes', 'buenas'],
  ...['por favor', 'porfa', 'porfavor', 'puedes', 'puede', 'podrias', 'podria', 'me puedes', 'me podrias'],
  ...['quiero', 'quiero que', 'quisiera', 'querria', 'me gustaria', 'necesito', 'necesito que', 'tengo que'],
  ...['intenta', 'hay que', 'haz el favor de', 'te importa', 'vamos a'],
])
/** Words behind it. None of them is a surname: whom somebody means must not change by taking words away. */
const BEHIND = phrases([
  ...[
    'please',
    'pls',
    'plz',
    'thanks',
    'thank you',
    'thx',
    'now',
    'right now',
    'right away',
    'asap',
    'for me',
  ],
  ...[
    'by phone',
    'on the phone',
    'would you',
    'could you',
    'can you',
    'again',
    'once more',
    'quickly',
    'at once',
    'immediately',
  ],
  ...['por favor', 'porfa', 'porfavor', 'gracias', 'muchas gracias', 'ahora', 'ahora mismo', 'por telefono'],
  ...['otra vez', 'de nuevo', 'cuando puedas', 'si puedes', 'quieres', 'anda', 'enseguida'],
])
const LONGEST = 4

/** The words without those before them; the words themselves where they are nothing else. */
export function withoutLead(typed: readonly Word[]): readonly Word[] {
  for (let count = Math.min(LONGEST, typed.length - 1); count > 0; count--)
    if (BEFORE.has(phrase(typed.slice(0, count)))) return withoutLead(typed.slice(count))
  return typed
}

/** The words without those behind them. */
export function withoutTail(typed: readonly Word[]): readonly Word[] {
  for (let count = Math.min(LONGEST, typed.length); count > 0; count--)
    if (BEHIND.has(phrase(typed.slice(-count)))) return withoutTail(typed.slice(0, -count))
  return typed
}

/** Words as they are compared: small letters without accents, one space between them. */
export const phrase = (typed: readonly Word[]): string => typed.map(({ plain }) => plain).join(' ')

function phrases(all: readonly string[]): ReadonlySet<string> {
  return new Set(all)
}
