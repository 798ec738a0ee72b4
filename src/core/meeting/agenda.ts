/** The appointments of somebody's day. */
import type { Meeting } from './meeting.ts'
import { recogniseMeetings } from './recognise.ts'

/** One entry of a calendar at one time; an occurrence of its own where it comes again and again. */
export type Appointment = {
  /** The same for every reading of the same occurrence. */
  readonly uid: string
  /** Left out where its owner has marked it as private. */
  readonly title?: string
  /** Milliseconds since 1970, as all times here. */
  readonly startsAt: number
  readonly endsAt: number
  /** Without one it is an appointment that nobody joins by phone. */
  readonly meeting?: Meeting
}

/** An entry as a calendar tells it, before anything was recognised in it. */
export type Entry = Omit<Appointment, 'meeting'> & {
  /** Where a meeting may stand: description, place, links. */
  readonly text: string
  /** What the calendar itself knows of the way in. */
  readonly known?: Partial<Pick<Meeting, 'id' | 'numbers'>>
}

/** Finds the meeting in an entry. */
export function appointmentOf({ text, known, ...entry }: Entry): Appointment {
  const [first] = recogniseMeetings(text)
  if (!first) return entry
  const { startsAt, title } = entry
  const { title: _written, ...found } = first
  const numbers = found.numbers.length > 0 ? found.numbers : (known?.numbers ?? [])
  const id = found.id ?? known?.id
  return {
    ...entry,
    meeting: {
      ...found,
      ...(title === undefined ? {} : { title }),
      ...(id === undefined ? {} : { id }),
      numbers,
      startsAt,
    },
  }
}
