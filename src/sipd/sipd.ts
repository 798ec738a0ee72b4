import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from './control/client.ts'
import { Clients } from './control/clients.ts'
import { Control } from './control/control.ts'
import { Agent } from './dialog/agent.ts'
import { PARSE_LIMITS } from './message/parse.ts'
import type { SipdOptions } from './options.ts'
import { LIMITS } from './options.ts'
import { systemClock, timersFor } from './transaction/clock.ts'
import type { Endpoint } from './transport/address.ts'
import type { TlsOptions } from './transport/tls.ts'
import { Security } from './transport/tls.ts'
import { BindError } from './transport/transports.ts'

/** Bytes that may wait for an application; for a SIP peer that we called; for any other. */
const BACKLOG = { application: 16 << 20, peer: 4 << 20, stranger: 256 << 10 }

export type Counts = {
  readonly clients: number
  readonly dialogs: number
  readonly transactions: { readonly servers: number; readonly clients: number }
  readonly applications: { readonly asked: number; readonly waiting: number; readonly owned: number }
}

/** A server that runs in this thread. */
export type Running = {
  readonly controlPort: number
  readonly addresses: readonly Endpoint[]
  /** What it holds right now: for tests and metrics. */
  readonly counts: () => Counts
  /** Takes other TLS peers and certificates, or renewed files. @throws TlsFault, and then the old ones go on */
  readonly useTls: (tls: TlsOptions) => void
  /** Ends what is left of calls that do not have two dialogs any more; dialogs by their ids. */
  readonly endBroken: (calls: readonly (readonly string[])[]) => void
  /** Ends all calls with BYE; resolves when they are gone, or after some seconds. */
  readonly hangUp: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts all layers in this thread.
 * @param refused hears of peers that connect by TLS and do not get through the handshake
 * @throws BindError when an address is taken, TlsFault when a certificate cannot be used
 */
export async function run(
  options: SipdOptions,
  refused?: (host: string, why: string) => void,
): Promise<Running> {
  const security = new Security(options.tls)
  const limits = { ...LIMITS, ...options.limits }
  const holder: { agent?: Agent } = {}
  const clients = new Clients()
  const control = new Control(clients, options.secret, () => {
    if (!holder.agent) throw new Error('sipd is not started yet')
    return holder.agent
  })
  const agent = await Agent.start(
    {
      bind: options.bind,
      advertise: options.advertise,
      clock: systemClock,
      timers: timersFor(options.t1 ?? 500),
      parse: { ...PARSE_LIMITS, messageBytes: limits.messageBytes },
      streams: { ...limits, backlogBytes: BACKLOG.peer, strangersBacklogBytes: BACKLOG.stranger },
      security,
      ...(refused ? { refused: sparingly(refused) } : {}),
      transactions: limits.transactions,
    },
    control,
  )
  holder.agent = agent
  const server = createServer((socket) => {
    if (clients.size >= limits.clients) socket.destroy()
    else control.join(new Client(socket, { ...limits, backlogBytes: BACKLOG.application }))
  })
  try {
    await listen(server, options.control)
  } catch (cause) {
    await agent.close()
    throw new BindError({ transport: 'tcp', ...options.control }, cause)
  }
  const address = server.address()
  return {
    controlPort: typeof address === 'object' && address ? address.port : options.control.port,
    addresses: agent.addresses,
    counts: () => {
      const { dialogs, ...transactions } = agent.counts
      return { clients: clients.size, dialogs, transactions, applications: control.counts }
    },
    useTls: (tls) => security.use(tls),
    endBroken: (calls) => agent.endBroken(calls, 'SIP;cause=200;text="The other side has hung up"'),
    hangUp: async () => {
      agent.hangUp('SIP;cause=503;text="The bot has not come back"')
      const late = performance.now() + FAREWELL
      while (agent.counts.dialogs > 0 && performance.now() < late) await pause(LOOK)
    },
    stop: async () => {
      clients.closeAll()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await agent.close()
    },
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject)
      server.on('error', () => undefined)
      resolve()
    })
  })
}

/** Milliseconds that phones have to answer their BYE, and between the looks whether they have. */
const FAREWELL = 3_000
const LOOK = 20

const MINUTE = 60_000
const HOSTS_AT_MOST = 100

/** Once a minute of each host, and of so many hosts: who only wants to fill a log shall not. */
function sparingly(tell: (host: string, why: string) => void): (host: string, why: string) => void {
  const told = new Map<string, number>()
  return (host, why) => {
    const now = performance.now()
    for (const [known, at] of told) if (now - at >= MINUTE) told.delete(known)
    if (told.has(host) || told.size >= HOSTS_AT_MOST) return
    told.set(host, now)
    tell(host, why)
  }
}
