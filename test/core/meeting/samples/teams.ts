import type { Sample } from './sample.ts'
import { LONG_TEAMS, THREAD } from './link.ts'

export const teams: readonly Sample[] = [
  {
    name: 'Teams: the long link alone',
    text: LONG_TEAMS,
    is: [{ provider: 'teams', key: THREAD, numbers: [] }],
  },
  {
    name: 'Teams: the short link alone',
    text: 'https://teams.microsoft.com/meet/2345678901234?p=aBcDeF12',
    is: [{ provider: 'teams', key: 'teams:2345678901234' }],
  },
  {
    name: 'Teams: the newest host',
    text: 'join https://teams.cloud.microsoft/meet/2345678901234?p=aBcDeF12 please',
    is: [{ provider: 'teams', key: 'teams:2345678901234' }],
  },
  {
    name: 'Teams for home',
    text: 'https://teams.live.com/meet/9312345678901?p=Zx81',
    is: [{ provider: 'teams', key: 'teams:9312345678901' }],
  },
  {
    name: 'Teams of the US government',
    text: 'https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_2b3f%40thread.v2/0',
    is: [{ provider: 'teams', key: 'teams:19:gcch:meeting_2b3f@thread.v2' }],
  },
  {
    name: 'Teams: an invitation in English, with a number',
    text: `________________________________________________________________________________
Microsoft Teams Need help?
Join the meeting now
${LONG_TEAMS}
Meeting ID: 234 567 890 12
Passcode: aB3dE9
________________________________
Dial in by phone
+34 910 48 00 01,,123456789# Spain, Madrid
Find a local number
Phone conference ID: 123 456 789#
For organizers: Meeting options | Reset dial-in PIN
________________________________________________________________________________`,
    is: [{ provider: 'teams', key: THREAD, id: '123456789', pin: undefined, numbers: ['+34 910 48 00 01'] }],
  },
  {
    name: 'Teams: an invitation in Spanish, without the one-tap form',
    text: `Reunión de Microsoft Teams
Únase ahora: ${LONG_TEAMS}
Id. de reunión: 234 567 890 12
Código de acceso: aB3dE9
Marcar por teléfono
+34 910 48 00 01 Spain, Madrid
Identificador de conferencia telefónica: 987 654 321#
Opciones de reunión`,
    is: [{ provider: 'teams', id: '987654321', numbers: ['+34 910 48 00 01'] }],
  },
  {
    name: 'Teams: an invitation in German',
    text: `Microsoft Teams-Besprechung
Jetzt an der Besprechung teilnehmen <${LONG_TEAMS}>
Besprechungs-ID: 345 678 901 23
Kennung: xY7zW2
Per Telefon einwählen
+49 69 36505 700,,456789123# Germany, Frankfurt am Main
Telefonkonferenz-ID: 456 789 123#`,
    is: [{ provider: 'teams', id: '456789123', numbers: ['+49 69 36505 700'] }],
  },
  {
    name: 'Teams: an invitation in French, toll-free beside toll',
    text: `Réunion Microsoft Teams
Participer maintenant : ${LONG_TEAMS}
Composer par téléphone
+33 1 70 99 00 01,,55566677# France, Paris
0 800 900 001 Gratuit
ID de conférence téléphonique: 555 666 77#`,
    is: [{ provider: 'teams', id: '55566677', numbers: ['+33 1 70 99 00 01', '0 800 900 001'] }],
  },
  {
    name: 'Teams: an invitation in Italian',
    text: `Riunione di Microsoft Teams\nPartecipa: ${LONG_TEAMS}\nComponi tramite telefono\n+39 02 0062 4001,,112233445# Italy, Milano\nID conferenza telefonica: 112 233 445#`,
    is: [{ provider: 'teams', id: '112233445', numbers: ['+39 02 0062 4001'] }],
  },
  {
    name: 'Teams: an invitation in Portuguese',
    text: `Reunião do Microsoft Teams\n${LONG_TEAMS}\nDiscar por telefone\n+351 21 020 0001,,998877665# Portugal, Lisboa\nID da conferência telefônica: 998 877 665#`,
    is: [{ provider: 'teams', id: '998877665', numbers: ['+351 21 020 0001'] }],
  },
  {
    name: 'Teams: behind the scanner of a mail server',
    text: `Join: https://eur01.safelinks.protection.outlook.com/ap/t-59584e83/?url=${encodeURIComponent(LONG_TEAMS)}&data=05%7C02%7C&reserved=0`,
    is: [{ provider: 'teams', key: THREAD }],
  },
  {
    name: 'Teams: the HTML that a chat attaches',
    text: `<div><p>Standup, see you there</p><p><a href="${LONG_TEAMS}" title="x">Join the meeting now</a></p><p>Phone conference&nbsp;ID: <span>135&nbsp;791&nbsp;113</span>#</p><p><a href="tel:+34910480001,,135791113#">+34 910 48 00 01,,135791113#</a> Spain</p></div>`,
    is: [{ provider: 'teams', key: THREAD, id: '135791113' }],
  },
  {
    name: 'Teams: by a video system',
    text: `Join with a video conferencing device\nTenant key: 114567890@t.plcm.vc\nVideo ID: 112 345 678 9`,
    is: [{ provider: 'teams', sip: 'sip:114567890@t.plcm.vc' }],
  },
]
