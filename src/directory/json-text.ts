import type { z } from 'zod'
import { each } from './slices.ts'
import type { Sliced } from './slices.ts'

/** Where in a file a fault stands, and what is wrong there, for the person who edits the file. */
export type FileFault = { readonly place: string; readonly problem: string }

type Path = readonly PropertyKey[]

/** Reads JSON that people write by hand. A fault names line and column. A byte order mark is allowed. */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: FileFault } {
  const clear = text.replace(/^\uFEFF/, '')
  try {
    return { value: JSON.parse(clear) as unknown }
  } catch (cause) {
    const found = new Scanner(clear).firstFault()
    if (found) return { fault: { place: placeOf(clear, found.at), problem: found.problem } }
    return { fault: { place: 'somewhere', problem: cause instanceof Error ? cause.message : String(cause) } }
  }
}

/** A fault whose place is told by its path only. */
export type Misfit = { readonly path: Path; readonly problem: string }

/** What a schema finds wrong in parsed JSON. @param base where that stands in the whole */
export function misfits(error: z.ZodError, base: Path = []): Misfit[] {
  return error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path]
    if (issue.code !== 'unrecognized_keys') return [{ path, problem: plain(issue.message) }]
    return issue.keys.map((key) => ({ path: [...path, key], problem: 'this field is not known' }))
  })
}

/** Words the faults that a schema finds in parsed JSON: `[3].phones.desk (line 12, column 7)`. */
export function contentFaults(error: z.ZodError, text: string): FileFault[] {
  return misfits(error).map(({ path, problem }) => contentFault(text, path, problem))
}

/** One fault at a field of parsed JSON. */
export function contentFault(text: string, path: Path, problem: string): FileFault {
  const clear = text.replace(/^\uFEFF/, '')
  return faultAt(clear, new Scanner(clear).find(path), { path, problem })
}

/** So many faults are told with their places: nobody reads more, and to look for a place takes time. */
const MOST_TOLD = 20

/** Faults in the rows of a long list, in slices: the first of them with their places, of the others how many. */
export function* rowFaults(text: string, list: Path, found: readonly Misfit[]): Sliced<FileFault[]> {
  if (found.length === 0) return []
  const clear = text.replace(/^\uFEFF/, '')
  const starts = yield* new Scanner(clear).elements(list)
  const told: FileFault[] = []
  yield* each(found.slice(0, MOST_TOLD), (misfit) => {
    const [row, ...field] = misfit.path.slice(list.length)
    const start = typeof row === 'number' ? starts[row] : undefined
    const at = start === undefined ? undefined : new Scanner(clear, start).find(field)
    told.push(faultAt(clear, at, misfit))
  })
  const left = found.length - told.length
  return left === 0 ? told : [...told, { place: 'elsewhere', problem: `${left} more like these` }]
}

function faultAt(clear: string, at: number | undefined, { path, problem }: Misfit): FileFault {
  const field = written(path)
  return { place: at === undefined ? field : `${field} (${placeOf(clear, at)})`, problem }
}

function written(path: Path): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
  return parts.join('').replace(/^\./, '') || 'the whole file'
}

const plain = (message: string) => message.replace(/^Invalid input: /, '')

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

class Stop extends Error {
  readonly at: number
  constructor(at: number, problem: string) {
    super(problem)
    this.at = at
  }
}

const DEEPEST = 500

/** Walks JSON text (RFC 8259) only to tell places: of its first fault, or of a field. */
class Scanner {
  readonly #text: string
  #at: number
  #depth = 0
  constructor(text: string, at = 0) {
    this.#text = text
    this.#at = at
  }

  firstFault(): { readonly at: number; readonly problem: string } | undefined {
    try {
      this.#value()
      this.#space()
      if (this.#at < this.#text.length) this.#stop('there is more text after the end of the JSON')
      return undefined
    } catch (stop) {
      if (stop instanceof Stop) return { at: stop.at, problem: stop.message }
      throw stop
    }
  }

  /** Offset of the value at `path`, or of the nearest thing around it that exists. */
  find(path: Path): number | undefined {
    try {
      this.#space()
      let found = this.#at
      for (const part of path) {
        if (!this.#enter(part)) break
        found = this.#at
      }
      return found
    } catch (stop) {
      if (stop instanceof Stop) return undefined
      throw stop
    }
  }

  /** Offsets of the elements of the list at `path`, in JSON that is well formed. */
  *elements(path: Path): Sliced<readonly number[]> {
    const starts: number[] = []
    this.#at = this.find(path) ?? this.#at
    this.#at++
    for (;;) {
      this.#space()
      if (this.#at >= this.#text.length || this.#text[this.#at] === ']') return starts
      starts.push(this.#at)
      this.#value()
      this.#space()
      if (this.#text[this.#at] === ',') this.#at++
      yield
    }
  }

  #enter(part: PropertyKey): boolean {
    const open = this.#text[this.#at]
    if (open !== (typeof part === 'number' ? '[' : '{')) return false
    const close = open === '[' ? ']' : '}'
    this.#at++
    for (let i = 0; ; i++) {
      this.#space()
      if (this.#text[this.#at] === close) return false
      const key = open === '[' ? i : this.#key()
      this.#space()
      if (key === part) return true
      this.#value()
      this.#space()
      if (this.#text[this.#at] === ',') this.#at++
    }
  }

  #key(): string {
    const from = this.#at
    this.#string('a field name in double quotes')
    const key = JSON.parse(this.#text.slice(from, this.#at)) as string
    this.#space()
    this.#expect(':', 'a colon after the field name')
    return key
  }

  #value(): void {
    this.#space()
    const next = this.#text[this.#at]
    if (next === '{' || next === '[') return this.#list(next)
    if (next === '"') return this.#string('a text')
    const word = /[^\s,:[\]{}"]*/y
    word.lastIndex = this.#at
    const bare = word.exec(this.#text)?.[0] ?? ''
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(bare))
      this.#stop(
        bare === '' ? this.#missing('a value') : `${JSON.stringify(bare.slice(0, 40))} is not a value`,
      )
    this.#at += bare.length
  }

  #list(open: '{' | '['): void {
    const close = open === '{' ? '}' : ']'
    if (++this.#depth > DEEPEST) this.#stop('this is nested too deep')
    this.#at++
    this.#space()
    if (this.#text[this.#at] === close) this.#at++
    else {
      for (;;) {
        this.#space()
        if (open === '{') this.#key()
        this.#value()
        this.#space()
        if (this.#text[this.#at] === close) break
        this.#expect(',', `a comma or ${close}`)
      }
      this.#at++
    }
    this.#depth--
  }

  #string(what: string): void {
    const from = this.#at
    if (this.#text[from] !== '"') this.#stop(this.#missing(what))
    const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y
    text.lastIndex = from
    this.#at += text.exec(this.#text)?.[0].length ?? 1
    if (this.#text[this.#at] === '"') this.#at++
    else if (this.#text[this.#at] === '\\') this.#stop('this escape is not known; write \\\\ for a backslash')
    else {
      this.#at = from
      this.#stop('this text has no closing double quote on its line')
    }
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  #expect(sign: string, what: string): void {
    if (this.#text[this.#at] !== sign) this.#stop(this.#missing(what))
    this.#at++
  }

  #missing(what: string): string {
    const found = this.#text[this.#at]
    return `expected ${what}, found ${found === undefined ? 'the end of the file' : JSON.stringify(found)}`
  }

  #stop(problem: string): never {
    throw new Stop(this.#at, problem)
  }
}
