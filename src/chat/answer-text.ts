import type { IncomingMessage } from 'node:http'

/** Bytes: no answer of a channel or of a server of tokens is as long. */
const LARGEST = 1_000_000

/** The whole text of an answer. @throws where it is too large, or breaks off */
export async function answerText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > LARGEST) throw new Error('the answer is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
