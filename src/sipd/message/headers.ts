/** One header field: `key` is the long name in lower case, `name` how it goes onto the wire. */
export type HeaderField = { readonly key: string; readonly name: string; value: string }

/** RFC 3261 7.3.3 and 20, RFC 3515, 3892, 3265, 4028, 8224. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
}

const ODD_CAPITALS: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  rseq: 'RSeq',
  rack: 'RAck',
  'mime-version': 'MIME-Version',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
  'min-se': 'Min-SE',
}

/** Long name in lower case of a header, whatever its case and form. */
export function keyOf(name: string): string {
  const key = name.toLowerCase()
  return key.length === 1 ? (LONG_NAMES[key] ?? key) : key
}

/** How a header's name is usually written; names of private headers keep the case they came in. */
export function wireName(name: string): string {
  if (/^x-/i.test(name)) return name
  const key = keyOf(name)
  return (
    ODD_CAPITALS[key] ?? key.replace(/(^|-)([a-z])/g, (_, dash: string, c: string) => dash + c.toUpperCase())
  )
}

/** Header fields in the order of the wire; look-ups take the long name in lower case. */
export class Headers {
  readonly #fields: HeaderField[]

  constructor(fields: HeaderField[] = []) {
    this.#fields = fields
  }

  get fields(): readonly HeaderField[] {
    return this.#fields
  }

  /** Value of the first such field. */
  get(key: string): string | undefined {
    for (const field of this.#fields) if (field.key === key) return field.value
    return undefined
  }

  /** Values of all such fields, not split at commas. */
  all(key: string): string[] {
    const values: string[] = []
    for (const field of this.#fields) if (field.key === key) values.push(field.value)
    return values
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  add(name: string, value: string): this {
    this.#fields.push({ key: keyOf(name), name, value })
    return this
  }

  /** Replaces all fields of that name by one, in the place of the first. */
  set(name: string, value: string): this {
    const key = keyOf(name)
    const first = this.#fields.find((field) => field.key === key)
    if (!first) return this.add(name, value)
    first.value = value
    for (let i = this.#fields.length - 1; i >= 0; i--) {
      const field = this.#fields[i]
      if (field && field !== first && field.key === key) this.#fields.splice(i, 1)
    }
    return this
  }

  remove(key: string): this {
    for (let i = this.#fields.length - 1; i >= 0; i--)
      if (this.#fields[i]?.key === key) this.#fields.splice(i, 1)
    return this
  }
}
