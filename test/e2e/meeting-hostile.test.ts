/** Invitations that somebody has made to do harm: each is answered in one plain sentence, and nobody is dialled. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { callsIn } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

const MEGABYTE = 'x'.repeat(1_000_000)
const NOT_SURE = /did not understand|Did you mean/i

/** What is pasted, and what is answered. */
const PASTED: readonly (readonly [what: string, text: string, answer: RegExp])[] = [
  [
    'a premium number',
    'join\nDial-in: +34 806 123 456\nConference ID: 123456#',
    /\+34 806 12 34 56.*premium/,
  ],
  ['a satellite', 'join\nDial-in: +881 6 1234 5678\nConference ID: 123456#', /satellite/i],
  ['an emergency number in an address', 'join sip:112@zoomcrc.com', /emergency/i],
  ['an emergency number', 'join tel:112,,123456#', NOT_SURE],
  ['ten thousand digits', `join tel:+34910480001,,${'1234567890'.repeat(1000)}#`, /too long/i],
  ['hundreds of pauses', `join tel:+34910480001${','.repeat(240)}123456#`, NOT_SURE],
  ['more digits than any id has', 'join tel:+34910480001,,123456789012345678901#', NOT_SURE],
  ['a command to the bridge as PIN', 'join +34 910 480 001 pin *90034806123456', /digits alone/],
  ['headers in an address', 'join sip:8001@zoomcrc.com?Replaces=a%3Bto-tag%3Db', NOT_SURE],
  ['a method in an address', 'join sip:8001@zoomcrc.com;method=REFER', NOT_SURE],
  ['another port', 'join sip:conf@zoomcrc.com:22', /zoomcrc\.com:22/],
  ['a domain that goes on', 'join sip:conf@zoomcrc.com.evil.example', /zoomcrc\.com\.evil\.example/],
  [
    'a domain that looks like it',
    'join https://teams.rnicrosoft.com/meet/21234567890',
    /teams\.rnicrosoft\.com/,
  ],
  ['digits of another script', 'join\nDial-in: +٣٤ ٩١٠ ٤٨٠ ٠٠١\nConference ID: ١٢٣٤٥٦#', NOT_SURE],
  ['a script', 'join javascript:alert(1)', /no meeting/i],
  ['a file', 'join file:///etc/passwd', /no meeting/i],
]

test('what is pasted to do harm', { skip }, async (t) => {
  const sipp = await Sipp.start('answers')
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  const office = await Office.open(t, { trunk, env: { ALLOW_SIP_DOMAINS: 'zoomcrc.com' } })
  for (const [what, text, answer] of PASTED)
    await t.test(what, async () => {
      const before = office.standing.length
      await office.types(alice, text)
      await office.chat.until(() => office.standing.length > before, 8000)
      const answers = office.standing.slice(before)
      assert.equal(answers.length, 1)
      assert.match(answers[0] ?? '', answer)
      assert.ok((answers[0] ?? '').length < 400, 'one sentence')
    })
  await t.test('a megabyte', async () => {
    const { status } = await office.chat.say(alice, `join\n${MEGABYTE}\nDial-in: +34 806 123 456`)
    assert.equal(status, 200)
    await office.chat.until(() => office.standing.filter((words) => words.includes('too long')).length === 2)
  })
  await t.test('a title that turns the direction of writing, on everybody’s card', async () => {
    await office.types(
      alice,
      'Topic: Stand\u202eexe.\u2066up\nDial-in: +34 910 480 001\nConference ID: 123456#',
    )
    const card = await office.shows(/Stand exe\. up/, /Call me/)
    assert.doesNotMatch(card, /[\u202a-\u202e\u2066-\u2069]/)
  })
  await office.bot.stop()
  assert.deepEqual(callsIn(sipp.messages), [], 'nobody is dialled')
})
