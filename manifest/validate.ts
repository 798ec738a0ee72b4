import { createRequire } from 'node:module'
import Draft4 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import { SCHEMA } from './app.ts'

type Kind = 'MicrosoftTeams' | 'MicrosoftTeams.Localization'

/**
 * Holds a file of the Teams package against Microsoft's own schema, as the installed `@microsoft/app-manifest` has it.
 * @returns what is wrong, each with its place; nothing where it fits
 */
export function faultsOf(kind: Kind, content: unknown): readonly string[] {
  // Neither package is an ES module: what TypeScript takes for the class is the module that holds it.
  // Some patterns of the schemas are none by the stricter rules of Unicode (`\\b])`).
  const ajv = new Draft4.default({ allErrors: true, strict: false, unicodeRegExp: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema(kind))
  if (validate(content)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath === '' ? 'the whole' : instancePath} ${message ?? 'does not fit'} ${JSON.stringify(params)}`,
  )
}

function schema(kind: Kind): object {
  const file = `@microsoft/app-manifest/build/json-schemas/teams/v${SCHEMA}/${kind}.schema.json`
  return createRequire(import.meta.url)(file) as object
}
