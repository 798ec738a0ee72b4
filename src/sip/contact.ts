/** Contact values as others write them (RFC 3261 20.10). */

export type NameAddr = {
  readonly uri: string
  /** Parameters of the header, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Splits a header of several values at the commas between them; those in quotes and angle brackets are none. */
export function listOf(header: string): readonly string[] {
  return [...header.matchAll(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g)]
    .map(([text]) => text.trim())
    .filter(Boolean)
}

/** Reads `"Bob" <sip:bob@b>;q=0.5` or `sip:bob@b;q=0.5`. @returns undefined for what is neither */
export function nameAddrOf(text: string): NameAddr | undefined {
  const plain = text.replace(/^\s*"(?:[^"\\]|\\.)*"/, '').trim()
  const [, bracketed, after] = /^[^<"]*<\s*([^>\s]+)\s*>(.*)$/s.exec(plain) ?? []
  // Without brackets the parameters are the header's (RFC 3261 20).
  const [, bare, rest] = bracketed === undefined ? (/^([a-z]+:[^\s;,<>]+)(.*)$/is.exec(plain) ?? []) : []
  const uri = bracketed ?? bare
  if (uri === undefined || uri.length > 256) return undefined
  const parameters = new Map<string, string>()
  for (const [, name = '', value = ''] of (after ?? rest ?? '').matchAll(
    /;\s*([\w.!%*+`'~-]+)(?:\s*=\s*("[^"]*"|[^\s;]*))?/g,
  ))
    parameters.set(name.toLowerCase(), value)
  return { uri, parameters }
}

/** The Contacts of a 3xx in the order to be tried: highest `q` first, those without one as 1 (RFC 3261 8.1.3.4). */
export function contactsOf(header: string): readonly string[] {
  return listOf(header)
    .flatMap((text) => nameAddrOf(text) ?? [])
    .map(({ uri, parameters }) => ({ uri, q: quality(parameters.get('q')) }))
    .sort((a, b) => b.q - a.q)
    .map(({ uri }) => uri)
}

function quality(text: string | undefined): number {
  const q = text === undefined ? 1 : Number(text)
  return q >= 0 && q <= 1 ? q : 0
}
