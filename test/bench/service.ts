/** The call service alone, as a process of its own: SIP and store, no chat. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Probe, type Subject } from './subject.ts'

export async function callService(phones: number): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'service-'))
  const probe = new Probe()
  const child = fork(
    fileURLToPath(new URL('service-process.ts', import.meta.url)),
    [folder, `sip:127.0.0.1:${phones};transport=udp`],
    { env: { ...process.env, ...probe.env } },
  )
  await once(child, 'message')
  return {
    pid: child.pid ?? 0,
    probe,
    place: (n) =>
      new Promise((done, failed) => child.send(n, (fault) => (fault ? failed(fault) : done(undefined)))),
    async stop() {
      probe.close()
      const over = once(child, 'exit')
      child.disconnect()
      await over
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
