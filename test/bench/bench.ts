/**
 * npm run bench [-- --rate 50 --seconds 20]: the whole bot as a process of its own (store on, cards out to a channel),
 * phones behind its trunk. Prints JSON. Times are milliseconds, taken in this process, so that they include the way
 * over loopback both ways.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { RunningBot } from '../helpers/bot.ts'
import { LoadPhones } from './phones.ts'

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '20' }, seconds: { type: 'string', default: '10' } },
})
const rate = Number(values.rate)
const total = Math.round(rate * Number(values.seconds))
/** Milliseconds that each call is talked. */
const TALK = 2000
/** Milliseconds after the last message in which calls may still end. */
const PATIENCE = 40_000

/** One dial-back as it was measured. */
type Times = { said: number; invited?: number; pickedUp?: number; calleeInvited?: number; ended?: number }
const calls = Array.from({ length: total }, (): Times => ({ said: 0 }))

const user = (n: number) => `+34910${String(n).padStart(6, '0')}`
const callee = (n: number) => `+34911${String(n).padStart(6, '0')}`
const isCallee = (number: string) => number.startsWith('+34911')
const nth = (number: string) => Number(number.slice(-6))

const people = calls.flatMap((_, n) => [
  { aadObjectId: `user-${n}`, name: `User${letters(n)} Caller`, phones: { desk: user(n) } },
  { aadObjectId: `callee-${n}`, name: `Callee${letters(n)} Called`, phones: { desk: callee(n) } },
])

let ended = 0
const allEnded = Promise.withResolvers<undefined>()
const phones = await new LoadPhones({
  talk: TALK,
  hangsUp: isCallee,
  seen: {
    onInvite: (number, at) => {
      const call = calls[nth(number)]
      if (call) call[isCallee(number) ? 'calleeInvited' : 'invited'] ??= at
    },
    onAnswer: (number, at) => {
      const call = calls[nth(number)]
      if (call && !isCallee(number)) call.pickedUp ??= at
    },
    onBye: (number, at) => {
      const call = calls[nth(number)]
      if (!call || isCallee(number)) return
      call.ended = at
      if (++ended === total) allEnded.resolve(undefined)
    },
  },
}).start()

const operations = { POST: 0, PUT: 0 }
const channel = createServer((request, response) => {
  if (request.method === 'POST' || request.method === 'PUT') operations[request.method]++
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: randomUUID() }))
  })
})
await new Promise<void>((done) => channel.listen(0, '127.0.0.1', done))
const address = channel.address()
const serviceUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`

const bot = await RunningBot.start({
  trunk: `sip:127.0.0.1:${phones.port};transport=udp`,
  people,
  env: { LOG_LEVEL: 'warn', CALLS_PER_HOUR: '1000000', RTP_PORTS: '30000-39999' },
})
const before = cpuOf(bot.pid)
const began = performance.now()
for (let n = 0; n < total; n++) {
  const due = began + (n * 1000) / rate
  const wait = due - performance.now()
  if (wait > 0) await new Promise((done) => setTimeout(done, wait))
  void say(n)
}
const late = setTimeout(() => allEnded.resolve(undefined), PATIENCE)
await allEnded.promise
clearTimeout(late)
const took = performance.now() - began
const cpu = cpuOf(bot.pid) - before
const memory = memoryOf(bot.pid)
await bot.stop()
phones.stop()
channel.closeAllConnections()
channel.close()

const done = calls.filter((call) => call.ended !== undefined)
console.log(
  JSON.stringify(
    {
      machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
      offered: { callsPerSecond: rate, calls: total, talkMs: TALK },
      completed: done.length,
      failed: total - done.length,
      seconds: round(took / 1000),
      ms: {
        messageToInvite: spread(calls.map((c) => c.invited && c.invited - c.said)),
        answerToNextInvite: spread(
          calls.map((c) => c.pickedUp && c.calleeInvited && c.calleeInvited - c.pickedUp),
        ),
      },
      cpuMsPerCall: round(cpu / Math.max(1, done.length)),
      channelOperationsPerCall: round((operations.POST + operations.PUT) / total),
      memoryMB: round(memory),
    },
    null,
    2,
  ),
)
process.exit(done.length === total ? 0 : 1)

async function say(n: number): Promise<void> {
  const call = calls[n]
  if (!call) return
  const conversation = { id: `conversation-${n}`, conversationType: 'personal', tenantId: 'bench' }
  const activity = {
    id: randomUUID(),
    type: 'message',
    channelId: 'msteams',
    serviceUrl,
    locale: 'en-US',
    from: { id: `29:user-${n}`, aadObjectId: `user-${n}`, name: 'User' },
    recipient: { id: '28:bot', name: 'Dialback' },
    conversation,
    text: `call Callee${letters(n)} Called`,
    textFormat: 'plain',
  }
  call.said = performance.now()
  await fetch(`${bot.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  }).then((response) => response.arrayBuffer())
}

/** Names without digits, so that each is a name of its own. */
function letters(n: number): string {
  return String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')
}

/** Milliseconds of CPU that a process has used, all its threads together (proc(5), USER_HZ is 100). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function spread(measured: readonly (number | undefined)[]) {
  const sorted = measured.filter((ms) => ms !== undefined).sort((a, b) => a - b)
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
