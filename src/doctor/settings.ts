/** The settings and the people. */
import { readFileSync } from 'node:fs'
import { ConfigFault, loadConfig } from '../config.ts'
import { targetOf } from '../core/dialplan/address.ts'
import type { Person } from '../core/party.ts'
import { parsePeople } from '../directory/people-file.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

/** Names that are told of many. */
const MOST_NAMES = 5

export function checkSettings(ward: Ward, tell: Tell): void {
  try {
    ward.loaded = loadConfig()
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    for (const { setting, value, problem, remedy } of fault.faults) {
      const given = value === undefined ? setting : `${setting}=${JSON.stringify(value)}`
      tell.fail(`${given} ${problem}`, remedy)
    }
    return
  }
  const { config, warnings } = ward.loaded
  const modes = {
    demo: 'nothing is set: this is the demo, with a PBX, phones and people of its own',
    trial: 'your own PBX, with the chat page on this machine only',
    service: 'Teams and other channels, with your PBX',
  }
  tell.ok(modes[config.mode])
  for (const warning of warnings)
    tell.warn(warning.replace(/\.$/, ''), 'Where it is not meant so: correct it, or leave it out.')
  if (config.mode !== 'demo' && config.callerId === undefined)
    tell.warn(
      'CALLER_ID is not set, so a desk phone does not show that it rings for a call of one’s own',
      'Set it to the number of the company, such as +34900100200.',
    )
}

export function checkPeople({ config }: Ward, tell: Tell): void {
  const { peopleFile, country, mode } = config
  if (peopleFile === undefined) return tell.skip('the demo has people of its own')
  const parsed = parsePeople(readFileSync(peopleFile, 'utf8'), country)
  if ('faults' in parsed) return tell.fail(`${peopleFile} is faulty`, 'Correct the file.')
  const { people, warnings } = parsed
  const callable = people.filter((person) => targetOf(person, undefined, country) !== undefined)
  const figures = { people: people.length, withPhone: callable.length }
  if (callable.length === 0)
    return tell.fail(
      `nobody of ${people.length} has a phone`,
      'Give people "phones": {"desk": …} or an "extension" in PEOPLE_FILE.',
      { figures },
    )
  tell.ok(`${people.length} people, ${callable.length} of them with a phone of their own`, { figures })
  for (const { place, problem } of warnings.slice(0, MOST_NAMES))
    tell.warn(`PEOPLE_FILE, ${place}: ${problem}`, 'Correct it, or leave it out.')
  if (mode !== 'service') return
  const unknown = people.filter((person) => !isRecognised(person))
  if (unknown.length > 0)
    tell.warn(
      `${unknown.length} cannot call from chat, since nothing tells who they are there: ${named(unknown)}`,
      'Give them their "aadObjectId" or "email" in PEOPLE_FILE. They can be called as they are.',
    )
}

const isRecognised = ({ aadObjectId, email, ids }: Person) =>
  aadObjectId !== undefined || email !== undefined || Object.keys(ids).length > 0

function named(people: readonly Person[]): string {
  const names = people.slice(0, MOST_NAMES).map(({ name }) => name)
  return people.length > MOST_NAMES ? `${names.join(', ')} …` : names.join(', ')
}
