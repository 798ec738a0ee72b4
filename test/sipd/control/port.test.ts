/** The port of applications, and applications that do not behave. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { frame } from '../../../src/sipd/control/frames.ts'
import { call } from '../torture/call.ts'
import type { Ground } from '../torture/ground.ts'
import { faults, ground } from '../torture/ground.ts'

async function dial(t: TestContext, { sipd }: Ground): Promise<Socket> {
  const socket = connect(sipd.controlPort, '127.0.0.1')
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function admitted(t: TestContext, g: Ground): Promise<Socket> {
  const socket = await dial(t, g)
  socket.write(frame('1|authenticate|secret|'))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.match(answer.toString(), /\|response\|1\|OK\|/)
  return socket
}

/** The same noise on every run. */
function noise(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test(
  'garbage costs an application its connection, and no other one anything',
  { timeout: 30_000 },
  async (t) => {
    const caught = faults(t)
    const g = await ground(t)
    const talk = await call(t, g)
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '999999999#x',
      '0#',
      '\0\0\0\0\0\0\0\0\0',
      '-5#hello',
      '5#helloworld######',
    ])
      for (const known of [false, true]) {
        const socket = await (known ? admitted(t, g) : dial(t, g))
        const closed = once(socket.resume(), 'close')
        socket.write(garbage)
        await closed
      }
    await talk.goesOn()
    await talk.ends()
    assert.equal(g.sipd.counts().clients, 1)
    assert.deepEqual(caught, [])
  },
)

test(
  'frames without sense are answered NO or NOK each, and the next one is read',
  { timeout: 30_000 },
  async (t) => {
    const caught = faults(t)
    const g = await ground(t)
    const talk = await call(t, g)
    const socket = await admitted(t, g)
    let heard = ''
    socket.on('data', (data: Buffer) => (heard += data.toString()))
    const random = noise(3)
    const words = [
      'sip',
      'route',
      'ping',
      'proxy',
      'cdr',
      '',
      'INVITE',
      'a;from-tag=b',
      '\r\n',
      'SIP/2.0 200 OK',
      'é',
      '|',
      '#',
      '\0',
    ]
    const messages = [
      'INVITE sip:a@127.0.0.1:9;transport=sctp SIP/2.0\r\nFrom: x\r\n\r\n',
      'INVITE sip:a@127.0.0.1:99999 SIP/2.0\r\n\r\nbody without type',
      'INVITE sip:a@[::1 SIP/2.0\r\nCall-ID: a|b\r\n\r\n',
      'BYE sip:a@b SIP/2.0\r\nCSeq: huge BYE\r\n\r\n',
      'ACK sip:a@b SIP/2.0\r\n\r\n',
      'CANCEL sip:a@b SIP/2.0\r\n\r\n',
      'SIP/2.0 200 OK\r\nTo: <sip:a@b>;tag="\r\n\r\n',
      'OPTIONS sip:\0@b SIP/2.0\r\nContact: \r\n\r\n',
    ]
    for (let i = 0; i < 2_000; i++) {
      const parts = Array.from({ length: random(6) }, () => words[random(words.length)])
      const tail = i % 2 ? `|${words[random(words.length)]}|\r\n${messages[random(messages.length)]}` : ''
      socket.write(frame(`n${i}|${i % 2 ? 'sip|' : ''}${parts.join('|')}${tail}`))
    }
    socket.write(frame('last|ping'))
    while (!heard.includes('|response|last|OK|pong')) await once(socket, 'data')
    await talk.goesOn()
    await talk.ends()
    assert.deepEqual(caught, [])
  },
)

test('who does not say the secret in time makes room again', { timeout: 30_000 }, async (t) => {
  const g = await ground(t, { limits: { clients: 4, patience: 200 } })
  const talk = await call(t, g)
  const idle = await Promise.all([dial(t, g), dial(t, g), dial(t, g)])
  await Promise.all(idle.map((socket) => once(socket.resume(), 'close')))
  await admitted(t, g)
  await talk.goesOn()
})

test('an application that never reads is closed, and its backlog let go', { timeout: 60_000 }, async (t) => {
  const g = await ground(t)
  const talk = await call(t, g)
  const socket = await admitted(t, g)
  socket.pause()
  // Each is answered with a line that nobody takes.
  const pings = Buffer.concat(Array.from({ length: 2_000 }, () => frame('x|ping')))
  while (g.sipd.counts().clients > 1) {
    if (!socket.write(pings)) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  socket.destroy()
  await talk.goesOn()
  await talk.ends()
})
