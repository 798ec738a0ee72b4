import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import { createMediaEndpoint, NoMediaPort } from '../../src/media/endpoint.ts'
import type { Tone } from '../../src/media/tones.ts'
import { RtpPhone } from './phone.ts'
import { deaf, remoteFor } from './stage.ts'

async function until(holds: () => boolean): Promise<void> {
  const late = performance.now() + 5000
  while (!holds()) {
    assert.ok(performance.now() < late, `${sockets()} sockets are open`)
    await pause(5)
  }
}

/** Sockets that this process has open, its threads' included. */
function sockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

test('no port is lost over 10,000 calls, ended in every state and at once or after a while', async () => {
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [28200, 28999], country: 'ES' })
  const far = await RtpPhone.open()
  try {
    const before = sockets()
    for (let calls = 0; calls < 10_000; calls += 50) {
      const both = await Promise.all(Array.from({ length: 100 }, () => media.open(deaf, 'leg')))
      for (const [i, port] of both.entries()) {
        port.remote(remoteFor(far))
        const other = both[i ^ 1]
        if (i % 4 === 0 && other) port.relay(other)
        if (i % 4 === 2) port.play('ringback')
        // As a bridge does, which frees ports a moment after the phones have left them.
        port.close(i % 8 === 0 ? 1 : 0)
      }
    }
    // All can be had again at once, and nothing else is open.
    await until(() => sockets() === before)
    const all = await Promise.all(Array.from({ length: 400 }, () => media.open(deaf, 'leg')))
    assert.equal(sockets(), before + 800)
    for (const port of all) port.close()
  } finally {
    far.close()
    await media.stop()
  }
})

test('the death of its thread is told once, and later ports are refused in words', async () => {
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [28200, 28399], country: 'ES' })
  const causes: Error[] = []
  const died = Promise.withResolvers<undefined>()
  media.onExit((cause) => {
    causes.push(cause)
    died.resolve(undefined)
  })
  const far = await RtpPhone.open()
  const port = await media.open(deaf, 'leg')
  port.remote(remoteFor(far))
  // What no type lets through: the thread trips over it.
  port.play('nonsense' as Tone)
  await died.promise
  far.close()
  await assert.rejects(media.open(deaf, 'leg'), NoMediaPort)
  assert.equal(causes.length, 1)
})

test('an end that was asked for is no death', async () => {
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [28200, 28399], country: 'ES' })
  let died = false
  media.onExit(() => {
    died = true
  })
  await media.stop()
  assert.equal(died, false)
})
