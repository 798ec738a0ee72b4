/** What the bot's HTTP endpoint said to one activity. */
export type BotAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'slow' }

/** Teams waits so long for an answer, milliseconds. */
const PATIENCE = 15_000

/** Posts one activity to the bot, as a channel does. Never rejects. */
export async function post(botUrl: string, activity: unknown): Promise<BotAnswer> {
  try {
    const response = await fetch(`${botUrl}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(PATIENCE),
    })
    return { kind: 'answered', status: response.status, body: parse(await response.text()) }
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === 'TimeoutError') return { kind: 'slow' }
    const cause = fault instanceof Error ? (fault.cause ?? fault) : fault
    return { kind: 'unreachable', detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
