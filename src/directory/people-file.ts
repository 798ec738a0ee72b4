/** `PEOPLE_FILE`: text in; people and groups out, or every fault with its place. */
import { z } from 'zod'
import { isEmergency } from '../core/dialplan/emergency.ts'
import { e164, personId } from '../core/ids.ts'
import type { E164, PersonId } from '../core/ids.ts'
import type { Person } from '../core/party.ts'
import { contentFaults, misfits, parseJson, rowFaults } from './json-text.ts'
import type { FileFault, Misfit } from './json-text.ts'
import { idsOf } from './person-ids.ts'
import { atOnce, each, mapped } from './slices.ts'
import type { Sliced } from './slices.ts'

/** A team that is called as one. Kept for those who ring teams. */
export type Group = {
  readonly name: string
  readonly did?: E164
  /** E-mails, aadObjectIds or whole names. */
  readonly members: readonly string[]
  readonly ring: 'all' | 'turn'
}

export type PeopleFile = {
  readonly people: readonly Person[]
  readonly groups: readonly Group[]
  /** What stands in the file and has no effect. */
  readonly warnings: readonly FileFault[]
}

// These go into SIP headers and URIs.
const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'has a line break or control character')
const dialled = line(40).regex(
  /^(?:\+?[\d\s().\-/]*\d[\d\s().\-/]*|[\w.*#-]{1,32})$/,
  'is neither a number nor an extension',
)
const did = line(40).transform((text, context): E164 => {
  const number = e164(text.replaceAll(/[\s().-]/g, ''))
  if (number !== undefined) return number
  context.addIssue({ code: 'custom', message: 'is not a number in international form, such as +34910000001' })
  return z.NEVER
})
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined)

/** The problem is told without it: such an address is often its own key. */
const isHttps = (text: string) => URL.canParse(text) && new URL(text).protocol === 'https:'

const personRow = z.looseObject({
  name: line(200),
  aadObjectId: optional(line(100)),
  ids: optional(z.record(z.string(), line(300))),
  email: optional(line(254).regex(/^[^\s@]+@[^\s@]+$/, 'is not an e-mail address')),
  department: optional(line(200)),
  extension: optional(line(32).regex(/^[\w.*#+-]+$/, 'is not an extension')),
  phones: z.looseObject({ desk: optional(dialled), mobile: optional(dialled) }).prefault({}),
  did: optional(did),
  aliases: z.array(line(200)).default([]),
  admin: z.boolean().default(false),
  calendar: optional(line(2000).refine(isHttps, 'is not an https address')),
})
const groupRow = z.looseObject({
  name: line(200),
  did: optional(did),
  members: z.array(line(254)).default([]),
  ring: z.enum(['all', 'turn']).default('all'),
})
/** Rows are looked at one by one, in slices. */
const frame = z.looseObject({ people: z.array(z.unknown()), groups: z.array(groupRow).default([]) })

type Row = z.output<typeof personRow>

export type ParsedPeople = PeopleFile | { readonly faults: readonly FileFault[] }

/**
 * Reads the file: a list of people, or an object with `people` and `groups`.
 * @param country ISO 3166-1, for telling emergency numbers, which nobody's phone may have
 */
export function parsePeople(text: string, country: string): ParsedPeople {
  return atOnce(peopleInSlices(text, country))
}

/** The same, in slices. */
export function* peopleInSlices(text: string, country: string): Sliced<ParsedPeople> {
  const json = parseJson(text)
  if ('fault' in json) return { faults: [json.fault] }
  yield
  const bare = Array.isArray(json.value)
  const parsed = frame.safeParse(bare ? { people: json.value } : json.value)
  if (!parsed.success) return { faults: contentFaults(parsed.error, text) }
  // In a bare list the path of a fault begins with the row.
  const list = bare ? [] : ['people']
  const rows: Row[] = []
  const unfit: Misfit[] = []
  yield* each(parsed.data.people, (value, i) => {
    const row = personRow.safeParse(value)
    if (row.success) rows.push(row.data)
    else unfit.push(...misfits(row.error, [...list, i]))
  })
  if (unfit.length > 0) return { faults: yield* rowFaults(text, list, unfit) }
  yield* each(rows, (row, i) => {
    for (const [field, problem] of faultsOf(row, country))
      unfit.push({ path: [...list, i, ...field], problem })
  })
  for (const { row, field, problem } of yield* twice(rows))
    unfit.push({ path: [...list, row, ...field], problem })
  if (unfit.length > 0) return { faults: yield* rowFaults(text, list, unfit) }
  const strange: Misfit[] = []
  yield* each(rows, (row, i) => {
    for (const field of strangers(row))
      strange.push({ path: [...list, i, ...field], problem: 'this field is not known' })
  })
  return {
    people: yield* mapped(rows, personOf),
    groups: parsed.data.groups.map(groupOf),
    warnings: yield* rowFaults(text, list, strange),
  }
}

type RowFault = readonly [field: readonly PropertyKey[], problem: string]

function faultsOf(row: Row, country: string): RowFault[] {
  const { desk, mobile } = row.phones
  const found: RowFault[] = []
  if (desk === undefined && mobile === undefined && row.extension === undefined)
    found.push([['phones'], `${row.name} has neither a phone nor an extension`])
  const numbers = [
    [['phones', 'desk'], desk],
    [['phones', 'mobile'], mobile],
    [['extension'], row.extension],
    [['did'], row.did],
  ] as const
  for (const [field, number] of numbers)
    if (number !== undefined && isShort(number) && callsForHelp(number, country))
      found.push([field, `${number} is an emergency number, which is never dialled back`])
  return found
}

/**
 * Whether a telephone system could take it for a call for help: as it stands, behind zeros (the outside prefix of many
 * houses, which the file knows nothing of) and within star codes. Behind a 9 it is an extension like 9112: many houses
 * have those and another outside prefix, and what stands in the file is dialled without any.
 */
function callsForHelp(number: string, country: string): boolean {
  for (let form = number.replaceAll(/[\s().\-/*#]/g, ''); ; form = form.slice(1)) {
    if (isEmergency(form, country)) return true
    if (!/^[+0]/.test(form)) return false
  }
}

/** Could it be an emergency number, with `00` and a calling code before it? Spares the library most numbers. */
const isShort = (number: string) => number.replaceAll(/\D/g, '').length <= 11

/** What belongs to one person only, standing in a second row. */
function* twice(
  rows: readonly Row[],
): Sliced<{ row: number; field: readonly PropertyKey[]; problem: string }[]> {
  const seen = new Map<string, number>()
  const found: { row: number; field: readonly PropertyKey[]; problem: string }[] = []
  yield* each(rows, (row, i) => {
    for (const { field, value } of unique(row)) {
      const key = `${field.join('\n')}\n${value.toLowerCase()}`
      const first = seen.get(key)
      if (first === undefined) seen.set(key, i)
      else {
        const owner = rows[first]?.name ?? ''
        found.push({ row: i, field, problem: `${value} is also that of ${owner} (row ${first})` })
      }
    }
  })
  return found
}

function unique(row: Row): { field: readonly PropertyKey[]; value: string }[] {
  const fields = (['aadObjectId', 'email', 'extension', 'did'] as const).flatMap((field) => {
    const value = row[field]
    return value === undefined ? [] : [{ field: [field], value }]
  })
  const ids = Object.entries(row.ids ?? {}).map(([channel, value]) => ({ field: ['ids', channel], value }))
  // Rows with nothing else to tell them apart are told apart by name and phone.
  return fields.length + ids.length > 0 ? [...fields, ...ids] : [{ field: ['phones'], value: idOf(row) }]
}

/** Its row has a phone or an extension, so there is one. */
const idOf = (row: Row): PersonId => idsOf(row)[0] ?? personId(row.name.toLowerCase())

function personOf(row: Row): Person {
  const { name, aadObjectId, email, department, extension, did, aliases, admin, calendar } = row
  const { desk, mobile } = row.phones
  return {
    id: idOf(row),
    name,
    ...(aadObjectId === undefined ? {} : { aadObjectId }),
    ids: row.ids ?? {},
    ...(email === undefined ? {} : { email }),
    ...(department === undefined ? {} : { department }),
    ...(extension === undefined ? {} : { extension }),
    phones: { ...(desk === undefined ? {} : { desk }), ...(mobile === undefined ? {} : { mobile }) },
    ...(did === undefined ? {} : { did }),
    aliases,
    admin,
    ...(calendar === undefined ? {} : { calendar }),
  }
}

function groupOf({ name, did, members, ring }: z.output<typeof groupRow>): Group {
  return { name, ...(did === undefined ? {} : { did }), members, ring }
}

function strangers(row: Row): PropertyKey[][] {
  const known = Object.keys(personRow.shape)
  return [
    ...Object.keys(row).flatMap((field) => (known.includes(field) ? [] : [[field]])),
    ...Object.keys(row.phones).flatMap((field) =>
      /^(?:desk|mobile)$/.test(field) ? [] : [['phones', field]],
    ),
  ]
}
