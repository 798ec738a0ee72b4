import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sdp } from '../contract/peer.ts'
import { answered, stage } from '../contract/story.ts'

test(
  'a call that nobody answers gives its TCP connection up: it may lead nowhere',
  { timeout: 20_000 },
  async (t) => {
    const scene = await stage(t, { transport: 'tcp', t1: 20 })
    const { srf, phone } = scene
    const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
    await phone.request('INVITE')
    await assert.rejects(call, { status: 408 })
    while (phone.connections > 0) await turn()
    const { dialog } = await answered(scene)
    const ended = dialog.destroy()
    phone.answer(await phone.request('BYE'), 200)
    await ended
  },
)
