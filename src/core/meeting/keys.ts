/** What is keyed for a user at a bridge, and when. */

/**
 * `prompt` waits until the far side has spoken and fallen silent, at most `most` seconds: an announcement may be of any
 * length, and a bridge that says nothing at all still wants its digits. At `least`: an announcement may have pauses.
 */
export type KeyStep =
  | { readonly do: 'prompt'; readonly most: number; readonly least?: number }
  | { readonly do: 'pause'; readonly seconds: number }
  | { readonly do: 'keys'; readonly keys: string }
export type KeyPlan = readonly KeyStep[]

/** The longest announcement before an id is asked for; bridges take digits while they speak. */
const LONGEST_PROMPT = 15
/** A comma, as in the numbers that phones keep. */
const COMMA = 2
const WORD = /^(?:[\d*#,A-D]|\{id\}|\{pin\}|\|){1,60}$/

/**
 * Reads how a bridge wants its digits: words of keys, each of which waits for an announcement to end; `{id}` and `{pin}`
 * stand for the meeting's, a comma for two seconds. `A|B` is A where the PIN is known, else B; a word with a PIN that is
 * not known is left out.
 * @example keyPlan('{id}# *{pin}#|#', { id: '123', pin: '45' }) // prompt, 123#, prompt, *45#
 * @returns undefined where the id is wanted and not known
 */
export function keyPlan(
  pattern: string,
  { id, pin }: { readonly id?: string; readonly pin?: string },
): KeyPlan | undefined {
  if (pattern.includes('{id}') && id === undefined) return undefined
  return words(pattern).flatMap((word) => {
    const [withPin = '', without = ''] = word.split('|')
    const chosen = pin === undefined && withPin.includes('{pin}') ? without : withPin
    const filled = chosen.replaceAll('{id}', id ?? '').replaceAll('{pin}', pin ?? '')
    return filled === '' ? [] : [{ do: 'prompt', most: LONGEST_PROMPT } as const, ...stepsOf(filled)]
  })
}

/**
 * Reads what a mobile would key behind a number. Its pauses are somebody's guess of how long each announcement lasts: the
 * digits come when it is over, and not before.
 * @example tapPlan(',,123#,,1') // prompt of 4 s at least, 123#, prompt of 4 s at least, 1
 */
export function tapPlan(tap: string): KeyPlan {
  return [...tap.matchAll(/(,+)([^,]+)/g)].flatMap(([, { length } = '', keys = '']) => [
    { do: 'prompt', most: LONGEST_PROMPT, least: Math.min(length * COMMA, LONGEST_PROMPT) } as const,
    { do: 'keys', keys } as const,
  ])
}

/** Whether a text is a pattern of keys, as `keyPlan` reads it. */
export function isKeyPattern(text: string): boolean {
  return words(text).every((word) => WORD.test(word) && word.split('|').length <= 2)
}

const words = (pattern: string): readonly string[] => pattern.split(' ').filter((word) => word !== '')

function stepsOf(word: string): KeyPlan {
  return (word.match(/,+|[^,]+/g) ?? []).map((run) =>
    run.startsWith(',') ? { do: 'pause', seconds: run.length * COMMA } : { do: 'keys', keys: run },
  )
}
