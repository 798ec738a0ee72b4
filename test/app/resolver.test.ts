import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { house, settled } from './house.ts'

const LINK =
  'https://teams.microsoft.com/l/meetup-join/19%3ameeting_Zm9v%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%22550fae72-d251-43ec-868c-373732c2704f%22%7d'
const TOLD = {
  id: '249991234',
  numbers: [
    { number: '+442030000000', tollFree: true },
    { number: '+34911980000', tollFree: false },
    { number: '+34800000000', tollFree: true },
  ],
}
type House = ReturnType<typeof house>
/** The user picks up, and the bridge, too. */
async function in_({ legs }: House) {
  legs.answers(1)
  await settled()
  legs.answers(2)
  await settled()
}

describe('a meeting whose link tells no number', () => {
  it('is joined by the free number of the user’s country that its service tells, with its id keyed', async () => {
    const h = house()
    h.service.told = TOLD
    await h.types(`join ${LINK}`)
    await in_(h)
    assert.deepEqual(h.legs.dialled[1]?.to, { kind: 'number', number: '+34800000000' })
    assert.match(h.legs.did.at(-1) ?? '', /prompt 249991234#$/)
    assert.deepEqual(h.service.asked, ['alice'])
  })

  it('has [Call me] on its card, as one with a number has', async () => {
    const h = house()
    h.service.told = TOLD
    await h.types(LINK, { conversation: 'team', group: true })
    await settled()
    assert.equal(h.chat.meetings.at(-1)?.view.missing, undefined)
  })

  it('is asked for once: the answer is remembered for hours', async () => {
    const h = house()
    h.service.told = TOLD
    await h.types(LINK)
    await h.types(`join ${LINK}`)
    h.clock.pass(3 * 3600)
    await h.types(LINK)
    assert.equal(h.service.asked.length, 1)
    h.clock.pass(2 * 3600)
    await h.types(LINK)
    assert.equal(h.service.asked.length, 2)
  })

  it('is asked for once, by whoever is first: the link names its organiser, and the answer is everybody’s', async () => {
    const h = house()
    h.service.organiser = 'the organiser'
    h.service.told = TOLD
    await Promise.all(
      ['alice', 'bob', 'carol'].map((who) =>
        h.types(LINK, { conversation: `with ${who}`, sender: { id: `29:${who}`, aadObjectId: who } }),
      ),
    )
    assert.deepEqual(h.service.asked, ['the organiser'])
  })

  it('where the organiser’s meetings are closed each asks for themselves, so that nobody is told what is not for them', async () => {
    const h = house()
    h.service.organiser = 'the organiser'
    h.service.told = 'refused'
    h.service.toldOf.set('bob', TOLD)
    const theirs = { ...{ conversation: 'team', group: true }, sender: { id: '29:bob', aadObjectId: 'bob' } }
    await h.types(LINK, { conversation: 'team', group: true })
    await settled()
    assert.equal(h.chat.meetings.at(-1)?.view.missing, 'refused')
    await h.types(LINK, theirs)
    await settled()
    assert.equal(h.chat.meetings.at(-1)?.view.missing, undefined)
    assert.deepEqual(h.service.asked, ['the organiser', 'alice', 'bob'])
  })

  it('whoever may not be told it is told so, with what to do', async () => {
    const h = house()
    h.service.told = 'refused'
    await h.types(`join ${LINK}`)
    assert.deepEqual(h.chat.last, {
      kind: 'sentence',
      sentence: { code: 'noWayIn', provider: 'teams', missing: 'refused' },
    })
    assert.deepEqual(h.legs.did, [])
  })

  it('a service that is away is asked again soon, and says meanwhile what is missing', async () => {
    const h = house()
    h.service.told = 'away'
    await h.types(`join ${LINK}`)
    assert.partialDeepStrictEqual(h.chat.last, { sentence: { code: 'noWayIn', missing: 'away' } })
    h.service.told = TOLD
    h.clock.pass(16)
    await h.types(`join ${LINK}`)
    assert.deepEqual(h.legs.did, ['dial 1'])
  })

  it('the bridge that the administrator has set is dialled with the id that the service tells', async () => {
    const h = house({ bridges: { teams: { dial: '+34917870058' } } })
    h.service.told = TOLD
    await h.types(`join ${LINK}`)
    await in_(h)
    assert.deepEqual(h.legs.dialled[1]?.to, { kind: 'number', number: '+34917870058' })
    assert.match(h.legs.did.at(-1) ?? '', /249991234#$/)
  })

  it('a number that the service tells passes the gate like any other', async () => {
    const h = house()
    h.service.told = { id: '249991234', numbers: [{ number: '+34806123456', tollFree: false }] }
    await h.types(`join ${LINK}`)
    assert.equal(h.chat.sentence, 'numberNotAllowed')
    assert.deepEqual(h.legs.did, [])
  })

  it('a text that tells its number is not asked about', async () => {
    const h = house()
    await h.types(`join ${LINK} +34 911 98 00 00 Conference ID: 249 991 234#`)
    assert.deepEqual(h.service.asked, [])
    assert.deepEqual(h.legs.did, ['dial 1'])
  })
})
