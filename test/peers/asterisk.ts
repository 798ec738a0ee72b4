/** A real Asterisk with desk phones and, where asked for, a trunk to the bot; all of it on loopback. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Manager } from './ami.ts'
import { asteriskConfig, type AsteriskOptions, type AsteriskPlaces } from './asterisk-config.ts'
import { Child } from './child.ts'
import { program, type Program } from './debian.ts'
import { freePort, freeRange } from './ports.ts'

const RTP_PORTS = 60
/** From the kernel's own range: nobody else asks for so many in a row. */
const FOR_LOAD = { first: 32_768, last: 60_998 }

export class Asterisk {
  /** Where its SIP side listens, on 127.0.0.1, UDP and TCP. */
  readonly port: number
  /** The same with TLS, where it has certificates. */
  readonly tlsPort: number
  readonly manager: Manager
  readonly #child: Child
  readonly #root: string

  private constructor(port: number, tlsPort: number, manager: Manager, child: Child, root: string) {
    this.port = port
    this.tlsPort = tlsPort
    this.manager = manager
    this.#child = child
    this.#root = root
  }

  /** Starts it, and resolves when chan_pjsip takes calls. */
  static async start(options: AsteriskOptions): Promise<Asterisk> {
    const asterisk = await program('asterisk')
    const root = mkdtempSync(join(tmpdir(), 'asterisk-'))
    const [sip, sips, manager] = [await freePort(), await freePort(), await freePort()]
    const first = await freeRange(RTP_PORTS)
    const rtp = options.forLoad ? FOR_LOAD : { first, last: first + RTP_PORTS - 1 }
    const places = { root, ...shared(asterisk), sip, sips, manager, rtp }
    for (const [name, text] of Object.entries(asteriskConfig(options, places)))
      writeFileSync(join(root, name), text)
    // -p (real-time priority) is left out: tests share the machine.
    const child = new Child(asterisk, ['-f', '-C', join(root, 'asterisk.conf')], { cwd: root })
    const alive = () => {
      if (child.hasEnded) throw new Error(`Asterisk ended:\n${child.said}\n${log(root)}`)
    }
    try {
      return new Asterisk(sip, sips, await Manager.connect(manager, 20_000, alive), child, root)
    } catch (cause) {
      await child.stop(0)
      rmSync(root, { recursive: true, force: true })
      throw cause
    }
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Resolves when a phone has registered. */
  async knows(name: string): Promise<void> {
    await this.manager.sees({ Event: 'ContactStatus', AOR: name, ContactStatus: 'NonQualified' })
  }

  /** Its log, with every SIP message that it sent and received. */
  get log(): string {
    return log(this.#root)
  }

  /** Resolves as soon as its log is so; rejects after `ms`. It is a file, so it is read now and then. */
  async logs(seen: (log: string) => boolean, ms = 20_000): Promise<void> {
    const end = performance.now() + ms
    while (!seen(this.log)) {
      if (performance.now() > end) throw new Error(`Asterisk did not log it within ${ms} ms`)
      await pause(50)
    }
  }

  async stop(): Promise<void> {
    this.manager.close()
    await this.#child.stop(0)
    rmSync(this.#root, { recursive: true, force: true })
  }
}

function log(root: string): string {
  try {
    return readFileSync(join(root, 'full'), 'utf8')
  } catch {
    return ''
  }
}

/** Where its modules and its data files are: beside an unpacked one, else where Debian installs them. */
function shared({ root }: Program): Pick<AsteriskPlaces, 'modules' | 'data'> {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return {
    modules: join(root, `usr/lib/${triplet}/asterisk/modules`),
    data: join(root, 'usr/share/asterisk'),
  }
}
