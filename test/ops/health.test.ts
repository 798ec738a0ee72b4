import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHealth } from '../../src/ops/health.ts'
import type { PartState } from '../../src/ops/health.ts'

const ok = (): PartState => ({ state: 'ok' })
const down = (): PartState => ({ state: 'down', detail: 'the disk is full' })

test('the bot is ready when every needed part is up', () => {
  const { status, body } = createHealth({ store: { needed: true, read: ok } }).ready()
  assert.equal(status, 200)
  assert.deepEqual(body, { status: 'ready', store: { state: 'ok' } })
})

test('a needed part that is down makes it 503, and is told', () => {
  const { status, body } = createHealth({ store: { needed: true, read: down } }).ready()
  assert.equal(status, 503)
  assert.deepEqual(body, { status: 'not ready', store: { state: 'down', detail: 'the disk is full' } })
})

test('a trunk that is down is shown, and is no 503', () => {
  const health = createHealth({
    store: { needed: true, read: ok },
    trunks: { needed: false, read: () => ({ main: ok(), spare: down() }) },
  })
  const { status, body } = health.ready()
  assert.equal(status, 200)
  assert.equal(body['status'], 'degraded')
  assert.deepEqual(body['trunks'], {
    main: { state: 'ok' },
    spare: { state: 'down', detail: 'the disk is full' },
  })
})

test('a part that throws is down', () => {
  const read = (): PartState => {
    throw new Error('not open')
  }
  assert.equal(createHealth({ store: { needed: true, read } }).ready().status, 503)
})

test('a bot that is not ready is alive', () => {
  assert.equal(createHealth({ store: { needed: true, read: down } }).live().status, 200)
})
