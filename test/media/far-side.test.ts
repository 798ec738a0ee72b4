import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { FarSide } from '../../src/media/far-side.ts'
import type { Place } from '../../src/media/far-side.ts'

const PRIVATE: Place = { address: '10.0.0.5', port: 4000 }
const BESIDE: Place = { address: '10.0.0.5', port: 4444 }
const NAT: Place = { address: '203.0.113.7', port: 61_000 }
const NAT_AGAIN: Place = { address: '203.0.113.7', port: 61_001 }
const STRANGER: Place = { address: '198.51.100.66', port: 5000 }
const MOVED: Place = { address: '10.0.0.5', port: 4100 }

const PHONE = 0xaaaa
const OTHER = 0xbbbb

type Packet = readonly [from: Place, source: number, at: number]
type Move = { readonly says: Place; readonly at: number } | Packet

/** Plays moves on a far side that was told to be at PRIVATE, and answers where we send to then. */
function play(moves: readonly Move[]): Place | undefined {
  const far = new FarSide()
  far.describe(PRIVATE, 0)
  for (const move of moves)
    if ('says' in move) far.describe(move.says, move.at)
    else far.admits(...move)
  return far.place
}

// prettier-ignore
const rows: readonly [what: string, moves: readonly Move[], sendsTo: Place][] = [
  ['nothing has come: where the SDP says', [], PRIVATE],
  ['a private address in the SDP, and sound from the NAT', [[NAT, PHONE, 10]], NAT],
  ['a stranger after the phone', [[NAT, PHONE, 10], [STRANGER, OTHER, 20]], NAT],
  ['a stranger after the phone, when that is muted without a packet', [[NAT, PHONE, 10], [STRANGER, OTHER, 60_000]], NAT],
  ['a stranger before a phone that is where it says', [[STRANGER, OTHER, 10], [PRIVATE, PHONE, 20]], PRIVATE],
  ['a stranger before a phone that is beside where it says', [[STRANGER, OTHER, 10], [BESIDE, PHONE, 20]], BESIDE],
  ['a stranger at the NAT of a phone that is where it says', [[PRIVATE, PHONE, 10], [BESIDE, OTHER, 60_000]], PRIVATE],
  ['the NAT gives a new port after a pause: the same source goes on', [[NAT, PHONE, 10], [NAT_AGAIN, PHONE, 2000]], NAT_AGAIN],
  ['the same source from two places at once: a copy is not followed', [[NAT, PHONE, 10], [STRANGER, PHONE, 20]], NAT],
  ['a re-INVITE with the same address keeps the place', [[NAT, PHONE, 10], { says: PRIVATE, at: 20 }, [STRANGER, OTHER, 30]], NAT],
  ['a re-INVITE with another address begins anew', [[NAT, PHONE, 10], { says: MOVED, at: 20 }], MOVED],
  ['what was still under way from the old place is not taken for the new one', [[NAT, PHONE, 10], { says: MOVED, at: 20 }, [NAT, PHONE, 30], [NAT_AGAIN, OTHER, 40]], NAT_AGAIN],
  ['a phone that says another address and stays where it was', [[NAT, PHONE, 10], { says: MOVED, at: 20 }, [NAT, PHONE, 600]], NAT],
  ['a phone that moves to where it says', [[PRIVATE, PHONE, 10], { says: MOVED, at: 20 }, [PRIVATE, PHONE, 30], [MOVED, PHONE, 40]], MOVED],
]

describe('the far side is taken to be where it is heard', () => {
  for (const [what, moves, sendsTo] of rows)
    it(what, () => {
      assert.deepEqual(pick(play(moves)), sendsTo)
    })

  it('and nobody is at port 0 (RFC 768): sound to there would be the end of all calls', () => {
    const far = new FarSide()
    far.describe(PRIVATE, 0)
    assert.equal(far.admits({ ...PRIVATE, port: 0 }, PHONE, 10), 'stranger')
    assert.deepEqual(pick(far.place), PRIVATE)
  })

  it('and whoever is not it is not heard', () => {
    const far = new FarSide()
    far.describe(PRIVATE, 0)
    assert.deepEqual(
      [
        far.admits(NAT, PHONE, 10),
        far.admits(NAT, PHONE, 30),
        far.admits(STRANGER, OTHER, 40),
        far.admits(PRIVATE, PHONE, 50),
        far.admits(NAT, PHONE, 60),
      ],
      ['moved', 'known', 'stranger', 'moved', 'stranger'],
    )
  })
})

const pick = (place: Place | undefined) => place && { address: place.address, port: place.port }
