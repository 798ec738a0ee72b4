/** "Call Bob or Alice": several are named, of whom one is to be called. */
import type { Language } from '../party.ts'
import type { Word } from './words.ts'

const OR: Readonly<Record<Language, ReadonlySet<string>>> = { en: new Set(['or']), es: new Set(['o', 'u']) }
/** More is a list of something else. */
const MOST_NAMES = 5

/**
 * The words of each name, where there are several with "or" before the last one, and commas between the others perhaps.
 * @param typed the words behind the command's
 * @returns undefined where it is no choice; a lone "O" is a name ("María de la O"), and so is what is quoted
 */
export function alternatives(
  typed: readonly Word[],
  line: string,
  language: Language | undefined,
): readonly (readonly Word[])[] | undefined {
  const languages = language === undefined ? (['en', 'es'] as const) : [language]
  const textOf = ({ at, end }: Word) => line.slice(at, end)
  const isOr = (word: Word) => languages.some((one) => OR[one].has(textOf(word)))
  if (!typed.some(isOr) || /["“”«»„`]/.test(line)) return undefined
  const names: (readonly Word[])[] = []
  let name: readonly Word[] = []
  for (const word of typed) {
    // "O a Alicia", "o al 1003".
    const isParticle = name.length === 0 && (word.plain === 'a' || word.plain === 'al')
    if (!isOr(word) && !isParticle) name = [...name, word]
    if (!isOr(word) && !textOf(word).endsWith(',')) continue
    if (name.length > 0) names.push(name)
    name = []
  }
  names.push(name)
  return names.length > 1 && names.length <= MOST_NAMES && names.every(({ length }) => length > 0)
    ? names
    : undefined
}
