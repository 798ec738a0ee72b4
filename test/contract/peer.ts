import type { Socket as UdpSocket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'

/** A SIP message as these tests see it. */
export type Message = {
  readonly start: string
  /** Of a request; of a response the method of its CSeq. */
  readonly method: string
  /** 0 for a request. */
  readonly status: number
  readonly uri: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** Sends bytes back the way this came. */
  readonly back: (data: string) => void
}

export type Address = { readonly transport: 'udp' | 'tcp'; readonly host: string; readonly port: number }
export type Fields = Readonly<Record<string, string>>

/** Makes a TCP peer speak TLS: its certificate and key, and the authority that it trusts, in PEM. */
export type Secure = { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer }

// A real server's timers may be those of the RFC.
const PATIENCE = process.env['DRACHTIO_HOST'] === undefined ? 8_000 : 13_000

const LONG: Fields = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
}

/** Value of the first header of that name. */
export function header(message: Message, name: string): string {
  return message.headers.find(([key]) => key === name.toLowerCase())?.[1] ?? ''
}

export function headersOf(message: Message, name: string): string[] {
  return message.headers.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value)
}

export function tag(value: string): string {
  return /;tag=([^;]+)/.exec(value)?.[1] ?? ''
}

/** The URI of a Contact, From or To value. */
export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0] ?? ''
}

export function sdp(port: number, session = 1): string {
  const lines = ['v=0', `o=peer ${session} 1 IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0']
  return [...lines, `m=audio ${port} RTP/AVP 8`, 'a=rtpmap:8 PCMA/8000', 'a=sendrecv', ''].join('\r\n')
}

let counter = 0

/** A name that no other test uses. */
export function unique(prefix: string): string {
  counter++
  return `${prefix}${process.pid.toString(36)}${Date.now().toString(36)}${counter}`
}

/** A SIP phone that does only what a test tells it, message by message. */
export class Peer {
  readonly transport: 'udp' | 'tcp'
  readonly #secure: Secure | undefined
  readonly #udp: UdpSocket | undefined
  readonly #tcp: Server | undefined
  readonly #sockets = new Set<Socket>()
  readonly #inbox: Message[] = []
  readonly #taken = new Set<string>()
  readonly #waiters: { wants: (message: Message) => boolean; take: (message: Message) => void }[] = []
  /** All that went to and fro, for the message of a failing test. */
  readonly ladder: string[] = []
  #port = 0

  private constructor(transport: 'udp' | 'tcp', secure: Secure | undefined) {
    this.transport = transport
    this.#secure = secure
    if (transport === 'udp') {
      this.#udp = createSocket('udp4')
      this.#udp.on('message', (data, from) => {
        this.#receive(data.toString(), (bytes) => this.#udp?.send(bytes, from.port, from.address))
      })
    } else if (secure) this.#tcp = createTlsServer(secure, (socket) => this.#read(socket))
    else this.#tcp = createServer((socket) => this.#read(socket))
  }

  static async start(transport: 'udp' | 'tcp' = 'udp', secure?: Secure): Promise<Peer> {
    const peer = new Peer(transport, secure)
    if (peer.#udp) {
      peer.#udp.bind(0, '127.0.0.1')
      await once(peer.#udp, 'listening')
      peer.#port = peer.#udp.address().port
    } else if (peer.#tcp) {
      peer.#tcp.listen(0, '127.0.0.1')
      await once(peer.#tcp, 'listening')
      const address = peer.#tcp.address()
      peer.#port = typeof address === 'object' && address ? address.port : 0
    }
    return peer
  }

  get port(): number {
    return this.#port
  }

  get hostPort(): string {
    return `127.0.0.1:${this.port}`
  }

  /** A URI that leads here. */
  uri(user = 'bob', host = this.hostPort): string {
    return `sip:${user}@${host}${this.transport === 'udp' ? '' : `;transport=${this.#secure ? 'tls' : 'tcp'}`}`
  }

  get contact(): string {
    return `<${this.uri('peer')}>`
  }

  /** Connections open at this moment (TCP). */
  get connections(): number {
    return this.#sockets.size
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#udp?.close()
    this.#tcp?.close()
    this.dropConnections()
  }

  /** The next message that fits and that no other call has taken, also one that came before. */
  next(wants: (message: Message) => boolean, what: string): Promise<Message> {
    const index = this.#inbox.findIndex(wants)
    if (index >= 0) return Promise.resolve(this.#inbox.splice(index, 1)[0]!)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        reject(new Error(`no ${what} came\n${this.ladder.join('\n')}`))
      }, PATIENCE)
      const waiter = {
        wants,
        take: (message: Message) => {
          clearTimeout(timer)
          resolve(message)
        },
      }
      this.#waiters.push(waiter)
    })
  }

  /** The next request of that method; one that was taken so and is sent again is no other. */
  async request(method: string): Promise<Message> {
    const wants = (message: Message) =>
      message.status === 0 && message.method === method && !this.#taken.has(keyOf(message))
    const message = await this.next(wants, method)
    // A 2xx that is sent again is acknowledged by the same ACK again, and tests wait for that.
    if (method !== 'ACK') this.#taken.add(keyOf(message))
    return message
  }

  /** The next response of that status (or any final one) to a request of that method. */
  response(method: string, status?: number): Promise<Message> {
    return this.next(
      (message) => message.method === method && (status ? message.status === status : message.status >= 200),
      `${status ?? 'final'} to ${method}`,
    )
  }

  /** Messages that came and that nobody waited for. */
  unread(method: string): Message[] {
    return this.#inbox.filter(
      (message) => message.method === method && message.status === 0 && !this.#taken.has(keyOf(message)),
    )
  }

  /** Answers a request; `tag` is put into To, a Contact into 1xx and 2xx. */
  answer(
    request: Message,
    status: number,
    options: { tag?: string; body?: string; fields?: Fields; reason?: string } = {},
  ): void {
    const to = header(request, 'to')
    const own = options.tag !== undefined && tag(to) === '' ? `${to};tag=${options.tag}` : to
    const lines = [`SIP/2.0 ${status} ${options.reason ?? 'Whatever'}`]
    for (const via of headersOf(request, 'via')) lines.push(`Via: ${via}`)
    for (const value of headersOf(request, 'record-route')) lines.push(`Record-Route: ${value}`)
    lines.push(`From: ${header(request, 'from')}`, `To: ${own}`, `Call-ID: ${header(request, 'call-id')}`)
    lines.push(`CSeq: ${header(request, 'cseq')}`)
    if (status > 100 && status < 300 && !options.fields?.['Contact']) lines.push(`Contact: ${this.contact}`)
    const data = finish(lines, options.fields, options.body)
    this.#note('──►', data)
    request.back(data)
  }

  /** Sends a request of its own to `to`; what is not given is made up. @returns what was sent */
  send(
    to: Address,
    request: { method: string; uri: string; from: string; to: string; callId: string; cseq: string },
    options: {
      branch?: string
      body?: string
      fields?: Fields
      contact?: string | undefined
      via?: string
    } = {},
  ): Promise<string> {
    const branch = options.branch ?? unique('z9hG4bK')
    const lines = [
      `${request.method} ${request.uri} SIP/2.0`,
      options.via ??
        `Via: SIP/2.0/${this.#secure ? 'TLS' : this.transport.toUpperCase()} ${this.hostPort};rport;branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${request.from}`,
      `To: ${request.to}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.cseq}`,
      ...(options.contact === '' ? [] : [`Contact: ${options.contact ?? this.contact}`]),
    ]
    const data = finish(lines, options.fields, options.body)
    return this.raw(to, data).then(() => data)
  }

  /** Sends bytes as they are. */
  async raw(to: Address, data: string | Buffer): Promise<void> {
    this.#note('──►', data.toString())
    if (this.#udp) {
      this.#udp.send(data, to.port, to.host)
      return
    }
    const known = [...this.#sockets].find((socket) => socket.remotePort === to.port)
    if (known) {
      known.write(data)
      return
    }
    const secure = this.#secure
    const socket = secure
      ? connectTls({ ...secure, port: to.port, host: to.host })
      : connect(to.port, to.host)
    await once(socket, secure ? 'secureConnect' : 'connect')
    this.#read(socket)
    socket.write(data)
  }

  #read(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let held = ''
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString('latin1')
      for (;;) {
        held = held.replace(/^(\r\n)+/, '')
        const end = held.indexOf('\r\n\r\n')
        if (end < 0) return
        const length = Number(/^(?:content-length|l)\s*:\s*(\d+)/im.exec(held.slice(0, end))?.[1] ?? 0)
        if (held.length < end + 4 + length) return
        this.#receive(held.slice(0, end + 4 + length), (data) => socket.write(data))
        held = held.slice(end + 4 + length)
      }
    })
  }

  #receive(text: string, back: (data: string) => void): void {
    this.#note('◄──', text)
    const end = text.indexOf('\r\n\r\n')
    const [start = '', ...lines] = text.slice(0, end).split('\r\n')
    const headers = lines.map((line) => {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      return [LONG[name] ?? name, line.slice(colon + 1).trim()] as const
    })
    const status = start.startsWith('SIP/2.0 ') ? Number(start.slice(8, 11)) : 0
    const cseq = headers.find(([name]) => name === 'cseq')?.[1] ?? ''
    const method = status ? (cseq.split(' ')[1] ?? '') : (start.split(' ')[0] ?? '')
    const uri = start.split(' ')[1] ?? ''
    const message: Message = { start, method, status, uri, headers, body: text.slice(end + 4), back }
    const index = this.#waiters.findIndex(({ wants }) => wants(message))
    if (index >= 0) this.#waiters.splice(index, 1)[0]?.take(message)
    else this.#inbox.push(message)
  }

  #note(arrow: string, data: string): void {
    this.ladder.push(`${this.port} ${arrow} ${data.split('\r\n')[0] ?? ''}`)
  }
}

function keyOf(request: Message): string {
  return `${request.method} ${header(request, 'via')}`
}

function finish(lines: readonly string[], fields: Fields = {}, body = ''): string {
  const extra = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  const type = body !== '' && !fields['Content-Type'] ? ['Content-Type: application/sdp'] : []
  return [...lines, ...extra, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}
