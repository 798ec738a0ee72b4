import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { authorization, challengeOf } from '../../src/sip/digest.ts'

const MUFASA = { user: 'Mufasa', password: 'Circle of Life' }
const FIELDS =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
const REQUEST = { method: 'GET', uri: '/dir/index.html' }

describe('an answer to a challenge', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)
    it(`is that of RFC 7616 3.9.1 with ${algorithm}`, () => {
      const challenge = challengeOf(`Digest ${FIELDS}, algorithm=${algorithm}`)
      assert.ok(challenge)
      const answer = authorization(challenge, MUFASA, REQUEST, CNONCE)
      assert.ok(answer.includes(`response="${response}"`), answer)
      assert.ok(answer.includes(`algorithm=${algorithm}`) && answer.includes('qop=auth, nc=00000001'))
    })

  it('does without qop where none is offered (RFC 2069)', () => {
    const challenge = challengeOf('DIGEST realm="pbx",nonce="n"')
    assert.ok(challenge && !challenge.qop && challenge.algorithm === 'MD5')
    assert.ok(!authorization(challenge, MUFASA, REQUEST).includes('qop'))
  })
})

describe('of several challenges', () => {
  it('the stronger one that we know is answered', () => {
    const both =
      'Digest realm="a", nonce="1", algorithm=MD5,Digest realm="b", nonce="2", algorithm=SHA-256, qop="auth"'
    assert.deepEqual(challengeOf(both)?.realm, 'b')
    assert.deepEqual(challengeOf('Basic realm="x", Digest realm="y", nonce="3"')?.realm, 'y')
  })

  for (const header of [
    '',
    'Basic realm="x"',
    'Digest realm="x", nonce="n", algorithm=SHA-512-256',
    'Digest realm="x"',
    'Digest realm="x", nonce="n", qop="auth-int"',
  ])
    it(`none is answered in: ${header || 'nothing'}`, () => {
      assert.equal(challengeOf(header), undefined)
    })
})
