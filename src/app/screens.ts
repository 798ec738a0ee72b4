import type { Call } from '../core/call/call.ts'
import type { CallRecord } from '../core/call/record.ts'
import { viewOf, viewOfRecord } from '../core/call/view.ts'
import type { CallId } from '../core/ids.ts'
import type { Party, Person } from '../core/party.ts'
import type { CallLine, CallView, FoundPerson, Presence, Screen, TrunkShown } from '../core/screen.ts'
import type { Sentence } from '../core/sentence.ts'
import type { CallService } from './call-service.ts'
import { isAdmin } from './policy.ts'
import type { Dialplan, Policy } from './policy.ts'
import type { Often } from './often.ts'
import type { Directory, Found, Legs, TrunkState } from './ports.ts'
import { nearNames, shortlist } from './shortlist.ts'
import type { Shortlist } from './shortlist.ts'
import { named } from './whom.ts'
import type { Naming } from './whom.ts'

export type ScreensDeps = {
  readonly calls: CallService
  readonly directory: Directory
  readonly legs: Legs
  readonly policy: Policy
  readonly dialplan: Dialplan
  readonly often: Often
}

const PAGE = 10

/** What a user can look at: calls, people, how things are. Nobody is rung by any of it. */
export class Screens {
  readonly #deps: ScreensDeps

  constructor(deps: ScreensDeps) {
    this.#deps = deps
  }

  /** `calls`: one's own finished calls, ten a page, newest first. */
  async list({ me }: Naming, page: number): Promise<Screen> {
    const skip = (page - 1) * PAGE
    const found = await this.#deps.calls.history(me.id, { skip, limit: PAGE + 1 })
    if (found.length === 0 && page === 1) return say({ code: 'noCalls' })
    return {
      kind: 'calls',
      lines: found.slice(0, PAGE).map((record) => this.#line(record)),
      page,
      more: found.length > PAGE,
    }
  }

  /** `find <who>`: who that is, and where they can be reached. Nobody is rung. */
  async find(visit: Naming, who: string): Promise<Screen> {
    if (who === '') return say({ code: 'findWhom' })
    const listed = await this.sought(visit, who)
    if ('sentence' in listed) return say(listed.sentence)
    const { people, left } = listed
    return { kind: 'people', who, people: people.map((person) => this.#found(person)), left }
  }

  /** The people whom a name or number may mean; or the sentence that there are none, or too many. */
  async sought(visit: Naming, who: string): Promise<Shortlist | { readonly sentence: Sentence }> {
    const { directory, dialplan } = this.#deps
    const byNumber = dialplan.looksLikeNumber(who) ? await directory.byNumber(who) : undefined
    const found = byNumber ? { fitting: [byNumber], guessed: [] } : await named(directory, visit, who)
    return this.listed(visit.me, who, found)
  }

  /** Those whom a name may mean, whom one calls often first; or the sentence that there are none, or too many. */
  async listed(me: Person, who: string, found: Found): Promise<Shortlist | { readonly sentence: Sentence }> {
    const { directory, often } = this.#deps
    const scores = await often.scores(me.id)
    const list = shortlist(found, scores)
    if (list.people.length > 0) return list
    if (list.left > 0) return { sentence: { code: 'tooManyMatches', who, count: list.left } }
    return { sentence: { code: 'personUnknown', who, near: nearNames(await directory.near(who), scores) } }
  }

  /** `status`: one's phones, the call that is running, and whether the PBX answers. */
  status({ me }: Naming): Screen {
    const { calls, legs, policy } = this.#deps
    const running = calls.running(me.id)
    const {
      name: _name,
      department: _department,
      email: _email,
      extension: _extension,
      presence: _presence,
      ...phones
    } = this.#found(me)
    return {
      kind: 'status',
      status: {
        name: me.name,
        ...phones,
        ...(me.did === undefined ? {} : { did: me.did }),
        ...(policy.globalCallerId === undefined ? {} : { globalCallerId: policy.globalCallerId }),
        ...(running ? { call: this.view(running) } : {}),
        trunks: legs.trunks().map((trunk) => ({ name: trunk.name, state: stateShown(trunk) })),
      },
    }
  }

  help(welcome = false): Screen {
    const { globalCallerId } = this.#deps.policy
    return { kind: 'help', welcome, ...(globalCallerId === undefined ? {} : { globalCallerId }) }
  }

  /** [Details]: times and causes, for those who took part and for administrators. */
  async details({ me }: Naming, id: CallId): Promise<Screen> {
    const { call, record } = await this.#deps.calls.details(id)
    const view = this.#viewFor(me, call, record)
    if (!view) return say({ code: 'buttonUnknown' })
    const admin = isAdmin(me, this.#deps.policy)
    if (!admin && !tookPart(me, call?.request ?? record?.request)) return say({ code: 'notYours' })
    return { kind: 'details', view, ladder: admin, ...(record ? { record } : {}) }
  }

  /** The SIP ladder, for administrators. */
  async ladder({ me }: Naming, id: CallId): Promise<Screen> {
    if (!isAdmin(me, this.#deps.policy)) return say({ code: 'adminsOnly' })
    const { call, record, ladder } = await this.#deps.calls.details(id)
    const view = this.#viewFor(me, call, record)
    return view ? { kind: 'ladder', view, entries: ladder } : say({ code: 'buttonUnknown' })
  }

  /** What stands for this user now: the running call's card, or that there is none. */
  standing({ me }: Naming): Screen {
    const running = this.#deps.calls.running(me.id)
    return running ? { kind: 'call', view: this.view(running) } : say({ code: 'askExpired' })
  }

  /** The card of a call as it stands, for those who took part. */
  async card(me: Person, id: CallId): Promise<Screen> {
    const { call, record } = await this.#deps.calls.details(id)
    const request = call?.request ?? record?.request
    if (!request) return say({ code: 'buttonUnknown' })
    if (!tookPart(me, request) && !isAdmin(me, this.#deps.policy)) return say({ code: 'notYours' })
    const view = this.#viewFor(me, call, record)
    return view ? { kind: 'call', view } : say({ code: 'buttonUnknown' })
  }

  /** The card of a call. Until they talk it tells where the callee is seen in another call. */
  view(call: Call): CallView {
    const view = viewOf(call, this.shown)
    const { person } = call.request.callee
    const waiting = view.state.kind !== 'ended' && view.state.kind !== 'connected'
    const inCall = waiting && person !== undefined && this.#deps.calls.isInCall(person)
    return inCall ? { ...view, callee: { ...view.callee, inCall } } : view
  }

  /** Whether a person is seen in a call now. */
  presence({ id }: Person): Presence {
    return this.#deps.calls.isInCall(id) ? 'inCall' : 'unknown'
  }

  /** The card with what this person may press on it: only who made the call hangs it up or calls again. */
  #viewFor(me: Person, call: Call | undefined, record: CallRecord | undefined): CallView | undefined {
    const view = call ? this.view(call) : record && viewOfRecord(record, this.shown)
    const own = (call?.request ?? record?.request)?.by === me.id
    return view && (own ? view : { ...view, actions: view.actions.filter((verb) => verb === 'details') })
  }

  readonly shown = (party: Party): string => this.#deps.dialplan.shown(party.target)

  #line(record: CallRecord): CallLine {
    const { id: call, request, requestedAt: at, lasted, cause, side, legs } = record
    const { room } = request
    const number = room && !room.invited ? '' : this.shown(request.callee)
    const machine = legs.find(({ role }) => role === 'callee')?.by
    return {
      call,
      who: request.callee.name,
      number,
      at,
      lasted,
      cause,
      side,
      ...(machine ? { machine } : {}),
      ...(room ? { room: true } : {}),
    }
  }

  #found(person: Person): FoundPerson {
    const { dialplan } = this.#deps
    const desk = dialplan.targetOf(person, 'desk')
    const mobile = dialplan.targetOf(person, 'mobile')
    return {
      name: person.name,
      ...(person.department === undefined ? {} : { department: person.department }),
      ...(person.email === undefined ? {} : { email: person.email }),
      ...(person.extension === undefined ? {} : { extension: person.extension }),
      ...(desk ? { desk: dialplan.shown(desk) } : {}),
      ...(mobile ? { mobile: dialplan.shown(mobile) } : {}),
      presence: this.presence(person),
    }
  }
}

/** A trunk that answers, and has us not registered, may refuse our calls: that is what people have to know. */
function stateShown({ state, registration }: TrunkState): TrunkShown['state'] {
  const registered = registration === undefined || registration.state === 'registered'
  return state === 'down' || registered ? state : 'unregistered'
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })

function tookPart(me: Person, request: CallRecord['request'] | undefined): boolean {
  return request !== undefined && (request.by === me.id || request.callee.person === me.id)
}
