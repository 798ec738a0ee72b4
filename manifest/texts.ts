/** What Teams shows of the app before anybody has written to it. Commands are not here: `src/core/command` has them. */
import type { Language } from '../src/core/party.ts'

export type Texts = {
  readonly name: { readonly short: string; readonly full: string }
  readonly description: { readonly short: string; readonly full: string }
  /** What stands in the menu of a message, and below it. */
  readonly meetingCard: { readonly title: string; readonly description: string }
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    name: { short: 'Dialback', full: 'Dialback: calls through your desk phone' },
    description: {
      short: 'Call people from chat through your own desk phone.',
      full: "Type “call” and a name, an extension or a number: your own desk phone rings first, and when you pick up, the other side is called through your company's phone system. The card in the chat shows the call while it lasts and is its record afterwards.",
    },
    meetingCard: {
      title: 'Join this by desk phone',
      description: 'Posts a card for the meeting in this message: everybody can be called into it.',
    },
  },
  es: {
    name: { short: 'Dialback', full: 'Dialback: llamadas por tu teléfono de mesa' },
    description: {
      short: 'Llama a quien quieras desde el chat con tu propio teléfono de mesa.',
      full: 'Escribe «llama a» y un nombre, una extensión o un número: primero suena tu teléfono de mesa y, cuando descuelgas, se llama a la otra parte a través de la centralita de la empresa. La tarjeta del chat muestra la llamada mientras dura y después es su registro.',
    },
    meetingCard: {
      title: 'Unirse por teléfono de mesa',
      description: 'Publica una tarjeta de la reunión de este mensaje: puede llamar a todos.',
    },
  },
}
