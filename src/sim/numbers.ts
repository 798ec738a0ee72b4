/**
 * Whether what was dialled reaches a line: a PBX takes `+34910000001`, `0034910000001`, `34910000001`, the
 * national `910000001` and the extension alike.
 * @param country calling code that national numbers belong to, e.g. `34`
 */
export function reaches(
  dialled: string,
  line: { number?: string; extension?: string },
  country: string,
): boolean {
  const typed = digits(dialled)
  if (typed === '') return false
  if (line.extension !== undefined && typed === digits(line.extension)) return true
  return line.number !== undefined && forms(line.number, country).includes(typed)
}

function forms(number: string, country: string): string[] {
  const e164 = digits(number)
  const national = e164.startsWith(`+${country}`) ? [e164.slice(1 + country.length)] : []
  return e164.startsWith('+') ? [e164, e164.slice(1), ...national] : [e164]
}

/** Digits with a leading `+` where the number is international; `00` says the same. */
function digits(text: string): string {
  const bare = text.replace(/[^\d+*#]/g, '')
  return bare.replace(/^00/, '+')
}
