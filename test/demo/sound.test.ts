/** The sound of the phones on its way to the page and back, without a browser: the WebSocket and its manners. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { decodeG711, encodeG711 } from '../../src/sim/g711.ts'
import { startPbx, type Pbx } from '../../src/sim/pbx.ts'
import { loadSpeech } from '../../src/sim/speech.ts'
import { Far } from '../sim/far.ts'
import { portOf, sdp, shows, Trunk } from '../sim/trunk.ts'
import { startDemo } from './world.ts'

/** A page that only listens and speaks. */
class Ear {
  readonly frames: Buffer[] = []
  readonly states: string[] = []
  readonly socket: WebSocket

  constructor(t: TestContext, url: string, headers: { origin?: string; host?: string } = { origin: url }) {
    const { origin, host } = headers
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/demo/sound`, {
      ...(origin === undefined ? {} : { origin }),
      ...(host === undefined ? {} : { headers: { host } }),
    })
    this.socket.on('message', (data: Buffer, binary) => {
      if (binary) this.frames.push(data)
      else this.states.push((JSON.parse(data.toString()) as { state: string }).state)
    })
    this.socket.on('error', () => undefined)
    t.after(() => this.socket.terminate())
  }

  static async open(t: TestContext, url: string): Promise<Ear> {
    const ear = new Ear(t, url)
    await once(ear.socket, 'open')
    return ear
  }

  tell(message: unknown): void {
    this.socket.send(JSON.stringify(message))
  }

  hold(phone: string): void {
    this.tell({ type: 'hold', phone })
  }

  /** The answer to its wish for the microphone, which also tells that all before has been done. */
  async microphone(open: boolean): Promise<string | undefined> {
    const before = this.states.length
    this.tell({ type: 'microphone', open })
    while (this.states.length === before)
      await once(this.socket, 'message', { signal: AbortSignal.timeout(3000) })
    return this.states.at(-1)
  }

  /** The next frame that fits, of those to come. */
  async hears(fits: (frame: Buffer) => boolean, ms = 3000): Promise<Buffer> {
    const signal = AbortSignal.timeout(ms)
    for (;;) {
      const [data, binary] = (await once(this.socket, 'message', { signal })) as [Buffer, boolean]
      if (binary && fits(data)) return data
    }
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close', { signal: AbortSignal.timeout(3000) })) as [number]
    return code
  }
}

async function world(t: TestContext): Promise<{ pbx: Pbx; trunk: Trunk; far: Far; url: string }> {
  const pbx = await startPbx({ speech: await loadSpeech(['1001', '1002']) })
  const trunk = await Trunk.to(pbx)
  const { url } = await startDemo(t, { pbx })
  t.after(async () => {
    trunk.close()
    await pbx.stop()
  })
  return { pbx, trunk, far: await Far.open(t), url }
}

/** Two phones in a call, told of each other. */
async function joined({ pbx, trunk }: { pbx: Pbx; trunk: Trunk }): Promise<void> {
  const [a, b] = [trunk.call('1001'), trunk.call('1002')]
  const alice = portOf(await a.connect(pbx.phone('1001')!, sdp(9)))
  const bob = portOf(await b.connect(pbx.phone('1002')!, sdp(9)))
  a.send('INVITE', { body: sdp(bob, { version: 2 }) })
  b.send('INVITE', { body: sdp(alice, { version: 2 }) })
  await Promise.all([a.gets(200), b.gets(200)])
  a.send('ACK')
  b.send('ACK')
}

/** 20 ms of a tone that nobody of the simulation has. */
const spoken = encodeG711(
  'PCMU',
  Int16Array.from({ length: 160 }, (_, i) => 9000 * Math.sin((2 * Math.PI * 1950 * i) / 8000)),
)

/** A microphone that sends its 20 ms until the test is over. */
function talk(t: TestContext, ear: Ear): NodeJS.Timeout {
  const timer = setInterval(() => ear.socket.send(spoken), 20)
  t.after(() => clearInterval(timer))
  return timer
}

void test('a page hears what comes to the phone that it holds, frame by frame, in the codec that came', async (t) => {
  const { pbx, trunk, far, url } = await world(t)
  const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
  const ear = await Ear.open(t, url)
  ear.hold('1001')
  far.play(port, 1700)
  const ulaw = await ear.hears((frame) => frame[0] === 0)
  assert.ok(far.played.some((payload) => payload.equals(ulaw.subarray(1))))
  far.play(port, 1700, { codec: 'PCMA' })
  const alaw = await ear.hears((frame) => frame[0] === 8)
  assert.ok(far.played.some((payload) => payload.equals(alaw.subarray(1))))
})

void test('a handset that is put away is not heard any more, nor is one that nobody holds', async (t) => {
  const { pbx, trunk, far, url } = await world(t)
  const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
  const [ear, other] = [await Ear.open(t, url), await Ear.open(t, url)]
  ear.hold('1001')
  other.hold('1001')
  far.play(port, 1700)
  await Promise.all([ear.hears(() => true), other.hears(() => true)])
  ear.hold('1002')
  await ear.microphone(false)
  const before = ear.frames.length
  for (let i = 0; i < 10; i += 1) await other.hears(() => true)
  assert.equal(ear.frames.length, before)
})

void test('a microphone speaks in the place of the person’s clip, and the clip goes on after it', async (t) => {
  const { pbx, trunk, far, url } = await world(t)
  await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port))
  await shows(pbx, '1001', (view) => view.state === 'talking')
  const ear = await Ear.open(t, url)
  ear.hold('1001')
  assert.equal(await ear.microphone(true), 'open')
  const timer = talk(t, ear)
  await far.hearsOne((payload) => payload.equals(Buffer.from(spoken)))
  clearInterval(timer)
  const clips = (await loadSpeech(['1001'])).get('1001')!
  const lines = Buffer.from(encodeG711('PCMU', clips.en))
  const loud = (payload: Buffer) => decodeG711('PCMU', payload).some((sample) => Math.abs(sample) > 1000)
  await far.hearsOne((payload) => loud(payload) && lines.includes(payload))
})

void test('one page has the microphone; another may have it once that one has closed', async (t) => {
  const { url } = await world(t)
  const [first, second] = [await Ear.open(t, url), await Ear.open(t, url)]
  assert.equal(await first.microphone(true), 'open')
  assert.equal(await second.microphone(true), 'taken')
  assert.equal(await second.microphone(false), 'closed', 'it cannot take away what it does not have')
  assert.equal(await second.microphone(true), 'taken')
  first.socket.close()
  await once(first.socket, 'close')
  assert.equal(await second.microphone(true), 'open')
})

void test('who does not have the microphone does not speak', async (t) => {
  const { pbx, trunk, far, url } = await world(t)
  await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port))
  await shows(pbx, '1001', (view) => view.state === 'talking')
  const ear = await Ear.open(t, url)
  ear.hold('1001')
  talk(t, ear)
  await far.hears(25)
  assert.ok(!far.packets.some((packet) => packet.subarray(12).equals(Buffer.from(spoken))))
})

void test('what a microphone says is heard at the other phone, but not played back into its own room', async (t) => {
  const stage = await world(t)
  await joined(stage)
  const [speaker, bystander] = [await Ear.open(t, stage.url), await Ear.open(t, stage.url)]
  speaker.hold('1001')
  bystander.hold('1002')
  await bystander.hears(() => true)
  await speaker.microphone(true)
  const heard: Buffer[] = []
  stage.pbx.phone('1002')!.listen(({ payload }) => heard.push(Buffer.from(payload)))
  const before = bystander.frames.length
  talk(t, speaker)
  while (heard.filter((payload) => payload.equals(Buffer.from(spoken))).length < 20)
    await speaker.hears(() => true)
  const played = bystander.frames
    .slice(before)
    .filter((frame) => frame.subarray(1).equals(Buffer.from(spoken)))
  assert.equal(played.length, 0, 'two handsets side by side would howl')
  assert.deepEqual(stage.pbx.phone('1002')!.view.hears, { kind: 'person', name: 'Alice Serrano' })
})

void test('a page that does not take its sound misses some, and hears again when it does', async (t) => {
  const { pbx, url } = await world(t)
  const ear = await Ear.open(t, url)
  ear.hold('1001')
  await ear.microphone(false)
  ear.socket.pause()
  const phone = pbx.phone('1001')!
  // Ten times what the sockets of a system hold.
  const flood = 200_000
  for (let i = 0; i < flood; i += 1) phone.sounds({ codec: 'PCMU', payload: spoken, live: false })
  ear.socket.resume()
  await ear.microphone(false)
  assert.ok(ear.frames.length < flood / 2, `${ear.frames.length} of ${flood} were kept for it`)
  const before = ear.frames.length
  phone.sounds({ codec: 'PCMA', payload: spoken, live: false })
  await ear.microphone(false)
  assert.equal(ear.frames.length, before + 1)
})

void test('only a page of the demo may listen: by Origin and by Host, as everywhere', async (t) => {
  const { url } = await world(t)
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://dialback.example', host: 'dialback.example' },
  ]) {
    const { socket } = new Ear(t, url, headers)
    const [, response] = (await once(socket, 'unexpected-response', {
      signal: AbortSignal.timeout(3000),
    })) as [unknown, { statusCode: number }]
    assert.equal(response.statusCode, 403, JSON.stringify(headers))
  }
})

void test('what no page of ours sends ends the connection, and harms no other', async (t) => {
  const { url } = await world(t)
  const other = await Ear.open(t, url)
  for (const [sent, code] of [
    ['{', 1008],
    ['{"type":"hold"}', 1008],
    [Buffer.alloc(159), 1008],
    [Buffer.alloc(5000), 1009],
  ] as const) {
    const ear = await Ear.open(t, url)
    ear.socket.send(sent)
    assert.equal(await ear.closed(), code)
  }
  other.hold('nobody’s phone')
  other.socket.send(spoken)
  assert.equal(await other.microphone(true), 'open')
})

void test('the page decodes G.711 as the phones do, code by code, and its PCMU comes back as it was', async () => {
  const module = new URL('../../src/demo/page/g711.js', import.meta.url).href
  const page = (await import(module)) as {
    decode(type: number, payload: Uint8Array): Float32Array
    encodeUlaw(samples: Float32Array): Uint8Array
  }
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code)
  for (const [type, codec] of [
    [0, 'PCMU'],
    [8, 'PCMA'],
  ] as const)
    assert.deepEqual(
      Array.from(page.decode(type, codes), (x) => x * 32768 + 0),
      Array.from(decodeG711(codec, codes)),
    )
  const once = page.decode(0, codes)
  const flat = (samples: Float32Array) => Array.from(samples, (x) => x + 0)
  assert.deepEqual(flat(page.decode(0, page.encodeUlaw(once))), flat(once))
  assert.deepEqual([...page.encodeUlaw(Float32Array.of(0, 2, -2))], [0xff, 0x80, 0x00])
})
