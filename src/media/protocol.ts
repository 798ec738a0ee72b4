/** What the two ends of the media worker say to each other. All of it survives a structured clone. */
import type { Codec } from './codec.ts'
import type { Place } from './far-side.ts'
import type { Tone } from './tones.ts'

/** One payload format of a stream and its number (RFC 3551, RFC 4733). */
export type Format = { readonly codec: Codec | 'telephone-event'; readonly type: number }

/** The far side of a port, as offer and answer left it. */
export type RemoteMedia = {
  /** IP literal and RTP port where it listens; port 0 means nowhere. */
  readonly address: string
  readonly port: number
  /** What it wants to get, best first. */
  readonly send: readonly Format[]
  /** The numbers that we told it to use. Packets of any other type are dropped. */
  readonly receive: readonly Format[]
  /** Whether it wants to hear us (RFC 3264 8.4: not while it holds us without music). */
  readonly listens: boolean
  /** Whether it is to be heard: not while it holds us, with music or without. */
  readonly speaks: boolean
  /** Where it wants RTCP (RFC 3605), or `mux`: where RTP goes (RFC 5761). Unset: the port above. */
  readonly rtcp?: Place | 'mux'
  /** It gets keys by signalling: in a relay those of its peer are reported, and not passed on. */
  readonly keys?: 'signalled'
}

export type WorkerOptions = {
  readonly bind: string
  readonly ports: readonly [first: number, last: number]
  readonly country: string
}

export type Command =
  /** `name` is for whoever comes after us: see `Held`. */
  | { readonly do: 'open'; readonly id: number; readonly name: string }
  | { readonly do: 'remote'; readonly id: number; readonly remote: RemoteMedia }
  | { readonly do: 'play'; readonly id: number; readonly tone: Tone }
  | { readonly do: 'digits'; readonly id: number; readonly digits: string }
  | { readonly do: 'gather'; readonly id: number; readonly on: boolean }
  | { readonly do: 'relay'; readonly id: number; readonly with: number }
  | { readonly do: 'part'; readonly id: number }
  | { readonly do: 'join'; readonly id: number; readonly room: string }
  | { readonly do: 'leave'; readonly id: number }
  | { readonly do: 'mute'; readonly id: number; readonly on: boolean }
  | { readonly do: 'measure'; readonly id: number }
  | { readonly do: 'watch'; readonly id: number; readonly ms: number }
  /** Tells once when the far side has spoken and fallen silent, or after so many milliseconds; 0 ends that. */
  | { readonly do: 'await'; readonly id: number; readonly most: number }
  | { readonly do: 'close'; readonly id: number; readonly after: number }

export type Report =
  | { readonly is: 'open'; readonly id: number; readonly port: number }
  | { readonly is: 'refused'; readonly id: number; readonly reason: string }
  | { readonly is: 'digit'; readonly id: number; readonly digit: string }
  /** The first packet came; `elsewhere` when not from the address that the SDP told. */
  | { readonly is: 'source'; readonly id: number; readonly elsewhere: boolean }
  | { readonly is: 'measured'; readonly id: number; readonly measured: Measured }
  /** Nothing has come for as long as was asked for; or something comes again. */
  | { readonly is: 'sound'; readonly id: number; readonly silent: boolean }
  /** What `await` has asked for. */
  | { readonly is: 'pause'; readonly id: number }
  /** A member of a room has begun to speak, or has ended. */
  | { readonly is: 'speaks'; readonly id: number; readonly on: boolean }

/** How a stream has come through. */
export type Quality = {
  readonly lost: number
  /** Milliseconds (RFC 3550 6.4.1). */
  readonly jitter: number
}

/** The sound of a port in both directions, since the far side's present stream began. */
export type Measured = {
  /** Undefined where nothing has come. */
  readonly heard: (Quality & { readonly packets: number }) | undefined
  /** Packets that have gone out. */
  readonly sent: number
  /** What the far side says of them (RTCP); `nothing`: it reports, and of us it has heard nothing; undefined: no report has come. */
  readonly told: Quality | 'nothing' | undefined
}

/** A port that is open: what a bot that was started anew has to know of it. */
export type Held = {
  readonly id: number
  readonly name: string
  readonly port: number
  readonly elsewhere: boolean
  /** Where it has joined one. */
  readonly room?: string
}
