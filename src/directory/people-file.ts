/** `PEOPLE_FILE`: text in; people and groups out, or every fault with its place. */
import { z } from 'zod'
import { isEmergency } from '../core/dialplan/emergency.ts'
import { e164, personId } from '../core/ids.ts'
import type { E164, PersonId } from '../core/ids.ts'
import type { Person } from '../core/party.ts'
import { contentFault, contentFaults, parseJson } from './json-text.ts'
import type { FileFault } from './json-text.ts'
import { idsOf } from './person-ids.ts'

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
})
const groupRow = z.looseObject({
  name: line(200),
  did: optional(did),
  members: z.array(line(254)).default([]),
  ring: z.enum(['all', 'turn']).default('all'),
})
const peopleRows = z.array(personRow)
const whole = z.looseObject({ people: peopleRows, groups: z.array(groupRow).default([]) })

type Row = z.output<typeof personRow>

/**
 * Reads the file: a list of people, or an object with `people` and `groups`.
 * @param country ISO 3166-1, for telling emergency numbers, which nobody's phone may have
 */
export function parsePeople(
  text: string,
  country: string,
): PeopleFile | { readonly faults: readonly FileFault[] } {
  const json = parseJson(text)
  if ('fault' in json) return { faults: [json.fault] }
  const bare = Array.isArray(json.value)
  const parsed = whole.safeParse(bare ? { people: json.value } : json.value)
  // In a bare list the path of a fault begins with the row.
  const base = bare ? [] : ['people']
  if (!parsed.success) {
    if (bare) for (const issue of parsed.error.issues) issue.path.shift()
    return { faults: contentFaults(parsed.error, text) }
  }
  const rows = parsed.data.people
  const at = (row: number, field: readonly PropertyKey[], problem: string) =>
    contentFault(text, [...base, row, ...field], problem)
  const faults = rows.flatMap((row, i) =>
    rowFaults(row, country).map(([field, problem]) => at(i, field, problem)),
  )
  faults.push(...twice(rows).map(({ row, field, problem }) => at(row, field, problem)))
  if (faults.length > 0) return { faults }
  return {
    people: rows.map(personOf),
    groups: parsed.data.groups.map(groupOf),
    warnings: rows.flatMap((row, i) =>
      strangers(row).map((field) => at(i, field, 'this field is not known')),
    ),
  }
}

type RowFault = readonly [field: readonly PropertyKey[], problem: string]

function rowFaults(row: Row, country: string): RowFault[] {
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
function twice(rows: readonly Row[]): { row: number; field: readonly PropertyKey[]; problem: string }[] {
  const seen = new Map<string, number>()
  return rows.flatMap((row, i) =>
    unique(row).flatMap(({ field, value }) => {
      const key = `${field.join('\n')}\n${value.toLowerCase()}`
      const first = seen.get(key)
      if (first === undefined) {
        seen.set(key, i)
        return []
      }
      const owner = rows[first]?.name ?? ''
      return [{ row: i, field, problem: `${value} is also that of ${owner} (row ${first})` }]
    }),
  )
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
  const { name, aadObjectId, email, department, extension, did, aliases, admin } = row
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
