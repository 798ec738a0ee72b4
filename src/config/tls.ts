/** TLS of the trunks: which certificate is shown to whom, whose is believed, and whether the files will do. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import type { Trunk } from '../core/trunk.ts'
import type { Given } from './given.ts'
import type { SettingName } from './settings.ts'
import { trunkAddress } from './trunks.ts'
import type { TlsFiles, TlsSettings } from './types.ts'
import type { SipBind } from './values.ts'

const DAY = 86_400_000
/** Days before its end in which a certificate is warned about. */
const SOON = 14

const isTls = (trunk: Trunk) => trunkAddress(trunk.uri).transport === 'tls'

/**
 * TLS as the embedded server needs it, undefined where nothing asks for it. Files that will not do are told as faults.
 * @param bind where the embedded server listens
 */
export function tlsOf(
  given: Given,
  trunks: readonly Trunk[],
  bind: readonly SipBind[],
): TlsSettings | undefined {
  const { has, fault, warn } = given
  const own = ownFiles(given)
  const secure = trunks.filter(isTls)
  if (secure.length === 0 && !bind.some(({ transport }) => transport === 'tls')) {
    for (const name of ['SIP_TLS_CA', 'SIP_TLS_CERT', 'SIP_TLS_KEY'] as const)
      if (has(name)) warn(`${name} has no effect: no trunk and no address of SIP_BIND uses TLS.`)
    return undefined
  }
  checkFiles(given, own, (file) =>
    file === 'ca' ? 'SIP_TLS_CA' : file === 'cert' ? 'SIP_TLS_CERT' : 'SIP_TLS_KEY',
  )
  for (const trunk of secure) checkFiles(given, trunk.tls ?? {}, () => 'TRUNKS_FILE', trunk.name)
  for (const [i, trunk] of secure.entries()) {
    const rival = secure
      .slice(0, i)
      .find((other) => placeOf(other) === placeOf(trunk) && !alike(other, trunk))
    if (rival)
      fault(
        'TRUNKS_FILE',
        `has two trunks at ${placeOf(trunk)}, ${rival.name} and ${trunk.name}, with different tls`,
        'Give both the same tls.',
      )
  }
  const settings = tlsSettings(secure, own)
  if (settings.own === undefined && bind.some(({ transport }) => transport === 'tls'))
    warn(
      'There is no certificate of this side (SIP_TLS_CERT), so nobody can connect by TLS: a PBX has to send its requests by the connection that the bot makes.',
    )
  return settings
}

function tlsSettings(trunks: readonly Trunk[], own: TlsFiles): TlsSettings {
  const secure = trunks.filter(isTls)
  const shown = own.cert === undefined ? onlyOne(secure) : { cert: own.cert, key: own.key ?? '' }
  return {
    ...(shown === undefined ? {} : { own: shown }),
    peers: secure.map((trunk) => {
      const { host, port } = trunkAddress(trunk.uri)
      const ca = trunk.tls?.ca ?? own.ca
      return {
        host,
        ...(port === undefined ? {} : { port }),
        ...(ca === undefined ? {} : { ca }),
        ...(trunk.tls?.cert === undefined || trunk.tls.key === undefined
          ? {}
          : { cert: trunk.tls.cert, key: trunk.tls.key }),
      }
    }),
  }
}

/** The certificate of the trunks, where they have but one. */
function onlyOne(trunks: readonly Trunk[]): TlsSettings['own'] {
  const all = trunks.flatMap(({ tls }) => (tls?.cert === undefined || tls.key === undefined ? [] : [tls]))
  const [first] = all
  if (!first || all.some(({ cert }) => cert !== first.cert)) return undefined
  return { cert: first.cert ?? '', key: first.key ?? '' }
}

function ownFiles({ values, cwd }: Given): TlsFiles {
  const paths = { ca: values.SIP_TLS_CA, cert: values.SIP_TLS_CERT, key: values.SIP_TLS_KEY }
  return Object.fromEntries(
    Object.entries(paths).flatMap(([name, path]) => (path === undefined ? [] : [[name, resolve(cwd, path)]])),
  )
}

function placeOf(trunk: Trunk): string {
  const { host, port } = trunkAddress(trunk.uri)
  return port === undefined ? host : `${host}:${port}`
}

const alike = ({ tls: a }: Trunk, { tls: b }: Trunk) =>
  a?.ca === b?.ca && a?.cert === b?.cert && a?.key === b?.key

type Kind = keyof TlsFiles

function checkFiles(
  given: Given,
  files: TlsFiles,
  settingOf: (file: Kind) => SettingName,
  trunk?: string,
): void {
  const tell = (file: Kind, problem: string, remedy: string) => {
    const setting = settingOf(file)
    const whose =
      trunk === undefined ? '' : `names ${files[file] ?? `no ${file}`} as ${file} of ${trunk}: it `
    given.fault(setting, `${whose}${problem}`, remedy)
  }
  const text = (file: Kind): string | undefined => {
    const path = files[file]
    try {
      return path === undefined ? undefined : given.read(path)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      tell(file, `cannot be read: ${why}`, 'Check the path and who may read it.')
      return undefined
    }
  }
  if ((files.cert === undefined) !== (files.key === undefined)) {
    const missing = files.cert === undefined ? 'cert' : 'key'
    tell(missing, 'is missing beside the other one', 'Name a certificate and its key, or none of both.')
  }
  const ca = text('ca')
  if (ca !== undefined)
    for (const authority of readCertificates(ca, (problem, remedy) => tell('ca', problem, remedy)))
      checkDates(authority, (problem, remedy) => tell('ca', problem, remedy))
  const [cert, key] = [text('cert'), text('key')]
  const [own] =
    cert === undefined ? [] : readCertificates(cert, (problem, remedy) => tell('cert', problem, remedy))
  if (own) {
    checkDates(own, (problem, remedy) => tell('cert', problem, remedy))
    const left = Math.floor((Date.parse(own.validTo) - Date.now()) / DAY)
    if (left >= 0 && left < SOON) given.warn(`${files.cert ?? ''} expires in ${left} days. Renew it.`)
  }
  if (key !== undefined) checkKey(key, own, (problem, remedy) => tell('key', problem, remedy))
}

type Tell = (problem: string, remedy: string) => void

function readCertificates(text: string, tell: Tell): X509Certificate[] {
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END [\w ]+-----/g) ?? []
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block))
  } catch {
    // Told below, as what has no certificate at all.
  }
  tell('is no certificate in PEM form', 'It begins with -----BEGIN CERTIFICATE-----.')
  return []
}

function checkDates({ validFrom, validTo }: X509Certificate, tell: Tell): void {
  if (Date.parse(validTo) < Date.now()) tell(`has expired, on ${validTo}`, 'Set a renewed certificate.')
  if (Date.parse(validFrom) > Date.now())
    tell(`is not valid before ${validFrom}`, 'Check the clock of this machine, or set another certificate.')
}

function checkKey(text: string, certificate: X509Certificate | undefined, tell: Tell): void {
  if (text.includes('ENCRYPTED')) {
    tell(
      'is encrypted, and nobody is there to type its passphrase',
      'Decrypt it: openssl pkey -in old -out new.',
    )
    return
  }
  try {
    if (certificate?.checkPrivateKey(createPrivateKey(text)) === false)
      tell('does not fit the certificate', 'Set the key that the certificate was made with.')
  } catch {
    tell('is no private key in PEM form', 'It begins with -----BEGIN PRIVATE KEY-----, or the like.')
  }
}
