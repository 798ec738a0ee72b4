/** First and longest wait before another try, milliseconds. */
const SOON = 300
const LATE = 4000

/**
 * The WebSocket to the demo. It comes back by itself when the server has been away.
 * @param {{ onOpen(): void, onTold(told: object): void, onClosed(): void }} listener
 */
export function openLink(listener) {
  let socket
  let wait = SOON

  function open() {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/demo/socket`)
    socket.addEventListener('open', () => {
      wait = SOON
      listener.onOpen()
    })
    socket.addEventListener('message', (event) => listener.onTold(JSON.parse(event.data)))
    socket.addEventListener('close', () => {
      listener.onClosed()
      setTimeout(open, wait)
      wait = Math.min(wait * 2, LATE)
    })
  }

  open()
  return {
    /** False where the server is away: nothing is kept for later, so that nothing is done late. */
    ask(asked) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(asked))
      return true
    },
  }
}
