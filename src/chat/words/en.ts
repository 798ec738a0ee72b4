import { isNamed, providerOf } from '../../core/meeting/providers.ts'
import type { NumberClass } from '../../core/sentence.ts'
import { ending } from './ending-en.ts'
import type { Words } from './words.ts'

const list = new Intl.ListFormat('en', { type: 'disjunction' })
const whomToAsk = (admins: readonly string[]) =>
  admins.length === 0 ? 'your administrator' : list.format(admins)
const phones = { desk: 'desk phone', mobile: 'mobile' } as const
const classes: Readonly<Record<NumberClass, string>> = {
  international: 'an international number',
  premium: 'a premium-rate number',
  sharedCost: 'a shared-cost number',
  satellite: 'a satellite number',
  short: 'a short number',
  unclassified: 'a number of no known kind',
}
const phoneName = (phone: string) => (phone === 'desk' || phone === 'mobile' ? phones[phone] : phone)

export const en: Words = {
  language: 'en',
  sentences: {
    unknownCommand: ({ text, nearest }) =>
      nearest === undefined
        ? `I did not understand “${text}”. Type “help” to see what I can do.`
        : `I did not understand “${text}”. Did you mean “${nearest}”? Type “help” to see what I can do.`,
    callWhom: () => 'Whom shall I call? Type “call” and a name, an extension or a number.',
    findWhom: () => 'Whom shall I look for? Type “find” and a name, an extension or a number.',
    tooLong: () => 'That message is too long for a command. Type “help” to see what I can do.',
    notAUser: () =>
      'You are not in this company’s phone directory, so I cannot call for you. Ask your administrator to add you to PEOPLE_FILE.',
    personUnknown: ({ who, near }) =>
      near.length === 0
        ? `I found nobody called “${who}”. Check the spelling, or type the extension or number.`
        : `I found nobody called “${who}”. Did you mean ${list.format(near)}?`,
    tooManyMatches: ({ who, count }) =>
      `${count} people match “${who}”. Type more of the name, or the extension.`,
    noPhone: ({ who }) =>
      `${who} has no phone number in the directory. Type a number instead, or ask your administrator to add one to PEOPLE_FILE.`,
    youHaveNoPhone: () =>
      'You have no phone of your own in the directory, so there is none to ring first. Ask your administrator to add one to PEOPLE_FILE.',
    youHaveNoSuchPhone: ({ phone }) =>
      `You have no ${phoneName(phone)} in the directory. Call without “from …”, or ask your administrator to add it to PEOPLE_FILE.`,
    theyHaveNoSuchPhone: ({ who, phone }) =>
      `${who} has no ${phoneName(phone)} in the directory. Call without naming the phone, or type the number.`,
    noPhoneToRing: ({ phone, ask }) =>
      `You have no ${phones[phone]} in the directory, so it cannot ring first. Ask ${whomToAsk(ask)} to add it to PEOPLE_FILE.`,
    pressOneForced: ({ on, ask }) =>
      `Press 1 is ${on ? 'on' : 'off'} for everybody here, so you cannot change it. Ask ${whomToAsk(ask)}: it is set in PRESS_ONE.`,
    settingsNotYours: () =>
      'These settings are somebody else’s, so you cannot change them. Type “settings” to see your own.',
    callingYourself: () => 'That is your own number. Type somebody else’s name or number.',
    numberInvalid: ({ number }) =>
      `${number} is not a number that can be dialled. Check the digits; numbers abroad begin with + and the country.`,
    numberNotAllowed: ({ number, kind }) =>
      `${number} is ${classes[kind]}, and these may not be called. An administrator can allow it in ALLOW_NUMBERS.`,
    emergency: ({ number }) =>
      `${number} is an emergency number. Dial it at the phone itself: I never call emergency numbers for you.`,
    sipDomainNotAllowed: ({ domain }) =>
      `Addresses at ${domain} may not be called. An administrator can allow them in ALLOW_SIP_DOMAINS.`,
    alreadyCalling: ({ who }) =>
      `Your call to ${who} is already under way. Hang it up first to make another.`,
    noCall: () => 'You have no call right now. Type “call” and a name to make one.',
    nothingToRedial: () => 'You have made no call yet. Type “call” and a name to make one.',
    noCalls: () => 'You have made no calls yet. Type “call” and a name to make one.',
    tooManyCalls: ({ limit }) =>
      `You have made ${limit} calls within an hour, which is the most. Try again later; an administrator can change CALLS_PER_HOUR.`,
    trunkDown: () =>
      'The phone system is unreachable, so nothing was dialled. Try again in a minute; an administrator can check SIP_TRUNK.',
    noLine: () =>
      'All lines to the phone system are in use, so nothing was dialled. Try again in a minute; an administrator can change maxCalls in TRUNKS_FILE.',
    draining: () => 'I am being restarted and take no new calls. Try again in a minute.',
    notYours: () =>
      'This call is not yours, so you cannot change it. Type “call” and a name to make your own.',
    nothingAsked: () => 'I have not asked you anything. Type “help” to see what I can do.',
    pickOne: ({ count }) => `Type a number from 1 to ${count}, or press one of the buttons.`,
    leftAlone: () => 'All right, nobody is called.',
    askExpired: () => 'That question is no longer open. Type the command again.',
    buttonUnknown: () => 'I do not know this button any more. Type “help” to see what I can do.',
    adminsOnly: () =>
      'Only administrators may see this. An administrator is named in ADMINS, or in PEOPLE_FILE.',
    restartedMeanwhile: ({ text }) =>
      `I was restarted before I could do “${text}”. Nothing was dialled; type it again if you still want it.`,
    noPin: () =>
      'I key PINs of digits alone, and this one has something else in it. Write its digits, or call the number and key it yourself.',
    joinWhat: () =>
      'No meeting was shared here lately. Paste its link or invitation behind “join”, and I call your phone into it.',
    noWayIn: ({ provider, missing }) => {
      const { label } = providerOf(provider)
      return {
        number: `This ${label} meeting tells no number to dial in. Paste the whole invitation, or ask an administrator to set MEETING_BRIDGES.`,
        id: `This ${label} meeting has a number, but not the conference ID that it asks for. Paste the whole invitation.`,
        refused: `${label} does not let me look up the number of this meeting. Paste the whole invitation, or ask an administrator to let me.`,
        away: `${label} does not tell me the number of this meeting right now. Try again in a minute, or paste the whole invitation.`,
      }[missing]
    },
    meetingUnknown: () => 'I do not know this meeting any more. Paste its link again.',
    noCalendar: () =>
      'I know no calendar of yours. An administrator can set up Microsoft Graph (GRAPH_TENANT_ID), or write “calendar” in PEOPLE_FILE.',
    calendarAway: () =>
      'I cannot read your calendar right now. Try again in a minute, or paste the invitation.',
    noMeetingsToday: () => 'There are no meetings in your calendar today.',
    noMeetingsTomorrow: () => 'There are no meetings in your calendar tomorrow.',
    noMeetingAhead: () => 'There are no more meetings in your calendar today.',
    agendaSent: () => 'Your meetings are your own: I have sent them to the chat that we two have.',
    agendaAlone: () => 'Your meetings are your own: ask me for them in a chat with me alone.',
    roomOver: () => 'This meeting is over. Type “meet now” to start another.',
    roomLocked: ({ host }) => `This meeting is locked: only ${host} can bring people in.`,
    hostOnly: ({ host }) => `Only ${host}, who started this meeting, can do that.`,
    hostEnds: ({ host }) =>
      `Only ${host}, who started this meeting, can end it for everybody. Type “hang up” to leave it.`,
    roomFull: ({ limit }) =>
      `This meeting is full: ${limit} phones are in it or being called. Ask somebody to leave; an administrator can change ROOM_MEMBERS.`,
    tooManyRinging: ({ limit }) =>
      `${limit} phones are ringing for you already. Wait until somebody picks up, then add the next.`,
    alreadyIn: ({ who }) => `${who} is in this meeting already, or is being called.`,
    inNoRoom: () => 'You are not in this meeting by phone. Press “Call me” on its card first.',
    addToWhat: () =>
      'You are in no call that somebody could be added to. Type “meet now” to start a meeting.',
    addWhom: () => 'Whom shall I add? Type “add” and a name, an extension or a number.',
    alreadyMeeting: () => 'This is a meeting already. Type “add” and a name to bring somebody in.',
    notYetTalking: ({ who }) =>
      `Wait until you talk with ${who}: a call that still rings cannot become a meeting.`,
    inviting: ({ who }) => `I am calling ${who}, who is brought in on picking up.`,
    muted: ({ on }) =>
      on ? 'You are muted: nobody hears you. Type “unmute” to be heard again.' : 'Everybody hears you again.',
    mutedAll: ({ count, bridged }) => {
      if (count === 0) return 'No other phone is here to be muted. Type “mute” to mute your own.'
      const still = bridged ? ' Those who came in by its own number or link are still heard.' : ''
      return `Everybody else here is muted, until they type “unmute” or press *6 on their phone.${still}`
    },
    locked: ({ on, bridged }) => {
      if (!on) return 'The meeting is open: whoever has its card can come in.'
      const still = bridged ? ' Its own number and link stay open.' : ''
      return `The meeting is locked: only you can bring people in.${still} Type “unlock” to open it again.`
    },
    endedForAll: () => 'The meeting has ended for everybody. Type “meet now” to start another.',
    hostOfNone: ({ call }) =>
      call
        ? 'You are in a call, not in a meeting. Put down to end it, or type “turn into meeting” to make it one.'
        : 'You are in no meeting of mine, and none is on in this chat. Type “meet now” to start one.',
    notMyMeeting: ({ provider }) => {
      const where = isNamed(provider) ? `in ${providerOf(provider).label}` : 'by the keys of their phone'
      return `This meeting is not on my own bridge: only its host can do that, ${where}. Type “hang up” to leave it.`
    },
    noBridge: () =>
      'No conference bridge is set up here. Paste the link or invitation of the meeting, or ask your administrator to set CONFERENCE_BRIDGE.',
    invitation: ({ title, number, id, pin, link }) =>
      `To pass on: ${title ? `meeting of ${title}` : 'meeting'}${link === undefined ? '' : `, ${link}`}. By phone: dial ${number}${id === undefined ? '' : `, then the ID ${id} and #`}${pin === undefined ? '' : `, then the PIN ${pin} and #`}.`,
    invitationSent: () => 'I have sent you the invitation, in the chat that we two have.',
    invitationAlone: () =>
      'The invitation has what is not for everybody here: write to me once in a chat with me alone, then press this again.',
    watching: ({ on }) =>
      on
        ? 'I watch for meetings here: whoever shares one gets a card by which everybody can be called. I can do so only where the app may read all messages; else mention me with the link. “Stop watching” ends it.'
        : 'I no longer watch for meetings here. Mention me with a meeting’s link when you want its card.',
    watchingAlone: () =>
      'Here you write to me alone, so every meeting that you share gets its card. In a group chat or a channel, type “watch meetings” there.',
    noMeetingInIt: () =>
      'I found no meeting in that message. Choose one that has its link, or its number and conference ID.',
    noMeetingThere: ({ host }) =>
      `${host === '' ? 'That is no meeting’s link' : `I find no meeting behind that link to ${host}`}. Look at the link once more, or paste the whole invitation.`,
    meetingShownBefore: () =>
      'This meeting has its card further up in this chat. Type “join meeting” and I call you into it.',
    meetingShown: () =>
      'The meeting’s card is in the conversation. If it is not there, add me to the conversation first.',
    fault: ({ reference }) =>
      `Something went wrong on my side. Try again; if it stays, tell your administrator the reference ${reference}.`,
  },
  causes: {
    completed: 'ended',
    busy: 'busy',
    noAnswer: 'no answer',
    declined: 'declined',
    unreachable: 'unreachable',
    diverted: 'unreachable',
    trunkDown: 'unreachable',
    noLine: 'no free line',
    cancelled: 'cancelled',
    notConfirmed: 'not confirmed',
    voicemail: 'voicemail answered',
    refused: 'refused',
    limit: 'ended',
    silent: 'ended',
    notAdmitted: 'not let in',
    interrupted: 'interrupted',
    failed: 'failed',
  },
  ending,
  phones,
  roles: { user: 'You', callee: 'Other side' },
  call: {
    calling: 'calling',
    ringing: 'ringing',
    connected: 'connected',
    you: 'You',
    started: 'Started',
    pickUp: (phone) => `Pick up your ${phone === undefined ? 'phone' : phones[phone]}`,
    ownCall: (number) => `When your phone shows ${number}, it is your own call: pick up.`,
    callerId: 'Your phone shows',
    pressOne: (who) => `Press 1 on your phone, and I call ${who}.`,
    waiting: (who) => `You are on the line. I am calling ${who}.`,
    talking: (who) => `You are talking to ${who}.`,
    machine: (kind, who) =>
      kind === 'voicemail'
        ? `${who}’s voicemail answered. Leave a message, or hang up.`
        : `A machine answered at ${who}: a voicemail box perhaps, or a menu.`,
    machines: { voicemail: 'voicemail', machine: 'a machine' },
    elsewhere: (who) => `${who} is in another call and may not pick up.`,
    notHeard: (who) =>
      who === undefined
        ? 'No sound comes from your own phone. Check its microphone and mute key, or hang up and redial.'
        : `No sound comes from ${who}’s phone. Wait a moment, or hang up and redial.`,
    lasted: (time) => `lasted ${time}`,
    since: (time) => `since ${time}`,
    notes: {
      rings: 'rings now',
      next: 'next',
      pressOne: 'press 1',
      onTheLine: 'on the line',
      dialled: 'being called',
      notHeard: 'not heard',
      notCalled: 'not called',
    },
    summary: (state, who) => `${who}: ${state}`,
  },
  buttons: {
    hangUp: 'Hang up',
    redial: 'Redial',
    redialFrom: (phone) => `Redial from ${phones[phone]}`,
    details: 'Details',
    ladder: 'SIP ladder',
    back: 'Back',
    call: (who) => `Call ${who}`,
    hangUpAndCall: 'Hang up and call',
    hangUpAndJoin: 'Hang up and join',
    yes: 'Yes',
    no: 'No',
    leave: 'Stay in the call',
    newer: 'Newer',
    older: 'Older',
    calls: 'My calls',
    help: 'Help',
    status: 'My phones',
    settings: 'My settings',
    ringFirst: (phone) => `Ring my ${phones[phone]} first`,
    speak: { en: 'English', es: 'Español', channel: 'Language of the channel' },
    pressOne: (on) => `Turn press 1 ${on ? 'on' : 'off'}`,
    callMe: 'Call me',
    invitation: 'Invitation',
    onMobile: 'Call me on mobile',
    open: 'Open',
    muteMe: 'Mute',
    invite: 'Invite …',
    ring: 'Call them in',
    muteAll: 'Mute all',
    lock: 'Lock',
    unlock: 'Unlock',
    endForAll: 'End for all',
  },
  meetings: {
    bridge: 'Conference call',
    side: 'Meeting',
    hint: 'Press “Call me”, pick up your phone, and you are in.',
    byPhone: 'By phone',
    id: (id) => `ID ${id}`,
    in: 'in by phone',
    joined: (count) => (count === 1 ? 'One by phone' : `${count} by phone`),
    dialling: (to) => `Dialling out to ${to}.`,
    keying: 'The meeting has answered. I am keying its number for you: stay on the line.',
    notKeyed: 'I could not key the meeting’s number. Key it on your phone, as the invitation has it.',
    byHand: 'You are keying it yourself, so I key nothing more.',
    inside: 'You are in the meeting.',
    today: 'Your meetings today',
    tomorrow: 'Your meetings tomorrow',
    next: 'Your next meeting',
    which: 'Which meeting do you join?',
    whichHint: 'Press its button, or type its number.',
    startsNow: 'Starts now',
    on: 'on now',
    over: 'over',
    more: (count) => `And ${count} more.`,
  },
  rooms: {
    title: (host) => (host ? `Meeting of ${host}` : 'Meeting'),
    audioOnly: 'audio only',
    hint: 'Press “Call me”, pick up, and you are in. Mute yourself by *6 on your phone.',
    soundAlone: {
      noDialIn:
        'Microsoft Teams gave this meeting no telephone number, so it is audio only: press “Call me” to come in.',
      notMade:
        'Microsoft Teams could not make a meeting just now, so it is audio only: press “Call me” to come in.',
    },
    locked: (host) => `Locked: only ${host} can bring people in.`,
    lockedHere: (host) =>
      `Locked here: only ${host} can bring people in. The meeting’s own number and link stay open.`,
    bridgeAway: (why) =>
      `The meeting could not be reached by telephone (${why}), so this goes on as audio only. Press “Call me” to come in.`,
    bridgeLeft:
      'The meeting’s own bridge has hung up, so this goes on as audio only. Press “Call me” to come in.',
    others: (meeting) => `Others · ${meeting}`,
    openMeeting: 'Open the meeting',
    over: 'This meeting is over.',
    inside: (count) => (count === 0 ? 'Nobody is in yet' : count === 1 ? 'One is in' : `${count} are in`),
    more: (count) => `and ${count} more`,
    in: 'in',
    muted: 'muted',
    asked: 'must press 1',
    speaks: 'speaking',
    forHost: 'Host …',
    inviteWhom: 'Whom shall I call in?',
    inviteHint: (room) => `${room} · their phone rings, and they are in on picking up.`,
    inviteLabel: 'Name, extension or number',
    invitePlaceholder: 'Bob Marín',
    inviteMissing: 'Type whom to call in.',
    left: 'left',
    youLeft: (who) => `You have left. ${who} is still in the meeting.`,
  },
  titles: {
    ask: (who) => `Which “${who}” do you mean?`,
    askWhom: 'Whom shall I call?',
    askHint: 'Nobody is called until you choose.',
    askOne: (name) => `Do you mean ${name}?`,
    left: (count) =>
      `${count} more have such a name; those whom you call are shown. Type more of the name for others.`,
    leftHere: (count) =>
      `${count} more ${count === 1 ? 'is' : 'are'} in this chat. Type “call” and a name for ${count === 1 ? 'them' : 'one of them'}.`,
    askMeant: (meant) => `Did you mean “${meant}”?`,
    askMeantHint: (text) => `I did not understand “${text}”.`,
    askBusy: (talkingTo) => `You are in a call with ${talkingTo}`,
    askBusyHint: (wanted, wants) =>
      ({
        call: `Shall I hang up and call ${wanted}?`,
        meeting: `Shall I hang up and bring you into ${wanted}?`,
        room: `Shall I hang up and bring you into the meeting of ${wanted}?`,
        newRoom: 'Shall I hang up and start a meeting? “Turn into meeting” makes one of this call.',
      })[wants],
    people: (who) => `People found for “${who}”`,
    calls: 'Your calls',
    page: (page) => `Page ${page}`,
    noCalls: 'There are no calls here. Type “call” and a name to make one.',
    help: 'What you can type',
    helpHint: 'I ring your own phone first. When you pick up, I call the other side.',
    welcome: 'Hello, I am Dialback',
    welcomeHint: 'I call people for you from your own desk phone: type “call” and a name.',
    toTry: 'Three things to try',
    examples: { call: 'call Bob', find: 'find Bob', calls: 'calls' },
    status: (name) => `Status of ${name}`,
    settings: 'Your settings',
    details: (who) => `Details of the call to ${who}`,
    ladder: (who) => `SIP ladder of the call to ${who}`,
    ladderCut: (left) => `${left} more messages are not shown here.`,
    ladderEmpty: 'No SIP message was kept for this call.',
  },
  labels: {
    desk: 'Desk phone',
    mobile: 'Mobile',
    did: 'Direct number',
    extension: 'Extension',
    email: 'E-mail',
    department: 'Department',
    currentCall: 'Current call',
    noCall: 'none',
    trunk: (name) => `Phone system ${name}`,
    trunkStates: { up: 'up', down: 'down', unknown: 'unknown', unregistered: 'not registered' },
    asked: 'Asked for',
    answered: 'Answered',
    ended: 'Over',
    state: 'State',
    why: 'Why',
    rang: (time) => `rang ${time}`,
    talked: (time) => `talked ${time}`,
    silent: (time) => `not heard for ${time}`,
    machines: { voicemail: (time) => `voicemail ${time}`, machine: (time) => `a machine ${time}` },
    media: 'Sound',
    medias: {
      direct: 'from phone to phone',
      relay: 'through the bot',
      room: 'mixed by the bot',
      none: 'none between the phones',
    },
    status: 'SIP answer',
    presences: { inCall: 'in a call', unknown: 'presence unknown' },
  },
  settings: {
    language: 'Language',
    languages: { en: 'English', es: 'Español', channel: 'as the channel says' },
    pressOne: 'Press 1 before I call',
    reminders: 'Reminders of meetings',
    remindersAre: (on) => (on ? 'on: I write when one starts' : 'off: type “remind me of meetings”'),
    pressOneIs: (on, forced) => `${on ? 'on' : 'off'}${forced ? ', as your administrator has set it' : ''}`,
    ringsFirst: 'rings first',
    noPhone: 'You have no phone in the directory.',
    wrong: (names) =>
      `Is a number wrong? Ask ${whomToAsk(names)}: numbers come from the directory (PEOPLE_FILE).`,
    changed: 'Done. This is how it is now.',
  },
}
