/** Numbers and extensions of people, compared by what would be dialled, in whatever form they are written. */
import { directoryTarget } from '../core/dialplan/address.ts'
import { dialledDigits } from '../core/dialplan/digits.ts'
import type { Person } from '../core/party.ts'

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

  /** As the gate reads it, so that a number is listed exactly where somebody's phone would be dialled. */
  #form(number: string): string {
    const target = directoryTarget(number, this.#country)
    if (target?.kind === 'number') return target.number
    // What cannot be dialled is still found.
    const text = target?.kind === 'extension' ? target.extension : (dialledDigits(number) ?? number.trim())
    return text.toLowerCase()
  }
}
