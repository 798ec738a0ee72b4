/** A call to a phone of one's own, by the bot's own legs, with its sound measured both ways. */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { LegReport } from '../app/ports.ts'
import { en } from '../chat/words/en.ts'
import { openPeople } from '../compose/people.ts'
import { createDialplan, openTrunks } from '../compose/trunks.ts'
import type { Config } from '../config.ts'
import { callId, legId } from '../core/ids.ts'
import type { Sentence } from '../core/sentence.ts'
import type { LegEnd } from '../core/termination.ts'
import type { Target } from '../core/party.ts'
import type { Measured, MediaEndpoint, MediaPort } from '../media/endpoint.ts'
import { createLegs } from '../sip/legs.ts'
import type { SipLegs } from '../sip/legs.ts'
import { tlsRemedy } from '../sip/tls-remedy.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

/** Milliseconds of notes, then of echo, then at most until the far side has reported what it hears. */
const NOTES = 4_000
const ECHO = 4_000
const REPORT = 5_000
/** Packets in a second (RFC 3551: 20 ms each). */
const RATE = 50

export async function checkCall(ward: Ward, tell: Tell): Promise<void> {
  const { asked, config } = ward
  if (asked.call === undefined)
    return tell.skip('no phone was named: --call 1001 rings one and measures its sound')
  if (config.trunks.length === 0)
    return tell.fail('there is no PBX to call with', 'Set SIP_TRUNK and PEOPLE_FILE to try your own.')
  const target = await allowed(ward, asked.call, tell)
  if (!target) return
  const { ground } = await ward.sip()
  const ports: MediaPort[] = []
  const media: MediaEndpoint = {
    open: async (listener, name) => {
      const port = await ground.media.open(listener, name)
      ports.push(port)
      return port
    },
    stop: () => Promise.resolve(),
    onExit: () => undefined,
  }
  const { clock, log } = ward
  const legs = await createLegs({
    drachtio: ground.drachtio,
    // A registration of ours would take calls away from a bot that runs.
    trunks: config.trunks.map((trunk) => ({ ...trunk, register: false })),
    media,
    log,
    clock,
    country: config.country,
  })
  try {
    await new Trial(legs, ports, config, target, tell).run()
  } finally {
    await legs.stop()
  }
}

/** The one gate for numbers judges it, as for everybody. */
async function allowed(ward: Ward, typed: string, tell: Tell): Promise<Target | undefined> {
  const { config, clock, log, loaded } = ward
  if (!loaded) return undefined
  const people = openPeople(config, clock, log)
  const trunks = openTrunks(config, loaded.rereadTrunks, clock, log, undefined)
  try {
    const verdict = await createDialplan(config, trunks, people.directory).judge(typed)
    if (verdict.ok) return verdict.target
    const says = sentenceOf(verdict.sentence)
    tell.fail(`nobody was called: ${says}`, 'Name the desk phone of somebody in PEOPLE_FILE.')
    return undefined
  } finally {
    trunks.close()
    people.close()
  }
}

function sentenceOf(sentence: Sentence): string {
  const say = en.sentences[sentence.code] as (sentence: Sentence) => string
  return say(sentence)
}

type Event = LegReport['event']

class Trial {
  readonly #legs: SipLegs
  readonly #ports: readonly MediaPort[]
  readonly #config: Config
  readonly #target: Target
  readonly #tell: Tell
  readonly #call = callId(`doctor_${randomBytes(6).toString('hex')}`)
  readonly #leg = legId(this.#call, 1)
  readonly #ended = Promise.withResolvers<LegEnd>()
  readonly #answered = Promise.withResolvers<undefined>()
  #rang = false
  #keys = ''

  constructor(legs: SipLegs, ports: readonly MediaPort[], config: Config, target: Target, tell: Tell) {
    this.#legs = legs
    this.#ports = ports
    this.#config = config
    this.#target = target
    this.#tell = tell
  }

  async run(): Promise<void> {
    const { limits, callerId } = this.#config
    this.#legs.onReport(({ event }) => {
      this.#hear(event)
    })
    this.#legs.dial({
      call: this.#call,
      leg: this.#leg,
      to: this.#target,
      from: { name: 'Dialback doctor', ...(callerId === undefined ? {} : { general: callerId }) },
      own: 'desk',
    })
    const first = await Promise.race([
      this.#answered.promise.then(() => 'answered' as const),
      this.#ended.promise,
      pause(limits.ringUser * 1000, 'late' as const),
    ])
    if (first === 'answered') await this.#listen()
    else if (first === 'late') this.#tellUnanswered(limits.ringUser)
    else this.#tellEnd(first)
    this.#legs.release(this.#leg)
  }

  #hear(event: Event): void {
    if (event.type === 'leg.ringing') this.#rang = true
    if (event.type === 'leg.answered') this.#answered.resolve(undefined)
    if (event.type === 'leg.digit') this.#keys += event.digit
    if (event.type === 'leg.ended') this.#ended.resolve(event.end)
  }

  async #listen(): Promise<void> {
    const port = this.#ports.at(-1)
    if (!port) return
    const began = performance.now()
    const over = this.#ended.promise.then(() => 'over' as const)
    const until = (ms: number) => Promise.race([pause(ms), over])
    this.#legs.play(this.#leg, 'confirm')
    let hungUp = (await until(NOTES)) === 'over'
    // Who speaks hears oneself: both ways at once.
    if (!hungUp) {
      port.relay(port)
      hungUp = (await until(ECHO)) === 'over'
    }
    if (hungUp) {
      const seconds = Math.round((performance.now() - began) / 1000)
      return this.#tell.warn(
        `it was picked up, and hung up after ${seconds} s, too soon to measure its sound`,
        'Call once more, and let the doctor hang up.',
      )
    }
    let measured = await port.measure()
    const seconds = (performance.now() - began) / 1000
    const late = performance.now() + REPORT
    while (measured.told === undefined && performance.now() < late) {
      if ((await until(250)) === 'over') break
      measured = { ...measured, told: (await port.measure()).told }
    }
    tellSound(measured, seconds, { ...this.#where(), keys: this.#keys }, this.#tell)
  }

  #where() {
    const { rtp } = this.#config
    const port = this.#ports.at(-1)
    return { at: `${port?.address ?? ''}:${port?.port ?? 0}`, range: `${rtp.ports.from}-${rtp.ports.to}` }
  }

  #tellUnanswered(seconds: number): void {
    if (this.#rang)
      this.#tell.fail(
        `it rang for ${seconds} s, and nobody picked up`,
        'Call once more, and pick up in time.',
      )
    else
      this.#tell.fail(
        `the PBX took the call, and no phone rang in ${seconds} s`,
        'See whether the phone is registered at the PBX, and the log of the PBX.',
      )
  }

  #tellEnd(end: LegEnd): void {
    const [says, remedy] = endWords(end)
    const { trunksFile } = this.#config
    const setting = trunksFile === undefined ? 'SIP_TRUNK' : 'TRUNKS_FILE'
    const steps = this.#legs.ladder(this.#call).map(({ direction, line }) => {
      return `${direction === 'out' ? '→' : '←'} ${line}`
    })
    const ladder = steps.length === 0 ? '' : ` [${steps.join(', ')}]`
    this.#tell.fail(`${says}${ladder}`, remedy.replace('SIP_TRUNK', setting))
  }
}

/** What came of a call that was never answered: what it says, and what to do. */
export function endWords(end: LegEnd): readonly [says: string, remedy: string] {
  switch (end.kind) {
    case 'refused':
      return [`the PBX refuses the call with ${end.status} ${end.reason}`, refusalRemedy(end.status)]
    case 'silent':
      return [
        'the PBX answers nothing to a call',
        'Check that it takes calls from this machine: its log says why it drops them.',
      ]
    case 'unsendable':
    case 'unable':
    case 'lost':
      return [
        `the call could not be made: ${end.detail}`,
        tlsRemedy(end.detail) ?? 'Check SIP_TRUNK, and the lines above.',
      ]
    case 'full':
      return ['all lines of the trunk are taken', 'Wait for a line, or raise "maxCalls" of the trunk.']
    case 'hungUp':
    case 'released':
      return ['the call was ended before it was answered', 'Call once more.']
  }
}

function refusalRemedy(status: number): string {
  switch (status) {
    case 401:
    case 407:
      return 'Check user and password of SIP_TRUNK: the PBX does not take them.'
    case 403:
      return 'Let the PBX allow calls from the trunk to this number (its context, calling search space or class of service), and the caller ID that it shows.'
    case 404:
    case 484:
      return 'The dial plan of the PBX has no such number for calls from the trunk: check its context or calling search space, and how the trunk wants numbers ("numbers" in TRUNKS_FILE). Asterisk says so of a phone that is not registered, too.'
    case 480:
    case 410:
      return 'See whether the phone is registered at the PBX.'
    case 486:
    case 600:
      return 'The phone is busy: hang up, and call once more.'
    case 603:
      return 'Somebody has declined it: call once more, and pick up.'
    case 415:
    case 488:
    case 606:
      return 'Allow G.711 (alaw, ulaw) for the trunk and the phone: the bot speaks nothing else.'
    default:
      return 'See the log of the PBX for this call.'
  }
}

/** Percent of packets lost, and milliseconds of jitter, from which on a call sounds bad. */
const LOSSY = 2
const UNSTEADY = 30

type Where = { readonly at: string; readonly range: string; readonly keys: string }

/** @param seconds that the sound was measured */
export function tellSound(measured: Measured, seconds: number, { at, range, keys }: Where, tell: Tell): void {
  const { heard, sent, told } = measured
  const quality = (lost: number, jitter: number) => `${lost} lost, jitter ${jitter.toFixed(1)} ms`
  if (!heard)
    tell.fail(
      `nothing is heard from the phone: no packet has come to ${at}`,
      `Check RTP_ADVERTISE (the phone is told ${at}) and that the firewall lets UDP ${range} in; a phone that is muted may send nothing.`,
      { figures: { heard: 0 } },
    )
  else {
    const { packets, lost, jitter } = heard
    const says = `the phone is heard: ${packets} packets in ${seconds.toFixed(1)} s, ${quality(lost, jitter)}`
    const about = { figures: { heard: packets, lost, jitter: round(jitter) } }
    if (lost * 100 > LOSSY * (packets + lost) || jitter > UNSTEADY)
      tell.warn(
        says,
        'The network between phone, PBX and this machine loses or delays packets: give voice priority there.',
        about,
      )
    else if (packets < (seconds * RATE) / 2)
      tell.warn(
        says,
        'Far fewer packets than 50 a second: turn silence suppression off at phone and PBX.',
        about,
      )
    else tell.ok(says, about)
  }
  const out = `${sent} packets were sent to the phone`
  if (told === 'nothing' || sent === 0)
    tell.fail(
      `${out}, and the far side says that it hears nothing`,
      'Let the firewall pass UDP from this machine to PBX and phones; the PBX must not tell an address that this machine cannot reach.',
      { figures: { sent } },
    )
  else if (told) {
    const says = `${out}; the far side tells of them: ${quality(told.lost, told.jitter)}`
    const about = { figures: { sent, lost: told.lost, jitter: round(told.jitter) } }
    if (told.lost * 100 > LOSSY * sent)
      tell.warn(
        says,
        'The network between this machine, PBX and phone loses packets: give voice priority there.',
        about,
      )
    else tell.ok(says, about)
  } else if (keys !== '') tell.ok(`${out}, and a key was pressed on the phone`, { figures: { sent } })
  else
    tell.warn(
      `${out}; what became of them is not told (no RTCP has come)`,
      heard ? 'Did you hear three notes, then yourself? Then all is well.' : 'Mend what is above first.',
      { figures: { sent } },
    )
}

const round = (ms: number) => Math.round(ms * 10) / 10
