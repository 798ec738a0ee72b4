/** The INVITE of a leg as its trunk wants it. */
import type { DialLeg } from '../app/ports.ts'
import { autoAnswerHeaders, callerHeaders } from './caller-headers.ts'
import type { OutgoingRequest } from './connection.ts'
import type { Way } from './ways.ts'

const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE'

/**
 * @param diversions headers that tell whom the call was for before
 * @param body our offer; none where the far side makes it
 */
export function inviteOf(
  dial: DialLeg,
  { line, hop }: Way,
  diversions: Record<string, string>,
  body: string | undefined,
): OutgoingRequest {
  const { trunk, address } = line
  return {
    method: 'INVITE',
    uri: line.uriOf(dial.to),
    headers: {
      ...callerHeaders(dial, trunk, address.host),
      ...diversions,
      ...autoAnswerHeaders(dial, trunk, address.host),
      Allow: ALLOW,
      // `histinfo`: who has answered comes in the 200's History-Info, where somebody else has (RFC 7044).
      // An offer in a reliable 18x would have to be answered in the PRACK, which drachtio-srf sends without a body.
      Supported: body === undefined ? 'timer, histinfo' : '100rel, timer, histinfo',
      'User-Agent': 'Dialback',
    },
    ...(hop.proxy === undefined ? {} : { proxy: hop.proxy }),
    ...(body === undefined ? {} : { body }),
  }
}
