/** The conference bridge of docs/pbx/asterisk.md, taken by its word: the page's ConfBridge, real phones, one of them outside. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asteriskOfPage, BOT, TONES, withAccounts } from '../helpers/asterisk-page.ts'
import { alice, bob, Office } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const
const isIn = (name: string) => new RegExp(`${name}\n[\\s\\S]*in by phone`)
/** Of two tones that are mixed each is a half. */
const MIXED = 0.35

test(
  'the page’s ConfBridge is the room of meet now: id and PIN are keyed, and who is outside comes in by what [Invitation] tells',
  { skip },
  async (t) => {
    const { asterisk, a, b, carrier, ...pbx } = await asteriskOfPage(t, { meetings: true })
    const office = await Office.open(t, {
      ...{ people: withAccounts(pbx.people), sip: pbx.sip, address: BOT, env: pbx.env },
    })
    // Where she is alone with the bot.
    await office.types(alice, 'status')
    const there = { ...alice, ...group }
    await office.types(there, 'meet now')
    await a.rings()
    const card = await office.shows(/Conference call · audio only/, /\+34 910 48 00 00 · ID (\d{3} ){2}\d{3}/)
    await a.picksUp()
    await office.showsWithin(30_000, /Alice Serrano/, /One by phone/, isIn('Alice Serrano'))

    await office.presses({ ...bob, ...group }, 'callMe')
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(TONES.bob, 30_000), b.hears(TONES.alice, 30_000)])
    await office.shows(/2 by phone/, isIn('Bob Marín'))

    await office.presses(there, 'invitation')
    const invitation = await office.shows(
      /To pass on: .*dial \+34 910 48 00 00, then the ID [\d ]+ and #, then the PIN \d+ and #/,
    )
    const [, id = '', pin = ''] = /the ID ([\d ]+) and #, then the PIN (\d+)/.exec(invitation) ?? []
    assert.match(card, new RegExp(`ID ${id}`))
    carrier.dials(`sip:+34910480000@127.0.0.1:${asterisk.port}`)
    await carrier.talks()
    await asterisk.manager.sees({
      Event: 'Newexten',
      Context: 'from-carrier',
      Application: 'Read',
      Priority: '3',
    })
    carrier.presses(`${id.replaceAll(' ', '')}#`)
    await asterisk.manager.sees({
      Event: 'Newexten',
      Context: 'from-carrier',
      Application: 'Read',
      Priority: '4',
    })
    carrier.presses(`${pin}#`)
    await Promise.all([
      a.hears(TONES.outside, 20_000, MIXED),
      b.hears(TONES.outside, 20_000, MIXED),
      carrier.hears(TONES.alice, 20_000, MIXED),
    ])
    const shared = office.standing.filter((words) => !words.includes('To pass on'))
    assert.doesNotMatch(shared.join('\n'), new RegExp(pin), 'no card has the PIN')
    await a.hangsUp()
    await office.shows(/One by phone/, isIn('Bob Marín'))
    await b.hears(TONES.outside, 10_000)
  },
)
