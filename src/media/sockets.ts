/** UDP sockets in pairs: RTP on an even port, RTCP above it (RFC 3550 11). */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

/** Opens one even port and the odd one above it. @throws the socket's error, `EADDRINUSE` among them */
export async function openPair(bind: string, port: number): Promise<readonly [Socket, Socket]> {
  const rtp = await openSocket(bind, port)
  try {
    return [rtp, await openSocket(bind, port + 1)]
  } catch (fault) {
    rtp.close()
    throw fault
  }
}

function openSocket(bind: string, port: number): Promise<Socket> {
  const type = bind.includes(':') ? 'udp6' : 'udp4'
  // Only literal addresses are ever sent to; Node would ask its resolver for each packet otherwise.
  const socket = createSocket({
    type,
    lookup: (address, _options, done) => {
      done(null, address, type === 'udp6' ? 6 : 4)
    },
  })
  return new Promise((resolve, reject) => {
    socket.once('error', (fault) => {
      socket.close()
      reject(fault)
    })
    socket.bind({ port, address: bind, exclusive: true }, () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}
