/** Signalling and sound: what the legs stand on, in threads of ours or elsewhere. */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Dialplan } from '../app/policy.ts'
import type { Clock } from '../app/ports.ts'
import type { Config } from '../config.ts'
import { trunkAddress } from '../config/trunks.ts'
import type { TrunksFile } from '../config/trunks-file.ts'
import type { Trunk } from '../core/trunk.ts'
import type { EngineOptions } from '../engine/engine.ts'
import { startEngine } from '../engine/start.ts'
import { createMediaEndpoint } from '../media/endpoint.ts'
import type { MediaEndpoint } from '../media/endpoint.ts'
import type { OpsLog } from '../ops/log.ts'
import type { ServerAddress } from '../sip/connection.ts'
import type { Estate } from '../sip/estate.ts'
import { createLegs } from '../sip/legs.ts'
import type { SipLegs } from '../sip/legs.ts'
import type { TlsOptions } from '../sipd/options.ts'
import { startSipd } from '../sipd/start.ts'

/** Seconds that a process of sipd and sound which holds nothing waits for a bot to come back. */
const ALONE_SECONDS = 10

const TLS_REFUSED =
  'If it is your PBX: let it trust the certificate in SIP_TLS_CERT, and speak TLS 1.2 or newer to that port.'

/** Takes what has to be stopped at the end; what was started last is stopped first. */
export type OnStop = (stop: () => Promise<void> | void) => void

/** What it is given of the rest, and tells. */
type Around = {
  readonly clock: Clock
  readonly log: OpsLog
  readonly onStop: OnStop
  readonly onDeath: (cause: Error) => void
}

/** Starts signalling and sound, and the legs on them; they follow the trunks from then on. */
export async function startLegs(
  config: Config,
  trunks: TrunksFile,
  dialplan: Dialplan,
  { clock, log, onStop, onDeath }: Around,
): Promise<SipLegs> {
  const { rtp, country } = config
  // Where the PBX is sent to tells which address of this machine it can answer to.
  const own = await addressTowards(trunks.trunks())
  const { drachtio, media, estate, useTls } = await openGround(config, own, { log, onStop, onDeath })
  media.onExit(onDeath)
  // Before the legs hear of it: what is asked of a new trunk goes by the certificates that it names.
  trunks.onChange(async ({ signalling }) => {
    if (signalling.kind === 'embedded' && signalling.tls) await useTls?.(signalling.tls)
  })
  const legs = await createLegs({
    drachtio,
    trunks: trunks.trunks(),
    follow: async (typed) => {
      const verdict = await dialplan.judge(typed)
      return verdict.ok ? verdict.target : undefined
    },
    media,
    clock,
    country,
    silence: rtp.silence,
    ...(estate ? { estate } : {}),
    log: log.child({ part: 'sip' }),
  })
  onStop(() => legs.stop())
  trunks.onChange((now) => {
    legs.setTrunks(now.trunks)
  })
  return legs
}

/** A signalling server and an RTP endpoint. */
export type Ground = {
  readonly drachtio: ServerAddress
  readonly media: MediaEndpoint
  readonly estate?: Estate
  /** Where the signalling server is ours. */
  readonly useTls?: (tls: TlsOptions) => Promise<void>
}

/**
 * Opens what legs stand on, in threads of ours or elsewhere.
 * @param own this machine's address towards the PBX
 */
export async function openGround(
  config: Pick<Config, 'signalling' | 'rtp' | 'country' | 'sipAdvertise' | 'dataDir' | 'limits'>,
  own: string,
  { log, onStop, onDeath }: Omit<Around, 'clock'>,
): Promise<Ground> {
  const { signalling, rtp, country } = config
  const told = soundAddress(config, own)
  const sound = { bind: rtp.bind, ports: [rtp.ports.from, rtp.ports.to] as const, country }
  const refused = (host: string, cause: string) => {
    log.warn({ code: 'SIP_TLS_REFUSED', host, cause, remedy: TLS_REFUSED }, 'A TLS connection was refused')
  }
  if (signalling.kind === 'embedded' && signalling.ownProcess) {
    const sipd = sipdOptions(signalling, config, own)
    const alone = { idle: ALONE_SECONDS * 1000, most: config.limits.talk * 1000 }
    const engineLog = log.child({ part: 'engine' })
    const engine = await startEngine(config.dataDir, { sipd, media: sound, alone }, told, {
      told: (fields, message) => engineLog.warn(fields, message),
      refused,
    })
    // Certificates may have been renewed, and others be asked for, since it was started.
    if (engine.found) await engine.useTls(signalling.tls ?? {})
    engineLog.info({ found: engine.found, legs: engine.notes.size }, 'the engine is there')
    onStop(() => engine.stop())
    const useTls = (tls: TlsOptions) => engine.useTls(tls)
    return { drachtio: engine.control, media: engine.media, estate: engine, useTls }
  }
  const media = await createMediaEndpoint({ ...sound, advertise: told })
  onStop(() => media.stop())
  if (signalling.kind === 'drachtio') return { drachtio: signalling, media }
  const secret = randomBytes(18).toString('base64url')
  const control = { host: '127.0.0.1', port: 0 }
  const sipd = await startSipd({ ...sipdOptions(signalling, config, own), control, secret }, { refused })
  onStop(() => sipd.stop())
  sipd.onExit(onDeath)
  return {
    drachtio: { host: control.host, port: sipd.controlPort, secret },
    media,
    useTls: (tls) => sipd.useTls(tls),
  }
}

/** The address that phones are told for sound. */
export function soundAddress({ rtp }: Pick<Config, 'rtp'>, own: string): string {
  return rtp.advertise ?? (isAny(rtp.bind) ? own : rtp.bind)
}

function sipdOptions(
  { bind, tls }: Embedded,
  { sipAdvertise }: Pick<Config, 'sipAdvertise'>,
  own: string,
): EngineOptions['sipd'] {
  const advertise = sipAdvertise ?? (bind.some(({ host }) => isAny(host)) ? own : undefined)
  return {
    bind,
    ...(tls === undefined ? {} : { tls }),
    ...(advertise === undefined ? {} : { advertise }),
  }
}

type Embedded = Extract<Config['signalling'], { kind: 'embedded' }>

const isAny = (address: string) => address === '0.0.0.0' || address === '::'

/** This machine's address on the way to the first trunk; no packet is sent. */
export async function addressTowards([trunk]: readonly Trunk[]): Promise<string> {
  const host = trunk ? trunkAddress(trunk.uri).host : '127.0.0.1'
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    socket.connect(5060, host)
    await once(socket, 'connect')
    return socket.address().address
  } catch {
    // The name does not resolve now: its trunk is told as down, and loopback serves nobody by mistake.
    return '127.0.0.1'
  } finally {
    socket.close()
  }
}
