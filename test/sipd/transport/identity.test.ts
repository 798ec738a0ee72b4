import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identitiesOf, isFor } from '../../../src/sipd/transport/identity.ts'

test('whom a certificate is for (RFC 5922 7.1)', () => {
  const rows: [string, string | undefined, string | undefined, string[]][] = [
    ['DNS names', undefined, 'DNS:PBX.example.com, DNS:b.example', ['pbx.example.com', 'b.example']],
    ['SIP URIs go before DNS names', undefined, 'DNS:host.example, URI:sip:example.com', ['example.com']],
    ['a URI with a user is a person', undefined, 'URI:sip:bob@example.com, DNS:a.example', ['a.example']],
    ['sips and http URIs say nothing', undefined, 'URI:sips:a.example, URI:http://b.example/', []],
    ['the common name alone', 'Pbx.example.com', undefined, ['pbx.example.com']],
    ['no common name beside alternative names', 'pbx.example.com', 'DNS:b.example', ['b.example']],
    ['addresses', undefined, 'IP Address:192.0.2.1, DNS:a.example', ['a.example', '192.0.2.1']],
    [
      'what is quoted cannot add a name',
      undefined,
      'DNS:"evil.example, DNS:pbx.example.com"',
      ['evil.example, dns:pbx.example.com'],
    ],
    ['nothing', undefined, undefined, []],
  ]
  for (const [what, CN, subjectaltname, names] of rows)
    assert.deepEqual(identitiesOf({ subjectaltname, subject: { CN } }), names, what)
})

test('names are compared whole and without regard to case; a wildcard is nobody (RFC 5922 7.2)', () => {
  const rows: [string, string, boolean][] = [
    ['DNS:pbx.example.com', 'PBX.Example.com', true],
    ['DNS:*.example.com', 'pbx.example.com', false],
    ['DNS:example.com', 'pbx.example.com', false],
    ['DNS:xn--mnchen-3ya.example', 'münchen.example', true],
    ['IP Address:192.0.2.1', '192.0.2.1', true],
    ['DNS:192.0.2.1', '192.0.2.2', false],
    ['IP Address:2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
  ]
  for (const [subjectaltname, name, fits] of rows)
    assert.equal(isFor({ subjectaltname }, name), fits, `${subjectaltname} for ${name}`)
})
