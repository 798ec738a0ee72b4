/**
 * Certificates for tests: an authority, and whoever it vouches for, written here as X.509 version 3 in DER (RFC 5280),
 * so that a test can have each one as wrong as it wants it and needs no program for it.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** Paths of PEM files, as settings name them. */
export type CertificateFiles = { readonly cert: string; readonly key: string }

export type Wanted = {
  /** Subject's common name; default: the first of `names`. */
  readonly common?: string
  /** Alternative names: DNS names, addresses, `sip:` URIs. */
  readonly names?: readonly string[]
  /** Days from now; default -1 and 30. */
  readonly from?: number
  readonly to?: number
}

const DAY = 86_400_000

export class Authority {
  /** Path of its own certificate. */
  readonly ca: string
  readonly #folder: string
  readonly #key: KeyObject
  readonly #name: string
  #made = 0

  private constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
    const { publicKey, privateKey } = newKey()
    this.#key = privateKey
    this.ca = join(folder, 'authority.pem')
    const own = { common: name, names: [] }
    writeFileSync(this.ca, pem('CERTIFICATE', certificate(own, publicKey, name, privateKey, true)))
  }

  /** An authority whose files go with the test. */
  static create(t: TestContext, name = 'Test Authority'): Authority {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    return new Authority(folder, name)
  }

  /** Certifies somebody. */
  certifies(wanted: Wanted): CertificateFiles {
    const { publicKey, privateKey } = newKey()
    const base = join(this.#folder, `${++this.#made}`)
    const files = { cert: `${base}.crt`, key: `${base}.key` }
    writeFileSync(
      files.cert,
      pem('CERTIFICATE', certificate(wanted, publicKey, this.#name, this.#key, false)),
    )
    writeFileSync(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    return files
  }
}

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { publicKey, privateKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
}

// Object identifiers, in DER.
const ECDSA_SHA256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'))
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex')
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex')

function certificate(
  wanted: Wanted,
  key: KeyObject,
  issuer: string,
  by: KeyObject,
  authority: boolean,
): Buffer {
  const { names = [], from = -1, to = 30 } = wanted
  const extensions = [
    extension(BASIC_CONSTRAINTS, authority ? sequence(Buffer.from('0101ff', 'hex')) : sequence()),
    ...(names.length > 0 ? [extension(ALTERNATIVE_NAMES, sequence(...names.map(generalName)))] : []),
  ]
  const body = sequence(
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    distinguished(issuer),
    sequence(time(from), time(to)),
    distinguished(wanted.common ?? names[0] ?? 'nobody'),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  return sequence(body, ECDSA_SHA256, der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, by)])))
}

function distinguished(name: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))))
}

function generalName(name: string): Buffer {
  if (name.includes(':') && isIP(name) === 0) return der(0x86, Buffer.from(name))
  if (isIP(name) === 4) return der(0x87, Buffer.from(name.split('.').map(Number)))
  return der(0x82, Buffer.from(name))
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value))
}

function time(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]|\.\d+/g, '')
  return der(0x18, Buffer.from(text))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

/** Tag, length, value. */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

function pem(label: string, data: Buffer): string {
  const lines = data.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
