/** Numbers and extensions of people, compared by what would be dialled, in whatever form they are written. */
import { directoryTarget } from '../core/dialplan/address.ts'
import { dialledDigits } from '../core/dialplan/digits.ts'
import type { Person } from '../core/party.ts'
import { each } from './slices.ts'
import type { Sliced } from './slices.ts'

export class PhoneBook {
  readonly #country: string
  readonly #people = new Map<string, Person[]>()

  private constructor(country: string) {
    this.#country = country
  }

  /** Makes one, in slices. */
  static *of(people: readonly Person[], country: string): Sliced<PhoneBook> {
    const book = new PhoneBook(country)
    yield* each(people, (person) => {
      const { extension, did, phones } = person
      for (const number of new Set([extension, phones.desk, phones.mobile, did]))
        if (number !== undefined) book.#add(number, person)
    })
    return book
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
