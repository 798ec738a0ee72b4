import { LONG_TEAMS, THREAD } from './link.ts'
import type { Sample } from './sample.ts'

const ZOOM = 'https://us02web.zoom.us/j/89012345678?pwd=aBc'

/** Invitations in further languages, and as mail programs make them. */
export const further: readonly Sample[] = [
  ...(
    [
      ['zoom.us/j/89012345678', 'zoom'],
      ['see you at teams.microsoft.com/meet/23456789012?p=aBcD', 'teams'],
      ['meet.google.com/abc-defg-hij, 16:00', 'meet'],
    ] as const
  ).map(([text, provider]): Sample => ({
    name: `a link without its scheme: ${text}`,
    text,
    is: [{ provider }],
  })),
  ...[
    'bob@zoom.us/j/89012345678',
    'https://example.com/zoom.us/j/89012345678',
    'x.zoom.us.example.com/j/890',
  ].map((text): Sample => ({ name: `no link of a meeting: ${text}`, text, is: [] })),
  {
    name: 'Teams: an invitation in Dutch',
    text: `Microsoft Teams-vergadering\nNu deelnemen: ${LONG_TEAMS}\nVergaderings-id: 345 678 901 23\nInbellen via telefoon\n+31 20 258 4001,,223344556# Netherlands, Amsterdam\nTelefonische vergadering-id: 223 344 556#`,
    is: [{ provider: 'teams', key: THREAD, id: '223344556', numbers: ['+31 20 258 4001'] }],
  },
  {
    name: 'Teams: an invitation in Polish',
    text: `Spotkanie w usłudze Microsoft Teams\nDołącz teraz: ${LONG_TEAMS}\nZadzwoń\n+48 22 398 4001 Poland, Warszawa\nIdentyfikator konferencji telefonicznej: 445 566 778#`,
    is: [{ provider: 'teams', id: '445566778', numbers: ['+48 22 398 4001'] }],
  },
  {
    name: 'Teams: an invitation in Catalan',
    text: `Reunió del Microsoft Teams\nUniu-vos-hi: ${LONG_TEAMS}\nTruqueu per telèfon\n+34 930 38 00 01 Spain, Barcelona\nID de conferència telefònica: 556 677 889#`,
    is: [{ provider: 'teams', id: '556677889', numbers: ['+34 930 38 00 01'] }],
  },
  {
    name: 'Teams: an invitation in Japanese, with full-width signs',
    text: `Microsoft Teams 会議\n今すぐ参加する ${LONG_TEAMS}\n電話でダイヤルイン\n+81 3-4571-0001 Japan, Tokyo\n電話会議 ID：667 788 990#`,
    is: [{ provider: 'teams', id: '667788990', numbers: ['+81 3-4571-0001'] }],
  },
  {
    name: 'Teams: an invitation in Danish',
    text: `Microsoft Teams-møde\nDeltag nu: ${LONG_TEAMS}\nRing op via telefon\n+45 32 72 00 01,,778899001# Denmark\nTelefonkonference-id: 778 899 001#`,
    is: [{ provider: 'teams', id: '778899001', numbers: ['+45 32 72 00 01'] }],
  },
  {
    name: 'Zoom: an invitation in Dutch',
    text: `Onderwerp: Weekstart\nDeelnemen aan Zoom-meeting\n${ZOOM}\nMeeting-ID: 890 1234 5678\nToegangscode: 334455\nSnel mobiel inbellen\n+31207947345,,89012345678#,,,,*334455# Nederland`,
    is: [{ provider: 'zoom', title: 'Weekstart', id: '89012345678', pin: '334455' }],
  },
  {
    name: 'Zoom: an invitation in Japanese',
    text: `トピック: 週次\nZoomミーティングに参加する\n${ZOOM}\nミーティング ID: 890 1234 5678\nパスコード: 556677\n+81 3 4578 1488 日本`,
    is: [{ provider: 'zoom', id: '89012345678', pin: '556677', numbers: ['+81 3 4578 1488'] }],
  },
  {
    name: 'Outlook: HTML with its styles, the link behind words',
    text: `<html><head><style>p.MsoNormal{mso-style-unhide:no} a{color:#123456}</style></head><body lang="EN-GB"><p class="MsoNormal" style="mso-margin-top-alt:auto"><span style="mso-fareast-language:EN-US">Hi,<o:p></o:p></span></p><div><a href="${LONG_TEAMS}" target="_blank"><span style="font-size:18.0pt">Join the meeting now</span></a></div><p class="MsoNormal"><a href="tel:+34910480001,,123456789#"><span style="color:#5B5FC7">+34 910 48 00 01,,123456789#</span></a><span style="mso-spacerun:yes">&nbsp; </span>Spain</p><p>Phone conference ID:&nbsp;<span>123 456 789#</span></p></body></html>`,
    is: [{ provider: 'teams', key: THREAD, id: '123456789' }],
  },
  {
    name: 'Gmail: a forwarded invitation',
    text: `fyi\n\n---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\nDate: Tue, 24 Nov 2026 at 09:12\nSubject: Weekly\nTo: <alice@example.com>\n\n${ZOOM}\nMeeting ID: 890 1234 5678\nPasscode: 778899\n`,
    is: [{ provider: 'zoom', title: 'Weekly', id: '89012345678', pin: '778899' }],
  },
  {
    name: 'mail: what was quoted beneath an answer of one’s own has been shared before',
    text: `I will be late.\n\n> From: Bob\n> ${ZOOM}\n> Passcode: 778899`,
    is: [],
  },
  {
    name: 'two scanners, one around the other',
    text: `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://www.google.com/url?q=${encodeURIComponent(ZOOM)}`)}&data=05`,
    is: [{ provider: 'zoom', key: 'zoom:89012345678' }],
  },
]

const homographs = [
  'https://teams.rnicrosoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0',
  'https://teams.microsoft.com.evil.example/l/meetup-join/19%3ameeting_x%40thread.v2/0',
  'https://teаms.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0',
  'https://zооm.us/j/89012345678',
  'https://zoom.us@evil.example/j/89012345678',
  'https://notzoom.us/j/89012345678',
  'https://zoom.us.evil.example/j/89012345678',
  'https://meet.google.com.evil.example/abc-defg-hij',
]

/** What wants to be taken for a meeting. */
export const hostile: readonly Sample[] = [
  ...homographs.map((text): Sample => ({ name: `a host that only looks like one: ${text}`, text, is: [] })),
  { name: 'javascript:', text: 'javascript:alert("https//zoom.us/j/89012345678")', is: [] },
  { name: 'file:', text: 'file:///j/89012345678 and file://zoom.us/j/89012345678', is: [] },
  { name: 'a data: address', text: '<a href="data:text/html,zoom.us/j/89012345678">join</a>', is: [] },
  {
    name: 'a thousand parameters',
    text: `https://zoom.us/j/89012345678?${Array.from({ length: 1000 }, (_, i) => `p${i}=1`).join('&')}`,
    is: [],
  },
  { name: 'one megabyte around nothing', text: 'lorem 12 ipsum +3 '.repeat(58_000), is: [] },
  { name: 'one megabyte of opened tags', text: '<p><a href="'.repeat(87_000), is: [] },
]
