import type { IncomingMessage, ServerResponse } from 'node:http'
import { account, faceOf, record, type Activity } from './activities.ts'
import { BOT, Conversations, TENANT } from './conversations.ts'
import { listPeople, type DemoPerson, type PeopleSource } from './people.ts'
import type { SlowDay } from './slow-day.ts'

/** Teams takes no larger message, bytes. */
const LARGEST = 100 * 1024

type Reply = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
type Route = {
  readonly method: string
  readonly conversation: string
  readonly what: string
  readonly target: string
}

/**
 * The channel's side of the Bot Connector REST API, as far as a bot in Teams needs it: post, reply, update and
 * delete activities, begin a personal conversation, ask for members. Errors are worded as Teams words them.
 */
export class Connector {
  readonly #conversations: Conversations
  readonly #people: PeopleSource
  readonly #onTyping: (conversation: string) => void
  readonly #day: SlowDay

  constructor(options: {
    conversations: Conversations
    people: PeopleSource
    day: SlowDay
    onTyping: (conversation: string) => void
  }) {
    this.#conversations = options.conversations
    this.#people = options.people
    this.#onTyping = options.onTyping
    this.#day = options.day
  }

  /** @param path what follows the channel's serviceUrl, from `/v3` on */
  async handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const { status, body, headers } = await this.#answer(req, path)
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(JSON.stringify(body ?? {}))
  }

  async #answer(req: IncomingMessage, path: string): Promise<Reply> {
    const route = routeOf(req.method ?? 'GET', path)
    if (!route) return fault(404, 'NotFound', 'There is no such operation.')
    const people = await listPeople(this.#people)
    if (route.method === 'GET') return this.#read(route, people)
    const rest = await this.#day.pass()
    if (rest !== undefined) return tooMany(rest)
    if (route.method === 'DELETE') return this.#remove(route)
    if (!/^application\/json\b/i.test(req.headers['content-type'] ?? ''))
      return fault(415, 'UnsupportedMediaType', 'Only application/json is read.')
    const text = await bodyOf(req)
    if (text === undefined) return fault(413, 'MessageSizeTooBig', 'The activity is larger than 100 KB.')
    const activity = parse(text)
    if (!activity) return fault(400, 'BadSyntax', 'The body is no JSON object.')
    return this.#write(route, activity, people)
  }

  #read({ conversation, what, target }: Route, people: readonly DemoPerson[]): Reply {
    const members = Conversations.members(conversation, people)
    if (!members) return noConversation()
    const details = members.map(memberOf)
    if (what === 'pagedmembers') return { status: 200, body: { members: details } }
    if (what !== 'members') return fault(405, 'MethodNotAllowed', 'Activities cannot be read.')
    if (target === '') return { status: 200, body: details }
    const one = details.find((member) => member.id === target || member.aadObjectId === target)
    if (target === BOT.id) return { status: 200, body: BOT }
    return one
      ? { status: 200, body: one }
      : fault(404, 'MemberNotFoundInConversation', 'There is no such member.')
  }

  #remove({ conversation, what, target }: Route): Reply {
    if (what !== 'activities') return fault(405, 'MethodNotAllowed', 'Only activities can be deleted.')
    return this.#conversations.remove(conversation, target) ? { status: 200 } : noActivity()
  }

  #write(
    { method, conversation, what, target }: Route,
    activity: Activity,
    people: readonly DemoPerson[],
  ): Reply {
    if (conversation === '') return method === 'POST' ? this.#begin(activity, people) : noConversation()
    if (what !== 'activities') return fault(405, 'MethodNotAllowed', 'Members cannot be written.')
    if (!Conversations.members(conversation, people)) return noConversation()
    if (method === 'PUT') {
      const known = this.#conversations.update(conversation, target, faceOf(activity))
      return known ? { status: 200, body: { id: target } } : noActivity()
    }
    return this.#post(conversation, activity)
  }

  #post(conversation: string, activity: Activity): Reply {
    if (activity['type'] === 'typing') {
      this.#onTyping(conversation)
      return { status: 202, body: {} }
    }
    if (activity['type'] !== 'message') return fault(400, 'BadSyntax', 'Only messages can be posted.')
    return { status: 201, body: { id: this.#conversations.add(conversation, undefined, faceOf(activity)) } }
  }

  /** Proactively: the personal conversation with one member, and its first message if there is one. */
  #begin(wanted: Activity, people: readonly DemoPerson[]): Reply {
    const members: unknown[] = Array.isArray(wanted['members']) ? wanted['members'] : []
    const ids = members.map((member) => record(member)?.['id'])
    const person = people.find((one) => ids.includes(account(one).id))
    if (!person || ids.length !== 1) return fault(400, 'BadSyntax', 'One known member is wanted.')
    const id = Conversations.personal(person)
    const first = record(wanted['activity'])
    const posted = first && this.#post(id, first).body
    return { status: 201, body: { id, activityId: record(posted)?.['id'] } }
  }
}

function memberOf(person: DemoPerson) {
  const { email } = person
  return {
    ...account(person),
    objectId: person.aadObjectId,
    tenantId: TENANT,
    userRole: 'user',
    ...(email === undefined ? {} : { email, userPrincipalName: email }),
  }
}

function routeOf(method: string, path: string): Route | undefined {
  const found =
    /^\/v3\/conversations(?:\/([^/?]+)(?:\/(activities|members|pagedmembers)(?:\/([^/?]+))?)?)?\/?(?:\?.*)?$/.exec(
      path,
    )
  if (!found || !['GET', 'POST', 'PUT', 'DELETE'].includes(method)) return undefined
  const [, conversation = '', what = '', target = ''] = found
  return { method, conversation: decode(conversation), what, target: decode(target) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The body as text; undefined where it is too large. */
async function bodyOf(req: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= LARGEST) parts.push(part)
  }
  return size > LARGEST ? undefined : Buffer.concat(parts).toString('utf8')
}

function parse(text: string): Activity | undefined {
  try {
    return record(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** As Teams words it (Microsoft, "Optimize your bot with rate limiting in Teams"). */
function tooMany(seconds: number): Reply {
  const { status, body } = fault(429, 'TooManyRequests', 'Too many requests.')
  return { status, body, headers: { 'retry-after': String(seconds) } }
}

function noActivity(): Reply {
  return fault(404, 'ActivityNotFoundInConversation', 'The conversation has no such activity.')
}

function noConversation(): Reply {
  return fault(404, 'ConversationNotFound', 'There is no such conversation.')
}

function fault(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } }
}
