/** Microsoft Graph: the token, the permissions that it tells of, and whether the meetings of people are open to the application. */
import { readFileSync } from 'node:fs'
import { createConnector } from '../chat/connector.ts'
import type { Connector } from '../chat/connector.ts'
import { fetchBySecret } from '../chat/identity/bot-token.ts'
import type { GraphAccess } from '../config/types.ts'
import type { Person } from '../core/party.ts'
import { parsePeople } from '../directory/people-file.ts'
import { remedyFor } from '../graph/permission.ts'
import type { Permission } from '../graph/permission.ts'
import { tokenWords } from './cloud.ts'
import { messageOf } from './finding.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

const PATIENCE = 8_000
const NAMES = { app: 'GRAPH_CLIENT_ID', secret: 'GRAPH_CLIENT_SECRET', tenant: 'GRAPH_TENANT_ID' }
const REACH = 'Check that this machine reaches the address of GRAPH_URL by HTTPS, or through HTTPS_PROXY.'

export async function checkGraph({ config }: Ward, tell: Tell): Promise<void> {
  const { graph, peopleFile, country } = config
  if (!graph) return tell.skip('GRAPH_TENANT_ID is not set: Microsoft Graph is not asked')
  const token = await tokenOf(graph, tell)
  if (token === undefined) return
  tellRoles(rolesIn(token), tell)
  const people = peopleFile === undefined ? [] : peopleIn(peopleFile, country)
  const person = people.find(({ aadObjectId }) => aadObjectId !== undefined)
  if (!person) return tell.skip('nobody of PEOPLE_FILE has an aadObjectId, so that no question can be tried')
  const wire = createConnector({
    authorize: () => Promise.resolve(`Bearer ${token}`),
    refused: () => undefined,
  })
  try {
    await tryQuestions(graph, person, wire, tell)
  } finally {
    wire.close()
  }
}

async function tokenOf(
  { clientId, tenant, secret, login, url }: GraphAccess,
  tell: Tell,
): Promise<string | undefined> {
  try {
    const { token, holds } = await fetchBySecret({ appId: clientId, password: secret, login, scope: url })()
    tell.ok(`${new URL(login).host} has given a token that holds for ${Math.round(holds / 60_000)} min`)
    return token
  } catch (fault) {
    const [says, remedy] = tokenWords(fault, { appId: clientId, tenant, login }, NAMES)
    tell.fail(says, remedy)
    return undefined
  }
}

/**
 * The application permissions that a token tells of; undefined where it tells none. Whom it is for alone may rely on what
 * stands in a token: this is a hint to its owner, and nothing is decided by it.
 */
export function rolesIn(token: string): readonly string[] | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const roles = typeof payload === 'object' && payload !== null && 'roles' in payload ? payload.roles : []
    return Array.isArray(roles) ? roles.map(String) : undefined
  } catch {
    return undefined
  }
}

/** What the application may do, and what it may not. */
export function tellRoles(roles: readonly string[] | undefined, tell: Tell): void {
  if (!roles) return
  const has = (permission: Permission) => roles.includes(permission)
  const makes = has('OnlineMeetings.ReadWrite.All')
  if (makes || has('OnlineMeetings.Read.All'))
    tell.ok(
      `it may look meetings up${makes ? ', and make them' : '; `meet now` opens rooms of the bot’s own'}`,
    )
  else tell.fail('the token has no permission to look meetings up', remedyFor('OnlineMeetings.Read.All'))
  if (has('Calendars.Read')) tell.ok('it may read calendars')
  else tell.warn('it may not read calendars: `meetings today` shows feeds alone', remedyFor('Calendars.Read'))
}

/** A meeting that nobody has, and a minute of a calendar: what counts is whether an answer is refused. */
async function tryQuestions(
  { tenant, url }: GraphAccess,
  { aadObjectId = '', name }: Person,
  wire: Connector,
  tell: Tell,
): Promise<void> {
  const context = encodeURIComponent(JSON.stringify({ Tid: tenant, Oid: aadObjectId }))
  const nobodys = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_dialback%40thread.v2/0?context=${context}`
  const now = Date.now()
  const [from, until] = [now, now + 60_000].map((ms) => new Date(ms).toISOString())
  const questions: readonly { readonly what: string; readonly needs: Permission; readonly path: string }[] = [
    {
      what: `the meetings of ${name}`,
      needs: 'OnlineMeetings.Read.All',
      path: `onlineMeetings?$filter=${encodeURIComponent(`JoinWebUrl eq '${nobodys}'`)}`,
    },
    {
      what: `the calendar of ${name}`,
      needs: 'Calendars.Read',
      path: `calendarView?startDateTime=${from}&endDateTime=${until}&$select=id&$top=1`,
    },
  ]
  for (const { what, needs, path } of questions) {
    const outcome = await wire.request({
      method: 'GET',
      serviceUrl: `${url}/v1.0`,
      path: `/users/${encodeURIComponent(aadObjectId)}/${path}`,
      within: PATIENCE,
    })
    if (outcome.kind === 'unsent' || outcome.kind === 'unknown')
      return tell.fail(`${new URL(url).host} is not reached: ${messageOf(outcome.cause)}`, REACH)
    const status = outcome.kind === 'done' ? 200 : outcome.status
    if (status === 401)
      return tell.fail(`${new URL(url).host} does not take the token`, 'Check GRAPH_URL and GRAPH_LOGIN_URL.')
    if (status === 403) tell.fail(`${what}: closed to the application (403)`, remedyFor(needs))
    else if (status === 429 || status >= 500 || (status >= 300 && status < 400))
      tell.warn(`${what}: not known, it answers ${status}`, REACH)
    else tell.ok(`${what}: open to the application`)
  }
}

function peopleIn(file: string, country: string): readonly Person[] {
  const parsed = parsePeople(readFileSync(file, 'utf8'), country)
  return 'faults' in parsed ? [] : parsed.people
}
