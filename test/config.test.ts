import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { ConfigFault, loadConfig } from '../src/config.ts'
import type { Config } from '../src/config.ts'

const PEOPLE = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '+34910000001' } }])
const missing = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' })

/** Loads as if the working directory, /here, had these files. */
function load(env: Record<string, string>, files: Record<string, string> = { 'people.json': PEOPLE }) {
  const read = (file: string) => {
    const text = files[file.replace('/here/', '')]
    if (text === undefined) throw missing
    return text
  }
  return loadConfig(env, { cwd: '/here', read })
}
const config = (...args: Parameters<typeof load>): Config => load(...args).config

function faults(...args: Parameters<typeof load>): ConfigFault {
  try {
    load(...args)
  } catch (fault) {
    assert.ok(fault instanceof ConfigFault, String(fault))
    return fault
  }
  assert.fail('it was accepted')
}
const told = (...args: Parameters<typeof load>) =>
  faults(...args).faults.map(({ setting, problem }) => `${setting} ${problem}`)

const LOCAL = { SIP_TRUNK: 'sip:127.0.0.1:5090', PEOPLE_FILE: 'people.json', COUNTRY: 'ES' }
const FAR = { ...LOCAL, SIP_TRUNK: 'sip:pbx.example.com' }
const SERVICE = {
  ...FAR,
  MicrosoftAppId: 'app',
  MicrosoftAppPassword: 'secret-of-app',
  MicrosoftAppTenantId: 'tenant',
}

test('with nothing set it is the demo, on this machine only', () => {
  const { mode, page, http, bot, trunks, signalling, rtp, country, callerId, dataDir } = config({})
  assert.deepEqual(
    { mode, page, http, bot, trunks },
    { mode: 'demo', page: true, http: { host: '127.0.0.1', port: 3978 }, bot: undefined, trunks: [] },
  )
  assert.deepEqual(signalling, {
    kind: 'embedded',
    bind: [
      { transport: 'udp', host: '127.0.0.1', port: 5070 },
      { transport: 'tcp', host: '127.0.0.1', port: 5070 },
    ],
    ownProcess: false,
  })
  assert.deepEqual(rtp, {
    bind: '127.0.0.1',
    advertise: undefined,
    ports: { from: 16384, to: 16883 },
    silence: 10,
  })
  assert.deepEqual([country, callerId, dataDir], ['ES', '+34900100200', '/here/data'])
})

test('what is not set has the documented default', () => {
  const { limits, pressOne, callsPerHour, drainSeconds, logLevel, allowNumbers, admins } = config(LOCAL)
  assert.deepEqual(limits, { ringUser: 30, ringCallee: 60, talk: 14_400, confirm: 20 })
  assert.deepEqual([pressOne, callsPerHour, drainSeconds, logLevel], ['off', 60, 30, 'info'])
  assert.deepEqual([allowNumbers, admins], [[], []])
})

test('PRESS_ONE is what holds until a user says otherwise, or what holds for everybody', () => {
  for (const [value, wanted] of [
    ['1', 'on'],
    ['yes', 'on'],
    ['0', 'off'],
    ['Always', 'always'],
    ['never', 'never'],
  ] as const)
    assert.equal(config({ ...LOCAL, PRESS_ONE: value }).pressOne, wanted)
  assert.match(told({ ...LOCAL, PRESS_ONE: 'maybe' }).join(), /PRESS_ONE is not one of the known values/)
})

test('a phone that is not heard is told of before its call is ended', () => {
  const set = { ...LOCAL, RTP_SILENCE_SECONDS: '20', RTP_SILENCE_END_SECONDS: '60' }
  assert.deepEqual([config(set).rtp.silence, config(set).limits.silence], [20, 40])
  for (const seconds of ['60', '0'])
    assert.match(faults({ ...set, RTP_SILENCE_SECONDS: seconds }).message, /RTP_SILENCE_END_SECONDS="60"/)
})

test('an empty variable counts as unset', () => {
  assert.equal(config({ SIP_TRUNK: '', HOST: ' ', PORT: '' }).mode, 'demo')
})

test('a trunk without an app id is a trial on this machine', () => {
  const { mode, page, http, trunks, peopleFile } = config({
    ...LOCAL,
    SIP_TRUNK_USER: 'bot',
    SIP_TRUNK_PASSWORD: 'pw',
  })
  assert.deepEqual([mode, page, http.host, peopleFile], ['trial', true, '127.0.0.1', '/here/people.json'])
  const [trunk] = trunks
  assert.equal(trunk?.uri, 'sip:127.0.0.1:5090;transport=udp')
  assert.deepEqual([trunk.name, trunk.user, trunk.password, trunk.identity], ['main', 'bot', 'pw', 'pai'])
  assert.deepEqual(trunk.numbers, { out: 'e164', prefix: '', in: 'e164', digits: 4 })
})

test('with an app id it is a service on all interfaces, without a chat page', () => {
  const { mode, page, http, bot, tenants, signalling, rtp } = config(SERVICE)
  assert.deepEqual([mode, page, http.host], ['service', false, undefined])
  const { cloud, ...identity } = bot ?? {}
  assert.equal(cloud?.issuer, 'https://api.botframework.com')
  const expected = { appId: 'app', password: 'secret-of-app', type: 'SingleTenant', tenant: 'tenant' }
  assert.deepEqual(identity, expected)
  assert.deepEqual(tenants, ['tenant'])
  assert.equal(rtp.bind, '0.0.0.0')
  assert.equal(signalling.kind === 'embedded' && signalling.bind[0]?.port, 5060)
})

test('the demo says that PEOPLE_FILE is not for it, and does not look whether it is there', () => {
  const { config: loaded, warnings } = load({ PEOPLE_FILE: 'nowhere.json' })
  assert.deepEqual([loaded.mode, loaded.peopleFile], ['demo', undefined])
  assert.match(warnings.join(), /PEOPLE_FILE has no effect in the demo.* Set SIP_TRUNK to use yours\./)
})

test('in production there is neither a demo nor a chat page', () => {
  assert.match(told({ NODE_ENV: 'production' }).join(), /^NODE_ENV is production/)
  assert.equal(config({ ...LOCAL, NODE_ENV: 'production' }).page, false)
})

test('all faults are told at once, each with its remedy', () => {
  const fault = faults({
    ...LOCAL,
    SIP_TRUNK: 'pbx',
    PORT: '70000',
    COUNTRY: 'Spain',
    CALLER_ID: '900',
    LOG_LEVEL: 'loud',
    RTP_PORTS: '5-1',
  })
  assert.deepEqual(fault.faults.map(({ setting }) => setting).sort(), [
    'CALLER_ID',
    'COUNTRY',
    'LOG_LEVEL',
    'PORT',
    'RTP_PORTS',
    'SIP_TRUNK',
  ])
  assert.ok(fault.faults.every(({ remedy }) => /^(?:Write|Set|Add|Correct)/.test(remedy)))
  assert.match(fault.message, /6 settings do not fit/)
  assert.equal(fault.code, 'CONFIG')
})

test('secrets are not shown in a fault', () => {
  const { message } = faults({
    ...SERVICE,
    MicrosoftAppPassword: 'super\u0007secret',
    SIP_TRUNK_PASSWORD: 'hidden-too',
    SIP_TRUNK: 'sip:user:in-uri@pbx.example.com',
  })
  for (const secret of ['super', 'hidden-too', 'in-uri']) assert.ok(!message.includes(secret), message)
})

test('a line break in a setting is a fault: it would reach a header', () => {
  assert.match(
    told({ ...LOCAL, SIP_TRUNK_USER: 'a\r\nX: y' }).join(),
    /SIP_TRUNK_USER has a control character/,
  )
})

const trunkForms = [
  ['sip:pbx.example.com', 'sip:pbx.example.com;transport=udp'],
  ['sip:192.0.2.1:5080;transport=TCP', 'sip:192.0.2.1:5080;transport=tcp'],
  ['sips:PBX.example.com', 'sip:pbx.example.com;transport=tls'],
  ['sip:[2001:db8::1]:5060', 'sip:[2001:db8::1]:5060;transport=udp'],
] as const
for (const [given, uri] of trunkForms)
  test(`SIP_TRUNK=${given} is understood`, () => {
    assert.equal(config({ ...SERVICE, SIP_TRUNK: given }).trunks[0]?.uri, uri)
  })

for (const given of [
  'pbx.example.com',
  'sip:',
  'sip:a@pbx',
  'sip:pbx;transport=ws',
  'sip:pbx;lr',
  'sip:pbx:0',
  'sip:pbx?x=y',
  'sip:1.2.3',
  'sip:-x',
  'sip:[::g]',
])
  test(`SIP_TRUNK=${given} is a fault`, () => {
    assert.match(told({ ...SERVICE, SIP_TRUNK: given }).join(), /^SIP_TRUNK /)
  })

test('without an app id a HOST that others reach is refused', () => {
  for (const HOST of ['0.0.0.0', '::', '192.0.2.7', 'bot.example.com'])
    assert.match(told({ ...LOCAL, HOST }).join(), /^HOST is reachable from outside/, HOST)
  for (const HOST of ['127.0.0.1', '::1', 'localhost', '127.0.0.2'])
    assert.equal(config({ ...LOCAL, HOST }).http.host, HOST)
  assert.equal(config({ ...SERVICE, HOST: '0.0.0.0' }).http.host, '0.0.0.0')
})

test('without an app id a trunk that is not on this machine is refused, unless that is wanted', () => {
  assert.match(told(FAR).join(), /^SIP_TRUNK leads to pbx\.example\.com, and without an app id/)
  assert.equal(config({ ...FAR, ALLOW_UNAUTHENTICATED: '1' }).mode, 'trial')
  assert.match(told({ ...FAR, ALLOW_UNAUTHENTICATED: '0' }).join(), /SIP_TRUNK leads to/)
})

test('addresses of this machine alone, with a trunk elsewhere, are faults', () => {
  assert.deepEqual(
    told({ ...SERVICE, SIP_BIND: 'udp:127.0.0.1:5070', RTP_BIND: '127.0.0.1' }).map((x) => x.split(' ')[0]),
    ['SIP_BIND', 'RTP_BIND'],
  )
  const { signalling, rtp } = config({ ...SERVICE, SIP_BIND: 'udp:192.0.2.5:5070', RTP_BIND: '192.0.2.5' })
  assert.deepEqual(
    [signalling.kind === 'embedded' && signalling.bind[0]?.host, rtp.bind],
    ['192.0.2.5', '192.0.2.5'],
  )
})

test('ids of tenants and accounts are taken in either case', () => {
  const { bot, tenants, admins } = config({
    ...SERVICE,
    MicrosoftAppTenantId: 'TENANT-A',
    ALLOWED_TENANTS: 'Tenant-A, TENANT-B',
    ADMINS: 'AB-1',
  })
  assert.deepEqual([bot?.tenant, tenants, admins], ['tenant-a', ['tenant-a', 'tenant-b'], ['ab-1']])
  assert.deepEqual(config({ ...SERVICE, MicrosoftAppTenantId: 'TENANT-A' }).tenants, ['tenant-a'])
})

test('SIP_BIND has the transports that the trunks use', () => {
  assert.match(told({ ...LOCAL, SIP_BIND: 'tcp:127.0.0.1:5070' }).join(), /SIP_BIND has no udp/)
})

for (const given of [
  '127.0.0.1:5070',
  'udp:localhost:5070',
  'udp:127.0.0.1:70000',
  'udp:127.0.0.1:5,udp:127.0.0.1:5',
  ',',
  'sctp:1.1.1.1:5',
])
  test(`SIP_BIND=${given} is a fault`, () => {
    assert.match(told({ ...LOCAL, SIP_BIND: given }).join(), /^SIP_BIND /)
  })

test('a drachtio-server takes the place of the embedded server', () => {
  const { config: loaded, warnings } = load({
    ...LOCAL,
    DRACHTIO_HOST: '127.0.0.1',
    DRACHTIO_SECRET: 'drachtio-pw',
    SIP_BIND: 'udp:127.0.0.1:5070',
  })
  assert.deepEqual(loaded.signalling, {
    kind: 'drachtio',
    host: '127.0.0.1',
    port: 9022,
    secret: 'drachtio-pw',
  })
  assert.ok(loaded.secrets.includes('drachtio-pw'))
  assert.deepEqual(warnings, [
    'SIP_BIND has no effect: DRACHTIO_HOST is set, and that server has addresses of its own.',
  ])
})

test('what a service needs is asked for', () => {
  assert.deepEqual(
    told({ MicrosoftAppId: 'app' }).map((x) => x.split(' ')[0]),
    ['MicrosoftAppPassword', 'MicrosoftAppTenantId', 'SIP_TRUNK', 'COUNTRY', 'PEOPLE_FILE'],
  )
  assert.match(
    told({ ...LOCAL, MicrosoftAppPassword: 'x' }).join(),
    /MicrosoftAppPassword is set, but MicrosoftAppId is not/,
  )
})

test('the country is that of the caller ID where it is not set', () => {
  const { COUNTRY: _, ...rest } = LOCAL
  assert.equal(config({ ...rest, CALLER_ID: '+44 20 7946 0000' }).country, 'GB')
  assert.equal(config({ ...LOCAL, COUNTRY: 'pt' }).country, 'PT')
})

test('what ALLOW_NUMBERS cannot allow is a fault, emergency numbers above all', () => {
  assert.deepEqual(config({ ...LOCAL, ALLOW_NUMBERS: '+44*, +33 1 23 45 67 89 ,premium' }).allowNumbers, [
    '+44*',
    '+33 1 23 45 67 89',
    'premium',
  ])
  for (const entry of ['112', '+44**', 'everything'])
    assert.match(told({ ...LOCAL, ALLOW_NUMBERS: `premium,${entry}` }).join(), /^ALLOW_NUMBERS has/, entry)
})

test('TRUNKS_FILE wins over SIP_TRUNK, and its defaults are filled in', () => {
  const trunksFile = JSON.stringify([
    {
      name: 'madrid',
      uri: 'sip:127.0.0.1:5090;transport=tcp',
      numbers: { out: 'national', prefix: '0' },
      tls: { ca: 'ca.pem' },
    },
    {
      uri: 'sip:localhost',
      user: 'u',
      password: 'pw-of-second',
      register: true,
      callerId: '+34 900 100 300',
      media: 'relay',
    },
  ])
  const files = { 'people.json': PEOPLE, 'etc/trunks.json': trunksFile }
  const { config: loaded, warnings } = load({ ...LOCAL, TRUNKS_FILE: 'etc/trunks.json' }, files)
  const [first, second] = loaded.trunks
  assert.deepEqual(first?.numbers, { out: 'national', prefix: '0', in: 'e164', digits: 4 })
  assert.deepEqual(first.tls, { ca: '/here/etc/ca.pem' })
  assert.deepEqual(
    [second?.name, second?.callerId, second?.media, second?.dtmf],
    ['localhost', '+34900100300', 'relay', 'rfc4733'],
  )
  assert.equal(loaded.trunksFile, '/here/etc/trunks.json')
  assert.ok(loaded.secrets.includes('pw-of-second'))
  assert.deepEqual(
    warnings.map((warning) => warning.replace(/ \(line.*?\)/, '')),
    [
      'SIP_TRUNK has no effect: TRUNKS_FILE is set.',
      'TRUNKS_FILE, [0].tls: has no effect: the uri has no transport=tls.',
    ],
  )
})

test('what a trunk cannot do yet is told, and what it can do is not', () => {
  const rows = [
    {
      uri: 'sip:a',
      ...{ user: 'u', password: 'p', identity: 'rpid', offer: 'late', media: 'relay' },
      numbers: { out: '00', prefix: '9', in: 'national', digits: 3 },
      ...{ dtmf: 'info', transfer: 'refer', redirect: true, autoAnswer: true, strictPort: true, maxCalls: 9 },
    },
    {
      uri: 'sip:b',
      ...{ register: false, dtmf: 'rfc4733', transfer: 'b2bua', redirect: false, autoAnswer: false },
      ...{ strictPort: false, numbers: { in: 'e164', digits: 4 } },
    },
  ]
  const files = { 'people.json': PEOPLE, 'trunks.json': JSON.stringify(rows) }
  const { warnings } = load({ ...SERVICE, SIP_TRUNK: '', TRUNKS_FILE: 'trunks.json' }, files)
  assert.deepEqual(
    warnings.map((warning) => /^TRUNKS_FILE, (\S+) .*: has no effect in this version\.$/.exec(warning)?.[1]),
    ['transfer', 'strictPort', 'numbers.in', 'numbers.digits'].map((field) => `[0].${field}`),
  )
})

const trunkFaults: [what: string, text: string, told: RegExp][] = [
  ['JSON that is none', '[\n  {"name": "a",}\n]', /line 2, column 16: expected a field name/],
  ['no trunk', '[]', /the whole file .*names no trunk/],
  ['a wrong address', '[{"uri": "pbx"}]', /\[0\]\.uri \(line 1, column 10\): is not the SIP URI/],
  [
    'a field that is not known',
    '[{"uri":"sip:a"},\n{"uri":"sip:b","strictport":true}]',
    /\[1\]\.strictport \(line 2, column 29\): this field is not known/,
  ],
  ['a name twice', '[{"uri":"sip:a"},{"uri":"sip:a:5070"}]', /another trunk is called a too/],
  [
    'a password without user',
    '[{"uri":"sip:a","password":"x"}]',
    /password .*: there is a password but no user/,
  ],
  ['a value that is not one of the few', '[{"uri":"sip:a","media":"both"}]', /\[0\]\.media/],
  ['a header in a name', '[{"uri":"sip:a","name":"a\\r\\nX: y"}]', /\[0\]\.name/],
]
for (const [what, text, expected] of trunkFaults)
  test(`TRUNKS_FILE with ${what} is told with its place`, () => {
    const files = { 'people.json': PEOPLE, 'trunks.json': text }
    assert.match(told({ ...SERVICE, SIP_TRUNK: '', TRUNKS_FILE: 'trunks.json' }, files).join('; '), expected)
  })

test('a faulty or missing PEOPLE_FILE is told with the other faults', () => {
  assert.match(
    told({ ...LOCAL, PORT: 'x', PEOPLE_FILE: 'nobody.json' }).join('; '),
    /PORT.*PEOPLE_FILE cannot be read/,
  )
  assert.match(
    told(LOCAL, { 'people.json': '[{"name": ""}]' }).join(),
    /PEOPLE_FILE is faulty at \[0\]\.name/,
  )
})

test('.env is read, and the environment wins', () => {
  const files = {
    'people.json': PEOPLE,
    '.env': 'SIP_TRUNK="sip:127.0.0.1:5090;transport=tcp" # ours\nPEOPLE_FILE=people.json\nPORT=4000\n',
  }
  const { http, trunks } = config({ PORT: '5000', COUNTRY: 'ES' }, files)
  assert.deepEqual([http.port, trunks[0]?.uri], [5000, 'sip:127.0.0.1:5090;transport=tcp'])
})

test('a mistyped setting is told with the one that was meant', () => {
  const { warnings } = load({
    ...LOCAL,
    SIP_TRUNK_PASWORD: 'x',
    MICROSOFT_APP_ID: 'x',
    RING_SECOND_DESK: '5',
    HOSTNAME: 'h',
    HOME: '/',
    PATH: '/',
    SIP_THING: '1',
  })
  assert.deepEqual(warnings, [
    'SIP_TRUNK_PASWORD is not a setting. Did you mean SIP_TRUNK_PASSWORD?',
    'MICROSOFT_APP_ID is not a setting. Did you mean MicrosoftAppId?',
    'RING_SECOND_DESK is not a setting. Did you mean RING_SECONDS_DESK?',
  ])
})

test('a setting of a later version is told to have no effect', () => {
  assert.deepEqual(load({ ...LOCAL, DATABASE_URL: 'postgres://x' }).warnings, [
    'DATABASE_URL has no effect in this version.',
  ])
})

test('the configuration cannot be changed', () => {
  const loaded = config(LOCAL)
  assert.throws(() => Object.assign(loaded.http, { port: 1 }), TypeError)
  assert.throws(() => (loaded.trunks as unknown[]).push({}), TypeError)
})

test('README.md and .env.example say what the table of settings says', () => {
  execFileSync(process.execPath, ['src/docs.ts', '--check'], { stdio: 'pipe' })
})
