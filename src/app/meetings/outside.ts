/** The meeting that a room of the bot's own is part of: its bridge is one more member, and others come in by it. */
import type { Call, Leg } from '../../core/call/call.ts'
import { isOpen } from '../../core/call/step-parts.ts'
import type { LegId, MeetingId } from '../../core/ids.ts'
import { dialInOf } from '../../core/meeting/dial-in.ts'
import type { DialInShown } from '../../core/meeting/dial-in.ts'
import type { ProviderName } from '../../core/meeting/meeting.ts'
import type { OutsideView } from '../../core/screen.ts'
import type { Cause } from '../../core/termination.ts'
import type { Policy } from '../policy.ts'
import type { Known } from './known.ts'

/** What is kept of it with the room, and shown to everybody: its PIN is no part of it. */
export type Outside = {
  readonly meeting: MeetingId
  readonly provider: ProviderName
  readonly link?: string
  readonly dialIn?: DialInShown
}

/** How its bridge has gone; without a cause where it was there. */
export type Gone = { readonly cause?: Cause }

export function outsideOf({ id, meeting }: Known, { country, bridges }: Policy): Outside {
  const { provider, link } = meeting
  const dialIn = dialInOf(meeting, country, bridges)
  return {
    ...{ meeting: id, provider },
    ...(link === undefined ? {} : { link }),
    ...(dialIn ? { dialIn } : {}),
  }
}

/** The leg is no phone, but the bridge of a meeting. */
export const isBridge = ({ request }: Call, { role }: Leg): boolean =>
  request.meeting !== undefined && role === 'callee'

/** The calls whose bridge nobody needs any more: no phone is left in their room, or rings for it. */
export function idleBridges(calls: readonly Call[]): readonly Call[] {
  const hasOpen = (call: Call, which: (leg: Leg) => boolean) =>
    call.legs.some((leg) => isOpen(leg) && which(leg))
  if (calls.some((call) => hasOpen(call, (leg) => !isBridge(call, leg)))) return []
  return calls.filter((call) => hasOpen(call, (leg) => isBridge(call, leg)))
}

/** How the bridge of this call has gone, where it has. */
export function goneFrom({ request, outcome }: Call): Gone | undefined {
  if (!request.meeting || !outcome) return undefined
  const { cause } = outcome
  return cause === 'completed' || cause === 'cancelled' ? {} : { cause }
}

/** @param gone as it is known of; none while its bridge is still to be called */
export function viewOfOutside(
  outside: Outside,
  calls: readonly Call[],
  speaking: ReadonlySet<LegId>,
  gone: Gone | undefined,
): OutsideView {
  for (const call of calls)
    for (const leg of call.legs)
      if (isBridge(call, leg) && isOpen(leg)) {
        const isIn = call.state === 'inRoom' && call.keying !== 'waiting'
        return {
          ...outside,
          state: isIn ? 'in' : 'calling',
          ...(speaking.has(leg.id) ? { speaks: true } : {}),
        }
      }
  return gone ? { ...outside, ...gone, state: 'gone' } : { ...outside, state: 'calling' }
}
