/**
 * What an earlier process of this bot has left where signalling and sound have outlived it, and what this one leaves
 * for the next: a note for each leg that is answered, under its id.
 */
import type { DialLeg } from '../app/ports.ts'
import type { MediaPort, PortListener } from '../media/endpoint.ts'
import { LegMedia } from './leg-media.ts'
import type { MediaNote } from './leg-media.ts'

/** Where notes are kept; by leg id. */
export interface Estate {
  readonly notes: ReadonlyMap<string, string>
  readonly ports: ReadonlyMap<string, readonly EstatePort[]>
  /** Undefined takes a note back. Call and dialog stand beside the text for whoever does not read that. */
  note(
    leg: string,
    note: { readonly text: string; readonly call: string; readonly dialog: string } | undefined,
  ): void
}

/** A port at the bot that is open still. */
export type EstatePort = { readonly port: MediaPort; listen(listener: PortListener): void }

export type LegNote = {
  readonly dial: DialLeg
  readonly dialog: string
  /** Name of its trunk. */
  readonly trunk: string
  readonly media: MediaNote
}

/** Whether a leg can be made of a note: its media are as this version writes them, and can be read. */
export function canGoOn({ media }: LegNote): boolean {
  try {
    new LegMedia().resume(media, undefined)
    return true
  } catch {
    return false
  }
}

/** Reads a note; undefined where a process of another version has written it. */
export function readNote(text: string | undefined): LegNote | undefined {
  try {
    const note = JSON.parse(text ?? 'null') as Partial<LegNote> | null
    return note?.dial && note.dialog !== undefined && note.trunk !== undefined && note.media
      ? (note as LegNote)
      : undefined
  } catch {
    return undefined
  }
}
