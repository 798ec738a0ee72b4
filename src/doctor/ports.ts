/** The ports that the bot listens on: free, or held by the bot itself. */
import { createSocket } from 'node:dgram'
import http from 'node:http'
import { createServer } from 'node:net'
import { isLoopback } from '../config/values.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

type Place = { readonly host: string | undefined; readonly port: number }

/** How many of the ports for sound are looked at at once. */
const AT_ONCE = 64

export async function checkPorts(ward: Ward, tell: Tell): Promise<void> {
  await checkHttp(ward, tell)
  await checkSip(ward, tell)
  await checkSound(ward, tell)
}

async function checkHttp(ward: Ward, tell: Tell): Promise<void> {
  const { http: place } = ward.config
  const at = `HTTP port ${place.port}`
  const taken = await tcpFault(place)
  if (taken === undefined) return tell.ok(`${at} is free: no bot runs with these settings`)
  if (taken !== 'EADDRINUSE')
    return tell.fail(
      `${at} cannot be listened on: ${taken}`,
      'Set HOST to an address of this machine, or PORT to another port.',
    )
  ward.running = await readiness(place)
  if (!ward.running)
    return tell.fail(`${at} is taken by another program`, 'Stop that program, or set PORT to another port.')
  const { status } = ward.running
  const says = `${at} is held by the bot, which runs and says that it is ${String(status)}`
  if (status === 'ready') return tell.ok(says)
  tell.warn(says, `See http://127.0.0.1:${place.port}/readyz, and the lines below.`)
}

/** What a bot there says of itself; undefined where it is none. */
async function readiness({ host, port }: Place): Promise<Readonly<Record<string, unknown>> | undefined> {
  const to = host === undefined || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const text = await new Promise<string>((done) => {
    const request = http.get(
      { host: to, port, path: '/readyz', signal: AbortSignal.timeout(3000) },
      (answer) => {
        let said = ''
        answer.setEncoding('utf8').on('data', (part: string) => (said += part.slice(0, 65_536)))
        answer.on('end', () => {
          done(said)
        })
        answer.on('error', () => {
          done('')
        })
      },
    )
    request.on('error', () => {
      done('')
    })
  })
  try {
    const read = JSON.parse(text) as Record<string, unknown>
    return 'status' in read && 'signalling' in read ? read : undefined
  } catch {
    return undefined
  }
}

async function checkSip(ward: Ward, tell: Tell): Promise<void> {
  const { signalling } = ward.config
  if (signalling.kind === 'drachtio')
    return tell.skip(`DRACHTIO_HOST is set, and the server at ${signalling.host} has the SIP ports`)
  for (const { transport, host, port } of signalling.bind) {
    const at = `SIP port ${port} (${transport} on ${host})`
    const taken = await (transport === 'udp' ? udpFault({ host, port }) : tcpFault({ host, port }))
    if (taken === undefined) tell.ok(`${at} is free`)
    else if (taken !== 'EADDRINUSE')
      tell.fail(`${at} cannot be listened on: ${taken}`, 'Write an address of this machine into SIP_BIND.')
    else {
      ward.taken.add(port)
      if (ward.running) tell.ok(`${at} is held by the bot; the trial below takes a free one`)
      else
        tell.fail(
          `${at} is taken by another program, perhaps by the PBX itself`,
          'Stop that program, or write another port into SIP_BIND, such as 5070, and tell the PBX.',
        )
    }
  }
}

async function checkSound(ward: Ward, tell: Tell): Promise<void> {
  const { bind, ports } = ward.config.rtp
  const all = Array.from({ length: ports.to - ports.from + 1 }, (_, i) => ports.from + i)
  let taken = 0
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const some = all.slice(i, i + AT_ONCE)
    const faults = await Promise.all(some.map((port) => udpFault({ host: bind, port })))
    const other = faults.find((fault) => fault !== undefined && fault !== 'EADDRINUSE')
    if (other !== undefined)
      return tell.fail(`no sound on ${bind}: ${other}`, 'Write an address of this machine into RTP_BIND.')
    taken += faults.filter((fault) => fault !== undefined).length
  }
  const range = `${ports.from}-${ports.to}`
  const figures = { taken, ports: all.length }
  const pairs = Math.floor((all.length - taken) / 2)
  if (pairs === 0)
    return tell.fail(`none of the ports for sound (${range}) is free`, 'Set RTP_PORTS to another range.', {
      figures,
    })
  if (taken > 0 && !ward.running)
    return tell.warn(
      `${taken} of the ports for sound (${range}) are taken by other programs`,
      'They are passed over. Set RTP_PORTS to a range that nobody else uses.',
      { figures },
    )
  const where = isLoopback(bind) ? ', for phones on this machine only' : ''
  tell.ok(`ports for sound ${range}: ${pairs} pairs are free${where}`, { figures })
}

/** @returns the code of why it cannot be listened on */
function udpFault({ host, port }: Place): Promise<string | undefined> {
  const socket = createSocket(host?.includes(':') ? 'udp6' : 'udp4')
  return new Promise((done) => {
    socket.once('error', (fault: NodeJS.ErrnoException) => {
      socket.close()
      done(fault.code)
    })
    socket.bind({ port, ...(host === undefined ? {} : { address: host }), exclusive: true }, () => {
      socket.close(() => {
        done(undefined)
      })
    })
  })
}

function tcpFault({ host, port }: Place): Promise<string | undefined> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', (fault: NodeJS.ErrnoException) => {
      done(fault.code)
    })
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () => {
      server.close(() => {
        done(undefined)
      })
    })
  })
}
