/**
 * What the bot and its engine say to each other beside SIP: one line of JSON each, over loopback. `hello`, `here` and
 * `end` keep their shape in every version, so that a bot can find out that an engine is not its own, and end it.
 */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

import type { Command, Held, Report } from '../media/protocol.ts'
import type { TlsOptions } from '../sipd/options.ts'

/** Grows with every change of these lines, or of what an engine and a bot expect of each other. */
export const VERSION = 2

/** Of this program: one that goes on beside a newer bot has the faults that the newer one has lost. */
export const release = releaseIn(new URL('../../package.json', import.meta.url))

function releaseIn(file: URL): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return version
}

export type Order =
  | { readonly is: 'hello'; readonly version: number; readonly secret: string }
  | { readonly is: 'media'; readonly commands: readonly Command[] }
  /** Something to be told to the bot that comes next; without one it is forgotten. */
  | { readonly is: 'note'; readonly name: string; readonly note?: Note }
  | { readonly is: 'tls'; readonly tls: TlsOptions }
  | { readonly is: 'ping' }
  /** BYE in all calls, and the end of the process. */
  | { readonly is: 'end' }

/** What is told of a leg, and what the engine itself has to know of it. */
export type Note = { readonly text: string; readonly call: string; readonly dialog: string }

export type News =
  | Here
  | { readonly is: 'media'; readonly report: Report }
  | { readonly is: 'refused'; readonly host: string; readonly why: string }
  | { readonly is: 'tls'; readonly fault?: string }
  | { readonly is: 'pong' }

/** The answer to `hello`. */
export type Here = {
  readonly is: 'here'
  readonly version: number
  /** Of the program that it was started from. */
  readonly release?: string
  /** Of the options that it was started with. */
  readonly fingerprint: string
  readonly control: { readonly port: number; readonly secret: string }
  readonly held: readonly Held[]
  readonly notes: readonly (readonly [name: string, text: string])[]
}

/** Where an engine is found, as its file says. */
export type Address = { readonly pid: number; readonly port: number; readonly secret: string }

export const FILES = { address: 'engine.json', lock: 'engine.lock', log: 'engine.log' } as const

/** Characters of a line at most: of whom nobody knows, of a bot, and of an engine, which may hold thousands of notes. */
export const LONGEST = { hello: 1 << 10, order: 16 << 20, news: 256 << 20 }

/** Reads lines of JSON from a socket; what is none, or is longer than may be now, closes it. */
export function eachLine(socket: Socket, longest: () => number, listener: (line: object) => void): void {
  // Joined when it is whole: a long line comes in thousands of pieces.
  let pieces: string[] = []
  let length = 0
  const add = (piece: string): boolean => {
    pieces.push(piece)
    length += piece.length
    if (length > longest()) socket.destroy()
    return !socket.destroyed
  }
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\n')
    if (!add(first)) return
    for (const next of others) {
      const read = parsed(pieces.join(''))
      pieces = []
      length = 0
      if (read === undefined) return void socket.destroy()
      listener(read)
      if (!add(next)) return
    }
  })
}

function parsed(line: string): object | undefined {
  try {
    const read: unknown = JSON.parse(line)
    return typeof read === 'object' && read !== null ? read : undefined
  } catch {
    return undefined
  }
}

export function writeLine(socket: Socket, line: Order | News): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`)
}
