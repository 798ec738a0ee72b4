/** A port whose phone takes G.722: the bot's own sounds, a relay with a phone that has none, and the end of what is said. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { strength } from './phone.ts'
import type { RtpPhone } from './phone.ts'
import { deaf, event, G722, MediaStage, PCMA, remoteFor } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([37400, 37498]))
after(() => stage.close())

const WIDE = { send: [G722, event(101)], receive: [G722, event(101)] }
const NARROW = { send: [PCMA, event(101)], receive: [PCMA, event(101)] }

/** Sends a tone in real time until it is told to stop. */
function sings(phone: RtpPhone, to: number, hz: number, codec: 'PCMA' | 'G722'): () => void {
  const began = performance.now()
  let sent = 0
  const singing = setInterval(() => {
    for (; sent < (performance.now() - began) / 20; sent++) phone.tone(to, hz, 1, codec)
  }, 10)
  return () => {
    clearInterval(singing)
  }
}

describe('a phone that takes G.722', () => {
  it('hears the tones of the bot in it', async () => {
    const phone = await stage.phone()
    const port = await stage.portTo(phone, WIDE)
    port.play('ringback')
    await phone.hears(25)
    assert.ok(phone.heard.every(({ type, payload }) => type === 9 && payload.length === 160))
    assert.ok(strength(phone.lastWide(10), 425, 16_000) > 4_000)
    port.close()
  })

  it('hears keys as tones where it knows no telephone events', async () => {
    const phone = await stage.phone()
    const port = await stage.portTo(phone, { send: [G722], receive: [G722] })
    port.sendDigits('5')
    await phone.hears(5)
    const heard = phone.lastWide(3)
    assert.ok(strength(heard, 770, 16_000) > 2_500 && strength(heard, 1336, 16_000) > 2_500)
    port.close()
  })

  it('hears in a relay a phone of G.711, and is heard by it', async (t) => {
    const [wide, narrow] = [await stage.phone(1), await stage.phone(2)]
    const [a, b] = [await stage.portTo(wide, WIDE), await stage.portTo(narrow, NARROW)]
    a.relay(b)
    const stops = [sings(wide, a.port, 700, 'G722'), sings(narrow, b.port, 450, 'PCMA')]
    t.after(() => {
      for (const stop of stops) stop()
      a.close()
      b.close()
    })
    await Promise.all([wide.hears(40), narrow.hears(40)])
    assert.ok(strength(wide.lastWide(20), 450, 16_000) > 7_000)
    assert.ok(strength(narrow.samples('PCMA', narrow.heard.slice(-20)), 700) > 7_000)
    assert.ok(wide.heard.every(({ type }) => type === 9) && narrow.heard.every(({ type }) => type === 8))
  })

  it('is passed on as it is to another that takes it', async (t) => {
    const [one, other] = [await stage.phone(3), await stage.phone(4)]
    const [a, b] = [await stage.portTo(one, WIDE), await stage.portTo(other, WIDE)]
    a.relay(b)
    const stop = sings(one, a.port, 5200, 'G722')
    t.after(() => {
      stop()
      a.close()
      b.close()
    })
    await other.hears(40)
    assert.ok(strength(other.lastWide(20), 5200, 16_000) > 7_000)
  })

  it('is heard to have finished speaking', async () => {
    const phone = await stage.phone()
    const finished = Promise.withResolvers<undefined>()
    const port = await stage.media.open(
      {
        ...deaf,
        pause: () => {
          finished.resolve(undefined)
        },
      },
      'leg',
    )
    port.remote(remoteFor(phone, WIDE))
    const began = performance.now()
    port.awaitPause(20_000)
    // Half a second of a voice on a line that rustles.
    let hz = 700
    const line = setInterval(() => {
      phone.tone(port.port, hz, 1, 'G722', hz === 700 ? 8000 : 200)
      if (performance.now() - began > 500) hz = 3100
    }, 20)
    await finished.promise
    clearInterval(line)
    const took = performance.now() - began
    assert.ok(took > 1_400 && took < 4_000, `${took} ms`)
    port.close()
  })
})
