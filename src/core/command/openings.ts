/** The ways in which commands begin, in every language. */
import type { Language } from '../party.ts'
import { phrase } from './around.ts'
import { commands } from './command.ts'
import type { CommandRow } from './row.ts'
import { distance } from './words.ts'
import type { Word } from './words.ts'

/** A way to begin a command. */
export type Opening = {
  readonly row: CommandRow
  readonly language: Language | undefined
  readonly onlyNumbers: boolean
}

export const openings = allOpenings()
const mostWords = Math.max(...[...openings.keys()].map((phrase) => phrase.split(' ').length))

/** The ways to begin a command that the words fit, longest first, with the number of words that each takes. */
export function openingsOf(typed: readonly Word[]): readonly (readonly [Opening, number])[] {
  const found: (readonly [Opening, number])[] = []
  for (let count = Math.min(mostWords, typed.length); count > 0; count--) {
    const opening = openings.get(phrase(typed.slice(0, count)))
    if (opening !== undefined) found.push([opening, count])
  }
  return found
}

/** "Could you call Bob?": the command's word stands further on. */
export function openingIn(
  typed: readonly Word[],
): { readonly opening: Opening; readonly at: number } | undefined {
  for (const [at, { plain }] of typed.entries()) {
    const opening = openings.get(plain)
    if (opening !== undefined) return { opening, at }
  }
  return undefined
}

export function misspelt(
  typed: readonly Word[],
): { readonly opening: Opening; readonly start: string } | undefined {
  const word = typed[0]?.plain ?? ''
  if (word.length < 3 || openings.has(word)) return undefined
  const near = [...openings]
    .filter(([start]) => !start.includes(' ') && start.length > 3)
    .map(([start, opening]) => ({
      start,
      opening,
      far: distance(word, start),
      most: start.length > 5 ? 2 : 1,
    }))
    .filter(({ far, most }) => far > 0 && far <= most)
    .sort((a, b) => a.far - b.far)
  return near[0]
}

function allOpenings(): ReadonlyMap<string, Opening> {
  const found = new Map<string, Opening>()
  for (const row of commands) {
    for (const language of ['en', 'es'] as const)
      for (const start of row.words[language])
        found.set(start, { row, language: found.has(start) ? undefined : language, onlyNumbers: false })
    for (const start of row.beforeNumbers ?? []) found.set(start, { row, language: 'es', onlyNumbers: true })
  }
  return found
}
