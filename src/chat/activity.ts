import { z } from 'zod'
import { decodeEntities } from '../core/entities.ts'
import type { Inbound, InboundAct, Mention, Sender } from '../app/inbound.ts'
import { MESSAGE_COMMAND } from '../core/command/meeting-rows.ts'
import { plainText } from './inbound-text.ts'

/** What is kept of a contact is kept of strangers too: channels' ids and addresses stay far below this. */
const MOST_OF_ID = 300
const id = z.string().max(MOST_OF_ID)
const short = z.string().max(2000)
const account = z.object({
  id: id.min(1),
  name: short.transform((name) => name.slice(0, MOST_OF_ID)).nullish(),
  aadObjectId: id.nullish(),
  role: short.nullish(),
})
/** The part of the Bot Framework's activity that the bot reads. Nothing else of it is trusted to be there. */
const activitySchema = z.object({
  type: short.min(1),
  id: id.nullish(),
  channelId: id.min(1),
  serviceUrl: z.url({ protocol: /^https?$/ }).max(MOST_OF_ID),
  conversation: z.object({
    id: id.min(1),
    isGroup: z.boolean().nullish(),
    conversationType: short.nullish(),
    tenantId: id.nullish(),
  }),
  from: account,
  recipient: account.nullish(),
  text: z.string().nullish(),
  textFormat: short.nullish(),
  locale: short.nullish(),
  localTimestamp: short.nullish(),
  replyToId: id.nullish(),
  name: short.nullish(),
  action: short.nullish(),
  value: z.unknown().optional(),
  entities: z.array(z.unknown()).nullish(),
  channelData: z.unknown().optional(),
  membersAdded: z.array(z.unknown()).nullish(),
  attachments: z.array(z.unknown()).nullish(),
})
export type Activity = z.infer<typeof activitySchema>

const teamsData = z.object({
  tenant: z.object({ id: id.nullish() }).nullish(),
  team: z.object({ id: id.nullish() }).nullish(),
})
const htmlAttachment = z.object({ contentType: z.literal('text/html'), content: z.string() })
/** A calendar entry whose text comes with the message; one that would have to be fetched is not read. */
const calendarAttachment = z.union([
  z
    .object({ contentType: z.string().regex(/^text\/calendar\b/i), content: z.string() })
    .transform(({ content }) => content),
  z
    .object({ contentUrl: z.string().regex(/^data:text\/calendar[;,]/i) })
    .transform(({ contentUrl }) => dataOf(contentUrl)),
])
/** `composeExtension/fetchTask` of a command in the menu of a message (Teams, "Create and send dialogs"). */
const pickValue = z.object({
  commandId: z.literal(MESSAGE_COMMAND),
  messagePayload: z.object({ body: z.object({ content: z.string() }) }),
})
const mentionEntity = z.object({
  type: z.literal('mention'),
  text: z.string().max(500).nullish(),
  mentioned: z.object({ id, name: z.string().max(200).nullish() }),
})
const invokeValue = z.object({
  action: z.object({ verb: short.nullish(), data: z.unknown().optional() }),
})

/**
 * Reads a body as an activity.
 * @returns the fault in words where it is none
 */
export function parseActivity(
  body: unknown,
): { readonly activity: Activity } | { readonly activity?: undefined; readonly fault: string } {
  const read = activitySchema.safeParse(body)
  if (read.success) return { activity: read.data }
  const [issue] = read.error.issues
  return { fault: `not an activity: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() }
}

/** Every tenant that an activity names; Teams names it once or twice. */
export function tenantsOf(activity: Activity): readonly string[] {
  const named = [teamsOf(activity).tenant?.id, activity.conversation.tenantId]
  return [...new Set(named.filter((id): id is string => Boolean(id)).map((id) => id.toLowerCase()))]
}

export const teamOf = (activity: Activity): string | undefined => teamsOf(activity).team?.id ?? undefined

export const isGroup = ({ conversation }: Activity): boolean =>
  conversation.isGroup === true ||
  (conversation.conversationType != null && conversation.conversationType !== 'personal')

/** Frees an activity of what is Bot Framework's. `act` is what `actOf` found in it. */
export function inboundOf(
  activity: Activity,
  act: InboundAct,
  options: { readonly id: string; readonly receivedAt: number; readonly authenticated: boolean },
): Inbound {
  const { locale, localTimestamp } = activity
  return {
    id: options.id,
    channel: activity.channelId,
    conversation: activity.conversation.id,
    group: isGroup(activity),
    sender: senderOf(activity, options.authenticated),
    ...(locale ? { locale } : {}),
    ...(localTimestamp ? { localTimestamp } : {}),
    receivedAt: options.receivedAt,
    act,
  }
}

/** What somebody did, or undefined where the activity asks for nothing. */
export function actOf(activity: Activity): InboundAct | undefined {
  if (activity.type === 'invoke') return pressOfInvoke(activity) ?? pickOf(activity)
  if (activity.type !== 'message') return undefined
  const text = textOf(activity)
  const { value } = activity
  // Action.Submit: a message whose value is the button's data.
  if (isRecord(value) && (typeof value['verb'] === 'string' || !text)) {
    const verb = typeof value['verb'] === 'string' ? value['verb'].slice(0, 100) : ''
    return { kind: 'press', verb, data: plainData(value), ...cardOf(activity), invoke: false }
  }
  const html = htmlOf(activity)
  if (isOverheard(activity)) return { kind: 'overheard', text, ...html }
  return { kind: 'text', text, mentions: mentionsOf(activity), ...html }
}

/**
 * Teams attaches what was typed in HTML, too: the text has a link's words without its address. A calendar entry is what its
 * message is about.
 */
function htmlOf(activity: Activity): { readonly html?: string } {
  const attachments = (activity.attachments ?? []).slice(0, MOST_ATTACHMENTS)
  const read = [
    ...attachments.map((attachment) => calendarAttachment.safeParse(attachment).data),
    ...attachments.map((attachment) => htmlAttachment.safeParse(attachment).data?.content),
  ].find((content) => content !== undefined)
  return read === undefined ? {} : { html: read.slice(0, LONGEST_HTML) }
}

/** What a `data:` address holds (RFC 2397). */
function dataOf(url: string): string {
  const comma = url.indexOf(',')
  const [kind, data] = [url.slice(0, comma), url.slice(comma + 1, comma + 1 + 2 * LONGEST_HTML)]
  if (/;base64$/i.test(kind)) return Buffer.from(data, 'base64').toString('utf8')
  return data.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/** A message that somebody chose for the bot. */
function pickOf({ name, value }: Activity): InboundAct | undefined {
  if (name !== 'composeExtension/fetchTask') return undefined
  const read = pickValue.safeParse(value)
  return read.success
    ? { kind: 'picked', html: read.data.messagePayload.body.content.slice(0, LONGEST_HTML) }
    : undefined
}

/**
 * Said among people, in a team or group chat that gave the bot all its messages: Teams marks what is meant for the bot by
 * a mention. "Call Bob" may be meant for anybody; a meeting is for all.
 */
function isOverheard(activity: Activity): boolean {
  const own = activity.recipient?.id
  if (activity.channelId !== 'msteams' || !isGroup(activity) || own === undefined) return false
  return !mentionEntities(activity).some(({ mentioned }) => mentioned.id === own)
}

/** True where the activity says that the bot itself was added to a conversation. */
export function addsBot(activity: Activity): boolean {
  if (activity.type === 'installationUpdate') return activity.action?.startsWith('add') ?? false
  if (activity.type !== 'conversationUpdate') return false
  const own = activity.recipient?.id
  if (own === undefined) return false
  return activity.membersAdded?.some((member) => isRecord(member) && member['id'] === own) ?? false
}

export const removesBot = (activity: Activity): boolean =>
  activity.type === 'installationUpdate' && (activity.action?.startsWith('remove') ?? false)

function pressOfInvoke(activity: Activity): InboundAct | undefined {
  if (activity.name !== 'adaptiveCard/action') return undefined
  const read = invokeValue.safeParse(activity.value)
  if (!read.success) return undefined
  const { verb, data } = read.data.action
  return {
    kind: 'press',
    verb: (verb ?? '').slice(0, 100),
    data: plainData(isRecord(data) ? data : {}),
    ...cardOf(activity),
    invoke: true,
  }
}

const cardOf = ({ replyToId }: Activity) => (replyToId ? { card: replyToId } : {})

// A Direct Line client chooses its own `from.id`, unless the token was made for a user (`dl_…`), and may add
// any field to `from`. Such names must not meet an entry of the directory.
function senderOf({ from, channelId, ...activity }: Activity, authenticated: boolean): Sender {
  const chosen = authenticated && /^(directline|webchat)$/.test(channelId) && !from.id.startsWith('dl_')
  const known = !authenticated || channelId === 'msteams'
  const tenant = tenantsOf({ from, channelId, ...activity })[0]
  return {
    id: chosen ? `unverified:${from.id}` : from.id,
    ...(known && from.aadObjectId ? { aadObjectId: from.aadObjectId } : {}),
    ...(from.name ? { name: from.name } : {}),
    ...(tenant ? { tenant } : {}),
  }
}

/** Far above any command: the rest of a longer text is not worth keeping, and says the same. */
const LONGEST_TEXT = 20_000
/** Of an invitation with all that a mail program writes around it. */
const LONGEST_HTML = 200_000
const MOST_ATTACHMENTS = 20

/** More mentions than that in one text stay as they are shown. */
const MOST_MENTIONS = 50
const MENTION = /<at(?:\s[^<>]{0,100})?>[^<>]{0,300}<\/at>/gi

function textOf(activity: Activity): string {
  const names = new Map<string, string>()
  for (const { text: shown, mentioned } of mentionEntities(activity)) {
    const own = mentioned.id === activity.recipient?.id
    if (shown && !names.has(shown)) names.set(shown, own ? ' ' : (mentioned.name ?? shown))
  }
  // Cut before anything is put in, and again after it: what a sender repeats must not multiply.
  const typed = (activity.text ?? '').slice(0, LONGEST_TEXT)
  let left = MOST_MENTIONS
  const text = typed.replace(MENTION, (shown) => ((left -= 1) >= 0 ? names.get(shown) : undefined) ?? shown)
  return decodeEntities(plainText(text.slice(0, LONGEST_TEXT))).trim()
}

function mentionsOf(activity: Activity): readonly Mention[] {
  return mentionEntities(activity)
    .filter(({ mentioned }) => mentioned.id !== activity.recipient?.id)
    .map(({ mentioned, text }) => ({
      id: mentioned.id,
      name: mentioned.name ?? plainText(text ?? '').trim(),
    }))
}

const mentionEntities = (activity: Activity) =>
  (activity.entities ?? []).slice(0, MOST_MENTIONS).flatMap((entity) => {
    const read = mentionEntity.safeParse(entity)
    return read.success ? [read.data] : []
  })

function teamsOf({ channelData }: Activity) {
  const read = teamsData.safeParse(channelData)
  return read.success ? read.data : {}
}

/** A button's data without anything that a button of ours never carries: few fields, plain values. */
function plainData(value: Record<string, unknown>): Readonly<Record<string, unknown>> {
  const plain = Object.entries(value)
    .filter(([key, field]) => key !== '__proto__' && key.length <= 100 && isPlain(field))
    .slice(0, 32)
  return Object.fromEntries(plain)
}

const isPlain = (field: unknown) =>
  typeof field === 'number' ||
  typeof field === 'boolean' ||
  (typeof field === 'string' && field.length <= 1000)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
