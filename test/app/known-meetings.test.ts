import assert from 'node:assert/strict'
import { it } from 'node:test'
import { KnownMeetings } from '../../src/app/meetings/known.ts'
import type { Facts } from '../../src/app/ports.ts'
import { openMemoryStore } from '../../src/store/memory.ts'

const where = { channel: 'msteams', conversation: 'team', language: 'en' } as const
const zoom = { provider: 'zoom', key: 'zoom:89012345678', id: '89012345678', numbers: [] } as const
const told = { id: '249991234', numbers: [{ number: '+34911980000', tollFree: false }] }

/** A store that takes its time: whoever reads meanwhile reads what was there before. */
function slow(facts: Facts): Facts {
  return {
    get: (kind, key) => facts.get(kind, key),
    put: async (kind, key, value) => {
      await new Promise((done) => setImmediate(done))
      await facts.put(kind, key, value)
    },
    delete: (kind, key) => facts.delete(kind, key),
  }
}

it('a meeting keeps its card, and what was learnt of it, though all come at once', async () => {
  const known = new KnownMeetings(slow(openMemoryStore().facts), () => '0'.repeat(22))
  const one = await known.remember(zoom, where, 0)
  await Promise.all([known.share(one), known.posted(one.id, 'activity'), known.learn(one, told)])
  assert.partialDeepStrictEqual(await known.get(one.id), { shared: true, card: 'activity', told })
})

it('shared by two at once, it is one', async () => {
  let ids = 0
  const known = new KnownMeetings(slow(openMemoryStore().facts), () => String((ids += 1)).padStart(22, '0'))
  const [one, other] = await Promise.all([known.remember(zoom, where, 0), known.remember(zoom, where, 0)])
  assert.equal(one.id, other.id)
})
