/** Answers to a question of the bot's, as people type them in place of pressing a button. */
import type { Language } from '../party.ts'

/** `pick` counts from 1; `last` is the last of what was offered. */
export type Answer =
  | { readonly kind: 'pick'; readonly pick: number | 'last' }
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }

const YES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'yes',
    'y',
    'yep',
    'yeah',
    'yes please',
    'sure',
    'right',
    'correct',
    'exactly',
    'go ahead',
    'do it',
    'do so',
  ],
  es: [
    'si',
    'si por favor',
    'claro',
    'vale',
    'correcto',
    'exacto',
    'eso es',
    'adelante',
    'dale',
    'hazlo',
    'de acuerdo',
  ],
}
const NO: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'nope',
    'no thanks',
    'no thank you',
    'never mind',
    'nevermind',
    'forget it',
    'none',
    'none of them',
    'neither',
  ],
  es: ['no gracias', 'dejalo', 'da igual', 'olvidalo', 'ninguno', 'ninguna', 'ninguno de ellos', 'ningun'],
}
const ORDINALS: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  en: [
    ['first', '1st', 'one'],
    ['second', '2nd', 'two'],
    ['third', '3rd', 'three'],
    ['fourth', '4th', 'four'],
    ['fifth', '5th', 'five'],
    ['sixth', '6th', 'six'],
    ['seventh', '7th', 'seven'],
    ['eighth', '8th', 'eight'],
    ['ninth', '9th', 'nine'],
    ['tenth', '10th', 'ten'],
  ],
  es: [
    ['primero', 'primera', 'primer', 'uno', 'una'],
    ['segundo', 'segunda', 'dos'],
    ['tercero', 'tercera', 'tercer', 'tres'],
    ['cuarto', 'cuarta', 'cuatro'],
    ['quinto', 'quinta', 'cinco'],
    ['sexto', 'sexta', 'seis'],
    ['septimo', 'septima', 'siete'],
    ['octavo', 'octava', 'ocho'],
    ['noveno', 'novena', 'nueve'],
    ['decimo', 'decima', 'diez'],
  ],
}
const LAST: Readonly<Record<Language, readonly string[]>> = { en: ['last'], es: ['ultimo', 'ultima'] }

const answers = allAnswers()

/**
 * Reads words as an answer. Numbers count only up to two digits: more of them are an extension.
 * @param said small letters without accents, one space between the words
 */
export function readAnswer(
  said: string,
): { readonly answer: Answer; readonly language: Language | undefined } | undefined {
  const [, digits] =
    /^(?:#|n[oº]? ?|number |option |numero |opcion |la |el |the )?(\d{1,2})[.)]?$/.exec(said) ?? []
  if (digits !== undefined && Number(digits) > 0)
    return { answer: { kind: 'pick', pick: Number(digits) }, language: undefined }
  const bare = said.replace(/^(?:the|el|la|number|numero) /, '').replace(/ (?:one|person|please)$/, '')
  return answers.get(said) ?? answers.get(bare)
}

function allAnswers(): ReadonlyMap<
  string,
  { readonly answer: Answer; readonly language: Language | undefined }
> {
  const all = new Map<string, { readonly answer: Answer; readonly language: Language | undefined }>()
  for (const language of ['en', 'es'] as const) {
    for (const word of YES[language]) all.set(word, { answer: { kind: 'yes' }, language })
    for (const word of NO[language]) all.set(word, { answer: { kind: 'no' }, language })
    for (const word of LAST[language]) all.set(word, { answer: { kind: 'pick', pick: 'last' }, language })
    for (const [i, words] of ORDINALS[language].entries())
      for (const word of words) all.set(word, { answer: { kind: 'pick', pick: i + 1 }, language })
  }
  // Said alike in both.
  for (const word of ['ok', 'okay']) all.set(word, { answer: { kind: 'yes' }, language: undefined })
  all.set('no', { answer: { kind: 'no' }, language: undefined })
  return all
}
