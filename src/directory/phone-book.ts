/** Numbers and extensions of people, compared by digits, in whatever form they are written. */
import { dialledDigits, parseDigits } from '../core/dialplan/digits.ts'
import type { Person } from '../core/party.ts'

/** What is shorter is an extension. */
const SHORTEST_NATIONAL = 6

export class PhoneBook {
  readonly #country: string
  readonly #people = new Map<string, Person[]>()

  constructor(people: readonly Person[], country: string) {
    this.#country = country
    for (const person of people) {
      const { extension, did, phones } = person
      for (const number of new Set([extension, phones.desk, phones.mobile, did]))
        if (number !== undefined) this.#add(number, person)
    }
  }

  /** Everybody who has this number or extension. */
  find(number: string): readonly Person[] {
    return this.#people.get(this.#form(number)) ?? []
  }

  #add(number: string, person: Person): void {
    const form = this.#form(number)
    const known = this.#people.get(form)
    if (known === undefined) this.#people.set(form, [person])
    else if (!known.includes(person)) known.push(person)
  }

  /** E.164 where it is a whole number of the country or of the world; an extension stays as it is. */
  #form(number: string): string {
    const digits = dialledDigits(number)
    if (digits === undefined) return number.trim().toLowerCase()
    if (/^\+[1-9]/.test(digits)) return digits
    const phone = digits.length < SHORTEST_NATIONAL ? undefined : parseDigits(digits, this.#country)
    return phone?.isPossible() ? phone.number : digits
  }
}
