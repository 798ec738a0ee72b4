import { askId, callId, meetingId, personId } from '../../src/core/ids.ts'
import type { CallRecord } from '../../src/core/call/record.ts'
import { e164 } from '../../src/core/ids.ts'
import type { CallView, Screen } from '../../src/core/screen.ts'
import type { Sentence } from '../../src/core/sentence.ts'
import type { Cause, Side } from '../../src/core/termination.ts'
import { view } from './chat.ts'

const at = Date.UTC(2026, 0, 2, 10, 0, 0)

/** Every cause, and every side that has a wording of its own. */
export const causes: readonly Cause[] = [
  'notAdmitted',
  'completed',
  'busy',
  'noAnswer',
  'declined',
  'unreachable',
  'diverted',
  'trunkDown',
  'noLine',
  'cancelled',
  'notConfirmed',
  'refused',
  'limit',
  'interrupted',
  'failed',
]
export const sides: readonly Side[] = ['user', 'callee', 'pbx', 'bot']

/** The live states of a call, by name. */
export const live: Readonly<Record<string, CallView['state']>> = {
  callingUser: { kind: 'callingUser' },
  confirming: { kind: 'confirming' },
  calling: { kind: 'callingCallee', ringing: false },
  ringing: { kind: 'callingCallee', ringing: true },
  connected: { kind: 'connected', since: at },
}

export const ended = (cause: Cause, side: Side, lasted = 0): CallView['state'] => ({
  kind: 'ended',
  cause,
  side,
  ...(cause === 'diverted' ? { divertedTo: '+34600000009' } : {}),
  connected: lasted > 0,
  lasted,
  legs: [
    { role: 'user', rang: 6, talked: lasted + 12 },
    { role: 'callee', rang: 12, talked: lasted },
  ],
  at: at + 60_000,
  ...(cause === 'busy' && side === 'user' ? { otherPhone: 'mobile' } : {}),
})

/** One sentence of each code, with `text` wherever somebody else's words stand in it. */
export function sentences(text: string): readonly Sentence[] {
  const all: { readonly [Code in Sentence['code']]: Extract<Sentence, { readonly code: Code }> } = {
    unknownCommand: { code: 'unknownCommand', text, nearest: text },
    callWhom: { code: 'callWhom' },
    findWhom: { code: 'findWhom' },
    tooLong: { code: 'tooLong' },
    notAUser: { code: 'notAUser' },
    personUnknown: { code: 'personUnknown', who: text, near: [text, text] },
    tooManyMatches: { code: 'tooManyMatches', who: text, count: 21 },
    noPhone: { code: 'noPhone', who: text },
    youHaveNoPhone: { code: 'youHaveNoPhone' },
    youHaveNoSuchPhone: { code: 'youHaveNoSuchPhone', phone: 'mobile' },
    theyHaveNoSuchPhone: { code: 'theyHaveNoSuchPhone', who: text, phone: 'mobile' },
    noPhoneToRing: { code: 'noPhoneToRing', phone: 'mobile', ask: [text] },
    pressOneForced: { code: 'pressOneForced', on: true, ask: [] },
    settingsNotYours: { code: 'settingsNotYours' },
    callingYourself: { code: 'callingYourself' },
    numberInvalid: { code: 'numberInvalid', number: text },
    numberNotAllowed: { code: 'numberNotAllowed', number: text, kind: 'international' },
    emergency: { code: 'emergency', number: text },
    sipDomainNotAllowed: { code: 'sipDomainNotAllowed', domain: text },
    alreadyCalling: { code: 'alreadyCalling', who: text },
    noCall: { code: 'noCall' },
    nothingToRedial: { code: 'nothingToRedial' },
    noCalls: { code: 'noCalls' },
    tooManyCalls: { code: 'tooManyCalls', limit: 60 },
    trunkDown: { code: 'trunkDown' },
    noLine: { code: 'noLine' },
    draining: { code: 'draining' },
    joinWhat: { code: 'joinWhat' },
    noWayIn: { code: 'noWayIn', provider: 'teams', missing: 'number' },
    meetingUnknown: { code: 'meetingUnknown' },
    noCalendar: { code: 'noCalendar' },
    calendarAway: { code: 'calendarAway' },
    noMeetingsToday: { code: 'noMeetingsToday' },
    noMeetingsTomorrow: { code: 'noMeetingsTomorrow' },
    noMeetingAhead: { code: 'noMeetingAhead' },
    agendaSent: { code: 'agendaSent' },
    agendaAlone: { code: 'agendaAlone' },
    roomOver: { code: 'roomOver' },
    roomFull: { code: 'roomFull', limit: 50 },
    tooManyRinging: { code: 'tooManyRinging', limit: 10 },
    roomLocked: { code: 'roomLocked', host: text },
    hostOnly: { code: 'hostOnly', host: text },
    hostEnds: { code: 'hostEnds', host: text },
    alreadyIn: { code: 'alreadyIn', who: text },
    inNoRoom: { code: 'inNoRoom' },
    addToWhat: { code: 'addToWhat' },
    addWhom: { code: 'addWhom' },
    alreadyMeeting: { code: 'alreadyMeeting' },
    notYetTalking: { code: 'notYetTalking', who: text },
    inviting: { code: 'inviting', who: text },
    muted: { code: 'muted', on: true },
    mutedAll: { code: 'mutedAll', count: 2, bridged: true },
    locked: { code: 'locked', on: true, bridged: true },
    endedForAll: { code: 'endedForAll' },
    hostOfNone: { code: 'hostOfNone', call: true },
    notMyMeeting: { code: 'notMyMeeting', provider: 'zoom' },
    noBridge: { code: 'noBridge' },
    invitation: {
      code: 'invitation',
      title: text,
      number: '+34 910 48 00 00',
      id: '234 567 890',
      pin: '123456',
    },
    invitationSent: { code: 'invitationSent' },
    invitationAlone: { code: 'invitationAlone' },
    watching: { code: 'watching', on: true },
    watchingAlone: { code: 'watchingAlone' },
    noMeetingInIt: { code: 'noMeetingInIt' },
    meetingShown: { code: 'meetingShown' },
    meetingShownBefore: { code: 'meetingShownBefore' },
    noPin: { code: 'noPin' },
    noMeetingThere: { code: 'noMeetingThere', host: 'teams.rnicrosoft.com' },
    notYours: { code: 'notYours' },
    nothingAsked: { code: 'nothingAsked' },
    pickOne: { code: 'pickOne', count: 3 },
    leftAlone: { code: 'leftAlone' },
    askExpired: { code: 'askExpired' },
    buttonUnknown: { code: 'buttonUnknown' },
    adminsOnly: { code: 'adminsOnly' },
    restartedMeanwhile: { code: 'restartedMeanwhile', text },
    fault: { code: 'fault', reference: '1a2b3c4d' },
  }
  return Object.values(all)
}

/** One screen of each kind, by the name of its template, with `name` wherever a name stands. */
export function screens(name: string) {
  const named = { callee: { name, number: '+34 910 00 00 02' } }
  const call = view(live['callingUser']!, 3, named)
  const record = view(ended('completed', 'callee', 42), 7, named)
  const bob = { name, department: 'Sales', number: '+34910000002', presence: 'inCall' } as const
  const found = {
    name,
    department: 'Sales',
    email: 'bob@contoso.example',
    extension: '1002',
    desk: '+34910000002',
    presence: 'inCall',
  } as const
  const ask = askId('q_1')
  const callerId = call.globalCallerId ? { globalCallerId: call.globalCallerId } : {}
  return {
    'call-live': { kind: 'call', view: call },
    'call-ended': { kind: 'call', view: record },
    ask: {
      kind: 'ask',
      ask,
      who: 'Bob',
      choices: [
        { pick: 0, ...bob },
        { pick: 1, name: 'Roberto Bob Díaz', number: '1003', presence: 'unknown' },
      ],
      left: 0,
    },
    question: { kind: 'askBusy', ask, talkingTo: name, wanted: 'Carol Vega', wants: 'call' },
    people: {
      kind: 'people',
      who: 'Bob',
      people: [found, { name: 'Roberto Bob Díaz', extension: '1003', presence: 'unknown' }],
      left: 0,
    },
    calls: {
      kind: 'calls',
      page: 2,
      more: true,
      lines: [
        {
          call: call.call,
          who: name,
          number: '+34910000002',
          at,
          lasted: 42,
          cause: 'completed',
          side: 'callee',
        },
        { call: callId('c_2'), who: '1003', number: '1003', at, lasted: 0, cause: 'busy', side: 'callee' },
      ],
    },
    help: { kind: 'help', welcome: false, ...callerId },
    welcome: { kind: 'help', welcome: true, ...callerId },
    status: {
      kind: 'status',
      status: {
        name: 'Alice Serrano',
        desk: '+34910000001',
        mobile: '+34600000001',
        ...callerId,
        call,
        trunks: [{ name: 'main', state: 'up' }],
      },
    },
    settings: {
      kind: 'settings',
      settings: {
        owner: personId('p_alice'),
        phones: [
          { kind: 'desk', number: '+34910000001', first: true },
          { kind: 'mobile', number: '+34600000001', first: false },
        ],
        language: 'channel',
        pressOne: { on: false, forced: false },
        ask: [name],
      },
    },
    details: { kind: 'details', view: record, record: recordOf(name), ladder: true },
    ladder: {
      kind: 'ladder',
      view: record,
      entries: [
        { at, role: 'user', direction: 'out', line: 'INVITE sip:1001@pbx.example SIP/2.0', text: '' },
        { at: at + 120, role: 'user', direction: 'in', line: 'SIP/2.0 180 Ringing', text: '' },
      ],
    },
    meeting: {
      kind: 'meeting',
      view: {
        meeting: meetingId('m_0123456789abcdefghijkl'),
        revision: 3,
        provider: 'zoom',
        title: 'Weekly review',
        link: 'https://zoom.us/j/89012345678',
        joined: [
          { name, state: 'in' },
          { name: 'Alice Serrano', state: 'calling' },
        ],
      },
    },
    agenda: {
      kind: 'agenda',
      about: 'today',
      left: 2,
      offset: 60,
      lines: [
        {
          meeting: meetingId('m_0123456789abcdefghijkl'),
          provider: 'zoom',
          title: name,
          startsAt: at,
          state: 'on',
          callable: true,
        },
      ],
    },
    room: {
      kind: 'room',
      view: {
        meeting: meetingId('m_0123456789abcdefghijkl'),
        revision: 3,
        host: name,
        locked: false,
        members: [
          { name, state: 'in', speaks: true },
          { name: 'Alice Serrano', state: 'calling' },
        ],
        declined: [{ name, cause: 'declined' }],
      },
    },
    invite: { kind: 'invite', room: meetingId('m_0123456789abcdefghijkl'), host: name },
    sentence: { kind: 'sentence', sentence: { code: 'personUnknown', who: name, near: ['Bob Marín'] } },
  } as const satisfies Record<string, Screen>
}

function recordOf(name: string): CallRecord {
  return {
    id: callId('c_0123456789abcdefghijkl'),
    by: personId('p_alice'),
    request: {
      by: personId('p_alice'),
      user: { name: 'Alice Serrano', target: { kind: 'extension', extension: '1001' }, phone: 'desk' },
      callee: { name, target: { kind: 'extension', extension: '1002' } },
      callerId: { number: '1001', name: 'Alice Serrano' },
      globalCallerId: e164('+34900100200'),
      pressOne: false,
      limits: { ringUser: 30, ringCallee: 60, talk: 14_400, confirm: 10 },
      origin: { channel: 'msteams', conversation: 'a:1', language: 'en' },
    },
    requestedAt: at,
    connectedAt: at + 18_000,
    endedAt: at + 60_000,
    lasted: 42,
    cause: 'completed',
    side: 'callee',
    legs: [
      { role: 'user', rang: 6, talked: 54 },
      { role: 'callee', rang: 12, talked: 42 },
    ],
    media: 'direct',
    revision: 7,
  }
}
