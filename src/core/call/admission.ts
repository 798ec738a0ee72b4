/** Whether a meeting's bridge has let a call in, as far as signalling tells. */
import type { LegEnd } from '../termination.ts'
import type { Call, Role } from './call.ts'
import type { Ending } from './step-parts.ts'

/**
 * Milliseconds in which a bridge that does not let somebody in says so and hangs up: it asks for the PIN again, twice
 * mostly, and waits some seconds each time.
 */
const ADMISSION = 45_000

/** How the call ends where one of its sides hangs up. Who does so before the bridge has let the user in was never in the meeting. */
export function whoLeft(call: Call, role: Role, at: number, end?: LegEnd): Ending {
  const said = end?.kind === 'hungUp' && end.said !== undefined ? { said: end.said } : {}
  const { keying, keyedAt = call.connectedAt ?? at } = call
  const wasIn = keying === undefined || (keying !== 'waiting' && at - keyedAt > ADMISSION)
  if (!wasIn && role === 'callee') return { cause: 'notAdmitted', side: 'callee', ...said }
  if (keying === 'waiting') return { cause: 'cancelled', side: 'user', ...said }
  return { cause: 'completed', side: role, ...said }
}
