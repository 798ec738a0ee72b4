import { randomUUID } from 'node:crypto'
import { BOT, Conversations, TENANT, type Face } from './conversations.ts'
import type { DemoPerson } from './people.ts'
import type { Pressed } from './protocol.ts'

/** A Bot Framework activity (Bot Connector REST API), as JSON. */
export type Activity = Readonly<Record<string, unknown>>

const CARD = 'application/vnd.microsoft.card.adaptive'

/** Who acts, where, and what the bot needs to answer. */
export type Context = {
  readonly serviceUrl: string
  readonly conversation: string
  readonly from: DemoPerson
  readonly locale: string
}

/** Somebody has written; names after an `@` become mentions, as a chat's own input box makes them. */
export function messageActivity(
  context: Context,
  id: string,
  text: string,
  people: readonly DemoPerson[],
): Activity {
  const { marked, mentions } = mention(text, people)
  return {
    ...base(context),
    type: 'message',
    id,
    textFormat: 'plain',
    text: marked,
    entities: [...mentions, client(context)],
  }
}

/** An Action.Submit: a message without text, whose value is the button's data. */
export function submitActivity(context: Context, message: string, data: unknown): Activity {
  return {
    ...base(context),
    type: 'message',
    replyToId: message,
    value: data ?? {},
    entities: [client(context)],
  }
}

/** An Action.Execute: an invoke whose answer redraws the card for the presser. */
export function executeActivity(context: Context, message: string, pressed: Pressed): Activity {
  const { id, verb, data } = pressed
  return {
    ...base(context),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: message,
    value: { action: { type: 'Action.Execute', id, verb, data: data ?? {} }, trigger: 'manual' },
  }
}

/** The bot has come into the conversation. */
export function joinActivity(context: Context): Activity {
  return { ...base(context), type: 'conversationUpdate', membersAdded: [BOT, account(context.from)] }
}

/** Whether a text mentions the bot: in a group nothing else reaches it. */
export function mentionsBot(text: string): boolean {
  return text.toLowerCase().includes(`@${BOT.name.toLowerCase()}`)
}

/** A person as the channel names them (Teams: ChannelAccount). */
export function account(person: DemoPerson) {
  return { id: `29:${person.aadObjectId}`, name: person.name, aadObjectId: person.aadObjectId }
}

/** What is to be seen of an activity of the bot. */
export function faceOf(activity: Activity): Face {
  const attachments = list(activity['attachments'])
  const cards = attachments.filter((a) => a['contentType'] === CARD).map((a) => a['content'])
  const suggested = list(record(activity['suggestedActions'])?.['actions'])
  return {
    text: string(activity['text']),
    markdown: activity['textFormat'] !== 'plain',
    cards,
    suggestions: suggested.map((action) => ({
      title: string(action['title']),
      value: string(action['value']) || string(action['title']),
    })),
  }
}

/** The answer to an Action.Execute (Teams: AdaptiveCardInvokeResponse). */
export type Outcome =
  | { readonly kind: 'card'; readonly card: unknown }
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'failed' }

export function outcomeOf(body: unknown): Outcome {
  const answer = record(body)
  const value = answer?.['value']
  if (answer?.['type'] === CARD) return { kind: 'card', card: value }
  if (answer?.['type'] === 'application/vnd.microsoft.activity.message')
    return { kind: 'said', text: string(value) }
  if (answer?.['type'] === 'application/vnd.microsoft.error')
    return { kind: 'said', text: string(record(value)?.['message']) }
  return { kind: 'failed' }
}

export function record(value: unknown): Activity | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Activity)
    : undefined
}

function base({ serviceUrl, conversation, from, locale }: Context): Activity {
  const group = Conversations.isGroup(conversation)
  const now = new Date()
  return {
    id: randomUUID(),
    channelId: 'msteams',
    serviceUrl,
    timestamp: now.toISOString(),
    localTimestamp: localTime(now),
    localTimezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale,
    from: account(from),
    recipient: BOT,
    conversation: {
      id: conversation,
      conversationType: group ? 'groupChat' : 'personal',
      ...(group ? { isGroup: true } : {}),
      tenantId: TENANT,
    },
    channelData: { tenant: { id: TENANT } },
  }
}

function client({ locale }: Context): Activity {
  return { type: 'clientInfo', locale, platform: 'Web' }
}

/** ISO 8601 with the offset of this machine, to the millisecond. */
function localTime(now: Date): string {
  const offset = -now.getTimezoneOffset()
  const two = (n: number) => String(n).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  return new Date(now.getTime() + offset * 60_000).toISOString().replace('Z', zone)
}

function mention(text: string, people: readonly DemoPerson[]): { marked: string; mentions: Activity[] } {
  // The longest name first: "@Ana Ruiz" is not Ana.
  const accounts = [BOT, ...people.map(account)].sort((a, b) => b.name.length - a.name.length)
  const mentions: Activity[] = []
  const [head = '', ...pieces] = text.split('@')
  const marked = pieces.map((piece) => {
    const found = accounts.find(({ name }) => piece.toLowerCase().startsWith(name.toLowerCase()))
    if (!found) return `@${piece}`
    const tag = `<at>${found.name}</at>`
    mentions.push({ type: 'mention', mentioned: found, text: tag })
    return tag + piece.slice(found.name.length)
  })
  return { marked: head + marked.join(''), mentions }
}

function list(value: unknown): Activity[] {
  return Array.isArray(value) ? value.map(record).filter((item) => item !== undefined) : []
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
