/** A store that forgets all at the end of the process, for tests. Values are copied as a disk would. */
import type { Acts, CallStore, Facts } from '../app/ports.ts'
import type { ClosedCall } from '../core/call/record.ts'
import type { CallId } from '../core/ids.ts'
import { LiveCalls } from './live-calls.ts'
import { SeenActs } from './seen-acts.ts'
import type { Store } from './store.ts'

export function openMemoryStore(): Store {
  return {
    calls: memoryCalls(),
    acts: memoryActs(),
    facts: memoryFacts(),
    state: () => ({ state: 'ok' }),
    close: () => Promise.resolve(),
  }
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function memoryCalls(): CallStore {
  const live = new LiveCalls()
  const closed = new Map<CallId, ClosedCall>()
  return {
    append(call, events) {
      if (!closed.has(call) && live.takes(call, events)) live.add(call, copy(events))
      return Promise.resolve()
    },
    unfinished: () => Promise.resolve(copy(live.all().map(({ call, events }) => ({ call, events })))),
    close(call) {
      live.delete(call.record.id)
      if (!closed.has(call.record.id)) closed.set(call.record.id, copy(call))
      return Promise.resolve()
    },
    get(call) {
      const found = closed.get(call)
      return Promise.resolve(found && copy(found))
    },
    list(by, { skip, limit }) {
      const own = [...closed.values()].map(({ record }) => record).filter((record) => record.by === by)
      own.sort((a, b) => b.requestedAt - a.requestedAt)
      return Promise.resolve(copy(own.slice(skip, skip + limit)))
    },
    countSince(by, since) {
      const own = [...closed.values()].filter(({ record }) => record.by === by && record.requestedAt >= since)
      return Promise.resolve(own.length + live.countSince(by, since))
    },
  }
}

function memoryActs(): Acts {
  const seen = new SeenActs()
  return {
    accept(act) {
      seen.prune(act.at)
      if (seen.isRepeat(act)) return Promise.resolve(false)
      seen.add(copy(act))
      return Promise.resolve(true)
    },
    done(keys) {
      seen.done(keys)
      return Promise.resolve()
    },
    pending: () => Promise.resolve(copy(seen.pending())),
  }
}

function memoryFacts(): Facts {
  const facts = new Map<string, string>()
  const at = (kind: string, key: string) => JSON.stringify([kind, key])
  return {
    get<T>(kind: string, key: string) {
      const found = facts.get(at(kind, key))
      return Promise.resolve(found === undefined ? undefined : (JSON.parse(found) as T))
    },
    put(kind, key, value) {
      facts.set(at(kind, key), JSON.stringify(value))
      return Promise.resolve()
    },
    delete(kind, key) {
      facts.delete(at(kind, key))
      return Promise.resolve()
    },
  }
}
