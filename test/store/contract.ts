/** What every store does, whatever it keeps its data in. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Store } from '../../src/store/store.ts'
import { alice, bob, closedCall, eventsOf, newCall } from './samples.ts'

export type Harness = {
  /** A store with nothing in it. */
  open(): Promise<Store>
  /** Closes it and opens what it has kept; a store that keeps nothing gives itself. */
  reopen(store: Store): Promise<Store>
  dispose(store: Store): Promise<void>
}

const NOON = Date.UTC(2026, 6, 14, 12)

export function storeContract(name: string, harness: Harness): void {
  const withStore = (what: string, run: (store: Store) => Promise<Store | undefined>): void => {
    test(what, async () => {
      let store = await harness.open()
      try {
        store = (await run(store)) ?? store
      } finally {
        await harness.dispose(store)
      }
    })
  }

  describe(`${name}: calls`, () => {
    withStore(
      'a call that was not closed is unfinished, with all its events in order, after a restart',
      async (store) => {
        const call = newCall()
        const events = eventsOf(call, alice, NOON)
        await store.calls.append(call, events.slice(0, 1), { durable: true })
        await store.calls.append(call, events.slice(1, 3))
        await store.calls.append(call, events.slice(3))
        const again = await harness.reopen(store)
        assert.deepEqual(await again.calls.unfinished(), [{ call, events }])
        return again
      },
    )

    withStore('events that are appended at once keep their order, and calls do not mix', async (store) => {
      const calls = [newCall(), newCall(), newCall()]
      const events = calls.map((call, i) => eventsOf(call, alice, NOON + i))
      await Promise.all(
        [0, 1, 2, 3].flatMap((n) =>
          calls.map((call, i) => store.calls.append(call, events[i]!.slice(n, n + 1))),
        ),
      )
      const again = await harness.reopen(store)
      assert.deepEqual(
        await again.calls.unfinished(),
        calls.map((call, i) => ({ call, events: events[i] })),
      )
      return again
    })

    withStore(
      'a closed call is no longer unfinished, and is found whole, before and after a restart',
      async (store) => {
        const closed = closedCall(alice, NOON)
        const { id } = closed.record
        await store.calls.append(id, closed.events)
        await store.calls.close(closed)
        assert.deepEqual(await store.calls.get(id), closed)
        const again = await harness.reopen(store)
        assert.deepEqual(await again.calls.unfinished(), [])
        assert.deepEqual(await again.calls.get(id), closed)
        return again
      },
    )

    withStore('closing twice is closing once', async (store) => {
      const closed = closedCall(alice, NOON)
      await store.calls.append(closed.record.id, closed.events)
      await Promise.all([store.calls.close(closed), store.calls.close(closed)])
      const again = await harness.reopen(store)
      await again.calls.close(closed)
      assert.equal((await again.calls.list(alice, { skip: 0, limit: 10 })).length, 1)
      assert.equal(await again.calls.countSince(alice, 0), 1)
      return again
    })

    withStore('an event that comes after the closing does not bring the call back', async (store) => {
      const closed = closedCall(alice, NOON)
      const { id } = closed.record
      await store.calls.append(id, closed.events)
      const late = store.calls.append(id, [{ at: NOON, event: { type: 'card.posted', activity: 'x' } }])
      await Promise.all([store.calls.close(closed), late])
      await store.calls.append(id, [{ at: NOON, event: { type: 'card.posted', activity: 'y' } }])
      const again = await harness.reopen(store)
      assert.deepEqual(await again.calls.unfinished(), [])
      return again
    })

    withStore('a call of which nobody knows is not found', async (store) => {
      assert.equal(await store.calls.get(newCall()), undefined)
      assert.deepEqual(await store.calls.list(alice, { skip: 0, limit: 10 }), [])
      assert.equal(await store.calls.countSince(alice, 0), 0)
      return undefined
    })

    withStore("one's own calls are listed newest first, by pages", async (store) => {
      for (const i of [3, 1, 0, 4, 2]) await store.calls.close(closedCall(alice, NOON + i))
      await store.calls.close(closedCall(bob, NOON + 9))
      const times = async (from: Store, skip: number, limit: number) =>
        (await from.calls.list(alice, { skip, limit })).map(({ requestedAt }) => requestedAt - NOON)
      assert.deepEqual(await times(store, 0, 10), [4, 3, 2, 1, 0])
      const again = await harness.reopen(store)
      await again.calls.close(closedCall(alice, NOON + 5))
      assert.deepEqual(await times(again, 0, 2), [5, 4])
      assert.deepEqual(await times(again, 2, 2), [3, 2])
      assert.deepEqual(await times(again, 4, 9), [1, 0])
      assert.deepEqual(await times(again, 6, 9), [])
      return again
    })

    withStore('calls since a time are counted, running ones included', async (store) => {
      await store.calls.close(closedCall(alice, NOON))
      await store.calls.close(closedCall(alice, NOON + 10))
      const running = newCall()
      await store.calls.append(running, eventsOf(running, alice, NOON + 20).slice(0, 1))
      const counts = async (from: Store) =>
        Promise.all([0, 1, 10, 11, 20, 21].map((ms) => from.calls.countSince(alice, NOON + ms)))
      assert.deepEqual(await counts(store), [3, 2, 2, 1, 1, 0])
      const again = await harness.reopen(store)
      assert.deepEqual(await counts(again), [3, 2, 2, 1, 1, 0])
      assert.equal(await again.calls.countSince(bob, 0), 0)
      return again
    })
  })

  describe(`${name}: acts`, () => {
    const act = (at: number, ...keys: string[]) => ({ keys, at, payload: { text: 'call Bob' } })

    withStore('an act is accepted once, and known by any of its keys after a restart', async (store) => {
      const now = Date.now()
      assert.equal(await store.acts.accept(act(now, 'activity:msteams:1', 'same:a')), true)
      assert.equal(await store.acts.accept(act(now + 1, 'activity:msteams:1', 'same:b')), false)
      const again = await harness.reopen(store)
      assert.equal(await again.acts.accept(act(now + 2, 'activity:msteams:2', 'same:a')), false)
      assert.equal(
        await again.acts.accept(act(now + 3, 'activity:msteams:2', 'same:b')),
        true,
        'a refused act left a trace',
      )
      return again
    })

    withStore('the same words count for a minute, an activity and a nonce for a day', async (store) => {
      const now = Date.now()
      const day = 24 * 60 * 60_000
      await store.acts.accept(act(now, 'activity:1', 'same:1', 'nonce:1'))
      assert.equal(await store.acts.accept(act(now + 60_000, 'same:1')), false)
      assert.equal(await store.acts.accept(act(now + 60_001, 'same:1')), true)
      assert.equal(await store.acts.accept(act(now + day, 'activity:1')), false)
      assert.equal(await store.acts.accept(act(now + day, 'nonce:1')), false)
      assert.equal(await store.acts.accept(act(now + day + 1, 'activity:1')), true)
      return undefined
    })

    withStore('of two copies that come at once one is accepted', async (store) => {
      const now = Date.now()
      const answers = await Promise.all(
        [1, 2, 3].map((n) => store.acts.accept(act(now, `activity:${n}`, 'same:1'))),
      )
      assert.deepEqual(answers.sort(), [false, false, true])
      return undefined
    })

    withStore('what was accepted and not done is pending after a restart, oldest first', async (store) => {
      const now = Date.now()
      for (const n of [1, 2, 3]) await store.acts.accept(act(now + n, `activity:${n}`, `same:${n}`))
      await store.acts.done(['activity:2', 'same:2'])
      const again = await harness.reopen(store)
      assert.deepEqual(await again.acts.pending(), [
        act(now + 1, 'activity:1', 'same:1'),
        act(now + 3, 'activity:3', 'same:3'),
      ])
      assert.equal(await again.acts.accept(act(now + 4, 'activity:2')), false, 'done is not forgotten')
      return again
    })

    withStore('what nobody accepted can be called done', async (store) => {
      await store.acts.done(['activity:x'])
      assert.deepEqual(await store.acts.pending(), [])
      return undefined
    })
  })

  describe(`${name}: facts`, () => {
    withStore('a fact is what was put last, before and after a restart', async (store) => {
      const reference = { serviceUrl: 'https://x', conversation: { id: 'a' }, list: [1, null, 'é'] }
      await store.facts.put('conversation', 'alice', { old: true })
      await store.facts.put('conversation', 'alice', reference)
      await store.facts.put('conversation', 'alice', reference)
      await store.facts.put('sender', 'alice', 'other kind')
      assert.deepEqual(await store.facts.get('conversation', 'alice'), reference)
      const again = await harness.reopen(store)
      assert.deepEqual(await again.facts.get('conversation', 'alice'), reference)
      assert.equal(await again.facts.get('sender', 'alice'), 'other kind')
      assert.equal(await again.facts.get('sender', 'bob'), undefined)
      return again
    })

    withStore('a deleted fact is gone, after a restart too', async (store) => {
      await store.facts.put('ask', '1', { who: 'Bob' })
      await store.facts.put('ask', '2', { who: 'Eve' })
      const second = await harness.reopen(store)
      await second.facts.delete('ask', '1')
      await second.facts.delete('ask', 'never there')
      assert.equal(await second.facts.get('ask', '1'), undefined)
      const third = await harness.reopen(second)
      assert.equal(await third.facts.get('ask', '1'), undefined)
      assert.deepEqual(await third.facts.get('ask', '2'), { who: 'Eve' })
      return third
    })

    withStore('kinds and keys of any letters do not mix', async (store) => {
      await store.facts.put('a', 'b c', 1)
      await store.facts.put('a b', 'c', 2)
      await store.facts.put('__proto__', 'constructor', 3)
      assert.equal(await store.facts.get('a', 'b c'), 1)
      assert.equal(await store.facts.get('a b', 'c'), 2)
      assert.equal(await store.facts.get('__proto__', 'constructor'), 3)
      return undefined
    })

    withStore('what is got can be changed without changing what is kept', async (store) => {
      const put = { n: 1 }
      await store.facts.put('k', 'x', put)
      put.n = 2
      const got = await store.facts.get<{ n: number }>('k', 'x')
      got!.n = 3
      assert.deepEqual(await store.facts.get('k', 'x'), { n: 1 })
      return undefined
    })
  })
}
