/** What people say about meetings: whoever wants to be in is called, and nobody else is. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inALine } from './in-a-line.ts'

type Row = readonly [text: string, understood: string]

const ZOOM = 'https://zoom.us/j/89012345678'

/** Links that are no meeting's: nothing is dialled, and it is said where they lead. */
const strange: readonly Row[] = [
  ['join https://teams.rnicrosoft.com/l/meetup-join/19%3ax/0', 'no meeting at teams.rnicrosoft.com'],
  ['join https://teams.micrоsoft.com/meet/123', 'no meeting at teams.xn--micrsoft-qbh.com'],
  ['únete a https://zoom.us.example.com/j/89012345678', 'no meeting at zoom.us.example.com'],
  ['join teams.rnicrosoft.com/meet/21234567890', 'no meeting at teams.rnicrosoft.com'],
  ['https://example.com/meeting', 'no meeting at example.com'],
  ['join javascript:alert(1)', 'no meeting at '],
  ['join file:///etc/passwd', 'no meeting at '],
  [`join https://zoom.us/j/1?${'a=b&'.repeat(3000)}`, 'no meeting at zoom.us'],
  ['sip:bob@pbx.example.com', 'unknown'],
  ['see https://example.com/meeting', 'unknown'],
]

/** PINs that cannot be keyed for anybody; and what only looks like one. */
const pins: readonly Row[] = [
  ['join +34 910 480 001 pin 1234', 'en join phone'],
  ['unirme al +34 910 480 001 pin 1234#', 'es join phone'],
  ['join +34 910 480 001 code 1234', 'en join phone'],
  ['join +34 910 480 001 pin 1234, thanks', 'en join phone'],
  ['Order ID: 123456, call +34 910 480 001 about it', 'unknown ~ call <who> [from mobile]'],
  ['28001 Madrid, tel. +34 910 480 001, postal code 28001', 'unknown'],
  ['join +34 910 480 001 id 123456 pin 1234', 'en join phone'],
  ['join +34 910 480 001 pin 12a4', 'no PIN'],
  ['join +34 910 480 001 pin abcd', 'no PIN'],
  ['join +34 910 480 001 with pin *91234', 'no PIN'],
  ['join +34 910 480 001, pin: 1234*9#', 'no PIN'],
  ['join +34 910 480 001 pin A1B2#', 'no PIN'],
  ['join +34 910 480 001 pin ##', 'no PIN'],
  ['unirme al +34 910 480 001 con clave sésamo', 'no PIN'],
  ['llama al puente con PIN 12b4', 'no PIN'],
  ['call the bridge pin *9', 'no PIN'],
  ['join +34 910 480 001', 'en call[+34 910 480 001]'],
  ['join the meeting pin abcd', 'unknown ~ join <meeting>'],
]

const wishes: readonly Row[] = [
  ['join', 'en join'],
  ['join meeting', 'en join'],
  ['join the meeting', 'en join'],
  ['Join my meeting please', 'en join'],
  ['please join the meeting', 'en join'],
  ['join the meeting now', 'en join'],
  ['join the meeting, thanks', 'en join'],
  ['join our meeting', 'en join'],
  ['join the call', 'en join'],
  ['join the conference', 'en join'],
  ['join by phone', 'en join'],
  ['I want to join the meeting', 'en join'],
  ["I'd like to join the meeting", 'en join'],
  ['let me join the meeting', 'en join'],
  ['could you dial me into the meeting?', 'en join'],
  ['can you get me into the meeting', 'en join'],
  ['put me into the meeting', 'en join'],
  ['bring me into the meeting please', 'en join'],
  ['call me into the meeting', 'en join'],
  ['connect me to the meeting', 'en join'],
  ['patch me in', 'en join'],
  ['dial me in', 'en join'],
  ['dial into the meeting', 'en join'],
  ['call the bridge', 'en bridge'],
  ['dial the bridge please', 'en bridge'],
  ['call the conference bridge', 'en bridge'],
  ['call the bridge pin 1234', 'en bridge pin 1234'],
  ['call the bridge with PIN 1234#, please', 'en bridge pin 1234'],
  ['dial the bridge using access code 98765 from my mobile', 'en bridge pin 98765 from mobile'],
  ['call the bridge from my mobile, pin 1234', 'en bridge pin 1234 from mobile'],
  ['llama al puente', 'es bridge'],
  ['llama al puente con el PIN 1234', 'es bridge pin 1234'],
  ['llámame al puente desde el móvil', 'es bridge from mobile'],
  ['llama al puente de conferencias, código 123456', 'es bridge pin 123456'],
  ['call the meeting', 'en join'],
  ['join from my mobile', 'en join from mobile'],
  ['join meeting from mobile', 'en join from mobile'],
  ['join the meeting from my desk phone', 'en join from desk'],
  ['call the bridge from my mobile', 'en bridge from mobile'],
  ['unirme', 'es join'],
  ['unirme a la reunión', 'es join'],
  ['Únete a la reunión', 'es join'],
  ['quiero unirme a la reunión', 'es join'],
  ['por favor, únete a la reunión', 'es join'],
  ['méteme en la reunión', 'es join'],
  ['¿puedes meterme en la reunión?', 'es join'],
  ['ponme en la reunión', 'es join'],
  ['ponme con la reunión', 'es join'],
  ['pásame a la reunión', 'es join'],
  ['conéctame a la reunión', 'es join'],
  ['llámame a la reunión', 'es join'],
  ['llama a la reunión', 'es join'],
  ['entrar en la reunión', 'es join'],
  ['entra en la reunión desde el fijo', 'es join from desk'],
  ['unirme desde el móvil', 'es join from mobile'],
  ['únete a la reunión desde mi móvil', 'es join from mobile'],
]

const given: readonly Row[] = [
  [`join ${ZOOM}`, 'en join zoom'],
  [`please join ${ZOOM} from mobile`, 'en join zoom from mobile'],
  [`call me into ${ZOOM}`, 'en join zoom'],
  [`dial me into ${ZOOM} from my mobile`, 'en join zoom from mobile'],
  [`unirme a ${ZOOM}`, 'es join zoom'],
  [`méteme en la reunión ${ZOOM}`, 'es join zoom'],
  [`únete a ${ZOOM} desde el móvil`, 'es join zoom from mobile'],
  ['join +34 910 480 001 pin 1234', 'en join phone'],
  ['join +34 910 480 001 access code 123456#', 'en join phone'],
  ['join +34910480001,,123456789#', 'en join phone'],
  ['unirme al +34 910 480 001 pin 1234', 'es join phone'],
  ['unirme al +34 910 480 001, código de acceso 123456', 'es join phone'],
  ['join 1234567@zoomcrc.com', 'en join zoom'],
  ['join sip:8001@pbx.example', 'en join sip'],
  // Only shared: nobody is called for that.
  [ZOOM, '-- meeting zoom'],
  [`Hi all, ${ZOOM} at ten`, '-- meeting zoom'],
  [`I will join ${ZOOM} later`, '-- meeting zoom'],
  [`nos vemos a las diez en ${ZOOM}`, '-- meeting zoom'],
  [`the meeting was here: ${ZOOM}`, '-- meeting zoom'],
]

const watching: readonly Row[] = [
  ['watch meetings', 'en watch'],
  ['please watch for meetings', 'en watch'],
  ['watch meetings here please', 'en watch'],
  ['avisa de las reuniones', 'es watch'],
  ['avísanos de las reuniones, por favor', 'es watch'],
  ['stop watching', 'en unwatch'],
  ['stop watching meetings please', 'en unwatch'],
  ["don't watch meetings", 'en unwatch'],
  ['deja de avisar', 'es unwatch'],
  ['deja de avisar de las reuniones', 'es unwatch'],
]

/** Talk, and what is meant for people. A suggestion is harmless; a ringing phone is not. */
const talk: readonly string[] = [
  ...["I'll join you for lunch", 'join us tomorrow', 'join me for a coffee', 'join in', 'join forces'],
  ...['join the company', 'join the club', 'join the dots', 'join our team', 'join hands', 'join Bob'],
  ...['join Alice and Bob', 'join with Bob', 'join the meeting with Bob', 'join the meeting tomorrow'],
  ...['join the meeting at 5', 'join the meeting in ten minutes', "don't join the meeting"],
  ...['do not join the meeting', "I can't join the meeting", 'we will join later', 'joining', 'joining now'],
  ...['who joined the meeting', 'Bob joined the meeting', 'I joined the meeting', 'the meeting was long'],
  ...['meeting at five', "let's have a meeting", 'do we have a meeting today?', 'can I join the meeting?'],
  ...['call a meeting', 'call the meeting off', 'call off the meeting', 'call the meeting to order'],
  ...['leave the meeting early', 'the link is dead', 'take the bridge to the left', 'dial down the meeting'],
  ...['call the bridge tomorrow', 'call the bridge club', 'call the bridge at 5', 'llama al puente mañana'],
  ...['reunión mañana', 'tengo reunión', 'la reunión fue larga', 'la reunión es a las cinco', 'me uno'],
  ...['no quiero unirme a la reunión', 'no me unas a la reunión', 'mañana me uno a la reunión'],
  ...['únete a nosotros', 'únete a la fiesta', 'únete a Bob', 'únete tú', 'unirme al equipo', 'entra Bob'],
  ...['entra en casa', 'nos vemos en la reunión', 'salir de la reunión fue fácil', 'convoca una reunión'],
  ...['llama a la reunión mañana', 'watch this', 'watch out', 'watch the game', 'stop', 'deja de avisarme'],
]

const adding: readonly Row[] = [
  ['add Bob', 'en add[Bob]'],
  ['add Bob to the call', 'en add[Bob]'],
  ["add Bob's mobile", 'en add[Bob] on mobile'],
  ["add Bob's mobile to the meeting", 'en add[Bob] on mobile'],
  ['add Bob on his mobile', 'en add[Bob] on mobile'],
  ['añade a Bob', 'es add[Bob]'],
  ['añade al móvil de Bob', 'es add[Bob] on mobile'],
]

describe('what people say about meetings:', () => {
  for (const [text, understood] of [...adding, ...pins, ...wishes, ...given, ...watching, ...strange])
    it(`"${text}" is ${understood}`, () => assert.equal(inALine(text), understood))
})

describe('talk about meetings dials nobody:', () => {
  for (const text of talk)
    it(`"${text}"`, () => assert.match(inALine(text), /^unknown/, `${inALine(text)} would be done`))
})

it('at least sixty of them are in each direction', () => {
  assert.ok(wishes.length + given.length + watching.length >= 60)
  assert.ok(talk.length >= 50)
})
