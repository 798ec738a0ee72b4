/**
 * npm run dialback -- doctor: looks at all that a call needs, one thing after the other, and says for each how it is and
 * what to do. It goes the bot's own way (settings, resolver, sipd, legs, sound), rings nobody but the phone that it is
 * told to, and neither locks nor changes anything of a bot that runs.
 */
import { withoutValues } from '../ops/redact.ts'
import { checkClock, checkConnector, checkCredentials, checkKeys, checkPublicUrl } from './cloud.ts'
import { checkData, checkNode } from './machine.ts'
import { checkPorts } from './ports.ts'
import { checkGraph } from './graph.ts'
import { messageOf, summed, tellOf, worded } from './finding.ts'
import type { Finding, Tell } from './finding.ts'
import { checkPeople, checkSettings } from './settings.ts'
import { checkCall } from './test-call.ts'
import { checkAddresses, checkAnswers, checkDigest, checkResolves } from './trunks.ts'
import { Ward } from './ward.ts'
import type { Asked } from './ward.ts'

type Check = {
  readonly name: string
  /** Seconds that it may take. */
  readonly limit: number
  /** Needs nothing of the settings. */
  readonly always?: true
  readonly run: (ward: Ward, tell: Tell) => Promise<void> | void
}

/** In the order of what needs what. */
const checks: readonly Check[] = [
  { name: 'node', limit: 2, always: true, run: checkNode },
  { name: 'settings', limit: 10, always: true, run: checkSettings },
  { name: 'ports', limit: 20, run: checkPorts },
  { name: 'data', limit: 10, run: checkData },
  { name: 'people', limit: 10, run: checkPeople },
  { name: 'trunk resolves', limit: 20, run: checkResolves },
  { name: 'trunk answers', limit: 30, run: checkAnswers },
  { name: 'credentials of the trunk', limit: 30, run: checkDigest },
  { name: 'addresses', limit: 10, run: checkAddresses },
  { name: 'call', limit: 660, run: checkCall },
  { name: 'clock', limit: 15, run: checkClock },
  { name: "bot's credentials", limit: 20, run: checkCredentials },
  { name: 'keys of channels', limit: 15, run: checkKeys },
  { name: 'connector', limit: 15, run: checkConnector },
  { name: 'public address', limit: 15, run: checkPublicUrl },
  { name: 'Microsoft Graph', limit: 30, run: checkGraph },
]

/**
 * Runs all checks.
 * @param options.json one JSON document in place of lines
 * @returns 0 where nothing has failed, else 1
 */
export async function examine(
  asked: Asked,
  { json, say }: { readonly json: boolean; readonly say: (line: string) => void },
): Promise<0 | 1> {
  const ward = new Ward(asked)
  const findings: Finding[] = []
  const take = (finding: Finding) => {
    const clear = withoutSecrets(ward, finding)
    findings.push(clear)
    if (!json) say(worded(clear))
  }
  for (const check of checks) await run(check, ward, tellOf(check.name, take), say, json)
  await ward.close()
  const failed = findings.some(({ state }) => state === 'failed')
  say(json ? JSON.stringify({ ok: !failed, findings }, null, 2) : `\n${summed(findings)}`)
  return failed ? 1 : 0
}

async function run(
  check: Check,
  ward: Ward,
  tell: Tell,
  say: (line: string) => void,
  json: boolean,
): Promise<void> {
  if (check.always !== true && !ward.loaded) return tell.skip('the settings do not fit')
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => {
    late.resolve('late')
  }, check.limit * 1000)
  if (check.name === 'call' && ward.asked.call !== undefined && !json) say(`         ${PICK_UP}`)
  try {
    const came = await Promise.race([Promise.resolve(check.run(ward, tell)), late.promise])
    if (came === 'late')
      tell.fail(`not known after ${check.limit} s`, 'Something does not answer: see the lines above.')
  } catch (fault) {
    tell.fail(`cannot be told: ${messageOf(fault)}`, 'See the lines above; what they name may be the cause.')
  } finally {
    clearTimeout(timer)
  }
}

const PICK_UP =
  'Pick up the phone: three notes, again and again, then you hear yourself; it hangs up by itself.'

/** Passwords are told by nobody here; but a PBX or a library may repeat one. */
function withoutSecrets({ loaded }: Ward, finding: Finding): Finding {
  const clear = withoutValues(loaded?.config.secrets ?? [])
  return JSON.parse(clear(JSON.stringify(finding))) as Finding
}
