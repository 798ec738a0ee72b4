import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { SipUri } from '../../src/core/ids.ts'
import type { Target } from '../../src/core/party.ts'
import { Resolver } from '../../src/sip/resolve.ts'
import type { Dns } from '../../src/sip/resolve.ts'
import { TrunkLine } from '../../src/sip/trunk-line.ts'
import { NUMBER, realClock, TRUNK } from './stage.ts'

const HOSTS: Readonly<Record<string, string>> = {
  'pbx.example.com': '192.0.2.1',
  'partner.example': '198.51.100.7',
}
const dns: Dns = {
  srv: () => Promise.reject(new Error('ENOTFOUND')),
  host: (name) => (HOSTS[name] ? Promise.resolve([HOSTS[name]]) : Promise.reject(new Error('ENOTFOUND'))),
}
const line = (uri: string) => new TrunkLine({ ...TRUNK, uri }, new Resolver(realClock, dns), 'ES')
const proxy = async (uri: string, to: Target) => (await line(uri).hops(to))[0]?.proxy
const NAMED = 'sip:pbx.example.com:5070;transport=tcp'
const BY_ADDRESS = 'sip:192.0.2.1:5070'

describe('the next hop of a SIP address is its own host, and the trunk only for what is at the trunk', () => {
  const rows: readonly (readonly [trunk: string, uri: string, hop: string])[] = [
    [NAMED, 'sip:bob@partner.example', 'sip:198.51.100.7:5060;transport=udp'],
    [NAMED, 'sip:bob@partner.example:5090', 'sip:198.51.100.7:5090;transport=udp'],
    [NAMED, 'sips:bob@partner.example', 'sip:198.51.100.7:5061;transport=tls'],
    [NAMED, 'sip:bob@203.0.113.5', 'sip:203.0.113.5:5060;transport=udp'],
    [NAMED, 'sip:bob@[2001:db8::5]', 'sip:[2001:db8::5]:5060;transport=udp'],
    [NAMED, 'sip:bob@pbx.example.com', 'sip:192.0.2.1:5070;transport=tcp'],
    [NAMED, 'sip:bob@PBX.example.com:5070', 'sip:192.0.2.1:5070;transport=tcp'],
    [NAMED, 'sip:bob@pbx.example.com:5060', 'sip:192.0.2.1:5060;transport=udp'],
    [BY_ADDRESS, 'sip:bob@partner.example', 'sip:198.51.100.7:5060;transport=udp'],
    [BY_ADDRESS, 'sip:bob@203.0.113.5', 'sip:203.0.113.5:5060;transport=udp'],
    [BY_ADDRESS, 'sip:bob@192.0.2.1', 'sip:192.0.2.1:5070;transport=udp'],
  ]
  for (const [trunk, uri, hop] of rows)
    it(`${uri} by ${trunk} goes to ${hop}`, async () => {
      assert.equal(await proxy(trunk, { kind: 'uri', uri: uri as SipUri }), hop)
    })

  it('an address that the trunk routes goes there as it stands, with what the trunk asks for', async () => {
    const target = { kind: 'uri', uri: 'sip:89012345678@zoomcrc.com' as SipUri, via: 'trunk' } as const
    assert.equal(await proxy(NAMED, target), 'sip:192.0.2.1:5070;transport=tcp')
    assert.equal(await proxy(BY_ADDRESS, target), 'sip:192.0.2.1:5070;transport=udp')
    assert.equal(line(NAMED).uriOf(target), 'sip:89012345678@zoomcrc.com')
    assert.equal(line(NAMED).serves(target), true)
  })

  it('a host that nobody knows is an error, never the trunk', async () => {
    const uri = 'sip:bob@gone.example' as SipUri
    await assert.rejects(line(NAMED).hops({ kind: 'uri', uri }))
  })

  it('numbers go to the trunk', async () => {
    const target = { kind: 'number', number: NUMBER } as const
    assert.equal(await proxy(NAMED, target), 'sip:192.0.2.1:5070;transport=tcp')
    assert.equal(await proxy(BY_ADDRESS, target), undefined)
  })
})

describe('what a trunk learns', () => {
  it('comes of its own addresses: one elsewhere says nothing about it', async () => {
    const trunk = line(NAMED)
    const [elsewhere] = await trunk.hops({ kind: 'uri', uri: 'sip:bob@partner.example' as SipUri })
    trunk.failed('no answer', elsewhere!)
    trunk.answered(elsewhere!)
    assert.deepEqual(trunk.state, { name: 'pbx', state: 'unknown' })
    const [own] = await trunk.hops()
    trunk.failed('no answer', own!)
    assert.deepEqual(trunk.state, { name: 'pbx', state: 'down', detail: 'no answer' })
    trunk.answered(own!)
    assert.deepEqual(trunk.state, { name: 'pbx', state: 'up' })
  })
})
