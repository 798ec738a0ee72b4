import assert from 'node:assert/strict'
import type { Dialog, Request, Response } from './drachtio.ts'
import type { Message } from './peer.ts'
import { header, Peer, sdp, uriOf } from './peer.ts'
import { answered, event, sendInside, stage } from './story.ts'
import type { PhoneSide } from './story.ts'
import { contract } from './suite.ts'

/** The phone asks for a change, by re-INVITE with its ACK or by UPDATE. */
async function change(
  phone: Peer,
  side: PhoneSide,
  method: 'INVITE' | 'UPDATE',
  seq: number,
  options: { body: string; contact?: string },
): Promise<Message> {
  await sendInside(phone, side, method, seq, options)
  const final = await phone.response(method)
  if (method === 'INVITE' && final.status < 300) await sendInside(phone, side, 'ACK', seq)
  return final
}

const held = (body: string) => body.replace('a=sendrecv', 'a=sendonly')

contract('the phone holds the call by a re-INVITE, and takes it back', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const heard: string[] = []
  dialog.on('hold', () => heard.push('hold'))
  dialog.on('unhold', () => heard.push('unhold'))
  const holding = await change(phone, side, 'INVITE', 11, { body: held(sdp(5000)) })
  assert.equal(holding.status, 200)
  assert.match(holding.body, /a=recvonly/)
  const back = await change(phone, side, 'INVITE', 12, { body: sdp(5000) })
  assert.match(back.body, /a=sendrecv/)
  assert.deepEqual(heard, ['hold', 'unhold'])
})

contract('a change by UPDATE reaches the application, and its answer the phone', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  dialog.on('update', (request: Request, response: Response) => {
    response.send(200, { body: request.body === sdp(5002, 2) ? sdp(4002) : 'v=0 something else' })
  })
  const ok = await change(phone, side, 'UPDATE', 11, { body: sdp(5002, 2) })
  assert.equal(ok.body, sdp(4002))
})

contract('the 2xx to an UPDATE tells where we are reached (RFC 3311 5.2)', async (t) => {
  const scene = await stage(t)
  const { side } = await answered(scene)
  const ok = await change(scene.phone, side, 'UPDATE', 11, { body: sdp(5002) })
  assert.equal(uriOf(header(ok, 'contact')), side.uri)
})

contract('a phone that moves by UPDATE is spoken to where it is', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const elsewhere = await Peer.start()
  t.after(() => elsewhere.close())
  await change(phone, side, 'UPDATE', 11, { body: sdp(5002), contact: elsewhere.contact })
  const info = dialog.request({ method: 'INFO' })
  const request = await elsewhere.request('INFO')
  assert.equal(request.uri, elsewhere.uri('peer'))
  elsewhere.answer(request, 200)
  await info
})

contract('a phone that tells its new place in a 200 is spoken to there', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene)
  const elsewhere = await Peer.start()
  t.after(() => elsewhere.close())
  const changed = dialog.request({ method: 'INVITE', body: sdp(4002) })
  phone.answer(await phone.request('INVITE'), 200, {
    body: sdp(5002),
    fields: { Contact: elsewhere.contact },
  })
  const ack = await elsewhere.request('ACK')
  assert.equal(ack.uri, elsewhere.uri('peer'))
  await changed
})

contract('an empty re-INVITE of the phone: the offer is in the 200, the answer in the ACK', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  dialog.on('modify', (request: Request, response: Response) => {
    assert.equal(request.body, '')
    response.send(200, { body: sdp(4002) })
  })
  await sendInside(phone, side, 'INVITE', 11)
  assert.equal((await phone.response('INVITE')).body, sdp(4002))
  const acked = event<Request>(dialog, 'ack')
  await sendInside(phone, side, 'ACK', 11, { body: sdp(5002) })
  assert.equal((await acked).body, sdp(5002))
})

contract('a change that the application refuses leaves the call as it was', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  dialog.on('modify', (_request: Request, response: Response) => response.send(488))
  await sendInside(phone, side, 'INVITE', 11, { body: sdp(5002), branch: 'z9hG4bKrefused11' })
  const refused = await phone.response('INVITE')
  assert.equal(refused.status, 488)
  await sendInside(phone, side, 'ACK', 11, { branch: 'z9hG4bKrefused11' })
  await speaks(dialog, phone)
})

contract('glare: a re-INVITE that meets ours gets 491', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const changed = dialog.request({ method: 'INVITE', body: sdp(4002) })
  const ours = await phone.request('INVITE')
  await sendInside(phone, side, 'INVITE', 9, { body: sdp(5002) })
  assert.equal((await phone.response('INVITE')).status, 491)
  phone.answer(ours, 200, { body: sdp(5004) })
  await phone.request('ACK')
  assert.equal((await changed).status, 200)
})

contract('glare again and again: each 491 reaches the application, and the next try the phone', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene)
  let last = 0
  for (let tries = 0; tries < 6; tries++) {
    const changed = dialog.request({ method: 'INVITE', body: sdp(4002 + tries) })
    const ours = await phone.request('INVITE')
    const seq = Number.parseInt(header(ours, 'cseq'))
    assert.ok(seq > last)
    last = seq
    phone.answer(ours, 491)
    await acknowledged(phone, ours)
    assert.equal((await changed).status, 491)
  }
  const changed = dialog.request({ method: 'INVITE', body: sdp(4100) })
  const ours = await phone.request('INVITE')
  assert.equal(ours.body, sdp(4100))
  phone.answer(ours, 200, { body: sdp(5100) })
  await phone.request('ACK')
  assert.equal((await changed).body, sdp(5100))
})

contract('a refused re-INVITE is acknowledged once, and the 2xx before it not again', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene)
  const changed = dialog.request({ method: 'INVITE', body: sdp(4002) })
  const ours = await phone.request('INVITE')
  phone.answer(ours, 488)
  await acknowledged(phone, ours)
  await changed
  await speaks(dialog, phone)
  assert.equal(phone.unread('ACK').length, 0)
})

contract('a re-INVITE of the phone while its last one is open gets 500 with Retry-After', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const first = new Promise<Response>((resolve) => {
    dialog.on('modify', (_request: Request, response: Response) => resolve(response))
  })
  await sendInside(phone, side, 'INVITE', 11, { body: sdp(5002) })
  const response = await first
  await sendInside(phone, side, 'INVITE', 12, { body: sdp(5004) })
  const early = await phone.response('INVITE')
  assert.match(header(early, 'cseq'), /^12 /)
  assert.equal(early.status, 500)
  assert.match(header(early, 'retry-after'), /^[0-9]$/)
  response.send(200, { body: sdp(4002) })
  const ok = await phone.response('INVITE')
  assert.match(header(ok, 'cseq'), /^11 /)
  await sendInside(phone, side, 'ACK', 11)
})

contract('a request of the phone with an old CSeq gets 500 (RFC 3261 12.2.2)', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { side } = await answered(scene)
  await sendInside(phone, side, 'INFO', 20)
  assert.equal((await phone.response('INFO')).status, 200)
  await sendInside(phone, side, 'INFO', 19)
  assert.equal((await phone.response('INFO')).status, 500)
})

contract('an 18x to our re-INVITE does not end it', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene)
  const changed = dialog.request({ method: 'INVITE', body: sdp(4002) })
  // drachtio-srf resolves with the first response whatever it is; the last one is the call's.
  void changed.catch(() => undefined)
  const ours = await phone.request('INVITE')
  phone.answer(ours, 100)
  phone.answer(ours, 180)
  phone.answer(ours, 200, { body: sdp(5002) })
  await phone.request('ACK')
  await speaks(dialog, phone)
})

contract('a re-INVITE that is asked for credentials comes again with them', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene, { auth: { username: 'bot', password: 'secret' } })
  const changed = dialog.request({ method: 'INVITE', body: sdp(4002) })
  const first = await phone.request('INVITE')
  phone.answer(first, 401, { fields: { 'WWW-Authenticate': 'Digest realm="pbx",nonce="n1"' } })
  await phone.request('ACK')
  const second = await phone.request('INVITE')
  assert.equal(Number.parseInt(header(second, 'cseq')), Number.parseInt(header(first, 'cseq')) + 1)
  assert.match(header(second, 'authorization'), /^Digest username="bot"/)
  assert.equal(second.body, sdp(4002))
  phone.answer(second, 200, { body: sdp(5002) })
  const ack = await phone.request('ACK')
  assert.match(header(ack, 'cseq'), new RegExp(`^${Number.parseInt(header(second, 'cseq'))} `))
  assert.equal((await changed).status, 200)
})

contract('a re-INVITE that nobody answers fails with 408', async (t) => {
  const scene = await stage(t, { t1: 20 })
  const { dialog } = await answered(scene)
  assert.equal((await dialog.request({ method: 'INVITE', body: sdp(4002) })).status, 408)
})

/** The ACK of a refusal: it goes by the Via of what was refused. */
function acknowledged(phone: Peer, invite: Message): Promise<Message> {
  const via = header(invite, 'via')
  return phone.next(
    (message) => message.method === 'ACK' && header(message, 'via') === via,
    'ACK of a refusal',
  )
}

async function speaks(dialog: Dialog, phone: Peer): Promise<void> {
  const info = dialog.request({ method: 'INFO' })
  phone.answer(await phone.request('INFO'), 200)
  assert.equal((await info).status, 200)
}
