/**
 * Whose work the main thread did: each sample of a CPU profile belongs to the innermost frame that stands in one of the
 * rooms below, so that JSON.parse of the store is the store's, and a regular expression of drachtio-srf the SIP side's.
 */
import { readFileSync } from 'node:fs'

type Node = {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}
type CpuProfile = {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The first that fits a frame's file has it. */
const ROOMS: readonly (readonly [room: string, file: RegExp])[] = [
  ['cards', /src\/chat\/(render|words)\/|adaptivecards-templating|adaptive-expressions|antlr4ts/],
  [
    'chat',
    /src\/chat\/|src\/app\/(receiver|switchboard|commands|buttons|asks|identify|answers)|src\/core\/command/,
  ],
  [
    'chat',
    /node_modules\/(botbuilder|botframework|restify|find-my-way|@azure|zod|axios|node-fetch|uuid|@netflix)/,
  ],
  [
    'sip',
    /src\/sip\/|src\/media\/|node_modules\/(drachtio|debug|delegates|only|uuid-random|sip-|short-uuid|sdp-)/,
  ],
  ['store', /src\/store\/|node_modules\/lowdb/],
  ['directory', /src\/directory\/|src\/core\/dialplan|libphonenumber/],
  ['log', /src\/ops\/|node_modules\/(pino|sonic-boom|thread-stream)/],
  ['calls', /src\/(app|core|compose)/],
  ['chat', /^node:(_http|internal\/http|url|internal\/url)/],
]

export type Shares = Readonly<Record<string, number>>

/** Share of each room in the CPU time of a profile, from 0 to 1; `node` is what belongs to no room, `gc` the collector. */
export function sharesOf(file: string): Shares {
  const times = new Map<string, number>()
  let busy = 0
  walk(file, (path, time) => {
    const [leaf] = path
    if (leaf?.callFrame.functionName === '(idle)') return
    const collector = leaf?.callFrame.functionName === '(garbage collector)'
    const room = collector ? 'gc' : (firstRoom(path) ?? 'node')
    times.set(room, (times.get(room) ?? 0) + time)
    busy += time
  })
  return Object.fromEntries([...times].map(([room, time]) => [room, time / busy]))
}

/** The functions that took most time themselves, and those with what they call, in ms. */
export function heaviest(file: string, count: number): { self: string[]; total: string[] } {
  const self = new Map<string, number>()
  const total = new Map<string, number>()
  walk(file, (path, time) => {
    const names = path.map(nameOf)
    const [first = ''] = names
    self.set(first, (self.get(first) ?? 0) + time)
    for (const name of new Set(names)) total.set(name, (total.get(name) ?? 0) + time)
  })
  const told = (map: Map<string, number>) =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, time]) => `${(time / 1000).toFixed(1).padStart(9)} ${name}`)
  return { self: told(self), total: told(total) }
}

/** Calls back with each sample's frames, innermost first, and its microseconds. */
function walk(file: string, each: (path: readonly Node[], time: number) => void): void {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node] as const)),
  )
  const paths = new Map<number, readonly Node[]>()
  const pathOf = (id: number): readonly Node[] => {
    const known = paths.get(id)
    if (known) return known
    const path: Node[] = []
    for (let node = nodes.get(id); node; node = parents.get(node.id)) path.push(node)
    paths.set(id, path)
    return path
  }
  profile.samples.forEach((id, n) => each(pathOf(id), profile.timeDeltas[n] ?? 0))
}

function firstRoom(path: readonly Node[]): string | undefined {
  for (const { callFrame } of path)
    for (const [room, file] of ROOMS) if (file.test(callFrame.url)) return room
  return undefined
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  return `${functionName || '(anonymous)'} ${url.replace(/^.*\/(node_modules|src)\//, '')}:${lineNumber + 1}`
}
