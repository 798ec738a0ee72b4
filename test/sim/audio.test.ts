import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startPbx, type Pbx } from '../../src/sim/pbx.ts'
import { decodeG711, encodeG711 } from '../../src/sim/g711.ts'
import { Ear, tonePower } from '../../src/sim/ear.ts'
import { loadSpeech } from '../../src/sim/speech.ts'
import { Air } from '../../src/sim/air.ts'
import { Mouth } from '../../src/sim/mouth.ts'
import { Far } from './far.ts'
import { bodyOf, portOf, sdp, shows, Trunk } from './trunk.ts'

async function world(t: TestContext): Promise<{ pbx: Pbx; trunk: Trunk; far: Far }> {
  const pbx = await startPbx()
  const trunk = await Trunk.to(pbx)
  t.after(async () => {
    trunk.close()
    await pbx.stop()
  })
  return { pbx, trunk, far: await Far.open(t) }
}

const heardBy = (pbx: Pbx, id: string) => pbx.phone(id)!.view.hears

void test('a phone in a call sends its person’s tone, 20 ms a packet, to where the SDP says', async (t) => {
  const { pbx, trunk, far } = await world(t)
  await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port))
  const packets = await far.hears(25)
  const [a, b] = [packets[3]!, packets[4]!]
  assert.equal(a[1]! & 0x7f, 0)
  assert.equal(a.length, 12 + 160)
  assert.equal(b.readUInt16BE(2), (a.readUInt16BE(2) + 1) & 0xffff)
  assert.equal(b.readUInt32BE(4), a.readUInt32BE(4) + 160)
  const samples = decodeG711('PCMU', a.subarray(12))
  assert.ok(tonePower(samples, 550) > 1e6, 'Alice speaks at 550 Hz')
})

void test('before it is picked up a phone neither sends nor listens', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(far.port) })
  await leg.gets(180)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(far.packets.length, 0)
  assert.equal(pbx.phone('1001')!.view.audio.sent, 0)
})

void test('a phone tells ringback, a busy tone, a person, another sound and silence apart', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
  assert.deepEqual(heardBy(pbx, '1001'), { kind: 'nothing' })
  far.play(port, 425, { on: 75, off: 150 })
  await shows(pbx, '1001', (view) => view.hears.kind === 'ringback')
  far.play(port, 650)
  await shows(pbx, '1001', (view) => view.hears.kind === 'person' && view.hears.name === 'Bob Marín')
  far.play(port, 425, { on: 10, off: 10 })
  await shows(pbx, '1001', (view) => view.hears.kind === 'busyTone')
  far.play(port, 1700)
  await shows(pbx, '1001', (view) => view.hears.kind === 'sound')
  far.quiet()
  await shows(pbx, '1001', (view) => view.hears.kind === 'nothing')
})

void test('a pause of ringback is ringback still', () => {
  const ear = new Ear([])
  const tone = Int16Array.from({ length: 160 }, (_, i) => 3000 * Math.sin((2 * Math.PI * 425 * i) / 8000))
  const silence = new Int16Array(160)
  for (let i = 0; i < 75; i += 1) ear.listen(tone)
  for (let i = 0; i < 150; i += 1) assert.equal(ear.listen(silence).kind, 'ringback')
  for (let i = 0; i < 100; i += 1) ear.listen(silence)
  assert.equal(ear.listen(silence).kind, 'nothing')
})

void test('A-law is spoken and heard where it is what both have', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const port = portOf(await trunk.call('1002').connect(pbx.phone('1002')!, sdp(far.port, { types: [9, 8] })))
  const [packet] = (await far.hears(3)).slice(-1)
  assert.equal(packet![1]! & 0x7f, 8)
  assert.ok(tonePower(decodeG711('PCMA', packet!.subarray(12)), 650) > 1e6)
  far.play(port, 550, { codec: 'PCMA' })
  await shows(pbx, '1002', (view) => view.hears.kind === 'person' && view.hears.name === 'Alice Serrano')
})

void test('the answer keeps the offer’s m-lines and payload types, and mirrors its direction', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const offer = sdp(far.port, {
    types: [9, 8, 0, 96],
    extra: ['a=sendonly', 'm=video 5000 RTP/AVP 99', 'a=rtpmap:99 H264/90000'],
  })
  const answer = await trunk.call('1001').connect(pbx.phone('1001')!, offer)
  assert.match(answer, /^m=audio \d+ RTP\/AVP 8 0 96\r\n/m)
  assert.match(answer, /^a=rtpmap:96 telephone-event\/8000/m)
  assert.match(answer, /^a=recvonly/m)
  assert.match(answer, /^m=video 0 RTP\/AVP 99/m)
  const view = await shows(pbx, '1001', (v) => v.state === 'talking')
  assert.equal(view.onHold, true)
})

void test('an offer without a common codec gets 488 before it rings', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9, { types: [9] }) })
  await leg.gets(488)
  assert.equal(pbx.phone('1001')!.view.state, 'onHook')
})

void test('a re-INVITE moves the sound, and the SDP keeps its o= with a version grown by one', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const leg = trunk.call('1001')
  const first = await leg.connect(pbx.phone('1001')!, sdp(far.port))
  await far.hears(3)
  const other = await Far.open(t)
  leg.send('INVITE', { body: sdp(other.port, { version: 2, types: [8, 101] }) })
  const second = bodyOf(await leg.gets(200))
  leg.send('ACK')
  await other.hears(5)
  const before = far.packets.length
  await other.hears(5)
  assert.equal(far.packets.length, before)
  const origin = (body: string) => /^o=(\S+ \d+) (\d+)/m.exec(body)!
  assert.equal(origin(second)[1], origin(first)[1])
  assert.equal(Number(origin(second)[2]), Number(origin(first)[2]) + 1)
})

void test('a re-INVITE without SDP is answered with all that the phone can; the ACK brings the answer', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(far.port, { types: [0] }))
  await far.hears(2)
  const other = await Far.open(t)
  leg.send('INVITE')
  const offer = bodyOf(await leg.gets(200))
  assert.match(offer, /^m=audio \d+ RTP\/AVP 0 8 101/m)
  await far.hears(2)
  leg.send('ACK', { body: sdp(other.port, { types: [8] }) })
  const [packet] = await other.hears(1)
  assert.equal(packet![1]! & 0x7f, 8)
})

void test('a call that begins without SDP gets the phone’s offer, and the ACK’s answer counts', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE')
  await leg.gets(180)
  pbx.phone('1001')!.pickUp()
  await leg.gets(200)
  leg.send('ACK', { body: sdp(far.port) })
  await far.hears(3)
})

void test('hold stops the sound and shows, resume brings it back, by re-INVITE and by UPDATE', async (t) => {
  const { pbx, trunk, far } = await world(t)
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(far.port))
  leg.send('INVITE', { body: sdp(far.port, { version: 2, extra: ['a=inactive'] }) })
  assert.match(await leg.gets(200), /^a=inactive/m)
  leg.send('ACK')
  await shows(pbx, '1001', (view) => view.onHold)
  leg.send('UPDATE', { body: sdp(far.port, { version: 3 }) })
  await leg.gets(200, 'UPDATE')
  await shows(pbx, '1001', (view) => !view.onHold)
  await far.hears(3)
})

void test('two phones told of each other hear each other, by name', async (t) => {
  const { pbx, trunk } = await world(t)
  const [a, b] = [trunk.call('1001'), trunk.call('1004')]
  const alice = portOf(await a.connect(pbx.phone('1001')!, sdp(9)))
  const zoe = portOf(await b.connect(pbx.phone('1004')!, sdp(9)))
  a.send('INVITE', { body: sdp(zoe, { version: 2 }) })
  b.send('INVITE', { body: sdp(alice, { version: 2 }) })
  await Promise.all([a.gets(200), b.gets(200)])
  a.send('ACK')
  b.send('ACK')
  await shows(pbx, '1001', (view) => view.hears.kind === 'person' && view.hears.name === 'Zoë Ørsted')
  await shows(pbx, '1004', (view) => view.hears.kind === 'person' && view.hears.name === 'Alice Serrano')
  b.send('BYE')
  await shows(pbx, '1001', (view) => view.hears.kind === 'nothing')
})

void test('a key pressed goes out as an RFC 4733 event, its end three times, with the far payload type', async (t) => {
  const { pbx, trunk, far } = await world(t)
  await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port, { types: [0, 96] }))
  await shows(pbx, '1001', (view) => view.state === 'talking')
  pbx.phone('1001')!.press('1')
  const events = (await far.hears(25)).filter((packet) => (packet[1]! & 0x7f) === 96)
  assert.ok(events.every((packet) => packet[12] === 1 && packet.length === 16))
  assert.equal(new Set(events.map((packet) => packet.readUInt32BE(4))).size, 1)
  assert.equal(events.filter((packet) => packet[13]! & 0x80).length, 3)
  assert.ok(events[0]![1]! & 0x80, 'the first has the marker')
})

void test('G.711 decodes what it encodes within its step, at every level', () => {
  for (const codec of ['PCMU', 'PCMA'] as const)
    for (let level = -32768; level <= 32767; level += 7) {
      const [back] = decodeG711(codec, encodeG711(codec, Int16Array.of(level)))
      const step = Math.max(16, Math.abs(level) / 16)
      assert.ok(
        Math.abs(back! - level) <= Math.max(step, 700 * Number(Math.abs(level) > 32000)),
        `${codec} ${level} ${back}`,
      )
    }
  assert.deepEqual([...encodeG711('PCMU', Int16Array.of(0, 1000, -1000))], [0xff, 0xce, 0x4e])
  assert.deepEqual([...encodeG711('PCMA', Int16Array.of(8, 1000, -1000))], [0xd5, 0xfa, 0x7a])
})

void test('who has lines to say says them, in the language wished for, and is known to the other phone by name', async (t) => {
  const speech = await loadSpeech(['1001', '1002', 'nobody'])
  assert.deepEqual([...speech.keys()], ['1001', '1002'])
  const pbx = await startPbx({ speech })
  const trunk = await Trunk.to(pbx)
  t.after(async () => {
    trunk.close()
    await pbx.stop()
  })
  const far = await Far.open(t)
  pbx.phone('1001')!.speaks('es')
  const leg = trunk.call('1001')
  const alice = portOf(await leg.connect(pbx.phone('1001')!, sdp(far.port, { types: [8] })))
  const lines = Buffer.from(encodeG711('PCMA', speech.get('1001')!.es))
  const begun = await far.hearsOne((payload) => lines.includes(payload))
  assert.ok(begun.equals(lines.subarray(0, 160)), 'from its beginning')
  const bob = portOf(await trunk.call('1002').connect(pbx.phone('1002')!, sdp(alice)))
  leg.send('INVITE', { body: sdp(bob, { version: 2 }) })
  await leg.gets(200)
  leg.send('ACK')
  await shows(pbx, '1001', (view) => view.hears.kind === 'person' && view.hears.name === 'Bob Marín')
})

void test('a person is known by name through every word and every pause of what they say', async () => {
  const mouth = new Mouth({ name: 'Bob', hz: 650 }, (await loadSpeech(['1002'])).get('1002'))
  const [air, ear] = [new Air(), new Ear([])]
  mouth.begin()
  const heard = Array.from({ length: 1000 }, () => {
    const payload = encodeG711('PCMU', mouth.next().samples)
    air.remember(payload, { name: 'Bob', live: false })
    return ear.listen(decodeG711('PCMU', payload), air.whose(payload)?.name)
  })
  assert.ok(heard.slice(5).every((found) => found.kind === 'person' && found.name === 'Bob'))
})
