/** A phone in a room of the mixer, which sings a tone and tells what it hears. */
import type { TestContext } from 'node:test'

import type { Codec } from '../../src/media/codec.ts'
import type { MediaPort } from '../../src/media/endpoint.ts'
import { PATIENCE, strength } from './phone.ts'
import type { RtpPhone } from './phone.ts'
import { event, PCMA, PCMU, G722 } from './stage.ts'
import type { MediaStage } from './stage.ts'

/** A piece of what was heard. */
export type Ear = { readonly samples: Int16Array; readonly rate: number }
export const level = ({ samples, rate }: Ear, hz: number) => strength(samples, hz, rate)

const FORMATS = { PCMA, PCMU, G722 } as const

/** What its port reports of a phone. */
type News = { readonly digits: string[]; readonly speaks: boolean[]; wake: () => void }

/** A phone in a room. */
export class Guest {
  readonly phone: RtpPhone
  readonly port: MediaPort
  readonly codec: Codec
  readonly news: News
  #singing: NodeJS.Timeout | undefined

  private constructor(phone: RtpPhone, port: MediaPort, codec: Codec, news: News) {
    this.phone = phone
    this.port = port
    this.codec = codec
    this.news = news
  }

  static async comes(t: TestContext, stage: MediaStage, room: string, codec: Codec = 'PCMA'): Promise<Guest> {
    const phone = await stage.phone(Math.floor(Math.random() * 2 ** 32))
    const news: News = { digits: [], speaks: [], wake: () => undefined }
    const port = await stage.portTo(phone, {
      send: [FORMATS[codec], event(101)],
      receive: [FORMATS[codec], event(101)],
      onDigit: (digit) => {
        news.digits.push(digit)
        news.wake()
      },
      onSpeaks: (on) => {
        news.speaks.push(on)
        news.wake()
      },
    })
    const guest = new Guest(phone, port, codec, news)
    port.join(room)
    t.after(() => {
      guest.silences()
      port.close()
    })
    return guest
  }

  /** Sends this tone, of which the network loses one packet in twenty and lets another be overtaken. */
  limps(hz: number): void {
    this.sings(hz, (n) => {
      if (n % 20 === 5) this.phone.skip(1)
      return n % 20 === 10 ? 'late' : 'now'
    })
  }

  /** Sends this tone in real time until it falls silent; `way` tells what becomes of the n-th packet. */
  sings(hz: number, way: (n: number) => 'now' | 'late' | 'lost' = () => 'now'): void {
    clearInterval(this.#singing)
    const { phone, port, codec } = this
    const began = performance.now()
    let sent = 0
    let late: (() => void) | undefined
    this.#singing = setInterval(() => {
      for (; sent < (performance.now() - began) / 20; sent++) {
        const what = way(sent)
        if (what === 'lost') phone.skip(1)
        else if (what === 'late') late = phone.laterTone(port.port, hz, codec)
        else {
          phone.tone(port.port, hz, 1, codec)
          late?.()
          late = undefined
        }
      }
    }, 10)
  }

  silences(): void {
    clearInterval(this.#singing)
  }

  /** The next 200 ms that it hears. */
  async ear(packets = 10): Promise<Ear> {
    await this.phone.hears(this.phone.heard.length + packets)
    return this.last(packets)
  }

  /** What it has heard last. */
  last(packets: number): Ear {
    if (this.codec === 'G722') return { samples: this.phone.lastWide(packets), rate: 16_000 }
    return { samples: this.phone.samples(this.codec, this.phone.heard.slice(-packets)), rate: 8000 }
  }

  /** Resolves when what is reported of it is so. */
  async isTold(so: (news: News) => boolean): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE)
    while (!so(this.news)) {
      late.throwIfAborted()
      await new Promise<void>((wake) => {
        this.news.wake = wake
        late.onabort = () => wake()
      })
    }
  }

  /** Resolves with what it hears when that is what it is waited for. */
  async hears(what: (heard: Ear) => boolean): Promise<Ear> {
    const late = AbortSignal.timeout(5_000)
    for (;;) {
      const heard = await this.ear()
      if (what(heard)) return heard
      late.throwIfAborted()
    }
  }
}

export const LOUD = 4_000
export const NOTHING = 200
export const has =
  (...hz: readonly number[]) =>
  (heard: Ear) =>
    hz.every((one) => level(heard, one) > LOUD)
export const lacks =
  (...hz: readonly number[]) =>
  (heard: Ear) =>
    hz.every((one) => level(heard, one) < NOTHING)
export const both = (a: (heard: Ear) => boolean, b: (heard: Ear) => boolean) => (heard: Ear) =>
  a(heard) && b(heard)
