import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCommand } from '../../../src/sipd/control/command.ts'
import { BadFrame, frame, FrameReader } from '../../../src/sipd/control/frames.ts'

function read(reader: FrameReader, text: string): string[] {
  return reader.push(Buffer.from(text)).map(String)
}

test('frames count bytes, not characters', () => {
  const reader = new FrameReader(100)
  assert.equal(frame('ñ', Buffer.from('€')).toString(), '5#ñ€')
  assert.deepEqual(read(reader, '5#ñ€2#ok'), ['ñ€', 'ok'])
})

test('frames are read the same wherever they are split', () => {
  const all = '11#hello#world3#abc'
  for (let size = 1; size <= all.length; size++) {
    const reader = new FrameReader(100)
    const seen: string[] = []
    for (let i = 0; i < all.length; i += size) seen.push(...read(reader, all.slice(i, i + size)))
    assert.deepEqual(seen, ['hello#world', 'abc'])
  }
})

for (const bytes of ['101#', '0#', '-1#', '1e2#', '#', ' 5#hello', 'GET / HTTP', '12345678', '5 #hello']) {
  test(`no frame: ${JSON.stringify(bytes)}`, () => {
    assert.throws(() => new FrameReader(100).push(Buffer.from(bytes)), BadFrame)
  })
}

test('a request is read with its ids and its body as bytes', () => {
  const command = readCommand(
    Buffer.from(
      'm|sip||dialog|sip:1.2.3.4\r\nINFO sip:placeholder SIP/2.0\r\nfrom: "a" <sip:b@c>\r\nX-my: é\r\ncontent-length: 3\r\n\r\n€\r\n\r\nx',
    ),
  )
  assert.ok(command.type === 'sip')
  assert.deepEqual(
    [command.id, command.transactionId, command.dialogId, command.proxy],
    ['m', '', 'dialog', 'sip:1.2.3.4'],
  )
  assert.deepEqual(command.message.start, { kind: 'request', method: 'INFO', uri: 'sip:placeholder' })
  assert.equal(command.message.headers.get('from'), '"a" <sip:b@c>')
  assert.deepEqual(
    command.message.headers.fields.map(({ name }) => name),
    ['From', 'X-my', 'Content-Length'],
  )
  assert.equal(command.message.body.toString(), '€\r\n\r\nx')
})

test('a response is read, with the tag that the application wants', () => {
  const command = readCommand(
    Buffer.from('m|sip|t|\r\nSIP/2.0 183 In progress\r\nto: <sip:a@b>;tag=mine\r\n\r\n'),
  )
  assert.ok(command.type === 'sip')
  assert.deepEqual(command.message.start, {
    kind: 'response',
    status: 183,
    reason: 'In progress',
    tag: 'mine',
  })
})

const REFUSED: readonly (readonly [what: string, message: string, reason: RegExp])[] = [
  ['no message', 'm|sip||', /no message/],
  ['a line that is no header', 'm|sip||\r\nINVITE sip:a SIP/2.0\r\nnonsense\r\n\r\n', /invalid header/],
  [
    'a bare line end in a header',
    'm|sip||\r\nINVITE sip:a SIP/2.0\r\nSubject: a\nX: b\r\n\r\n',
    /invalid header/,
  ],
  ['a space in the URI', 'm|sip||\r\nINVITE sip:a b SIP/2.0\r\n\r\n', /invalid start line/],
  ['brackets in the URI', 'm|sip||\r\nINVITE <sip:a> SIP/2.0\r\n\r\n', /invalid start line/],
  ['a status out of range', 'm|sip|t|\r\nSIP/2.0 799 X\r\n\r\n', /invalid start line/],
  ['proxy', 'm|proxy|t|remainInDialog', /not supported/],
  ['what nobody knows', 'm|dance', /Unknown/],
]

for (const [what, message, reason] of REFUSED) {
  test(`refused: ${what}`, () => {
    const command = readCommand(Buffer.from(message))
    assert.ok(command.type === 'unknown')
    assert.match(command.reason, reason)
  })
}
