/** What went wrong with a connection, in words for an operator; those of TLS begin with a code. */

/** `SIPD_TLS_NAME: its certificate is for other.example.com …` */
export type TlsCode =
  | 'SIPD_TLS_NAME'
  | 'SIPD_TLS_EXPIRED'
  | 'SIPD_TLS_CA'
  | 'SIPD_TLS_CLIENT'
  | 'SIPD_TLS_PROTOCOL'
  | 'SIPD_TLS_FILES'

/** A fault that has its code and words already. */
export class TlsFault extends Error {
  readonly code: TlsCode
  constructor(code: TlsCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TlsFault'
    this.code = code
  }
}

const SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens at that address',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'no answer from that address',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that address',
  EADDRNOTAVAIL: 'there is no way from the address in SIP_BIND to that address',
  EINVAL: 'there is no way from the address in SIP_BIND to that address',
}

/** Codes of OpenSSL (X509_V_ERR_… and alerts) as Node has them. */
const TLS: readonly (readonly [RegExp, TlsCode, string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'SIPD_TLS_EXPIRED', 'its certificate, or that of its authority, has expired'],
  [/^CERT_NOT_YET_VALID$/, 'SIPD_TLS_EXPIRED', 'its certificate is not valid yet: whose clock is wrong?'],
  [
    /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE|CERT_REJECTED)$/,
    'SIPD_TLS_CA',
    'its certificate is from an authority that is not trusted here',
  ],
  [
    /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED)$/,
    'SIPD_TLS_CLIENT',
    'it does not accept the certificate of this side',
  ],
  [
    /ALERT_HANDSHAKE_FAILURE$/,
    'SIPD_TLS_CLIENT',
    'it refuses the handshake, as one does that wants a certificate of this side, or shares no cipher',
  ],
  [
    /WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|PACKET_LENGTH|HTTP_REQUEST|NO_SHARED_CIPHER|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK/,
    'SIPD_TLS_PROTOCOL',
    'it speaks no TLS there, or only one older than 1.2 or weak',
  ],
]

/** Words for a socket's error. */
export function faultWords(
  fault: Error,
  { secure, name, made = false }: { secure: boolean; name?: string; made?: boolean },
): string {
  if (fault instanceof TlsFault) return `${fault.code}: ${fault.message}`
  const code = codeOf(fault)
  const known = secure ? TLS.find(([pattern]) => pattern.test(code)) : undefined
  if (known) return `${known[1]}: ${known[2]} (${named(name)}${code})`
  if (secure && !made && code === 'ECONNRESET')
    return `SIPD_TLS_PROTOCOL: it ended the connection while shaking hands (${named(name)}${code})`
  return SYSTEM[code] ?? `the connection failed (${code || fault.message})`
}

const named = (name: string | undefined): string => (name === undefined ? '' : `${name}, `)

/** OpenSSL's reason stands in the message only, where a write met it: `write EPROTO …:SSL routines::wrong version number:…` */
function codeOf(fault: Error): string {
  const { code = '', message } = fault as NodeJS.ErrnoException
  const reason = code === 'EPROTO' ? /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] : undefined
  return reason === undefined ? code : reason.toUpperCase().replaceAll(' ', '_')
}
