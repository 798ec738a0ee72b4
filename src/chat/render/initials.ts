import { initialsOf } from '../../core/initials.ts'

const known = new Map<string, string>()
const MOST_KNOWN = 5000
/** In the place of initials, where a number has no name. */
const NO_NAME = '#'

/** What stands in somebody's square; the same name comes with every state of a call, so it is remembered. */
export function initialsShown(name: string): string {
  const before = known.get(name)
  if (before !== undefined) return before
  const shown = initialsOf(name) || NO_NAME
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(name, shown)
  return shown
}
