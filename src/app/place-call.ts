import type { CallRequest, JoinedMeeting, JoinedRoom, Origin } from '../core/call/call.ts'
import { e164 } from '../core/ids.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'
import { providerOf } from '../core/meeting/providers.ts'
import type { Verdict } from '../core/dialplan/gate.ts'
import { waysIn } from '../core/meeting/way-in.ts'
import type { WayIn } from '../core/meeting/way-in.ts'
import type { Party, Person, PhoneKind, Target } from '../core/party.ts'
import type { Sentence } from '../core/sentence.ts'
import { pressesOne } from '../core/settings.ts'
import type { Settings } from '../core/settings.ts'
import type { Known } from './meetings/known.ts'
import type { Room } from './meetings/room.ts'
import type { Dialplan, Policy } from './policy.ts'

/** The callee, before it is known whether and how they can be dialled. */
export type Wanted =
  /** `phone` where one of theirs was named. */
  | { readonly person: Person; readonly phone?: PhoneKind }
  | { readonly number: string; readonly person?: Person }
  /** The bridge of a meeting. */
  | { readonly known: Known }
  /** A room of the bot's own, for the user alone. */
  | { readonly room: Room }

export type PlaceCallDeps = {
  readonly policy: Policy
  readonly dialplan: Dialplan
  /** Those of the user. */
  readonly settings: Settings
}

/**
 * Makes the request for a call, or the sentence that says why there can be none. Every number goes through the
 * gate here, whatever its way in: typed, chosen, redialled.
 */
export async function placeCall(
  me: Person,
  wanted: Wanted,
  from: PhoneKind | undefined,
  origin: Origin,
  { policy, dialplan, settings }: PlaceCallDeps,
): Promise<Placed | { readonly sentence: Sentence }> {
  const own = ownPhone(me, from, settings, dialplan)
  const callee =
    'known' in wanted
      ? await bridgeOf(wanted.known, dialplan, policy)
      : 'room' in wanted
        ? intoRoom(wanted.room, own)
        : await calleeOf(wanted, dialplan)
  if ('sentence' in callee) return callee
  if ('sentence' in own) return own
  if (!callee.room && (callee.party.person === me.id || sameTarget(callee.party.target, own.party.target)))
    return { sentence: { code: 'callingYourself' } }
  const another = own.party.phone === 'mobile' ? 'desk' : 'mobile'
  return {
    request: {
      by: me.id,
      user: own.party,
      callee: callee.party,
      callerId: callerOf(me, dialplan, policy),
      globalCallerId: policy.globalCallerId,
      pressOne: pressesOne(policy.pressOne, settings),
      ...(dialplan.targetOf(me, another) ? { otherPhone: another } : {}),
      limits: policy.limits,
      origin,
      ...(callee.meeting ? { meeting: callee.meeting } : {}),
      ...(callee.room ? { room: callee.room } : {}),
    },
    ...(callee.keys ? { keys: callee.keys } : {}),
  }
}

/** A call that may be made; `keys` are keyed for the user at the bridge, and kept out of the request. */
export type Placed = { readonly request: CallRequest; readonly keys?: KeyPlan }
type Callee = {
  readonly party: Party
  readonly meeting?: JoinedMeeting
  readonly keys?: KeyPlan
  readonly room?: JoinedRoom
}
type Side = Callee | { readonly sentence: Sentence }

/** Nobody is called but the user, whose phone comes into the room. */
function intoRoom({ id, host }: Room, own: Side): Side {
  if ('sentence' in own) return own
  return { party: { name: host.name, target: own.party.target }, room: { id, title: host.name } }
}

/** The first way into a meeting that the gate lets through; else what it says of the first. */
async function bridgeOf(
  { id, meeting, told, untold }: Known,
  dialplan: Dialplan,
  policy: Policy,
): Promise<Side> {
  const { provider, title, link } = meeting
  const ways = waysIn(meeting, policy.country, policy.bridges, told)
  if (typeof ways === 'string') return { sentence: { code: 'noWayIn', provider, missing: untold ?? ways } }
  let refusal: Sentence | undefined
  for (const way of ways) {
    const { keys } = way
    const verdict = await judged(way, dialplan)
    if (!verdict.ok) {
      refusal ??= verdict.sentence
      continue
    }
    const keyed = keys.some((step) => step.do === 'keys')
    return {
      party: { name: title ?? providerOf(provider).label, target: verdict.target },
      meeting: {
        id,
        provider,
        keyed,
        ...(title === undefined ? {} : { title }),
        ...(link === undefined ? {} : { link }),
      },
      keys,
    }
  }
  return { sentence: refusal ?? { code: 'noWayIn', provider, missing: 'number' } }
}

function judged({ dial, configured, gateway }: WayIn, dialplan: Dialplan): Promise<Verdict> {
  if (gateway) return dialplan.judgeGateway(dial, gateway)
  return configured ? dialplan.judgeConfigured(dial, configured === 'asItStands') : dialplan.judge(dial)
}

async function calleeOf(
  wanted: Exclude<Wanted, { known: Known } | { room: Room }>,
  dialplan: Dialplan,
): Promise<Side> {
  if ('number' in wanted) {
    const verdict = await dialplan.judge(wanted.number)
    if (!verdict.ok) return { sentence: verdict.sentence }
    const { person } = wanted
    return {
      party: {
        name: person?.name ?? verdict.shown,
        target: verdict.target,
        ...(person ? { person: person.id } : {}),
        ...departmentOf(person),
      },
    }
  }
  const { person, phone } = wanted
  const target =
    phone === undefined
      ? (dialplan.targetOf(person) ?? dialplan.targetOf(person, 'mobile'))
      : dialplan.targetOf(person, phone)
  if (!target && phone !== undefined)
    return { sentence: { code: 'theyHaveNoSuchPhone', who: person.name, phone } }
  if (!target) return { sentence: { code: 'noPhone', who: person.name } }
  return { party: { person: person.id, name: person.name, ...departmentOf(person), target } }
}

const departmentOf = (person: Person | undefined) =>
  person?.department === undefined ? {} : { department: person.department }

/**
 * Which of one's own phones rings first: the one asked for; else the one that was set, as long as the directory has it; else
 * the desk phone, or the mobile where there is no other.
 */
export function phoneThatRings(
  me: Person,
  from: PhoneKind | undefined,
  { rings }: Settings,
  dialplan: Pick<Dialplan, 'targetOf'>,
): PhoneKind {
  if (from !== undefined) return from
  if (rings !== undefined && dialplan.targetOf(me, rings)) return rings
  return dialplan.targetOf(me, 'desk') ? 'desk' : 'mobile'
}

function ownPhone(me: Person, from: PhoneKind | undefined, settings: Settings, dialplan: Dialplan): Side {
  const phone = phoneThatRings(me, from, settings, dialplan)
  const target = dialplan.targetOf(me, phone)
  if (target) return { party: { person: me.id, name: me.name, phone, target } }
  return {
    sentence: from === undefined ? { code: 'youHaveNoPhone' } : { code: 'youHaveNoSuchPhone', phone: from },
  }
}

/** docs/rules.md, "Callee's view". */
function callerOf(me: Person, dialplan: Dialplan, policy: Policy): CallRequest['callerId'] {
  const desk = dialplan.targetOf(me, 'desk')
  const number = me.did ?? (desk?.kind === 'number' ? desk.number : undefined)
  const extension = me.extension ?? (desk?.kind === 'extension' ? desk.extension : undefined)
  // Somebody with nothing but a mobile is better known by that than by nothing.
  const mobile = extension === undefined ? e164(me.phones.mobile ?? '') : undefined
  const general = policy.globalCallerId ?? mobile
  return {
    name: me.name,
    ...(number === undefined ? {} : { number }),
    ...(extension === undefined ? {} : { extension }),
    ...(general === undefined ? {} : { general }),
  }
}

/** Whether both would ring the same phone. */
export function sameTarget(a: Target | undefined, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
