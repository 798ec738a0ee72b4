/** Puts small stories into one SIPp scenario: each tells in its first line what becomes of a call. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What becomes of a call; each is a file of `scenarios`. */
export type Ending =
  | 'answers'
  | 'answers-after-cancel'
  | 'answers-without-sdp'
  | 'asks-401'
  | 'asks-407'
  | 'asks-at-bye'
  | 'asks-for-offer'
  | 'changes-tag'
  | 'compact'
  | 'crosses-bye'
  | 'crosses-cancel'
  | 'early-media'
  | 'forks'
  | 'gives-up-fork'
  | 'glare'
  | 'glare-for-ever'
  | 'hangs-up'
  | 'hangs-up-amid-change'
  | 'holds'
  | 'holds-by-update'
  | 'hung-up-amid-change'
  | 'ignores-change'
  | 'keeps-media'
  | 'meets-ours'
  | 'offers-lines'
  | 'picks-up'
  | 'plays-on'
  | 'refuses'
  | 'registrar'
  | 'reliable'
  | 'rings-on'
  | 'says-no'
  | 'slow-to-agree'
  | 'slow-to-answer'
  | 'speaks-on'
  | 'turns-away'
  | 'updates-early'

/** What a story can be told besides; each story says in its text what it needs. */
export type Details = {
  /** For `refuses`: status and reason, such as `486 Busy Here`. */
  readonly status?: string
  /** For `refuses`: a Reason header (RFC 3326), such as `Q.850;cause=17`. */
  readonly reason?: string
  /** Further header lines of what the story is about. */
  readonly more?: readonly string[]
  /** Milliseconds that a phone rings before it is picked up; default 200. */
  readonly ringing?: number
  /** Milliseconds until a phone does by itself what its story is about; default 500. */
  readonly talking?: number
  readonly user?: string
  readonly password?: string
  /** For `registrar`, which takes no calls: the seconds of its Min-Expires. */
  readonly least?: number
}

/** A story, and the called numbers (a regular expression) that meet it. */
export type Told = Details & { readonly ending: Ending; readonly number: string }

const folder = join(import.meta.dirname, 'scenarios')

/**
 * The whole scenario.
 * @param answers called numbers that are simply picked up
 * @param stories the last one, whatever its number, is that of all other numbers
 * @param tone a file of A-law samples, for early media
 * @param plain how long phones ring that are simply picked up
 */
export function scenario(
  answers: string,
  stories: readonly Told[],
  tone: string,
  plain: Details = {},
): string {
  const [only] = stories
  if (only?.ending === 'registrar') return fill('registrar.xml', read('registrar.xml'), gapsOf(only))
  const known = { answers, tone, tag: '[pid]-[call_number]' }
  const numbers = stories.slice(0, -1)
  const dialled = numbers.map(
    ({ number }, i) => `      <ereg regexp="${number}@" search_in="hdr" header="To:" assign_to="is${i}"/>`,
  )
  const ways = numbers.map((_, i) => `  <nop test="is${i}" next="story${i}"/>`)
  const last = stories.length - 1
  const told = stories.map((story, i) => {
    const text = fill(`${story.ending}.xml`, read(`${story.ending}.xml`), { ...known, ...gapsOf(story) })
    return `  <label id="story${i}"/>\n${labelled(text, String(i))}\n  <nop next="end"/>`
  })
  const ending = [...ways, `  <nop next="story${last}"/>`, ...told].join('\n')
  return fill('phone.xml', read('phone.xml'), {
    ...known,
    ...gapsOf(plain),
    ending,
    dialled: dialled.join('\n'),
  })
}

type Gaps = Readonly<Record<string, string | number | undefined>>

function gapsOf({
  status,
  reason,
  more = [],
  ringing = 200,
  talking = 500,
  user,
  password,
  least,
}: Details): Gaps {
  const lines = [...(reason === undefined ? [] : [`Reason: ${reason}`]), ...more]
  return {
    status,
    ringing,
    talking,
    user,
    password,
    least,
    more: lines.map((line) => `\n      ${line}`).join(''),
  }
}

/** `{{gap}}` is a detail or a file of `parts`; `{{part word}}` gives that part a word, which stands there as `{{arg}}`. */
function fill(file: string, text: string, gaps: Gaps): string {
  return text.replace(/\{\{([\w-]+)(?: ([^}]*))?\}\}/g, (_, name: string, arg?: string) => {
    const value = gaps[name] ?? part(name)
    if (value === undefined) throw new Error(`the scenario ${file} needs ${name}`)
    return fill(file, String(value), { ...gaps, arg: arg ?? gaps['arg'] ?? '' })
  })
}

/** Two stories may use the same names for their labels. */
function labelled(text: string, story: string): string {
  const names = new Set([...text.matchAll(/<label id="([\w-]+)"/g)].map(([, name]) => name))
  return text.replace(/(label id|next|ontimeout)="([\w-]+)"/g, (whole, attribute: string, name: string) =>
    names.has(name) ? `${attribute}="${name}-${story}"` : whole,
  )
}

function part(name: string): string | undefined {
  for (const kind of ['txt', 'xml']) {
    const text = read(`parts/${name}.${kind}`)
    if (text !== '') return text.replace(/\n$/, '')
  }
  return undefined
}

function read(file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch {
    return ''
  }
}
