import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../src/ops/metrics.ts'

test('counters count by labels, gauges are read when asked, all is Prometheus text', () => {
  const metrics = createMetrics()
  const calls = metrics.counter('dialback_calls_total', 'Finished calls')
  let live = 1
  metrics.gauge('dialback_calls_live', 'Running calls', () => live)
  calls.add({ side: 'user', cause: 'busy' })
  calls.add({ cause: 'busy', side: 'user' })
  calls.add({ cause: 'a"b' }, 3)
  live = 7
  assert.equal(
    metrics.text(),
    '# HELP dialback_calls_total Finished calls\n# TYPE dialback_calls_total counter\n' +
      'dialback_calls_total{cause="busy",side="user"} 2\ndialback_calls_total{cause="a\\"b"} 3\n' +
      '# HELP dialback_calls_live Running calls\n# TYPE dialback_calls_live gauge\ndialback_calls_live 7\n',
  )
})

test('a name is registered once', () => {
  const metrics = createMetrics()
  metrics.counter('a', 'a')
  assert.throws(() => metrics.gauge('a', 'a', () => 1), /twice/)
})
