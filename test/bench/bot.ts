/** The whole bot as a process of its own, its store on; messages in, cards out to a channel of the bench. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RunningBot } from '../helpers/bot.ts'
import { calleeName, people } from './numbers.ts'
import { Probe, type Subject } from './subject.ts'

/**
 * @param calls how many will be placed at most: each has a user and a callee of its own
 * @param conversations how many take turns; each call is the first of its own where there are as many
 */
export async function wholeBot(phones: number, calls: number, conversations = calls): Promise<Subject> {
  const channel = await startChannel()
  const probe = new Probe()
  const bot = await RunningBot.start({
    trunk: `sip:127.0.0.1:${phones};transport=udp`,
    people: people(calls),
    env: { ...ENV, ...probe.env },
  })
  const agent = new Agent({ keepAlive: true })
  let placed = 0
  return {
    pid: bot.pid,
    probe,
    async place(n) {
      placed++
      await post(agent, bot.port, message(n, channel.url, conversations))
    },
    figures: () => ({ channelOperationsPerCall: channel.operations() / Math.max(1, placed) }),
    async stop() {
      probe.close()
      await bot.stop()
      agent.destroy()
      channel.stop()
    },
  }
}

export const ENV = {
  LOG_LEVEL: 'warn',
  CALLS_PER_HOUR: '1000000',
  RTP_PORTS: '32768-60998',
  RING_SECONDS_DESK: '60',
  DRAIN_SECONDS: '0',
}

function message(n: number, serviceUrl: string, conversations: number): string {
  return JSON.stringify({
    id: randomUUID(),
    type: 'message',
    channelId: 'msteams',
    serviceUrl,
    locale: 'en-US',
    from: { id: `29:user-${n}`, aadObjectId: `user-${n}`, name: 'User' },
    recipient: { id: '28:bot', name: 'Dialback' },
    conversation: {
      id: `conversation-${n % conversations}`,
      conversationType: 'personal',
      tenantId: 'bench',
    },
    text: `call ${calleeName(n)}`,
    textFormat: 'plain',
  })
}

async function post(agent: Agent, port: number, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const sent = request({ agent, port, host: '127.0.0.1', path: '/api/messages', method: 'POST', headers })
  sent.end(body)
  try {
    const [response] = (await once(sent, 'response')) as [{ resume(): unknown; statusCode?: number }]
    response.resume()
    if (response.statusCode !== 200) throw new Error(`the bot answered ${response.statusCode}`)
  } catch (fault) {
    // An idle connection was closed at the moment it was used again: nothing of the message was read.
    if (!sent.reusedSocket || (fault as NodeJS.ErrnoException).code !== 'ECONNRESET') throw fault
    await post(agent, port, body)
  }
}

/** A connector that takes everything, and counts. */
async function startChannel() {
  let operations = 0
  const server = createServer((asked, response) => {
    operations++
    asked.resume().on('end', () => {
      const id = JSON.stringify({ id: randomUUID() })
      response.writeHead(200, { 'content-type': 'application/json' }).end(id)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations: () => operations,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
