import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { MediaPort } from '../../src/media/endpoint.ts'
import { readNote } from '../../src/sip/estate.ts'
import { LegMedia } from '../../src/sip/leg-media.ts'
import type { MediaNote } from '../../src/sip/leg-media.ts'
import { parseSdp } from '../../src/sip/sdp/parse.ts'
import { passOn } from '../../src/sip/sdp/choose.ts'
import { PORT } from './silent-port.ts'
import { read, sdp } from './stage.ts'

/** A leg that has been answered with G.711, video declined. */
function answered() {
  const media = new LegMedia()
  media.open(PORT)
  const offer = media.offerOwn()
  media.answeredOwn(`${sdp({ port: 40_000 })}m=video 0 RTP/AVP 96\r\n`)
  return { media, origin: read(offer).origin }
}

/** The same leg in the next process, which knows only what was written down. */
function next(media: LegMedia, port: MediaPort | undefined = PORT): LegMedia {
  const resumed = new LegMedia()
  resumed.resume(JSON.parse(JSON.stringify(media.note)) as MediaNote, port)
  return resumed
}

describe('the media of a leg in the next process', () => {
  it('are the same session: origin, version, lines in their places, meaning of payload types', () => {
    const { media, origin } = answered()
    const answer = next(media).answerAgain(
      `${sdp({ port: 40_000, direction: 'sendonly', version: 2 })}m=video 0 RTP/AVP 96\r\n`,
    )
    assert.deepEqual([read(answer).origin, read(answer).version], [origin, 2])
    assert.deepEqual(answer.match(/^m=.*$/gm), ['m=audio 33000 RTP/AVP 8 101', 'm=video 0 RTP/AVP 96'])
    assert.equal(read(answer).direction, 'recvonly')
    const reused = [{ type: 101, name: 'OPUS', rate: 48_000, channels: 2 }]
    assert.deepEqual(next(media).free(reused), [])
  })

  it('stay with the other phone in a direct bridge, also over a hold', () => {
    const { media, origin } = answered()
    const other = sdp({ port: 41_000 })
    media.offer(passOn(parseSdp(other)))
    media.accept(sdp({ port: 40_000, version: 2 }), media.read(sdp({ port: 40_000, version: 2 })))
    media.close()
    const resumed = next(media, undefined)
    assert.equal(resumed.ends, 'elsewhere')
    const answer = read(resumed.answerAgain(sdp({ port: 40_000, direction: 'sendonly', version: 3 })))
    assert.deepEqual(
      [answer.origin, answer.version, answer.port, answer.direction],
      [origin, 3, 41_000, 'recvonly'],
    )
    const again = read(next(resumed, undefined).answerAgain(sdp({ port: 40_000, version: 4 })))
    assert.deepEqual([again.version, again.port, again.direction], [4, 41_000, 'sendrecv'])
  })

  it('are noted with each change, before anything is sent that tells of it', () => {
    const { media } = answered()
    const versions: (number | undefined)[] = []
    media.onNews = () => versions.push(media.note?.session.version)
    media.offerOwn()
    media.answerAgain(sdp({ port: 40_000, version: 2 }))
    assert.deepEqual([versions[0], versions.at(-1)], [2, 3])
  })

  it('of a note that cannot be read are nobody’s', () => {
    for (const text of [undefined, '', '{', 'null', '1', '{"dialog":"x"}'])
      assert.equal(readNote(text), undefined)
  })
})
