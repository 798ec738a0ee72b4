/** What stands in the circle of somebody who has no picture: one or two letters of their name, in any script. */

/** Scripts without gaps between the words of a name: the given name, which stands last, tells people apart. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u
/** Letters that join their neighbours: apart they would become another sign. */
const JOINING = /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}]/u
const NON_JOINER = '\u200C'

const signs = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * The initials of a name: those of its first and its last word (`María del Carmen Núñez` → `MN`), the other way
 * round where a comma says that the surname stands first, and the last two characters of a name that is written
 * without gaps (`王小明` → `小明`). What stands in brackets, and what is no letter, is left out.
 * @returns at most two letters, upper case where there is one; empty where the name has no letter
 */
export function initialsOf(name: string): string {
  const bare = name.normalize('NFC').replaceAll(/\([^)]*\)|\[[^\]]*\]|（[^）]*）/gu, ' ')
  const [surname = '', given] = bare.split(',', 2)
  const parts = given === undefined ? lettersOf(bare) : [...lettersOf(given), ...lettersOf(surname)]
  const first = parts.at(0)
  const last = parts.at(-1)
  if (first === undefined || last === undefined) return ''
  if (UNSPACED.test(first)) return lastTwo(parts.join(''))
  if (parts.length === 1) return initial(first)
  const ends = given === undefined ? [first, last] : [first, parts[lettersOf(given).length] ?? last]
  return ends.map(initial).join(JOINING.test(first) ? NON_JOINER : '')
}

/** The words of a name that begin with a letter. */
const lettersOf = (text: string) =>
  text
    .replaceAll(/[^\p{L}\p{M}\p{N}'’\-‐·.]+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^[^\p{L}]+/u, ''))
    .filter(Boolean)

function initial(word: string): string {
  const [sign] = signs.segment(word)
  const upper = (sign?.segment ?? '').toUpperCase()
  // "ß" and "ﬁ" become two letters.
  return [...signs.segment(upper)][0]?.segment ?? ''
}

const lastTwo = (text: string) =>
  [...signs.segment(text)]
    .slice(-2)
    .map(({ segment }) => segment)
    .join('')
