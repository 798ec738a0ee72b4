import { readFileSync } from 'node:fs'
import type { Language } from '../../core/party.ts'
import type { Screen } from '../../core/screen.ts'
import type { Renderer } from './render.ts'
import { TEMPLATES } from './templates.ts'
import type { Card, TemplateName } from './templates.ts'

/** One state of one card, as somebody could see it. */
export type Sample = { readonly template: TemplateName; readonly state: string; readonly screen: Screen }

/** The samples beside the templates: `cards/<template>.sample.json` has a screen for each state that looks its own. */
export function loadSamples(folder = new URL('../../../cards/', import.meta.url)): readonly Sample[] {
  return TEMPLATES.flatMap((template) => {
    const text = readFileSync(new URL(`${template}.sample.json`, folder), 'utf8')
    const states = JSON.parse(text) as Readonly<Record<string, Screen>>
    return Object.entries(states).map(([state, screen]) => ({ template, state, screen }))
  })
}

/** Every sample as the bot itself draws it. */
export function drawSamples(
  renderer: Renderer,
  language: Language,
): readonly { readonly template: TemplateName; readonly state: string; readonly card: Card }[] {
  return loadSamples().map(({ template, state, screen }) => {
    return { template, state, card: renderer.render(screen, language, { executes: true }).card }
  })
}
