/** Finds the engine of a data folder, or starts it; the bot's end of the line to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { Endpoint } from '../media/endpoint.ts'
import type { MediaEndpoint, MediaPort, PortListener } from '../media/endpoint.ts'
import type { TlsOptions } from '../sipd/options.ts'
import { fingerprintOf } from './engine.ts'
import type { EngineOptions } from './engine.ts'
import { takeLock } from './lock.ts'
import type { Birth, Born } from './process.ts'
import { eachLine, FILES, LONGEST, release, VERSION, writeLine } from './wire.ts'
import type { Address, Here, News, Note } from './wire.ts'

/** sipd and the RTP endpoint in a process of their own, as the bot has them. */
export type RunningEngine = {
  /** Where drachtio-srf connects. */
  readonly control: { readonly host: string; readonly port: number; readonly secret: string }
  readonly media: MediaEndpoint
  /** Whether it was there before. */
  readonly found: boolean
  /** What an earlier bot has noted there and not taken back, and the ports that it has opened, by their names. */
  readonly notes: ReadonlyMap<string, string>
  readonly ports: ReadonlyMap<string, readonly AdoptedPort[]>
  /** Notes something of a leg for the bot that comes after this one; undefined takes it back. */
  note(name: string, note: Note | undefined): void
  useTls(tls: TlsOptions): Promise<void>
  /** Goes away without a word, as a bot that is killed. */
  drop(): void
  /** Ends the process, calls and all. */
  stop(): Promise<void>
}

export type AdoptedPort = { readonly port: MediaPort; listen(listener: PortListener): void }

export type EngineUser = {
  /** Something that an administrator should know: what was done with an engine that could not be used. */
  readonly told: (fields: { readonly code: string; readonly pid?: number }, message: string) => void
  readonly refused?: (host: string, why: string) => void
}

const PATIENCE = { hello: 5_000, end: 8_000, start: 15_000, ping: 5_000, pong: 10_000 }
const LOOK = 20

/**
 * @param folder the bot's own, locked by it
 * @param advertise IP address that phones are told for sound
 * @throws BindError, TlsFault with their codes, ENGINE_START when it does not come up
 */
export async function startEngine(
  folder: string,
  options: EngineOptions,
  advertise: string,
  user: EngineUser,
): Promise<RunningEngine> {
  const found = await find(folder, options, user)
  if (found) return new Line(found, advertise, user, true)
  await launch(folder, options)
  const socket = await greet(addressIn(folder), PATIENCE.hello)
  if (!socket) throw fault('the engine has started and cannot be reached')
  return new Line(socket, advertise, user, false)
}

type Greeted = { readonly socket: Socket; readonly here: Here }

/** The engine that runs here already, where it is of use; else it is ended, so that another one can begin. */
async function find(folder: string, options: EngineOptions, user: EngineUser): Promise<Greeted | undefined> {
  const lock = join(folder, FILES.lock)
  let address: Address | undefined
  let greeted: Greeted | undefined
  // It may just have begun, or be ending; a stranger may be in the way. Its calls are worth asking again.
  for (const late = performance.now() + PATIENCE.hello; !greeted; await pause(LOOK)) {
    if (isFree(lock)) return undefined
    address = addressIn(folder)
    greeted = await greet(address, Math.max(LOOK, late - performance.now()))
    if (performance.now() >= late) break
  }
  if (greeted) {
    const { version, fingerprint } = greeted.here
    if (version === VERSION && fingerprint === fingerprintOf(options)) {
      if (greeted.here.release !== release)
        user.told({ code: 'ENGINE_OLD' }, 'An engine of another release goes on until the bot is stopped')
      return greeted
    }
    const why = version === VERSION ? 'of other settings' : 'of another version'
    user.told({ code: 'ENGINE_OTHER' }, `An engine ${why} is ended, with the calls that it still held`)
    writeLine(greeted.socket, { is: 'end' })
    if (await becomesFree(lock, PATIENCE.end)) return undefined
  }
  // The lock is held by whoever has written the file: it is this process and no other that has its id.
  const { pid } = address ?? {}
  if (pid === undefined) throw fault(`another process has ${lock}, and does not say where it is`)
  user.told({ code: 'ENGINE_HUNG', pid }, 'An engine does not answer, and is killed')
  process.kill(pid, 'SIGKILL')
  if (!(await becomesFree(lock, PATIENCE.end))) throw fault(`the engine of process ${pid} cannot be ended`)
  return undefined
}

function isFree(lock: string): boolean {
  const release = takeLock(lock)
  release?.()
  return release !== undefined
}

async function becomesFree(lock: string, within: number): Promise<boolean> {
  for (const late = performance.now() + within; performance.now() < late; await pause(LOOK))
    if (isFree(lock)) return true
  return false
}

function addressIn(folder: string): Address | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, FILES.address), 'utf8')) as Address
  } catch {
    // Not there, or half written by a process that was killed.
    return undefined
  }
}

/** @param within milliseconds to answer */
async function greet(address: Address | undefined, within: number): Promise<Greeted | undefined> {
  if (!address) return undefined
  const socket = connect({ host: '127.0.0.1', port: address.port })
  socket.setNoDelay(true)
  const { promise, resolve } = Promise.withResolvers<Here | undefined>()
  const late = setTimeout(() => resolve(undefined), within)
  socket.on('error', () => resolve(undefined))
  socket.once('close', () => resolve(undefined))
  const longest = () => LONGEST.news
  eachLine(socket, longest, (line) => {
    const news = line as News
    if (news.is === 'here') resolve(news)
    else socket.emit('news', news)
  })
  writeLine(socket, { is: 'hello', version: VERSION, secret: address.secret })
  const here = await promise
  clearTimeout(late)
  if (here) return { socket, here }
  socket.destroy()
  return undefined
}

async function launch(folder: string, options: EngineOptions): Promise<void> {
  const entry = fileURLToPath(new URL(`./process${extname(import.meta.url)}`, import.meta.url))
  const log = openSync(join(folder, FILES.log), 'w', 0o600)
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: environment(),
    // A session of its own: no signal of the terminal or of the bot's group reaches it.
    detached: true,
    stdio: ['pipe', 'pipe', log],
  })
  closeSync(log)
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw fault('the engine has no pipes')
  const birth: Birth = { folder, options }
  stdin.on('error', () => undefined)
  stdin.end(JSON.stringify(birth))
  const line = await firstLine(stdout, PATIENCE.start)
  stdout.destroy()
  child.unref()
  if (line === undefined) {
    child.kill('SIGKILL')
    throw fault(`the engine did not come up; see ${join(folder, FILES.log)}`)
  }
  const born = JSON.parse(line) as Born
  if (!born.ready) {
    const { message, code, remedy } = born
    throw Object.assign(new Error(message), { code, remedy })
  }
}

/** What Node and OpenSSL go by: the bot's secrets are nothing for a process that outlives it. */
const NEEDED =
  /^(?:PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|TEMP|LD_LIBRARY_PATH|NODE_\w+|SSL_CERT_\w+|OPENSSL_\w+|SystemRoot)$/i

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.test(name)))
}

/** @returns undefined when it ends before, or when it takes too long */
async function firstLine(stream: Readable, within: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let said = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    said += text
    if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
  })
  stream.once('close', () => resolve(undefined))
  const late = setTimeout(() => resolve(undefined), within)
  return promise.finally(() => clearTimeout(late))
}

const fault = (message: string) =>
  Object.assign(new Error(message), {
    code: 'ENGINE_START',
    remedy: 'Leave SIPD_PROCESS out to run without a process of its own, or give the bot another DATA_DIR.',
  })

const GONE = 'the connection to the engine has ended'

class Line implements RunningEngine {
  readonly control: RunningEngine['control']
  readonly media: MediaEndpoint
  readonly found: boolean
  readonly notes: ReadonlyMap<string, string>
  readonly ports: ReadonlyMap<string, readonly AdoptedPort[]>
  readonly #socket: Socket
  readonly #answers: ((fault: string | undefined) => void)[] = []
  #stopping = false

  constructor({ socket, here }: Greeted, advertise: string, user: EngineUser, found: boolean) {
    this.#socket = socket
    this.found = found
    this.control = { host: '127.0.0.1', ...here.control }
    this.notes = new Map(here.notes)
    const top = Math.max(0, ...here.held.map(({ id }) => id))
    const endpoint = new Endpoint(
      advertise,
      {
        tell: (commands) => {
          writeLine(socket, { is: 'media', commands })
        },
        stop: () => Promise.resolve(),
      },
      top,
    )
    this.media = endpoint
    const ports = new Map<string, AdoptedPort[]>()
    for (const held of here.held)
      ports.set(held.name, [...(ports.get(held.name) ?? []), endpoint.adopt(held)])
    this.ports = ports
    let heardAt = performance.now()
    socket.on('news', (news: News) => {
      heardAt = performance.now()
      if (news.is === 'media') endpoint.hear(news.report)
      else if (news.is === 'refused') user.refused?.(news.host, news.why)
      else if (news.is === 'tls') this.#answers.shift()?.(news.fault)
    })
    const pings = setInterval(() => {
      writeLine(socket, { is: 'ping' })
      if (performance.now() - heardAt > PATIENCE.ping + PATIENCE.pong) socket.destroy()
    }, PATIENCE.ping).unref()
    socket.once('close', () => {
      clearInterval(pings)
      for (const answer of this.#answers.splice(0)) answer(GONE)
      if (!this.#stopping) endpoint.die(new Error(GONE))
    })
  }

  note(name: string, note: Note | undefined): void {
    writeLine(this.#socket, { is: 'note', name, ...(note ? { note } : {}) })
  }

  useTls(tls: TlsOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error(GONE))
      this.#answers.push((why) => {
        if (why === undefined) resolve()
        else reject(new Error(why))
      })
      writeLine(this.#socket, { is: 'tls', tls })
    })
  }

  drop(): void {
    this.#socket.destroy()
  }

  async stop(): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    if (this.#socket.destroyed) return
    writeLine(this.#socket, { is: 'end' })
    const late = setTimeout(() => this.#socket.destroy(), PATIENCE.end)
    await once(this.#socket, 'close').catch(() => undefined)
    clearTimeout(late)
  }
}
