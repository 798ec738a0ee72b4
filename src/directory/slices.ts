/** Long work that lets others run in between: a generator that yields where it may be interrupted. */
import { setImmediate } from 'node:timers/promises'

export type Sliced<T> = Generator<undefined, T>

/** Milliseconds that a slice may take; what others wait for is this and the longest step. */
const SLICE = 8

/** Does it all without a break: at the start, when nobody waits. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** Does it in slices, between which everything else has its turn. */
export async function inSlices<T>(work: Sliced<T>): Promise<T> {
  for (let until = performance.now() + SLICE; ;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() < until) continue
    await setImmediate()
    until = performance.now() + SLICE
  }
}

/** Goes through a list, and may be interrupted now and then. */
export function* each<T>(items: Iterable<T>, visit: (item: T, i: number) => void): Sliced<void> {
  let i = 0
  for (const item of items) {
    visit(item, i++)
    if (i % STEP === 0) yield
  }
}

/** As `map`, and may be interrupted now and then. */
export function* mapped<T, U>(items: Iterable<T>, make: (item: T, i: number) => U): Sliced<U[]> {
  const made: U[] = []
  yield* each(items, (item, i) => made.push(make(item, i)))
  return made
}

const STEP = 32
