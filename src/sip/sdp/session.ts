/**
 * Our side of one leg's session descriptions. Whoever's media a leg is given, its descriptions are those of one
 * session (RFC 3264 8): the same origin with a version that grows, the m-lines in their number and order, and no
 * payload type that means something else than before.
 */
import { randomInt } from 'node:crypto'
import { isIPv6 } from 'node:net'

import type { Codec, Direction, MediaLine, Sdp } from './parse.ts'

/** Audio as one of our m-lines presents it: the bot's own, or that of the other leg's phone. */
export type Audio = {
  readonly address: string
  readonly port: number
  readonly codecs: readonly Codec[]
  readonly direction: Direction
  readonly timing: readonly string[]
}

type Shape = { readonly kind: string; readonly proto: string; readonly formats: readonly string[] }
const FIRST_DYNAMIC = 96
const AUDIO: Shape = { kind: 'audio', proto: 'RTP/AVP', formats: ['8'] }

/** All that has to outlive a process for the session to go on in the next one. */
export type SessionNote = {
  readonly id: number
  readonly host: string
  readonly version: number
  readonly shapes: readonly Shape[]
  readonly audio: number
  readonly types: readonly (readonly [number, string])[]
}

export class Session {
  #id = randomInt(1, 2 ** 47)
  readonly #host: string
  #version = 0
  #shapes: readonly Shape[] = []
  #audio = 0
  #types = new Map<number, string>()

  /** The session of an earlier process. */
  static resumed({ id, host, version, shapes, audio, types }: SessionNote): Session {
    const session = new Session(host)
    session.#id = id
    session.#version = version
    session.#shapes = shapes
    session.#audio = audio
    session.#types = new Map(types)
    return session
  }

  /** @param host IP literal for the o= line */
  constructor(host: string) {
    this.#host = host
  }

  get note(): SessionNote {
    return {
      id: this.#id,
      host: this.#host,
      version: this.#version,
      shapes: this.#shapes,
      audio: this.#audio,
      types: [...this.#types],
    }
  }

  /** An offer with this audio; lines that the leg has had besides stay declined. */
  offer(audio: Audio): string {
    if (this.#shapes.length === 0) this.#shapes = [AUDIO]
    return this.#write(audio)
  }

  /**
   * The answer to an offer of the far side: this audio for the first line that can have it, all others declined.
   * @param audio undefined declines every line
   */
  answer(offer: Sdp, audio: Audio | undefined): string {
    this.heard(offer)
    return this.#write(audio)
  }

  /** Takes note of a description of the far side: its lines, and what its payload types mean. */
  heard(sdp: Sdp): void {
    const line = usableLine(sdp)
    const lines = sdp.lines.map(({ kind, proto, formats }) => ({ kind, proto, formats }))
    if (lines.length >= this.#shapes.length) this.#shapes = lines
    if (!line) return
    this.#audio = sdp.lines.indexOf(line)
    this.#learn(line.codecs)
  }

  /** Those of these codecs whose payload type has no other meaning in this session. */
  free(codecs: readonly Codec[]): readonly Codec[] {
    return codecs.filter((codec) => this.#means(codec.type, codec))
  }

  /** These codecs, under numbers that are free in this session. */
  numbered(codecs: readonly Codec[]): readonly Codec[] {
    return codecs.map((codec) => {
      if (this.#means(codec.type, codec)) return codec
      let type = FIRST_DYNAMIC
      while (!this.#means(type, codec)) type++
      return { ...codec, type }
    })
  }

  #means(type: number, codec: Codec): boolean {
    return (this.#types.get(type) ?? nameOf(codec)) === nameOf(codec)
  }

  #learn(codecs: readonly Codec[]): void {
    for (const codec of codecs) if (!this.#types.has(codec.type)) this.#types.set(codec.type, nameOf(codec))
  }

  #write(audio: Audio | undefined): string {
    this.#version++
    if (audio) this.#learn(audio.codecs)
    const host = connectionOf(this.#host)
    const connection = audio ? connectionOf(audio.address) : host
    let text = `v=0\r\no=dialback ${this.#id} ${this.#version} ${host}\r\ns=-\r\nc=${connection}\r\nt=0 0\r\n`
    for (const [i, shape] of this.#shapes.entries())
      if (i === this.#audio && audio) text += describe(audio)
      else text += `m=${shape.kind} 0 ${shape.proto} ${shape.formats.join(' ')}\r\n`
    return text
  }
}

/** The audio line that this bot can use: plain RTP, not declined; SRTP, video and fax are not. */
export function usableLine(sdp: Sdp): MediaLine | undefined {
  return sdp.lines.find(({ kind, proto, port }) => kind === 'audio' && proto === 'RTP/AVP' && port !== 0)
}

const nameOf = ({ name, rate, channels }: Codec) => `${name}/${rate}/${channels}`
const connectionOf = (address: string) => `IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`

function describe({ port, codecs, direction, timing }: Audio): string {
  let text = `m=audio ${port} RTP/AVP`
  for (const { type } of codecs) text += ` ${type}`
  text += '\r\n'
  for (const { type, name, rate, channels, fmtp } of codecs) {
    const written = name === 'TELEPHONE-EVENT' ? 'telephone-event' : name
    text += `a=rtpmap:${type} ${written}/${rate}${channels > 1 ? `/${channels}` : ''}\r\n`
    if (fmtp !== undefined) text += `a=fmtp:${type} ${fmtp}\r\n`
  }
  for (const value of timing) text += `a=${value}\r\n`
  return `${text}a=${direction}\r\n`
}
