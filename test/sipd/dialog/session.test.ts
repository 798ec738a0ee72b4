import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session, termsOf } from '../../../src/sipd/dialog/session.ts'
import { Headers } from '../../../src/sipd/message/headers.ts'
import { systemClock } from '../../../src/sipd/transaction/clock.ts'
import { HandClock } from '../clock.ts'

function session() {
  const clock = new HandClock()
  const seen: string[] = []
  const made = new Session(clock, {
    refresh: () => seen.push(`${clock.now} refresh`),
    expire: () => seen.push(`${clock.now} expire`),
  })
  return { clock, seen, session: made }
}

test('ours is refreshed at half of its time', () => {
  const { clock, seen, session: one } = session()
  one.renew(1800, true)
  clock.to(2_000_000)
  assert.deepEqual(seen, ['900000 refresh'])
})

test('theirs ends 32 s early, or a third where that is less', () => {
  const { clock, seen, session: one } = session()
  one.renew(1800, false)
  clock.to(1_768_000)
  one.renew(90, false)
  clock.to(1_768_000 + 60_000)
  assert.deepEqual(seen, ['1768000 expire', '1828000 expire'])
})

test('a renewal puts it off, and an end takes it back', () => {
  const { clock, seen, session: one } = session()
  one.renew(100, false)
  clock.to(60_000)
  one.renew(100, false)
  clock.to(120_000)
  one.stop()
  clock.to(500_000)
  assert.deepEqual(seen, [])
  assert.equal(clock.alarms, 0)
})

test('one of no time at all is refreshed once a second, not without end', () => {
  const { clock, seen, session: one } = session()
  one.renew(0, true)
  clock.to(999)
  assert.deepEqual(seen, [])
  clock.to(1_000)
  assert.deepEqual(seen, ['1000 refresh'])
})

test('one of a month is not refreshed at once', async () => {
  let rang = false
  const stop = systemClock.after(2 ** 33, () => (rang = true))
  await new Promise((resolve) => setTimeout(resolve, 20))
  stop()
  assert.equal(rang, false)
})

test('Session-Expires is read', () => {
  const read = (value: string) => termsOf(new Headers().add('Session-Expires', value))
  assert.deepEqual(read('1800'), { seconds: 1800, refresher: undefined })
  assert.deepEqual(read(' 90 ; x=y; Refresher=UAS'), { seconds: 90, refresher: 'uas' })
  for (const value of ['', 'soon', '-1', '1e3']) assert.equal(read(value), undefined)
})
