/** Why a request was ended or refused: in the numbers of SIP and of Q.850 (RFC 3326), and in words. */
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

const LONGEST_SAID = 100
const QUOTED = /"((?:[^"\\]|\\.)*)"/

/**
 * What the far side says in words of its own: the text of a Reason header, else that of a Warning (RFC 3261 20.43). What
 * Q.850's causes are called is nobody's own words. Where several digits stand in it, it might repeat what was keyed.
 * @example saidOf('SIP;cause=486;text="The conference is full"', '') // 'The conference is full'
 */
export function saidOf(reason: string, warning: string): string | undefined {
  const own = /(?:^|,)\s*SIP\s*;((?:[^,"]|"(?:[^"\\]|\\.)*")*)/i.exec(reason.slice(0, MOST))?.[1] ?? ''
  const text =
    /;?\s*text\s*=\s*("(?:[^"\\]|\\.)*")/i.exec(own)?.[1] ??
    /^\s*\d{3}\s+\S+\s+(".*)/.exec(warning.slice(0, MOST))?.[1]
  const said = QUOTED.exec(text ?? '')?.[1]
    ?.replace(/\\(.)/g, '$1')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
  return said === undefined || said === '' || said.length > LONGEST_SAID || /\d{3}/.test(said)
    ? undefined
    : said
}

/** No header that somebody means is longer. */
const MOST = 500
