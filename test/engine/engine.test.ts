/** sipd and the RTP endpoint in a process of their own: found again, replaced, ended, as a bot needs it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import type { EngineOptions } from '../../src/engine/engine.ts'
import { takeLock } from '../../src/engine/lock.ts'
import { startEngine } from '../../src/engine/start.ts'
import type { RunningEngine } from '../../src/engine/start.ts'
import type { Address } from '../../src/engine/wire.ts'
import { RtpPhone, strength } from '../media/phone.ts'
import { deaf, remoteFor } from '../media/stage.ts'
import { freePort, freeRange } from '../peers/ports.ts'

type Alone = Partial<EngineOptions['alone']>

/** A data folder, and bots that come and go on it. All processes end with the test. */
async function house(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  const sip = await freePort()
  const rtp = await freeRange(20)
  const told: string[] = []
  const options = (alone: Alone = {}, port = sip): EngineOptions => ({
    sipd: { bind: [{ transport: 'udp', host: '127.0.0.1', port }] },
    media: { bind: '127.0.0.1', ports: [rtp, rtp + 19], country: 'ES' },
    alone: { idle: 60_000, most: 600_000, ...alone },
  })
  const start = (given = options()) =>
    startEngine(folder, given, '127.0.0.1', { told: ({ code }) => told.push(code) })
  t.after(async () => {
    if (pidIn(folder) !== undefined) await (await start()).stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, options, start, told, sip }
}

const addressIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')) as Address
const pidIn = (folder: string) =>
  existsSync(join(folder, 'engine.json')) ? addressIn(folder).pid : undefined

async function until(what: string, holds: () => boolean, within = 8000): Promise<void> {
  for (const late = performance.now() + within; !holds(); await pause(10))
    assert.ok(performance.now() < late, `not ${what}`)
}

const isFree = (folder: string) => {
  const release = takeLock(join(folder, 'engine.lock'))
  release?.()
  return release !== undefined
}

/** What kill -9 of the bot is to the engine: its connection ends, and nobody says anything. */
function dies(engine: RunningEngine): Promise<void> {
  const gone = new Promise<void>((resolve) => engine.media.onExit(() => resolve()))
  engine.drop()
  return gone
}

test('it is started once, and found again by the next bot with its ports and notes', async (t) => {
  const { folder, start } = await house(t)
  const first = await start()
  assert.equal(first.found, false)
  const pid = pidIn(folder)
  const port = await first.media.open(deaf, 'c_1.1')
  first.note('c_1.1', { text: 'a note', call: 'c_1', dialog: 'd' })
  first.note('c_1.2', { text: 'taken back', call: 'c_1', dialog: 'e' })
  first.note('c_1.2', undefined)
  // What was written before is there when the answer to this is.
  await first.useTls({})
  await dies(first)

  const second = await start()
  assert.equal(second.found, true)
  assert.equal(pidIn(folder), pid)
  assert.deepEqual([...second.notes], [['c_1.1', 'a note']])
  const [adopted] = second.ports.get('c_1.1') ?? []
  assert.equal(adopted?.port.port, port.port)
  assert.notEqual((await second.media.open(deaf, 'c_2.1')).port, port.port)
})

test('it is a session of its own, and its file is for its owner only', async (t) => {
  const { folder, start } = await house(t)
  await start()
  assert.equal(statSync(join(folder, 'engine.json')).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'engine.lock')).mode & 0o777, 0o600)
  const [, , , , , session] = readFileSync(`/proc/${addressIn(folder).pid}/stat`, 'utf8').split(' ')
  assert.equal(Number(session), addressIn(folder).pid)
})

test('a relay goes on while there is no bot', async (t) => {
  const { start } = await house(t)
  const [a, b] = [await RtpPhone.open(1), await RtpPhone.open(2)]
  t.after(() => {
    a.close()
    b.close()
  })
  const engine = await start()
  const [portA, portB] = [await engine.media.open(deaf, 'a'), await engine.media.open(deaf, 'b')]
  portA.remote(remoteFor(a))
  portB.remote(remoteFor(b))
  portA.relay(portB)
  a.tone(portA.port, 400, 1)
  await b.hears(1)
  await dies(engine)
  a.tone(portA.port, 400, 20)
  const heard = await b.hears(21)
  assert.ok(strength(b.samples('PCMA', heard.slice(-10)), 400) > 7000)
})

test('a room goes on while there is no bot, and the next one knows who is in it', async (t) => {
  const { start } = await house(t)
  const [a, b] = [await RtpPhone.open(1), await RtpPhone.open(2)]
  const engine = await start()
  const [portA, portB] = [await engine.media.open(deaf, 'a'), await engine.media.open(deaf, 'b')]
  portA.remote(remoteFor(a))
  portB.remote(remoteFor(b))
  portA.join('standup')
  portB.join('standup')
  const singing = setInterval(() => {
    a.tone(portA.port, 400, 1)
  }, 20)
  t.after(() => {
    clearInterval(singing)
    a.close()
    b.close()
  })
  await b.hears(1)
  await dies(engine)
  const hears = async () => {
    const heard = await b.hears(b.heard.length + 10)
    return strength(b.samples('PCMA', heard.slice(-10)), 400)
  }
  while ((await hears()) < 7_000);

  const next = await start()
  const [adopted] = next.ports.get('a') ?? []
  assert.equal(adopted?.port.room, 'standup')
  adopted.port.leave()
  while ((await hears()) > 100);
  assert.equal(adopted.port.room, undefined)
})

test('a bot that stops ends it', async (t) => {
  const { folder, start } = await house(t)
  const engine = await start()
  const { pid } = addressIn(folder)
  await engine.stop()
  await until('ended', () => !existsSync(`/proc/${pid}`) || isFree(folder))
  assert.equal(pidIn(folder), undefined)
})

test('it ends by itself when no bot comes back and nothing is left in it', async (t) => {
  const { folder, start, options } = await house(t)
  await dies(await start(options({ idle: 100 })))
  await until('ended', () => pidIn(folder) === undefined && isFree(folder))
})

test('a file that was left behind is no engine', async (t) => {
  const { folder, start, told } = await house(t)
  writeFileSync(join(folder, 'engine.json'), JSON.stringify({ pid: process.pid, port: 9, secret: 'x' }))
  assert.equal((await start()).found, false)
  assert.deepEqual(told, [])
})

test('one that was killed is no engine', async (t) => {
  const { folder, start } = await house(t)
  const first = await start()
  const lost = new Promise<Error>((resolve) => first.media.onExit(resolve))
  const { pid } = addressIn(folder)
  process.kill(pid, 'SIGKILL')
  assert.match((await lost).message, /engine/)
  assert.equal((await start()).found, false)
  assert.notEqual(addressIn(folder).pid, pid)
})

test('one of other settings is ended, and another one takes its place', async (t) => {
  const { folder, start, options, told } = await house(t)
  await dies(await start())
  const { pid } = addressIn(folder)
  const other = await start(options({}, await freePort()))
  assert.equal(other.found, false)
  assert.deepEqual(told, ['ENGINE_OTHER'])
  assert.notEqual(addressIn(folder).pid, pid)
  await other.stop()
})

test('one that hangs is killed, and another one takes its place', async (t) => {
  const { folder, start, told } = await house(t)
  await dies(await start())
  const { pid } = addressIn(folder)
  process.kill(pid, 'SIGSTOP')
  assert.equal((await start()).found, false)
  assert.deepEqual(told, ['ENGINE_HUNG'])
  assert.notEqual(addressIn(folder).pid, pid)
})

test('nobody without the secret is listened to', async (t) => {
  const { folder, start } = await house(t)
  const engine = await start()
  const { port, pid } = addressIn(folder)
  for (const line of [
    '{"is":"end"}\n',
    '{"is":"hello","version":1,"secret":"x"}\n{"is":"end"}\n',
    'null\n',
    'GET / HTTP/1.1\r\n\r\n',
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(line)
    const answers: Buffer[] = []
    socket.on('data', (data) => answers.push(data))
    await once(socket, 'close')
    assert.equal(Buffer.concat(answers).toString(), '')
  }
  await engine.useTls({})
  assert.equal(addressIn(folder).pid, pid)
})

test('an address that is taken is told as sipd tells it, with code and remedy', async (t) => {
  const { start, options } = await house(t)
  const taken = await RtpPhone.open()
  t.after(() => taken.close())
  await assert.rejects(
    start(options({}, taken.port)),
    (fault: Error & { code?: string; remedy?: string }) => {
      assert.equal(fault.code, 'SIPD_BIND')
      assert.match(fault.remedy ?? '', /SIP_BIND/)
      return true
    },
  )
})

test('strangers at its door, who come again and again, do not keep the next bot out', async (t) => {
  const { folder, start, told } = await house(t)
  await dies(await start())
  const { port, pid } = addressIn(folder)
  const sitting = new Set<Socket>()
  let over = false
  const sit = () => {
    if (over) return
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sitting.add(socket.on('close', () => sitting.delete(socket) && setImmediate(sit)))
  }
  for (let i = 0; i < 30; i++) sit()
  await until('crowded', () => sitting.size >= 16)
  const found = await start()
  over = true
  for (const socket of sitting) socket.destroy()
  assert.deepEqual([found.found, told], [true, []])
  assert.equal(addressIn(folder).pid, pid)
})

test('who does not say hello is not read on', async (t) => {
  const { folder, start } = await house(t)
  await start()
  const socket = connect(addressIn(folder).port, '127.0.0.1').on('error', () => undefined)
  const closed = once(socket, 'close')
  const began = performance.now()
  socket.write(Buffer.alloc(64 << 10, 'x'))
  await closed
  assert.ok(performance.now() - began < 2000, 'before it would have been sent away for its silence')
})

test('it is found again with the notes of thousands of calls', async (t) => {
  const { start } = await house(t)
  const first = await start()
  const text = 'n'.repeat(4000)
  for (let i = 0; i < 6000; i++) first.note(`c_${i}.1`, { text, call: `c_${i}`, dialog: `d${i}` })
  await first.useTls({})
  await dies(first)
  const second = await start()
  assert.deepEqual([second.found, second.notes.size], [true, 6000])
})

test('killed while it is asked for something: whoever asks hears so, and whoever comes later too', async (t) => {
  const { folder, start } = await house(t)
  const engine = await start()
  const asked = engine.useTls({})
  process.kill(addressIn(folder).pid, 'SIGKILL')
  await asked.catch(() => undefined)
  await assert.rejects(engine.useTls({}), /engine/)
  const heard = new Promise<Error>((resolve) => engine.media.onExit(resolve))
  assert.match((await heard).message, /engine/)
})

test('one that has just begun and does not say yet where it is is waited for', async (t) => {
  const { folder, start, told } = await house(t)
  const release = takeLock(join(folder, 'engine.lock'))
  assert.ok(release)
  const starting = start()
  await pause(300)
  release()
  assert.equal((await starting).found, false)
  assert.deepEqual(told, [])
})

test('it is given no secret of the bot to keep in its environment', async (t) => {
  process.env['MicrosoftAppPassword'] = 'for the bot alone'
  t.after(() => delete process.env['MicrosoftAppPassword'])
  const { folder, start } = await house(t)
  await start()
  const environment = readFileSync(`/proc/${addressIn(folder).pid}/environ`, 'utf8')
  assert.doesNotMatch(environment, /for the bot alone/)
})
