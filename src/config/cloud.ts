/** Which Bot Framework: Microsoft's public one, the US government's, or what the four addresses of another say. */
import type { Given } from './given.ts'
import type { BotIdentity, Cloud } from './types.ts'

type Known = Omit<Cloud, 'login'> & { readonly logins: string; readonly multiTenant: string }

/** Microsoft, "Authentication with the Bot Connector API". */
const PUBLIC: Known = {
  issuer: 'https://api.botframework.com',
  keys: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  logins: 'https://login.microsoftonline.com',
  multiTenant: 'botframework.com',
  scope: 'https://api.botframework.com',
}
/** Microsoft, "Configure a bot to run in the Azure Government cloud". */
const US_GOVERNMENT: Known = {
  issuer: 'https://api.botframework.us',
  keys: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  logins: 'https://login.microsoftonline.us',
  multiTenant: 'MicrosoftServices.onmicrosoft.us',
  scope: 'https://api.botframework.us',
}

const ADDRESSES = [
  'ToBotFromChannelTokenIssuer',
  'ToBotFromChannelOpenIdMetadataUrl',
  'ToChannelFromBotLoginUrl',
  'ToChannelFromBotOAuthScope',
] as const

/** The settings that choose it; without an app id none of them has a meaning. */
export const CLOUD_SETTINGS = ['ChannelService', ...ADDRESSES] as const

/**
 * Where an address is set it wins over that of the cloud. What decides about who is believed is told at start, so that
 * nobody is believed by a forgotten setting.
 */
export function cloudOf(given: Given, type: BotIdentity['type'], tenant: string | undefined): Cloud {
  const { values, has, fault, warn } = given
  const known = values.ChannelService === undefined ? PUBLIC : US_GOVERNMENT
  const home = type === 'MultiTenant' ? known.multiTenant : (tenant ?? '')
  const keys = values.ToBotFromChannelOpenIdMetadataUrl ?? known.keys
  const login = values.ToChannelFromBotLoginUrl ?? `${known.logins}/${home}`
  if (values.ToBotFromChannelOpenIdMetadataUrl !== undefined) {
    const issuer = has('ToBotFromChannelTokenIssuer') ? '' : ` (issuer ${known.issuer})`
    warn(
      `Who may talk to the bot is decided by the keys of ${keys}${issuer}, not by Microsoft's public ones.`,
    )
  }
  if (has('ToChannelFromBotLoginUrl') && type === 'SingleTenant' && !leadsTo(login, tenant))
    fault(
      'ToChannelFromBotLoginUrl',
      'does not end in the tenant of MicrosoftAppTenantId, and a single-tenant bot gets its tokens there',
      `Write it as https://<login host>/${tenant ?? '<tenant>'}.`,
    )
  return {
    issuer: values.ToBotFromChannelTokenIssuer ?? known.issuer,
    keys,
    login,
    scope: values.ToChannelFromBotOAuthScope ?? known.scope,
  }
}

const leadsTo = (login: string, tenant: string | undefined) =>
  tenant === undefined || new URL(login).pathname.replaceAll('/', '').toLowerCase() === tenant
