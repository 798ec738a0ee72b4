/** One command of the command line, as the table of them has it. */
export type Command = {
  /** One word or several: `doctor`, `people import`. */
  readonly name: string
  /** What follows it, in order, all of it needed: `<file.csv>`. */
  readonly operands?: readonly string[]
  /** For the list of commands; continues "dialback <name>: ". */
  readonly summary: string
  /** For its own help: what it does and does not do, in lines of at most 100 characters. */
  readonly help?: readonly string[]
  /** By name, without the hyphens. */
  readonly options?: Readonly<Record<string, Option>>
  /**
   * Loads what it needs itself, so that help and a slip of the pen cost nothing.
   * @returns the exit code; nothing, where it goes on or has set one itself
   */
  readonly run: (given: Given) => Promise<number | undefined>
}

export type Option = {
  /** What its value is called in the help; unset: it has none. */
  readonly value?: string
  readonly help: string
}

export type Given = {
  readonly operands: readonly string[]
  /** What was given: a value, or `true` for an option without one. */
  readonly options: Readonly<Record<string, string | true>>
}
