import type { Sample } from './sample.ts'
import { LONG_TEAMS, THREAD } from './link.ts'

export const calendar: readonly Sample[] = [
  {
    name: 'a calendar entry of Teams',
    text: `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T090000Z\r\nSUMMARY:Standup\r\nDESCRIPTION:Join: ${LONG_TEAMS.slice(0, 60)}\r\n ${LONG_TEAMS.slice(60)}\\nPhone conference ID: 123 456 789#\\n+34 910 48 00 01\\, Madrid\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR`,
    is: [
      {
        provider: 'teams',
        key: THREAD,
        title: 'Standup',
        id: '123456789',
        startsAt: Date.UTC(2026, 10, 26, 9),
      },
    ],
  },
  {
    name: 'a calendar entry of Google',
    text: `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Madrid:20261126T100000\nSUMMARY:Weekly\\, all hands\nX-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij\nDESCRIPTION:O marca el: (ES) +34 910 48 12 34 PIN: 987654321#\nEND:VEVENT\nEND:VCALENDAR`,
    is: [{ provider: 'meet', title: 'Weekly, all hands', id: '987654321', startsAt: undefined }],
  },
  {
    name: 'a calendar entry of Zoom',
    text: `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261126T090000Z\nSUMMARY:Review\nLOCATION:https://us02web.zoom.us/j/89012345678?pwd=x\nBEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR`,
    is: [{ provider: 'zoom', id: '89012345678', title: 'Review' }],
  },
]
