import type { E164 } from './ids.ts'

/** How a trunk wants numbers written. `national` is the national number with its leading zero where the country has one. */
export type NumberForm = 'e164' | '00' | 'national'

/** One way to the PBX. The fields are those of `TRUNKS_FILE` (docs/settings), with defaults filled in. */
export type Trunk = {
  readonly name: string
  /** `sip:pbx.example.com:5060;transport=udp` */
  readonly uri: string
  readonly user?: string
  readonly password?: string
  readonly register: boolean
  /** Shown to the outside in place of `CALLER_ID`. */
  readonly callerId?: E164
  readonly identity: 'pai' | 'rpid' | 'none'
  /** `id`: callees outside see no number; the PBX is still told (RFC 3325 7). */
  readonly privacy: 'none' | 'id'
  readonly offer: 'early' | 'late'
  readonly numbers: {
    readonly out: NumberForm
    /** Dialled before numbers that leave the company ("9"); never before extensions. */
    readonly prefix: string
    readonly in: 'e164' | 'national' | 'extension'
    readonly digits: number
  }
  readonly dtmf: 'rfc4733' | 'info'
  readonly media: 'direct' | 'relay'
  readonly transfer: 'b2bua' | 'refer'
  readonly redirect: boolean
  readonly autoAnswer: boolean
  readonly strictPort: boolean
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly maxCalls?: number
}
