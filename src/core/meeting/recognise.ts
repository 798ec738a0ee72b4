/**
 * Which meetings a text is about, and how a telephone gets into them.
 *
 *   text ─► words (no HTML, code, quotations) ─► links ─► provider by host ─┐
 *                                          └─► numbers, ids, PINs by label ─┴─► meetings
 */
import { isInDomain, meetingAddress } from './address.ts'
import { isCalendar, readCalendar } from './calendar.ts'
import { readDigits } from './digits.ts'
import type { DigitsRead } from './digits.ts'
import { invitationText } from './invitation.ts'
import type { LinkRead, Meeting, Provider } from './meeting.ts'
import { providerOf, providers } from './providers.ts'

/** With its scheme, or as people type it without one. */
const LINK =
  /(?:https?:\/\/|(?<![^\s<>("'*_[])(?=(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}[a-z]{2,8}\/))[^\s<>"'`\\^{|}]{4,4000}/gi
const SIP =
  /(?<![\w.@/-])(?:sips?:)?([\w.+-]{1,64})@([a-z0-9](?:[a-z0-9-]{0,62}\.){1,6}[a-z]{2,24})(?![\w@-])(:\d{1,5})?/gi
/** More than whom to call: headers, another method, another place. No invitation has that. */
const SIP_ORDERS = /^[^\s<>]{0,200}(?:\?|;[ \t]?(?:method|maddr)=)/i
const TITLE =
  /^[ \t*_]{0,4}(?:topic|subject|title|asunto|tema|titulo|thema|betreff|sujet|objet|oggetto|assunto|onderwerp)[ \t]{0,2}[*_]{0,2}[ \t]?:[ \t*_]{0,4}(\S[^\n]{0,200})$/im
/** One text, one or a few meetings; a list of a hundred links is nobody's invitation. */
const MOST_LINKS = 200
const MOST_MEETINGS = 5

type Found = {
  readonly provider: Provider
  readonly read: LinkRead
  readonly link: string
  readonly at: number
}

/**
 * The meetings that a text is about, in the order in which they stand there; none where it is about none. Takes plain
 * text, HTML and a calendar entry (RFC 5545) alike. Its time is bounded by a length that no invitation has.
 */
export function recogniseMeetings(text: string): readonly Meeting[] {
  if (isCalendar(text)) {
    const { title, startsAt, text: described } = readCalendar(text)
    return recogniseMeetings(described).map((meeting) => ({
      ...meeting,
      ...(title === undefined ? {} : { title }),
      ...(startsAt === undefined ? {} : { startsAt }),
    }))
  }
  const words = invitationText(text)
  const found = linksIn(words)
  if (found.length === 0) return without(words)
  const title = titleIn(words)
  return found.slice(0, MOST_MEETINGS).map((one, index) => {
    // Numbers and ids stand beside their link: each link's part of the text reaches to the next link.
    const from = index === 0 ? 0 : one.at
    const part = words.slice(from, found[index + 1]?.at)
    return meetingOf(one.provider, part, one.read, one.link, index === 0 ? title : undefined)
  })
}

/** What turns the direction of writing, or cannot be seen, is no part of a title: it goes to phones, too. */
function titleIn(words: string): string | undefined {
  const title = TITLE.exec(words)?.[1]
    ?.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return title === '' ? undefined : title
}

function linksIn(words: string): readonly Found[] {
  const found = new Map<string, Found>()
  for (const match of [...words.matchAll(LINK)].slice(0, MOST_LINKS)) {
    const url = meetingAddress(match[0].replace(/[).,;:!?\]*_]+$/, '').replace(/^(?!https?:)/i, 'https://'))
    if (!url) continue
    for (const provider of providers) {
      const read = provider.read?.(url)
      if (!read) continue
      const key = `${provider.name}:${read.key}`
      // A dial-in page that names the same meeting may know its PIN.
      const before = found.get(key)
      found.set(
        key,
        before
          ? { ...before, read: { ...before.read, ...read } }
          : { provider, read, link: read.page ?? url.href, at: match.index },
      )
      break
    }
  }
  return [...found.values()]
}

/** Without a link: an address of a provider's SIP gateway, or a number together with the digits that it asks for. */
function without(words: string): readonly Meeting[] {
  const address = sipIn(words)
  const read = readDigits(words)
  const title = titleIn(words)
  if (address) {
    const provider = address.provider ?? providerOf('sip')
    return [meetingOf(provider, words, { key: address.uri }, undefined, title)]
  }
  const phone = providerOf('phone')
  const { id } = keyed(phone, read)
  const [first] = read.numbers
  if (!first || id === undefined) return []
  return [meetingOf(phone, words, { key: `${first.number.replace(/\D/g, '')}/${id}` }, undefined, title)]
}

function meetingOf(
  provider: Provider,
  part: string,
  link: LinkRead,
  href: string | undefined,
  title: string | undefined,
): Meeting {
  const read = readDigits(part)
  const { id, pin } = keyed(provider, read)
  const sip = sipIn(part)
  const [theId, thePin] = [link.id ?? id, link.pin ?? pin]
  return {
    provider: provider.name,
    key: `${provider.name}:${link.key}`,
    ...(title === undefined ? {} : { title }),
    ...(href === undefined ? {} : { link: href }),
    ...(theId === undefined ? {} : { id: theId }),
    ...(thePin === undefined || thePin === theId ? {} : { pin: thePin }),
    // How the bridges of providers want their digits is known.
    ...(provider.name === 'phone' && read.tap !== undefined ? { tap: read.tap } : {}),
    numbers: read.numbers,
    ...(sip ? { sip: sip.uri } : {}),
  }
}

/** The id and PIN as this provider's bridge asks for them: by the words before them, else as a mobile's one tap keys them. */
function keyed(
  provider: Provider,
  { labelled, tapped }: DigitsRead,
): { readonly id?: string; readonly pin?: string } {
  const labelledId = provider.id.map((kind) => labelled.get(kind)).find((digits) => digits !== undefined)
  const id = tapped[0] ?? labelledId
  const pin =
    tapped[1] ??
    provider.pin.map((kind) => labelled.get(kind)).find((digits) => digits !== undefined && digits !== id)
  return { ...(id === undefined ? {} : { id }), ...(pin === undefined ? {} : { pin }) }
}

function sipIn(words: string): { readonly uri: string; readonly provider?: Provider } | undefined {
  for (const match of [...words.matchAll(SIP)].slice(0, MOST_LINKS)) {
    const [whole, user = '', host = '', port = ''] = match
    if (SIP_ORDERS.test(words.slice(match.index + whole.length, match.index + whole.length + 300))) continue
    const hostname = host.toLowerCase()
    const provider = providers.find(
      ({ sipDomains }) => sipDomains !== undefined && isInDomain({ hostname }, sipDomains),
    )
    // Anybody's e-mail looks like an address; only a gateway's, or one that says `sip:`, is a meeting.
    const isMeeting = provider ? /\d/.test(user) || /^sips?:/i.test(whole) : /^sips?:/i.test(whole)
    if (isMeeting) return { uri: `sip:${user}@${hostname}${port}`, ...(provider ? { provider } : {}) }
  }
  return undefined
}
