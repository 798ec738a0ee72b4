/** Names of other scripts as people type them on a Latin keyboard: `Γιώργος` as Giorgos, `王小明` as Wang Xiaoming. */
import anyAscii from 'any-ascii'

const FOREIGN = /(?!\p{Script=Latin})\p{L}/u
/** Written without gaps; each sign is a syllable, which any-ascii begins with a capital. */
const SYLLABIC = /[\p{Script=Han}\p{Script=Hangul}]/u

/** Greek by ELOT 743, where two letters are one sound. */
const GREEK: readonly (readonly [RegExp, string])[] = [
  [/ου/g, 'ou'],
  [/([αεη])υ(?=[θκξπσςτφχψ]|$)/g, '$1f'],
  [/([αεη])υ/g, '$1v'],
  [/γγ/g, 'ng'],
  [/γξ/g, 'nx'],
  [/γχ/g, 'nch'],
  [/(?<!\p{L})μπ/gu, 'b'],
]
/** How names of these scripts are written otherwise, passports and custom both; each is one more spelling. */
const OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [/(?:iy|yy|ii)\b/g, 'y'],
  [/(?:iy|yy)\b/g, 'i'],
  [/ks/g, 'x'],
  [/kh/g, 'h'],
  [/ch/g, 'h'],
  [/\by(?=[ua])/g, 'i'],
  [/y/g, 'i'],
  [/shch/g, 'sch'],
  [/\be(?=[^aeiou])/g, 'ye'],
  [/\bgi(?=[aou])/g, 'yi'],
  [/ts/g, 'tz'],
  [/ō|ou/g, 'o'],
]

/**
 * The ways to spell a text of another script in Latin letters, lower case, the usual one first; none where it is Latin
 * already. One reading a sign: whose name is read otherwise (单 as Shan, Japanese names in kanji), or is written without
 * vowels (Arabic, Hebrew), is found by an alias.
 */
export function latinSpellings(text: string): readonly string[] {
  if (!FOREIGN.test(text)) return []
  if (SYLLABIC.test(text)) return syllables(text)
  const greek = GREEK.reduce((word, [from, to]) => word.replaceAll(from, to), plainGreek(text))
  const usual = anyAscii(greek).toLowerCase()
  return [...new Set([usual, ...OTHERWISE.map(([from, to]) => usual.replaceAll(from, to))])]
}

/** Accents say nothing of the sound but where a diaeresis keeps two vowels apart. */
const plainGreek = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/(?<=\p{Script=Greek})[\u0300\u0301\u0342]/gu, '')
    .normalize('NFC')

/** Surname first, as it is written; the given name in one word or in syllables. */
function syllables(text: string): readonly string[] {
  const words = text.split(/\s+/).map((word) => anyAscii(word).match(/[A-Z]?[a-z']+/g) ?? [])
  const [first = [], ...rest] = words
  const [surname = '', ...given] = rest.length > 0 ? [first.join('')] : first
  const name = [...given, ...rest.flat()]
  const spelt = [[surname, ...name].join(' '), `${surname} ${name.join('')}`, `${surname}${name.join('')}`]
  return [...new Set(spelt.map((one) => one.trim().toLowerCase()))]
}
