import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { WebSocket } from 'ws'
import { Visitor } from '../../src/demo/visitor.ts'

void test('a page that takes nothing in is let go before what waits for it fills the memory', () => {
  const did: string[] = []
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 1024,
    send: () => did.push('sent'),
    terminate: () => did.push('let go'),
  })
  const visitor = new Visitor(socket as unknown as WebSocket, () => undefined)
  visitor.tell({ type: 'scene', scene: 'works' })
  socket.bufferedAmount = 100 * 1024 * 1024
  visitor.tell({ type: 'scene', scene: 'works' })
  assert.deepEqual(did, ['sent', 'let go'])
})
