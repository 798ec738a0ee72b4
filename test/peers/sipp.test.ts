import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Phone } from './baresip.ts'
import { missing } from './debian.ts'
import { Sipp, type Ending, type SippOptions } from './sipp.ts'

const skip = await missing('sipp', 'baresip')

/** A phone calls SIPp straight. */
async function call(t: TestContext, ending: Ending, options: SippOptions = {}, password?: string) {
  const sipp = await Sipp.start(ending, options)
  t.after(() => sipp.stop())
  const phone = await Phone.start({
    name: 'alice',
    says: 440,
    ...(password === undefined ? {} : { password }),
  })
  t.after(() => phone.stop())
  phone.dials(`sip:1002@127.0.0.1:${sipp.port}`)
  return { sipp, phone }
}

test('a phone that answers talks until the caller hangs up', { skip }, async (t) => {
  const { sipp, phone } = await call(t, 'answers')
  await phone.talks()
  await phone.hangsUp()
  assert.match(sipp.messages, /BYE sip/)
  assert.equal(sipp.faults, '')
})

for (const status of [
  '486 Busy Here',
  '603 Decline',
  '404 Not Found',
  '480 Temporarily Unavailable',
  '503 Service Unavailable',
]) {
  test(`a call is refused with ${status}`, { skip }, async (t) => {
    const { sipp, phone } = await call(t, 'refuses', { status })
    assert.equal((await phone.isFree()).param, status)
    assert.equal(sipp.faults, '')
  })
}

test('numbers that answer do so whatever the ending is', { skip }, async (t) => {
  const { phone } = await call(t, 'refuses', { status: '486 Busy Here', answers: '100[12]' })
  await phone.talks()
})

test('a phone rings on until the caller gives up', { skip }, async (t) => {
  const { sipp, phone } = await call(t, 'rings-on')
  await phone.tells('CALL_RINGING')
  await phone.hangsUp()
  await seen(() => sipp.messages, /487 Request Terminated[\s\S]*ACK sip/)
  assert.equal(sipp.faults, '')
})

for (const ending of ['asks-401', 'asks-407'] as const) {
  test(`a PBX that ${ending} lets in who knows the password`, { skip }, async (t) => {
    const { sipp, phone } = await call(t, ending, { user: 'alice', password: 'right' }, 'right')
    await phone.talks()
    assert.match(
      sipp.messages,
      ending === 'asks-401' ? /\nAuthorization: Digest/ : /\nProxy-Authorization: Digest/,
    )
  })
}

test('a PBX that asks-401 lets nobody else in', { skip }, async (t) => {
  const { phone } = await call(t, 'asks-401', { user: 'alice', password: 'right' }, 'wrong')
  assert.equal((await phone.isFree()).param, '403 Forbidden')
})

test('early media is heard before the call is answered', { skip }, async (t) => {
  const { phone } = await call(t, 'early-media', { tone: 620, ringing: 4000 })
  await phone.tells('CALL_PROGRESS')
  await phone.hears(620)
  assert.ok(!phone.events.some((event) => event.type === 'CALL_ESTABLISHED'))
  await phone.talks()
})

test('a phone that answers hangs up by itself', { skip }, async (t) => {
  const { sipp, phone } = await call(t, 'hangs-up', { talking: 300 })
  await phone.talks()
  await phone.isFree()
  assert.equal(sipp.faults, '')
})

test('the 200 crosses the CANCEL', { skip }, async (t) => {
  const { sipp, phone } = await call(t, 'crosses-cancel')
  await phone.tells('CALL_RINGING')
  await phone.hangsUp()
  await seen(() => sipp.messages, /SIP\/2\.0 200 OK[\s\S]*CSeq: \d+ INVITE/)
})

/** SIPp tells of nothing: its trace is read until it says so. */
async function seen(text: () => string, pattern: RegExp): Promise<void> {
  for (let i = 0; i < 100 && !pattern.test(text()); i++) await new Promise((done) => setTimeout(done, 50))
  assert.match(text(), pattern)
}
