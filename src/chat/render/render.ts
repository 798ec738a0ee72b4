import { randomUUID } from 'node:crypto'
import type { Language } from '../../core/party.ts'
import type { Screen } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { Abilities } from '../channels.ts'
import { en } from '../words/en.ts'
import { es } from '../words/es.ts'
import type { Words } from '../words/words.ts'
import { actionsOf } from './buttons.ts'
import type { Button, Press } from './buttons.ts'
import { agendaFace } from './agenda.ts'
import { callFace } from './call.ts'
import type { Drawing, Face } from './face.ts'
import { callsFace, helpFace, statusFace } from './lists.ts'
import { meetingFace } from './meeting.ts'
import { askBusyFace, askFace, askMeantFace, peopleFace } from './people.ts'
import { detailsFace, ladderFace } from './record.ts'
import { inviteFace, roomFace } from './room.ts'
import { settingsFace } from './settings.ts'
import type { Card, Templates } from './templates.ts'
import { inert } from './text.ts'
import { worded } from './worded.ts'

const WORDS: Readonly<Record<Language, Words>> = { en, es }
export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive'

const LONGEST_FALLBACK = 2000

export type Rendered = { readonly card: Card; readonly text: string; readonly summary: string }

/** Draws screens: the words of a language, bound to the templates of `cards/`. */
export class Renderer {
  readonly #templates: Templates
  readonly #nonce: () => string

  constructor(templates: Templates, nonce: () => string = randomUUID) {
    this.#templates = templates
    this.#nonce = nonce
  }

  /** A screen as an Adaptive Card 1.5, with the same in text. */
  render(screen: Screen, language: Language, { executes }: Pick<Abilities, 'executes'>): Rendered {
    const { face, data } = draw(screen, language, { executes, nonce: this.#nonce })
    const text = face.plain.join('\n')
    return { card: this.#templates.bind(face.template, data), text, summary: face.summary }
  }

  /** A screen as the body of a Bot Framework message, for what the channel can show. */
  message(screen: Screen, language: Language, abilities: Abilities): Readonly<Record<string, unknown>> {
    const { card, text, summary } = this.render(screen, language, abilities)
    const common = { locale: language, inputHint: 'acceptingInput', summary }
    if (!abilities.cards) return { ...common, text, textFormat: 'plain' }
    return { ...common, attachments: [{ contentType: CARD_TYPE, content: card }] }
  }
}

/** A screen in words, and the data that its template is bound with. */
export function draw(screen: Screen, language: Language, press: Press) {
  const face = faceOf(screen, { words: WORDS[language], press })
  const fallback = face.plain.join('\n').slice(0, LONGEST_FALLBACK)
  return { face, data: { fallback, speak: spoken(face), ...face.data } }
}

/** A sentence in words. */
export function wordsOf(sentence: Sentence, language: Language): string {
  return worded(sentence, WORDS[language])
}

function faceOf(screen: Screen, drawing: Drawing): Face {
  switch (screen.kind) {
    case 'call':
      return callFace(screen.view, drawing)
    case 'meeting':
      return meetingFace(screen, drawing)
    case 'agenda':
      return agendaFace(screen, drawing)
    case 'room':
      return roomFace(screen, drawing)
    case 'invite':
      return inviteFace(screen, drawing)
    case 'sentence':
      return sentenceFace(screen.sentence, drawing)
    case 'ask':
      return askFace(screen, drawing)
    case 'askBusy':
      return askBusyFace(screen, drawing)
    case 'askMeant':
      return askMeantFace(screen, drawing)
    case 'people':
      return peopleFace(screen, drawing)
    case 'calls':
      return callsFace(screen, drawing)
    case 'help':
      return helpFace(screen, drawing)
    case 'status':
      return statusFace(screen, drawing)
    case 'settings':
      return settingsFace(screen, drawing)
    case 'details':
      return detailsFace(screen, drawing)
    case 'ladder':
      return ladderFace(screen, drawing)
  }
}

function sentenceFace(sentence: Sentence, { words, press }: Drawing): Face {
  const text = worded(sentence, words)
  const help: readonly Button[] = [{ verb: 'help', title: words.buttons.help, data: {} }]
  const actions = NEEDS_HELP.has(sentence.code) ? actionsOf(help, press) : []
  const style = TROUBLE.has(sentence.code) ? 'warning' : 'default'
  return { template: 'sentence', data: { text, style, actions }, summary: text, plain: [text] }
}

/** Sentences that name "help": it is one press away. */
const NEEDS_HELP: ReadonlySet<Sentence['code']> = new Set([
  'unknownCommand',
  'tooLong',
  'nothingAsked',
  'buttonUnknown',
])
/** Nothing that the user has done wrong, but something that keeps them from calling. */
const TROUBLE: ReadonlySet<Sentence['code']> = new Set([
  'trunkDown',
  'noLine',
  'draining',
  'emergency',
  'restartedMeanwhile',
  'fault',
])

/** What a voice says: the first lines as sentences, without list marks. */
const spoken = ({ plain }: Face) =>
  inert(
    plain
      .slice(0, 3)
      .map((line) => line.replace('• ', '').replace(/([^.?!])$/, '$1.'))
      .join(' '),
  )
