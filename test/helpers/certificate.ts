/** Makes certificates (RFC 5280) for servers on this machine; node:crypto reads them, and writes none. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export type Certificate = { readonly cert: string; readonly key: string }

const DAY = 86_400_000

/**
 * A certificate that has signed itself, so that who trusts it (`NODE_EXTRA_CA_CERTS`) trusts this server alone.
 * PEM, for `localhost` and 127.0.0.1, valid from yesterday to tomorrow.
 */
export function selfSigned(now = Date.now()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // Of its own: OpenSSL finds whom it trusts by name.
  const called = Buffer.from(`test ${randomBytes(8).toString('hex')}`)
  const name = sequence(set(sequence(oid('2.5.4.3'), tagged(0x0c, called))))
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])))
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(now - DAY), time(now + DAY)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(extension('2.5.29.17', names), extension('2.5.29.19', sequence(boolean(true))))),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const der = sequence(
    toBeSigned,
    ecdsaWithSha256,
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  )
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

const extension = (id: string, value: Buffer) => sequence(oid(id), tagged(0x04, value))
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, Buffer.concat(parts))
const set = (...parts: readonly Buffer[]) => tagged(0x31, Buffer.concat(parts))
const integer = (bytes: Buffer) => tagged(0x02, bytes)
const boolean = (value: boolean) => tagged(0x01, Buffer.from([value ? 0xff : 0]))

/** UTCTime: `260102030405Z`. */
const time = (at: number) =>
  tagged(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const high = value >= 128 ? base128(Math.floor(value / 128)).map((byte) => byte | 0x80) : []
  return [...high, value % 128]
}

/** DER (X.690 8.1): tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content])
}
