/** A case that a drachtio-server answers otherwise. docs/contract.md shows them. */
export type Difference = {
  /** The name of the case. */
  readonly case: string
  /** What the server does. */
  readonly server: string
  /** Why sipd does not follow it. */
  readonly why: string
  /** How the case then fails; `dies` where the server does not survive it, so that it is not tried again. */
  readonly fails: RegExp | 'dies'
}

export const DIFFERENCES: readonly Difference[] = [
  {
    case: 'commands before authentication are refused',
    server: 'obeys them',
    why: 'the secret is there to be asked for',
    fails: /not authenticated/,
  },
  {
    case: 'an application that goes away leaves no phone ringing',
    server: 'lets it ring',
    why: 'a phone must not ring for nobody',
    fails: /no CANCEL came/,
  },
  {
    case: 'a call that comes in is refused when its application goes away',
    server: 'says nothing more to the caller',
    why: 'a caller must not wait for nobody',
    fails: /no final to INVITE came/,
  },
  {
    case: 'another application of the same name goes on with a dialog',
    server: '481: no application can give itself the name by which it looks',
    why: 'a bot that was started anew goes on with its calls',
    fails: /481 !== 200|no final to INFO came/,
  },
  {
    case: 'the id of a dialog cannot be taken by a stranger',
    server: 'hands the call to an application, under the id of the other one',
    why: 'the two could not be told apart',
    fails: /no final to INVITE came/,
  },
  {
    case: 'a call whose 200 is never acknowledged is hung up, and its dialog ends',
    server: 'only after 32 s, whatever T1 is',
    why: 'its T1 is a setting, and this timer is 64 T1',
    fails: /no BYE came/,
  },
  {
    case: 'the 2xx to an UPDATE tells where we are reached (RFC 3311 5.2)',
    server: 'no Contact',
    why: 'RFC 3311 5.2',
    fails: /''/,
  },
  {
    case: 'a phone that moves in mid-call (re-INVITE with a new Contact) is spoken to there',
    server: 'goes on where the phone was',
    why: 'RFC 3261 12.2.2',
    fails: /no BYE came/,
  },
  {
    case: 'a phone that moves by UPDATE is spoken to where it is',
    server: 'goes on where the phone was',
    why: 'RFC 3261 12.2.2',
    fails: /no INFO came/,
  },
  {
    case: 'a phone that tells its new place in a 200 is spoken to there',
    server: 'goes on where the phone was',
    why: 'RFC 3261 12.2.1.2',
    fails: /no ACK came/,
  },
  {
    case: 'glare: a re-INVITE that meets ours gets 491',
    server: 'hands it to the application',
    why: 'RFC 3261 14.2',
    fails: /200 !== 491/,
  },
  {
    case: 'a refused re-INVITE is acknowledged once, and the 2xx before it not again',
    server: 'sends one more ACK, since drachtio-srf acknowledges whatever it gets',
    why: 'a phone may take it for a fault',
    fails: /1 !== 0/,
  },
  {
    case: 'a re-INVITE of the phone while its last one is open gets 500 with Retry-After',
    server: 'hands it to the application',
    why: 'RFC 3261 14.2',
    fails: /no final to INVITE came/,
  },
  {
    case: 'a request of the phone with an old CSeq gets 500 (RFC 3261 12.2.2)',
    server: 'hands it to the application',
    why: 'RFC 3261 12.2.2',
    fails: /200 !== 500/,
  },
  {
    case: 'an 18x to our re-INVITE does not end it',
    server: 'the 200 is not acknowledged',
    why: 'RFC 3261 14.1: a re-INVITE may be rung for',
    fails: /no ACK came/,
  },
  {
    case: 'INFO of a call that is over gets 481',
    server: 'takes it for a new request: 503',
    why: 'RFC 3261 12.2.2',
    fails: /503 !== 481/,
  },
  {
    case: 'a BYE of the phone while our re-INVITE waits for its answer ends the call',
    server: 'does not acknowledge the 487 that comes',
    why: 'RFC 3261 17.1.1.3',
    fails: /no ACK came/,
  },
  {
    case: 'a CANCEL after the 200 is answered, and the call stays',
    server: '481, and BYE',
    why: 'RFC 3261 9.2: it has no effect',
    fails: /481 !== 200/,
  },
  {
    case: 'a caller who ends a ringing call by BYE is answered, and the application hears it',
    server: '481, and rings on: its 18x makes no dialog (nor has it a Contact)',
    why: 'RFC 3261 12.1.1 and 15',
    fails: /481 !== 200/,
  },
  {
    case: 'a CANCEL that brings no answer to the INVITE ends the call with 487 or 408',
    server: 'waits for ever',
    why: 'RFC 3261 9.1',
    fails: /nothing more came/,
  },
  {
    case: 'a second fork that answers is acknowledged and hung up',
    server: 'repeats the ACK of the first',
    why: 'drachtio-srf forgets the request at its first 2xx: that phone would stay off the hook',
    fails: /second/,
  },
  {
    case: 'three forks answer: one is the call, each other one is acknowledged and hung up once',
    server: 'repeats the ACK of the first',
    why: 'as above',
    fails: /second/,
  },
  {
    case: 'what no application asked for is refused; OPTIONS only while there is none at all',
    server: '503 to OPTIONS',
    why: 'a PBX asks by OPTIONS whether the trunk is up',
    fails: /503 !== 200/,
  },
  {
    case: 'a late offer in a reliable 183 gets its answer in the PRACK',
    server: 'sends the PRACK without it',
    why: 'RFC 3262 5',
    fails: /actual/,
  },
  {
    case: 'each fork counts its reliable responses for itself',
    server: 'acknowledges the first fork only',
    why: 'RFC 3262 4',
    fails: /no PRACK came/,
  },
  {
    case: 'a PRACK of nothing gets 481',
    server: 'dies',
    why: 'RFC 3262 3',
    fails: 'dies',
  },
  {
    case: 'a caller whose PRACK never comes is refused with a 5xx (RFC 3262 3)',
    server: 'dies',
    why: 'RFC 3262 3',
    fails: 'dies',
  },
  {
    case: 'a body larger than a datagram goes over TCP, in pieces',
    server: '400: it takes 8 KB',
    why: 'the limit is that of a datagram, 64 KB',
    fails: /nothing more came/,
  },
  {
    case: 'a call whose TCP connection dies before it is answered is answered by a new one',
    server: 'is lost',
    why: 'RFC 3261 18.2.2',
    fails: /no 200 to INVITE came/,
  },
  {
    case: 'a NOTIFY of a transfer comes through after the call has ended',
    server: 'hands each later one to the application too, as a request of no dialog',
    why: 'RFC 5057 5: the subscription is over, so 481',
    fails: /200 !== 481/,
  },
  {
    case: 'the ACK of a 200 that is sent again is sent again',
    server: 'only that of the first INVITE',
    why: 'RFC 3261 13.2.2.4',
    fails: /no ACK came/,
  },
  {
    case: 'requests follow the route set and the newest Contact',
    server: 'keeps to the first Contact',
    why: 'RFC 3261 12.2.2',
    fails: /moved/,
  },
  {
    case: 'a call goes out to a tel: number through a proxy',
    server: 'dies',
    why: 'the bot asks for sip: URIs; nothing else may end a server',
    fails: 'dies',
  },
  {
    case: 'a Contact other than where the call came from is followed',
    server: 'takes it for a phone behind NAT, and speaks to the source',
    why: 'RFC 3261 12.2.1.1; the source only where Contact is no address',
    fails: /no BYE came/,
  },
  {
    case: 'a request without rport is answered at the port of its Via',
    server: 'answers to the source',
    why: 'RFC 3261 18.2.2',
    fails: /no final to MESSAGE came/,
  },
  {
    case: 'a request that requires what nobody knows gets 420',
    server: 'hands it to the application',
    why: 'RFC 3261 8.2.2.3',
    fails: /no final to INVITE came/,
  },
  {
    case: 'a call that comes in with too short a session is refused with 422',
    server: 'hands it to the application',
    why: 'RFC 4028 9',
    fails: /no final to INVITE came/,
  },
  {
    case: 'an unknown command is answered NO, and its connection goes on',
    server: 'answers NO, and closes the connection',
    why: 'one bad command is no cause to lose calls',
    fails: /m3/,
  },
  {
    case: 'an answer that the server itself makes says why in a Warning',
    server: 'none',
    why: 'RFC 3261 20.43: the bot can tell a refusal from a time-out',
    fails: /nobody listens/,
  },
]
