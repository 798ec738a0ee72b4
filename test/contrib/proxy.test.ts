/** contrib/nginx.conf and contrib/Caddyfile, run by nginx and Caddy themselves in front of what stands for the bot. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { selfSigned } from '../helpers/certificate.ts'
import { Child } from '../peers/child.ts'
import { missing, program } from '../peers/debian.ts'
import type { PeerName } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const contrib = join(import.meta.dirname, '..', '..', 'contrib')
const { cert, key } = selfSigned()

/** One server of each kind, with the file of ours and as little as possible around it. */
const servers: Readonly<Record<'nginx' | 'caddy', (at: Stage) => readonly string[]>> = {
  nginx: ({ folder, port, bot }) => {
    const conf = replaced('nginx.conf', [
      ['listen 443', `listen 127.0.0.1:${port}`],
      ['/etc/letsencrypt/live/dialback.example.com/fullchain.pem', join(folder, 'cert.pem')],
      ['/etc/letsencrypt/live/dialback.example.com/privkey.pem', join(folder, 'key.pem')],
      ['127.0.0.1:3978', `127.0.0.1:${bot}`],
    ])
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (what) => `${what}_temp_path ${folder}/${what};`,
    )
    const whole = `daemon off; master_process off; pid ${folder}/pid; events {}
      http { access_log off; ${temp.join(' ')}\n${conf} }`
    writeFileSync(join(folder, 'whole.conf'), whole)
    return ['-e', 'stderr', '-p', folder, '-c', join(folder, 'whole.conf')]
  },
  caddy: ({ folder, port, bot }) => {
    const conf = replaced('Caddyfile', [
      ['dialback.example.com {', `https://localhost:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`],
      ['127.0.0.1:3978', `127.0.0.1:${bot}`],
    ])
    const whole = `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${conf}`
    writeFileSync(join(folder, 'Caddyfile'), whole)
    return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
  },
}

for (const name of ['nginx', 'caddy'] as const) {
  test(`${name} passes on what channels send, and nothing else`, { skip: await missing(name) }, async (t) => {
    const { ask, heard } = await stage(t, name)
    const activity = JSON.stringify({ type: 'message', text: 'x'.repeat(3_000_000) })
    const taken = await ask('POST', '/api/messages', activity)
    assert.equal(taken.status, 202, taken.said())
    assert.deepEqual(
      heard.map(({ url, authorization, bytes }) => ({ url, authorization, bytes })),
      [{ url: '/api/messages', authorization: 'Bearer of-the-channel', bytes: activity.length }],
    )
    // Caddy 2.6 says 502 where it gives up half-way.
    assert.match(String((await ask('POST', '/api/messages', 'x'.repeat(6_000_000))).status), /^(413|502)$/)
    for (const path of ['/', '/healthz', '/readyz', '/api/messages/x', '/api'])
      assert.equal((await ask('GET', path)).status, 404, path)
    assert.equal(heard.length, 1)
  })
}

test(
  'Caddy takes the file as it is, and would fetch a certificate for its name',
  { skip: await missing('caddy') },
  async (t) => {
    const folder = emptyFolder(t)
    const args = ['validate', '--adapter', 'caddyfile', '--config', join(contrib, 'Caddyfile')]
    const caddy = new Child(await program('caddy'), args, { env: { HOME: folder, XDG_DATA_HOME: folder } })
    assert.equal((await caddy.end()).code, 0, caddy.said)
    assert.match(caddy.said, /Valid configuration/)
    assert.match(caddy.said, /automatic HTTP->HTTPS redirects|automatic TLS/)
  },
)

type Stage = { readonly folder: string; readonly port: number; readonly bot: number }
type Heard = { readonly url: string; readonly authorization: string | undefined; readonly bytes: number }

async function stage(t: TestContext, name: PeerName & keyof typeof servers) {
  const heard: Heard[] = []
  const bot = http.createServer((req, res) => {
    let bytes = 0
    req.on('data', (data: Buffer) => (bytes += data.length))
    req.on('end', () => {
      heard.push({ url: req.url ?? '', authorization: req.headers.authorization, bytes })
      res.writeHead(202).end()
    })
    // A proxy that refuses a body half-way breaks off.
    req.on('error', () => undefined)
  })
  bot.listen(0, '127.0.0.1')
  await once(bot, 'listening')
  t.after(() => bot.close().closeAllConnections())
  const folder = emptyFolder(t)
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  const at = { folder, port: await freePort(), bot: (bot.address() as AddressInfo).port }
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const server = new Child(await program(name), servers[name](at), { cwd: folder, env })
  t.after(() => server.stop())
  await listening(at.port, server)
  const ask = async (method: string, path: string, body?: string) => {
    const status = await new Promise<number>((done, failed) => {
      const request = https.request(
        { host: '127.0.0.1', port: at.port, servername: 'localhost', path, method, ca: cert },
        (response) => done(response.resume().statusCode ?? 0),
      )
      request.setHeader('host', `localhost:${at.port}`).setHeader('authorization', 'Bearer of-the-channel')
      request.on('error', failed)
      request.end(body)
    })
    return { status, said: () => server.said }
  }
  return { ask, heard }
}

/** Resolves when somebody listens there; a server that has ended says why. */
async function listening(port: number, server: Child): Promise<void> {
  const late = performance.now() + 15_000
  for (;;) {
    const open = await new Promise((done) => {
      const probe = https.request({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        ca: cert,
        method: 'HEAD',
      })
      probe.on('response', (response) => done(response.resume()))
      probe.on('error', () => done(false))
      probe.end()
    })
    if (open) return
    if (server.hasEnded || performance.now() > late) throw new Error(server.said)
  }
}

function replaced(name: string, all: readonly (readonly [was: string, is: string])[]): string {
  let text = readFileSync(join(contrib, name), 'utf8')
  for (const [was, is] of all) {
    assert.ok(text.includes(was), `${name} has no ${was}`)
    text = text.replaceAll(was, is)
  }
  return text
}

function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  // nginx, started by root, gives its work to nobody.
  chmodSync(folder, 0o755)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
