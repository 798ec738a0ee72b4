/** The package as npm makes it, elsewhere: built, without its sources, inside node_modules, where Node runs no TypeScript. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Child } from '../peers/child.ts'
import { freePort, freeRange } from '../peers/ports.ts'

const home = join(import.meta.dirname, '..', '..')

test('the packed tarball, installed elsewhere, runs the demo with its page and its cards', async (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'packed-'))
  t.after(() => rmSync(elsewhere, { recursive: true, force: true }))
  const installed = unpack(elsewhere)
  assert.ok(!existsSync(join(installed, 'src', 'main.ts')), 'sources stay at home')
  const voice = join(installed, 'dist', 'sim', 'clips', '1002.en.alaw')
  assert.ok(existsSync(voice), 'the demo’s people have something to say')

  const says = (...args: string[]) =>
    execFileSync(process.execPath, [join(installed, 'src', 'start.mjs'), ...args], { encoding: 'utf8' })
  assert.match(says('--help'), /^ {2}start {2}/m)
  assert.match(says('--version'), /^\d+\.\d+\.\d+$/m)

  const [port, sip, rtp] = [await freePort(), await freePort(), await freeRange(100)]
  const env = {
    PORT: String(port),
    SIP_BIND: `udp:127.0.0.1:${sip},tcp:127.0.0.1:${sip}`,
    RTP_PORTS: `${rtp}-${rtp + 99}`,
    DATA_DIR: join(elsewhere, 'data'),
  }
  const program = { command: process.execPath, args: [], env: {}, root: '/' }
  const bot = new Child(program, [join(installed, 'src', 'start.mjs')], { cwd: elsewhere, env })
  t.after(() => bot.stop())
  await bot.says(/Dialback is ready/, 20_000)
  const page = await fetch(`http://127.0.0.1:${port}/`)
  assert.equal(page.status, 200, bot.said)
  assert.match(await page.text(), /<script/)
  const ended = await bot.stop()
  assert.deepEqual(ended, { code: 0, signal: null })

  const own = new Child(program, [join(installed, 'src', 'start.mjs')], {
    cwd: elsewhere,
    env: { ...env, SIPD_PROCESS: '1' },
  })
  t.after(() => own.stop())
  await own.says(/Dialback is ready/, 20_000)
  assert.ok(existsSync(join(env.DATA_DIR, 'engine.json')), 'sipd and sound in a process of their own')
  assert.deepEqual(await own.stop(), { code: 0, signal: null })
  assert.ok(!existsSync(join(env.DATA_DIR, 'engine.json')), 'which has ended with the bot')
})

/** What `npm install` of the tarball makes, with the packages that are here in the place of downloaded ones. */
function unpack(elsewhere: string): string {
  const options = { cwd: home, stdio: 'pipe' } as const
  execFileSync('npm', ['pack', '--pack-destination', elsewhere], options)
  const tarball = readdirSync(elsewhere).find((name) => name.endsWith('.tgz'))
  assert.ok(tarball)
  execFileSync('tar', ['-xzf', join(elsewhere, tarball), '-C', elsewhere])
  const modules = join(elsewhere, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(home, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(home, 'node_modules', name), join(modules, name))
  }
  renameSync(join(elsewhere, 'package'), join(modules, 'dialback'))
  return join(modules, 'dialback')
}
