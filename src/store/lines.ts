/** A journal's lines: a checksum, a space, JSON. Readable by people, and no half-written line passes for a whole one. */
import { crc32 } from 'node:zlib'

export function writeLine(entry: unknown): string {
  const json = JSON.stringify(entry)
  return `${checksum(json)} ${json}\n`
}

export type Reading = {
  readonly entries: readonly unknown[]
  /** Lines that are not as they were written, with their number from 1. The last one may just be torn. */
  readonly damaged: readonly { readonly line: number; readonly text: string }[]
}

export function readLines(bytes: Buffer): Reading {
  const entries: unknown[] = []
  const damaged: { line: number; text: string }[] = []
  let line = 0
  for (let from = 0; from < bytes.length;) {
    line++
    const newline = bytes.indexOf(0x0a, from)
    const to = newline === -1 ? bytes.length : newline
    const text = bytes.toString('utf8', from, to)
    from = to + 1
    const json = text.slice(9)
    if (text[8] === ' ' && checksum(json) === text.slice(0, 8)) entries.push(JSON.parse(json))
    else damaged.push({ line, text })
  }
  return { entries, damaged }
}

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0')
