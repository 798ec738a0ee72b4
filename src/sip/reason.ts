/** Reason headers (RFC 3326): why a request was ended or refused, in the numbers of SIP and of Q.850. */
import type { Reasons } from '../core/termination.ts'

/**
 * Reads Reason, several values and several headers of them joined by commas; of each protocol the first counts.
 * @example reasonsOf('SIP;cause=480, Q.850;cause=19;text="No answer"') // { sip: 480, q850: 19 }
 */
export function reasonsOf(header: string): Reasons {
  let q850: number | undefined
  let sip: number | undefined
  // A text may hold commas and whole other reasons: quoted strings are taken out first.
  for (const value of header.replace(/"(?:[^"\\]|\\.)*"/g, '""').split(',')) {
    const [, protocol = '', rest = ''] = /^\s*([^\s;]+)(.*)$/.exec(value) ?? []
    const cause = /;\s*cause\s*=\s*(\d{1,3})(?!\d)/i.exec(rest)?.[1]
    if (cause === undefined) continue
    if (/^q\.850$/i.test(protocol)) q850 ??= Number(cause)
    if (/^sip$/i.test(protocol)) sip ??= Number(cause)
  }
  return { ...(q850 === undefined ? {} : { q850 }), ...(sip === undefined ? {} : { sip }) }
}
