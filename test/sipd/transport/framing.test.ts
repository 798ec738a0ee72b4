import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamFramer } from '../../../src/sipd/transport/framing.ts'

const ONE = 'INFO sip:a SIP/2.0\r\nContent-Length: 5\r\n\r\nhello'
const TWO = 'SIP/2.0 200 OK\r\nl: 0\r\n\r\n'
const THREE = 'BYE sip:a SIP/2.0\r\nVia: x\r\n\r\n'

function frames(framer: StreamFramer, input: string): string[] {
  return framer
    .push(Buffer.from(input))
    .map((frame) =>
      frame.kind === 'message'
        ? frame.data.toString()
        : frame.kind === 'ping'
          ? 'ping'
          : `broken: ${frame.reason}`,
    )
}

test('messages are cut by Content-Length, in one piece', () => {
  assert.deepEqual(frames(new StreamFramer(1000), ONE + TWO + THREE), [ONE, TWO, THREE])
})

test('messages are cut the same wherever the stream is split', () => {
  const all = `${ONE}\r\n\r\n${TWO}\r\n${THREE}\r\n\r\n${ONE}`
  for (let size = 1; size < all.length; size++) {
    const framer = new StreamFramer(1000)
    const seen: string[] = []
    for (let i = 0; i < all.length; i += size) seen.push(...frames(framer, all.slice(i, i + size)))
    assert.deepEqual(seen, [ONE, 'ping', TWO, THREE, 'ping', ONE], `pieces of ${size}`)
    assert.equal(framer.partial, false)
  }
})

test('a stream that cannot be followed is broken', () => {
  const rows: [string, string][] = [
    ['x'.repeat(1100), 'headers longer than the limit'],
    [`INFO sip:a SIP/2.0\r\nContent-Length: 5000\r\n\r\n`, 'message longer than the limit'],
  ]
  for (const [input, reason] of rows)
    assert.deepEqual(frames(new StreamFramer(1000), input), [`broken: ${reason}`])
})

test('a message whose length cannot be known is handed on without a body, and then the stream is broken', () => {
  const rows: [string, string][] = [
    ['INFO sip:a SIP/2.0\r\nContent-Length: 5\r\nl: 6\r\n\r\n', 'two Content-Lengths'],
    ['INFO sip:a SIP/2.0\r\nContent-Length: -999\r\n\r\n', 'Content-Length is no number'],
    ['INFO sip:a SIP/2.0\r\nl: five\r\n\r\n', 'Content-Length is no number'],
    ['INFO sip:a SIP/2.0\r\nl:\r\n\r\n', 'Content-Length is no number'],
  ]
  for (const [input, reason] of rows)
    assert.deepEqual(frames(new StreamFramer(1000), input + ONE), [input, `broken: ${reason}`])
})

test('a folded Content-Length counts', () => {
  const folded = 'INFO sip:a SIP/2.0\r\nContent-Length :\r\n  5\r\n\r\nhello'
  assert.deepEqual(frames(new StreamFramer(1000), folded + ONE), [folded, ONE])
})

test('an endless header costs no more than its length', () => {
  const framer = new StreamFramer(1 << 20)
  const begun = performance.now()
  for (let i = 0; i < 20_000; i++) framer.push(Buffer.from('x'))
  assert.ok(performance.now() - begun < 3_000)
})
