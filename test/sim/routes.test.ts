/** What the simulated PBX does with calls when it is told to: each as a trunk sees it on the wire. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { startPbx, type Pbx, type PbxOptions } from '../../src/sim/pbx.ts'
import { bodyOf, portOf, sdp, shows, Trunk, type Leg } from './trunk.ts'

/** The bot calls the user's own phone from outside, and the callee in the user's name. */
const OUTSIDE = { from: '"Bob Marín" <sip:+34900100200@127.0.0.1>' }
const INSIDE = { from: '"Alice Serrano" <sip:+34910000001@127.0.0.1>' }

async function world(t: TestContext, options: PbxOptions = {}): Promise<{ pbx: Pbx; trunk: Trunk }> {
  const pbx = await startPbx(options)
  const trunk = await Trunk.to(pbx)
  t.after(async () => {
    trunk.close()
    await pbx.stop()
  })
  return { pbx, trunk }
}

function calls(trunk: Trunk, number: string, by: { from: string }): Leg {
  const leg = trunk.call(number, by)
  leg.send('INVITE', { body: sdp(9) })
  return leg
}

void test('busy: the callee’s phone gives 486 without ringing, and the caller’s own phone rings as ever', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: 'busy' })
  await calls(trunk, '1001', OUTSIDE).gets(180)
  await calls(trunk, '+34910000002', INSIDE).gets(486)
  assert.equal(pbx.phone('1002')!.view.ended, 'busy')
  assert.ok(!pbx.ladder.some(({ phone, title }) => phone === '1002' && title === '180 Ringing'))
})

void test('the caller’s own phone is busy, and nobody else’s', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ outside: 'busy' })
  await calls(trunk, '1001', OUTSIDE).gets(486)
  await calls(trunk, '1002', INSIDE).gets(180)
})

void test('declined: the phone rings, then 603', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: { rings: 30, then: 'decline' } })
  const leg = calls(trunk, '1002', INSIDE)
  await leg.gets(180)
  await leg.gets(603)
  assert.equal(pbx.phone('1002')!.view.ended, 'declined')
})

void test('no answer: the phone rings, then the PBX gives 480 with cause 19 of Q.850', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: { rings: 30, then: 'giveUp' } })
  const leg = calls(trunk, '1002', INSIDE)
  await leg.gets(180)
  assert.match(await leg.gets(480), /^Reason: Q\.850;cause=19;/m)
  assert.equal(pbx.phone('1002')!.view.ended, 'noAnswer')
})

void test('who picks up before the limit talks, and is not cut off by it', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: { rings: 60, then: 'giveUp' } })
  const leg = trunk.call('1002', INSIDE)
  await leg.connect(pbx.phone('1002')!, sdp(9))
  await shows(pbx, '1002', (view) => view.audio.sent > 10)
  assert.equal(pbx.phone('1002')!.view.state, 'talking')
})

void test('voicemail answers in the dialog that rang, from a port of its own, and says that it is a machine', async (t) => {
  const { pbx, trunk } = await world(t)
  const ear = createSocket('udp4').bind(0, '127.0.0.1')
  t.after(() => ear.close())
  await once(ear, 'listening')
  pbx.route({ inside: { rings: 30, then: 'voicemail' } })
  const leg = trunk.call('1002', INSIDE)
  leg.send('INVITE', { body: sdp(ear.address().port) })
  const ringing = await leg.gets(180)
  const ok = await leg.gets(200)
  const tag = /^To: .*;tag=(\w+)/m
  assert.equal(tag.exec(ok)?.[1], tag.exec(ringing)?.[1])
  assert.match(ok, /^Contact: <sip:1002-voicemail@[^>]+>;automata/m, 'RFC 3840 10.11')
  leg.send('ACK')
  const [, from] = (await once(ear, 'message')) as [Buffer, { port: number }]
  assert.equal(from.port, portOf(bodyOf(ok)))
  assert.equal(pbx.phone('1002')!.view.state, 'onHook', 'the phone itself has stopped ringing')
  assert.equal(pbx.phone('1002')!.view.ended, 'toVoicemail')
  const box = pbx.phone('1002-voicemail')!.view
  assert.deepEqual([box.kind, box.name, box.state], ['voicemail', 'Bob Marín', 'talking'])
  assert.deepEqual(
    pbx.ladder.filter(({ direction }) => direction === 'out').map(({ title, phone }) => `${title} ${phone}`),
    ['100 Trying 1002', '180 Ringing 1002', '200 OK 1002-voicemail'],
  )
  leg.send('BYE')
  await leg.gets(200, 'BYE')
  assert.equal(pbx.phone('1002-voicemail')!.view.state, 'onHook')
})

void test('a phone at the other end hears that voicemail speaks', async (t) => {
  const { pbx, trunk } = await world(t)
  const own = trunk.call('1001', OUTSIDE)
  const ownPort = portOf(await own.connect(pbx.phone('1001')!, sdp(9)))
  pbx.route({ inside: { rings: 30, then: 'voicemail' } })
  const leg = trunk.call('1002', INSIDE)
  leg.send('INVITE', { body: sdp(ownPort) })
  await leg.gets(200)
  leg.send('ACK')
  await shows(pbx, '1001', (view) => view.hears.kind === 'voicemail')
})

void test('a voicemail box with somebody on the line lets a second caller ring out', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: { rings: 30, then: 'voicemail' } })
  const first = calls(trunk, '1002', INSIDE)
  await first.gets(200)
  first.send('ACK')
  const second = calls(trunk, '1002', INSIDE)
  await second.gets(180)
  await second.gets(480)
})

void test('voicemail hangs up by itself when it has recorded long enough', async (t) => {
  const { pbx, trunk } = await world(t, { records: 80 })
  pbx.route({ inside: { rings: 30, then: 'voicemail' } })
  const leg = calls(trunk, '1002', INSIDE)
  await leg.gets(200)
  leg.send('ACK')
  leg.answer(await leg.requested('BYE'))
  assert.equal(pbx.phone('1002-voicemail')!.view.ended, 'hungUp')
})

void test('a CANCEL before voicemail answers is a CANCEL: 487, and no box picks up', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.route({ inside: { rings: 40, then: 'voicemail' } })
  const leg = calls(trunk, '1002', INSIDE)
  await leg.gets(180)
  leg.send('CANCEL')
  await leg.gets(487)
  leg.send('ACK')
  // A second call's box shows that the time of the first one's is over.
  await calls(trunk, '1003', INSIDE).gets(200)
  assert.deepEqual(
    pbx.phones.map(({ view }) => view.id).filter((id) => id.endsWith('voicemail')),
    ['1003-voicemail'],
  )
})

/** What a peer with a connected socket, as a careful SIP server has, learns of a request. */
async function learns(t: TestContext, { host, port }: Pbx['address'], text: string): Promise<string> {
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.connect(port, host)
  await once(socket, 'connect')
  socket.send(text)
  return new Promise((resolve) => {
    socket.on('message', (bytes) => resolve(bytes.toString().split('\r\n', 1)[0]!))
    socket.on('error', (fault: NodeJS.ErrnoException) => resolve(fault.code ?? ''))
  })
}

function options(trunk: Trunk, branch: string): string {
  return trunk.call('pbx').text('OPTIONS', { cseq: 1, branch })
}

void test('switched off: talking phones say good-bye with the cause, ringing ones get 503, and nothing listens any more', async (t) => {
  const { pbx, trunk } = await world(t)
  const talking = trunk.call('1001', OUTSIDE)
  await talking.connect(pbx.phone('1001')!, sdp(9))
  await shows(pbx, '1001', (view) => view.state === 'talking')
  const ringing = calls(trunk, '1002', INSIDE)
  await ringing.gets(180)
  const off = pbx.switchOff()
  const bye = await talking.requested('BYE')
  assert.match(bye, /^Reason: Q\.850;cause=38;/m)
  talking.answer(bye)
  await ringing.gets(503)
  ringing.send('ACK')
  await off
  assert.deepEqual(
    ['1001', '1002', '1003'].map((id) => {
      const { state, service, ended } = pbx.phone(id)!.view
      return [state, service, ended]
    }),
    [
      ['onHook', false, 'switchedOff'],
      ['onHook', false, 'switchedOff'],
      ['onHook', false, undefined],
    ],
  )
  assert.equal(await learns(t, pbx.address, options(trunk, 'z9hG4bKoff')), 'ECONNREFUSED')
  assert.ok(!pbx.ladder.some(({ method }) => method === 'OPTIONS'), 'it has seen nothing')
})

void test('switched off, it takes no TCP connection either', async (t) => {
  const { pbx } = await world(t)
  const reach = () => {
    const socket = connect(pbx.address.port, pbx.address.host)
    t.after(() => socket.destroy())
    const faults: string[] = []
    const closed = new Promise<string>((resolve) => {
      socket.on('error', (fault: NodeJS.ErrnoException) => faults.push(fault.code ?? ''))
      socket.on('close', () => resolve(faults.join()))
    })
    return { socket, closed }
  }
  const { socket, closed } = reach()
  await once(socket, 'connect')
  await pbx.switchOff()
  assert.equal(await closed, 'ECONNRESET')
  assert.equal(await reach().closed, 'ECONNRESET')
})

void test('switched on again, it is there at the same address, and phones ring', async (t) => {
  const { pbx, trunk } = await world(t)
  const before = pbx.address
  await pbx.switchOff()
  await pbx.switchOn()
  assert.deepEqual(pbx.address, before)
  assert.match(await learns(t, before, options(trunk, 'z9hG4bKon')), /^SIP\/2\.0 200/)
  await calls(trunk, '1002', INSIDE).gets(180)
  assert.equal(pbx.phone('1002')!.view.service, true)
})

void test('off, on, off, on in one breath ends as it was asked last', async (t) => {
  const { pbx, trunk } = await world(t)
  await Promise.all([pbx.switchOff(), pbx.switchOn(), pbx.switchOff(), pbx.switchOn()])
  await calls(trunk, '1002', INSIDE).gets(180)
  await Promise.all([pbx.switchOn(), pbx.switchOff()])
  assert.equal(await learns(t, pbx.address, options(trunk, 'z9hG4bKlast')), 'ECONNREFUSED')
})
