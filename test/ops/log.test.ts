import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../src/ops/log.ts'
import type { LogLevel } from '../../src/ops/log.ts'

function written(options: { level?: LogLevel; secrets?: string[] } = {}) {
  const lines: Record<string, unknown>[] = []
  const log = createLog(options, {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  })
  return { log, lines }
}

test('a line is one JSON object with level, time, fields and message', () => {
  const { log, lines } = written()
  log.info({ code: 'STARTED', port: 3978 }, 'listening')
  const { time, ...rest } = lines[0]!
  assert.deepEqual(rest, { level: 'info', code: 'STARTED', port: 3978, msg: 'listening' })
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test('the level holds back what is less', () => {
  const { log, lines } = written({ level: 'warn' })
  log.debug({}, 'a')
  log.info({}, 'b')
  log.warn({}, 'c')
  log.error({}, 'd')
  assert.deepEqual(
    lines.map((line) => line['msg']),
    ['c', 'd'],
  )
})

test("a child's fields stand in all its lines, its children's too", () => {
  const { log, lines } = written()
  log.child({ part: 'sip' }).child({ trunk: 'main', password: 'hunter2' }).info({ n: 1 }, 'up')
  assert.equal(lines[0]!['part'], 'sip')
  assert.equal(lines[0]!['trunk'], 'main')
  assert.equal(lines[0]!['password'], '[hidden]')
})

test('secrets are hidden by the name of their field, however deep', () => {
  const { log, lines } = written()
  log.info(
    {
      trunk: { user: 'bot', password: 'p1' },
      deep: { list: [{ headers: { Authorization: 'Digest x', 'proxy-authorization': 'y' } }] },
      MicrosoftAppPassword: 'p2',
      meeting_pin: '1234',
      access_token: 't',
      clientSecret: 's',
      digit: '5',
    },
    'x',
  )
  const line = JSON.stringify(lines[0])
  assert.equal(line.match(/\[hidden\]/g)?.length, 8)
  for (const secret of ['p1', 'Digest x', '"y"', 'p2', '1234']) assert.ok(!line.includes(secret), secret)
  assert.ok(line.includes('"user":"bot"'))
})

test('names that only look like secrets are left', () => {
  const { log, lines } = written()
  log.info({ spinning: 1, tokens: 3, passed: true, pinned: 'yes' }, 'x')
  assert.ok(!JSON.stringify(lines[0]).includes('hidden'))
})

test('secrets inside a SIP message are hidden, the rest of it is not', () => {
  const { log, lines } = written()
  const sip =
    'INVITE sip:bob:secretpw@pbx SIP/2.0\r\nAuthorization: Digest username="bot", response="abc"\r\nTo: <sip:bob@pbx>\r\n\r\n' +
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9\r\n'
  log.debug({}, 'not shown')
  log.info({ sip }, 'sent')
  const told = String(lines[0]!['sip'])
  assert.ok(!/response|WVNf|secretpw/.test(told), told)
  assert.ok(told.includes('To: <sip:bob@pbx>') && told.includes('Authorization: [hidden]\r\n'), told)
})

test('a known secret is hidden wherever it stands, in an error as well', () => {
  const { log, lines } = written({ secrets: ['s3cret"pw', 'x'] })
  const cause = new Error('login with s3cret"pw failed')
  log.error({ err: new Error('outer', { cause }) }, 'told s3cret"pw')
  const line = JSON.stringify(lines[0])
  assert.ok(!line.includes('s3cret'), line)
  assert.equal(lines[0]!['msg'], 'told [hidden]')
})

test('an error is told with its code, its remedy and its cause', () => {
  const { log, lines } = written()
  const err = Object.assign(new Error('down', { cause: new Error('ECONNREFUSED') }), {
    code: 'SIP_TRUNK_DOWN',
    remedy: 'Check SIP_TRUNK',
  })
  log.error({ err }, 'trunk')
  const told = lines[0]!['err'] as Record<string, unknown>
  assert.equal(told['message'], 'down')
  assert.equal(told['code'], 'SIP_TRUNK_DOWN')
  assert.equal(told['remedy'], 'Check SIP_TRUNK')
  assert.equal((told['cause'] as Record<string, unknown>)['message'], 'ECONNREFUSED')
})

test('what cannot be written as JSON does not break the log', () => {
  const { log, lines } = written()
  const ring: Record<string, unknown> = { big: 10n, bytes: Buffer.from('secret'), set: new Set([1]) }
  ring['self'] = ring
  log.info({ ring }, 'odd')
  assert.equal(lines.length, 1)
  assert.ok(JSON.stringify(lines[0]).includes('[6 bytes]'))
})
