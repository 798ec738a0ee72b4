/** Rooms of the mixer, with real UDP phones that each sing a tone of their own. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import type { Law } from '../../src/media/g711.ts'
import type { MediaPort } from '../../src/media/endpoint.ts'
import { strength } from './phone.ts'
import type { RtpPhone } from './phone.ts'
import { event, MediaStage, PCMA, PCMU } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([27000, 27398]))
after(() => stage.close())

const HZ = [300, 450, 700, 1000, 1350] as const
let rooms = 0
const newRoom = () => `room ${++rooms}`

/** What its port reports of a phone. */
type News = { readonly digits: string[]; readonly speaks: boolean[]; wake: () => void }

/** A phone in a room. */
class Guest {
  readonly phone: RtpPhone
  readonly port: MediaPort
  readonly law: Law
  readonly news: News
  #singing: NodeJS.Timeout | undefined

  private constructor(phone: RtpPhone, port: MediaPort, law: Law, news: News) {
    this.phone = phone
    this.port = port
    this.law = law
    this.news = news
  }

  static async comes(t: TestContext, room: string, law: Law = 'PCMA'): Promise<Guest> {
    const phone = await stage.phone(Math.floor(Math.random() * 2 ** 32))
    const news: News = { digits: [], speaks: [], wake: () => undefined }
    const port = await stage.portTo(phone, {
      send: [law === 'PCMA' ? PCMA : PCMU, event(101)],
      onDigit: (digit) => {
        news.digits.push(digit)
        news.wake()
      },
      onSpeaks: (on) => {
        news.speaks.push(on)
        news.wake()
      },
    })
    const guest = new Guest(phone, port, law, news)
    port.join(room)
    t.after(() => {
      guest.silences()
      port.close()
    })
    return guest
  }

  /** Sends this tone in real time until it falls silent. */
  sings(hz: number): void {
    clearInterval(this.#singing)
    const began = performance.now()
    let sent = 0
    this.#singing = setInterval(() => {
      for (; sent < (performance.now() - began) / 20; sent++) this.phone.tone(this.port.port, hz, 1, this.law)
    }, 10)
  }

  silences(): void {
    clearInterval(this.#singing)
  }

  /** The next 200 ms that it hears. */
  async ear(packets = 10): Promise<Int16Array> {
    const all = await this.phone.hears(this.phone.heard.length + packets)
    return this.phone.samples(this.law, all.slice(-packets))
  }

  /** Resolves when what is reported of it is so. */
  async isTold(so: (news: News) => boolean): Promise<void> {
    while (!so(this.news)) await new Promise<void>((wake) => (this.news.wake = wake))
  }

  /** Resolves with what it hears when that is what it is waited for. */
  async hears(what: (samples: Int16Array) => boolean): Promise<Int16Array> {
    const late = AbortSignal.timeout(5_000)
    for (;;) {
      const samples = await this.ear()
      if (what(samples)) return samples
      late.throwIfAborted()
    }
  }
}

const LOUD = 4_000
const NOTHING = 200
const has =
  (...hz: readonly number[]) =>
  (samples: Int16Array) =>
    hz.every((one) => strength(samples, one) > LOUD)

describe('a room', () => {
  it('lets each of five phones hear the four others, and not itself', async (t) => {
    const room = newRoom()
    const guests = await Promise.all(HZ.map((_, i) => Guest.comes(t, room, i === 4 ? 'PCMU' : 'PCMA')))
    guests.forEach((guest, i) => {
      guest.sings(HZ[i] ?? 0)
    })
    for (const [i, guest] of guests.entries()) {
      const others = HZ.filter((_, n) => n !== i)
      const heard = await guest.hears(has(...others))
      assert.ok(
        strength(heard, HZ[i] ?? 0) < NOTHING,
        `phone ${i} hears itself: ${strength(heard, HZ[i] ?? 0)}`,
      )
    }
  })
})
