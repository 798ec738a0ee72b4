import { readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { localizationOf, manifestOf } from './app.ts'
import type { AppOptions } from './app.ts'
import { faultsOf } from './validate.ts'

/** The manifest would not be taken: `faults` say where and why. */
export class UnfitManifest extends Error {
  readonly faults: readonly string[]
  constructor(file: string, faults: readonly string[]) {
    super(`${file} does not fit Microsoft's schema:\n  ${faults.join('\n  ')}`)
    this.faults = faults
  }
}

/**
 * The Teams app as the ZIP archive that is uploaded: manifest, Spanish, two icons, all at its top.
 * @throws UnfitManifest before anything is packed
 */
export function packageOf(options: AppOptions): Uint8Array {
  const manifest = manifestOf(options)
  const es = localizationOf('es')
  for (const [file, faults] of [
    ['manifest.json', faultsOf('MicrosoftTeams', manifest)],
    ['es.json', faultsOf('MicrosoftTeams.Localization', es)],
  ] as const)
    if (faults.length > 0) throw new UnfitManifest(file, faults)
  return zipSync(
    {
      'manifest.json': json(manifest),
      'es.json': json(es),
      'color.png': icon('color.png'),
      'outline.png': icon('outline.png'),
    },
    // The same options make the same bytes; ZIP knows no time before this one.
    { level: 9, mtime: '1980-01-01T00:00:00' },
  )
}

const json = (content: unknown) => new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`)
const icon = (name: string) => new Uint8Array(readFileSync(new URL(name, import.meta.url)))
