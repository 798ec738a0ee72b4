import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { suite, test } from 'node:test'
import { createConnector } from '../../src/chat/connector.ts'
import type { Connector, Proof } from '../../src/chat/connector.ts'

const proof = (header: string | undefined): Proof => ({
  authorize: () => Promise.resolve(header),
  refused: () => undefined,
})

type Handler = http.RequestListener

async function channel(handler: Handler) {
  const server = http.createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connector = createConnector(proof('Bearer t'))
  const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    server,
    post: (within = 2000) => post(connector, serviceUrl, within),
    async [Symbol.asyncDispose]() {
      connector.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const post = (connector: Connector, serviceUrl: string, within = 2000) =>
  connector.request({ method: 'POST', serviceUrl, path: '/v3/x', body: { text: 'é' }, within })

suite('a request to a channel', () => {
  test('goes as JSON with the token, and its answer is read', async () => {
    await using bench = await channel((req, res) => {
      let body = ''
      req.setEncoding('utf8').on('data', (part: string) => (body += part))
      req.on('end', () => res.end(JSON.stringify({ id: 'm1', body, token: req.headers.authorization })))
    })
    assert.deepEqual(await bench.post(), {
      kind: 'done',
      body: { id: 'm1', body: '{"text":"é"}', token: 'Bearer t' },
    })
  })

  test('keeps its connection for the next', async () => {
    const sockets = new Set<net.Socket>()
    await using bench = await channel((req, res) => {
      sockets.add(req.socket)
      req.resume().on('end', () => res.end('{}'))
    })
    for (let i = 0; i < 5; i += 1) await bench.post()
    assert.equal(sockets.size, 1)
  })

  test('never repeats itself, whatever the answer (openclaw PR#121116)', async () => {
    const statuses = [500, 502, 503, 504, 429, 408]
    for (const status of statuses) {
      let asked = 0
      await using bench = await channel((_req, res) => {
        asked += 1
        res.writeHead(status, { 'retry-after': '0' }).end('{}')
      })
      assert.partialDeepStrictEqual(await bench.post(), { kind: 'refused', status })
      assert.equal(asked, 1)
    }
  })

  test('tells code and Retry-After, in seconds or as a date', async () => {
    let wait = '7'
    await using bench = await channel((_req, res) => {
      res.writeHead(429, { 'retry-after': wait }).end('{"error":{"code":"TooMany"}}')
    })
    assert.deepEqual(await bench.post(), { kind: 'refused', status: 429, code: 'TooMany', retryAfter: 7000 })
    wait = new Date(Date.now() + 60_000).toUTCString()
    const dated = await bench.post()
    assert.ok(dated.kind === 'refused' && dated.retryAfter! > 55_000 && dated.retryAfter! <= 60_000)
    wait = 'soon'
    assert.deepEqual(await bench.post(), { kind: 'refused', status: 429, code: 'TooMany' })
  })

  test('without an answer in time its fate is unknown', async () => {
    await using bench = await channel(() => undefined)
    assert.equal((await bench.post(50)).kind, 'unknown')
  })

  test('when the connection breaks after it was sent its fate is unknown', async () => {
    await using bench = await channel((req) => req.socket.destroy())
    assert.equal((await bench.post()).kind, 'unknown')
  })

  test('when the answer breaks off its fate is unknown', async () => {
    await using bench = await channel((req, res) => {
      res.writeHead(200, { 'content-length': '100' }).write('{"id"')
      setImmediate(() => req.socket.destroy())
    })
    assert.equal((await bench.post()).kind, 'unknown')
  })

  test('to where nobody listens it certainly never left', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const connector = createConnector(proof(undefined))
    assert.equal((await post(connector, `http://127.0.0.1:${port}`)).kind, 'unsent')
    assert.equal((await post(connector, 'http://no-such-host.invalid')).kind, 'unsent')
    connector.close()
  })

  test('without a token it never leaves', async () => {
    const connector = createConnector({
      authorize: () => Promise.reject(new Error('no token')),
      refused: () => undefined,
    })
    assert.equal((await post(connector, 'http://127.0.0.1:1')).kind, 'unsent')
    connector.close()
  })

  test('an endless answer is not read to its end', async () => {
    await using bench = await channel((_req, res) => {
      const more = () => {
        if (!res.destroyed && res.write(Buffer.alloc(65_536, 'x'))) setImmediate(more)
      }
      res.on('drain', more)
      more()
    })
    assert.equal((await bench.post(10_000)).kind, 'unknown')
  })
})
