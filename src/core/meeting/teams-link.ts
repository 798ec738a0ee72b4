import { isAtHost, meetingAddress } from './address.ts'
import { TEAMS_HOSTS } from './providers/teams.ts'

/** What a link of Teams tells of who made the meeting. All of it has been read, nothing is as it was pasted. */
export type TeamsLink =
  /** A long one: it names tenant and organiser. `joinUrl` is written anew, as Graph keeps it. */
  | {
      readonly kind: 'long'
      readonly tenant: string
      readonly organiser: string
      readonly joinUrl: string
    }
  /** A short one: the meeting's number, and nobody. */
  | { readonly kind: 'short'; readonly number: string }

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The conversation of a meeting, and the message of a channel that it belongs to. */
const PATH = /\/l\/meetup-join\/([\w:.@~-]{10,300})\/(\d{1,20})$/

/** Reads a meeting's link; undefined where it is none of Teams, or does not name its organiser. */
export function readTeamsLink(link: string): TeamsLink | undefined {
  const url = meetingAddress(link)
  if (!url || !isAtHost(url, TEAMS_HOSTS)) return undefined
  const path = decoded(url.pathname)
  const [, number] = /\/meet\/(\d{8,20})$/.exec(path) ?? []
  if (number !== undefined) return { kind: 'short', number }
  const [, thread, message] = PATH.exec(path) ?? []
  const { Tid: tenant, Oid: organiser } = contextOf(url)
  if (thread === undefined || message === undefined || !isId(tenant) || !isId(organiser)) return undefined
  const context = encoded(JSON.stringify({ Tid: tenant, Oid: organiser }))
  const joinUrl = `https://${url.host}/l/meetup-join/${encoded(thread)}/${message}?context=${context}`
  return { kind: 'long', tenant: tenant.toLowerCase(), organiser: organiser.toLowerCase(), joinUrl }
}

function contextOf(url: URL): { readonly Tid?: unknown; readonly Oid?: unknown } {
  try {
    const context: unknown = JSON.parse(url.searchParams.get('context') ?? '')
    return typeof context === 'object' && context !== null ? context : {}
  } catch {
    return {}
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value)

/** Graph writes the digits of an escape small. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
