import type { Words } from '../words/words.ts'
import type { Press } from './buttons.ts'
import type { TemplateName } from './templates.ts'

/** A screen in words, before it is bound to its template. */
export type Face = {
  readonly template: TemplateName
  /** What the template names; the file beside it (`*.sample.json`) shows it whole. */
  readonly data: Readonly<Record<string, unknown>>
  /** One line, for a notification. */
  readonly summary: string
  /** All of it in lines of text: fallback, and what text-only channels get. */
  readonly plain: readonly string[]
}

export type Drawing = { readonly words: Words; readonly press: Press }
