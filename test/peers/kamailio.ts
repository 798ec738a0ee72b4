/** A real Kamailio as the proxy between the bot and the phones: it record-routes every call (RFC 3261 16.6). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { program, type Program } from './debian.ts'
import { freePort } from './ports.ts'

export type KamailioOptions = {
  /** Where each called number leads: a SIP URI. */
  readonly numbers: Readonly<Record<string, string>>
  /** What it does with a re-INVITE in place of passing it on: a status, or `silence`. */
  readonly changes?: '488 Not Acceptable Here' | 'silence'
}

export class Kamailio {
  /** Where it listens on 127.0.0.1, UDP and TCP. */
  readonly port: number
  readonly #child: Child
  readonly #root: string

  private constructor(port: number, child: Child, root: string) {
    this.port = port
    this.#child = child
    this.#root = root
  }

  /** Starts it, and resolves when it routes. */
  static async start(options: KamailioOptions): Promise<Kamailio> {
    return Kamailio.#start((port, modules) => config(options, port, modules))
  }

  /**
   * The same with a file of one's own.
   * @param file the file, by the port that it shall listen on
   */
  static async startWith(file: (port: number) => string): Promise<Kamailio> {
    return Kamailio.#start(
      (port, modules) =>
        // Its log goes to us, and its modules are where they have been unpacked.
        `${file(port).replace(/^mpath=.*$/m, `mpath="${modules}/"`)}
event_route[core:worker-one-init] {
  xlog("L_ERR", "here I am\\n");
}
`,
    )
  }

  static async #start(file: (port: number, modules: string) => string): Promise<Kamailio> {
    const kamailio = await program('kamailio')
    const root = mkdtempSync(join(tmpdir(), 'kamailio-'))
    const port = await freePort()
    writeFileSync(join(root, 'kamailio.cfg'), file(port, modulesOf(kamailio)))
    // -DD: its children are children of ours; -E: it logs to us; a machine that is shared needs no 64 MB for this.
    const args = ['-f', join(root, 'kamailio.cfg'), '-DD', '-E', '-m', '16', '-M', '4', '-n', '2', '-Y', root]
    const child = new Child(kamailio, args, { cwd: root })
    try {
      await child.says(/here I am/)
      return new Kamailio(port, child, root)
    } catch (cause) {
      await child.stop(0)
      rmSync(root, { recursive: true, force: true })
      throw cause
    }
  }

  /** What it has said. */
  get log(): string {
    return this.#child.said
  }

  async stop(): Promise<void> {
    await this.#child.stop()
    rmSync(this.#root, { recursive: true, force: true })
  }
}

function modulesOf({ root }: Program): string {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return join(root, `usr/lib/${triplet}/kamailio/modules`)
}

function config({ numbers, changes }: KamailioOptions, port: number, modules: string): string {
  const routes = Object.entries(numbers).map(([number, uri]) => `  if ($rU == "${number}") $ru = "${uri}";`)
  return `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
mpath="${modules}/"
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "xlog.so"

event_route[core:worker-one-init] {
  xlog("L_ERR", "here I am\\n");
}

request_route {
  if (!mf_process_maxfwd_header("10")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  if (has_totag()) {
    t_check_trans();
${changed(changes)}
    if (!loose_route()) {
      if (!is_method("ACK")) sl_send_reply("404", "Not here");
      exit;
    }
    t_relay();
    exit;
  }
  if (is_method("OPTIONS")) {
    sl_send_reply("200", "OK");
    exit;
  }
  record_route();
${routes.join('\n')}
  t_relay();
}
`
}

function changed(changes: KamailioOptions['changes']): string {
  if (changes === undefined) return ''
  const [, status = '', reason = ''] = /^(\d+) (.*)/.exec(changes) ?? []
  const says = changes === 'silence' ? '' : ` t_newtran(); t_reply("${status}", "${reason}");`
  return `    if (is_method("INVITE")) {${says} exit; }`
}
