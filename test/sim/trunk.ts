import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Pbx } from '../../src/sim/pbx.ts'
import type { PhoneView } from '../../src/sim/phone.ts'

/** A trunk in a few lines: text out, text in. Nothing of the simulation's own SIP is used. */
export class Trunk {
  readonly #socket: Socket
  readonly #pbx: Pbx
  readonly #inbox: string[] = []
  readonly #waiting: { wanted: (message: string) => boolean; resolve: (message: string) => void }[] = []

  private constructor(socket: Socket, pbx: Pbx) {
    this.#socket = socket
    this.#pbx = pbx
    socket.on('message', (bytes) => {
      const message = bytes.toString()
      const at = this.#waiting.findIndex(({ wanted }) => wanted(message))
      if (at >= 0) this.#waiting.splice(at, 1)[0]?.resolve(message)
      else this.#inbox.push(message)
    })
  }

  static async to(pbx: Pbx): Promise<Trunk> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new Trunk(socket, pbx)
  }

  get port(): number {
    return this.#socket.address().port
  }

  send(text: string | Buffer): void {
    this.#socket.send(text, this.#pbx.address.port, this.#pbx.address.host)
  }

  /** The next message whose first line or CSeq fits, among those that came and those to come. */
  next(start: RegExp, ms = 3000): Promise<string> {
    const wanted = (message: string) => start.test(message)
    const at = this.#inbox.findIndex(wanted)
    if (at >= 0) return Promise.resolve(this.#inbox.splice(at, 1)[0]!)
    return new Promise((resolve, reject) => {
      const late = () =>
        reject(new Error(`no ${String(start)} within ${ms} ms; got:\n${this.#inbox.join('\n')}`))
      const timer = setTimeout(late, ms)
      this.#waiting.push({
        wanted,
        resolve: (message) => {
          clearTimeout(timer)
          resolve(message)
        },
      })
    })
  }

  count(start: RegExp): number {
    return this.#inbox.filter((message) => start.test(message)).length
  }

  /** A call of this trunk's to what is dialled; nothing is sent yet. */
  call(dialled: string, options: { from?: string; scheme?: string } = {}): Leg {
    return new Leg(this, dialled, options)
  }

  close(): void {
    this.#socket.close()
  }
}

let counter = 0

export class Leg {
  readonly #trunk: Trunk
  readonly #uri: string
  readonly id = `leg-${(counter += 1)}-${Math.random().toString(36).slice(2)}@test`
  readonly #from: string
  #to: string
  #target: string
  #cseq = 0
  #branch = ''

  constructor(trunk: Trunk, dialled: string, { from, scheme = 'sip' }: { from?: string; scheme?: string }) {
    this.#trunk = trunk
    this.#uri = scheme === 'tel' ? `tel:${dialled}` : `${scheme}:${dialled}@127.0.0.1`
    this.#from = `${from ?? '<sip:+34900100200@127.0.0.1>'};tag=t${counter}`
    this.#to = `<${this.#uri}>`
    this.#target = this.#uri
  }

  text(
    method: string,
    { body = '', headers = [] as string[], cseq = this.#cseq, branch = this.#branch } = {},
  ) {
    const uri = method === 'CANCEL' || !this.#to.includes('tag=') ? this.#uri : this.#target
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.#trunk.port};rport;branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${this.#from}`,
      `To: ${method === 'CANCEL' ? `<${this.#uri}>` : this.#to}`,
      `Call-ID: ${this.id}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:trunk@127.0.0.1:${this.#trunk.port}>`,
      ...(body ? ['Content-Type: application/sdp'] : []),
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n')
  }

  /** Sends a request in a transaction of its own; answers its text, to be sent again. */
  send(method: string, options: { body?: string; headers?: string[] } = {}): string {
    const own = method !== 'ACK' && method !== 'CANCEL'
    if (own) this.#cseq += 1
    if (method !== 'CANCEL') this.#branch = `z9hG4bK-${this.id}-${method}-${this.#cseq}`
    const text = this.text(method, options)
    this.#trunk.send(text)
    return text
  }

  /** Waits for a response of this call to a method, and takes its tag and Contact. */
  async gets(status: number, method = 'INVITE'): Promise<string> {
    const fits = new RegExp(`^SIP/2\\.0 ${status} [^]*Call-ID: ${this.id}[^]*CSeq: \\d+ ${method}`)
    const response = await this.#trunk.next(fits)
    const to = /^To: (.*)$/m.exec(response)?.[1]?.trim()
    if (to?.includes('tag=')) this.#to = to
    if (status < 300) this.#target = /^Contact: <([^>]+)>/m.exec(response)?.[1] ?? this.#target
    return response
  }

  /** The next request of the phone in this call. */
  requested(method: string, ms = 3000): Promise<string> {
    return this.#trunk.next(new RegExp(`^${method} [^]*Call-ID: ${this.id}`), ms)
  }

  answer(request: string, status = '200 OK'): void {
    const kept = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line))
    this.#trunk.send([`SIP/2.0 ${status}`, ...kept, 'Content-Length: 0', '', ''].join('\r\n'))
  }

  /** Has the phone picked up by this button, and acknowledges. */
  async answered(pickUp: { click(): Promise<void> }): Promise<void> {
    await pickUp.click()
    await this.gets(200)
    this.send('ACK')
  }

  /** INVITE, ring, pick up, ACK: a call that stands. Answers the phone's SDP. */
  async connect(phone: { pickUp(): boolean }, body: string): Promise<string> {
    this.send('INVITE', { body })
    await this.gets(180)
    phone.pickUp()
    const ok = await this.gets(200)
    this.send('ACK')
    return bodyOf(ok)
  }
}

export function bodyOf(message: string): string {
  return message.slice(message.indexOf('\r\n\r\n') + 4)
}

/** An offer or answer as a trunk would send it. */
export function sdp(port: number, { types = [0, 8, 101], version = 1, extra = [] as string[] } = {}): string {
  const names: Record<number, string> = {
    0: 'PCMU/8000',
    8: 'PCMA/8000',
    96: 'telephone-event/8000',
    101: 'telephone-event/8000',
    9: 'G722/8000',
  }
  return [
    'v=0',
    `o=- 7 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')}`,
    ...types.map((type) => `a=rtpmap:${type} ${names[type]}`),
    ...extra,
    '',
  ].join('\r\n')
}

export function portOf(body: string): number {
  return Number(/^m=audio (\d+)/m.exec(body)?.[1])
}

/** Resolves when the phone shows what is wanted. */
export async function shows(
  pbx: Pbx,
  id: string,
  wanted: (view: PhoneView) => boolean,
  ms = 3000,
): Promise<PhoneView> {
  const now = pbx.phone(id)!.view
  if (wanted(now)) return now
  const signal = AbortSignal.timeout(ms)
  for (;;) {
    const [view] = (await once(pbx, 'phone', { signal }).catch(() => {
      throw new Error(`${id} shows ${JSON.stringify(pbx.phone(id)!.view)}`)
    })) as [PhoneView]
    if (view.id === id && wanted(view)) return view
  }
}
