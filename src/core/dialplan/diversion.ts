import { claimsSip } from './sip-address.ts'

/**
 * What somebody would have typed to be led where a Contact of a 3xx leads; it then takes the gate as if they had. Names,
 * parameters and headers of the URI are left out: they tell a telephone system more than whom to call.
 * @param contact a `sip:`, `sips:` or `tel:` URI (RFC 3966) as a phone or PBX wrote it
 * @param isHome whether a host is the trunk's own, by whichever of its names or addresses
 * @param home the trunk's host, as the gate knows it
 * @returns undefined for what leads nowhere that can be dialled
 */
export function asTyped(
  contact: string,
  { isHome, home }: { readonly isHome: (host: string) => boolean; readonly home: string },
): string | undefined {
  if (/^tel:/i.test(contact)) return telephoneNumber(contact)
  if (!claimsSip(contact)) return undefined
  const [, scheme = '', user, host, port = ''] =
    /^(sips?):([^@;:?]+)(?:[;:][^@]*)?@(\[[\da-f:.]+\]|[^:;?]+)(:\d+)?(?:[;?].*)?$/i.exec(contact) ?? []
  if (user === undefined || host === undefined) return undefined
  return isHome(host.replace(/^\[|\]$/g, ''))
    ? `${scheme}:${user}@${home}`
    : `${scheme}:${user}@${host}${port}`
}

/**
 * The digits of a `tel:` URI. A context says where digits without `+` are valid, which is here; an extension behind a number
 * (`ext`) would have to be keyed by hand, so that such a number is none.
 */
function telephoneNumber(uri: string): string | undefined {
  const [, number, parameters = ''] = /^tel:([+\d().\-A-Fa-f*#]+)((?:;[^;?]*)*)$/i.exec(uri) ?? []
  return number === undefined || /;(?:ext|isub)=/i.test(parameters) ? undefined : number
}

/** Where a Contact leads, as people read it: a number where it is one, else the address without what is for machines. */
export function divertedTo(contact: string): string {
  const [, user] = /^sips?:([^@;:?]+)(?:[;:][^@]*)?@/i.exec(contact) ?? []
  const number = telephoneNumber(contact) ?? user
  if (number !== undefined && /^\+?[\d().-]+$/.test(number)) return number.replace(/[().-]/g, '')
  return contact.replace(/[;?].*$/, '')
}
