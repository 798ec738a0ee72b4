import type { Verb } from '../../core/screen.ts'

/** A button before it is written for a channel. */
export type Button = {
  readonly title: string
  readonly verb: Verb
  readonly data: Readonly<Record<string, string | number>>
  readonly style?: 'positive' | 'destructive'
  /** It works without what the card asks for. */
  readonly inputs?: 'none'
}

export type Action = Readonly<Record<string, unknown>>

/** How buttons are written: what the channel knows, and a nonce for each. */
export type Press = { readonly executes: boolean; readonly nonce: () => string }

/**
 * Writes buttons: Action.Execute with Action.Submit as its fallback, or Action.Submit outright. Both carry the same
 * data, and each button a nonce of its own, by which a second press is known.
 */
export function actionsOf(buttons: readonly Button[], press: Press): readonly Action[] {
  return buttons.slice(0, MOST_BUTTONS).map((button) => actionOf(button, press))
}

export function actionOf({ title, verb, data, style, inputs }: Button, { executes, nonce }: Press): Action {
  const all = { verb, ...data, nonce: nonce() }
  const look = { title, ...(style ? { style } : {}), ...(inputs ? { associatedInputs: inputs } : {}) }
  const submit = { type: 'Action.Submit', ...look, data: all }
  return executes ? { type: 'Action.Execute', ...look, verb, data: all, fallback: submit } : submit
}

/** A button that shows further ones below the card, for those whom they are meant for. */
export function unfolding(title: string, actions: readonly Action[]): Action {
  return { type: 'Action.ShowCard', title, card: { type: 'AdaptiveCard', version: '1.5', actions } }
}

const MOST_BUTTONS = 4
