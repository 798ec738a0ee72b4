import type { Meeting } from '../../../../src/core/meeting/meeting.ts'

/** An invitation as people forward it, and the meetings that it is about. Names, numbers and ids are invented. */
export type Sample = {
  readonly name: string
  readonly text: string
  readonly is: readonly Wanted[]
}

/** What is expected of one; `undefined` where there must be none. */
type Wanted = { readonly [Field in Exclude<keyof Meeting, 'numbers'>]?: Meeting[Field] | undefined } & {
  readonly numbers?: readonly string[]
}
