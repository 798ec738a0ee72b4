/** What an administrator can do about a TLS connection that the signalling server did not get, by the code in its cause. */
const REMEDIES: Readonly<Record<string, string>> = {
  SIPD_TLS_NAME:
    "Write the trunk's uri with a name that the certificate has, or let the PBX be certified for this one.",
  SIPD_TLS_EXPIRED: 'Renew the certificate of the PBX; check the clocks of both machines.',
  SIPD_TLS_CA: 'Name the authority of the PBX as ca in tls of TRUNKS_FILE, or in SIP_TLS_CA.',
  SIPD_TLS_CLIENT:
    'Give the bot a certificate that the PBX trusts: cert and key in tls of TRUNKS_FILE, or SIP_TLS_CERT and SIP_TLS_KEY.',
  SIPD_TLS_PROTOCOL: 'Check the port in the uri of the trunk: the PBX must speak TLS 1.2 or newer there.',
  SIPD_TLS_FILES:
    'Check the files named in tls of TRUNKS_FILE and in SIP_TLS_CERT, SIP_TLS_KEY and SIP_TLS_CA.',
}

/** @param cause as told of a trunk or a leg: `SIPD_TLS_NAME: its certificate is for …` */
export function tlsRemedy(cause: string | undefined): string | undefined {
  return REMEDIES[/^(\w+):/.exec(cause ?? '')?.[1] ?? '']
}
