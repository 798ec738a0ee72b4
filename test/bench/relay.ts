/** What a relayed leg costs: pairs of phones whose sound goes through the bot's own RTP endpoint, 50 packets a second each. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import { rounded } from './figures.ts'
import { cpuByThread } from './process.ts'
import { deaf } from '../media/stage.ts'

const PACKETS = 50

/** @param legs an even number */
export async function relayedLegs(legs: number, seconds: number) {
  const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [32768, 60998], country: 'ES' })
  const talkers = new Worker(new URL('./talkers.ts', import.meta.url), { name: 'talkers' })
  const [{ port: far }] = (await once(talkers, 'message')) as [{ port: number }]
  const ports = await Promise.all(Array.from({ length: legs }, () => media.open(deaf, 'leg')))
  const formats = [{ codec: 'PCMA', type: 8 }] as const
  ports.forEach((port, n) => {
    port.remote({
      address: '127.0.0.1',
      port: far,
      receive: formats,
      send: formats,
      listens: true,
      speaks: true,
    })
    const other = ports[n ^ 1]
    if (other && n % 2 === 0) port.relay(other)
  })
  talkers.postMessage({ ports: ports.map(({ port }) => port) })
  await pause(2000)
  const before = cpuByThread(process.pid).get('media') ?? 0
  talkers.postMessage('count')
  await pause(seconds * 1000)
  talkers.postMessage('count')
  const [{ sent, heard }] = (await once(talkers, 'message')) as [{ sent: number; heard: number }]
  const used = (cpuByThread(process.pid).get('media') ?? 0) - before
  await talkers.terminate()
  await media.stop()
  return {
    legs,
    packets: { sent, heard, lost: sent - heard },
    cpuMsPerSecondAndLeg: rounded(used / seconds / legs),
    microsecondsPerPacket: rounded((used * 1000) / heard),
    packetsPerSecondAndLeg: PACKETS,
  }
}
