import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Asks } from './app/asks.ts'
import { CallService } from './app/call-service.ts'
import type { Dialplan, Policy } from './app/policy.ts'
import type { Clock, Directory, Legs } from './app/ports.ts'
import { ActivityReceiver } from './app/receiver.ts'
import { Switchboard } from './app/switchboard.ts'
import { createChat } from './chat/chat.ts'
import type { ChatSide } from './chat/chat.ts'
import type { Config, Loaded } from './config.ts'
import { targetOf } from './core/dialplan/address.ts'
import { createGate, looksLikeNumber } from './core/dialplan/gate.ts'
import { displayNumber } from './core/dialplan/number-form.ts'
import type { Person } from './core/party.ts'
import type { Trunk } from './core/trunk.ts'
import { createDemo } from './demo/demo.ts'
import type { Demo } from './demo/demo.ts'
import { openFileDirectory } from './directory/file-directory.ts'
import { parsePeople } from './directory/people-file.ts'
import { directoryOf } from './directory/people.ts'
import type { EngineOptions } from './engine/engine.ts'
import { startEngine } from './engine/start.ts'
import { createMediaEndpoint } from './media/endpoint.ts'
import type { MediaEndpoint } from './media/endpoint.ts'
import { systemClock } from './ops/clock.ts'
import { createHealth } from './ops/health.ts'
import type { OpsLog } from './ops/log.ts'
import { trunkHealth } from './ops/trunk-health.ts'
import { startPbx } from './sim/pbx.ts'
import type { Pbx } from './sim/pbx.ts'
import { PEOPLE } from './sim/people.ts'
import { shortTrunk, trunkAddress } from './config/trunks.ts'
import type { ServerAddress } from './sip/connection.ts'
import type { Estate } from './sip/estate.ts'
import { openTrunksFile } from './config/trunks-file.ts'
import type { TrunksFile } from './config/trunks-file.ts'
import { createLegs } from './sip/legs.ts'
import type { TlsOptions } from './sipd/options.ts'
import { startSipd } from './sipd/start.ts'
import { openLowdbStore } from './store/lowdb.ts'
import type { Store } from './store/store.ts'

/** The whole bot, running. */
export type Bot = {
  readonly port: number
  /** Resolves with the cause when a part has died without which the bot is of no use; it should be started anew. */
  readonly dead: Promise<Error>
  /** No new calls; running ones go on for `DRAIN_SECONDS`, then end with their records. */
  stop(): Promise<void>
}

/** Milliseconds that the last card updates have at the end. */
const LAST_CARDS = 5000
/** Seconds that a process of sipd and sound which holds nothing waits for a bot to come back. */
const ALONE_SECONDS = 10

const TLS_REFUSED =
  'If it is your PBX: let it trust the certificate in SIP_TLS_CERT, and speak TLS 1.2 or newer to that port.'

type OnStop = (stop: () => Promise<void> | void) => void

/**
 * Puts the bot together and starts it: the only place that names concrete adapters. Resolves when it is ready.
 * @param rereadTrunks reads `TRUNKS_FILE` when it has changed
 * @throws the coded fault of the part that cannot start; what had been started by then is stopped
 */
export async function compose(
  config: Config,
  log: OpsLog,
  rereadTrunks: Loaded['rereadTrunks'],
): Promise<Bot> {
  const stops: (() => Promise<void> | void)[] = []
  try {
    return await assemble(config, log, rereadTrunks, (stop) => stops.unshift(stop))
  } catch (fault) {
    await stopAll(stops)
    throw fault
  }
}

async function assemble(
  config: Config,
  log: OpsLog,
  rereadTrunks: Loaded['rereadTrunks'],
  onStop: OnStop,
): Promise<Bot> {
  const clock = systemClock
  const newId = () => randomBytes(16).toString('base64url')
  const stops: (() => Promise<void> | void)[] = []
  const started: OnStop = (stop) => {
    stops.unshift(stop)
    onStop(stop)
  }

  const store = await openLowdbStore(config.dataDir, { clock, log: log.child({ part: 'store' }) })
  started(() => store.close())
  const people = openPeople(config, clock, log)
  started(() => people.close())
  const pbx = config.mode === 'demo' ? await startPbx() : undefined
  if (pbx) started(() => pbx.stop())
  const trunks = openTrunks(config, rereadTrunks, clock, log, pbx)
  started(() => trunks.close())
  const dialplan = createDialplan(config, trunks, people.directory)
  const death = Promise.withResolvers<Error>()
  const legs = await startLegs(config, trunks, dialplan, {
    clock,
    log,
    onStop: started,
    onDeath: death.resolve,
  })

  let port = config.http.port
  const demo = config.page ? page(people.list, () => port, pbx, log) : undefined
  if (demo) started(() => demo.stop())
  let draining = false
  const health = createHealth({
    store: { needed: true, read: () => store.state() },
    signalling: { needed: true, read: () => ({ state: legs.ready() ? 'ok' : 'down' }) },
    // In words of people who look at it, not of the machine: new calls are refused from now on.
    service: {
      needed: true,
      read: () => (draining ? { state: 'down', detail: 'stopping' } : { state: 'ok' }),
    },
    trunks: { needed: false, read: () => trunkHealth(legs.trunks()) },
    people: { needed: false, read: () => people.state() },
    ...(config.trunksFile === undefined ? {} : { trunksFile: { needed: false, read: () => trunks.state() } }),
  })
  const chat = createChat({
    ...chatSettings(config),
    facts: store.facts,
    clock,
    log: log.child({ part: 'chat' }),
    ready: () => legs.ready(),
    healthz: () => health.live(),
    readyz: () => health.ready(),
    mounts: demo ? mounts(demo) : [],
  })
  const { calls, switchboard, receiver } = useCases(config, dialplan, {
    store,
    legs,
    people: people.directory,
    chat,
    clock,
    log,
    newId,
  })
  await calls.recover()
  await receiver.recover()
  chat.setReceiver(receiver)
  port = (await chat.listen()).port

  return {
    port,
    dead: death.promise,
    async stop() {
      draining = true
      switchboard.drain()
      await calls.drain(config.drainSeconds * 1000)
      await receiver.idle()
      await chat.chat.settle(LAST_CARDS)
      await chat.stop()
      await calls.flush()
      await stopAll(stops)
    },
  }
}

async function stopAll(stops: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of stops) await Promise.resolve(stop()).catch(() => undefined)
}

type World = {
  readonly store: Store
  readonly legs: Legs
  readonly people: Directory
  readonly chat: ChatSide
  readonly clock: Clock
  readonly log: OpsLog
  readonly newId: () => string
}

/** The use cases, and who tells whom. */
function useCases(
  config: Config,
  dialplan: Dialplan,
  { store, legs, people, chat, clock, log, newId }: World,
) {
  const policy: Policy = {
    ...(config.callerId === undefined ? {} : { globalCallerId: config.callerId }),
    limits: config.limits,
    pressOne: config.pressOne,
    callsPerHour: config.callsPerHour,
    allowedTenants: config.tenants,
    admins: config.admins,
  }
  const calls = new CallService({ legs, store: store.calls, clock, log: log.child({ part: 'calls' }), newId })
  const switchboard = new Switchboard({
    calls,
    store: store.calls,
    directory: people,
    legs,
    chat: chat.chat,
    asks: new Asks(store.facts, newId),
    clock,
    policy,
    dialplan,
  })
  const receiver = new ActivityReceiver({
    directory: people,
    chat: chat.chat,
    facts: store.facts,
    policy,
    log: log.child({ part: 'receiver' }),
    switchboard,
    acts: store.acts,
    clock,
    newId,
  })
  calls.onChange((call) => chat.chat.showCall(call.request.origin, switchboard.screens.view(call), call.card))
  chat.chat.onPosted((call, activity) => calls.tell(call, { type: 'card.posted', activity }))
  chat.chat.onShown((call, revision) => calls.shown(call, revision))
  return { calls, switchboard, receiver }
}

/** The trunks of the file follow it; those of settings, and the demo's, stay as they are. */
function openTrunks(
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

function createDialplan(
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
    looksLikeNumber,
    targetOf: (person, phone) => targetOf(person, phone, country),
    shown: displayNumber,
  }
}

type Around = {
  readonly clock: Clock
  readonly log: OpsLog
  readonly onStop: OnStop
  readonly onDeath: (cause: Error) => void
}

async function startLegs(
  config: Config,
  trunks: TrunksFile,
  dialplan: Dialplan,
  { clock, log, onStop, onDeath }: Around,
) {
  const { signalling, rtp, country } = config
  // Where the PBX is sent to tells which address of this machine it can answer to.
  const own = await addressTowards(trunks.trunks())
  const told = rtp.advertise ?? (isAny(rtp.bind) ? own : rtp.bind)
  const sound = { bind: rtp.bind, ports: [rtp.ports.from, rtp.ports.to] as const, country }
  const { drachtio, media, estate } = await ground()
  media.onExit(onDeath)
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

  /** Before the legs hear of it: what is asked of a new trunk goes by the certificates that it names. */
  function follow(server: { useTls(tls: TlsOptions): Promise<void> }): void {
    trunks.onChange(async ({ signalling }) => {
      if (signalling.kind === 'embedded' && signalling.tls) await server.useTls(signalling.tls)
    })
  }

  function refused(host: string, cause: string): void {
    log.warn({ code: 'SIP_TLS_REFUSED', host, cause, remedy: TLS_REFUSED }, 'A TLS connection was refused')
  }

  /** What the legs stand on: a signalling server and an RTP endpoint, in threads of ours or elsewhere. */
  async function ground(): Promise<{ drachtio: ServerAddress; media: MediaEndpoint; estate?: Estate }> {
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
      follow(engine)
      return { drachtio: engine.control, media: engine.media, estate: engine }
    }
    const media = await createMediaEndpoint({ ...sound, advertise: told })
    onStop(() => media.stop())
    if (signalling.kind === 'drachtio') return { drachtio: signalling, media }
    const secret = randomBytes(18).toString('base64url')
    const control = { host: '127.0.0.1', port: 0 }
    const sipd = await startSipd({ ...sipdOptions(signalling, config, own), control, secret }, { refused })
    onStop(() => sipd.stop())
    sipd.onExit(onDeath)
    follow(sipd)
    return { drachtio: { host: control.host, port: sipd.controlPort, secret }, media }
  }
}

function sipdOptions({ bind, tls }: Embedded, { sipAdvertise }: Config, own: string): EngineOptions['sipd'] {
  const advertise = sipAdvertise ?? (bind.some(({ host }) => isAny(host)) ? own : undefined)
  return {
    bind,
    ...(tls === undefined ? {} : { tls }),
    ...(advertise === undefined ? {} : { advertise }),
  }
}

type Embedded = Extract<Config['signalling'], { kind: 'embedded' }>

/** The demo's people are its own; everybody else's are in `PEOPLE_FILE`. */
function openPeople(config: Config, clock: Clock, log: OpsLog) {
  const { peopleFile, country, mode } = config
  if (peopleFile === undefined) {
    const parsed = parsePeople(JSON.stringify(PEOPLE), country)
    if ('faults' in parsed) throw new Error(`the demo's people: ${JSON.stringify(parsed.faults)}`)
    return {
      directory: directoryOf(parsed.people, country),
      list: () => parsed.people,
      state: () => ({ state: 'ok' }) as const,
      close: () => undefined,
    }
  }
  const file = openFileDirectory(peopleFile, { country, clock, log: log.child({ part: 'people' }) })
  // On one's own machine, before Teams: the chat page plays people whose account is not known yet by their row.
  const trial = {
    ...file,
    byAadObjectId: async (id: string) => (await file.byAadObjectId(id)) ?? file.byId(id as Person['id']),
  }
  return {
    directory: mode === 'trial' ? trial : file,
    list: () => file.people(),
    state: () => file.state(),
    close: () => file.close(),
  }
}

function page(people: () => readonly Person[], port: () => number, pbx: Pbx | undefined, log: OpsLog): Demo {
  return createDemo({
    get botUrl() {
      return `http://127.0.0.1:${port()}`
    },
    people: () =>
      people().map(({ id, aadObjectId, name, email, extension, phones }) => {
        const desk = phones.desk ?? extension
        return {
          aadObjectId: aadObjectId ?? id,
          name,
          ...(email === undefined ? {} : { email }),
          ...(desk === undefined ? {} : { desk }),
        }
      }),
    ...(pbx ? { pbx } : {}),
    log: log.child({ part: 'demo' }),
  })
}

function mounts(demo: Demo) {
  const handle: Demo['handle'] = (req, res) => demo.handle(req, res)
  return [
    { path: '/', handle },
    { path: '/demo', handle },
    {
      path: '/demo/*',
      handle,
      upgrade: ((req, socket, head) => demo.upgrade(req, socket, head)) as Demo['upgrade'],
    },
  ]
}

function chatSettings({ http, bot, tenants }: Config) {
  return {
    host: http.host ?? '0.0.0.0',
    port: http.port,
    allowedTenants: tenants,
    ...(bot && { bot }),
  }
}

function placeOf({ host, port }: ReturnType<typeof trunkAddress>): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === undefined ? name : `${name}:${port}`
}

function simulated(pbx: Pbx): Trunk {
  return shortTrunk(trunkAddress(`sip:${pbx.address.host}:${pbx.address.port};transport=udp`))
}

const isAny = (address: string) => address === '0.0.0.0' || address === '::'

/** This machine's address on the way to the first trunk; no packet is sent. */
async function addressTowards([trunk]: readonly Trunk[]): Promise<string> {
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
