import { readFile } from 'node:fs/promises'
import { decodeG711, FRAME } from './g711.ts'

/** Languages that the people of the demo speak. */
export type Language = 'en' | 'es'

/** What one person says, in each language: linear samples in whole frames. */
export type Lines = Readonly<Record<Language, Int16Array>>

const LANGUAGES: readonly Language[] = ['en', 'es']

/**
 * Reads what the people of the demo say (clips/, made by the script there), by extension.
 * @param extensions those without a clip are left out
 */
export async function loadSpeech(extensions: readonly string[]): Promise<ReadonlyMap<string, Lines>> {
  const read = async (extension: string) => {
    const clips = LANGUAGES.map((language) =>
      readFile(new URL(`./clips/${extension}.${language}.alaw`, import.meta.url)),
    )
    const [en, es] = (await Promise.all(clips)).map((clip) => decodeG711('PCMA', clip))
    return en && es ? [[extension, { en, es }] as const] : []
  }
  const found = await Promise.all(extensions.map((extension) => read(extension).catch(() => [])))
  return new Map(found.flat())
}

/** Whole frames of silence as a room has it: no two alike, and far too faint to be heard. */
export function roomTone(frames: number): Int16Array {
  return Int16Array.from({ length: frames * FRAME }, () => Math.round((Math.random() - 0.5) * 40))
}
