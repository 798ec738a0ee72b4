import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import { MediaStage, PCMA, remoteFor } from './stage.ts'
import { strength } from './phone.ts'
import type { RtpPhone } from './phone.ts'

const stage = new MediaStage()
before(() => stage.open([28100, 28199]))
after(() => stage.close())

/** Talks for so many packets of 20 ms. */
async function talks(far: RtpPhone, to: number, packets: number): Promise<void> {
  for (let i = 0; i < packets; i++) {
    far.tone(to, 400, 1)
    await pause(20)
  }
}

/** A port that is watched, and what it tells. */
async function watched(far: RtpPhone, ms = 400) {
  const told: boolean[] = []
  let wake: () => void = () => undefined
  const port = await stage.portTo(far, {
    onSound: (silent) => {
      told.push(silent)
      wake()
    },
  })
  port.watch(ms)
  const tells = async (count: number) => {
    while (told.length < count)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return told
  }
  return { port, told, tells }
}

describe('a phone through the bot', () => {
  it('that falls silent is told of, once, and so is its return', async () => {
    const far = await stage.phone()
    const { port, told, tells } = await watched(far)
    await talks(far, port.port, 40)
    assert.deepEqual(told, [])
    assert.deepEqual(await tells(1), [true])
    await talks(far, port.port, 2)
    assert.deepEqual(await tells(2), [true, false])
    port.close()
  })

  it('that was never heard at all is told of', async () => {
    const { port, tells } = await watched(await stage.phone())
    assert.deepEqual(await tells(1), [true])
    port.close()
  })

  it('that holds is not missed, and has its time anew when it comes back', async () => {
    const [held, witness] = [await stage.phone(), await stage.phone()]
    const first = await watched(held)
    const second = await watched(witness)
    first.port.remote(remoteFor(held, { speaks: false, listens: false }))
    await second.tells(1)
    assert.deepEqual(first.told, [])
    first.port.remote(remoteFor(held))
    assert.deepEqual(await first.tells(1), [true])
    first.port.remote(remoteFor(held, { speaks: false }))
    assert.deepEqual(await first.tells(2), [true, false], 'a hold ends what was told')
    first.port.close()
    second.port.close()
  })

  it('that sends comfort noise nobody agreed to is not silent', async () => {
    const [quiet, witness] = [await stage.phone(), await stage.phone()]
    const first = await watched(quiet)
    quiet.tone(first.port.port, 400, 1)
    const noise = setInterval(() => quiet.send(first.port.port, 13, Buffer.from([70])), 100)
    const second = await watched(witness, 900)
    await second.tells(1)
    clearInterval(noise)
    assert.deepEqual(first.told, [])
    first.port.close()
    second.port.close()
  })
})

describe('a phone that knows no telephone events', () => {
  it('gets keys as the tones they stand for, from the bot', async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far, { send: [PCMA], receive: [PCMA] })
    port.sendDigits('5')
    const packets = await far.hears(8)
    assert.deepEqual(tonesOf(far, packets), [770, 1336])
    assert.ok(packets.every(({ type }) => type === 8))
    port.close()
  })

  it('and through a relay, from a phone that sends them as events', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const portA = await stage.portTo(a)
    const portB = await stage.portTo(b, { send: [PCMA], receive: [PCMA] })
    portA.relay(portB)
    a.tone(portA.port, 400, 2)
    await b.hears(2)
    a.key(portA.port, 11, 101)
    const packets = await b.hears(10)
    assert.deepEqual(tonesOf(b, packets.slice(2)), [941, 1477])
    assert.equal(new Set(packets.map(({ source }) => source)).size, 1)
    assert.ok(packets.slice(1).every(({ sequence }, i) => ((sequence - packets[i]!.sequence) & 0xffff) === 1))
    portA.close()
    portB.close()
  })
})

/** Which of the keypad's frequencies sound in the first five packets. */
function tonesOf(far: RtpPhone, packets: Awaited<ReturnType<RtpPhone['hears']>>): number[] {
  const samples = far.samples('PCMA', packets.slice(0, 5))
  return [697, 770, 852, 941, 1209, 1336, 1477, 1633].filter((hz) => strength(samples, hz) > 2500)
}
