import type { Sample } from './sample.ts'

export const zoom: readonly Sample[] = [
  {
    name: 'Zoom: the link alone',
    text: 'https://us02web.zoom.us/j/89012345678?pwd=aGVsbG8uMQ',
    is: [{ provider: 'zoom', key: 'zoom:89012345678', id: '89012345678' }],
  },
  {
    name: 'Zoom: without a region',
    text: 'see https://zoom.us/j/9876543210.',
    is: [{ provider: 'zoom', id: '9876543210' }],
  },
  {
    name: 'Zoom: in the browser',
    text: 'https://app.zoom.us/wc/89012345678/join?fromPWA=1',
    is: [{ provider: 'zoom', id: '89012345678' }],
  },
  {
    name: 'Zoom: a webinar',
    text: 'https://acme.zoom.us/w/89912345678?tk=x',
    is: [{ provider: 'zoom', id: '89912345678' }],
  },
  {
    name: 'Zoom: a personal link without a number',
    text: 'https://acme.zoom.us/my/ana.lopez',
    is: [{ provider: 'zoom', key: 'zoom:my/ana.lopez', id: undefined }],
  },
  {
    name: 'Zoom: an invitation in English',
    text: `Ana López is inviting you to a scheduled Zoom meeting.

Topic: Quarterly review
Time: Nov 26, 2026 10:00 AM Madrid

Join Zoom Meeting
https://us02web.zoom.us/j/89012345678?pwd=aGVsbG8uMQ

Meeting ID: 890 1234 5678
Passcode: 246810

---

One tap mobile
+34917870058,,89012345678#,,,,*246810# Spain
+34843685025,,89012345678#,,,,*246810# Spain

---

Dial by your location
• +34 91 787 0058 Spain
• +34 84 368 5025 Spain
• 900 800 700 Spain Toll-free

Meeting ID: 890 1234 5678
Passcode: 246810

Find your local number: https://us02web.zoom.us/u/kdXyZ

---

Join by SIP
• 89012345678@zoomcrc.com`,
    is: [
      {
        provider: 'zoom',
        title: 'Quarterly review',
        id: '89012345678',
        pin: '246810',
        sip: 'sip:89012345678@zoomcrc.com',
        numbers: ['+34917870058', '+34843685025', '900 800 700'],
      },
    ],
  },
  {
    name: 'Zoom: an invitation in Spanish',
    text: `Ana López le está invitando a una reunión de Zoom programada.

Tema: Revisión trimestral
Entrar Zoom Reunión
https://us02web.zoom.us/j/87654321098?pwd=eA

ID de reunión: 876 5432 1098
Código de acceso: 135790

Móvil con un toque
+34917873431,,87654321098#,,,,*135790# España

Marque según su ubicación
+34 91 787 3431 España`,
    is: [
      {
        provider: 'zoom',
        title: 'Revisión trimestral',
        id: '87654321098',
        pin: '135790',
        numbers: ['+34917873431'],
      },
    ],
  },
  {
    name: 'Zoom: an invitation in German, with letters in the code',
    text: `Thema: Wochenbesprechung
Zoom-Meeting beitreten
https://acme.zoom.us/j/65432109876?pwd=b

Meeting-ID: 654 3210 9876
Kenncode: k9!xQ
Einwahl nach aktuellem Standort
        +49 69 7104 9922 Deutschland
        +49 30 5679 5800 Deutschland`,
    is: [
      {
        provider: 'zoom',
        title: 'Wochenbesprechung',
        id: '65432109876',
        pin: undefined,
        numbers: ['+49 69 7104 9922', '+49 30 5679 5800'],
      },
    ],
  },
  {
    name: 'Zoom: an invitation in French',
    text: `Sujet : Point hebdo
Participer à l'entretien Zoom
https://us06web.zoom.us/j/81234567890?pwd=c
ID de réunion: 812 3456 7890
Code secret: 112233
Composez un numéro en fonction de votre emplacement
+33 1 7037 2246 France`,
    is: [{ provider: 'zoom', title: 'Point hebdo', id: '81234567890', pin: '112233' }],
  },
  {
    name: 'Zoom: by its SIP gateway',
    text: 'Use 89012345678@zoomcrc.com from the room',
    is: [{ provider: 'zoom', sip: 'sip:89012345678@zoomcrc.com' }],
  },
  {
    name: 'Zoom: a gateway address as a URI',
    text: 'sip:89012345678.246810@zoomcrc.com',
    is: [{ provider: 'zoom', sip: 'sip:89012345678.246810@zoomcrc.com' }],
  },
  {
    name: 'Zoom: for the government',
    text: 'https://acme.zoomgov.com/j/1612345678',
    is: [{ provider: 'zoom', id: '1612345678' }],
  },
  {
    name: 'Zoom: behind a wrapper of another scanner',
    text: 'https://urldefense.com/v3/__https://us02web.zoom.us/j/89012345678?pwd=abc__;!!Ab!xyz$',
    is: [{ provider: 'zoom', id: '89012345678' }],
  },
]
