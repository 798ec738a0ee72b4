/** What an earlier process has left, where it cannot go on: it is ended, and nothing else suffers from it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MediaPort } from '../../src/media/endpoint.ts'
import type { Estate, EstatePort } from '../../src/sip/estate.ts'
import { PORT } from './silent-port.ts'
import { A, B, CALL, read, sdp, stage } from './stage.ts'

/** A call of two legs whose notes are kept here, as the engine keeps them. */
async function noted(t: Parameters<typeof stage>[0], ports = new Map<string, readonly EstatePort[]>()) {
  const notes = new Map<string, string>()
  const note: Estate['note'] = (leg, kept) => {
    if (kept === undefined) notes.delete(leg)
    else notes.set(leg, kept.text)
  }
  const s = await stage(t, { estate: { notes, ports, note } })
  const sides = [
    { leg: A, ...(await s.answered(A, sdp({ port: 40_000 }))) },
    { leg: B, ...(await s.answered(B, sdp({ port: 40_002 }))) },
  ]
  assert.deepEqual([...notes.keys()], [A, B])
  return { s, notes, sides, ended: () => Promise.all(sides.map(({ side }) => s.inDialog(side, 'BYE'))) }
}

const talking = [{ call: CALL, legs: [A, B], media: 'relay' }] as const

describe('a room of an earlier process', () => {
  it('is known by its ports: whoever is not named any more leaves it, the others stay', async (t) => {
    const left: string[] = []
    const ports = new Map<string, readonly EstatePort[]>()
    const { s, sides } = await noted(t, ports)
    for (const { leg, invite } of sides) {
      const { port, address } = read(invite.body)
      const adopted: MediaPort = { ...PORT, port, address, room: 'standup', leave: () => void left.push(leg) }
      ports.set(leg, [{ port: adopted, listen: () => undefined }])
    }
    assert.deepEqual(s.legs.recover([{ call: CALL, legs: [A, B], media: 'room' }]), new Set([CALL]))
    s.legs.plan(CALL, { kind: 'room', room: 'standup', legs: [A] })
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'room' })
    assert.deepEqual(left, [B])
  })
})

describe('a call of an earlier process is ended, and the bot starts,', () => {
  for (const [what, spoil] of [
    ['is no SDP', (note: string) => note.replaceAll('v=0', 'w=0')],
    ['has another shape', (note: string) => note.replace('"types":[', '"types":7,"was":[')],
  ] as const)
    it(`where what one of its phones said last ${what}`, async (t) => {
      const { s, notes, ended } = await noted(t)
      notes.set(B, spoil(notes.get(B) ?? ''))
      assert.deepEqual(s.legs.recover(talking), new Set())
      await ended()
      assert.equal(notes.size, 0)
    })

  it('where no trunk is left', async (t) => {
    const { s, ended } = await noted(t)
    s.legs.setTrunks([])
    assert.deepEqual(s.legs.recover(talking), new Set())
    await ended()
  })
})
