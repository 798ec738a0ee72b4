import type { Sample } from './sample.ts'

export const others: readonly Sample[] = [
  {
    name: 'Google Meet: the link alone',
    text: 'https://meet.google.com/abc-defg-hij',
    is: [{ provider: 'meet', key: 'meet:abcdefghij', id: undefined }],
  },
  {
    name: 'Google Meet: an invitation in English',
    text: `Video call link: https://meet.google.com/abc-defg-hij
Or dial: ‪(ES) +34 910 48 12 34‬ PIN: ‪123 456 789 0123‬#
More phone numbers: https://tel.meet/abc-defg-hij?pin=1234567890123`,
    is: [{ provider: 'meet', key: 'meet:abcdefghij', id: '1234567890123', numbers: ['+34 910 48 12 34'] }],
  },
  {
    name: 'Google Meet: nothing but the page of its numbers, whose PIN stands on no card',
    text: 'https://tel.meet/abc-defg-hij?pin=1234567890123',
    is: [{ provider: 'meet', id: '1234567890123', link: 'https://meet.google.com/abc-defg-hij' }],
  },
  {
    name: 'Google Meet: an invitation in Spanish',
    text: `Enlace de la videollamada: https://meet.google.com/xyz-abcd-efg
O marca el: (ES) +34 910 48 12 34 PIN: 987 654 321#`,
    is: [{ provider: 'meet', id: '987654321' }],
  },
  {
    name: 'Google Meet: an invitation in German',
    text: `Videoanruflink: https://meet.google.com/qwe-rtyu-iop\nOder wählen Sie: (DE) +49 40 8081 617 123 PIN: 246 813 579#`,
    is: [{ provider: 'meet', id: '246813579', numbers: ['+49 40 8081 617 123'] }],
  },
  {
    name: 'Google Meet: wrapped by a mail page',
    text: 'https://www.google.com/url?q=https://meet.google.com/abc-defg-hij&sa=D',
    is: [{ provider: 'meet', key: 'meet:abcdefghij' }],
  },
  {
    name: 'GoTo: the link alone',
    text: 'https://meet.goto.com/123456789',
    is: [{ provider: 'goto', id: '123456789' }],
  },
  {
    name: 'GoTo: the old link',
    text: 'https://global.gotomeeting.com/join/987654321',
    is: [{ provider: 'goto', id: '987654321' }],
  },
  {
    name: 'GoTo: an invitation',
    text: `Please join my meeting from your computer, tablet or smartphone.
https://meet.goto.com/123456789
You can also dial in using your phone.
Access Code: 123-456-789
Spain: +34 932 75 1234
Spain (Toll Free): 900 810 022`,
    is: [{ provider: 'goto', id: '123456789' }],
  },
  {
    name: 'GoTo: an invitation in Spanish',
    text: `Únase a mi reunión desde su equipo, tablet o smartphone.
https://global.gotomeeting.com/join/555666777
También puede marcar con su teléfono.
España: +34 932 75 1230
Código de acceso: 555-666-777`,
    is: [{ provider: 'goto', id: '555666777', numbers: ['+34 932 75 1230'] }],
  },
  {
    name: 'Jitsi: a room',
    text: 'https://meet.jit.si/AcmeStandup',
    is: [{ provider: 'jitsi', key: 'jitsi:meet.jit.si/acmestandup' }],
  },
  {
    name: 'Jitsi: with a number',
    text: `Click the following link to join the meeting:
https://meet.jit.si/AcmeStandup
=====
Just want to dial in on your phone?
Dial-in: +1.512.402.2718 PIN: 1234567890#`,
    is: [{ provider: 'jitsi', id: '1234567890' }],
  },
  {
    name: 'BigBlueButton: a room of the older front-end',
    text: 'https://bbb.uni.example/b/ana-x7k-9qp-2ab',
    is: [{ provider: 'bigbluebutton', key: 'bigbluebutton:bbb.uni.example/ana-x7k-9qp-2ab' }],
  },
  {
    name: 'BigBlueButton: a room of the newer front-end',
    text: 'https://bbb.uni.example/rooms/abc-def-ghi-jkl/join',
    is: [{ provider: 'bigbluebutton' }],
  },
  {
    name: 'BigBlueButton: with a number',
    text: `https://bbb.uni.example/rooms/abc-def-ghi-jkl/join\nTo join this meeting by phone, dial:\n+49 89 2189 0001\nThen enter 54321 as the conference PIN number.\nPIN: 54321`,
    is: [{ provider: 'bigbluebutton', id: '54321' }],
  },
]
