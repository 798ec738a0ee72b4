/** Texts with a meeting in them, or with what looks like one. */
import { claimsSip } from '../dialplan/sip-address.ts'
import { strangeHost } from '../meeting/address.ts'
import type { Meeting } from '../meeting/meeting.ts'
import { recogniseMeetings } from '../meeting/recognise.ts'
import { withoutLead, withoutTail } from './around.ts'
import { openingsOf } from './openings.ts'
import type { Parsed } from './parsed.ts'
import { phonesIn } from './phones.ts'
import { commandIn, isNumber } from './sure.ts'
import { LONGEST, cleaned, folded, words } from './words.ts'

/** What no text about a meeting is without. */
const MEETING_SIGNS = /:\/\/|@|\d{3}|BEGIN:V/

/** A meeting's link, invitation, or number with its digits, asked for or only shared. */
export function readMeeting(
  text: string,
  html: string | undefined,
): Extract<Parsed, { readonly kind: 'meeting' }> | undefined {
  if (!MEETING_SIGNS.test(html ?? text)) return undefined
  const read = recogniseMeetings(html ?? text)
  if (read.length === 0 && text.length > LONGEST) return undefined
  const start = cleaned(text.slice(0, LONGEST))
  const typed = withoutLead(words(start))
  const [opening] = openingsOf(typed)[0] ?? []
  const meetings = read.length === 0 && opening?.row.name === 'join' ? withCode(start) : read
  const [first] = meetings
  if (!first) return undefined
  if (opening?.row.name === 'call' || opening?.row.name === 'find') {
    // "Call 910 480 001", "call sip:8001@pbx.example": a call, whatever its address could be besides.
    const { who = '' } = { who: undefined, ...commandIn(start, typed)?.command }
    if (isNumber(who) || claimsSip(who)) return undefined
  }
  // "Call +34 910 480 001 pin 1234": who wants that number called wants to be in.
  const called = opening?.row.name === 'call' && first.provider === 'phone'
  const join = opening?.row.name === 'join' || opening?.row.name === 'bridge' || called
  // A SIP address alone may be anybody's: it is a meeting where somebody asks to join it.
  if (!join && meetings.every(({ provider }) => provider === 'sip')) return undefined
  const { from } = join ? phonesIn(withoutTail(typed)) : {}
  return {
    kind: 'meeting',
    meetings,
    join,
    ...(from === undefined ? {} : { from }),
    language: join ? opening.language : undefined,
  }
}

/** "join https://teams.rnicrosoft.com/…": nothing is dialled, and the host is shown. */
export function readStrange(text: string): Extract<Parsed, { readonly kind: 'noMeeting' }> | undefined {
  const start = cleaned(text.slice(0, LONGEST))
  const host = strangeHost(start)
  if (host === undefined) return undefined
  const typed = withoutLead(words(start))
  const alone = typed.length === 1 && /^https?:/.test(typed[0]?.plain ?? '')
  return alone || openingsOf(typed)[0]?.[0].row.name === 'join' ? { kind: 'noMeeting', host } : undefined
}

/** A number, or the bridge, and behind it a PIN: `*9…` would be a command to the bridge, and letters nobody can key. */
const ODD_PIN =
  /(?:\d{3}[^\n]*|bridge|puente)[ ,](?:(?:with|and|con|y) )?(?:pin|access code|passcode|codigo|codigo de acceso|clave)(?: is| es|:)? (?!\d{1,20}#?(?:[ ,;]|$)|(?:is|es|code|number|numero|de) )[^ ]+/

const PIN_WORD = /pin|code|codigo|código|clave/i

export function hasOddPin(text: string): boolean {
  if (text.length > LONGEST || !PIN_WORD.test(text) || /[\n@]|:\/\//.test(text)) return false
  const line = cleaned(text)
  const row = openingsOf(withoutLead(words(line)))[0]?.[0].row.name
  return (row === 'join' || row === 'bridge') && ODD_PIN.test(folded(line))
}

/** "Join +34 910 480 001 code 123456": what that word may mean in any other text, it does not where somebody wants in. */
function withCode(text: string): readonly Meeting[] {
  return recogniseMeetings(
    text.replace(/(?<![\p{L}\d])(?:code|c[oó]digo|clave|id)(?=[ :]{1,3}\d)/giu, 'access code'),
  )
}
