/** Where messages are tortured: a sipd, an application behind it, and a bare socket that sends what a row says. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { SipdOptions } from '../../../src/sipd/options.ts'
import type { Running } from '../../../src/sipd/sipd.ts'
import { run } from '../../../src/sipd/sipd.ts'
import type { Request, Response, Srf } from '../../contract/drachtio.ts'

export type Transport = 'udp' | 'tcp'

/** What becomes of a request. */
export type Answer =
  /** The application gets it, and sees this in it. */
  | {
      readonly sees: {
        readonly method: string
        readonly uri?: string
        readonly body?: string
        readonly headers?: Readonly<Record<string, string>>
      }
    }
  /** sipd answers it by itself, and the application hears nothing. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, RegExp>>; readonly closes?: true }
  /** Neither an answer nor a word to the application. */
  | 'dropped'

export type Row = {
  /** RFC 4475's or 5118's section and its name of the message. */
  readonly section: string
  readonly name: string
  readonly why: string
  /** Where ours is on purpose not the answer that the RFC would rather have. */
  readonly deviates?: string
  /** @param sentBy host and port of whoever sends it, for a Via that can be answered over UDP */
  readonly message: (sentBy: string) => string | Buffer
  readonly answer: Answer
  /** Both, unless the message lives from one of them. */
  readonly over?: Transport
}

const OPTIONS: SipdOptions = {
  bind: [
    { transport: 'udp', host: '127.0.0.1', port: 0 },
    { transport: 'tcp', host: '127.0.0.1', port: 0 },
  ],
  control: { host: '127.0.0.1', port: 0 },
  secret: 'secret',
  worker: false,
}

const SrfClass = createRequire(import.meta.url)('drachtio-srf') as new () => Srf
/** What the application makes a dialog of it refuses. */
const REFUSALS: Readonly<Record<string, number>> = { INVITE: 486, SUBSCRIBE: 489, REFER: 603 }
const VERBS = ['invite', 'options', 'message', 'register', 'info', 'subscribe', 'notify', 'publish', 'refer']

/** A message of these lines and this body; nothing is added. */
export function lines(...all: readonly string[]): (body?: string) => string {
  return (body = '') => [...all, '', body].join('\r\n')
}

/** Faults that the server caught and reported: there must be none. */
export function faults(t: TestContext): Error[] {
  const seen: Error[] = []
  const note = (fault: Error): void => {
    seen.push(fault)
  }
  process.on('warning', note)
  t.after(() => process.off('warning', note))
  return seen
}

export type Ground = {
  readonly sipd: Running
  readonly srf: Srf
  /** What reached the application, oldest first. */
  readonly seen: Request[]
  readonly port: (transport: Transport) => number
}

/**
 * @param options of sipd, in place of the usual ones; timers are those of RFC 3261, so that nothing is repeated
 * @param leaves a method that the application leaves without an answer
 */
export async function ground(
  t: TestContext,
  options: Partial<SipdOptions> = {},
  leaves?: string,
): Promise<Ground> {
  const sipd = await run({ ...OPTIONS, ...options })
  const srf = new SrfClass()
  const seen: Request[] = []
  srf.on('error', () => undefined)
  for (const verb of VERBS) {
    const route = Reflect.get(srf, verb) as (handler: (request: Request, response: Response) => void) => void
    route.call(srf, (request, response) => {
      seen.push(request)
      if (request.method !== leaves) response.send(REFUSALS[request.method] ?? 200)
    })
  }
  srf.connect({ host: '127.0.0.1', port: sipd.controlPort, secret: OPTIONS.secret })
  await once(srf, 'connect')
  t.after(async () => {
    srf.disconnect()
    await sipd.stop()
  })
  return {
    sipd,
    srf,
    seen,
    port: (wanted) => sipd.addresses.find(({ transport }) => transport === wanted)?.port ?? 0,
  }
}

/** A bare socket: it sends bytes, and keeps what came as text. */
export type Thrower = {
  readonly sentBy: string
  readonly send: (data: string | Buffer) => void
  /** Resolves with all that has come, as soon as `enough` says so. */
  readonly until: (enough: (heard: string) => boolean) => Promise<string>
  /** Resolves when all that was sent before has been dealt with. */
  readonly settled: () => Promise<string>
  readonly forget: () => void
  readonly ended: Promise<unknown>
}

const PATIENCE = 5_000

export async function thrower(t: TestContext, transport: Transport, port: number): Promise<Thrower> {
  let heard = ''
  let wake: () => void = () => undefined
  const take = (data: Buffer): void => {
    heard += data.toString()
    wake()
  }
  const until: Thrower['until'] = async (enough) => {
    const limit = AbortSignal.timeout(PATIENCE)
    while (!enough(heard)) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve
        limit.addEventListener('abort', () => reject(new Error(`this is all that came:\n${heard}`)))
      })
    }
    return heard
  }
  const common = (sentBy: string, send: Thrower['send']) => ({
    sentBy,
    send,
    until,
    forget: () => {
      heard = ''
    },
    settled: async () => {
      const mark = marker(transport, sentBy)
      send(mark.text)
      // A datagram may be lost where many are sent; the same again is the same request.
      const again = transport === 'udp' ? setInterval(() => send(mark.text), 300) : undefined
      return until((text) => text.includes(`Call-ID: ${mark.id}\r\n`)).finally(() => clearInterval(again))
    },
  })
  if (transport === 'udp') {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 }).bind(0, '127.0.0.1')
    await once(socket, 'listening')
    socket.on('message', take)
    t.after(() => socket.close())
    const sentBy = `127.0.0.1:${socket.address().port}`
    const send = (data: string | Buffer) => socket.send(data, port, '127.0.0.1')
    return { ...common(sentBy, send), ended: Promise.resolve() }
  }
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('data', take)
  socket.on('error', () => undefined)
  const ended = once(socket, 'end')
  ended.catch(() => undefined)
  t.after(() => socket.destroy())
  return { ...common(`127.0.0.1:${socket.localPort}`, (data) => socket.write(data)), ended }
}

let markers = 0

/** An OPTIONS that the application answers: what was sent before it has been dealt with when its answer comes. */
function marker(transport: Transport, sentBy: string): { readonly text: string; readonly id: string } {
  const id = `marker${++markers}`
  const text = lines(
    'OPTIONS sip:bot@example.com SIP/2.0',
    `Via: SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=z9hG4bK${id}`,
    'From: <sip:marker@example.com>;tag=m',
    'To: <sip:bot@example.com>',
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  )()
  return { text, id }
}

/** One test for each row and transport: sent to a running sipd by a real socket, and followed by a marker. */
export function torture(rows: readonly Row[]): void {
  for (const row of rows)
    for (const transport of row.over ? [row.over] : (['udp', 'tcp'] as const))
      test(`${row.section} ${row.name} over ${transport}: ${row.why}`, { timeout: 15_000 }, (t) =>
        judge(t, row, transport),
      )
}

async function judge(t: TestContext, row: Row, transport: Transport): Promise<void> {
  const caught = faults(t)
  const { seen, port } = await ground(t)
  const one = await thrower(t, transport, port(transport))
  one.send(row.message(one.sentBy))
  const { answer } = row
  const closes = typeof answer === 'object' && 'closes' in answer && transport === 'tcp'
  const mark = marker(transport, one.sentBy)
  if (closes) await one.ended
  else one.send(mark.text)
  const marked = (text: string): boolean => closes || text.includes(`Call-ID: ${mark.id}\r\n`)
  const wanted = answer === 'dropped' ? 0 : 1
  const heard = await one.until((text) => marked(text) && finals(text, mark.id).length >= wanted)
  const answers = finals(heard, mark.id)
  const delivered = seen.filter((request) => request.get('call-id') !== mark.id)
  assert.deepEqual(caught, [], 'a fault was caught')
  if (answer === 'dropped') {
    assert.deepEqual([answers, delivered.length], [[], 0])
  } else if ('status' in answer) {
    assert.deepEqual([answers.map(statusOf), delivered.length], [[answer.status], 0], heard)
    for (const [name, value] of Object.entries(answer.headers ?? {}))
      assert.match(new RegExp(`^${name}: (.*)\r$`, 'im').exec(answers[0] ?? '')?.[1] ?? '', value)
  } else {
    const [request] = delivered
    assert.ok(request && delivered.length === 1, heard)
    const { method, uri, body, headers = {} } = answer.sees
    assert.equal(request.method, method)
    if (uri !== undefined) assert.equal(request.uri, uri)
    if (body !== undefined) assert.equal(request.body, body)
    for (const [name, value] of Object.entries(headers)) assert.equal(request.get(name), value, name)
    assert.deepEqual(answers.map(statusOf), [method === 'INVITE' ? 486 : 200])
  }
}

/** Final responses in what came, but the marker's. */
function finals(heard: string, markerId: string): string[] {
  return heard
    .split(/(?=SIP\/2\.0 \d{3} )/)
    .filter((text) => /^SIP\/2\.0 [2-6]/.test(text) && !text.includes(`Call-ID: ${markerId}\r\n`))
}

function statusOf(text: string): number {
  return Number(text.slice(8, 11))
}
