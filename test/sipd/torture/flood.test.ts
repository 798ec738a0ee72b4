/** Bytes without sense and without end: a call in progress notices nothing, and nothing of them is kept. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { header, Peer, sdp } from '../../contract/peer.ts'
import type { Message } from '../../contract/peer.ts'
import { call } from './call.ts'
import type { Ground } from './ground.ts'
import { faults, ground, lines, thrower } from './ground.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The same noise on every run. */
function noise(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function request(method: string, id: string, sentBy: string): string {
  return lines(
    `${method} sip:bot@example.com SIP/2.0`,
    `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    'From: "A. Lice" <sip:alice@example.com>;tag=1',
    'To: Bob <sip:bob@example.com>',
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    'Contact: <sip:alice@192.0.2.1>',
    'Supported: timer, 100rel',
    'Content-Type: application/sdp',
    'Content-Length: 3',
  )('v=0')
}

const breath = () => new Promise((resolve) => setImmediate(resolve))

test('a request cut short after each of its bytes is nobody’s request', { timeout: 30_000 }, async (t) => {
  const caught = faults(t)
  const g = await ground(t)
  const talk = await call(t, g)
  const one = await thrower(t, 'udp', g.port('udp'))
  const whole = Buffer.from(request('OPTIONS', 'cut', one.sentBy))
  for (let length = 0; length < whole.length; length++) {
    one.send(whole.subarray(0, length))
    if (length % 50 === 0) await breath()
  }
  const heard = await one.settled()
  // Of those whose headers are whole, the body is not: three of them, for a body of three bytes.
  assert.equal(heard.match(/^SIP\/2\.0 400 /gm)?.length, 3)
  assert.equal(g.seen.filter((seen) => seen.get('call-id') === 'cut').length, 0)
  for (let length = 0; length < whole.length; length += 7) {
    const socket = connect(g.port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.end(whole.subarray(0, length))
    await once(socket.resume(), 'close')
  }
  await talk.goesOn()
  await talk.ends()
  assert.equal(g.seen.filter((seen) => seen.get('call-id') === 'cut').length, 0)
  assert.deepEqual(caught, [])
})

test(
  'headers without end cost a stream its connection, and a datagram nothing',
  { timeout: 30_000 },
  async (t) => {
    const g = await ground(t)
    const talk = await call(t, g, 'tcp')
    const one = await thrower(t, 'udp', g.port('udp'))
    one.send(`OPTIONS sip:bot@example.com SIP/2.0\r\n${'X-Endless: on and on\r\n'.repeat(2_900)}`)
    await one.settled()
    const socket = connect(g.port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = once(socket.resume(), 'close')
    socket.write('OPTIONS sip:bot@example.com SIP/2.0\r\n')
    const pour = setInterval(() => socket.write('X-Endless: on and on\r\n'.repeat(500)), 1)
    await closed.finally(() => clearInterval(pour))
    await talk.goesOn()
    await talk.ends()
  },
)

test('noise, by datagrams and by streams', { timeout: 60_000 }, async (t) => {
  const caught = faults(t)
  const g = await ground(t)
  const talk = await call(t, g)
  const one = await thrower(t, 'udp', g.port('udp'))
  const random = noise(11)
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random(256)))
  for (let i = 0; i < 2_000; i++) {
    one.send(
      i % 2 ? bytes(random(900)) : Buffer.concat([bytes(random(40)), Buffer.from('\r\n\r\n'), bytes(9)]),
    )
    if (i % 100 === 0) await breath()
  }
  await one.settled()
  for (let i = 0; i < 60; i++) {
    const socket = connect(g.port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    for (let n = 0; n < 5; n++) socket.write(n % 2 ? bytes(3_000) : '\r\n\r\n')
    socket.end()
  }
  await talk.goesOn()
  await talk.ends()
  assert.deepEqual(caught, [])
})

test(
  'sound requests spoilt a little: bits turned, headers swapped, doubled, left out, cut and joined',
  { timeout: 60_000 },
  async (t) => {
    const caught = faults(t)
    const g = await ground(t, { t1: 100 })
    const talk = await call(t, g)
    const one = await thrower(t, 'udp', g.port('udp'))
    const random = noise(5)
    const methods = [
      'INVITE',
      'OPTIONS',
      'MESSAGE',
      'CANCEL',
      'ACK',
      'BYE',
      'REGISTER',
      'SUBSCRIBE',
      'REFER',
      'INFO',
    ]
    for (let i = 0; i < 4_000; i++) {
      const text = request(methods[i % methods.length] ?? '', `spoilt${i}`, one.sentBy)
      one.send(spoil(text, random))
      if (i % 50 === 0) await breath()
      if (i % 1_000 === 0) await talk.goesOn()
    }
    await one.settled()
    await talk.goesOn()
    await talk.ends()
    assert.deepEqual(caught, [])
    await emptied(g)
  },
)

test(
  'answers spoilt a little to a call that rings: it hears of the sound ones, and ends',
  { timeout: 60_000 },
  async (t) => {
    const caught = faults(t)
    const g = await ground(t, { t1: 100 })
    const phone = await Peer.start()
    t.after(() => phone.close())
    const random = noise(23)
    const calls = new Set<string>()
    for (let i = 0; i < 150; i++) {
      const made = g.srf.createUAC(phone.uri(), { localSdp: sdp(4000), headers: { Supported: '100rel' } })
      // A bit may make a 2xx of a 3xx: then it is a call without sense, and hung up.
      const ended = made.then(
        (dialog) => dialog.destroy(),
        () => undefined,
      )
      // One that was sent again is no new one.
      const isNew = (message: Message) =>
        message.method === 'INVITE' && !calls.has(header(message, 'call-id'))
      const invite = await phone.next(isNew, 'INVITE')
      calls.add(header(invite, 'call-id'))
      for (const status of [100, 180, 183, 199, 302, 401, 486]) {
        const sound = lines(
          `SIP/2.0 ${status} Whatever`,
          ...['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(invite, name)}`),
          `To: ${header(invite, 'to')};tag=t${i}`,
          `Contact: ${phone.contact}`,
          'Record-Route: <sip:127.0.0.1:9;lr>',
          'RSeq: 1',
          'Content-Type: application/sdp',
          `Content-Length: ${Buffer.byteLength(sdp(5000))}`,
        )(sdp(5000))
        invite.back(spoil(sound, random).toString('latin1'))
      }
      phone.answer(invite, 603, { tag: 'end' })
      await ended
    }
    assert.deepEqual(caught, [])
    await emptied(g)
  },
)

function spoil(text: string, random: (below: number) => number): Buffer {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const fields = head.split('\r\n')
  const at = () => 1 + random(fields.length - 1)
  for (let n = random(3); n >= 0; n--) {
    const [a, b] = [at(), at()]
    const [one = '', other = ''] = [fields[a], fields[b]]
    switch (random(7)) {
      case 0:
        ;[fields[a], fields[b]] = [other, one]
        break
      case 1:
        fields.splice(a, 0, one)
        break
      case 2:
        fields.splice(a, 1)
        break
      case 3:
        fields[a] = one.slice(0, random(one.length)) + other
        break
      case 4:
        fields[a] = one.replace(/[:;<>"=@,]/g, (char) =>
          random(3) ? char : '<>";=,:@[]%\\\0'.charAt(random(13)),
        )
        break
      case 5:
        fields[a] = `${one}${';x=y'.repeat(random(400))}`
        break
      case 6:
        fields[a] = one.replace(/\d+/, () => '9'.repeat(1 + random(25)))
        break
    }
    if (fields.length < 4) break
  }
  const bytes = Buffer.from(`${fields.join('\r\n')}\r\n\r\n${body}`)
  for (let n = random(4); n > 0; n--) {
    const index = random(bytes.length)
    bytes[index] = (bytes[index] ?? 0) ^ (1 << random(8))
  }
  return bytes
}

/** All that strangers made the server remember is forgotten. */
async function emptied({ sipd }: Ground): Promise<void> {
  const limit = Date.now() + 30_000
  for (;;) {
    const { transactions, dialogs, applications } = sipd.counts()
    const { asked, waiting, owned } = applications
    const left = [transactions.servers, transactions.clients, dialogs, asked, waiting, owned]
    if (left.every((count) => count === 0)) return
    assert.ok(Date.now() < limit, `still there: ${JSON.stringify(sipd.counts())}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test(
  'a flood is forgotten: neither a count nor the heap grows from one to the next',
  { timeout: 90_000 },
  async (t) => {
    const g = await ground(t, { t1: 5 })
    const heaps: number[] = []
    for (let round = 0; round < 8; round++) {
      const one = await thrower(t, 'udp', g.port('udp'))
      for (let i = 0; i < 4_000; i++) {
        const id = `flood${round}x${i}`
        if (i % 4 === 0) one.send(request('INVITE', id, one.sentBy))
        else if (i % 4 === 1) one.send(request('BYE', id, one.sentBy))
        else if (i % 4 === 2) one.send(request('DANCE', id, one.sentBy))
        else one.send(stray(id))
        if (i % 100 !== 0) continue
        await one.settled()
        one.forget()
      }
      await one.settled()
      await emptied(g)
      g.seen.length = 0
      collectGarbage()
      heaps.push(process.memoryUsage().heapUsed)
    }
    // The first rounds fill what is kept for speed, of the engine's too.
    const grown = (heaps.at(-1) ?? 0) - Math.max(...heaps.slice(2, 4))
    const told = heaps.map((bytes) => `${Math.round(bytes / 1e5) / 10} MB`).join(', ')
    // 16,000 messages lie between: half a kilobyte of each would be seen.
    assert.ok(grown < 8_000_000, `heap after each round: ${told}`)
  },
)

/** An answer to nothing that was ever asked. */
function stray(id: string): string {
  return request('INVITE', id, '127.0.0.1:5060').replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')
}

test(
  'when strangers have used up all places, a call is still listened to',
  { timeout: 30_000 },
  async (t) => {
    const g = await ground(t, { limits: { transactions: 100 } })
    const talk = await call(t, g)
    const one = await thrower(t, 'udp', g.port('udp'))
    for (let i = 0; i < 500; i++) {
      one.send(request('INVITE', `many${i}`, one.sentBy))
      if (i % 50 === 0) await breath()
    }
    await one.until((text) => (text.match(/^SIP\/2\.0 503 /gm)?.length ?? 0) >= 400)
    assert.equal(g.sipd.counts().transactions.servers, 100)
    await talk.goesOn()
    await talk.ends()
  },
)
