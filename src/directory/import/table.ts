/** A CSV file as administrators have it: any separator, any usual encoding; out comes a header and rows with their lines. */
import { CsvError, parse } from 'csv-parse/sync'

export type Line = { readonly line: number; readonly fields: readonly string[] }
export type Table = {
  readonly header: readonly string[]
  readonly rows: readonly Line[]
  /** Lines that cannot be read, in words. */
  readonly faults: readonly LineFault[]
}
/** What is wrong in a line, for the person who has made the file. */
export type LineFault = { readonly line: number; readonly problem: string }

const SEPARATORS = [',', ';', '\t'] as const

/** Reads a file. @returns an empty header where there is nothing in it */
export function tableOf(bytes: Uint8Array): Table {
  const text = decoded(bytes)
  const faults: LineFault[] = []
  const rows: Line[] = []
  parse(text, {
    delimiter: separatorOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    on_skip: (fault) => {
      const told = fault && faultOf(fault)
      // The parser tells of each quotation mark.
      if (told && told.line !== faults.at(-1)?.line) faults.push(told)
      return undefined
    },
    on_record: (fields: string[], { lines }) => {
      // The parser has read to the end of the record, which may have line breaks within quotes.
      const breaks = fields.reduce((sum, field) => sum + field.split('\n').length - 1, 0)
      if (fields.some(Boolean)) rows.push({ line: lines - breaks, fields })
      return null
    },
  })
  const [first, ...rest] = rows
  // Excel's own word for the separator, which it writes before the header.
  const [header, ...people] = /^sep=/i.test(first?.fields[0] ?? '') ? rest : rows
  return { header: header?.fields ?? [], rows: people, faults }
}

/** UTF-8 where it is, UTF-16 where a byte order mark says so, else Windows' own for western languages, as Excel writes it. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The one that the header has most of: names of columns have none within. */
function separatorOf(text: string): string {
  const [first = '', second = ''] = text.split(/\r\n?|\n/, 2)
  const declared = /^"?sep=(.)/i.exec(first)?.[1]
  if (declared !== undefined) return declared
  const header = (first.trim() === '' ? second : first).replaceAll(/"[^"]*"/g, '')
  const count = (sign: string) => header.split(sign).length
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] ?? ','
}

function faultOf(fault: CsvError): LineFault {
  const lines: unknown = (fault as CsvError & { lines?: unknown }).lines
  const problem =
    fault.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark is opened and never closed'
      : 'a quotation mark stands where none may; write it twice within quotes'
  return { line: typeof lines === 'number' ? lines : 0, problem }
}
