import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PARSE_LIMITS } from '../../../src/sipd/message/parse.ts'
import { responseTo } from '../../../src/sipd/message/build.ts'
import { serialise } from '../../../src/sipd/message/serialise.ts'
import { timersFor } from '../../../src/sipd/transaction/clock.ts'
import { TransactionLayer } from '../../../src/sipd/transaction/layer.ts'
import type { ServerTransaction } from '../../../src/sipd/transaction/server.ts'
import type { Source } from '../../../src/sipd/transport/transports.ts'
import { HandClock } from '../clock.ts'

function setUp(transactions = 100) {
  const sent: string[] = []
  const heard: string[] = []
  const open: ServerTransaction[] = []
  const clock = new HandClock()
  const source: Source = {
    transport: 'udp',
    host: '192.0.2.9',
    port: 40_000,
    local: {
      transport: 'udp',
      told: () => ({ host: '192.0.2.2', port: 5060 }),
      send: (data, { host, port }) => sent.push(`${host}:${port} ${data.toString()}`),
      answer: (data, { host, port }) => sent.push(`${host}:${port} ${data.toString()}`),
      silent: () => undefined,
    },
  }
  const layer = new TransactionLayer(
    { clock, timers: timersFor(500), parse: PARSE_LIMITS, transactions },
    {
      request: (transaction) => {
        heard.push(transaction.request.method)
        open.push(transaction)
      },
      ack: () => heard.push('ACK'),
      cancelled: () => heard.push('CANCEL'),
      expected: () => false,
      stray: () => heard.push('stray'),
    },
  )
  return {
    layer,
    sent,
    heard,
    open,
    clock,
    receive: (text: string) => layer.receive(Buffer.from(text), source),
  }
}

function message(
  method: string,
  options: { branch?: string; via?: string; to?: string; cseq?: string; extra?: string } = {},
): string {
  const via = options.via ?? `SIP/2.0/UDP 10.0.0.1:5060;rport;branch=${options.branch ?? 'z9hG4bK1'}`
  return [
    `${method} sip:b@c SIP/2.0`,
    `Via: ${via}`,
    'From: <sip:a@b>;tag=f',
    `To: ${options.to ?? '<sip:b@c>'}`,
    'Call-ID: one',
    `CSeq: ${options.cseq ?? '1'} ${method}`,
    'Contact: <sip:a@10.0.0.1>',
    ...(options.extra ? [options.extra] : []),
    '',
    '',
  ].join('\r\n')
}

test('a response goes to where the request came from, and says so (RFC 3581)', () => {
  const { receive, open, sent } = setUp()
  receive(message('OPTIONS'))
  const [transaction] = open
  transaction?.respond(200, serialise(responseTo(transaction.request, 200)))
  assert.match(sent[0] ?? '', /^192\.0\.2\.9:40000 SIP\/2\.0 200/)
  assert.match(
    sent[0] ?? '',
    /Via: SIP\/2\.0\/UDP 10\.0\.0\.1:5060;rport=40000;branch=z9hG4bK1;received=192\.0\.2\.9\r\n/,
  )
})

test('without rport it goes to the port of Via (RFC 3261 18.2.2)', () => {
  const { receive, open, sent } = setUp()
  receive(message('OPTIONS', { via: 'SIP/2.0/UDP 10.0.0.1:5082;branch=z9hG4bK1' }))
  const [transaction] = open
  transaction?.respond(200, serialise(responseTo(transaction.request, 200)))
  assert.match(sent[0] ?? '', /^192\.0\.2\.9:5082 /)
})

test('the same request by another way is a loop', () => {
  const { receive, heard, sent } = setUp()
  receive(message('INVITE', { branch: 'z9hG4bK1' }))
  receive(message('INVITE', { branch: 'z9hG4bK2' }))
  assert.deepEqual(heard, ['INVITE'])
  assert.match(sent[0] ?? '', / SIP\/2\.0 482 /)
})

test('without the magic cookie, requests are told apart by RFC 2543', () => {
  const { receive, heard } = setUp()
  const via = 'SIP/2.0/UDP 10.0.0.1:5060;branch=1'
  receive(message('OPTIONS', { via, cseq: '1' }))
  receive(message('OPTIONS', { via, cseq: '1' }))
  receive(message('OPTIONS', { via, cseq: '2' }))
  assert.deepEqual(heard, ['OPTIONS', 'OPTIONS'])
})

test('CANCEL finds its INVITE by branch, and comes once', () => {
  const { receive, heard, sent, open } = setUp()
  receive(message('INVITE'))
  receive(message('CANCEL'))
  open[0]?.respond(487, Buffer.from('487'))
  receive(message('CANCEL'))
  receive(message('CANCEL', { branch: 'z9hG4bK9' }))
  assert.deepEqual(heard, ['INVITE', 'CANCEL'])
  assert.deepEqual(
    sent.map((line) => /SIP\/2\.0 (\d+)|(\d+)$/.exec(line)?.slice(1).find(Boolean)),
    ['200', '487', '200', '481'],
  )
})

test('what is beyond the limit gets 503 and is not remembered', () => {
  const { receive, heard, sent, layer } = setUp(2)
  for (const n of [1, 2, 3, 4]) receive(message('OPTIONS', { branch: `z9hG4bK${n}`, cseq: `${n}` }))
  assert.equal(heard.length, 2)
  assert.equal(sent.filter((line) => line.includes(' 503 ')).length, 2)
  assert.equal(layer.size.servers, 2)
})

test('transactions are forgotten in the end', () => {
  const { receive, open, layer, clock } = setUp()
  receive(message('OPTIONS'))
  receive(message('INVITE', { branch: 'z9hG4bK2' }))
  for (const transaction of open) transaction.respond(200, Buffer.from('x'))
  clock.to(33_000)
  assert.deepEqual(layer.size, { servers: 0, clients: 0 })
  assert.equal(clock.alarms, 0)
})

test('a response to nothing of ours is dropped; a 2xx to an INVITE is handed up', () => {
  const { receive, heard } = setUp()
  const response = (status: number, method: string) =>
    message(method).replace(/^.*\r\n/, `SIP/2.0 ${status} X\r\n`)
  receive(response(200, 'OPTIONS'))
  receive(response(404, 'INVITE'))
  receive(response(200, 'INVITE'))
  assert.deepEqual(heard, ['stray'])
})

test('a method that nobody knows gets 501, a bad request what is wrong, a bad ACK nothing', () => {
  const { receive, heard, sent } = setUp()
  receive(message('FROB', { branch: 'z9hG4bK5' }))
  receive(message('OPTIONS', { extra: 'Content-Length: x' }))
  receive(message('ACK', { extra: 'Content-Length: x' }))
  assert.deepEqual(heard, [])
  assert.equal(sent.length, 2)
  assert.match(sent[0] ?? '', / 501 Not Implemented/)
  assert.match(sent[1] ?? '', / 400 Bad Content-Length/)
})
