import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ConfigFault, loadConfig } from '../../src/config.ts'
import { Authority } from '../helpers/certificates.ts'

const BASE = {
  MicrosoftAppId: 'app',
  MicrosoftAppPassword: 'secret',
  MicrosoftAppTenantId: 'tenant',
  PEOPLE_FILE: 'people.json',
  COUNTRY: 'ES',
}
const PEOPLE = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '1001' } }])
const PBX = 'sip:pbx.example.com;transport=tls'

/** Loads as if the working directory, /here, had these files beside those that are really there. */
function load(env: Record<string, string>, files: Record<string, string> = {}) {
  const there: Record<string, string> = { 'people.json': PEOPLE, ...files }
  const read = (file: string) => there[file.replace('/here/', '')] ?? readFileSync(file, 'utf8')
  return loadConfig({ ...BASE, ...env }, { cwd: '/here', read })
}

function told(...args: Parameters<typeof load>): string[] {
  try {
    load(...args)
  } catch (fault) {
    assert.ok(fault instanceof ConfigFault, String(fault))
    return fault.faults.map(({ setting, problem, remedy }) => `${setting} ${problem}. ${remedy}`)
  }
  return []
}

const embedded = (...args: Parameters<typeof load>) => {
  const { signalling } = load(...args).config
  assert.ok(signalling.kind === 'embedded')
  return signalling
}

function certificates(t: TestContext) {
  const authority = Authority.create(t)
  return {
    ca: authority.ca,
    one: authority.certifies({ names: ['a'] }),
    two: authority.certifies({ names: ['b'] }),
  }
}

test('a trunk over TLS needs nothing more: the system trusts its authority, and it cannot connect to us', () => {
  const { bind, tls } = embedded({ SIP_TRUNK: PBX })
  assert.deepEqual(tls, { peers: [{ host: 'pbx.example.com' }] })
  assert.deepEqual(bind.at(-1), { transport: 'tls', host: '0.0.0.0', port: 5061 })
  assert.match(load({ SIP_TRUNK: PBX }).warnings.join(), /SIP_TLS_CERT\), so nobody can connect by TLS/)
})

test('without TLS there is no TLS', () => {
  const { bind, tls } = embedded({ SIP_TRUNK: 'sip:pbx.example.com' })
  assert.equal(tls, undefined)
  assert.deepEqual(
    bind.map(({ transport }) => transport),
    ['udp', 'tcp'],
  )
})

test('certificates of this side and of the trunk’s authority are handed on, trunk by trunk', (t) => {
  const { ca, one, two } = certificates(t)
  const env = { SIP_TLS_CERT: one.cert, SIP_TLS_KEY: one.key, SIP_TLS_CA: ca }
  assert.deepEqual(embedded({ ...env, SIP_TRUNK: 'sips:pbx.example.com:5071' }).tls, {
    own: one,
    peers: [{ host: 'pbx.example.com', port: 5071, ca }],
  })
  const trunks = JSON.stringify([
    { uri: PBX, tls: { ca, ...two } },
    { name: 'clear', uri: 'sip:b.example.com' },
    { name: 'third', uri: 'sips:c.example.com' },
  ])
  assert.deepEqual(embedded({ ...env, TRUNKS_FILE: 'trunks.json' }, { 'trunks.json': trunks }).tls, {
    own: one,
    peers: [
      { host: 'pbx.example.com', ca, ...two },
      { host: 'c.example.com', ca },
    ],
  })
})

test('the certificate of the trunks is shown to whoever connects, where they have but one', (t) => {
  const { one, two } = certificates(t)
  const own = (...tls: object[]) => {
    const trunks = JSON.stringify(tls.map((files, i) => ({ uri: `sips:${i}.example.com`, tls: files })))
    return embedded({ TRUNKS_FILE: 'trunks.json' }, { 'trunks.json': trunks }).tls?.own
  }
  assert.deepEqual(own(one, {}), one)
  assert.deepEqual(own(one, one), one)
  assert.equal(own(one, two), undefined)
})

test('files that will not do are faults at start, all of them at once', (t) => {
  const { ca, one, two } = certificates(t)
  const authority = Authority.create(t)
  const old = authority.certifies({ names: ['a'], from: -30, to: -2 })
  const early = authority.certifies({ names: ['a'], from: 2 })
  const files = {
    junk: 'no certificate',
    locked: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n',
  }
  const rows: [Record<string, string>, RegExp][] = [
    [{ SIP_TLS_CERT: '/nowhere.crt', SIP_TLS_KEY: one.key }, /^SIP_TLS_CERT cannot be read: ENOENT/],
    [{ SIP_TLS_CERT: 'junk', SIP_TLS_KEY: one.key }, /^SIP_TLS_CERT is no certificate in PEM form/],
    [{ SIP_TLS_CERT: one.cert, SIP_TLS_KEY: two.key }, /^SIP_TLS_KEY does not fit the certificate/],
    [{ SIP_TLS_CERT: one.cert, SIP_TLS_KEY: one.cert }, /^SIP_TLS_KEY is no private key/],
    [{ SIP_TLS_CERT: one.cert, SIP_TLS_KEY: 'locked' }, /^SIP_TLS_KEY is encrypted/],
    [{ SIP_TLS_CERT: one.cert }, /^SIP_TLS_KEY is missing/],
    [{ SIP_TLS_KEY: one.key }, /^SIP_TLS_CERT is missing/],
    [{ SIP_TLS_CERT: old.cert, SIP_TLS_KEY: old.key }, /^SIP_TLS_CERT has expired, on /],
    [{ SIP_TLS_CERT: early.cert, SIP_TLS_KEY: early.key }, /^SIP_TLS_CERT is not valid before /],
    [{ SIP_TLS_CA: one.key }, /^SIP_TLS_CA is no certificate/],
  ]
  for (const [env, words] of rows) {
    const [first, ...more] = told({ SIP_TRUNK: PBX, ...env }, files)
    assert.match(first ?? '', words)
    assert.deepEqual(more, [])
  }
  const trunks = JSON.stringify([
    { name: 'madrid', uri: PBX, tls: { ca: '/no.pem', cert: old.cert, key: two.key } },
  ])
  const all = told({ TRUNKS_FILE: 'trunks.json', PORT: 'x' }, { 'trunks.json': trunks })
  assert.equal(all.length, 4, all.join('\n'))
  assert.match(all.join('\n'), /TRUNKS_FILE names \/no\.pem as ca of madrid: it cannot be read/)
  assert.match(all.join('\n'), /as cert of madrid: it has expired/)
  assert.match(all.join('\n'), /as key of madrid: it does not fit/)
  assert.deepEqual(told({ SIP_TRUNK: PBX, SIP_TLS_CA: ca }), [])
})

test('two trunks at one place cannot differ in their certificates', (t) => {
  const { ca, one } = certificates(t)
  const trunks = (second: object) =>
    JSON.stringify([
      { name: 'a', uri: PBX, tls: { ca } },
      { name: 'b', uri: PBX, tls: second },
    ])
  const env = { TRUNKS_FILE: 'trunks.json' }
  assert.match(
    told(env, { 'trunks.json': trunks({ ca, ...one }) }).join(),
    /two trunks at pbx\.example\.com, a and b/,
  )
  assert.deepEqual(told(env, { 'trunks.json': trunks({ ca }) }), [])
})

test('a certificate that expires soon, and TLS that nothing uses, are warned about', (t) => {
  const soon = Authority.create(t).certifies({ names: ['a'], to: 5.5 })
  const env = { SIP_TLS_CERT: soon.cert, SIP_TLS_KEY: soon.key }
  assert.match(load({ ...env, SIP_TRUNK: PBX }).warnings.join(), /expires in 5 days/)
  const bound = { SIP_BIND: 'udp:0.0.0.0:5060', SIP_TRUNK: 'sip:pbx.example.com' }
  assert.match(load({ ...env, ...bound }).warnings.join(), /SIP_TLS_CERT has no effect: no trunk/)
})

test('SIP_BIND must have TLS where a trunk uses it', () => {
  assert.match(
    told({ SIP_TRUNK: PBX, SIP_BIND: 'udp:0.0.0.0:5060' }).join(),
    /SIP_BIND has no tls, which a trunk uses/,
  )
  assert.deepEqual(told({ SIP_TRUNK: PBX, SIP_BIND: 'tls:0.0.0.0:5061' }), [])
})

test('a drachtio-server has certificates of its own', (t) => {
  const { one } = certificates(t)
  const env = { SIP_TRUNK: PBX, DRACHTIO_HOST: '127.0.0.1', SIP_TLS_CERT: one.cert, SIP_TLS_KEY: one.key }
  assert.match(load(env).warnings.join(), /SIP_TLS_CERT has no effect: DRACHTIO_HOST is set/)
})
