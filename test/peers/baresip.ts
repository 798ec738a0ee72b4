/**
 * A real phone: baresip, told what to do and heard over its ctrl_tcp module. It says a tone for as long as it is
 * in a call, and writes down what it hears, so that a test can tell who talks to whom.
 */
import { EventEmitter, once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Child } from './child.ts'
import { program } from './debian.ts'
import { freePort, freeRange } from './ports.ts'
import { readWav, strength, tail, tone, toWav } from './tone.ts'

export type PhoneOptions = {
  readonly name: string
  /** The tone that it says, Hz. */
  readonly says: number
  /** Its own address: a PBX tells phones and trunks apart by it. Default 127.0.0.2. */
  readonly address?: string
  /** The PBX to register with; without one it takes calls at its own address only. */
  readonly pbx?: { readonly port: number; readonly password: string; readonly address?: string }
  /** Speaks TLS with the PBX: its own certificate and key in one PEM file, and the authority that it trusts. */
  readonly tls?: { readonly certificate: string; readonly ca: string }
  /** What it answers when it is asked who is calling, without a PBX too. */
  readonly password?: string
  readonly answers?: 'manually' | 'at once'
  /** What it speaks, best first; default PCMA, PCMU. */
  readonly codecs?: readonly ('PCMA' | 'PCMU' | 'G722')[]
  /** Seconds of tone; default 60. */
  readonly seconds?: number
}

/** What baresip tells: `type` is CALL_INCOMING, CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED, REGISTER_OK … */
export type PhoneEvent = {
  readonly type: string
  readonly peeruri?: string
  readonly param?: string
  readonly direction?: 'incoming' | 'outgoing'
}

export class Phone {
  readonly name: string
  readonly address: string
  /** Where it listens, UDP and TCP. */
  readonly port: number
  /** All that it has told, oldest first. */
  readonly events: PhoneEvent[] = []
  readonly #arrivals = new EventEmitter().setMaxListeners(0)
  readonly #child: Child
  readonly #root: string
  #control: Socket | undefined
  #rest = Buffer.alloc(0)
  #seen = 0

  private constructor(options: { name: string; address: string; port: number; child: Child; root: string }) {
    this.name = options.name
    this.address = options.address
    this.port = options.port
    this.#child = options.child
    this.#root = options.root
  }

  /** Starts it; resolves when it is ready, and registered where it has a PBX. */
  static async start(options: PhoneOptions): Promise<Phone> {
    const baresip = await program('baresip')
    const root = mkdtempSync(join(tmpdir(), 'baresip-'))
    const address = options.address ?? '127.0.0.2'
    const [port, control, rtp] = [await freePort(address), await freePort(), await freeRange(20)]
    const modules = join(baresip.root, 'usr/lib/baresip/modules')
    mkdirSync(join(root, 'heard'))
    const rate = options.codecs?.includes('G722') === true ? 16_000 : 8000
    writeFileSync(join(root, 'says.wav'), toWav(tone(options.says, options.seconds ?? 60, rate)))
    writeFileSync(
      join(root, 'config'),
      config({ root, modules, address, port, control, rtp, rate, tls: options.tls }),
    )
    writeFileSync(join(root, 'accounts'), `${account(options, address)}\n`)
    writeFileSync(join(root, 'contacts'), '')
    // -s traces SIP: a failing test prints it.
    const child = new Child(baresip, ['-s', '-f', root], { cwd: root, env: { HOME: root } })
    const phone = new Phone({ name: options.name, address, port, child, root })
    try {
      await phone.#connect(control)
      // It may have registered before anybody listened to its events.
      await child.says(options.pbx ? /200 OK .*\[1 binding\]/ : /baresip is ready/)
      return phone
    } catch (cause) {
      await phone.stop()
      throw new Error(`baresip ${options.name} did not start:\n${child.said.slice(-4000)}`, { cause })
    }
  }

  /** Where it can be called without a PBX. */
  get uri(): string {
    return `sip:${this.name}@${this.address}:${this.port}`
  }

  /** Its SIP messages and whatever else it said. */
  get log(): string {
    return this.#child.said.replace(/\x1b\[[\d;]*m|\r/g, '')
  }

  /** Rings until answered or given up; resolves when the call has begun, with who the caller says to be. */
  async rings(within = 10_000): Promise<PhoneEvent> {
    return await this.tells('CALL_INCOMING', within)
  }

  /** Answers, and resolves when the call is established. */
  async picksUp(): Promise<void> {
    this.#command('accept')
    await this.talks()
  }

  /** Hangs up, or declines a call that rings. */
  async hangsUp(): Promise<void> {
    this.#command('hangup')
    await this.isFree()
  }

  dials(uri: string): void {
    this.#command('dial', uri)
  }

  holds(): void {
    this.#command('hold')
  }

  resumes(): void {
    this.#command('resume')
  }

  /** Presses keys in a call, as RFC 4733 events. */
  presses(digits: string): void {
    for (const digit of digits) this.#command('sndcode', digit)
  }

  /** Resolves when a call is established. */
  async talks(within = 10_000): Promise<PhoneEvent> {
    return await this.tells('CALL_ESTABLISHED', within)
  }

  /** Resolves when a call has ended, with the reason in `param`. */
  async isFree(within = 10_000): Promise<PhoneEvent> {
    return await this.tells('CALL_CLOSED', within)
  }

  /**
   * Resolves with the next event of a kind that no earlier call has resolved with.
   * @throws Error with its log when it does not come in time
   */
  async tells(type: string, within = 10_000): Promise<PhoneEvent> {
    const late = AbortSignal.timeout(within)
    for (;;) {
      const index = this.events.findIndex((event, i) => i >= this.#seen && event.type === type)
      const event = this.events[index]
      if (event) {
        this.#seen = index + 1
        return event
      }
      if (late.aborted || this.#child.hasEnded) {
        const told = this.events.map((e) => e.type).join(', ')
        throw new Error(
          `${this.name} told of no ${type} in ${within} ms, but of: ${told}\n${this.log.slice(-6000)}`,
        )
      }
      await once(this.#arrivals, 'event', { signal: late }).catch(() => undefined)
    }
  }

  /**
   * Resolves when half a second of nothing but this tone has been heard.
   * @param share how much of it must be that tone: 0 to 1; a busy tone is silent half the time
   * @param pace as for loudness
   * @throws Error when it is not heard in time
   */
  async hears(hz: number, within = 6000, share = 0.8, pace = 0): Promise<void> {
    const end = performance.now() + within
    while (this.loudness(hz, pace) < share) {
      if (performance.now() > end) {
        const heard = this.loudness(hz, pace).toFixed(2)
        throw new Error(`${this.name} does not hear ${hz} Hz, but ${heard} of it\n${this.log.slice(-6000)}`)
      }
      // It writes as it hears: there is no event for a tone.
      await pause(100)
    }
  }

  /**
   * Resolves when next to nothing of the last half second heard was this tone.
   * @param pace as for loudness
   * @throws Error when it goes on
   */
  async isSpared(hz: number, pace = 0, within = 6000): Promise<void> {
    const end = performance.now() + within
    while (this.loudness(hz, pace) >= 0.05) {
      if (performance.now() > end) throw new Error(`${this.name} goes on hearing ${hz} Hz`)
      await pause(100)
    }
  }

  /**
   * How much of the last half second heard is one frequency: 0 to 1.
   * @param pace the share by which it may be played faster or slower on its way, as a jitter buffer does: the
   *   strongest so near counts
   */
  loudness(hz: number, pace = 0): number {
    const heard = this.#heard()
    if (!heard) return 0
    const sound = tail(heard, 0.5)
    const off = Math.ceil(hz * pace)
    // Half a second tells frequencies apart that are 2 Hz from each other.
    return Math.max(...Array.from({ length: 2 * off + 1 }, (_, i) => strength(sound, hz - off + i)))
  }

  /** The most that one frequency, as it is sent, ever had of half a second of this call. */
  loudest(hz: number): number {
    const { rate, samples } = this.#heard() ?? { rate: 2, samples: new Int16Array(0) }
    const half = rate / 2
    return Math.max(
      0,
      ...Array.from({ length: Math.floor(samples.length / half) }, (_, i) =>
        strength({ rate, samples: samples.subarray(i * half, (i + 1) * half) }, hz),
      ),
    )
  }

  /** All that it has heard in its last call. */
  #heard() {
    const heard = readdirSync(join(this.#root, 'heard'))
      .filter((name) => name.endsWith('-dec.wav'))
      .sort()
    const last = heard.at(-1)
    return last === undefined ? undefined : readWav(join(this.#root, 'heard', last))
  }

  async stop(): Promise<void> {
    this.#control?.destroy()
    // It would take leave of a PBX that may be gone already.
    await this.#child.stop(200)
    rmSync(this.#root, { recursive: true, force: true })
  }

  #command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params })
    this.#control?.write(`${Buffer.byteLength(text)}:${text},`)
  }

  async #connect(port: number): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (this.#child.hasEnded) throw new Error('it ended')
      const socket = connect(port, '127.0.0.1')
      const open = await once(socket, 'connect').then(
        () => true,
        () => false,
      )
      if (open) {
        this.#control = socket.on('data', (bytes: Buffer) => this.#take(bytes)).on('error', () => undefined)
        return
      }
      await pause(30)
    }
    throw new Error('its control port does not listen')
  }

  /** Netstrings (`<bytes>:<json>,`) of events, and of responses to commands. */
  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (;;) {
      const colon = this.#rest.indexOf(':')
      const size = Number(this.#rest.toString('latin1', 0, colon))
      if (colon < 1 || this.#rest.length < colon + 1 + size + 1) break
      const told = JSON.parse(this.#rest.toString('utf8', colon + 1, colon + 1 + size)) as {
        event?: boolean
      } & PhoneEvent
      this.#rest = this.#rest.subarray(colon + 1 + size + 1)
      if (told.event) this.events.push(told)
    }
    this.#arrivals.emit('event')
  }
}

type Places = {
  readonly root: string
  readonly modules: string
  readonly address: string
  readonly port: number
  readonly control: number
  readonly rtp: number
  /** Samples a second of what it says and hears. */
  readonly rate: number
  readonly tls: PhoneOptions['tls']
}

/**
 * No jitter buffer: it takes packets for late, for ever, when a PBX's sequence numbers step back as it goes over
 * to passing packets through.
 */
function config(places: Places): string {
  const modules = ['g711', 'g722', 'aufile', 'aubridge', 'sndfile', 'account', 'menu', 'ctrl_tcp']
  const tls = places.tls ? `sip_certificate ${places.tls.certificate}\nsip_cafile ${places.tls.ca}\n` : ''
  return `sip_listen ${places.address}:${places.port}
${tls}audio_source aufile,${join(places.root, 'says.wav')}
audio_player aubridge,nobody
audio_alert aubridge,alert
ausrc_srate ${places.rate}
ausrc_channels 1
auplay_srate ${places.rate}
auplay_channels 1
rtp_ports ${places.rtp}-${places.rtp + 19}
rtp_timeout 0
jitter_buffer_delay 0-0
net_interface ${places.address}
ctrl_tcp_listen 127.0.0.1:${places.control}
snd_path ${join(places.root, 'heard')}
ringback_disabled yes
module_path ${places.modules}
${modules.map((name) => `module ${name}.so`).join('\n')}
`
}

function account(
  { name, pbx, password = pbx?.password, answers = 'manually', tls, codecs = ['PCMA', 'PCMU'] }: PhoneOptions,
  address: string,
): string {
  const answermode = answers === 'at once' ? 'auto' : 'manual'
  const host = pbx ? `${pbx.address ?? '127.0.0.1'}:${pbx.port}` : address
  const auth = password === undefined ? '' : `auth_user=${name};auth_pass=${password};`
  return `<sip:${name}@${host};transport=${tls ? 'tls' : 'udp'}>;${auth}regint=${pbx ? 600 : 0};answermode=${answermode};audio_codecs=${codecs.map(baresipName).join(',')}`
}

/** It counts samples, where SDP counts ticks. */
const baresipName = (codec: string) => (codec === 'G722' ? 'G722/16000/1' : codec)
