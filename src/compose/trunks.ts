/** The trunks, and the dial plan that follows them. */
import type { Dialplan } from '../app/policy.ts'
import type { Clock, Directory } from '../app/ports.ts'
import type { Config, Loaded } from '../config.ts'
import { shortTrunk, trunkAddress } from '../config/trunks.ts'
import { openTrunksFile } from '../config/trunks-file.ts'
import type { TrunksFile } from '../config/trunks-file.ts'
import { targetOf } from '../core/dialplan/address.ts'
import { createGate, looksLikeNumber } from '../core/dialplan/gate.ts'
import { displayNumber } from '../core/dialplan/number-form.ts'
import type { Trunk } from '../core/trunk.ts'
import type { OpsLog } from '../ops/log.ts'
import type { Pbx } from '../sim/pbx.ts'

/** The trunks of the file follow it; those of settings, and the demo's, stay as they are. */
export function openTrunks(
  { trunks, trunksFile }: Config,
  reread: Loaded['rereadTrunks'],
  clock: Clock,
  log: OpsLog,
  pbx: Pbx | undefined,
): TrunksFile {
  if (trunksFile !== undefined && !pbx)
    return openTrunksFile({ file: trunksFile, trunks, reread, clock, log: log.child({ part: 'trunks' }) })
  const fixed = pbx ? [simulated(pbx)] : trunks
  return { trunks: () => fixed, state: () => ({ state: 'ok' }), onChange: nothing, close: nothing }
}

const nothing = () => undefined

/** The one gate for numbers, and how they are read and written. */
export function createDialplan(
  { country, allowNumbers, allowSipDomains }: Config,
  trunks: TrunksFile,
  people: Directory,
): Dialplan {
  const gateOf = (now: readonly Trunk[]) =>
    createGate({
      country,
      allowNumbers,
      allowSipDomains,
      trunkDomains: now.map(({ uri }) => placeOf(trunkAddress(uri))),
      outsidePrefixes: now.map((trunk) => trunk.numbers.prefix),
      listed: async (number) => (await people.byNumber(number)) !== undefined,
    })
  let gate = gateOf(trunks.trunks())
  trunks.onChange((now) => {
    gate = gateOf(now.trunks)
  })
  return {
    judge: (typed) => gate.judge(typed),
    judgeConfigured: (dial, asItStands) => gate.judgeConfigured(dial, asItStands),
    judgeGateway: (uri, via) => gate.judgeGateway(uri, via),
    looksLikeNumber,
    targetOf: (person, phone) => targetOf(person, phone, country),
    shown: displayNumber,
  }
}

function placeOf({ host, port }: ReturnType<typeof trunkAddress>): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === undefined ? name : `${name}:${port}`
}

function simulated(pbx: Pbx): Trunk {
  return shortTrunk(trunkAddress(`sip:${pbx.address.host}:${pbx.address.port};transport=udp`))
}
