/** Reads SDP (RFC 8866) as far as a telephone call needs it: what cannot be used is told, never guessed. */
import { isIP } from 'node:net'

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** One payload format of an RTP stream. */
export type Codec = {
  readonly type: number
  /** As registered, in capitals (`PCMA`, `TELEPHONE-EVENT`). */
  readonly name: string
  readonly rate: number
  readonly channels: number
  readonly fmtp?: string
}

/** One m-line with what stands below it. */
export type MediaLine = {
  readonly kind: string
  /** 0: declined or ended. */
  readonly port: number
  readonly proto: string
  /** As written, so that a line can be declined with its own formats. */
  readonly formats: readonly string[]
  /** IP literal of one machine; else why there is none, which matters only where this line is used. */
  readonly address: string | SdpFault
  readonly direction: Direction
  readonly codecs: readonly Codec[]
  /** `ptime`, `maxptime` and `rtcp`, as written after `a=`. */
  readonly timing: readonly string[]
  /** It can take RTCP on the RTP port (RFC 5761). */
  readonly mux: boolean
}

export type Sdp = { readonly lines: readonly MediaLine[] }

export type SdpFaultCode =
  | 'SDP_TOO_LARGE'
  | 'SDP_MALFORMED'
  | 'SDP_NO_ADDRESS'
  | 'SDP_MULTICAST'
  | 'SDP_NAME_FOR_ADDRESS'
  | 'SDP_OTHER_FAMILY'
  | 'SDP_NO_AUDIO'
  | 'SDP_NO_COMMON_CODEC'

/** A session description that cannot be used, and why. */
export class SdpFault extends Error {
  readonly code: SdpFaultCode
  readonly remedy = 'See the SIP ladder of the call; the phone or PBX has to offer plain RTP audio with G.711'

  constructor(code: SdpFaultCode, message: string) {
    super(message)
    this.code = code
  }
}

const MOST_CHARACTERS = 16_384
const MOST_LINES = 32
const MOST_FORMATS = 64

// RFC 3551 table 4.
const STATIC: Readonly<Record<number, readonly [string, number]>> = {
  0: ['PCMU', 8000],
  3: ['GSM', 8000],
  4: ['G723', 8000],
  8: ['PCMA', 8000],
  9: ['G722', 8000],
  13: ['CN', 8000],
  15: ['G728', 8000],
  18: ['G729', 8000],
}

type Draft = {
  kind: string
  port: number
  proto: string
  formats: string[]
  address: string | SdpFault | undefined
  direction: Direction | undefined
  maps: Map<number, Omit<Codec, 'fmtp'>>
  fmtps: Map<number, string>
  timing: string[]
  mux: boolean
}

/**
 * Reads a session description. Every m-line is kept in its place, those that nobody here can use too.
 * @throws SdpFault when it is too large, or its lines cannot be told from one another
 */
export function parseSdp(text: string): Sdp {
  if (text.length > MOST_CHARACTERS) throw new SdpFault('SDP_TOO_LARGE', `${text.length} characters`)
  if (!text.startsWith('v=0')) throw new SdpFault('SDP_MALFORMED', 'it does not begin with v=0')
  if (text.includes('\0')) throw new SdpFault('SDP_MALFORMED', 'there is a NUL in it')
  let address: string | SdpFault | undefined
  let direction: Direction | undefined
  const drafts: Draft[] = []
  // A bare CR too: what is passed on to another phone must not be a line to it that was none to us.
  for (const line of text.split(/\r\n|\n|\r/)) {
    const draft = drafts.at(-1)
    const value = line.slice(2)
    if (line.startsWith('m=')) {
      if (drafts.length === MOST_LINES) throw new SdpFault('SDP_TOO_LARGE', `more than ${MOST_LINES} m-lines`)
      drafts.push(mediaLine(value))
    } else if (line.startsWith('c=')) {
      if (draft) draft.address = connection(value)
      else address = connection(value)
    } else if (line.startsWith('a=')) {
      if (draft) attribute(draft, value)
      else direction = directionOf(value) ?? direction
    }
  }
  return { lines: drafts.map((draft) => finish(draft, address, direction)) }
}

/** `audio 49170 RTP/AVP 8 0 101` */
function mediaLine(value: string): Draft {
  const [kind, ports, proto, ...formats] = value.trim().split(/ +/)
  const port = Number(/^(\d{1,5})(?:\/\d{1,5})?$/.exec(ports ?? '')?.[1] ?? NaN)
  // Some leave a line that they decline without any format.
  if (!kind || !proto || (formats.length === 0 && port !== 0) || !(port <= 65535))
    throw new SdpFault('SDP_MALFORMED', `m=${value.slice(0, 60)}`)
  if (formats.length > MOST_FORMATS) throw new SdpFault('SDP_TOO_LARGE', `more than ${MOST_FORMATS} formats`)
  return {
    kind,
    port,
    proto,
    formats: formats.length === 0 ? ['0'] : formats,
    address: undefined,
    direction: undefined,
    maps: new Map(),
    fmtps: new Map(),
    timing: [],
    mux: false,
  }
}

/** `IN IP4 192.0.2.1` */
function connection(value: string): string | SdpFault {
  const [net, , text = ''] = value.trim().split(/ +/)
  const told = `c=${value.slice(0, 60)}`
  const [address = ''] = text.split('/')
  if (net !== 'IN' || address === '') return new SdpFault('SDP_MALFORMED', told)
  // A name would have to be looked up in the middle of a call, and could be anybody's; so could a zone.
  if (isIP(address) === 0 || address.includes('%')) return new SdpFault('SDP_NAME_FOR_ADDRESS', told)
  const many = /^(?:22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff/i.test(address) || text !== address
  return many ? new SdpFault('SDP_MULTICAST', told) : address
}

function attribute(draft: Draft, value: string): void {
  const colon = value.indexOf(':')
  const name = colon < 0 ? value : value.slice(0, colon)
  switch (name) {
    case 'rtpmap': {
      const [, type, codec, rate, channels] =
        /^rtpmap: *(\d{1,3}) +([^/ ]+)\/(\d+)(?:\/(\d+))?/.exec(value) ?? []
      if (codec && Number(type) < 128)
        draft.maps.set(Number(type), {
          type: Number(type),
          name: codec.toUpperCase(),
          rate: Number(rate),
          channels: Number(channels ?? 1),
        })
      return
    }
    case 'fmtp': {
      const [, type, parameters] = /^fmtp: *(\d{1,3}) +(.+)/.exec(value) ?? []
      if (parameters) draft.fmtps.set(Number(type), parameters)
      return
    }
    case 'ptime':
    case 'maxptime':
    case 'rtcp':
      if (!draft.timing.some((known) => known.startsWith(`${name}:`))) draft.timing.push(value)
      return
    case 'rtcp-mux':
      draft.mux = true
      return
    default:
      draft.direction = directionOf(value) ?? draft.direction
  }
}

function directionOf(value: string): Direction | undefined {
  return value === 'sendrecv' || value === 'sendonly' || value === 'recvonly' || value === 'inactive'
    ? value
    : undefined
}

function finish(
  draft: Draft,
  address: string | SdpFault | undefined,
  direction: Direction | undefined,
): MediaLine {
  const { kind, port, proto, formats, timing, mux } = draft
  return {
    kind,
    port,
    proto,
    formats,
    address: draft.address ?? address ?? new SdpFault('SDP_NO_ADDRESS', 'no c= line'),
    direction: draft.direction ?? direction ?? 'sendrecv',
    codecs: kind === 'audio' ? [...new Set(formats)].flatMap((format) => codecOf(draft, format)) : [],
    timing,
    mux,
  }
}

function codecOf(draft: Draft, format: string): Codec[] {
  const type = /^\d{1,3}$/.test(format) ? Number(format) : 128
  const fixed = STATIC[type]
  const map =
    draft.maps.get(type) ?? (fixed ? { type, name: fixed[0], rate: fixed[1], channels: 1 } : undefined)
  if (!map) return []
  const fmtp = draft.fmtps.get(type)
  return [fmtp === undefined ? map : { ...map, fmtp }]
}
