import type { Sample } from './sample.ts'

export const bridges: readonly Sample[] = [
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
