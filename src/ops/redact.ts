/** Keeps secrets out of the log: by the name of a field, by what a header line looks like, and by value. */

const HIDDEN = '[hidden]'
const DEPTH = 8

// Compared in lower case and without separators: `app_password`, `appPassword` and `AppPassword` are one.
const SECRET_NAME =
  /passw|secret|^pass$|^pwd$|token$|^pins?$|(?:meeting|dialin|conference|user|voicemail)pin$|^(?:proxy)?authori[sz]ation$|^apikey$|^privatekey$|^credentials?$|^cookie$|^setcookie$|^dtmf$|^digits?$/

// Header lines inside a text (a SIP message, an HTTP dump), bearer tokens, an SDP's keys (RFC 4568), a URI's password.
const SECRET_TEXT =
  /((?:proxy-)?authori[sz]ation\s*:\s*)[^\r\n]+|(bearer\s+)[\w.~+/=-]{8,}|(a=crypto:\d+ \S+ inline:)\S+|(sips?:[^:@\s<>]+:)[^@\s<>]+(?=@)/gi
const MAYBE_SECRET = /authori|bearer|crypto|sips?:/i

/**
 * Copies what is logged without its secrets, at any depth (to eight levels; what lies deeper is left out).
 * What holds no secret is not copied. Errors become plain objects with their code, remedy and cause.
 */
export function redact(value: unknown): unknown {
  return clean(value, DEPTH)
}

/** Does a field of this name hold a secret? */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[-_]/g, ''))
}

/** Takes values that are secret wherever they stand out of finished text. Short ones are left: they would hit words. */
export function withoutValues(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 6).map((s) => JSON.stringify(s).slice(1, -1))
  return (text) => {
    let clear = text
    for (const secret of known) if (clear.includes(secret)) clear = clear.replaceAll(secret, HIDDEN)
    return clear
  }
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '[deeper]'
  if (value instanceof Error) return cleanError(value, depth)
  if (Array.isArray(value)) return cleanArray(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Map || value instanceof Set) return cleanArray([...value], depth)
  if ('toJSON' in value && typeof value.toJSON === 'function') return value
  return cleanObject(value as Record<string, unknown>, depth)
}

function cleanText(text: string): string {
  if (!MAYBE_SECRET.test(text)) return text
  return text.replaceAll(SECRET_TEXT, (_whole, ...groups: (string | undefined)[]) => {
    return `${groups.slice(0, 4).find((kept) => kept !== undefined) ?? ''}${HIDDEN}`
  })
}

function cleanArray(values: readonly unknown[], depth: number): unknown {
  const clear = values.map((value) => clean(value, depth - 1))
  return clear.every((value, i) => value === values[i]) ? values : clear
}

function cleanObject(fields: Readonly<Record<string, unknown>>, depth: number): unknown {
  let copy: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(fields)) {
    const told = value !== undefined && value !== null && value !== ''
    const clear = told && isSecretName(name) ? HIDDEN : clean(value, depth - 1)
    if (clear !== value) (copy ??= { ...fields })[name] = clear
  }
  return copy ?? fields
}

function cleanError(error: Error, depth: number): unknown {
  const { name, message, stack, cause, ...fields } = error
  return {
    type: name,
    message: cleanText(message),
    ...(stack === undefined ? {} : { stack: cleanText(stack) }),
    ...(cleanObject(fields, depth) as object),
    ...(cause === undefined ? {} : { cause: clean(cause, depth - 1) }),
  }
}
