import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import type { LegReport, Log } from '../../src/app/ports.ts'
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import { createLegs } from '../../src/sip/legs.ts'
import { startSipd } from '../../src/sipd/start.ts'
import { Peer } from '../contract/peer.ts'
import { A, CALL, header, NUMBER, quiet, realClock, sdp, Stage, stage, TRUNK } from './stage.ts'

/** A control port in between, so that the connection can be cut while the signalling server lives on. */
async function cable(t: TestContext, to: number): Promise<{ port: number; cut(): void; mute(): void }> {
  const ends = new Set<Socket>()
  const fars = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    fars.add(far)
    for (const end of [near, far]) {
      ends.add(end)
      end.on('error', () => undefined)
      end.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mute: () => {
      for (const far of fars) far.unpipe()
    },
    cut: () => {
      for (const end of ends) end.destroy()
      ends.clear()
    },
  }
}

describe('the connection to the signalling server', () => {
  it('comes back by itself; legs of the lost one end as lost, and their phones are hung up', async (t) => {
    const peer = await Peer.start()
    const sipd = await startSipd({
      bind: [{ transport: 'udp', host: '127.0.0.1', port: 0 }],
      control: { host: '127.0.0.1', port: 0 },
      secret: 'cymru',
      worker: false,
    })
    const wire = await cable(t, sipd.controlPort)
    const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [37000, 37999], country: 'ES' })
    const legs = await createLegs({
      drachtio: { host: '127.0.0.1', port: wire.port, secret: 'cymru' },
      trunks: [{ ...TRUNK, uri: `sip:${peer.hostPort}` }],
      media,
      log: quiet,
      clock: realClock,
      country: 'ES',
    })
    const s = new Stage(legs, peer, () => sipd.stop())
    t.after(async () => {
      await legs.stop()
      await sipd.stop()
      await media.stop()
      peer.close()
    })
    const { side } = await s.answered(A, sdp({ port: 40000 }))
    assert.equal(legs.ready(), true)
    wire.cut()
    const { end } = await s.report('leg.ended')
    assert.equal(end.kind, 'lost')
    assert.equal(legs.ready(), false)
    const bye = await s.inDialog(side, 'BYE')
    peer.answer(bye, 200)
    assert.equal(legs.ready(), true)
    legs.forget(CALL)
    const invite = await s.dial(A)
    peer.answer(invite, 486, { tag: 'x' })
    assert.equal((await s.report('leg.ended')).end.kind, 'refused')
  })

  it(
    'that stands though its server says nothing any more: the trunk is told as down, by OPTIONS',
    { timeout: 20_000 },
    async (t) => {
      const peer = await Peer.start()
      const sipd = await startSipd({
        bind: [{ transport: 'udp', host: '127.0.0.1', port: 0 }],
        control: { host: '127.0.0.1', port: 0 },
        secret: 'cymru',
        worker: false,
      })
      const wire = await cable(t, sipd.controlPort)
      const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [37000, 37999], country: 'ES' })
      const down = Promise.withResolvers<undefined>()
      const legs = await createLegs({
        drachtio: { host: '127.0.0.1', port: wire.port, secret: 'cymru' },
        trunks: [{ ...TRUNK, uri: `sip:${peer.hostPort}` }],
        media,
        log: {
          ...quiet,
          warn: () => {
            down.resolve(undefined)
          },
        },
        clock: { ...realClock, after: (ms, run) => realClock.after(ms / 20, run) },
        country: 'ES',
      })
      t.after(async () => {
        wire.cut()
        await legs.stop()
        await sipd.stop()
        await media.stop()
        peer.close()
      })
      peer.answer(await peer.request('OPTIONS'), 200, { tag: 'up' })
      wire.mute()
      await down.promise
      assert.equal(legs.ready(), true)
      assert.equal(legs.trunks()[0]?.state, 'down')
    },
  )

  it('that does not come up is told as a leg that cannot be sent', async (t) => {
    const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [37000, 37999], country: 'ES' })
    const clock = { ...realClock, after: (ms: number, run: () => void) => realClock.after(ms / 50, run) }
    const legs = await createLegs({
      drachtio: { host: '127.0.0.1', port: 9, secret: 'cymru' },
      trunks: [{ ...TRUNK }],
      media,
      log: quiet,
      clock,
      country: 'ES',
    })
    t.after(async () => {
      await legs.stop()
      await media.stop()
    })
    assert.equal(legs.ready(), false)
    const ended = new Promise<LegReport['event']>((resolve) => {
      legs.onReport(({ event }) => {
        resolve(event)
      })
    })
    legs.dial({ call: CALL, leg: A, to: { kind: 'number', number: NUMBER }, from: { number: '1001' } })
    const event = await ended
    assert.ok(event.type === 'leg.ended' && event.end.kind === 'unsendable')
    assert.equal(legs.trunks()[0]?.state, 'unknown')
  })

  it('with the wrong secret is never ready', async (t) => {
    const sipd = await startSipd({
      bind: [{ transport: 'udp', host: '127.0.0.1', port: 0 }],
      control: { host: '127.0.0.1', port: 0 },
      secret: 'right',
      worker: false,
    })
    const media = await createMediaEndpoint({ bind: '127.0.0.1', ports: [37000, 37999], country: 'ES' })
    const refused = Promise.withResolvers<undefined>()
    const log = {
      ...quiet,
      warn: () => {
        refused.resolve(undefined)
      },
    }
    const clock = { ...realClock, after: (ms: number, run: () => void) => realClock.after(ms / 20, run) }
    const legs = await createLegs({
      drachtio: { host: '127.0.0.1', port: sipd.controlPort, secret: 'wrong' },
      trunks: [],
      media,
      log,
      clock,
      country: 'ES',
    })
    t.after(async () => {
      await legs.stop()
      await sipd.stop()
      await media.stop()
    })
    await refused.promise
    assert.equal(legs.ready(), false)
  })
})

describe('the trunk and the bot', () => {
  it('ask each other whether they are there', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 200, { tag: 'a', body: sdp({ port: 40000 }) })
    await s.report('leg.answered')
    assert.deepEqual(s.legs.trunks(), [{ name: 'pbx', state: 'up' }])
    const uri = /<([^>]+)>/.exec(header(invite, 'contact'))?.[1] ?? ''
    await s.peer.send(
      { transport: 'udp', host: '127.0.0.1', port: Number(/:(\d+)/.exec(uri.slice(4))?.[1]) },
      {
        method: 'OPTIONS',
        uri,
        from: '<sip:pbx@127.0.0.1>;tag=p',
        to: `<${uri}>`,
        callId: 'ping',
        cseq: '1 OPTIONS',
      },
    )
    assert.equal((await s.peer.response('OPTIONS')).status, 200)
  })

  it('the first that is not down is used', async (t) => {
    const noticed = Promise.withResolvers<unknown>()
    const log: Log = {
      ...quiet,
      warn: (fields) => {
        noticed.resolve(fields['trunk'])
      },
    }
    const s = await stage(t, { log, before: [{ ...TRUNK, name: 'dead', uri: 'sip:127.0.0.1:9' }] })
    assert.equal(await noticed.promise, 'dead')
    const invite = await s.dial()
    assert.equal(invite.uri, `sip:${NUMBER}@${s.peer.hostPort}`)
    assert.deepEqual(
      s.legs.trunks().map(({ name, state }) => `${name} ${state}`),
      ['dead down', 'pbx up'],
    )
  })
})
