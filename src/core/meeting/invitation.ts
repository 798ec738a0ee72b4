/** The words of an invitation, out of what mail programs and chats wrap around them. */

import { decodeEntities } from '../entities.ts'

/** No invitation is longer; what stands behind is not read, so that the time for a text is bounded. */
const LONGEST = 60_000

/**
 * A text as a person reads it, line by line: HTML's tags away, an anchor's address behind its words. What is code, a
 * quotation of somebody else's message, or a signature is left out: its links have been shared before.
 */
export function invitationText(text: string): string {
  const plain = (isHtml(text) ? fromHtml(text.slice(0, LONGEST * 4)) : text).slice(0, LONGEST)
  return withoutQuotations(plain.replace(/\r\n?/g, '\n').replace(/[\u00a0\u2007\u202f]/g, ' '))
}

const isHtml = (text: string): boolean =>
  /<(?:html|body|div|p|a|br|table|span|at|pre|blockquote|attachment)\b[^<>]{0,2000}>/i.test(text)

function fromHtml(html: string): string {
  const text = withoutElements(html)
    .replace(
      /<a\b[^<>]{0,300}?\shref\s*=\s*(?:"([^"<>]{0,4000})"|'([^'<>]{0,4000})')[^<>]{0,2000}>/gi,
      (_, double?: string, single?: string) => ` <${double ?? single ?? ''}> `,
    )
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d|hr)\b[^<>]{0,2000}>/gi, '\n')
    .replace(/<\/?[a-z][a-z0-9:-]{0,20}(?:\s[^<>]{0,2000})?\/?>/gi, ' ')
  return decodeEntities(text)
}

/** Elements that are left out with all that is in them. One that is never closed is none. */
const LEFT_OUT = /<(script|style|head|pre|code|blockquote|codeblock)\b[^<>]{0,2000}>/gi

function withoutElements(html: string): string {
  const small = html.toLowerCase()
  const neverClosed = new Set<string>()
  let kept = ''
  let from = 0
  for (const match of html.matchAll(LEFT_OUT)) {
    const name = (match[1] ?? '').toLowerCase()
    if (match.index < from || neverClosed.has(name)) continue
    const close = small.indexOf(`</${name}`, match.index)
    if (close === -1) {
      neverClosed.add(name)
      continue
    }
    kept += `${html.slice(from, match.index)}\n`
    from = close
  }
  return kept + html.slice(from)
}

function withoutQuotations(text: string): string {
  const lines = text
    .replace(/```[\s\S]{0,40000}?(?:```|$)/g, '\n')
    .replace(/`[^`\n]{1,2000}`/g, ' ')
    .split('\n')
  const signature = lines.findIndex((line) => /^-- ?$/.test(line))
  const written = signature > 0 ? lines.slice(0, signature) : lines
  const own = written.filter((line) => !/^\s{0,3}>/.test(line))
  // A message that is nothing but a quotation passes something on.
  if (own.some((line) => line.trim() !== '')) return own.join('\n')
  return written.map((line) => line.replace(/^[\s>]{0,20}/, '')).join('\n')
}
