import type { Codec } from './g711.ts'

/**
 * Offer and answer of one phone (RFC 3264 over RFC 4566): one audio stream, G.711 and telephone-event. The
 * `o=` line keeps its id through the call, and its version grows with each change (RFC 3264 8).
 */
export type Far = {
  readonly address: string
  readonly port: number
  readonly codec: { readonly name: Codec; readonly type: number }
  /** Payload type of RFC 4733 key presses, where both sides have it. */
  readonly keys?: number
  /** What this phone may do towards the far side: false while it is put on hold. */
  readonly send: boolean
}

type Media = {
  readonly kind: string
  readonly port: number
  readonly protocol: string
  readonly types: readonly number[]
  readonly names: ReadonlyMap<number, string>
  readonly address: string | undefined
  readonly direction: Direction
}
type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

const STATIC = new Map([
  [0, 'PCMU/8000'],
  [8, 'PCMA/8000'],
])
const TYPE_OF = { PCMU: 0, PCMA: 8 } as const
const KEYS = 'telephone-event/8000'
const KEYS_TYPE = 101

export class SdpSession {
  readonly #host: string
  readonly #port: number
  readonly #codecs: readonly Codec[]
  readonly #id = Math.floor(Date.now() / 1000)
  #version = 0
  #last = ''

  /** @param codecs what the phone has, in its order of preference */
  constructor(host: string, port: number, codecs: readonly Codec[]) {
    this.#host = host
    this.#port = port
    this.#codecs = codecs
  }

  /** The phone's own offer: everything that it can. */
  offer(): string {
    const types = this.#codecs.map((name) => TYPE_OF[name])
    const maps = this.#codecs.map((name) => `a=rtpmap:${TYPE_OF[name]} ${name}/8000`)
    return this.#write([
      `m=audio ${this.#port} RTP/AVP ${types.join(' ')} ${KEYS_TYPE}`,
      ...maps,
      `a=rtpmap:${KEYS_TYPE} ${KEYS}`,
      `a=fmtp:${KEYS_TYPE} 0-15`,
      'a=ptime:20',
      'a=sendrecv',
    ])
  }

  /** Answers an offer: each of its m-lines in its place, its payload types kept. Undefined without a common codec. */
  answer(text: string): { readonly sdp: string; readonly far: Far } | undefined {
    const offered = parseSdp(text)
    const chosen = offered.findIndex((media) => this.#far(media) !== undefined)
    const audio = offered[chosen]
    const far = audio && this.#far(audio)
    if (!audio || !far) return undefined
    const lines = offered.flatMap((media, index) =>
      index === chosen
        ? this.#accepted(media)
        : [`m=${media.kind} 0 ${media.protocol} ${media.types.join(' ')}`],
    )
    return { sdp: this.#write(lines), far }
  }

  /** Reads the answer to this phone's offer. */
  take(text: string): Far | undefined {
    return parseSdp(text)
      .map((media) => this.#far(media))
      .find((far) => far !== undefined)
  }

  #accepted(media: Media): string[] {
    const types = media.types.filter((type) => this.#codecOf(media, type) ?? isKeys(media, type))
    return [
      `m=audio ${this.#port} RTP/AVP ${types.join(' ')}`,
      ...types.map((type) => `a=rtpmap:${type} ${media.names.get(type) ?? ''}`),
      ...types.filter((type) => isKeys(media, type)).map((type) => `a=fmtp:${type} 0-15`),
      'a=ptime:20',
      `a=${mirrored(media.direction)}`,
    ]
  }

  #far(media: Media): Far | undefined {
    if (media.kind !== 'audio' || media.port === 0 || media.address === undefined) return undefined
    if (media.protocol !== 'RTP/AVP') return undefined
    const type = media.types.find((t) => this.#codecOf(media, t) !== undefined)
    const name = type === undefined ? undefined : this.#codecOf(media, type)
    if (type === undefined || name === undefined) return undefined
    const keys = media.types.find((t) => isKeys(media, t))
    // RFC 2543 told hold by the address 0.0.0.0, and some PBXs still do.
    const send = media.address !== '0.0.0.0' && /sendrecv|recvonly/.test(media.direction)
    return {
      address: media.address,
      port: media.port,
      codec: { name, type },
      ...(keys === undefined ? {} : { keys }),
      send,
    }
  }

  #codecOf(media: Media, type: number): Codec | undefined {
    const name = media.names.get(type)?.toUpperCase()
    return this.#codecs.find((codec) => name === `${codec}/8000`)
  }

  #write(media: readonly string[]): string {
    const body = media.join('\r\n')
    if (body !== this.#last) this.#version += 1
    this.#last = body
    const origin = `o=phone ${this.#id} ${this.#version} IN IP4 ${this.#host}`
    return ['v=0', origin, 's=-', `c=IN IP4 ${this.#host}`, 't=0 0', body, ''].join('\r\n')
  }
}

function parseSdp(text: string): Media[] {
  const [session = '', ...sections] = text.split(/\r?\n(?=m=)/)
  return sections.flatMap((section) => {
    const line = /^m=(\S+) (\d{1,5})(?:\/\d+)? (\S+) ([\d ]+)/.exec(section)
    if (!line) return []
    const [, kind = '', port = '', protocol = '', formats = ''] = line
    const types = formats.trim().split(/ +/).map(Number)
    const mapped = [...section.matchAll(/^a=rtpmap:(\d+) ([^\s/]+\/\d+)/gm)]
    const names = new Map([...STATIC, ...mapped.map(([, type, name = '']) => [Number(type), name] as const)])
    return [
      {
        kind,
        port: Number(port),
        protocol,
        types,
        names,
        address: connection(section) ?? connection(session),
        direction: direction(section) ?? direction(session) ?? 'sendrecv',
      },
    ]
  })
}

function connection(section: string): string | undefined {
  return /^c=IN IP4 ([\d.]+)/m.exec(section)?.[1]
}

function direction(section: string): Direction | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(section)?.[1] as Direction | undefined
}

function isKeys(media: Media, type: number): boolean {
  return media.names.get(type)?.toLowerCase() === KEYS
}

/** RFC 3264 6.1: what the answerer may say to each direction, when it wants to do all that it may. */
function mirrored(offered: Direction): Direction {
  return offered === 'sendonly' ? 'recvonly' : offered === 'recvonly' ? 'sendonly' : offered
}
