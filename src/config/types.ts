import type { CountryCode } from 'libphonenumber-js/max'
import type { CallLimits } from '../core/call/call.ts'
import type { E164 } from '../core/ids.ts'
import type { PressOneRule } from '../core/settings.ts'
import type { Bridges } from '../core/meeting/way-in.ts'
import type { Trunk } from '../core/trunk.ts'
import type { PortRange, SipBind } from './values.ts'

/**
 * `demo`     nothing is set: simulated PBX, phones and people, chat page
 * `trial`    a trunk and no app id: one's own PBX and people, on this machine only
 * `service`  an app id: Teams and the other channels
 */
export type Mode = 'demo' | 'trial' | 'service'

/** Whose tokens are believed, and where the bot gets its own. */
export type Cloud = {
  readonly issuer: string
  /** An OpenID metadata document. */
  readonly keys: string
  /** With the tenant at its end. */
  readonly login: string
  readonly scope: string
}

export type BotIdentity = {
  readonly appId: string
  readonly password: string | undefined
  readonly type: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI'
  readonly tenant: string | undefined
  readonly cloud: Cloud
}

/** Absolute paths of PEM files: the authorities that are believed, our certificate and its key. */
export type TlsFiles = { readonly ca?: string; readonly cert?: string; readonly key?: string }

export type TlsSettings = {
  /** Shown to whoever connects; without it nobody can. */
  readonly own?: Pick<TlsFiles, 'cert' | 'key'>
  /** One for each trunk that is reached by TLS. */
  readonly peers: readonly (TlsFiles & { readonly host: string; readonly port?: number })[]
}

export type Signalling =
  | {
      readonly kind: 'embedded'
      readonly bind: readonly SipBind[]
      readonly tls?: TlsSettings
      /** sipd and the sound in a process that outlives the bot. */
      readonly ownProcess: boolean
    }
  | { readonly kind: 'drachtio'; readonly host: string; readonly port: number; readonly secret: string }

/** Microsoft Graph, by an application of its own (client credentials). */
export type GraphAccess = {
  readonly tenant: string
  readonly clientId: string
  readonly secret: string
  /** `https://graph.microsoft.com`, or that of another cloud: whom its tokens are for, too. */
  readonly url: string
  /** Where it gets its tokens, with the tenant at its end. */
  readonly login: string
}

export type Config = {
  readonly mode: Mode
  /** Whether the chat page may be served: never with NODE_ENV=production. */
  readonly page: boolean
  /** No host: all interfaces. */
  readonly http: { readonly host: string | undefined; readonly port: number }
  /** Undefined: no authentication, loopback only. */
  readonly bot: BotIdentity | undefined
  /** Where channels reach the bot, where that was told. */
  readonly publicUrl: string | undefined
  readonly tenants: readonly string[]
  readonly admins: readonly string[]
  readonly signalling: Signalling
  /** Told to the far side in place of the bind address. */
  readonly sipAdvertise: string | undefined
  /** In order of preference; empty in the demo, whose PBX is the simulated one. */
  readonly trunks: readonly Trunk[]
  /** Absolute; to be watched for changes (`parseTrunks`). */
  readonly trunksFile: string | undefined
  readonly rtp: {
    readonly bind: string
    readonly advertise: string | undefined
    readonly ports: PortRange
    /** Seconds after which a phone that is not heard is told of; 0: never. */
    readonly silence: number
  }
  readonly limits: CallLimits
  readonly pressOne: PressOneRule
  readonly callsPerHour: number
  readonly roomMembers: number
  readonly allowNumbers: readonly string[]
  readonly bridges: Bridges
  /** Undefined: Graph is not asked. */
  readonly graph: GraphAccess | undefined
  readonly watchMeetings: boolean
  readonly allowSipDomains: readonly string[]
  readonly callerId: E164 | undefined
  readonly country: CountryCode
  /** Absolute; undefined in the demo, whose people are its own. */
  readonly peopleFile: string | undefined
  /** Absolute. */
  readonly dataDir: string
  readonly drainSeconds: number
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** Values that must appear in no log. */
  readonly secrets: readonly string[]
}
