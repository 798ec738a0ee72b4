import type { Sample } from './sample.ts'

export const webex: readonly Sample[] = [
  {
    name: 'Webex: a link of a meeting',
    text: 'https://acme.webex.com/acme/j.php?MTID=m0123456789abcdef0123456789abcdef',
    is: [{ provider: 'webex' }],
  },
  {
    name: 'Webex: a personal room',
    text: 'https://acme.webex.com/meet/ana.lopez',
    is: [{ provider: 'webex', key: 'webex:acme.webex.com/ana.lopez' }],
  },
  {
    name: 'Webex: a join link',
    text: 'https://acme.webex.com/wbxmjs/joinservice/sites/acme/meeting/download/0123456789abcdef0123456789abcdef',
    is: [{ provider: 'webex' }],
  },
  {
    name: 'Webex: an invitation in English',
    text: `Ana López invites you to a Webex meeting.

Join from the meeting link
https://acme.webex.com/acme/j.php?MTID=m0123456789abcdef0123456789abcdef

Join by meeting number
Meeting number (access code): 2345 678 9012
Meeting password: Xy7uPPk39Za

Tap to join from a mobile device (attendees only)
+34-91-215-8236,,23456789012## Spain Toll

Join by phone
+34-91-215-8236 Spain Toll
900-838-133 Spain Toll Free
Global call-in numbers

Join from a video system or application
Dial 23456789012@acme.webex.com`,
    is: [{ provider: 'webex', id: '23456789012', pin: undefined, sip: 'sip:23456789012@acme.webex.com' }],
  },
  {
    name: 'Webex: an invitation in Spanish',
    text: `Únase desde el enlace de la reunión
https://acme.webex.com/acme/j.php?MTID=mfedcba9876543210fedcba9876543210
Unirse mediante el número de reunión
Número de reunión (código de acceso): 2744 555 6677
Contraseña de la reunión: 87654321
Unirse por teléfono
+34-91-215-8236 Tarifa de España`,
    is: [{ provider: 'webex', id: '27445556677', pin: '87654321', numbers: ['+34-91-215-8236'] }],
  },
  {
    name: 'Webex: an invitation in German',
    text: `Beitreten über Meeting-Link
https://acme.webex.com/acme/j.php?MTID=m1111111111111111aaaaaaaaaaaaaaaa
Meeting-Kennnummer (Zugriffscode): 2733 444 5566
Meeting-Passwort: 55443322
Über Telefon beitreten
+49-619-6781-9736 Germany Toll`,
    is: [{ provider: 'webex', id: '27334445566', pin: '55443322' }],
  },
]
