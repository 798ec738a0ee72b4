/**
 * The engine's process. It gets its options on stdin, and answers one line on stdout: `{"ready":true}`, or why it cannot
 * start. Where it is found stands in a file of its folder from then on; its lock tells that it lives.
 */
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { Engine } from './engine.ts'
import type { EngineOptions } from './engine.ts'
import { takeLock } from './lock.ts'
import { FILES } from './wire.ts'
import type { Address } from './wire.ts'

/** What the bot writes to stdin. */
export type Birth = { readonly folder: string; readonly options: EngineOptions }
/** What it reads from stdout. */
export type Born =
  | { readonly ready: true }
  | { readonly ready: false; readonly message: string; readonly code?: string; readonly remedy?: string }

/** sysexits.h: EX_SOFTWARE. */
const DIED = 70

function answer(born: Born): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(born)}\n`, () => resolve()))
}

async function main(): Promise<void> {
  // Whoever has started it may be gone at any time.
  process.stdout.on('error', () => undefined)
  const { folder, options } = JSON.parse(await text(process.stdin)) as Birth
  const file = join(folder, FILES.address)
  // Held on to until the end: collected as garbage, it would be let go.
  const release = takeLock(join(folder, FILES.lock))
  if (!release)
    return answer({ ready: false, message: 'another engine has begun here', code: 'ENGINE_LOCKED' })
  rmSync(file, { force: true })
  const secret = randomBytes(24).toString('base64url')
  const engine = await Engine.start(options, secret)
  engine.onDeath((cause) => {
    console.error(cause)
    process.exit(DIED)
  })
  // A bot that is there decides itself when it ends: a service manager signals both.
  const signalled = () => {
    if (!engine.attended) void engine.end()
  }
  process.on('SIGTERM', signalled)
  process.on('SIGINT', signalled)
  process.on('SIGHUP', () => undefined)
  const address: Address = { pid: process.pid, port: engine.port, secret }
  writeFileSync(`${file}.new`, JSON.stringify(address), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  await answer({ ready: true })
  await engine.ended
  rmSync(file, { force: true })
  release()
  process.exit(0)
}

main().catch(async (fault: unknown) => {
  const { code, remedy } = fault as { code?: string; remedy?: string }
  console.error(fault)
  await answer({
    ready: false,
    message: fault instanceof Error ? fault.message : String(fault),
    ...(code === undefined ? {} : { code }),
    ...(remedy === undefined ? {} : { remedy }),
  })
  process.exit(1)
})
