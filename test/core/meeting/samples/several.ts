import type { Sample } from './sample.ts'
import { LONG_TEAMS, THREAD } from './link.ts'

export const several: readonly Sample[] = [
  {
    name: 'two meetings in one message, each with its own id',
    text: `Morning: https://us02web.zoom.us/j/89012345678?pwd=a Passcode: 111111\nAfternoon: https://meet.google.com/abc-defg-hij PIN: 222 333 444#`,
    is: [
      { provider: 'zoom', id: '89012345678', pin: '111111' },
      { provider: 'meet', id: '222333444' },
    ],
  },
  {
    name: 'the same link three times',
    text: `${LONG_TEAMS}\n${LONG_TEAMS} again <${LONG_TEAMS}>`,
    is: [{ provider: 'teams', key: THREAD }],
  },
  {
    name: 'a reply above a quoted invitation',
    text: `I cannot make it, use https://meet.google.com/new-link-now instead\n> Join Zoom Meeting\n> https://us02web.zoom.us/j/89012345678`,
    is: [{ provider: 'meet' }],
  },
  {
    name: 'nothing but a forwarded quotation',
    text: `> Join Zoom Meeting\n> https://us02web.zoom.us/j/89012345678\n> Passcode: 135791`,
    is: [{ provider: 'zoom', id: '89012345678', pin: '135791' }],
  },
]

export const none: readonly Sample[] = [
  { name: 'no meeting: plain words', text: 'Shall we have a meeting tomorrow at 10:30? Room 402.', is: [] },
  {
    name: 'no meeting: a page of a provider',
    text: 'See https://www.zoom.us/pricing and https://teams.microsoft.com/downloads',
    is: [],
  },
  {
    name: 'no meeting: a number and nothing to key',
    text: 'Call me on +34 910 48 00 01 when you can',
    is: [],
  },
  {
    name: 'no meeting: an e-mail address',
    text: 'Write to ana.lopez@acme.example or 1234@acme.example',
    is: [],
  },
  {
    name: 'no meeting: a host that only looks like it',
    text: 'https://teams.rnicrosoft.com/l/meetup-join/19%3ameeting_abcdefghij%40thread.v2/0',
    is: [],
  },
  {
    name: 'no meeting: a host that only ends like it',
    text: 'https://evilzoom.us/j/89012345678 https://zoom.us.evil.example/j/89012345678',
    is: [],
  },
  {
    name: 'no meeting: letters of another script in the host',
    text: 'https://zооm.us/j/89012345678',
    is: [],
  },
  {
    name: 'no meeting: a host hidden behind a user name',
    text: 'https://zoom.us@evil.example/j/89012345678 https://x:y@zoom.us/j/89012345678',
    is: [],
  },
  {
    name: 'no meeting: other schemes',
    text: 'javascript:location="https:" file:///j/89012345678 zoommtg://zoom.us/join?confno=1',
    is: [],
  },
  {
    name: 'no meeting: inside code',
    text: 'Try `https://zoom.us/j/9876543210` or\n```\nhttps://meet.google.com/abc-defg-hij\n```',
    is: [],
  },
  { name: 'no meeting: in a signature', text: 'Thanks!\n-- \nAna\nhttps://acme.zoom.us/my/ana', is: [] },
  { name: 'no meeting: an order number and a PIN', text: 'Order 12345678, PIN: 4321', is: [] },
]
