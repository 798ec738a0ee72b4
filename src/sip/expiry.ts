/** How long a registration stands: Expires and Contact of a registrar's 200, Min-Expires of its 423. */
import { listOf, nameAddrOf } from './contact.ts'

/** More seconds than this are a slip of a registrar's, and no timer of ours runs so long. */
const LONGEST = 24 * 60 * 60

/**
 * The seconds that our binding stands (RFC 3261 10.2.4): those of our Contact among all that the 200 lists, else those of
 * Expires.
 * @param contacts the Contact values of the 200
 * @param own the Contact that we sent
 * @returns undefined where the 200 tells nothing: what was asked for stands then
 */
export function expiryOf(contacts: string, own: string, expires: string): number | undefined {
  const listed = listOf(contacts).flatMap((text) => nameAddrOf(text) ?? [])
  const ours = nameAddrOf(own)?.uri ?? ''
  const found =
    listed.find(({ uri }) => placeOf(uri) === placeOf(ours)) ??
    // Behind a NAT a registrar may list the address that it sees.
    onlyOne(listed.filter(({ uri }) => userOf(uri) === userOf(ours)))
  return seconds(found?.parameters.get('expires')) ?? seconds(expires)
}

/** What a 423 asks for at least; undefined where that is no more than was asked, which would go on for ever. */
export function minExpires(header: string, asked: number): number | undefined {
  const least = seconds(header)
  return least !== undefined && least > asked ? least : undefined
}

function seconds(text: string | undefined): number | undefined {
  const found = /^\s*"?(\d{1,10})/.exec(text ?? '')?.[1]
  return found === undefined ? undefined : Math.min(Number(found), LONGEST)
}

const onlyOne = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined)
const placeOf = (uri: string) =>
  /^sips?:([^;?]*)/i
    .exec(uri)?.[1]
    ?.toLowerCase()
    .replace(/:5060$/, '')
const userOf = (uri: string) => /^sips?:([^@;?]*)@/i.exec(uri)?.[1]?.toLowerCase()
