/** Which Microsoft Graph is asked, and by whom. */
import type { Given } from './given.ts'
import type { GraphAccess } from './types.ts'

const PUBLIC = 'https://graph.microsoft.com'
const US_GOVERNMENT = 'https://graph.microsoft.us'

/** Microsoft, "Microsoft Graph national cloud deployments". */
const LOGINS: ReadonlyMap<string, string> = new Map([
  [PUBLIC, 'https://login.microsoftonline.com'],
  [US_GOVERNMENT, 'https://login.microsoftonline.us'],
  ['https://dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
  ['https://microsoftgraph.chinacloudapi.cn', 'https://login.chinacloudapi.cn'],
])

const NEEDED = ['GRAPH_TENANT_ID', 'GRAPH_CLIENT_ID', 'GRAPH_CLIENT_SECRET'] as const

/** Undefined where nothing is set; half of it is a fault. */
export function graphOf({ values, has, fault, warn }: Given): GraphAccess | undefined {
  const missing = NEEDED.filter((name) => !has(name))
  const [first] = missing
  if (missing.length === NEEDED.length) {
    for (const name of ['GRAPH_URL', 'GRAPH_LOGIN_URL'] as const)
      if (has(name)) warn(`${name} has no effect without GRAPH_TENANT_ID.`)
    return undefined
  }
  if (first !== undefined)
    fault(first, 'is not set, and Microsoft Graph needs it', `Set ${NEEDED.join(', ')}.`)
  const url = bare(values.GRAPH_URL ?? (values.ChannelService === undefined ? PUBLIC : US_GOVERNMENT))
  const login = values.GRAPH_LOGIN_URL ?? LOGINS.get(url)
  if (login === undefined)
    fault('GRAPH_LOGIN_URL', `is not set, and no cloud is known by ${url}`, 'Set it, or correct GRAPH_URL.')
  const { GRAPH_TENANT_ID: tenant, GRAPH_CLIENT_ID: clientId, GRAPH_CLIENT_SECRET: secret } = values
  if (tenant === undefined || clientId === undefined || secret === undefined || login === undefined)
    return undefined
  return { tenant, clientId, secret, url, login: `${bare(login)}/${tenant}` }
}

const bare = (url: string): string => url.replace(/\/+$/, '')
