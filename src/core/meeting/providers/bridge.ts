import type { Provider } from '../meeting.ts'

/** A conference bridge that an invitation tells by number alone. */
export const phone: Provider = {
  name: 'phone',
  label: 'Conference call',
  id: ['conference', 'access', 'meeting', 'id', 'pin'],
  pin: ['pin', 'phonePasscode', 'passcode'],
  keys: '{id}# {pin}#',
}

/** The company's own conference bridge (`CONFERENCE_BRIDGE`), on which the bot makes meetings. */
export const conference: Provider = {
  name: 'conference',
  label: 'Conference call',
  id: [],
  pin: [],
  keys: '{id}# {pin}#',
}

/** A meeting that is told by its SIP address alone. */
export const sip: Provider = {
  name: 'sip',
  label: 'SIP',
  id: [],
  pin: ['pin', 'passcode'],
  keys: '{pin}#',
}
