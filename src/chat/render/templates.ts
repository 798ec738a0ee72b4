import { readFileSync } from 'node:fs'
// The package's own entry drags TypeScript sources of another package into the type check.
import { Template } from 'adaptivecards-templating/lib/template-engine.js'
import { ChatFault } from '../fault.ts'

export const TEMPLATES = [
  'call-live',
  'call-ended',
  'ask',
  'question',
  'people',
  'calls',
  'help',
  'welcome',
  'status',
  'settings',
  'details',
  'ladder',
  'meeting',
  'agenda',
  'room',
  'invite',
  'sentence',
] as const
export type TemplateName = (typeof TEMPLATES)[number]
export type Card = Readonly<Record<string, unknown>>
export type Templates = { bind(name: TemplateName, data: object): Card }

/**
 * Reads and compiles the templates of `cards/` once.
 * @throws ChatFault CARD_TEMPLATE_BROKEN with the file's name
 */
export function loadTemplates(folder = new URL('../../../cards/', import.meta.url)): Templates {
  const compiled = new Map(TEMPLATES.map((name) => [name, compile(new URL(`${name}.json`, folder))] as const))
  return {
    bind(name, data) {
      const template = compiled.get(name)
      if (!template) throw new Error(`no card ${name}`)
      return template.expand({ $root: data }) as Card
    },
  }
}

function compile(file: URL): Template {
  try {
    return new Template(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const remedy = 'Restore the file from the repository, or correct its JSON.'
    throw new ChatFault('CARD_TEMPLATE_BROKEN', `${file.pathname} is no card template`, remedy, cause)
  }
}
