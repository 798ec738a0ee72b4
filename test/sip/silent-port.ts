import type { MediaPort } from '../../src/media/endpoint.ts'

const nothing = () => undefined
/** A port that does nothing. */
export const PORT: MediaPort = {
  address: '127.0.0.1',
  port: 33_000,
  elsewhere: false,
  remote: nothing,
  play: nothing,
  sendDigits: nothing,
  gather: nothing,
  relay: nothing,
  part: nothing,
  room: undefined,
  join: nothing,
  leave: nothing,
  mute: nothing,
  watch: nothing,
  measure: () => Promise.resolve({ heard: undefined, sent: 0, told: undefined }),
  awaitPause: nothing,
  close: nothing,
}
