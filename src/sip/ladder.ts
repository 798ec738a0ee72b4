/** The SIP ladder of a call: every message in order of time, without what nobody may keep. */
import type { LadderEntry } from '../core/call/record.ts'
import type { Role } from '../core/call/call.ts'

const MOST_ENTRIES = 200
const LONGEST_TEXT = 4096

export class Ladder {
  readonly #entries: LadderEntry[] = []

  /** Keeps a message, redacted. Beyond 200 of them only a count would be news: the first ones stay. */
  add(at: number, role: Role, direction: LadderEntry['direction'], raw: string): void {
    if (this.#entries.length >= MOST_ENTRIES) return
    const text = visible(redact(raw.length > LONGEST_TEXT ? `${raw.slice(0, LONGEST_TEXT)}…` : raw))
    const end = text.indexOf('\r\n')
    this.#entries.push({ at, role, direction, line: end < 0 ? text : text.slice(0, end), text })
  }

  entries(): readonly LadderEntry[] {
    return [...this.#entries]
  }
}

// What moves a terminal's cursor, ends a string elsewhere, or turns the direction of reading.
const INVISIBLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g

/** Nothing that a far side writes may look like something else to whoever reads the ladder, or have lines of its own. */
function visible(text: string): string {
  return text.replace(INVISIBLE, '\ufffd')
}

const GONE = '[removed]'
// Most messages have nothing to hide: one look decides.
const SUSPECT =
  /authorization|crypto|key-mgmt|\nk=|inline:|postd|pin\s*=|dtmf|digits|(?:sips?|tel):[^\s<>"@]*(?:,|%2c)/i

/**
 * Takes out of a SIP message: credentials, media keys, keys pressed (INFO), and PINs in URIs (digits behind a
 * comma, `;postd=`, `pin=`).
 */
export function redact(message: string): string {
  if (!SUSPECT.test(message)) return message
  const split = message.indexOf('\r\n\r\n')
  const head = split < 0 ? message : message.slice(0, split)
  const body = split < 0 ? '' : message.slice(split)
  return redactHead(head) + redactBody(head, body)
}

function redactHead(head: string): string {
  return head
    .replace(/^((?:proxy-)?authorization\s*:\s*)[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/gim, `$1${GONE}`)
    .replace(/((?:sips?|tel):[^\s<>"]*)/gi, redactUri)
    .replace(/((?:postd|pin)\s*=\s*)"?[^\s;,&?<>"]+"?/gi, `$1${GONE}`)
}

/** Pauses in a dial string are commas (or `p`, `w` behind one); what follows is for a machine's ears alone. */
function redactUri(uri: string): string {
  const [, scheme = '', user = '', rest = ''] = /^((?:sips?|tel):)([^@;?]*)(.*)$/is.exec(uri) ?? []
  const cut = user.search(/,|%2c/i)
  const kept = cut < 0 ? user : user.slice(0, cut + 1) + GONE
  return scheme + kept + rest.replace(/(;postd=|[;&?]pin=)[^;&?@>]+/gi, `$1${GONE}`)
}

function redactBody(head: string, body: string): string {
  if (/^(?:content-type|c)\s*:\s*application\/(?:dtmf|vnd\.nortelnetworks\.digits|dtmf-relay)/im.test(head))
    return `\r\n\r\n${GONE}`
  return body
    .replace(/^(k=|a=crypto:|a=key-mgmt:)[^\r\n]*/gim, `$1${GONE}`)
    .replace(/inline:[^\s|;\r\n]+/gi, `inline:${GONE}`)
}
