/** Who calls, as the headers of an INVITE tell it: to the phone that rings, and to the PBX. */
import type { DialLeg } from '../app/ports.ts'
import { numberShown } from '../core/caller.ts'
import type { Trunk } from '../core/trunk.ts'
import { bracketed, nameAddress } from './address.ts'

/** RFC 3323 4.1.1.3. */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'

/**
 * From, and what the trunk wants beside it: P-Asserted-Identity (RFC 3325) or Remote-Party-ID, its elder, and Privacy.
 * Only callees outside are kept from the number: colleagues, and one's own phones, always see it.
 * @param domain the trunk's
 */
export function callerHeaders(
  { from, to, own }: Pick<DialLeg, 'from' | 'to' | 'own'>,
  trunk: Trunk,
  domain: string,
): Record<string, string> {
  const { name } = from
  const number = numberShown(from, to, trunk)
  const address = nameAddress(
    { number: number ?? 'anonymous', ...(name === undefined ? {} : { name }) },
    domain,
  )
  const hidden = trunk.privacy === 'id' && own === undefined && to.kind !== 'extension'
  return {
    From: hidden ? ANONYMOUS : address,
    // Nobody is asserted where there is nobody.
    ...(number === undefined ? {} : assertion(trunk, address, hidden)),
    ...(hidden ? { Privacy: 'id' } : {}),
  }
}

function assertion({ identity }: Trunk, address: string, hidden: boolean): Record<string, string> {
  switch (identity) {
    case 'pai':
      return { 'P-Asserted-Identity': address }
    case 'rpid':
      return { 'Remote-Party-ID': `${address};party=calling;privacy=${hidden ? 'full' : 'off'};screen=yes` }
    case 'none':
      return {}
  }
}

/**
 * What makes a desk phone pick up by itself, in the ways that phones have for it: RFC 5373, and what they had before. Only
 * the user's own desk phone is asked, and only where the trunk says so.
 */
export function autoAnswerHeaders(
  { own }: Pick<DialLeg, 'own'>,
  trunk: Trunk,
  domain: string,
): Record<string, string> {
  if (!trunk.autoAnswer || own !== 'desk') return {}
  return {
    'Answer-Mode': 'Auto',
    'Call-Info': `<sip:${bracketed(domain)}>;answer-after=0`,
    'Alert-Info': '<http://127.0.0.1>;info=alert-autoanswer;delay=0',
  }
}
