/** What a final answer of 300 to 699 to our INVITE tells. */
import type { LegEnd } from '../core/termination.ts'
import type { Response } from './connection.ts'
import { contactsOf } from './contact.ts'
import { reasonsOf, saidOf } from './reason.ts'

const LONGEST_REASON = 200

/** The end of a leg that was refused so. */
export function refusalOf(response: Response): LegEnd {
  const { status, reason } = response
  const contact = status < 400 ? contactsOf(response.header('contact'))[0] : undefined
  const said = saidOf(response.header('reason'), response.header('warning'))
  return {
    kind: 'refused',
    status,
    reason: reason.slice(0, LONGEST_REASON),
    ...reasonsOf(response.header('reason')),
    ...(said === undefined ? {} : { said }),
    ...(contact === undefined ? {} : { contact }),
  }
}
