/** `PEOPLE_FILE` as a tool changes it: everything that it does not know stays. */
import { parseJson } from '../json-text.ts'
import type { Row } from './merge.ts'

export type PeopleRows = {
  readonly rows: readonly Row[]
  /** The file's text with other rows, in the form that it has. */
  withRows(rows: readonly Row[]): string
}

/** @param text undefined where there is no file yet @returns in words why it cannot be read */
export function peopleRows(text: string | undefined): PeopleRows | string {
  if (text === undefined || text.trim() === '') return list([])
  const json = parseJson(text)
  if ('fault' in json) return `${json.fault.place}: ${json.fault.problem}`
  const { value } = json
  if (isRows(value)) return list(value)
  if (isRecord(value) && isRows(value['people'])) {
    const { people } = value
    return { rows: people, withRows: (rows) => written({ ...value, people: rows }) }
  }
  return 'it is neither a list of people nor an object with "people"'
}

const list = (rows: readonly Row[]): PeopleRows => ({ rows, withRows: written })
const written = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isRows = (value: unknown): value is Row[] => Array.isArray(value) && value.every(isRecord)
