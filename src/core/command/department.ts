/** "Bob from sales", "Bob de ventas": a name and where its owner works. */
import { folded, words } from './words.ts'

const BETWEEN = /^(.+?) (?:from|in|of|at|de|del|en) (?:the |la |el |los |las )?(.+)$/is

/** A name and the department behind it, or undefined where there is no such thing; surnames may look alike. */
export function departmentOf(who: string): { readonly who: string; readonly department: string } | undefined {
  const [, name, department] = BETWEEN.exec(who) ?? []
  return name === undefined || department === undefined ? undefined : { who: name, department }
}

/** Whether every word typed begins a word of the department's name; accents and case do not matter. */
export function isOfDepartment(typed: string, department: string): boolean {
  const known = folded(department).split(/[^\p{L}\p{N}]+/u)
  return words(typed).every(({ plain }) => known.some((word) => word.startsWith(plain)))
}
