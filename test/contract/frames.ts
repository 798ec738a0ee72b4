import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

/** One message as drachtio-srf sends it. */
export function frameOf(text: string): string {
  return `${Buffer.byteLength(text)}#${text}`
}

/** Sends messages over a raw connection and reads as many answers as come before it is closed or silent. */
export async function talk(host: string, port: number, messages: readonly string[]): Promise<string[]> {
  const socket = connect(port, host)
  await once(socket, 'connect')
  const answers = read(socket, messages.filter((message) => message !== '').length)
  socket.write(
    messages
      .filter((message) => message !== '')
      .map(frameOf)
      .join(''),
  )
  const lines = await answers
  socket.destroy()
  return lines
}

/** The next messages of the server, or those that came before it closed the connection. */
export function read(socket: Socket, wanted: number): Promise<string[]> {
  const lines: string[] = []
  let held = ''
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString('latin1')
      for (;;) {
        const [, digits] = /^(\d+)#/.exec(held) ?? []
        if (digits === undefined) break
        const end = digits.length + 1 + Number(digits)
        if (held.length < end) break
        lines.push(held.slice(digits.length + 1, end))
        held = held.slice(end)
      }
      if (lines.length >= wanted) resolve(lines)
    })
    socket.on('close', () => resolve(lines))
  })
}
