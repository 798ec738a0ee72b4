import type { Provider } from '../meeting.ts'

/** It stands on hosts of its users; its front-end Greenlight is known by the shape of its rooms' addresses. */
export const bigbluebutton: Provider = {
  name: 'bigbluebutton',
  label: 'BigBlueButton',
  read(url) {
    const [, room] =
      /^\/(?:b|gl|rooms)\/([a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}(?:-[a-z0-9]{3})?)(?:\/join)?\/?$/.exec(
        url.pathname,
      ) ?? []
    return room === undefined ? undefined : { key: `${url.hostname}/${room}` }
  },
  id: ['pin', 'access', 'conference'],
  pin: [],
  keys: '{id}#',
}
