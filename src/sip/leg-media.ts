/** The media of one leg: its port at the bot, our side of its session, and what both sides have said last. */
import type { MediaPort, RemoteMedia } from '../media/endpoint.ts'
import { OWN_CODECS, ROOM_CODECS, ownAnswer, ownAudio, remoteOf, standing } from './sdp/choose.ts'
import { parseSdp, SdpFault } from './sdp/parse.ts'
import type { Codec, Sdp } from './sdp/parse.ts'
import { Session } from './sdp/session.ts'
import type { Audio, SessionNote } from './sdp/session.ts'

/** All that has to outlive a process for the leg to go on in the next one. */
export type MediaNote = {
  readonly session: SessionNote
  readonly far?: string
  readonly told?: Audio
  readonly offered?: Audio
  readonly heard?: string
}

export class LegMedia {
  /** Anything of `note` has changed. */
  onNews: (() => void) | undefined
  /** How keys go to and from the far side: in its RTP, or by INFO (`dtmf` of its trunk). */
  keys: 'rfc4733' | 'info' = 'rfc4733'
  /** It is in a room, or on its way to one: what the bot offers and answers from now on has wideband sound as well. */
  forRoom = false
  #port: MediaPort | undefined
  #session: Session | undefined
  #far: { readonly text: string; readonly sdp: Sdp } | undefined
  /** The audio that we have presented last, and the far side has taken: the bot's own, or the other phone's. */
  #told: Audio | undefined
  /** The audio of an offer that has no answer yet. */
  #offered: Audio | undefined
  /** The offer of the INVITE: each fork answers it for itself. */
  #first: Audio | undefined
  /** The To tag of the one that the port talks with. */
  #fork: string | undefined
  /** The description by which the port talks. */
  #heard: string | undefined

  /** The port at the bot; undefined before it is open, and after it was freed. */
  get port(): MediaPort | undefined {
    return this.#port
  }

  /** Undefined before there is a session. */
  get note(): MediaNote | undefined {
    const session = this.#session?.note
    if (!session) return undefined
    const [far, told, offered, heard] = [this.#far?.text, this.#told, this.#offered, this.#heard]
    return {
      session,
      ...(far === undefined ? {} : { far }),
      ...(told ? { told } : {}),
      ...(offered ? { offered } : {}),
      ...(heard === undefined ? {} : { heard }),
    }
  }

  /** Goes on where an earlier process has left off. @param port its port at the bot, where it has one */
  resume({ session, far, told, offered, heard }: MediaNote, port: MediaPort | undefined): void {
    this.#session = Session.resumed(session)
    this.#far = far === undefined ? undefined : { text: far, sdp: parseSdp(far) }
    this.#told = told
    this.#offered = offered
    this.#heard = heard
    this.#port = port
  }

  /** What the far side said last. */
  get far(): Sdp | undefined {
    return this.#far?.sdp
  }

  /** Whether the far side was told the bot's own port, and not another phone. */
  get ends(): 'here' | 'elsewhere' {
    return this.#port && this.#told?.port === this.#port.port ? 'here' : 'elsewhere'
  }

  /** The audio that stands, offered once more: to a re-INVITE without SDP. */
  offerAgain(): string {
    return this.#told ? this.offer(this.#told) : this.offerOwn()
  }

  /** The audio that stands, as the answer to a new offer of the far side (hold, say). @throws SdpFault */
  answerAgain(text: string): string {
    const sdp = this.read(text)
    if (this.ends === 'here' || !this.#told) return this.answerOwn(text, sdp)
    // What stands is the other phone's audio, not what a hold has left of it: the next offer may resume.
    const told = this.#told
    const answer = this.answer(text, sdp, standing(told, sdp))
    this.#told = told
    this.onNews?.()
    return answer
  }

  /** Codecs of a description by others, less those whose numbers mean something else on this leg. */
  free(codecs: readonly Codec[]): readonly Codec[] {
    return this.#known().free(codecs)
  }

  open(port: MediaPort): void {
    this.#port = port
    this.#heard = undefined
    this.#session ??= new Session(port.address)
  }

  /** The bot's own endpoint as an offer. */
  offerOwn(): string {
    const audio = ownAudio(this.#own(), this.#known().numbered(this.#codecs()))
    this.#first ??= audio
    return this.offer(audio)
  }

  /**
   * Takes the answer of a fork to the INVITE's offer. Each has media of its own: the last that
   * spoke is heard, and then the one that answers.
   * @throws SdpFault
   */
  answeredBy(fork: string | undefined, text: string): void {
    if (this.#fork !== undefined && this.#fork !== fork) {
      // What another one has answered is nothing to this one.
      this.#heard = undefined
      this.#told = undefined
      this.#offered = this.#first
    }
    this.answeredOwn(text)
    this.#fork = fork
  }

  /** Takes the answer to `offerOwn`: the port talks with it from now on. @throws SdpFault */
  answeredOwn(text: string): void {
    // The answer of a 200 is mostly that of its 183, word for word, or left out.
    if (this.#heard !== undefined && (text === '' || text === this.#heard)) return
    const sdp = this.read(text)
    const told = this.#offered ?? this.#told ?? ownAudio(this.#own(), this.#codecs())
    this.#talk(remoteOf(sdp, this.#own(), told))
    this.#heard = text
    this.#accept(text, sdp)
  }

  /** The bot's own endpoint as the answer to an offer; the port talks with it from now on. @throws SdpFault */
  answerOwn(text: string, sdp = this.read(text)): string {
    const port = this.#own()
    const audio = ownAnswer(port, sdp, this.#codecs())
    this.#talk(remoteOf(sdp, port, audio))
    this.#heard = text
    return this.answer(text, sdp, audio)
  }

  /** The bot's own endpoint as the answer to an offer, or where that cannot be, the answer that declines it. */
  answerAnyhow(text: string): string | undefined {
    try {
      return this.answerOwn(text)
    } catch {
      return this.declineAll(text)
    }
  }

  /** An offer of any audio; it counts when its answer is accepted. */
  offer(audio: Audio): string {
    this.#offered = audio
    const text = this.#known().offer(audio)
    this.onNews?.()
    return text
  }

  /** The answer to an offer with any audio. */
  answer(text: string, sdp: Sdp, audio: Audio): string {
    this.#accept(text, sdp)
    this.#told = audio
    const own = this.#known().answer(sdp, audio)
    this.onNews?.()
    return own
  }

  /** Takes the answer to an `offer` of the other phone's audio. */
  accept(text: string, sdp: Sdp): void {
    this.#accept(text, sdp)
  }

  /** The answer that takes nothing of an offer; undefined when the offer cannot be read at all. */
  declineAll(text: string): string | undefined {
    try {
      return this.#known().answer(this.read(text), undefined)
    } catch {
      return undefined
    }
  }

  /** @throws SdpFault */
  read(text: string): Sdp {
    return text === this.#far?.text ? this.#far.sdp : parseSdp(text)
  }

  /** Frees the port, now or after so many milliseconds. */
  close(after = 0): void {
    this.#port?.close(after)
    this.#port = undefined
  }

  #accept(text: string, sdp: Sdp): void {
    this.#far = { text, sdp }
    this.#told = this.#offered ?? this.#told
    this.#offered = undefined
    this.#known().heard(sdp)
    this.onNews?.()
  }

  #codecs(): readonly Codec[] {
    const codecs = this.forRoom ? ROOM_CODECS : OWN_CODECS
    return this.keys === 'rfc4733' ? codecs : codecs.filter(({ name }) => name !== 'TELEPHONE-EVENT')
  }

  #talk(remote: RemoteMedia): void {
    this.#own().remote(this.keys === 'info' ? { ...remote, keys: 'signalled' } : remote)
  }

  #own(): MediaPort {
    if (!this.#port) throw new SdpFault('SDP_NO_AUDIO', 'the leg has no port at the bot')
    return this.#port
  }

  #known(): Session {
    if (!this.#session) throw new SdpFault('SDP_NO_AUDIO', 'the leg has no session yet')
    return this.#session
  }
}
