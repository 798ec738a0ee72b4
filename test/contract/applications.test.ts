import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Dialog, Request, Srf } from './drachtio.ts'
import { server } from './drachtio.ts'
import { frameOf, read, talk } from './frames.ts'
import { header, Peer, sdp } from './peer.ts'
import { answered, callsIn, calledSide, incoming, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

contract('a wrong secret is told so', async (t) => {
  const { host, port } = await server(t)
  const lines = await talk(host, port, ['m1|authenticate|wrong|'])
  assert.match(lines[0] ?? '', /\|response\|m1\|NO\|incorrect secret$/)
})

contract('a ping is answered', async (t) => {
  const { host, port, secret } = await server(t)
  const lines = await talk(host, port, [`m1|authenticate|${secret}|`, 'm2|ping'])
  assert.match(lines[0] ?? '', /\|response\|m1\|OK\|\w+\/[^|]*\|v\d+\.\d+\.\d+[^|]*\|.*udp\//)
  assert.match(lines[1] ?? '', /\|response\|m2\|OK\|pong$/)
})

contract(
  'what is no command is answered NO; what is no frame closes that connection, and no other',
  async (t) => {
    const { host, port, secret, client } = await server(t)
    const { srf } = await client()
    const phone = await Peer.start()
    t.after(() => phone.close())
    const lines = await talk(host, port, [
      `m1|authenticate|${secret}|`,
      'm2|frobnicate',
      'm3|sip',
      'm4|sip||\r\nnonsense',
      'm5|sip||\r\nINVITE sip:x@127.0.0.1 SIP/2.0\r\nno header\r\n\r\n',
      'm6|sip|none|\r\nSIP/2.0 200 OK\r\n\r\n',
      'm7|sip|none|\r\nCANCEL sip:x@127.0.0.1 SIP/2.0\r\n\r\n',
      'm8|proxy|x|y',
      'm9|sip||none\r\nBYE sip:placeholder SIP/2.0\r\n\r\n',
      'm10|sip||\r\nINVITE sip:x@127.0.0.1:9;transport=tls SIP/2.0\r\n\r\n',
      'm11|sip||\r\nINVITE mailto:x@y SIP/2.0\r\n\r\n',
      'm12|sip||\r\nMESSAGE sip:x@127.0.0.1:9 SIP/2.0\r\n\r\nbody of no type',
      'm13||||||',
      '',
      '||',
    ])
    for (const [index, line] of lines.slice(1).entries())
      assert.match(line, /\|(NO|NOK)\|/, `answer ${index + 2}`)
    const socket = connect(port, host)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    const huge = connect(port, host)
    huge.write('99999999999#')
    await once(huge, 'close')
    const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
    phone.answer(await phone.request('INVITE'), 486, { tag: 'z' })
    await assert.rejects(call, { status: 486 })
  },
)

contract('an unknown command is answered NO, and its connection goes on', async (t) => {
  const { host, port, secret } = await server(t)
  const lines = await talk(host, port, [`m1|authenticate|${secret}|`, 'm2|frobnicate', 'm3|ping'])
  assert.match(lines[1] ?? '', /\|m2\|NO\|/)
  assert.match(lines[2] ?? '', /\|m3\|OK\|pong$/)
})

contract('frames may come in any pieces', async (t) => {
  const { host, port, secret } = await server(t)
  const socket = connect(port, host)
  await once(socket, 'connect')
  const bytes = frameOf(`m1|authenticate|${secret}|`) + frameOf('m2|ping')
  const answers = read(socket, 2)
  for (const byte of bytes) {
    socket.write(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.match((await answers)[1] ?? '', /OK\|pong$/)
  socket.destroy()
})

contract('commands before authentication are refused', async (t) => {
  const { host, port } = await server(t)
  const lines = await talk(host, port, ['m1|route|invite'])
  assert.match(lines[0] ?? '', /\|NO\|not authenticated$/)
})

contract('localhost in From and Contact becomes the address of the server', async (t) => {
  const { srf, phone, sip } = await stage(t)
  void srf
    .createUAC(phone.uri(), { localSdp: sdp(4000), callingNumber: '1001', callingName: 'Ana' })
    .catch(() => undefined)
  const invite = await phone.request('INVITE')
  const own = `${sip.udp.host}:${sip.udp.port}`
  assert.match(header(invite, 'from'), new RegExp(`^"?Ana"? <sip:1001@${own}>;tag=`))
  assert.match(header(invite, 'contact'), new RegExp(`<sip:1001@${own}>`))
  for (const [, value] of invite.headers) assert.doesNotMatch(value, /localhost/)
  phone.answer(invite, 486, { tag: 'x' })
  await phone.request('ACK')
})

contract('a proxy is where the request goes, whatever its URI', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC('sip:+34911000002@pbx.example.com', {
    localSdp: sdp(4000),
    proxy: phone.uri(''),
  })
  const invite = await phone.request('INVITE')
  assert.equal(invite.uri, 'sip:+34911000002@pbx.example.com')
  assert.equal(header(invite, 'to'), '<sip:+34911000002@pbx.example.com>')
  phone.answer(invite, 404, { tag: 'x' })
  await assert.rejects(call, { status: 404 })
})

contract('calls are shared among the applications', async (t) => {
  const { client } = await server(t)
  const phone = await Peer.start()
  t.after(() => phone.close())
  const heard: string[] = []
  const prepare = (name: string) => (srf: Srf) =>
    srf.invite((_request, response) => {
      heard.push(name)
      response.send(486)
    })
  const { srf, sip } = await client(prepare('a'))
  await client(prepare('b'))
  for (let i = 0; i < 6; i++) {
    await callsIn({ srf, sip, phone, t1: 100 })
    await phone.response('INVITE', 486)
  }
  // drachtio-server takes turns too, but not from the first call on.
  assert.deepEqual(new Set(heard), new Set(['a', 'b']))
})

contract('an application that goes away leaves no phone ringing', async (t) => {
  const { client } = await server(t)
  const phone = await Peer.start()
  t.after(() => phone.close())
  const { srf } = await client()
  srf.createUAC(phone.uri(), { localSdp: sdp(4000) }).catch(() => undefined)
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: 'x' })
  srf.disconnect()
  const cancel = await phone.request('CANCEL')
  // Meanwhile somebody has picked up.
  phone.answer(invite, 200, { tag: 'x', body: sdp(5000) })
  phone.answer(cancel, 200)
  await phone.request('ACK')
  phone.answer(await phone.request('BYE'), 200)
})

contract('a call that comes in is refused when its application goes away', async (t) => {
  const { client } = await server(t)
  const phone = await Peer.start()
  t.after(() => phone.close())
  const calls = incoming()
  const { srf, sip } = await client(calls.prepare)
  await callsIn({ srf, sip, phone, t1: 100 })
  await calls.next()
  srf.disconnect()
  assert.equal((await phone.response('INVITE')).status, 503)
})

contract('another application of the same name goes on with a dialog', async (t) => {
  const { client } = await server(t)
  const phone = await Peer.start()
  t.after(() => phone.close())
  const { srf, sip } = await client(undefined, 'dialback')
  const { dialog, side } = await answered({ srf, sip, phone, t1: 100 })
  srf.disconnect()
  await sendInside(phone, side, 'INFO', 5)
  const refused = await phone.response('INFO')
  assert.ok([481, 500].includes(refused.status), `${refused.status}`)
  const heard: Request[] = []
  const { srf: next } = await client((fresh) => {
    fresh.use('info', (request, response) => {
      heard.push(request)
      response.send(200)
    })
  }, 'dialback')
  await sendInside(phone, side, 'INFO', 6)
  assert.equal((await phone.response('INFO')).status, 200)
  assert.equal(heard[0]?.stackDialogId, dialog.id)
  const bye = byId(next, dialog)
  const request = await phone.request('BYE')
  assert.equal(header(request, 'call-id'), dialog.sip.callId)
  phone.answer(request, 200)
  await bye
})

/** BYE in a dialog that drachtio-srf knows only by its id. */
function byId(srf: Srf, dialog: Dialog): Promise<unknown> {
  const request = srf.request as unknown as (
    options: object,
    done: (fault: Error | null, sent: Request) => void,
  ) => void
  return new Promise((resolve, reject) => {
    request.call(
      srf,
      { method: 'BYE', uri: 'sip:placeholder', stackDialogId: dialog.id, headers: {} },
      (fault, sent) => {
        if (fault) reject(fault)
        else sent.once('response', resolve)
      },
    )
  })
}

contract('the id of a dialog cannot be taken by a stranger', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { dialog, invite, tag: own } = await answered(scene)
  await callsIn(scene, { callId: dialog.sip.callId, from: header(invite, 'from') })
  const response = await scene.phone.response('INVITE')
  assert.ok(response.status >= 480 && response.status < 490)
  assert.ok(calledSide(scene.sip.udp, invite, own))
})
