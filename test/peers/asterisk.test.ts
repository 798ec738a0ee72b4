import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Asterisk } from './asterisk.ts'
import { Phone } from './baresip.ts'
import { missing } from './debian.ts'

const skip = await missing('asterisk', 'baresip')

test(
  'two phones call each other through Asterisk, and each hears the tone of the other',
  { skip },
  async (t) => {
    const alice = { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] }
    const bob = { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] }
    const asterisk = await Asterisk.start({ extensions: [alice, bob] })
    t.after(() => asterisk.stop())
    const pbx = (phone: { password: string }) => ({ port: asterisk.port, password: phone.password })
    const a = await Phone.start({ name: 'alice', says: 440, address: '127.0.0.2', pbx: pbx(alice) })
    t.after(() => a.stop())
    const b = await Phone.start({ name: 'bob', says: 700, address: '127.0.0.3', pbx: pbx(bob) })
    t.after(() => b.stop())

    a.dials(`sip:1002@127.0.0.1:${asterisk.port}`)
    const call = await b.rings()
    assert.match(call.peeruri ?? '', /alice/)
    await b.picksUp()
    await a.talks()
    await Promise.all([a.hears(700), b.hears(440)])
    assert.ok(a.loudness(440) < 0.1, 'alice does not hear herself')

    await a.hangsUp()
    await b.isFree()
  },
)
