import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { createHash } from 'node:crypto'
import { startPbx, type Pbx, type PbxOptions, type SipSeen } from '../../src/sim/pbx.ts'
import { sdp, shows, Trunk } from './trunk.ts'

async function world(t: TestContext, options: PbxOptions = {}): Promise<{ pbx: Pbx; trunk: Trunk }> {
  const pbx = await startPbx(options)
  const trunk = await Trunk.to(pbx)
  t.after(async () => {
    trunk.close()
    await pbx.stop()
  })
  return { pbx, trunk }
}

void test('an INVITE rings the phone, which shows the name and number of its From', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('+34910000001', {
    from: '"Bob \\"B\\" Marín" <sip:+34900100200@example.org;user=phone>',
  })
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(100)
  const ringing = await leg.gets(180)
  assert.match(ringing, /^To: .*;tag=\w+/m)
  assert.match(ringing, /^Via: .*;rport=\d+;.*received=127\.0\.0\.1/m)
  const view = pbx.phone('1001')!.view
  assert.equal(view.state, 'ringing')
  assert.deepEqual(view.caller, { name: 'Bob "B" Marín', number: '+34900100200' })
})

void test('a phone is reached by +34…, 0034…, 34…, national number, extension and tel: URI', async (t) => {
  const { pbx, trunk } = await world(t)
  for (const form of [
    '+34910000002',
    '0034910000002',
    '34910000002',
    '910000002',
    '1002',
    '%2B34910000002',
    '+34-910-000-002;phone-context=x',
  ]) {
    const leg = trunk.call(form)
    leg.send('INVITE', { body: sdp(9) })
    await leg.gets(180)
    assert.equal(pbx.phone('1002')!.view.state, 'ringing', form)
    leg.send('CANCEL')
    await leg.gets(487)
    leg.send('ACK')
  }
  const tel = trunk.call('+34910000002', { scheme: 'tel' })
  tel.send('INVITE', { body: sdp(9) })
  await tel.gets(180)
})

void test('an unknown number gets 404, and nothing rings', async (t) => {
  const { pbx, trunk } = await world(t)
  for (const dialled of ['+34910000099', 'nobody', '', '9100000', '+1910000001']) {
    const leg = trunk.call(dialled || 'x')
    leg.send('INVITE', { body: sdp(9) })
    await leg.gets(404)
  }
  assert.ok(pbx.phones.every((phone) => phone.view.state === 'onHook'))
})

void test('a picked-up phone repeats its 200 until the ACK comes, and is in a call only then', async (t) => {
  const { pbx, trunk } = await world(t, { t1: 20 })
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  pbx.phone('1001')!.pickUp()
  await leg.gets(200)
  await leg.gets(200)
  await leg.gets(200)
  assert.equal(pbx.phone('1001')!.view.state, 'answering')
  leg.send('ACK')
  await shows(pbx, '1001', (view) => view.state === 'talking')
})

void test('a 200 that nobody acknowledges is given up with a BYE', async (t) => {
  const { pbx, trunk } = await world(t, { t1: 5 })
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  pbx.phone('1001')!.pickUp()
  await leg.gets(200)
  leg.answer(await leg.requested('BYE'))
  const view = await shows(pbx, '1001', (v) => v.state === 'onHook')
  assert.equal(view.ended, 'notAcknowledged')
})

void test('putting the handset down sends BYE to the far Contact, and the phone is free', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(9))
  await shows(pbx, '1001', (view) => view.state === 'talking')
  assert.equal(pbx.phone('1001')!.putDown(), true)
  const bye = await leg.requested('BYE')
  assert.match(bye, new RegExp(`^BYE sip:trunk@127\\.0\\.0\\.1:${trunk.port} SIP/2\\.0`))
  leg.answer(bye)
  assert.equal(pbx.phone('1001')!.view.state, 'onHook')
  assert.equal(pbx.phone('1001')!.view.ended, 'hungUp')
  const next = trunk.call('1001')
  next.send('INVITE', { body: sdp(9) })
  await next.gets(180)
})

void test('a handset put down before the ACK ends the call with BYE after it', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  pbx.phone('1001')!.pickUp()
  await leg.gets(200)
  pbx.phone('1001')!.putDown()
  assert.equal(pbx.phone('1001')!.view.state, 'onHook')
  assert.equal(pbx.ladder.filter((seen) => seen.title === 'BYE').length, 0)
  leg.send('ACK')
  leg.answer(await leg.requested('BYE'))
})

void test('a BYE from the far side frees the phone and is answered, also when it comes twice', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(9))
  const bye = leg.send('BYE')
  await leg.gets(200, 'BYE')
  trunk.send(bye)
  await leg.gets(200, 'BYE')
  assert.equal(pbx.phone('1001')!.view.ended, 'farHungUp')
  leg.send('BYE')
  await leg.gets(481, 'BYE')
})

void test('a declined call gets 603, repeated until its ACK', async (t) => {
  const { pbx, trunk } = await world(t, { t1: 20 })
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  pbx.phone('1001')!.decline()
  await leg.gets(603)
  await leg.gets(603)
  leg.send('ACK')
  assert.equal(pbx.phone('1001')!.view.ended, 'declined')
})

void test('CANCEL is answered with 200 and ends the INVITE with 487', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  leg.send('CANCEL')
  await leg.gets(200, 'CANCEL')
  await leg.gets(487)
  assert.equal(pbx.phone('1001')!.view.state, 'onHook')
  assert.equal(pbx.phone('1001')!.view.ended, 'cancelled')
})

void test('a CANCEL that crosses the 200 changes nothing: the call stands', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  pbx.phone('1001')!.pickUp()
  leg.send('CANCEL')
  await leg.gets(200, 'CANCEL')
  await leg.gets(200)
  leg.send('ACK')
  await shows(pbx, '1001', (view) => view.state === 'talking')
})

void test('a CANCEL for no call gets 481', async (t) => {
  const { trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('CANCEL')
  await leg.gets(481, 'CANCEL')
})

void test('a CANCEL of another branch is for no INVITE: 481, and the phone rings on', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  trunk.send(leg.text('CANCEL', { branch: 'z9hG4bK-other' }))
  await leg.gets(481, 'CANCEL')
  assert.equal(pbx.phone('1001')!.view.state, 'ringing')
})

void test('a repeated INVITE rings once and gets the last answer again', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  const invite = leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
  const since = pbx.phone('1001')!.view.since
  trunk.send(invite)
  await leg.gets(180)
  assert.equal(pbx.phone('1001')!.view.since, since)
  assert.equal(pbx.ladder.filter((seen) => seen.title === 'INVITE' && seen.again).length, 1)
})

void test('the same INVITE over another path gets 482', async (t) => {
  const { trunk } = await world(t)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  trunk.send(leg.text('INVITE', { body: sdp(9), branch: 'z9hG4bK-another-path' }))
  await leg.gets(180)
  await leg.gets(482)
})

void test('a phone in a call is busy for a second one', async (t) => {
  const { pbx, trunk } = await world(t)
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(9))
  const second = trunk.call('1001')
  second.send('INVITE', { body: sdp(9) })
  await second.gets(486)
})

void test('phones do what they are set to: busy, decline, answer by themselves, ring on', async (t) => {
  const { pbx, trunk } = await world(t)
  pbx.phone('1002')!.behave('busy')
  const busy = trunk.call('1002')
  busy.send('INVITE', { body: sdp(9) })
  await busy.gets(486)

  pbx.phone('1003')!.behave('declines')
  const declined = trunk.call('1003')
  declined.send('INVITE', { body: sdp(9) })
  await declined.gets(603)

  pbx.phone('1004')!.behave({ rings: 30, then: 'answer' })
  const answered = trunk.call('1004')
  answered.send('INVITE', { body: sdp(9) })
  await answered.gets(180)
  await answered.gets(200)

  pbx.phone('1005')!.behave('noAnswer')
  const rings = trunk.call('1005')
  rings.send('INVITE', { body: sdp(9) })
  await rings.gets(180)
  assert.equal(pbx.phone('1005')!.pickUp(), false)
  assert.equal(pbx.phone('1005')!.view.state, 'ringing')
})

void test('OPTIONS and REGISTER are answered, unknown methods get 405, required extensions 420', async (t) => {
  const { trunk } = await world(t)
  const options = trunk.call('pbx')
  options.send('OPTIONS')
  assert.match(await options.gets(200, 'OPTIONS'), /^Allow: .*INVITE/m)
  const register = trunk.call('trunk')
  register.send('REGISTER', { headers: ['Expires: 60'] })
  assert.match(await register.gets(200, 'REGISTER'), /^Contact: <sip:trunk@.*>;expires=60/m)
  const strange = trunk.call('1001')
  strange.send('PUBLISH')
  await strange.gets(405, 'PUBLISH')
  const strict = trunk.call('1001')
  strict.send('INVITE', { headers: ['Require: 100rel'], body: sdp(9) })
  assert.match(await strict.gets(420), /^Unsupported: 100rel/m)
})

void test('requests out of any dialog, or out of order in one, are refused', async (t) => {
  const { pbx, trunk } = await world(t)
  const stray = trunk.call('1001')
  stray.send('BYE')
  await stray.gets(481, 'BYE')
  const leg = trunk.call('1001')
  await leg.connect(pbx.phone('1001')!, sdp(9))
  trunk.send(leg.text('INFO', { cseq: 1, branch: 'z9hG4bK-old' }))
  await leg.gets(500, 'INFO')
})

void test('digest: an INVITE without credentials gets 407, with the right ones it rings, with wrong ones not', async (t) => {
  const { trunk } = await world(t, { auth: { user: 'bot', password: 'secret' } })
  const leg = trunk.call('1001')
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const credentials = (challenge: string, password: string) => {
    const nonce = /nonce="(\w+)"/.exec(challenge)![1]!
    const response = md5(
      `${md5(`bot:dialback-sim:${password}`)}:${nonce}:00000001:c:auth:${md5('INVITE:sip:1001@127.0.0.1')}`,
    )
    return `Proxy-Authorization: Digest username="bot", realm="dialback-sim", nonce="${nonce}", uri="sip:1001@127.0.0.1", qop=auth, nc=00000001, cnonce="c", response="${response}"`
  }
  leg.send('INVITE', { body: sdp(9) })
  const challenge = await leg.gets(407)
  leg.send('ACK')
  const again = trunk.call('1001')
  again.send('INVITE', { body: sdp(9), headers: [credentials(challenge, 'wrong')] })
  await again.gets(407)
  const right = trunk.call('1001')
  right.send('INVITE', { body: sdp(9), headers: [credentials(challenge, 'secret')] })
  await right.gets(180)
})

void test('the ladder tells each message with its phone, in order', async (t) => {
  const { pbx, trunk } = await world(t)
  const told: SipSeen[] = []
  pbx.on('sip', (seen) => told.push(seen))
  const leg = trunk.call('1002')
  await leg.connect(pbx.phone('1002')!, sdp(9))
  await shows(pbx, '1002', (view) => view.state === 'talking')
  assert.deepEqual(
    told.map(({ direction, title, phone, sdp: has }) =>
      `${direction} ${title} ${phone ?? '-'} ${has ? 'sdp' : ''}`.trim(),
    ),
    [
      'in INVITE 1002 sdp',
      'out 100 Trying 1002',
      'out 180 Ringing 1002',
      'out 200 OK 1002 sdp',
      'in ACK 1002',
    ],
  )
  assert.deepEqual(pbx.ladder, told)
})

void test('what is no SIP is dropped without harm', async (t) => {
  const { trunk } = await world(t)
  const torture = [
    '',
    '\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'INVITE sip:1001@x SIP/2.0\r\n\r\n',
    'INVITE  SIP/2.0\r\nVia\r\n\r\n',
    'INVITE sip:1001@x SIP/2.0\r\nVia: ,,,;;;\r\nFrom: <\r\nTo: >\r\nCall-ID: \r\nCSeq: x INVITE\r\nContent-Length: -1\r\n\r\n',
    'SIP/2.0 999 Odd\r\n\r\n',
    'INVITE sip:1001@x SIP/2.0\r\nContent-Length: 99999\r\n\r\nshort',
    Buffer.from([0, 255, 13, 10, 13, 10]),
    Buffer.alloc(60_000, 'a'),
  ]
  for (const text of torture) trunk.send(text)
  const leg = trunk.call('1001')
  leg.send('INVITE', { body: sdp(9) })
  await leg.gets(180)
})

void test('a trunk over TCP is served on the same port, in pieces and several at once', async (t) => {
  const { pbx, trunk } = await world(t)
  const socket = connect(pbx.address.port, pbx.address.host)
  t.after(() => socket.destroy())
  let got = ''
  socket.on('data', (bytes) => (got += bytes.toString()))
  const until = async (wanted: RegExp) => {
    while (!wanted.test(got)) await once(socket, 'data', { signal: AbortSignal.timeout(3000) })
  }
  const text = (leg: ReturnType<Trunk['call']>) =>
    leg.text('OPTIONS', { cseq: 1, branch: `z9hG4bK${leg.id}` }).replace('SIP/2.0/UDP', 'SIP/2.0/TCP')
  const [a, b] = [text(trunk.call('pbx')), text(trunk.call('pbx'))]
  await once(socket, 'connect')
  socket.write(a.slice(0, 40))
  socket.write(a.slice(40) + b)
  await until(/^SIP\/2\.0 200 OK[^]*SIP\/2\.0 200 OK/)
  const leg = trunk.call('1001')
  const invite = leg
    .text('INVITE', { cseq: 1, branch: 'z9hG4bKtcp', body: sdp(9) })
    .replace('SIP/2.0/UDP', 'SIP/2.0/TCP')
  socket.write(invite)
  await until(/180 Ringing/)
  pbx.phone('1001')!.pickUp()
  await until(/200 OK[^]*m=audio/)
  const tag = /180 Ringing[^]*?^To: .*(;tag=\w+)/m.exec(got)![1]!
  socket.write(
    invite
      .replace(/INVITE/g, 'ACK')
      .replace(/^(To: .*)$/m, `$1${tag}`)
      .replace('z9hG4bKtcp', 'z9hG4bKack'),
  )
  await shows(pbx, '1001', (view) => view.state === 'talking')
  pbx.phone('1001')!.putDown()
  await until(/^BYE sip:/m)
})
