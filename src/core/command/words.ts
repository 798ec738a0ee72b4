/** A text cut into words, each with its plain form and its place in the text. */
export type Word = { readonly plain: string; readonly at: number; readonly end: number }

/** Nobody needs more, and every text is read in a time that this bounds. In UTF-16 units, spaces around it apart. */
export const LONGEST = 300

/** Frees a text of what chats put around what was typed: mentions, HTML's space, invisible marks, polite words. */
export function cleaned(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/&nbsp;/gi, ' ')
    .replace(/[\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g, '')
    .replace(/^(?:\s*<at\b[^<>]*>[^<]*<\/at>[,:]?)+/i, '')
    .replace(/<\/?at\b[^<>]*>/gi, '')
    // A line break stays one, so that two lines never read as one number.
    .replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
  return unpunctuated(
    unpunctuated(plain)
      .replace(/^(?:please|pls|por favor|porfa)\b,? ?/i, '')
      .replace(/(?:^|,? )(?:please|pls|por favor|porfa)$/i, ''),
  )
}

export function words(text: string): readonly Word[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({
    plain: folded(match[0]).replace(/^[¡¿]+|[,:;.!?]+$/g, ''),
    at: match.index,
    end: match.index + match[0].length,
  }))
}

/** Small letters without accents; the apostrophe that telephones write is the one of keyboards. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()
}

/** Without quotation marks around the whole. */
export function unquoted(text: string): string {
  const pairs = ['""', "''", '“”', '‘’', '«»', '„“', '``']
  const pair = pairs.find(
    (p) => text.length > 1 && text.startsWith(p.charAt(0)) && text.endsWith(p.charAt(1)),
  )
  return pair === undefined ? text : text.slice(1, -1).trim()
}

/** How many letters have to be put in, left out, changed or swapped with their neighbour to make one of the other. */
export function distance(a: string, b: string): number {
  let before: readonly number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity
      row.push(Math.min(changed, swapped, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

function unpunctuated(text: string): string {
  return text.trim().replace(/^[\s¡¿/]+|[\s.,;:!?¡¿…]+$/g, '')
}
