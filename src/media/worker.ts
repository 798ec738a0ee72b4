/** The bot's RTP endpoint: a thread of its own, so that sound never waits for chat or signalling. */
import { parentPort, workerData } from 'node:worker_threads'

import { Pacer } from './pacer.ts'
import { openPair, RtpPort } from './port.ts'
import type { Command, Report, WorkerOptions } from './protocol.ts'

const { bind, ports: range, country } = workerData as WorkerOptions
const first = range[0] + (range[0] % 2)
const pairs = Math.floor((range[1] - first + 1) / 2)

const pacer = new Pacer()
const ports = new Map<number, RtpPort>()
const used = new Set<number>()
// The range is walked round, so that a port is not given to the next call while the last one's packets still come.
let turn = Math.floor(Math.random() * pairs)

function report(what: Report): void {
  parentPort?.postMessage(what)
}

async function open(id: number): Promise<void> {
  for (let tries = 0; tries < pairs; tries++) {
    turn = (turn + 1) % pairs
    const number = first + 2 * turn
    if (used.has(number)) continue
    used.add(number)
    try {
      const sockets = await openPair(bind, number)
      const port = new RtpPort(sockets, pacer, country, {
        digit: (digit) => {
          report({ is: 'digit', id, digit })
        },
        source: (elsewhere) => {
          report({ is: 'source', id, elsewhere })
        },
      })
      ports.set(id, port)
      return report({ is: 'open', id, port: number })
    } catch (fault) {
      used.delete(number)
      // Some other program has this port; anything else would fail for the next one too.
      if ((fault as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        return report({ is: 'refused', id, reason: String(fault) })
    }
  }
  report({ is: 'refused', id, reason: `all ports from ${first} to ${range[1]} are taken` })
}

function close(id: number): void {
  const port = ports.get(id)
  if (!port) return
  ports.delete(id)
  used.delete(port.number)
  port.close()
}

function obey(command: Command): void {
  if (command.do === 'open') return void open(command.id)
  const port = ports.get(command.id)
  if (!port) return
  switch (command.do) {
    case 'remote':
      return port.setRemote(command.remote)
    case 'play':
      return port.play(command.tone)
    case 'digits':
      return port.sendDigits(command.digits)
    case 'relay': {
      const other = ports.get(command.with)
      if (other) {
        port.relayTo(other)
        other.relayTo(port)
      }
      return
    }
    case 'part':
      return port.part()
    case 'close':
      if (command.after === 0) return close(command.id)
      port.hush()
      setTimeout(close, command.after, command.id).unref()
      return
  }
}

parentPort?.on('message', (commands: readonly Command[]) => {
  for (const command of commands) obey(command)
})
