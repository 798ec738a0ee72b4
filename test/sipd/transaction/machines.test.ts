import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Headers } from '../../../src/sipd/message/headers.ts'
import { responseTo } from '../../../src/sipd/message/build.ts'
import type { SipRequest } from '../../../src/sipd/message/message.ts'
import { EMPTY } from '../../../src/sipd/message/message.ts'
import { ClientInvite } from '../../../src/sipd/transaction/client-invite.ts'
import { ClientOther } from '../../../src/sipd/transaction/client-other.ts'
import { timersFor } from '../../../src/sipd/transaction/clock.ts'
import { ServerInvite } from '../../../src/sipd/transaction/server-invite.ts'
import { ServerOther } from '../../../src/sipd/transaction/server-other.ts'
import type { Source } from '../../../src/sipd/transport/transports.ts'
import { HandClock } from '../clock.ts'

const SOURCE: Source = {
  transport: 'udp',
  host: '192.0.2.1',
  port: 5060,
  local: {
    transport: 'udp',
    told: () => ({ host: '192.0.2.2', port: 5060 }),
    send: () => undefined,
    answer: () => undefined,
    silent: () => undefined,
  },
}

function request(method: string): SipRequest {
  const headers = new Headers()
    .add('Via', 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKx')
    .add('From', '<sip:a@b>;tag=1')
    .add('To', '<sip:c@d>')
    .add('Call-ID', 'call')
    .add('CSeq', `1 ${method}`)
  return { kind: 'request', method, uri: 'sip:c@d', headers, body: EMPTY }
}

/**
 * What happens, as `<time>`, `<time> <status>` (a response), `<time> refused`, `lost`, `cancel`, `ACK`, `again`;
 * and what must have been seen: `sent` bytes by name with their time, `told` responses, the last state.
 */
type Row = readonly [what: string, events: string, seen: string, state: string]

/** A client machine on a clock at T1 = 500, fed with a row's events. */
function runClient(
  method: 'INVITE' | 'OPTIONS',
  reliable: boolean,
  events: string,
): { seen: string; state: string } {
  const clock = new HandClock()
  const seen: string[] = []
  const wanted = request(method)
  const wiring = {
    request: wanted,
    bytes: Buffer.from(method),
    send: (bytes: Buffer) => seen.push(`${clock.now}:${bytes.toString().split(' ')[0]}`),
    reliable,
    clock,
    timers: timersFor(500),
    response: (response: { status: number }) => seen.push(`${clock.now}:${response.status}`),
    ended: () => seen.push(`${clock.now}:end`),
  }
  const machine = method === 'INVITE' ? new ClientInvite(wiring) : new ClientOther(wiring)
  machine.start()
  for (const event of events.split(', ')) {
    const [time = '0', what] = event.split(' ')
    clock.to(Number(time))
    if (what === 'refused') machine.refused(false)
    else if (what === 'lost') machine.refused(true)
    else if (what === 'cancel') (machine as ClientInvite).cancel(() => seen.push(`${clock.now}:CANCEL`))
    else if (what !== undefined) machine.receive(responseTo(wanted, Number(what), { tag: 't' }), SOURCE)
  }
  if (machine.state === 'terminated') assert.equal(clock.alarms, 0, 'an ended machine leaves no alarm')
  return { seen: seen.join(' '), state: machine.state }
}

const A = '0:INVITE 500:INVITE 1500:INVITE 3500:INVITE 7500:INVITE 15500:INVITE 31500:INVITE'

const INVITE_CLIENT: readonly Row[] = [
  ['nobody answers', '40000', `${A} 32000:end 32000:408`, 'terminated'],
  ['a 100 ends the repeats', '600 100, 60000', '0:INVITE 500:INVITE 600:100', 'proceeding'],
  [
    'every provisional is told',
    '1 100, 2 180, 3 183, 4 180',
    '0:INVITE 1:100 2:180 3:183 4:180',
    'proceeding',
  ],
  [
    'a refusal is acknowledged, and again when it comes again',
    '9 486, 10 486, 20 486',
    '0:INVITE 9:ACK 9:486 10:ACK 20:ACK',
    'completed',
  ],
  ['D ends it', '9 486, 33000 486', '0:INVITE 9:ACK 9:486 32009:end', 'terminated'],
  [
    'a 2xx is told each time, also of other forks',
    '9 200, 10 200, 99 200',
    '0:INVITE 9:200 10:200 99:200',
    'accepted',
  ],
  ['M ends it', '9 200, 33000 200', '0:INVITE 9:200 32009:end', 'terminated'],
  ['a refusal after a 2xx is nothing', '9 200, 10 486', '0:INVITE 9:200', 'accepted'],
  ['a provisional after a refusal is nothing', '9 486, 10 180', '0:INVITE 9:ACK 9:486', 'completed'],
  ['the peer refuses', '3 refused', '0:INVITE 3:end 3:503', 'terminated'],
  ['a refusal of the network while it rings is nothing', '3 180, 4 refused', '0:INVITE 3:180', 'proceeding'],
  ['cancelled while it rings', '3 180, 4 cancel, 5 487', '0:INVITE 3:180 4:CANCEL 5:ACK 5:487', 'completed'],
  [
    'cancelled before anything came',
    '4 cancel, 5 180, 6 487',
    '0:INVITE 5:CANCEL 5:180 6:ACK 6:487',
    'completed',
  ],
  ['cancelled twice', '3 180, 4 cancel, 5 cancel', '0:INVITE 3:180 4:CANCEL', 'proceeding'],
  ['cancelled after the answer', '3 200, 4 cancel', '0:INVITE 3:200', 'accepted'],
  [
    'cancelled, and the answer crosses',
    '3 180, 4 cancel, 5 200',
    '0:INVITE 3:180 4:CANCEL 5:200',
    'accepted',
  ],
  [
    'cancelled, and nothing comes any more',
    '3 180, 4 cancel, 40000',
    '0:INVITE 3:180 4:CANCEL 32004:end 32004:487',
    'terminated',
  ],
  ['cancelled, and nothing ever comes', '3 cancel, 40000', `${A} 32000:end 32000:408`, 'terminated'],
  ['rings for ten minutes', '3 180, 600000 200', '0:INVITE 3:180 600000:200', 'accepted'],
]

for (const [what, events, seen, state] of INVITE_CLIENT) {
  test(`INVITE out: ${what}`, () => assert.deepEqual(runClient('INVITE', false, events), { seen, state }))
}

const INVITE_CLIENT_TCP: readonly Row[] = [
  ['is not repeated', '40000', '0:INVITE 32000:end 32000:408', 'terminated'],
  ['ends with the ACK of a refusal', '9 486', '0:INVITE 9:ACK 9:end 9:486', 'terminated'],
  [
    'goes by a new connection once, then fails',
    '5 lost, 6 lost',
    '0:INVITE 5:INVITE 6:end 6:503',
    'terminated',
  ],
  ['a connection that cannot be made fails at once', '5 refused', '0:INVITE 5:end 5:503', 'terminated'],
]

for (const [what, events, seen, state] of INVITE_CLIENT_TCP) {
  test(`INVITE out over TCP: ${what}`, () =>
    assert.deepEqual(runClient('INVITE', true, events), { seen, state }))
}

const E = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]
  .map((at) => `${at}:OPTIONS`)
  .join(' ')

const OTHER_CLIENT: readonly Row[] = [
  ['nobody answers', '40000', `${E} 32000:end 32000:408`, 'terminated'],
  [
    'a final response ends the repeats, its copies are swallowed',
    '9 200, 10 200',
    '0:OPTIONS 9:200',
    'completed',
  ],
  ['K ends it', '9 200, 6000', '0:OPTIONS 9:200 5009:end', 'terminated'],
  [
    'a provisional slows the repeats to T2',
    '9 100, 9000',
    '0:OPTIONS 9:100 500:OPTIONS 4500:OPTIONS 8500:OPTIONS',
    'proceeding',
  ],
  [
    'a provisional does not save it from F',
    '9 100, 33000',
    '0:OPTIONS 9:100 500:OPTIONS 4500:OPTIONS 8500:OPTIONS 12500:OPTIONS 16500:OPTIONS 20500:OPTIONS 24500:OPTIONS 28500:OPTIONS 32000:end 32000:408',
    'terminated',
  ],
  ['the peer refuses', '3 refused, 4 200', '0:OPTIONS 3:end 3:503', 'terminated'],
]

for (const [what, events, seen, state] of OTHER_CLIENT) {
  test(`another request out: ${what}`, () =>
    assert.deepEqual(runClient('OPTIONS', false, events), { seen, state }))
}

test('another request out over TCP ends with its answer', () => {
  assert.deepEqual(runClient('OPTIONS', true, '9 200'), {
    seen: '0:OPTIONS 9:end 9:200',
    state: 'terminated',
  })
})

/** A server machine; a number answers, `again` is the request repeated, `ACK` its acknowledgement. */
function runServer(
  method: 'INVITE' | 'OPTIONS',
  reliable: boolean,
  events: string,
): { seen: string; state: string } {
  const clock = new HandClock()
  const seen: string[] = []
  const wanted = request(method)
  const wiring = {
    request: wanted,
    source: SOURCE,
    send: (bytes: Buffer) => seen.push(`${clock.now}:${bytes.toString()}`),
    reliable,
    clock,
    timers: timersFor(500),
    ended: () => seen.push(`${clock.now}:end`),
  }
  const machine =
    method === 'INVITE'
      ? new ServerInvite(wiring, () => seen.push(`${clock.now}:ack`))
      : new ServerOther(wiring)
  for (const event of events.split(', ')) {
    const [time = '0', what] = event.split(' ')
    clock.to(Number(time))
    if (what === 'again') machine.receive(wanted)
    else if (what === 'ACK') machine.receive(request('ACK'))
    else if (what !== undefined) machine.respond(Number(what), Buffer.from(what))
  }
  return { seen: seen.join(' '), state: machine.state }
}

const G = [9, 509, 1509, 3509, 7509, 11509, 15509, 19509, 23509, 27509, 31509]
  .map((at) => `${at}:486`)
  .join(' ')

const INVITE_SERVER: readonly Row[] = [
  [
    'a repeated INVITE gets the last provisional again',
    '1 100, 2 again, 3 180, 4 again',
    '1:100 2:100 3:180 4:180',
    'proceeding',
  ],
  ['a repeated INVITE before any answer is swallowed', '2 again', '', 'proceeding'],
  ['a refusal is repeated until its ACK', '9 486, 600 ACK, 9000', '9:486 509:486 5600:end', 'terminated'],
  ['a refusal that is never acknowledged', '9 486, 40000', `${G} 32009:end`, 'terminated'],
  [
    'a repeated INVITE after a refusal gets it again',
    '9 486, 10 again, 11 ACK, 12 again',
    '9:486 10:486',
    'confirmed',
  ],
  ['a second ACK is swallowed', '9 486, 11 ACK, 12 ACK', '9:486', 'confirmed'],
  ['a 2xx is sent once, and again when the dialog says so', '9 200, 509 200', '9:200 509:200', 'accepted'],
  ['a repeated INVITE after a 2xx is swallowed', '9 200, 10 again', '9:200', 'accepted'],
  ['an ACK with the branch of the INVITE is handed up', '9 200, 10 ACK', '9:200 10:ack', 'accepted'],
  ['L ends it', '9 200, 40000', '9:200 32009:end', 'terminated'],
  ['nothing after a final answer', '9 486, 10 180, 11 200', '9:486', 'completed'],
]

for (const [what, events, seen, state] of INVITE_SERVER) {
  test(`INVITE in: ${what}`, () => assert.deepEqual(runServer('INVITE', false, events), { seen, state }))
}

test('INVITE in over TCP: a refusal is not repeated', () => {
  assert.deepEqual(runServer('INVITE', true, '9 486, 20000 ACK'), {
    seen: '9:486 20000:end',
    state: 'terminated',
  })
})

const OTHER_SERVER: readonly Row[] = [
  ['a repeated request before the answer is swallowed', '1 again', '', 'trying'],
  ['a repeated request gets the answer again', '1 200, 2 again, 3 again', '1:200 2:200 3:200', 'completed'],
  [
    'a repeated request gets the provisional again',
    '1 100, 2 again, 3 200',
    '1:100 2:100 3:200',
    'completed',
  ],
  ['a second answer is nothing', '1 200, 2 404', '1:200', 'completed'],
  ['J ends it', '1 200, 33000 again', '1:200 32001:end', 'terminated'],
]

for (const [what, events, seen, state] of OTHER_SERVER) {
  test(`another request in: ${what}`, () =>
    assert.deepEqual(runServer('OPTIONS', false, events), { seen, state }))
}
