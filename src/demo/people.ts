/** Somebody who can be played on the page, as the directory gives them. */
export type DemoPerson = {
  readonly aadObjectId: string
  readonly name: string
  readonly email?: string
  /** Number or extension of the desk phone, to be shown. */
  readonly desk?: string
}

/** The people, or how to ask for them: a directory's file may change while the page is open. */
export type PeopleSource =
  readonly DemoPerson[] | (() => readonly DemoPerson[] | Promise<readonly DemoPerson[]>)

export async function listPeople(source: PeopleSource): Promise<readonly DemoPerson[]> {
  return typeof source === 'function' ? await source() : source
}
