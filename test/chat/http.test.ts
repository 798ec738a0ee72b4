import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { ChatFault } from '../../src/chat/fault.ts'
import type { Mount } from '../../src/chat/http.ts'
import { isLoopbackHost, isLoopbackUrl, isOwnOrigin } from '../../src/chat/loopback.ts'
import type { Who } from '../helpers/channel.ts'
import { chatBench } from '../helpers/chat.ts'

const alice: Who = { aadObjectId: 'a1', name: 'Alice' }

type Asked = {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** A request with every header as it is wanted, Host and Origin too. */
async function ask(url: string, { method = 'POST', path = '/api/messages', headers = {}, body }: Asked) {
  const request = http.request(new URL(path, url), { method, headers, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const part of response) text += String(part)
  return { status: response.statusCode, text, headers: response.headers }
}

const json = { 'content-type': 'application/json' }

suite('without an app id the bot speaks with this machine alone', () => {
  const evil = { aadObjectId: 'a1', name: 'Alice' }
  const rows: readonly [what: string, Asked | ((good: string) => Asked), status: number, code?: string][] = [
    ['a proper activity', (good) => ({ headers: json, body: good }), 200],
    [
      'JSON with a charset',
      (good) => ({ headers: { 'content-type': 'application/json; charset=utf-8' }, body: good }),
      200,
    ],
    ['localhost as Host', (good) => ({ headers: { ...json, host: 'localhost:3978' }, body: good }), 200],
    ['::1 as Host', (good) => ({ headers: { ...json, host: '[::1]:3978' }, body: good }), 200],
    ['127.1.2.3 as Host', (good) => ({ headers: { ...json, host: '127.1.2.3' }, body: good }), 200],
    [
      'a DNS name that was rebound',
      (good) => ({ headers: { ...json, host: 'evil.example:3978' }, body: good }),
      403,
      'HOST_NOT_LOOPBACK',
    ],
    [
      'a Host that only begins so',
      (good) => ({ headers: { ...json, host: '127.0.0.1.evil.example' }, body: good }),
      403,
      'HOST_NOT_LOOPBACK',
    ],
    [
      'another page as Origin',
      (good) => ({ headers: { ...json, origin: 'https://evil.example' }, body: good }),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'no origin that a browser names',
      (good) => ({ headers: { ...json, origin: 'null' }, body: good }),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'another port of this machine as Origin',
      (good) => ({ headers: { ...json, origin: 'http://127.0.0.1:1' }, body: good }),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'type=message' },
      415,
      'JSON_ONLY',
    ],
    [
      'a multipart form',
      { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      415,
      'JSON_ONLY',
    ],
    [
      'plain text that is JSON',
      (good) => ({ headers: { 'content-type': 'text/plain' }, body: good }),
      415,
      'JSON_ONLY',
    ],
    ['no type at all', (good) => ({ body: good }), 415, 'JSON_ONLY'],
    ['a compressed body', { headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' }, 415, 'JSON_ONLY'],
    ['broken JSON', { headers: json, body: '{"broken' }, 400, 'BROKEN_JSON'],
    ['an empty body', { headers: json }, 400, 'BROKEN_JSON'],
    ['an array', { headers: json, body: '[]' }, 400, 'NOT_AN_ACTIVITY'],
    ['a number', { headers: json, body: '1' }, 400, 'NOT_AN_ACTIVITY'],
    ['null', { headers: json, body: 'null' }, 400, 'NOT_AN_ACTIVITY'],
    ['an empty object', { headers: json, body: '{}' }, 400, 'NOT_AN_ACTIVITY'],
    [
      'a foreign serviceUrl',
      (good) => ({
        headers: json,
        body: good.replace(/"serviceUrl":"[^"]*"/, '"serviceUrl":"https://evil.example/"'),
      }),
      403,
      'SERVICE_URL_NOT_ALLOWED',
    ],
    [
      'a serviceUrl that only begins so',
      (good) => ({
        headers: json,
        body: good.replace(/"serviceUrl":"[^"]*"/, '"serviceUrl":"http://localhost.evil.example/"'),
      }),
      403,
      'SERVICE_URL_NOT_ALLOWED',
    ],
    [
      'a serviceUrl that is no URL',
      (good) => ({ headers: json, body: good.replace(/"serviceUrl":"[^"]*"/, '"serviceUrl":"x"') }),
      400,
      'NOT_AN_ACTIVITY',
    ],
    [
      'an unknown type of activity',
      (good) => ({ headers: json, body: good.replace('"type":"message"', '"type":"somethingNew"') }),
      200,
    ],
    ['another method', { method: 'PUT', headers: json, body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
    ['another address', { path: '/api/other', headers: json, body: '{}' }, 404, 'NOT_FOUND'],
    ['a path that climbs', { method: 'GET', path: '/%2e%2e/%2e%2e/etc/passwd' }, 404, 'NOT_FOUND'],
    ['a path that cannot be decoded', { method: 'GET', path: '/%E0%A4%A' }, 404, 'NOT_FOUND'],
  ]
  for (const [what, asked, status, code] of rows) {
    test(`${what}: ${status}${code === undefined ? '' : ` ${code}`}`, async () => {
      await using bench = await chatBench()
      const good = JSON.stringify(bench.channel.activity(evil, { text: 'call Bob' }))
      const answer = await ask(bench.url, typeof asked === 'function' ? asked(good) : asked)
      assert.equal(answer.status, status, answer.text)
      assert.equal(
        bench.receiver.heard.length,
        status === 200 && what !== 'an unknown type of activity' ? 1 : 0,
      )
      assert.doesNotMatch(answer.text, /\bat .*\.(js|ts):\d+|node_modules/)
      if (code !== undefined) assert.equal((JSON.parse(answer.text) as Refusal).error.code, code)
    })
  }

  test('its own page is no stranger', async () => {
    await using bench = await chatBench()
    const body = JSON.stringify(bench.channel.activity(alice, { text: 'call Bob' }))
    const port = new URL(bench.url).port
    for (const origin of [bench.url, `http://localhost:${port}`]) {
      assert.equal((await ask(bench.url, { headers: { ...json, origin }, body })).status, 200)
    }
  })
})

suite('bodies', () => {
  test('1 MB of text is taken, cut, and answered', async () => {
    await using bench = await chatBench()
    const answer = await bench.channel.say(alice, 'x'.repeat(1_000_000))
    assert.equal(answer.status, 200)
    const [heard] = bench.receiver.heard
    assert.ok(heard?.act.kind === 'text' && heard.act.text.length === 20_000)
  })

  test('beyond the limit there is 413, and the next request is taken', async () => {
    await using bench = await chatBench({ bodyLimit: 10_000 })
    const answer = await ask(bench.url, { headers: json, body: Buffer.alloc(70_000, 'x') })
    assert.equal(answer.status, 413)
    assert.equal((await bench.channel.say(alice, 'call Bob')).status, 200)
  })

  test('who breaks off in the middle harms nobody', async () => {
    await using bench = await chatBench()
    const { port } = new URL(bench.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a',
    )
    await once(socket, 'connect')
    socket.destroy()
    await once(socket, 'close')
    assert.equal((await bench.channel.say(alice, 'call Bob')).status, 200)
    assert.deepEqual(
      bench.log.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })
})

suite('beside the messages', () => {
  test('until the bot is ready it answers 503 with Retry-After', async () => {
    let ready = false
    await using bench = await chatBench({ ready: () => ready })
    const before = await ask(bench.url, { headers: json, body: '{}' })
    assert.deepEqual([before.status, before.headers['retry-after']], [503, '1'])
    assert.equal((await ask(bench.url, { method: 'HEAD' })).status, 503)
    assert.equal((await ask(bench.url, { method: 'GET', path: '/readyz' })).status, 503)
    assert.equal((await ask(bench.url, { method: 'GET', path: '/healthz' })).status, 200)
    ready = true
    assert.equal((await ask(bench.url, { method: 'HEAD' })).status, 200, 'the Playground polls this')
    assert.equal((await ask(bench.url, { method: 'OPTIONS' })).status, 204)
    assert.equal((await ask(bench.url, { method: 'GET', path: '/readyz' })).status, 200)
  })

  test('a port that is taken is said with its remedy', async () => {
    await using bench = await chatBench()
    const port = Number(new URL(bench.url).port)
    await assert.rejects(chatBench({ port }), (err) => {
      assert.ok(err instanceof ChatFault)
      assert.equal(err.code, 'PORT_TAKEN')
      assert.match(err.remedy, /PORT/)
      return true
    })
  })

  test('what is mounted gets its paths, requests and upgrades; strangers get neither', async () => {
    const seen: string[] = []
    const mount = (path: string): Mount => ({
      path,
      handle(req, res) {
        seen.push(`${path} ${req.url ?? ''}`)
        res.end('page')
      },
      upgrade(_req, socket) {
        seen.push(`${path} upgrade`)
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      },
    })
    await using bench = await chatBench({ mounts: [mount('/'), mount('/demo/*')] })
    for (const path of ['/', '/demo', '/demo/', '/demo/a.js?x=1', '/demon', '/other']) {
      await ask(bench.url, { method: 'GET', path })
    }
    assert.deepEqual(seen, ['/ /', '/demo/* /demo', '/demo/* /demo/', '/demo/* /demo/a.js?x=1'])
    const upgrade = async (headers: Record<string, string>) => {
      const { port } = new URL(bench.url)
      const socket = connect(Number(port), '127.0.0.1')
      const lines = Object.entries({ host: 'localhost', connection: 'upgrade', upgrade: 'x', ...headers })
      socket.write(`GET /demo/ws HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`)
      const [data] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      return data.toString().split('\r\n')[0]
    }
    assert.equal(await upgrade({}), 'HTTP/1.1 101 Switching Protocols')
    assert.equal(await upgrade({ origin: 'http://evil.example' }), 'HTTP/1.1 403 Forbidden')
    assert.equal(await upgrade({ host: 'evil.example' }), 'HTTP/1.1 403 Forbidden')
    const page = await ask(bench.url, { method: 'GET', path: '/demo/', headers: { host: 'evil.example' } })
    assert.equal(page.status, 403)
  })
})

suite('what is this machine', () => {
  test('hosts', () => {
    const good = ['localhost', 'LOCALHOST:80', '127.0.0.1', '127.255.255.255:1', '[::1]', '[::1]:3978']
    const bad = [
      undefined,
      '',
      ':80',
      'evil.example',
      '127.0.0.1.x',
      '128.0.0.1',
      '127.0.0.256',
      '[::2]',
      '::1',
      '0.0.0.0',
      'localhost.evil.example',
      '127.0.0.1:x',
      '127.0.0.1@evil.example',
    ]
    for (const host of good) assert.equal(isLoopbackHost(host), true, host)
    for (const host of bad) assert.equal(isLoopbackHost(host), false, host)
  })

  test('origins', () => {
    assert.equal(isOwnOrigin(undefined, 'localhost:1'), true)
    assert.equal(isOwnOrigin('http://localhost:1', '127.0.0.1:1'), true)
    for (const origin of [
      'http://localhost:2',
      'https://localhost:1',
      'http://evil.example:1',
      'null',
      '',
      'file://',
    ]) {
      assert.equal(isOwnOrigin(origin, 'localhost:1'), false, origin)
    }
  })

  test('service URLs', () => {
    for (const url of ['http://127.0.0.1:1/', 'https://localhost/', 'http://[::1]:9'])
      assert.equal(isLoopbackUrl(url), true)
    for (const url of [
      'ftp://localhost/',
      'http://localhost.evil.example',
      'http://localhost@evil.example/',
      'x',
    ]) {
      assert.equal(isLoopbackUrl(url), false, url)
    }
  })
})

type Refusal = { readonly error: { readonly code: string; readonly message: string } }
