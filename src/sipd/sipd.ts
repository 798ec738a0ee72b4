import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { Client } from './control/client.ts'
import { Clients } from './control/clients.ts'
import { Control } from './control/control.ts'
import { Agent } from './dialog/agent.ts'
import { PARSE_LIMITS } from './message/parse.ts'
import type { SipdOptions } from './options.ts'
import { LIMITS } from './options.ts'
import { systemClock, timersFor } from './transaction/clock.ts'
import type { Endpoint } from './transport/address.ts'
import { BindError } from './transport/transports.ts'

const BACKLOG = 16 << 20

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
  readonly stop: () => Promise<void>
}

/** Starts all layers in this thread. @throws BindError when an address is taken */
export async function run(options: SipdOptions): Promise<Running> {
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
      tcp: { ...limits, backlogBytes: BACKLOG },
      transactions: limits.transactions,
    },
    control,
  )
  holder.agent = agent
  const server = createServer((socket) => {
    if (clients.size >= limits.clients) socket.destroy()
    else control.join(new Client(socket, { frameBytes: limits.frameBytes, backlogBytes: BACKLOG }))
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
