import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { SipdOptions } from '../../src/sipd/options.ts'
import { run } from '../../src/sipd/sipd.ts'
import { startSipd } from '../../src/sipd/start.ts'

const OPTIONS: SipdOptions = {
  bind: [
    { transport: 'udp', host: '127.0.0.1', port: 0 },
    { transport: 'tcp', host: '127.0.0.1', port: 0 },
  ],
  control: { host: '127.0.0.1', port: 0 },
  secret: 'secret',
  t1: 20,
}

function invite(changes: Readonly<Record<string, string>> = {}): string {
  const fields = {
    Via: 'SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKx',
    From: '<sip:a@b>;tag=1',
    To: '<sip:c@d>',
    'Call-ID': 'x',
    CSeq: '1 INVITE',
    Contact: '<sip:a@127.0.0.1>',
    'Max-Forwards': '70',
    ...changes,
  }
  return `INVITE sip:c@d SIP/2.0\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

/** Faults that the server caught and reported: there must be none. */
function faults(t: TestContext): Error[] {
  const seen: Error[] = []
  const note = (fault: Error): void => {
    seen.push(fault)
  }
  process.on('warning', note)
  t.after(() => process.off('warning', note))
  return seen
}

/** The same noise on every run. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

test('no datagram stops the server: noise, cut and spoilt messages', { timeout: 30_000 }, async (t) => {
  const caught = faults(t)
  const sipd = await run({ ...OPTIONS, worker: false })
  t.after(() => sipd.stop())
  const port = sipd.addresses.find(({ transport }) => transport === 'udp')?.port ?? 0
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  t.after(() => socket.close())
  await once(socket, 'listening')
  const random = noise(7)
  const pieces = [
    '\r\n',
    ';',
    ',',
    '<',
    '>',
    '"',
    '\\',
    '\0',
    ':',
    ' ',
    '=',
    '@',
    '[',
    ']',
    '%',
    'é',
    '\t',
    '\r',
    '\n',
  ]
  for (let i = 0; i < 3_000; i++) {
    let data: Buffer
    if (i % 3 === 0) data = randomBytes(Math.floor(random() * 1_200))
    else {
      const fields: Record<string, string> = {
        CSeq: `${i} ${['INVITE', 'OPTIONS', 'BYE', 'ACK', 'CANCEL'][i % 5]}`,
      }
      let text = invite({ ...fields, 'Call-ID': `c${i}`, Via: `SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${i}` })
      for (let n = 0; n < 1 + random() * 6; n++) {
        const at = Math.floor(random() * text.length)
        const piece = pieces[Math.floor(random() * pieces.length)] ?? ''
        text =
          text.slice(0, at) +
          (random() < 0.5 ? piece : piece.repeat(50)) +
          text.slice(at + Math.floor(random() * 30))
      }
      data = Buffer.from(i % 3 === 1 ? text : text.slice(0, Math.floor(random() * text.length)))
    }
    socket.send(data, port, '127.0.0.1')
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const answer = new Promise<string>((resolve) => {
    socket.on('message', (data) => {
      if (data.toString().includes('Call-ID: alive')) resolve(data.toString())
    })
  })
  socket.send(
    invite({ 'Call-ID': 'alive', Via: 'SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKalive' }),
    port,
    '127.0.0.1',
  )
  assert.match(await answer, /^SIP\/2\.0 /)
  assert.deepEqual(caught, [])
})

test('no TCP stream stops the server', { timeout: 30_000 }, async (t) => {
  const caught = faults(t)
  const sipd = await run({ ...OPTIONS, worker: false })
  t.after(() => sipd.stop())
  const port = sipd.addresses.find(({ transport }) => transport === 'tcp')?.port ?? 0
  const random = noise(11)
  for (let i = 0; i < 60; i++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(i % 2 ? randomBytes(5_000) : invite({ Subject: 'x'.repeat(Math.floor(random() * 100_000)) }))
    if (i % 3) socket.destroy()
    else socket.end()
  }
  const socket = connect(port, '127.0.0.1')
  socket.write('\r\n\r\n')
  assert.equal(String((await once(socket, 'data'))[0]), '\r\n')
  assert.deepEqual(caught, [])
  socket.destroy()
})

test('nothing is left of requests that were answered', { timeout: 10_000 }, async (t) => {
  const sipd = await run({ ...OPTIONS, worker: false, t1: 5 })
  t.after(() => sipd.stop())
  const port = sipd.addresses.find(({ transport }) => transport === 'udp')?.port ?? 0
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  t.after(() => socket.close())
  for (let i = 0; i < 50; i++) {
    socket.send(
      invite({ 'Call-ID': `k${i}`, Via: `SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKk${i}` }),
      port,
      '127.0.0.1',
    )
  }
  await once(socket, 'message')
  assert.ok(sipd.counts().transactions.servers > 0)
  while (sipd.counts().transactions.servers > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(sipd.counts().applications, { asked: 0, waiting: 0, owned: 0 })
})

test('what an extension asks for that nobody knows is refused with 420', { timeout: 10_000 }, async (t) => {
  const sipd = await run({ ...OPTIONS, worker: false })
  t.after(() => sipd.stop())
  const port = sipd.addresses.find(({ transport }) => transport === 'udp')?.port ?? 0
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  t.after(() => socket.close())
  socket.send(invite({ Require: '100rel, nothingSIPplease' }), port, '127.0.0.1')
  const [data] = (await once(socket, 'message')) as [Buffer]
  assert.match(data.toString(), /^SIP\/2\.0 420 [\s\S]*Unsupported: nothingSIPplease\r\n/)
})

for (const worker of [true, false]) {
  test(`a taken port is told with a code and a remedy (${worker ? 'worker' : 'this thread'})`, async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as { port: number }
    const bind: SipdOptions['bind'] = [{ transport: 'tcp', host: '127.0.0.1', port }]
    const expected = { code: 'SIPD_BIND', transport: 'tcp', host: '127.0.0.1', port }
    await assert.rejects(startSipd({ ...OPTIONS, bind, worker }), expected)
    await assert.rejects(startSipd({ ...OPTIONS, control: { host: '127.0.0.1', port }, worker }), expected)
    blocker.close()
  })
}

test('as a worker it starts, tells its ports, and stops', async () => {
  const sipd = await startSipd(OPTIONS)
  let exited = false
  sipd.onExit(() => (exited = true))
  assert.ok(sipd.controlPort > 0)
  assert.deepEqual(
    sipd.addresses.map(({ transport }) => transport),
    ['udp', 'tcp'],
  )
  assert.ok(sipd.addresses.every(({ port }) => port > 0))
  await sipd.stop()
  assert.equal(exited, false)
})

test('as a process it starts, tells its ports on one line, and stops', { timeout: 20_000 }, async () => {
  const script = new URL('../../src/sipd/worker.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, SIPD_OPTIONS: JSON.stringify(OPTIONS) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const ready = JSON.parse(line) as { type: string; controlPort: number }
  assert.equal(ready.type, 'ready')
  const socket = connect(ready.controlPort, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 0)
})
