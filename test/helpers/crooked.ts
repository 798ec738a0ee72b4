/** A way over UDP between the bot and its PBX that is not as it should be. */
import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { once } from 'node:events'

export type Crooked = {
  /** Where the bot sends to. */
  readonly port: number
  /** Where the PBX is. */
  readonly pbx: number
  /** Whether this message of the bot is lost on its way. */
  readonly loses?: (message: string) => boolean
  /** The PBX's messages come from another port than the bot sends to. */
  readonly answersElsewhere?: boolean
}

/** Opens it on 127.0.0.1; resolves with how to close it. */
export async function crookedWay({ port, pbx, loses, answersElsewhere }: Crooked): Promise<() => void> {
  const [near, far, other] = await Promise.all([bound(port), bound(0), bound(0)])
  let bot: RemoteInfo | undefined
  near.on('message', (bytes, from) => {
    bot = from
    if (!loses?.(bytes.toString())) far.send(bytes, pbx, '127.0.0.1')
  })
  far.on('message', (bytes) => {
    if (bot) (answersElsewhere ? other : near).send(bytes, bot.port, bot.address)
  })
  return () => {
    for (const socket of [near, far, other]) socket.close()
  }
}

async function bound(port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}
