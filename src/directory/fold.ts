import { latinSpellings } from './latin.ts'

/** Letters that Unicode does not take apart into a base and an accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
  ſ: 's',
  ə: 'e',
  // The same letter, at the end of a word.
  ς: 'σ',
}
/** How people write these where a keyboard lacks them. */
const SPELT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }

const APOSTROPHE = /['’ʼ`´]/g
const plainLetter = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')
const speltLetter = new RegExp(`[${Object.keys(SPELT).join('')}]`, 'g')

/** Lower case without accents: `Zoë Ørsted` → `zoe orsted`. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(plainLetter, (letter) => PLAIN[letter] ?? letter)
}

/** The folded words of a name as somebody types them; an apostrophe is no gap (`O'Brien` → `obrien`). */
export function words(text: string): string[] {
  return fold(text)
    .replaceAll(APOSTROPHE, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}

/**
 * The ways in which people spell a name, each as folded words: `O'Brien` also as `o brien`, `Müller` also as
 * `mueller`, `Γιώργος` also as `giorgos`.
 */
export function spellings(text: string): readonly (readonly string[])[] {
  const gaps = text.replaceAll(APOSTROPHE, ' ')
  const spelt = text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(speltLetter, (letter) => SPELT[letter] ?? letter)
  return [
    words(text),
    ...(gaps === text ? [] : [words(gaps)]),
    ...(spelt === text.toLowerCase() ? [] : [words(spelt)]),
    ...latinSpellings(text).map(words),
  ]
}
