/** Initials in place of a name: "RBD" for Roberto Bob Díaz. */
import { fold, spellings, words } from './fold.ts'

/** Longer than that, it is a word. */
const LONGEST = 4
/** What stands between the words of a name, and is mostly left out of initials. */
const PARTICLES = new Set(
  'al ben bin da das de del den der di do dos du el la las le los van von y i e'.split(' '),
)

/** The initials that somebody goes by: all words, without particles, the first two, the first and the last. */
export function initialsWays(name: string): ReadonlySet<string> {
  const ways = new Set<string>()
  for (const all of [words(name), ...spellings(name).slice(1)]) {
    const first = (some: readonly string[]) => some.map((word) => word.charAt(0)).join('')
    const bare = all.filter((word) => !PARTICLES.has(word))
    for (const way of [
      first(all),
      first(bare),
      first(bare.slice(0, 2)),
      first([...bare.slice(0, 1), ...bare.slice(-1)]),
    ])
      if (way.length >= 2 && way.length <= LONGEST) ways.add(way)
  }
  return ways
}

/** The initials that a text may be, folded; undefined where it is something else. */
export function initialsTyped(text: string): string | undefined {
  const letters = fold(text).replaceAll(/[.\s]/g, '')
  const apart = /^(?:\p{L}[.\s]+)*\p{L}\.?$/u.test(fold(text).trim())
  const together = /^\p{L}+$/u.test(fold(text).trim())
  return (apart || together) && letters.length >= 2 && letters.length <= LONGEST ? letters : undefined
}
