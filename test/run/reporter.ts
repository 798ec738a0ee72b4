/** node:test's events as lines of JSON, one for each test (run/file.ts reads them). */
import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'

export type Line = {
  readonly kind: 'passed' | 'failed' | 'skipped' | 'complete'
  /** The names of its suites and its own. */
  readonly name: string
  /** Why it failed or was skipped; else empty. */
  readonly why: string
}

export default async function* lines(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = []
  for await (const event of source) {
    if (event.type === 'test:start') {
      path.length = event.data.nesting
      path.push(event.data.name)
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const name = [...path.slice(0, event.data.nesting), event.data.name].join(' › ')
      const line = read(event, name)
      if (line) yield `${JSON.stringify(line)}\n`
    } else if (event.type === 'test:summary') {
      yield `${JSON.stringify({ kind: 'complete', name: '', why: '' } satisfies Line)}\n`
    }
  }
}

function read(
  event: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>,
  name: string,
): Line | undefined {
  const { skip, todo } = event.data
  if (event.type === 'test:pass') {
    if (skip !== undefined && skip !== false) return { kind: 'skipped', name, why: skip === true ? '' : skip }
    return event.data.details.type === 'suite' ? undefined : { kind: 'passed', name, why: '' }
  }
  if (todo !== undefined && todo !== false) return { kind: 'skipped', name, why: 'todo' }
  const error = event.data.details.error as Error & { failureType?: string }
  // Its subtests have failed, and are told themselves.
  if (error.failureType === 'subtestsFailed') return undefined
  return { kind: 'failed', name, why: inspect(error.cause ?? error, { colors: false, depth: 6 }) }
}
