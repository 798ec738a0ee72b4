/** What a leg in a room costs, and how evenly it gets its sound: the mixer, with the phones in another thread. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import { deaf } from '../media/stage.ts'
import { rounded } from './figures.ts'
import type { Spread } from './figures.ts'
import { cpuByThread } from './process.ts'

/** Milliseconds of CPU a second that a leg may take, and the jitter of its packets, at `LEGS`. */
const GOAL = { cpu: 2, jitter: 10, legs: 100 }

type Heard = { readonly sent: number; readonly heard: number; readonly jitterMs: Spread }

/** One big room of 100 legs, one of `most`, and as many in rooms of ten; and 100 with G.722, which have no goal. */
export async function mixedRooms(most: number, seconds: number) {
  const rooms = [
    await mixed(GOAL.legs, GOAL.legs, seconds),
    await mixed(most, most, seconds),
    await mixed(most, 10, seconds),
  ]
  const wide = [
    await mixed(GOAL.legs, GOAL.legs, seconds, 'G722'),
    await mixed(GOAL.legs, 10, seconds, 'G722'),
  ]
  const failed = rooms.filter(
    ({ legs, cpuMsPerSecondAndLeg, jitterMs }) =>
      cpuMsPerSecondAndLeg > GOAL.cpu || (legs <= GOAL.legs && jitterMs.p99 > GOAL.jitter),
  ).length
  return { rooms, wide, failed }
}

async function mixed(legs: number, each: number, seconds: number, codec: 'PCMA' | 'G722' = 'PCMA') {
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [32768, 60998], country: 'ES' })
  const phones = new Worker(new URL('./room-phones.ts', import.meta.url), { name: 'phones' })
  const [{ port: far }] = (await once(phones, 'message')) as [{ port: number }]
  const ports = await Promise.all(Array.from({ length: legs }, () => media.open(deaf, 'leg')))
  const formats = [codec === 'PCMA' ? { codec, type: 8 } : { codec, type: 9 }]
  ports.forEach((port, n) => {
    port.remote({
      address: '127.0.0.1',
      port: far,
      receive: formats,
      send: formats,
      listens: true,
      speaks: true,
    })
    port.join(`room ${Math.floor(n / each)}`)
  })
  phones.postMessage({ ports: ports.map(({ port }) => port), codec })
  await pause(3000)
  const before = cpuByThread(process.pid).get('media') ?? 0
  phones.postMessage('count')
  await pause(seconds * 1000)
  phones.postMessage('count')
  const [{ sent, heard, jitterMs }] = (await once(phones, 'message')) as [Heard]
  const used = (cpuByThread(process.pid).get('media') ?? 0) - before
  await phones.terminate()
  await media.stop()
  return {
    legs,
    room: each,
    packets: { sent, heard },
    cpuMsPerSecondAndLeg: rounded(used / seconds / legs),
    jitterMs,
  }
}
