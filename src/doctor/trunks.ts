/** The trunks: found, there, and whether they believe us; all without ringing anybody. */
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import tls from 'node:tls'
import { readFileSync } from 'node:fs'
import { soundAddress } from '../compose/legs.ts'
import type { Config } from '../config.ts'
import { trunkAddress } from '../config/trunks.ts'
import { isLoopback } from '../config/values.ts'
import type { Trunk } from '../core/trunk.ts'
import { tlsRemedy } from '../sip/tls-remedy.ts'
import type { ProbeAnswer } from '../sip/trunk-probe.ts'
import { messageOf } from './finding.ts'
import type { Tell } from './finding.ts'
import type { Examined, Ward } from './ward.ts'

const DAY = 86_400_000
const SOON_DAYS = 14
const CONNECT = 5_000

type Answered = Extract<ProbeAnswer, { fault?: undefined }>

const DEMO = 'no trunk is set: the demo has a simulated PBX'

export async function checkResolves(ward: Ward, tell: Tell): Promise<void> {
  const { trunks } = ward.config
  if (trunks.length === 0) return tell.skip(DEMO)
  const { probe } = await ward.sip()
  const examined: Examined[] = []
  for (const trunk of trunks) {
    const { host, port, transport } = trunkAddress(trunk.uri)
    const places = await probe.places(trunk).catch((fault: unknown) => {
      tell.fail(
        `${host} does not resolve: ${messageOf(fault)}`,
        `Check the host in ${settingOf(ward.config)}, and the DNS of this machine; an IP address will do as well.`,
        { trunk: trunk.name },
      )
      return []
    })
    if (places.length > 0 && isIP(host) !== 0)
      tell.ok(`${host} is an address, port ${port ?? standardPort(transport)}, ${transport}`, {
        trunk: trunk.name,
      })
    else if (places.length > 0)
      tell.ok(`${host} is at ${places.map(({ at }) => placeOf(at)).join(', then ')} (${transport})`, {
        trunk: trunk.name,
      })
    examined.push({ trunk, places, answers: [] })
  }
  ward.examined = examined
}

const standardPort = (transport: string) => (transport === 'tls' ? 5061 : 5060)
const settingOf = ({ trunksFile }: Config) => (trunksFile === undefined ? 'SIP_TRUNK' : 'TRUNKS_FILE')
const placeOf = (at: string) => at.replace(/^sips?:|;.*$/g, '')

export async function checkAnswers(ward: Ward, tell: Tell): Promise<void> {
  if (ward.config.trunks.length === 0) return tell.skip(DEMO)
  const { probe } = await ward.sip()
  for (const one of ward.examined) {
    const { trunk, places } = one
    const about = { trunk: trunk.name }
    if (places.length === 0) {
      tell.skip('it does not resolve', about)
      continue
    }
    one.answers = await Promise.all(
      places.map(async (hop) => ({ at: hop.at, answer: await probe.ask('OPTIONS', trunk, hop) })),
    )
    const { transport } = trunkAddress(trunk.uri)
    for (const { at, answer } of one.answers) {
      const place = placeOf(at)
      if (answer.fault !== undefined) {
        const alone = one.answers.every((other) => other.answer.fault !== undefined)
        const says = `nobody answers OPTIONS at ${place} over ${transport}: ${answer.fault}`
        if (alone) tell.fail(says, awayRemedy(answer.fault, place, transport, ward.config), about)
        else tell.warn(says, awayRemedy(answer.fault, place, transport, ward.config), about)
        continue
      }
      const who = answer.software === '' ? '' : ` (${answer.software})`
      const { status, reason, ms } = answer
      tell.ok(`${place} answers OPTIONS over ${transport} with ${status} ${reason} in ${ms} ms${who}`, {
        ...about,
        figures: { status, ms },
      })
    }
    if (transport === 'tls' && firstAnswer(one)) await tellCertificate(one, ward.config, tell)
  }
}

const firstAnswer = ({ answers }: Examined): Answered | undefined =>
  answers.map(({ answer }) => answer).find((answer): answer is Answered => answer.fault === undefined)

function awayRemedy(fault: string, place: string, transport: string, config: Config): string {
  const known = tlsRemedy(fault)
  if (known !== undefined) return known
  const setting = settingOf(config)
  if (/refused|nobody listens|unreachable/i.test(fault))
    return `Nothing listens there over ${transport}. Start the PBX, or correct host, port and transport in ${setting}.`
  return `Check that the PBX runs and takes SIP over ${transport} there, host and port in ${setting}, and that no firewall drops packets between this machine and ${place}.`
}

/** Who the PBX says to be. sipd has judged it; here it is only told. */
async function tellCertificate({ trunk, places }: Examined, config: Config, tell: Tell): Promise<void> {
  const { host } = trunkAddress(trunk.uri)
  const [, address = '', port = ''] = /^sips?:\[?([^\];]+?)\]?:(\d+)/.exec(places[0]?.at ?? '') ?? []
  const peer =
    config.signalling.kind === 'embedded'
      ? config.signalling.tls?.peers.find((one) => one.host.toLowerCase() === host)
      : undefined
  const files = { ...trunk.tls, ...peer }
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file))
  const [ca, cert, key] = [read(files.ca), read(files.cert), read(files.key)]
  const own = cert && key ? { cert, key } : {}
  const found = await new Promise<tls.PeerCertificate | undefined>((done) => {
    const socket = tls.connect({
      host: address,
      port: Number(port),
      // RFC 6066 3: no address is a server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca ? { ca } : {}),
      ...own,
      rejectUnauthorized: false,
      timeout: CONNECT,
    })
    const end = (certificate?: tls.PeerCertificate) => {
      socket.destroy()
      done(certificate)
    }
    socket.once('secureConnect', () => {
      end(socket.getPeerCertificate())
    })
    socket.once('error', () => {
      end()
    })
    socket.once('timeout', () => {
      end()
    })
  })
  const until = Date.parse(found?.valid_to ?? '')
  if (!found || Number.isNaN(until)) return
  const days = Math.floor((until - Date.now()) / DAY)
  const who = [found.subject.CN, found.issuer.CN].map((name) => (Array.isArray(name) ? name[0] : name) ?? '?')
  const says = `its certificate is for ${who[0]}, from ${who[1]}, and holds for ${days} days`
  const about = { trunk: trunk.name, figures: { certificateDays: days } }
  if (days < SOON_DAYS) tell.warn(says, 'Renew the certificate of the PBX.', about)
  else tell.ok(says, about)
}

/**
 * Proves credentials where the PBX asks for them without a call: with OPTIONS, else with a REGISTER that changes nothing.
 * What can only be proven by an INVITE is not: it could ring somebody.
 */
export async function checkDigest(ward: Ward, tell: Tell): Promise<void> {
  if (ward.config.trunks.length === 0) return tell.skip(DEMO)
  const { probe } = await ward.sip()
  for (const one of ward.examined) {
    const { trunk } = one
    const about = { trunk: trunk.name }
    const options = firstAnswer(one)
    const hop = one.places[one.answers.findIndex(({ answer }) => answer === options)]
    if (!options || !hop) {
      tell.skip('it does not answer', about)
      continue
    }
    const judge = verdictOf(options, trunk, ward.config, tell)
    if (judge || trunk.user === undefined) {
      if (!judge) tellNoUser(options, trunk, tell)
      continue
    }
    const asked = await probe.ask('REGISTER', trunk, hop)
    if (asked.fault !== undefined || !verdictOf(asked, trunk, ward.config, tell)) {
      const what = asked.fault ?? `${asked.status} ${asked.reason}`
      tell.skip(
        `the PBX asks nobody for them, neither with OPTIONS nor with REGISTER (${what}); --call <number> proves them`,
        about,
      )
    }
  }
}

/** @returns whether this answer proves anything; it was told then */
function verdictOf(answer: Answered, trunk: Trunk, config: Config, tell: Tell): boolean {
  const about = { trunk: trunk.name }
  const [user, password] =
    config.trunksFile === undefined
      ? ['SIP_TRUNK_USER', 'SIP_TRUNK_PASSWORD']
      : ['"user"', '"password" of this trunk in TRUNKS_FILE']
  const { status, reason, credentials } = answer
  if (credentials === 'refused') {
    tell.fail(
      `the PBX does not take user ${trunk.user ?? ''} with this password (${status} ${reason})`,
      `Check ${user} and ${password}. Try it once only: a PBX may ban an address after wrong ones.`,
      about,
    )
    return true
  }
  if (credentials === 'lacking') {
    if (trunk.user === undefined)
      tell.fail(
        `the PBX asks who is calling (${status}), and no user is set`,
        `Set ${user} and ${password}; or let the PBX know this machine (${answer.seen}) by its address, without a password.`,
        about,
      )
    else
      tell.fail(
        `the PBX asks for credentials in a way that is not understood (${status} ${reason})`,
        'Let it ask for Digest with MD5 or SHA-256 (RFC 8760).',
        about,
      )
    return true
  }
  if (credentials === 'none') return false
  if (status === 403) {
    tell.fail(
      `the PBX answers 403 ${reason} to user ${trunk.user ?? ''}`,
      `Check ${user} and ${password}, and that the PBX lets this user in from ${answer.seen}.`,
      about,
    )
    return true
  }
  if (trunk.register && (status === 404 || status === 405)) {
    tell.fail(
      `the password is right, but the PBX takes no registration of ${trunk.user ?? ''} (${status} ${reason})`,
      'Let the PBX take registrations of this user in this domain, or set "register": false.',
      about,
    )
    return true
  }
  tell.ok(`the PBX has asked for credentials and taken those of ${trunk.user ?? ''}`, about)
  return true
}

function tellNoUser({ status, reason, seen }: Answered, trunk: Trunk, tell: Tell): void {
  const about = { trunk: trunk.name }
  if (status === 403)
    tell.warn(
      `no user is set, and the PBX answers ${status} ${reason}`,
      `Let the PBX know this machine (${seen}) by its address, or set a user.`,
      about,
    )
  else
    tell.ok(
      `none are set and none were asked for; whether calls from ${seen} are let through, --call <number> shows`,
      about,
    )
}

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 2.5.6. */
const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const)
  PRIVATE.addSubnet(net, bits)
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')

/** Whether an address leads to one machine from everywhere. */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && !isLoopback(address) && !PRIVATE.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** What the PBX is told of where we are, held against where it sees us. */
export async function checkAddresses(ward: Ward, tell: Tell): Promise<void> {
  const { config } = ward
  if (config.trunks.length === 0) return tell.skip(DEMO)
  const { own } = await ward.sip()
  const sound = soundAddress(config, own)
  checkOwn(config, sound, tell)
  for (const one of ward.examined) {
    const about = { trunk: one.trunk.name }
    const answer = firstAnswer(one)
    if (!answer) {
      tell.skip('it does not answer', about)
      continue
    }
    const { host } = trunkAddress(one.places[0]?.at.replace(/^sips:/, 'sip:') ?? one.trunk.uri)
    tellAddresses({ ...answer, pbx: host, sound }, about, tell)
  }
}

type Addresses = {
  /** Where the PBX is. */
  readonly pbx: string
  /** What it is told for SIP, what phones are told for sound, and where the PBX sees us. */
  readonly told: string
  readonly sound: string
  readonly seen: string
}

export function tellAddresses(
  { pbx, told, sound, seen }: Addresses,
  about: { readonly trunk: string },
  tell: Tell,
): void {
  const nat = `Set SIP_ADVERTISE and RTP_ADVERTISE to ${seen}, and let the router pass the ports of SIP_BIND and RTP_PORTS on to this machine.`
  if (!isLoopback(pbx) && (isLoopback(told) || isLoopback(sound)))
    return tell.fail(
      `the PBX is on another machine, and is told ${told} for SIP and ${sound} for sound`,
      'Set SIP_ADVERTISE and RTP_ADVERTISE to an address of this machine that PBX and phones reach.',
      about,
    )
  if (seen !== told && isIP(told) !== 0)
    return tell.warn(`the PBX is told ${told}, and sees us at ${seen}: there is a NAT between`, nat, about)
  if (isPublic(pbx) && !isPublic(sound))
    return tell.warn(
      `the PBX is on the Internet (${pbx}), and phones are told the private address ${sound} for sound`,
      isPublic(seen) ? nat : 'Set RTP_ADVERTISE to the address that the Internet sees of this machine.',
      about,
    )
  tell.ok(`the PBX is told ${told} for SIP and sees us there; phones are told ${sound} for sound`, about)
}

function checkOwn({ rtp, sipAdvertise }: Config, sound: string, tell: Tell): void {
  const here = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  const given: readonly (readonly [string, string | undefined])[] = [
    ['SIP_ADVERTISE', sipAdvertise],
    ['RTP_ADVERTISE', rtp.advertise === undefined ? undefined : sound],
  ]
  for (const [setting, address] of given)
    if (address !== undefined && isIP(address) !== 0 && !here.includes(address) && !isPublic(address))
      tell.warn(
        `${setting} is ${address}, which is no address of this machine`,
        `Leave ${setting} out, unless a router or a container host passes on what is sent there.`,
      )
}
