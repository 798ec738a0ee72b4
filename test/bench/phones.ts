/**
 * All phones of a company behind one UDP port: SIPp, so that neither their work nor their clock is the bench's own.
 * Its log of messages, one line each with the time, is read when all is over.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Child } from '../peers/child.ts'
import { program } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'
import { CALLEES, nth } from './numbers.ts'

/** When things were seen at the phones of one call, milliseconds since 1970. */
export type Seen = {
  /** First INVITE at the phone that is dialled back, and its 200. */
  invited?: number
  pickedUp?: number
  /** The same at the one who is called. */
  calleeInvited?: number
  calleePickedUp?: number
  /** First re-INVITE at either. */
  renegotiated?: number
  /** A BYE at the first phone, and at the other, whoever sent it. */
  down: boolean
  calleeDown: boolean
}

const SDP = `      v=0
      o=sipp 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio 9 RTP/AVP 8 0 101
      a=rtpmap:8 PCMA/8000
      a=rtpmap:0 PCMU/8000
      a=rtpmap:101 telephone-event/8000
      a=sendrecv`

export class Phones {
  readonly port: number
  readonly pid: number
  readonly #child: Child
  readonly #root: string
  readonly #log: number
  #rest = ''
  /** By Call-ID: whom its first INVITE was for, and that one's CSeq. */
  readonly #legs = new Map<string, { readonly number: string; readonly cseq: string }>()
  readonly #calls = new Map<number, Seen>()

  private constructor(port: number, child: Child, root: string) {
    this.port = port
    this.pid = child.pid
    this.#child = child
    this.#root = root
    this.#log = openSync(join(root, 'messages'), 'a+')
  }

  /** @param talk milliseconds that the called one talks before it puts down */
  static async start(talk: number): Promise<Phones> {
    const sipp = await program('sipp')
    const root = mkdtempSync(join(tmpdir(), 'phones-'))
    const port = await freePort()
    const gaps: Record<string, string> = {
      hangsUp: CALLEES.replace('+', '[+]'),
      talk: String(talk),
      sdp: SDP,
    }
    const template = readFileSync(join(import.meta.dirname, 'phones.xml'), 'utf8')
    const scenario = template.replace(/\{\{(\w+)\}\}/g, (_, gap: string) => gaps[gap] ?? '')
    writeFileSync(join(root, 'scenario.xml'), scenario)
    const args = ['-sf', join(root, 'scenario.xml'), '-i', '127.0.0.1', '-p', String(port), '-t', 'u1']
    args.push('-aa', '-nostdin', '-buff_size', String(4 << 20), '-timer_resol', '1')
    args.push('-trace_shortmsg', '-shortmessage_file', join(root, 'messages'))
    args.push('-trace_err', '-error_file', join(root, 'errors'))
    const child = new Child(sipp, args, { cwd: root, env: { TERM: 'dumb' } })
    // It does not say when it listens.
    const line = ` 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `
    while (!readFileSync('/proc/net/udp', 'utf8').includes(line)) {
      if (child.hasEnded) throw new Error(`SIPp did not start:\n${child.said.slice(-600)}`)
      await pause(20)
    }
    return new Phones(port, child, root)
  }

  /** What was seen so far of each call, by its number. */
  look(): ReadonlyMap<number, Seen> {
    for (const line of this.#fresh()) {
      const [, , time = '', way, id = '', cseq = '', first = ''] = line.split('\t')
      const invited = /^INVITE sip:([^@;>]+)/.exec(first)?.[1]
      if (invited !== undefined && !this.#legs.has(id)) this.#legs.set(id, { number: invited, cseq })
      const leg = this.#legs.get(id)
      if (!leg) continue
      const n = nth(leg.number)
      const call = this.#calls.get(n) ?? { down: false, calleeDown: false }
      this.#calls.set(n, call)
      const callee = leg.number.startsWith(CALLEES)
      note(call, Number(time) * 1000, callee, cseq === leg.cseq, `${way} ${first}`)
    }
    return this.#calls
  }

  async stop(): Promise<void> {
    await this.#child.stop(0)
    closeSync(this.#log)
    rmSync(this.#root, { recursive: true, force: true })
  }

  /** Whole lines that its log has grown by. */
  #fresh(): string[] {
    const chunk = Buffer.alloc(1 << 20)
    for (let read = chunk.length; read === chunk.length;) {
      read = readSync(this.#log, chunk)
      this.#rest += chunk.toString('latin1', 0, read)
    }
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }
}

/** @param initial whether it belongs to the INVITE that made the leg */
function note(call: Seen, at: number, callee: boolean, initial: boolean, what: string): void {
  if (what.startsWith('R INVITE ')) {
    if (!initial) call.renegotiated ??= at
    else call[callee ? 'calleeInvited' : 'invited'] ??= at
  } else if (initial && what.startsWith('S SIP/2.0 200 ')) {
    call[callee ? 'calleePickedUp' : 'pickedUp'] ??= at
  } else if (/^[RS] BYE /.test(what)) call[callee ? 'calleeDown' : 'down'] = true
}
