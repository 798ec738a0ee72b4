import type { Abilities } from '../channels.ts'
import type { Outcome } from '../connector.ts'

/**
 * What follows from an answer to a post. Posting is not idempotent, so it is repeated only where it has certainly
 * not been carried out: after 429 or 401, or when it never left.
 */
export type PostVerdict =
  | { readonly kind: 'posted'; readonly activity: string | undefined }
  | { readonly kind: 'retry'; readonly after: number | undefined }
  /** It may stand or not; it is not sent again. */
  | { readonly kind: 'lost' }

/** What follows from an answer to an update. An update may be repeated. */
export type UpdateVerdict =
  | { readonly kind: 'updated' }
  | { readonly kind: 'retry'; readonly after: number | undefined; readonly throttled: boolean }
  /** The message is not there (MicrosoftDocs/msteams-docs#6139: about one update in 1,000). */
  | { readonly kind: 'gone' }
  /** The channel changes no message. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'refused' }

export function afterPost(outcome: Outcome): PostVerdict {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'posted', activity: idOf(outcome.body) }
    case 'unsent':
      return { kind: 'retry', after: undefined }
    case 'unknown':
      return { kind: 'lost' }
    case 'refused':
      // Who is not believed has posted nothing.
      if (outcome.status === 429 || outcome.status === 401)
        return { kind: 'retry', after: outcome.retryAfter }
      return { kind: 'lost' }
  }
}

const PASSING = new Set([401, 408, 412, 429, 500, 502, 503, 504])

export function afterUpdate(outcome: Outcome, updates: Abilities['updates']): UpdateVerdict {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'updated' }
    case 'unsent':
    case 'unknown':
      return { kind: 'retry', after: undefined, throttled: false }
    case 'refused':
      return afterRefusedUpdate(outcome, updates)
  }
}

function afterRefusedUpdate(
  { status, retryAfter }: Extract<Outcome, { kind: 'refused' }>,
  updates: Abilities['updates'],
): UpdateVerdict {
  if (PASSING.has(status)) return { kind: 'retry', after: retryAfter, throttled: status === 429 }
  if (status === 404 || status === 410) return { kind: 'gone' }
  // Direct Line says 400 BadArgument, others 405 or 501.
  if (status === 405 || status === 501) return { kind: 'unsupported' }
  if (status === 400 && updates !== 'yes') return { kind: 'unsupported' }
  return { kind: 'refused' }
}

function idOf(body: unknown): string | undefined {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}
