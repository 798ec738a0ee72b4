/** Who keys by hand while the bot still waits for its turn is the one whose keys a real conference bridge gets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asks, BRIDGE, conferenceHouse, idsRead, invitation } from '../helpers/conference.ts'
import { alice } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

for (const dtmf of ['rfc4733', 'info'] as const)
  test(
    `while the bridge speaks: it gets the user’s digits, and none of the bot’s (${dtmf})`,
    { skip },
    async (t) => {
      const { office, asterisk, a } = await conferenceHouse(t, dtmf)
      await office.types(alice, `join\n${invitation('9999')}`)
      await a.rings()
      await a.picksUp()
      await asterisk.logs(asks('conf-getconfno'))
      a.presses(`${BRIDGE.id}#`)
      await office.shows(/You are keying it yourself, so I key nothing more/)
      await asterisk.logs(asks('conf-getpin'))
      a.presses(`${BRIDGE.pin}#`)
      await asterisk.manager.sees({ Event: 'ConfbridgeJoin', Conference: BRIDGE.id })
      assert.deepEqual(idsRead(asterisk.log), [BRIDGE.id])
      await a.hangsUp()
      await office.shows(/ended · lasted/i)
    },
  )
