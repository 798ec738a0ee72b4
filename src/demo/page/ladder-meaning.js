import { RFC } from './ladder-words.js'
import { say } from './words.js'

/**
 * What a message of the ladder means here: the same `INVITE` rings one's own phone, rings the other, or moves the
 * sound of a call that stands.
 * @param {{ title: string, method: string, sdp: boolean }} seen
 * @param {{ re: boolean, second: boolean }} place whether it changes a call that stands, and at whose phone
 * @returns {{ says: string, rfc: string }}
 */
export function meaningOf(seen, { re, second }) {
  const [word] = seen.title.split(' ')
  const key = word === 'INVITE' && re ? 'reINVITE' : word === 'ACK' && seen.sdp ? 'ackWithSdp' : word
  const found = say(`sip.${key}`)
  const rfc = RFC[found === undefined ? 'other' : key]
  if (found === undefined) return { says: say('sip.other'), rfc }
  if (typeof found === 'string') return { says: found, rfc }
  const variant = seen.method !== 'INVITE' ? seen.method : re ? 'reINVITE' : second ? 'second' : 'first'
  return { says: found[variant] ?? found.other ?? found.first, rfc }
}

/** `INVITE`, `re-INVITE · SDP`, `200 OK`. */
export function labelOf(seen, re) {
  return `${seen.title === 'INVITE' && re ? 're-INVITE' : seen.title}${seen.sdp ? ' · SDP' : ''}`
}

/** Whether an INVITE is within a call that stands (RFC 3261 14): its To has a tag. */
export function isChange({ title, text }) {
  return title === 'INVITE' && /^(?:To|t)\s*:.*;\s*tag=/im.test(text)
}

/** The transaction that a message belongs to, as far as the ladder needs it. */
export function transactionOf({ callId, text }) {
  return `${callId} ${/^CSeq\s*:\s*(\d+)/im.exec(text)?.[1] ?? ''}`
}

/** The call of this Call-ID has ended, or never came about. */
export function isOver({ title, method }) {
  return title === 'BYE' || (method === 'INVITE' && /^[3-6]/.test(title))
}

export function classOf({ title }) {
  const status = Number(title.slice(0, 3))
  if (!status) return 'request'
  return status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure'
}
