import type { Sample } from './sample.ts'

export const bridges: readonly Sample[] = [
  {
    name: 'a tel: link that keys more than id and PIN: all of it, as it stands',
    text: 'tel:+34910480001,,1#,,,123456#',
    is: [{ provider: 'phone', id: '123456', tap: ',,1#,,,123456#', numbers: ['+34910480001'] }],
  },
  {
    name: 'a tel: link with a star before the PIN: no command',
    text: 'tel:+34910480001,,123456#,,,,*4321#',
    is: [{ provider: 'phone', id: '123456', pin: '4321', tap: undefined }],
  },
  {
    name: 'a tel: link that would have the bridge dial out: only what stands before it',
    text: 'tel:+34910480001,,123456#,,*9,,0034806123456#',
    is: [{ provider: 'phone', id: '123456', pin: undefined, tap: undefined }],
  },
  {
    name: 'a tel: link with more digits than any id has',
    text: `tel:+34910480001,,${'1234567890'.repeat(1000)}#`,
    is: [],
  },
  {
    name: 'a tel: link with hundreds of pauses',
    text: `tel:+34910480001${','.repeat(400)}123456#`,
    is: [],
  },
  {
    name: 'digits of another script are none',
    text: 'Dial-in: +٣٤ ٩١٠ ٤٨٠ ٠٠١\nConference ID: ١٢٣٤٥٦#',
    is: [],
  },
  {
    name: 'an id of which nobody says what it is, and a PIN',
    text: '+34 910 480 001 id 123456 pin 9876',
    is: [{ provider: 'phone', id: '123456', pin: '9876' }],
  },
  {
    name: 'a title whose direction of writing is turned: as letters in their order',
    text: 'Topic: Stand\u202eup \u2066now\nDial-in: +34 910 480 001\nConference ID: 123456#',
    is: [{ provider: 'phone', title: 'Stand up now' }],
  },
  {
    name: 'a title of nothing that can be seen: none',
    text: 'Topic: \u202e\u2066\nDial-in: +34 910 480 001\nConference ID: 123456#',
    is: [{ provider: 'phone', title: undefined }],
  },
  {
    name: 'a SIP address that orders a telephone system about is none',
    text: 'sip:8001@bridge.example.com?Replaces=a%3Bto-tag%3Db sip:8001@bridge.example.com;method=REFER',
    is: [],
  },
  {
    name: 'the port of a SIP address is for the gate to judge',
    text: 'sip:8001@bridge.example.com:5090',
    is: [{ provider: 'sip', sip: 'sip:8001@bridge.example.com:5090' }],
  },
  {
    name: 'a tel: link with everything in it',
    text: 'tel:+34910480001,,123456789#',
    is: [{ provider: 'phone', id: '123456789', numbers: ['+34910480001'] }],
  },
  {
    name: 'a tel: link with id and PIN',
    text: 'Dial tel:+34910480001,,123456789#,,4321#',
    is: [{ provider: 'phone', id: '123456789', pin: '4321' }],
  },
  {
    name: 'a number and a conference id in English',
    text: 'Dial-in: +34 910 48 00 01\nConference ID: 7654321\nPIN: 2468',
    is: [{ provider: 'phone', id: '7654321', pin: '2468' }],
  },
  {
    name: 'a number and a conference id in Spanish',
    text: 'Llamar al +34 910 48 00 01\nID de conferencia: 7654321\nPIN: 2468',
    is: [{ provider: 'phone', id: '7654321', pin: '2468' }],
  },
  {
    name: 'a number and an access code in Spanish',
    text: 'Teléfono: 910 480 001\nCódigo de acceso: 998 877#',
    is: [{ provider: 'phone', id: '998877', numbers: ['910 480 001'] }],
  },
  {
    name: 'a number and an access code in German',
    text: 'Einwahlnummer: +49 30 1234 5600\nZugangscode: 445566',
    is: [{ provider: 'phone', id: '445566' }],
  },
  {
    name: 'a number and a code in French',
    text: "Numéro: +33 1 70 99 00 01\nCode d'accès : 334455#",
    is: [{ provider: 'phone', id: '334455' }],
  },
  {
    name: 'a number and a code in Italian',
    text: 'Telefono: +39 02 0062 4001\nCodice di accesso: 778899',
    is: [{ provider: 'phone', id: '778899' }],
  },
  {
    name: 'a bridge with a participant code',
    text: 'US dial-in +1 (646) 555-0100\nParticipant code 123456',
    is: [{ provider: 'phone', id: '123456' }],
  },
  {
    name: 'a toll-free number beside another',
    text: 'Dial-in: +34 910 48 00 01\nToll free: 900 838 133\nAccess code: 445566',
    is: [{ provider: 'phone', id: '445566', numbers: ['+34 910 48 00 01', '900 838 133'] }],
  },
  {
    name: 'a SIP URI',
    text: 'sip:boardroom@meet.acme.example',
    is: [{ provider: 'sip', sip: 'sip:boardroom@meet.acme.example' }],
  },
  {
    name: 'a SIP URI among words',
    text: 'The room is sip:8001@conf.acme.example, PIN: 1234.',
    is: [{ provider: 'sip', sip: 'sip:8001@conf.acme.example', pin: '1234' }],
  },
]
