// From `git clone` to the first ring on the page, as README.md says, with an empty npm cache: prints the seconds, and
// fails only where nothing rings. Plain JavaScript, and of the clone nothing but its own packages: the browser is that of
// the tests, which is started before the clock is.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Browser } from './peers/chromium.ts'

const GOAL = 90
const PATIENCE = 300_000
const home = fileURLToPath(new URL('..', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'first-ring-'))
const clone = join(folder, 'dialback')
// The user's own npmrc stays, and so do its registries; nothing of this project's packages is in reach.
const env = { ...process.env, npm_config_cache: join(folder, 'cache'), NODE_PATH: '' }
for (const name of Object.keys(env))
  if (/^npm_(?!config_)|^npm_config_(local_prefix|prefix)$|^NODE_TEST/.test(name)) delete env[name]
env.PATH = (process.env.PATH ?? '')
  .split(':')
  .filter((part) => !part.includes('node_modules'))
  .join(':')

const ports = await free(2)
const browser = await Browser.start()
let bot
try {
  const began = performance.now()
  const since = () => ((performance.now() - began) / 1000).toFixed(1)
  await ended(
    spawn('git', ['-c', 'safe.directory=*', 'clone', '--quiet', home, clone], { stdio: ['ignore', 2, 2] }),
  )
  const cloned = since()
  // Ports of its own: other tests may have those of the default.
  const settings = [`PORT=${ports[0]}`, `SIP_BIND=udp:127.0.0.1:${ports[1]},tcp:127.0.0.1:${ports[1]}`]
  await writeFile(join(clone, '.env'), `${settings.join('\n')}\n`)
  bot = spawn('npm', ['start'], { cwd: clone, env, stdio: ['ignore', 'pipe', 2], detached: true })
  await says(bot, /Dialback is ready/)
  const ready = since()
  const page = await browser.open(`http://127.0.0.1:${ports[0]}/`)
  page.setDefaultTimeout(30_000)
  await page.locator('body.ready').waitFor()
  await page.getByTestId('chat-input').fill('call Bob Marín')
  await page.getByTestId('send').click()
  await page.locator('article[data-state=ringing]').first().waitFor()
  const seconds = Number(since())
  const judged = seconds < GOAL ? 'within the goal of' : 'beyond the goal of'
  console.log(
    `first ring: ${seconds} s from git clone (cloned ${cloned} s, installed and ready ${ready} s), ${judged} ${GOAL} s`,
  )
} finally {
  if (bot?.exitCode === null && bot.pid) {
    const over = new Promise((done) => bot.once('close', done))
    // npm, its shell and what runs under them: a group of their own.
    process.kill(-bot.pid, 'SIGTERM')
    await over
  }
  await browser.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

function ended(child) {
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => (code === 0 ? done() : failed(new Error(`it ended with ${code}`))))
  })
}

function says(child, pattern) {
  return new Promise((done, failed) => {
    let said = ''
    const late = setTimeout(
      () => failed(new Error(`it is not ready after ${PATIENCE} ms:\n${said}`)),
      PATIENCE,
    )
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text
      if (pattern.test(said)) done(clearTimeout(late))
    })
    child.on('close', (code) => failed(new Error(`it ended with ${code}:\n${said}`)))
    child.on('error', failed)
  })
}

async function free(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((done) => server.once('listening', done))))
  const found = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return found
}
