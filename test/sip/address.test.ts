import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { nameAddress, quotedName, uriAddress, userPart } from '../../src/sip/address.ts'
import { inOrder, Resolver } from '../../src/sip/resolve.ts'
import type { Dns } from '../../src/sip/resolve.ts'

describe('names and numbers in headers', () => {
  for (const [name, quoted] of [
    ['Bob', '"Bob"'],
    ['Bob "Bobby" \\ Díaz', '"Bob \\"Bobby\\" \\\\ Díaz"'],
    ['Eve\r\nX-Evil: 1', '"Eve X-Evil: 1"'],
    ['\u202eevil\u0000', '"evil"'],
    ['👩‍💻 Ana', '"👩 💻 Ana"'],
    [' \n ', ''],
  ] as const)
    it(`${JSON.stringify(name)} becomes ${quoted || 'nothing'}`, () => {
      assert.equal(quotedName(name), quoted)
    })

  it('a name of 500 characters is cut, and never inside a character', () => {
    const cut = quotedName('x' + '😀'.repeat(250))
    assert.ok(cut.length <= 83 && cut.isWellFormed(), cut)
  })

  it('what a URI cannot have in its user part is escaped', () => {
    assert.equal(userPart('*72#'), '*72%23')
    assert.equal(userPart('+34910'), '+34910')
    assert.equal(userPart('a@b>\r\nX: 1;p=1?h'), 'a%40b%3E%0D%0AX%3A%201%3Bp=1%3Fh')
    assert.equal(nameAddress({ number: '1001' }, '2001:db8::1'), '<sip:1001@[2001:db8::1]>')
  })
})

describe('where a trunk is', () => {
  const at = uriAddress
  let now = 0
  const clock = { now: () => now, after: () => () => undefined }
  const asked: string[] = []
  const dns: Dns = {
    srv: (name) => {
      asked.push(name)
      return name === '_sip._tcp.pbx.example.com'
        ? Promise.resolve([
            { name: 'second.example.com', port: 5070, priority: 20, weight: 1 },
            { name: 'first.example.com', port: 5060, priority: 10, weight: 1 },
          ])
        : Promise.reject(new Error('ENOTFOUND'))
    },
    host: (name) => {
      asked.push(name)
      if (name === 'gone.example.com') return Promise.reject(new Error('ENOTFOUND'))
      return Promise.resolve(name.startsWith('first') ? ['192.0.2.1', '2001:db8::1'] : ['192.0.2.2'])
    },
  }

  it('is what its URI says, if that is an address', async () => {
    assert.deepEqual(at('sip:[2001:db8::5]:5080;transport=tcp'), {
      scheme: 'sip',
      host: '2001:db8::5',
      port: 5080,
      transport: 'tcp',
      rest: '[2001:db8::5]:5080;transport=tcp',
    })
    assert.deepEqual(await new Resolver(clock, dns).resolve(at('sip:192.0.2.9')), [
      { address: '192.0.2.9', port: 5060 },
    ])
    assert.throws(() => at('http://x'))
  })

  it('is what SRV says, in its order; and it is asked once in 30 s', async () => {
    const resolver = new Resolver(clock, dns)
    const trunk = at('sip:pbx.example.com;transport=tcp')
    const expected = [
      { address: '192.0.2.1', port: 5060 },
      { address: '2001:db8::1', port: 5060 },
      { address: '192.0.2.2', port: 5070 },
    ]
    asked.length = 0
    assert.deepEqual(await resolver.resolve(trunk), expected)
    assert.deepEqual(await resolver.resolve(trunk), expected)
    assert.equal(asked.length, 3)
    now += 30_001
    await resolver.resolve(trunk)
    assert.equal(asked.length, 6)
  })

  it('is asked without SRV where a port is given, and a failure is not kept', async () => {
    const resolver = new Resolver(clock, dns)
    asked.length = 0
    assert.deepEqual(await resolver.resolve(at('sip:pbx.example.com:5080')), [
      { address: '192.0.2.2', port: 5080 },
    ])
    await assert.rejects(resolver.resolve(at('sip:gone.example.com:5060')))
    await assert.rejects(resolver.resolve(at('sip:gone.example.com:5060')))
    assert.deepEqual(asked, ['pbx.example.com', 'gone.example.com', 'gone.example.com'])
  })

  it('is what is left where one of its servers has no address, and nothing where SRV says so (RFC 2782)', async () => {
    const one = (name: string) => ({ name, port: 5060, priority: 1, weight: 1 })
    const names = { 'a.example': [one('gone.example.com'), one('first.example.com')], 'b.example': [one('')] }
    const resolver = new Resolver(clock, {
      ...dns,
      srv: (name) => Promise.resolve(names[name.slice('_sip._udp.'.length) as keyof typeof names]),
    })
    assert.deepEqual(await resolver.resolve(at('sip:a.example')), [
      { address: '192.0.2.1', port: 5060 },
      { address: '2001:db8::1', port: 5060 },
    ])
    await assert.rejects(resolver.resolve(at('sip:b.example')), /offers no SIP/)
  })
})

describe('servers of one priority are drawn by weight (RFC 2782)', () => {
  const first = (weights: readonly number[], draws: number) => {
    const hits = weights.map(() => 0)
    for (let i = 0; i < draws; i++) {
      const services = weights.map((weight, n) => ({ n, weight, priority: 1 }))
      const [drawn] = inOrder(services, () => (i + 0.5) / draws)
      if (drawn) hits[drawn.n]! += 1
    }
    return hits
  }

  it('three times as often the one of three times the weight', () => {
    const [light = 0, heavy = 0] = first([25, 75], 10_100)
    assert.ok(Math.abs(heavy / light - 75 / 26) < 0.01, `${light} to ${heavy}`)
  })

  it('one of weight 0 nearly never, but not never', () => {
    assert.deepEqual(first([0, 99], 1000), [10, 990])
    assert.deepEqual(first([0, 0], 10), [10, 0])
  })

  it('and none before those of a lower priority', () => {
    const services = [
      { priority: 2, weight: 100, name: 'c' },
      { priority: 1, weight: 1, name: 'a' },
      { priority: 1, weight: 0, name: 'b' },
    ]
    for (const draw of [0, 0.49, 0.51, 0.999]) {
      const names = inOrder(services, () => draw).map(({ name }) => name)
      assert.deepEqual([...names.slice(0, 2)].sort(), ['a', 'b'])
      assert.equal(names[2], 'c')
    }
  })
})
