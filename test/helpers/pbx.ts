/** A real PBX of a story, and the desk phones at it. Both go with the test. */
import type { TestContext } from 'node:test'
import type { AsteriskOptions } from '../peers/asterisk-config.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone, type PhoneOptions } from '../peers/baresip.ts'
import { atTheEnd, tellWhereFailed } from './office.ts'

/** Starts Asterisk; where the test fails, the end of its log is printed. */
export async function asteriskOf(t: TestContext, options: AsteriskOptions): Promise<Asterisk> {
  const asterisk = await Asterisk.start(options)
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  return asterisk
}

/** Starts a phone that registers as `name`, whose password at the PBX is the name and `-secret`. */
export async function deskPhone(
  t: TestContext,
  { port }: Pick<Asterisk, 'port'>,
  { name, ...more }: Pick<PhoneOptions, 'name' | 'says' | 'address' | 'codecs'>,
): Promise<Phone> {
  const phone = await Phone.start({ name, ...more, pbx: { port, password: `${name}-secret` } })
  atTheEnd(t, () => phone.stop())
  return phone
}
