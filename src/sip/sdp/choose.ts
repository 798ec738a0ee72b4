/** What offer and answer come to: for the bot's own RTP endpoint, and between two phones. */
import { isIP, isIPv6 } from 'node:net'

import type { Format, RemoteMedia } from '../../media/endpoint.ts'
import { SdpFault } from './parse.ts'
import type { Codec, Direction, MediaLine, Sdp } from './parse.ts'
import { usableLine } from './session.ts'
import type { Audio } from './session.ts'

/** What the bot's own endpoint speaks, best first. */
export const OWN_CODECS: readonly Codec[] = [
  { type: 8, name: 'PCMA', rate: 8000, channels: 1 },
  { type: 0, name: 'PCMU', rate: 8000, channels: 1 },
  { type: 101, name: 'TELEPHONE-EVENT', rate: 8000, channels: 1, fmtp: '0-16' },
]

/** The same where its sound goes into a room, which mixes wideband sound as well (RFC 3551 4.5.2 about its rate). */
export const ROOM_CODECS: readonly Codec[] = [
  { type: 9, name: 'G722', rate: 8000, channels: 1 },
  ...OWN_CODECS,
]

const MUX = 'rtcp-mux'

/** Where the bot's own endpoint listens. */
export type Own = { readonly address: string; readonly port: number }

/** The bot's endpoint as an offer. */
export function ownAudio(own: Own, codecs = OWN_CODECS, direction: Direction = 'sendrecv'): Audio {
  return { address: own.address, port: own.port, codecs, direction, timing: ['ptime:20'] }
}

/**
 * The bot's endpoint as the answer to an offer: those of the offer's codecs that it speaks, under the offer's numbers, in
 * the offer's order.
 * @throws SdpFault when there is no plain audio, or none of its codecs in it
 */
export function ownAnswer(own: Own, offer: Sdp, codecs = OWN_CODECS): Audio {
  const line = audioOf(offer)
  const common = shared(line.codecs, codecs)
  if (!common.some(isSound)) throw new SdpFault('SDP_NO_COMMON_CODEC', `offered: ${namesOf(line)}`)
  const audio = ownAudio(own, common, mirrored(line.direction))
  // RFC 5761 5.1.1: what was offered may be taken; our own offers do not ask for it.
  return line.mux ? { ...audio, timing: [...audio.timing, MUX] } : audio
}

/**
 * How the bot's endpoint talks with this far side.
 * @param told our own description: the far side uses its numbers when it sends
 * @throws SdpFault when they have nothing in common
 */
export function remoteOf(sdp: Sdp, own: Own, told: Pick<Audio, 'codecs' | 'timing'>): RemoteMedia {
  const line = audioOf(sdp)
  const { address, port } = whereOf(line)
  if (isIPv6(address) !== isIPv6(own.address))
    throw new SdpFault('SDP_OTHER_FAMILY', `its address is ${address}`)
  const receive = shared(told.codecs, ROOM_CODECS)
  const send = shared(line.codecs, receive)
  if (!send.some(isSound)) throw new SdpFault('SDP_NO_COMMON_CODEC', `answered: ${namesOf(line)}`)
  return {
    address,
    port,
    send: send.map(formatOf),
    receive: receive.map(formatOf),
    listens: line.direction !== 'sendonly' && line.direction !== 'inactive' && !isHoldAddress(address),
    // Who holds may play music, or nothing.
    speaks: line.direction === 'sendrecv' && !isHoldAddress(address),
    ...(line.mux && told.timing.includes(MUX) ? { rtcp: 'mux' } : rtcpOf(line, { address, port })),
  }
}

/** RFC 3605: `rtcp:<port> [IN IP4 <address>]`; else the port above, where there is one. */
function rtcpOf({ timing }: MediaLine, { address, port }: Own): { readonly rtcp?: Own } {
  const [, told, elsewhere] =
    timing.map((value) => /^rtcp: *(\d{1,5})(?: +IN +IP[46] +(\S+))?/.exec(value)).find(Boolean) ?? []
  const number = Number(told ?? port + 1)
  const isFit =
    number > 0 && number < 65_536 && (elsewhere === undefined || isIP(elsewhere) === isIP(address))
  if (isFit) return { rtcp: { address: elsewhere ?? address, port: number } }
  return port < 65_535 ? { rtcp: { address, port: port + 1 } } : {}
}

/**
 * A phone's audio, to be shown to the other phone.
 * @param held may it be put on hold by address (RFC 3264 8.4)? The other phone is then told so in the newer words too
 * @throws SdpFault when it cannot be reached directly: no plain audio, no address
 */
export function passOn(sdp: Sdp, held = false): Audio {
  const line = audioOf(sdp)
  const { address, port } = whereOf(line)
  const { codecs, timing } = line
  if (held && isHoldAddress(address)) return { address, port, codecs, direction: 'inactive', timing }
  if (isHoldAddress(address)) throw new SdpFault('SDP_NO_ADDRESS', 'it is on hold (0.0.0.0)')
  return { address, port, codecs, direction: line.direction, timing }
}

/** What is left of an answer when only that may stand in it which was offered; at least one codec that sounds. */
export function within(answer: Audio, offered: readonly Codec[]): Audio {
  const codecs = shared(answer.codecs, offered)
  if (!codecs.some(isSound)) throw new SdpFault('SDP_NO_COMMON_CODEC', 'the two phones share no codec')
  return { ...answer, codecs }
}

/** Audio that a leg was told before, as the answer to a new offer of its far side. @throws SdpFault */
export function standing(told: Audio, offer: Sdp): Audio {
  const line = audioOf(offer)
  whereOf(line)
  const offered = mirrored(line.direction)
  const sends = offered.startsWith('send') && told.direction.startsWith('send')
  const hears = /recv$|recvonly/.test(offered) && /recv$|recvonly/.test(told.direction)
  const direction = sends ? (hears ? 'sendrecv' : 'sendonly') : hears ? 'recvonly' : 'inactive'
  return { ...within(told, line.codecs), direction }
}

/** The audio line with its codecs. @throws SdpFault SDP_NO_AUDIO */
function audioOf(sdp: Sdp): MediaLine {
  const line = usableLine(sdp)
  if (line) return line
  const lines = sdp.lines.map(({ kind, port, proto }) => `${kind} ${port} ${proto}`).join(', ')
  throw new SdpFault('SDP_NO_AUDIO', `its lines: ${lines || 'none'}`)
}

function whereOf({ address, port }: MediaLine): Own {
  if (address instanceof SdpFault) throw address
  return { address, port }
}

/** RFC 3264 6.1: what an answer says to an offer's direction when we would do anything. */
function mirrored(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly'
  return direction === 'recvonly' ? 'sendonly' : direction
}

const isHoldAddress = (address: string) => address === '0.0.0.0' || address === '::'
const isEvent = ({ name }: Codec) => name === 'TELEPHONE-EVENT'
const isSound = (codec: Codec) => !isEvent(codec) && codec.name !== 'CN'
/** Those of the first that are among the others too. */
const shared = (codecs: readonly Codec[], others: readonly Codec[]) =>
  codecs.filter((codec) => others.some((other) => isSame(codec, other)))
const isSame = (a: Codec, b: Codec) => a.name === b.name && a.rate === b.rate && a.channels === b.channels
const namesOf = ({ codecs }: MediaLine) => codecs.map(({ name }) => name).join(', ') || 'nothing known'

function formatOf({ name, type }: Codec): Format {
  const isVoice = name === 'PCMA' || name === 'PCMU' || name === 'G722'
  return { codec: isVoice ? name : 'telephone-event', type }
}
