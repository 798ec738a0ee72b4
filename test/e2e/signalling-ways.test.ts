/** Ways to the PBX that fail in the middle: messages lost, answers from elsewhere, a connection that breaks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { header, Peer, sdp } from '../contract/peer.ts'
import type { Message } from '../contract/peer.ts'
import { crookedWay } from '../helpers/crooked.ts'
import type { Crooked } from '../helpers/crooked.ts'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { field } from '../helpers/sip-trace.ts'
import { play } from '../helpers/stories.ts'
import type { Scene, Story } from '../helpers/stories.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('sipp')

/** Plays one story whose every message goes by this way: the phones' answers have it as their route. */
async function by(
  t: TestContext,
  way: Omit<Crooked, 'port' | 'pbx'>,
  story: Omit<Story, 'ending' | 'more'>,
  ringing = 200,
): Promise<void> {
  const port = await freePort()
  const more = [`Record-Route: <sip:127.0.0.1:${port};lr>`]
  await play(t, [{ ...story, ending: 'picks-up', more }], {
    ringing,
    trunk: async (sipp) => {
      const close = await crookedWay({ port, pbx: sipp.port, ...way })
      atTheEnd(t, close)
      return `sip:127.0.0.1:${port};transport=udp`
    },
  })
}

async function talk(scene: Scene): Promise<void> {
  await scene.calls()
  await scene.talks()
}

/** The first message of each kind is lost. */
function losingFirst(pattern: RegExp): (message: string) => boolean {
  const lost = new Set<string>()
  return (message) => {
    if (!pattern.test(message)) return false
    const key = `${field(message, 'Call-ID')} ${field(message, 'CSeq')}`
    if (lost.has(key)) return false
    lost.add(key)
    return true
  }
}

test(
  'the ACK of each 200 is lost once: the 200 comes again and is acknowledged again',
  { skip },
  async (t) => {
    const story: Omit<Story, 'ending' | 'more'> = {
      name: 'of the INVITE and of the re-INVITE',
      by: 'user',
      happens: async (scene) => {
        await talk(scene)
        await scene.sees('user', 'bot', /^ACK [\s\S]*^CSeq: 1 ACK/m)
        await scene.sees('user', 'bot', /^ACK [\s\S]*^CSeq: 2 ACK/m)
        await scene.hangsUp()
      },
    }
    // The callee picks up when the user's phone has its ACK.
    await by(t, { loses: losingFirst(/^ACK /) }, story, 1500)
  },
)

test('every request of a dialog is lost once: each is sent again', { skip }, async (t) => {
  await by(
    t,
    { loses: losingFirst(/^(INVITE|BYE) [\s\S]*^To: .*;tag=/m) },
    {
      name: 're-INVITE and BYE',
      happens: async (scene) => {
        await talk(scene)
        await scene.sees('callee', 'bot', /^INVITE [\s\S]*^CSeq: 2 INVITE/m)
        await scene.hangsUp()
        await scene.sees('callee', 'bot', /^BYE/)
      },
    },
  )
})

test('the PBX answers from another port than it is called at: the call goes on', { skip }, async (t) => {
  await by(
    t,
    { answersElsewhere: true },
    {
      name: 'all its messages do',
      happens: async (scene) => {
        await talk(scene)
        await scene.hangsUp()
        assert.equal(scene.sent('callee', /^INVITE sip:\+/).length, 1, 'the INVITE was not heard at once')
      },
    },
  )
})

/** A phone behind a trunk over TCP is picked up; nobody changes its session afterwards. */
async function picksUp(pbx: Peer, tag: string): Promise<Message> {
  const invite = await pbx.request('INVITE')
  pbx.answer(invite, 200, { tag, body: sdp(40_000) })
  return invite
}

test('the TCP connection breaks in the middle of a call: it is made again, by whoever has something to say', async (t) => {
  const pbx = await Peer.start('tcp')
  atTheEnd(t, () => {
    tellWhereFailed(t, pbx.ladder.join('\n'))
    pbx.close()
  })
  const serve = async (method: string, status: number) => {
    for (;;) pbx.answer(await pbx.request(method), status)
  }
  void serve('OPTIONS', 200).catch(() => undefined)
  const office = await Office.open(t, { trunk: `sip:${pbx.hostPort};transport=tcp` })
  await office.types(alice, 'call Bob Marín')
  const own = await picksUp(pbx, 'own')
  const his = await picksUp(pbx, 'his')
  await office.shows(/Bob Marín/, /connected/i)
  // The bridge is refused: both legs stay at the bot.
  void serve('INVITE', 488).catch(() => undefined)
  await office.bot.says(/"event":"media\.settled"/)

  pbx.dropConnections()
  const contact = /<([^>]+)>/.exec(header(his, 'contact'))?.[1] ?? ''
  const port = Number(/:(\d+)/.exec(contact.replace(/^sips?:/, ''))?.[1])
  await pbx.send(
    { transport: 'tcp', host: '127.0.0.1', port },
    {
      method: 'UPDATE',
      uri: contact,
      from: `${header(his, 'to')};tag=his`,
      to: header(his, 'from'),
      callId: header(his, 'call-id'),
      cseq: '1 UPDATE',
    },
    { body: sdp(40_002) },
  )
  assert.equal((await pbx.response('UPDATE')).status, 200)

  pbx.dropConnections()
  await office.types(alice, 'hang up')
  const byes = [await pbx.request('BYE'), await pbx.request('BYE')]
  for (const bye of byes) pbx.answer(bye, 200)
  assert.deepEqual(
    new Set(byes.map((bye) => header(bye, 'call-id'))),
    new Set([own, his].map((invite) => header(invite, 'call-id'))),
  )
  await office.shows(/You hung up/, /lasted/)
})
