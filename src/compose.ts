import { randomBytes, randomInt } from 'node:crypto'
import { Asks } from './app/asks.ts'
import { keepCards } from './app/call-cards.ts'
import { CallService } from './app/call-service.ts'
import { Often } from './app/often.ts'
import { OwnSettings } from './app/own-settings.ts'
import type { Dialplan, Policy } from './app/policy.ts'
import type { Calendar, Clock, DialIns, Directory, Legs } from './app/ports.ts'
import { KnownMeetings } from './app/meetings/known.ts'
import { Reminders } from './app/meetings/reminders.ts'
import { Resolver } from './app/meetings/resolver.ts'
import { Watched } from './app/meetings/watched.ts'
import { ActivityReceiver } from './app/receiver.ts'
import { Switchboard } from './app/switchboard.ts'
import type { SwitchboardDeps } from './app/switchboard.ts'
import { createChat } from './chat/chat.ts'
import type { ChatSide } from './chat/chat.ts'
import { calendars } from './compose/calendars.ts'
import { openGraph } from './compose/graph.ts'
import { startLegs } from './compose/legs.ts'
import type { OnStop } from './compose/legs.ts'
import { mounts, openPage } from './compose/page.ts'
import { openPeople } from './compose/people.ts'
import { createDialplan, openTrunks } from './compose/trunks.ts'
import type { Config, Loaded } from './config.ts'
import { systemClock } from './ops/clock.ts'
import { createHealth } from './ops/health.ts'
import type { OpsLog } from './ops/log.ts'
import { trunkHealth } from './ops/trunk-health.ts'
import { ANNOUNCEMENTS, CONFERENCE } from './sim/bridge.ts'
import { PEOPLE } from './sim/people.ts'
import { startPbx, type Pbx } from './sim/pbx.ts'
import { VOICEMAIL } from './sim/ear.ts'
import { loadSpeech } from './sim/speech.ts'
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
  const newDigits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')
  const stops: (() => Promise<void> | void)[] = []
  const started: OnStop = (stop) => {
    stops.unshift(stop)
    onStop(stop)
  }

  const store = await openLowdbStore(config.dataDir, { clock, log: log.child({ part: 'store' }) })
  started(() => store.close())
  const people = openPeople(config, clock, log)
  started(() => people.close())
  const graph = openGraph(config, clock, log)
  started(() => graph.close())
  const pbx = config.mode === 'demo' ? await startDemoPbx() : undefined
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
  const demo = config.page
    ? openPage(people.list, () => port, { pbx, dataDir: config.dataDir, log })
    : undefined
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
    ...(graph.state ? { graph: { needed: false, read: graph.state } } : {}),
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
  const { calls, switchboard, receiver, reminders } = useCases(config, dialplan, {
    store,
    legs,
    people: people.directory,
    dialIns: graph.dialIns,
    createMeeting: graph.createMeeting,
    calendar: calendars(graph.calendar, clock, log),
    chat,
    clock,
    log,
    newId,
    newDigits,
  })
  await calls.recover()
  await receiver.recover()
  chat.setReceiver(receiver)
  port = (await chat.listen()).port
  reminders.start()

  return {
    port,
    dead: death.promise,
    async stop() {
      draining = true
      reminders.stop()
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

/** The demo's phones, whose people speak in words. */
async function startDemoPbx(): Promise<Pbx> {
  const speakers = [...PEOPLE.map(({ extension }) => extension), VOICEMAIL, ...ANNOUNCEMENTS]
  return startPbx({ speech: await loadSpeech(speakers), bridge: CONFERENCE })
}

async function stopAll(stops: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of stops) await Promise.resolve(stop()).catch(() => undefined)
}

type World = {
  readonly store: Store
  readonly legs: Legs
  readonly people: Directory
  readonly dialIns: DialIns
  readonly createMeeting: SwitchboardDeps['createMeeting'] | undefined
  readonly calendar: Calendar
  readonly chat: ChatSide
  readonly clock: Clock
  readonly log: OpsLog
  readonly newId: () => string
  readonly newDigits: (count: number) => string
}

/** The use cases, and who tells whom. */
function useCases(
  config: Config,
  dialplan: Dialplan,
  { store, legs, people, dialIns, createMeeting, calendar, chat, clock, log, newId, newDigits }: World,
) {
  const policy: Policy = {
    ...(config.callerId === undefined ? {} : { globalCallerId: config.callerId }),
    limits: config.limits,
    pressOne: config.pressOne,
    callsPerHour: config.callsPerHour,
    roomMembers: config.roomMembers,
    country: config.country,
    bridges: config.bridges,
    watchMeetings: config.watchMeetings,
    allowedTenants: config.tenants,
    admins: config.admins,
  }
  const calls = new CallService({ legs, store: store.calls, clock, log: log.child({ part: 'calls' }), newId })
  const often = new Often({ facts: store.facts, store: store.calls, directory: people, log })
  const settings = new OwnSettings(store.facts)
  const known = new KnownMeetings(store.facts, newId)
  const watched = new Watched(store.facts, policy.watchMeetings)
  const switchboard = new Switchboard({
    settings,
    calls,
    often,
    store: store.calls,
    directory: people,
    legs,
    chat: chat.chat,
    asks: new Asks(store.facts, newId),
    clock,
    policy,
    dialplan,
    known,
    resolver: new Resolver({ dialIns, clock, policy }),
    ...(createMeeting ? { createMeeting } : {}),
    watched,
    calendar,
    facts: store.facts,
    newId,
    newDigits,
  })
  const receiver = new ActivityReceiver({
    settings,
    directory: people,
    chat: chat.chat,
    facts: store.facts,
    policy,
    log: log.child({ part: 'receiver' }),
    switchboard,
    acts: store.acts,
    watched,
    clock,
    newId,
  })
  keepCards(calls, chat.chat, switchboard, settings)
  const reminders = new Reminders({
    ...{ settings, calendar, clock, directory: people, facts: store.facts, chat: chat.chat },
    agenda: switchboard.agenda,
    log: log.child({ part: 'reminders' }),
  })
  return { calls, switchboard, receiver, reminders }
}

function chatSettings({ http, bot, tenants }: Config) {
  return {
    host: http.host ?? '0.0.0.0',
    port: http.port,
    allowedTenants: tenants,
    ...(bot && { bot }),
  }
}
