/** `MEETING_BRIDGES`: how meetings of each provider are reached by telephone. */
import { z } from 'zod'
import { isKeyPattern } from '../core/meeting/keys.ts'
import type { ProviderName } from '../core/meeting/meeting.ts'
import { providers } from '../core/meeting/providers.ts'
import type { Bridge, Bridges } from '../core/meeting/way-in.ts'
import { Unfit, isHostName } from './values.ts'

const REMEDY =
  'Write JSON such as {"zoom": {"dial": "+34910480001", "keys": "{id}# *{pin}#|#"}, "webex": {"sipDomain": "webex.com", "sipVia": "trunk"}}.'

const row = z.strictObject({
  dial: z.string().trim().min(3).max(200).optional(),
  keys: z.string().max(200).refine(isKeyPattern, 'is no row of keys').optional(),
  sipDomain: z.string().toLowerCase().refine(isHostName, 'is no domain').optional(),
  sipVia: z.enum(['trunk', 'direct']).optional(),
})
const schema = z.record(z.string(), z.union([z.string().trim().min(3).max(200), row]))

/** The company's own bridge has a setting of its own. */
const named = providers.filter(({ name }) => name !== 'conference')

/** @throws Unfit with the place that is wrong */
export function meetingBridges(value: string): Bridges {
  const parsed = schema.safeParse(json(value))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Unfit(`is not understood at ${issue?.path.join('.') || 'its beginning'}`, REMEDY)
  }
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, given]) => {
      const bridge = bridgeOf(given)
      // What stands for it, anybody's invitation would say: the ids of CONFERENCE_BRIDGE are the bot's own.
      if (bridge.dial?.includes('{') === true)
        throw new Unfit(
          `has a place to be filled in what is dialled for ${name}`,
          'Write the number of all its meetings, and {id} in `keys`.',
        )
      return [providerNamed(name), bridge] as const
    }),
  )
}

function providerNamed(name: string): ProviderName {
  const found = named.find((provider) => provider.name === name.toLowerCase())
  if (found) return found.name
  const known = named.map((provider) => provider.name).join(', ')
  throw new Unfit(`names ${JSON.stringify(name)}, which is no provider`, `Write one of ${known}.`)
}

function bridgeOf(given: z.infer<typeof row> | string): Bridge {
  if (typeof given === 'string') return { dial: given }
  const { dial, keys, sipDomain, sipVia } = given
  return {
    ...(dial === undefined ? {} : { dial }),
    ...(keys === undefined ? {} : { keys }),
    ...(sipDomain === undefined ? {} : { sipDomain }),
    ...(sipVia === undefined ? {} : { sipVia }),
  }
}

function json(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new Unfit('is not JSON', REMEDY)
  }
}
