/** How one part of the bot is. `detail` is for the administrator, in one sentence. */
export type PartState = {
  readonly state: 'ok' | 'degraded' | 'down'
  readonly detail?: string
  /** At a PBX that we register at: how that stands, and until when. */
  readonly registration?: {
    readonly state: string
    readonly expires?: string
    readonly status?: number
    readonly detail?: string
  }
}

export type Part = {
  /** Asked at each request, so it answers from memory. */
  readonly read: () => PartState | Readonly<Record<string, PartState>>
  /** The bot is not ready while this part is down. A trunk is not needed in this sense (docs/rules.md, "Ready means ready"). */
  readonly needed: boolean
}

export type HealthAnswer = { readonly status: 200 | 503; readonly body: Readonly<Record<string, unknown>> }

export interface Health {
  /** `/healthz`: the process answers. */
  live(): HealthAnswer
  /** `/readyz`: 503 until every needed part is up, and again when one goes down or the bot drains. */
  ready(): HealthAnswer
}

/**
 * Composes the answers of `/healthz` and `/readyz` from the bot's parts.
 * @example createHealth({ store: { needed: true, read: () => store.state() }, trunks: { needed: false, read: trunks } })
 */
export function createHealth(parts: Readonly<Record<string, Part>>): Health {
  return {
    live: () => ({ status: 200, body: { status: 'ok', uptime: Math.round(process.uptime()) } }),
    ready() {
      const read = Object.entries(parts).map(([name, part]) => [name, states(part)] as const)
      const missing = read.filter(
        ([name, all]) => parts[name]?.needed && all.some(([, s]) => s.state === 'down'),
      )
      const worst =
        missing.length > 0 ? 'not ready' : read.some(([, all]) => all.some(isFaulty)) ? 'degraded' : 'ready'
      const body = Object.fromEntries(read.map(([name, all]) => [name, shown(all)]))
      return { status: missing.length > 0 ? 503 : 200, body: { status: worst, ...body } }
    },
  }
}

type Named = readonly (readonly [name: string, PartState])[]

/** One state has the empty name; a part of several (trunks) gives each its own. */
function states(part: Part): Named {
  try {
    const read = part.read()
    return isState(read) ? [['', read]] : Object.entries(read)
  } catch (fault) {
    return [['', { state: 'down', detail: fault instanceof Error ? fault.message : String(fault) }]]
  }
}

function isState(read: ReturnType<Part['read']>): read is PartState {
  return typeof read.state === 'string'
}

const isFaulty = ([, part]: Named[number]) => part.state !== 'ok'

function shown(all: Named): unknown {
  return all.length === 1 && all[0]?.[0] === '' ? all[0][1] : Object.fromEntries(all)
}
