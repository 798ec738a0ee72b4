import { randomUUID } from 'node:crypto'
import type { DemoPerson } from './people.ts'
import type { Room, Shown } from './protocol.ts'

/** What is to be seen of one message. */
export type Face = Pick<Shown, 'text' | 'markdown' | 'cards' | 'suggestions'>

export type Message = {
  readonly id: string
  readonly conversation: string
  /** aadObjectId of who wrote it; undefined for the bot. */
  readonly author: DemoPerson | undefined
  readonly at: number
  /** Grows with each change for everybody. */
  readonly revision: number
  readonly face: Face
  /** What single people see instead: the answer to their own press of a button. */
  readonly views: ReadonlyMap<string, Face>
}

export type Change =
  | { readonly type: 'message'; readonly conversation: string; readonly id: string }
  | { readonly type: 'removed'; readonly conversation: string; readonly id: string }

export const BOT = { id: '28:dialback-demo', name: 'Dialback' }
export const TENANT = 'demo'
const GROUP = 'demo:group'
const PERSONAL = 'demo:personal:'
/** Newest messages kept of each conversation, and letters in them all: somebody may paste a book, again and again. */
const KEPT = { messages: 500, letters: 4_000_000 }

/**
 * The demo channel's conversations: one of each person with the bot, and a group with everybody. As in Teams,
 * the answer to a pressed button redraws the card for the presser alone, and an update redraws it for all.
 */
export class Conversations {
  readonly #messages = new Map<string, Message>()
  readonly #onChange: (change: Change) => void

  /** @param messages what was said before this start, oldest first */
  constructor(onChange: (change: Change) => void, messages: readonly Message[] = []) {
    this.#onChange = onChange
    for (const message of messages) this.#messages.set(message.id, message)
  }

  /** All that there is, oldest first. */
  get messages(): readonly Message[] {
    return [...this.#messages.values()]
  }

  static personal(person: Pick<DemoPerson, 'aadObjectId'>): string {
    return PERSONAL + person.aadObjectId
  }

  /** The rooms that this person sees. */
  static roomsOf(person: DemoPerson): readonly Room[] {
    return [
      { id: Conversations.personal(person), kind: 'personal' },
      { id: GROUP, kind: 'group' },
    ]
  }

  /** Whose conversation this is; undefined where there is none of that id. */
  static members(conversation: string, people: readonly DemoPerson[]): readonly DemoPerson[] | undefined {
    if (conversation === GROUP) return people
    const one = people.filter((person) => Conversations.personal(person) === conversation)
    return one.length > 0 ? one : undefined
  }

  static isGroup(conversation: string): boolean {
    return conversation === GROUP
  }

  /** Adds a message and answers its id, which no message of an earlier start has had. */
  add(conversation: string, author: DemoPerson | undefined, face: Face): string {
    const id = randomUUID()
    const message = {
      id,
      conversation,
      author,
      at: Date.now(),
      revision: 1,
      face,
      views: new Map<string, Face>(),
    }
    this.#messages.set(id, message)
    this.#forget(conversation)
    this.#onChange({ type: 'message', conversation, id })
    return id
  }

  /** Redraws a message of the bot for everybody. False where the conversation has no such message. */
  update(conversation: string, id: string, face: Face): boolean {
    const message = this.#messages.get(id)
    if (message?.conversation !== conversation) return false
    this.#messages.set(id, { ...message, face, revision: message.revision + 1, views: new Map() })
    this.#onChange({ type: 'message', conversation, id })
    return true
  }

  /** Takes a message away. False where the conversation has no such message. */
  remove(conversation: string, id: string): boolean {
    if (this.#messages.get(id)?.conversation !== conversation) return false
    this.#messages.delete(id)
    this.#onChange({ type: 'removed', conversation, id })
    return true
  }

  /** How often a message was redrawn for everybody; undefined where there is none. */
  revision(id: string): number | undefined {
    return this.#messages.get(id)?.revision
  }

  /**
   * Redraws a message for one person. Without effect when it has been redrawn for everybody since
   * `revision`: what is newer stays.
   */
  redraw(id: string, person: DemoPerson, face: Face, revision: number): void {
    const message = this.#messages.get(id)
    if (message?.revision !== revision) return
    this.#messages.set(id, { ...message, views: new Map(message.views).set(person.aadObjectId, face) })
    this.#onChange({ type: 'message', conversation: message.conversation, id })
  }

  /** A message as this person sees it; undefined where there is none for them. */
  shown(id: string, to: DemoPerson): Shown | undefined {
    const message = this.#messages.get(id)
    if (!message || !this.#sees(to, message.conversation)) return undefined
    const { conversation, author, at, face, views } = message
    const kind = author === undefined ? 'bot' : author.aadObjectId === to.aadObjectId ? 'me' : 'person'
    const own = views.get(to.aadObjectId) ?? face
    return { id, conversation, author: { kind, name: author?.name ?? BOT.name }, at, ...own }
  }

  /** All messages that this person sees, oldest first. */
  all(to: DemoPerson): readonly Shown[] {
    return [...this.#messages.keys()].flatMap((id) => this.shown(id, to) ?? [])
  }

  #sees(person: DemoPerson, conversation: string): boolean {
    return Conversations.roomsOf(person).some((room) => room.id === conversation)
  }

  /** What is forgotten goes from the open pages too, so that none of them grows for days. */
  #forget(conversation: string): void {
    const all = [...this.#messages.values()].filter((one) => one.conversation === conversation)
    let letters = 0
    const last = all.findLastIndex(({ face }, at) => {
      letters += face.text.length
      return all.length - at > KEPT.messages || (letters > KEPT.letters && at < all.length - 1)
    })
    for (const { id } of all.slice(0, last + 1)) this.remove(conversation, id)
  }
}
