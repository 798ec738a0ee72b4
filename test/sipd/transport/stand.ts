/** The transport layer alone, with what it received and what it could not deliver. */
import type { TestContext } from 'node:test'
import type { Endpoint, Transport } from '../../../src/sipd/transport/address.ts'
import type { StreamLimits } from '../../../src/sipd/transport/connection.ts'
import type { TlsOptions } from '../../../src/sipd/transport/tls.ts'
import { Security } from '../../../src/sipd/transport/tls.ts'
import type { Bind, Source } from '../../../src/sipd/transport/transports.ts'
import { Transports } from '../../../src/sipd/transport/transports.ts'

export const LIMITS: StreamLimits = {
  messageBytes: 65_535,
  connections: 8,
  patience: 200,
  backlogBytes: 1 << 20,
  strangersBacklogBytes: 64 << 10,
  keepAlive: 60_000,
}
export const UDP: Bind = { transport: 'udp', host: '127.0.0.1', port: 0 }
export const TCP: Bind = { transport: 'tcp', host: '127.0.0.1', port: 0 }
export const TLS: Bind = { transport: 'tls', host: '127.0.0.1', port: 0 }
export const PING = 'OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n'

type Failed = Endpoint & { readonly lost: boolean; readonly why: string | undefined }

export type Stand = {
  readonly transports: Transports
  readonly security: Security
  readonly received: { readonly data: string; readonly source: Source }[]
  readonly failed: Failed[]
  /** Who did not get through the handshake, and why. */
  readonly refused: string[]
  /** Resolves when this holds; looked at whenever anything has happened. */
  readonly until: (done: () => boolean) => Promise<void>
  readonly port: (transport: Transport) => number
  /** Sends a request there. */
  readonly send: (peer: Endpoint, data?: string) => void
}

export async function bind(
  t: TestContext,
  binds: readonly Bind[] = [UDP, TCP],
  options: { advertise?: string; limits?: Partial<StreamLimits>; tls?: TlsOptions } = {},
): Promise<Stand> {
  const received: Stand['received'] = []
  const failed: Failed[] = []
  const refused: string[] = []
  const waiting: (() => void)[] = []
  const ring = (): void => {
    for (const wake of waiting.splice(0)) wake()
  }
  const security = new Security(options.tls)
  const transports = await Transports.bind(
    binds,
    { advertise: options.advertise, limits: { ...LIMITS, ...options.limits }, security },
    {
      received: (data, source) => {
        received.push({ data: data.toString(), source })
        ring()
      },
      failed: (peer, lost, why) => {
        failed.push({ ...peer, lost, why })
        ring()
      },
      refused: (host, why) => {
        refused.push(`${host} ${why}`)
        ring()
      },
    },
  )
  t.after(() => transports.close())
  return {
    transports,
    security,
    received,
    failed,
    refused,
    until: async (done) => {
      while (!done()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    port: (transport) => transports.addresses.find((own) => own.transport === transport)?.port ?? 0,
    send: (peer, data = PING) => {
      const local = transports.localFor(peer)
      if (!local) throw new Error(`no own address towards ${peer.transport}`)
      local.send(Buffer.from(data), peer, true)
    },
  }
}
