/** The call service with SIP, media and store, and no chat: whoever sends it a number gets that call placed. */
import { randomBytes } from 'node:crypto'
import { CallService } from '../../src/app/call-service.ts'
import { personId, type E164 } from '../../src/core/ids.ts'
import { shortTrunk, trunkAddress } from '../../src/config/trunks.ts'
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { createLog } from '../../src/ops/log.ts'
import { createLegs } from '../../src/sip/legs.ts'
import { startSipd } from '../../src/sipd/start.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { calleeName, calleeNumber, userNumber } from './numbers.ts'

const [folder = '', trunk = ''] = process.argv.slice(2)
const clock = systemClock
const log = createLog({ level: 'warn' })
const newId = () => randomBytes(16).toString('base64url')
const host = '127.0.0.1'
const store = await openLowdbStore(folder, { clock, log })
const media = await createMediaEndpoint({ bind: host, ports: [32768, 60998], country: 'ES' })
const secret = newId()
const sipd = await startSipd({
  bind: [{ transport: 'udp', host, port: 0 }],
  control: { host, port: 0 },
  secret,
})
const drachtio = { host, port: sipd.controlPort, secret }
const legs = await createLegs({
  drachtio,
  trunks: [shortTrunk(trunkAddress(trunk))],
  media,
  clock,
  country: 'ES',
  log,
})
const calls = new CallService({ legs, store: store.calls, clock, log, newId })
// What the chat would say: each state of the card is in its place.
calls.onChange((call) => calls.shown(call.id, call.revision))

process.on('message', (n: number) => {
  const number = calleeNumber(n) as E164
  const own = userNumber(n) as E164
  calls
    .request({
      by: personId(`user-${n}`),
      user: { name: 'User', target: { kind: 'number', number: own } },
      callee: { name: calleeName(n), target: { kind: 'number', number } },
      callerId: { number: own, name: 'User' },
      globalCallerId: '+34900100200' as E164,
      pressOne: false,
      limits: { ringUser: 60, ringCallee: 60, talk: 3600, confirm: 20 },
      origin: { channel: 'bench', conversation: `conversation-${n}`, language: 'en' },
    })
    .catch((fault: unknown) => console.error(`call ${n} was not placed:`, fault))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
