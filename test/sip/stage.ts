/** A signalling server, a trunk with a scripted phone behind it, and the legs of the bot, for one test. */
import type { TestContext } from 'node:test'

import type { Clock, DialLeg, LegReport, Log } from '../../src/app/ports.ts'
import { callId, e164, legId } from '../../src/core/ids.ts'
import type { LegId } from '../../src/core/ids.ts'
import type { Trunk } from '../../src/core/trunk.ts'
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import { createLegs } from '../../src/sip/legs.ts'
import type { LegsOptions, SipLegs } from '../../src/sip/legs.ts'
import type { Dns } from '../../src/sip/resolve.ts'
import type { SipdOptions } from '../../src/sipd/options.ts'
import { startSipd } from '../../src/sipd/start.ts'
import { header, Peer, unique } from '../contract/peer.ts'
import type { Fields, Message } from '../contract/peer.ts'

export { header, headersOf, tag, uriOf } from '../contract/peer.ts'
export type { Message } from '../contract/peer.ts'

const PATIENCE = 8_000
export const A = legId(callId('c_test'), 1)
export const B = legId(callId('c_test'), 2)
export const CALL = callId('c_test')
export const NUMBER = e164('+34910000001')!

export const TRUNK: Trunk = {
  name: 'pbx',
  uri: 'sip:127.0.0.1:5060',
  register: false,
  identity: 'pai',
  privacy: 'none',
  offer: 'early',
  numbers: { out: 'e164', prefix: '', in: 'e164', digits: 4 },
  dtmf: 'rfc4733',
  media: 'direct',
  transfer: 'b2bua',
  redirect: false,
  autoAnswer: false,
  strictPort: false,
}

const nothing = () => undefined
export const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: console.error }
/** Real time, but the waits of the legs themselves pass twenty times as fast. */
export const fastClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 20)
    return () => {
      clearTimeout(timer)
    }
  },
}
export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}

export type Event = LegReport['event']

export class Stage {
  readonly legs: SipLegs
  readonly peer: Peer
  readonly events: Event[] = []
  #waiting: (() => void)[] = []

  /** Takes the signalling server away. */
  readonly breakConnection: () => Promise<void>

  constructor(legs: SipLegs, peer: Peer, breakConnection: () => Promise<void>) {
    this.breakConnection = breakConnection
    this.legs = legs
    this.peer = peer
    legs.onReport(({ event }) => {
      this.events.push(event)
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  /** Takes the next report of this type, also one that came before. */
  async report<T extends Event['type']>(type: T): Promise<Extract<Event, { type: T }>> {
    const giveUp = AbortSignal.timeout(PATIENCE)
    for (;;) {
      const index = this.events.findIndex((event) => event.type === type)
      if (index >= 0) return this.events.splice(index, 1)[0] as Extract<Event, { type: T }>
      await new Promise<void>((wake, fail) => {
        this.#waiting.push(wake)
        giveUp.addEventListener('abort', () => {
          fail(
            new Error(
              `no ${type} was reported; there were ${JSON.stringify(this.events)}\n${this.peer.ladder.join('\n')}`,
            ),
          )
        })
      })
    }
  }

  /** Dials and takes the INVITE. */
  async dial(leg: LegId = A, more: Partial<DialLeg> = {}): Promise<Message> {
    this.legs.dial({
      call: CALL,
      leg,
      to: { kind: 'number', number: NUMBER },
      from: { number: '+34910000099' },
      ...more,
    })
    return this.peer.request('INVITE')
  }

  /** Dials, rings, answers with this SDP, and takes the ACK. @returns the INVITE */
  async answered(
    leg: LegId,
    sdp: string,
    toTag = unique('t'),
  ): Promise<{ invite: Message; ack: Message; side: Side }> {
    const invite = await this.dial(leg)
    this.peer.answer(invite, 180, { tag: toTag })
    this.peer.answer(invite, 200, { tag: toTag, body: sdp })
    const ack = await this.peer.request('ACK')
    await this.report('leg.answered')
    return { invite, ack, side: { invite, tag: toTag } }
  }

  /** A request of the phone inside the dialog. */
  send(
    side: Side,
    method: string,
    seq: number,
    options: { body?: string; fields?: Fields } = {},
  ): Promise<string> {
    const { invite, tag } = side
    return this.peer.send(
      { transport: this.peer.transport, host: '127.0.0.1', port: portOf(invite) },
      {
        method,
        uri: /<([^>]+)>/.exec(header(invite, 'contact'))?.[1] ?? '',
        from: `${header(invite, 'to')};tag=${tag}`,
        to: header(invite, 'from'),
        callId: header(invite, 'call-id'),
        cseq: `${seq} ${method}`,
      },
      options,
    )
  }

  /** The next request of this method in this leg's dialog. */
  inDialog({ invite }: Side, method: string): Promise<Message> {
    const call = header(invite, 'call-id')
    return this.peer.next(
      (message) => message.status === 0 && message.method === method && header(message, 'call-id') === call,
      `${method} in ${call}`,
    )
  }
}

export type Side = { readonly invite: Message; readonly tag: string }

const portOf = (invite: Message) =>
  Number(/:(\d+)/.exec(/<sip:([^>]+)>/.exec(header(invite, 'contact'))?.[1] ?? '')?.[1])

export async function stage(
  t: TestContext,
  options: {
    trunk?: Partial<Trunk>
    transport?: 'udp' | 'tcp'
    clock?: Clock
    log?: Log
    t1?: number
    before?: readonly Trunk[]
    dns?: Dns
    /** The number gate for diversions. */
    follow?: LegsOptions['follow']
    silence?: number
    estate?: LegsOptions['estate']
  } = {},
): Promise<Stage> {
  const peer = await Peer.start(options.transport)
  const bind = [{ transport: options.transport ?? 'udp', host: '127.0.0.1', port: 0 } as const]
  const sipd = await signalling(bind, options.t1 ?? 500)
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [33000, 36999], country: 'ES' })
  // The first OPTIONS asks whether the trunk is there.
  void peer.request('OPTIONS').then(
    (ping) => {
      peer.answer(ping, 200, { tag: 'up' })
    },
    () => undefined,
  )
  const transport = options.transport === 'tcp' ? ';transport=tcp' : ''
  const legs = await createLegs({
    drachtio: sipd.address,
    trunks: [
      ...(options.before ?? []),
      { ...TRUNK, uri: `sip:${peer.hostPort}${transport}`, ...options.trunk },
    ],
    media,
    log: options.log ?? quiet,
    clock: options.clock ?? realClock,
    country: 'ES',
    ...(options.dns ? { dns: options.dns } : {}),
    ...(options.follow ? { follow: options.follow } : {}),
    ...(options.silence === undefined ? {} : { silence: options.silence }),
    ...(options.estate ? { estate: options.estate } : {}),
  })
  t.after(async () => {
    for (const method of ['BYE', 'CANCEL', 'REGISTER']) void answerAll(peer, method)
    await legs.stop()
    await sipd.stop()
    await media.stop()
    peer.close()
  })
  return new Stage(legs, peer, () => sipd.stop())
}

/**
 * sipd; or the real drachtio-server of DRACHTIO_HOST (as in test/contract), which a test cannot take away.
 * @param t1 in milliseconds; a real server keeps its own
 */
async function signalling(
  bind: SipdOptions['bind'],
  t1: number,
): Promise<{ address: { host: string; port: number; secret: string }; stop: () => Promise<void> }> {
  const secret = process.env['DRACHTIO_SECRET'] ?? 'cymru'
  const host = process.env['DRACHTIO_HOST']
  if (host !== undefined) {
    const port = Number(process.env['DRACHTIO_PORT'] ?? 9022)
    return { address: { host, port, secret }, stop: () => Promise.resolve() }
  }
  const control = { host: '127.0.0.1', port: 0 }
  const sipd = await startSipd({ bind, control, secret, t1, worker: false })
  return { address: { ...control, port: sipd.controlPort, secret }, stop: () => sipd.stop() }
}

/** The phone plays along when a test is over. */
async function answerAll(peer: Peer, method: string): Promise<void> {
  try {
    for (;;) peer.answer(await peer.request(method), 200)
  } catch {
    // Nothing more came.
  }
}

export type SdpParts = {
  port: number
  address?: string
  codecs?: string[]
  direction?: string
  version?: number
}

/** A phone's SDP: `codecs` are rtpmap values, `'8 PCMA/8000'`. */
export function sdp({
  port,
  address = '127.0.0.1',
  codecs = ['8 PCMA/8000', '101 telephone-event/8000'],
  direction = 'sendrecv',
  version = 1,
}: SdpParts): string {
  const types = codecs.map((codec) => codec.split(' ')[0])
  return [
    'v=0',
    `o=phone ${port} ${version} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')}`,
    ...codecs.map((codec) => `a=rtpmap:${codec}`),
    `a=${direction}`,
    '',
  ].join('\r\n')
}

/** What an SDP says, read by hand. */
export function read(body: string): {
  origin: string
  version: number
  address: string
  audio: string
  port: number
  direction: string
} {
  const [, id = '', version = ''] = /^o=\S+ (\d+) (\d+)/m.exec(body) ?? []
  const audio = /^m=audio .*$/m.exec(body)?.[0] ?? ''
  return {
    origin: id,
    version: Number(version),
    address: /^c=IN IP4 (\S+)/m.exec(body)?.[1] ?? '',
    audio,
    port: Number(audio.split(' ')[1]),
    direction: /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(body)?.[1] ?? '',
  }
}
