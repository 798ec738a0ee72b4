/** Stories of meetings: a real Asterisk whose ConfBridge asks for a number and a PIN in recorded words. */
import type { TestContext } from 'node:test'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { freePort } from '../peers/ports.ts'
import { atTheEnd, Office, tellWhereFailed } from './office.ts'

const BOT = '127.0.0.4'
export const BRIDGE = { number: '+34910480001', id: '123456789', pin: '4321' }
export const ALICE = 440
export const BOB = 700

/** As people forward it. */
export const invitation = (pin = BRIDGE.pin) => `Topic: Standup
Dial-in: +34 910 48 00 01
Conference ID: 123 456 789#
PIN: ${pin}`

/** The bot beside an Asterisk with a conference bridge, and two phones that talk and listen. */
export async function conferenceHouse(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const sip = await freePort(BOT)
  const asterisk = await Asterisk.start({
    bot: { address: BOT, port: sip },
    extensions: [
      { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] },
      { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] },
    ],
    conference: BRIDGE,
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  const phone = async (name: string, says: number, address: string) => {
    const pbx = { port: asterisk.port, password: `${name}-secret` }
    const started = await Phone.start({ name, says, address, pbx })
    atTheEnd(t, () => started.stop())
    return started
  }
  const a = await phone('alice', ALICE, '127.0.0.2')
  const b = await phone('bob', BOB, '127.0.0.3')
  const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
  return { office: await Office.open(t, { trunk, address: BOT, sip, env }), asterisk, a, b }
}
