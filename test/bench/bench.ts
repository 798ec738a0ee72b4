/**
 * npm run bench [-- <what> --rate 50 --seconds 20 …]: prints JSON. docs/performance.md says what each figure means.
 *
 *   (nothing)            messages to the whole bot, cards out to a channel
 *   service              calls placed at the call service: SIP and store, no chat
 *   memory               what a bridged call keeps, from 1,000 to 5,000 of them
 *   slope                what 10,000 ended calls leave behind
 *   relay                CPU of a relayed leg
 *   meetings             looking for a meeting in a message; the mixer: CPU of a leg in a room, and how evenly it
 *                        gets its sound
 *   people               search among 20,000 people, and reading their file anew
 *   --against asterisk   the same dial-backs by Asterisk's AMI Originate
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { asterisk } from './asterisk.ts'
import { wholeBot } from './bot.ts'
import { underLoad } from './load.ts'
import type { Start } from './load.ts'
import { memoryPerCall, slopeOverCalls } from './memory.ts'
import { peopleSearch } from './people.ts'
import { recognition } from './recognition.ts'
import { relayedLegs } from './relay.ts'
import { mixedRooms } from './rooms.ts'
import { callService } from './service.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    talk: { type: 'string', default: '2000' },
    legs: { type: 'string', default: '200' },
    calls: { type: 'string' },
    people: { type: 'string', default: '20000' },
    queries: { type: 'string', default: '2000' },
    /** How many conversations take turns; each call is the first of its own when unset. */
    conversations: { type: 'string' },
    against: { type: 'string' },
    /** A folder for heap snapshots at the end of `memory`. */
    snapshots: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})
const [what = 'bot'] = positionals
const load = {
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  talk: Number(values.talk),
  profile: values.profile,
}

const known = values.conversations === undefined ? undefined : Number(values.conversations)
const bot: Start = (port, calls) => wholeBot(port, calls, known)

async function measured(): Promise<object> {
  if (values.against === 'asterisk') return underLoad(asterisk, load)
  switch (what) {
    case 'bot':
      return underLoad(bot, load)
    case 'service':
      return underLoad(callService, load)
    case 'memory':
      return memoryPerCall(bot, {
        rate: load.rate,
        most: Number(values.calls ?? 5000),
        folder: values.snapshots,
      })
    case 'slope':
      return slopeOverCalls(bot, { rate: load.rate, calls: Number(values.calls ?? 10_000) })
    case 'relay':
      return relayedLegs(Number(values.legs), load.seconds)
    case 'meetings':
      return meetings()
    case 'people':
      return peopleSearch(Number(values.people), Number(values.queries))
    default:
      throw new Error(`there is no bench "${what}"`)
  }
}

async function meetings() {
  const recognised = recognition(Number(values.queries))
  const mixer = await mixedRooms(Number(values.legs), load.seconds)
  return { ...recognised, mixer, failed: recognised.failed + mixer.failed }
}

const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
const figures = await measured()
console.log(JSON.stringify({ machine, what: values.against ?? what, ...figures }, null, 2))
process.exit('failed' in figures && figures.failed !== 0 ? 1 : 0)
