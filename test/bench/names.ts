/** Many people with names as a large company has them: some names common, most surnames rare, each time the same ones. */
import { dice } from '../helpers/dice.ts'

export type SomePerson = {
  readonly name: string
  readonly email: string
  readonly department: string
  readonly extension: string
  readonly phones: { readonly desk: string; readonly mobile: string }
}

const FIRST =
  'José María Antonio Ana Francisco Carmen Manuel Laura Juan Lucía David Marta Javier Paula Daniel Elena Carlos Sara Alejandro Cristina Robert Alice James Emma William Olivia Michael Sophie Richard Charlotte Thomas Hannah Alexander Zoë Jürgen Łukasz Søren Γιώργος Александр Ольга 王小明 김민수 Mohammed Fatima Jean-Luc Siobhán'.split(
    ' ',
  )
const COMMON =
  'García Martínez López Sánchez Pérez Gómez Fernández Núñez Smith Jones Taylor Brown Müller Schmidt Rossi Ivanov'.split(
    ' ',
  )
const PARTS =
  'bar den fel gor hal ker lin mon nor pal quin ros sal tor var wen xan yor zel ast bru cor dra'.split(' ')
const ENDS = 'ez son ini ić ski berg ova eda ar iz et oux man sen ante'.split(' ')
const DEPARTMENTS = ['Sales', 'Support', 'Legal', 'Ventas', 'Engineering', 'Logística']

export function manyPeople(count: number): readonly SomePerson[] {
  const roll = dice(20_000)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(roll() * all.length)]!
  // One half of all surnames is common, as in life.
  const surname = () => {
    if (roll() < 0.5) return pick(COMMON)
    const rare = pick(PARTS) + (roll() < 0.5 ? pick(PARTS) : '') + pick(ENDS)
    return rare.charAt(0).toUpperCase() + rare.slice(1)
  }
  return Array.from({ length: count }, (_, n) => ({
    // The commonest first names are a few hundred people each.
    name: `${FIRST[Math.floor(roll() ** 2 * FIRST.length)]!} ${surname()} ${surname()}`,
    email: `p${n}@contoso.example`,
    department: pick(DEPARTMENTS),
    extension: String(10_000 + n),
    phones: { desk: `+3491${String(n).padStart(7, '0')}`, mobile: `+346${String(n).padStart(8, '0')}` },
  }))
}
