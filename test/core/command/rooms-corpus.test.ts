/** What people say to begin a meeting, in one, and about those of their day; and what only sounds like it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand } from '../../../src/core/command/parse.ts'
import { inALine } from './in-a-line.ts'

/** Utterances with a bar or the end of a line between them. */
const said = (all: string): readonly string[] => all.split(/[|\n]/).flatMap((one) => one.trim() || [])

const commands: readonly (readonly [understood: string, all: string])[] = [
  [
    'en meetNow',
    `meet now | Meet now! | let's meet now | start a meeting | can you start a meeting? | please start a meeting now
     begin a meeting | new meeting | open a room | start a conference call | create a meeting | meetnow
     I want to start a meeting | could you create a meeting please`,
  ],
  [
    'es meetNow',
    `reunirse ahora | reúnete ahora | empieza una reunión | inicia una reunión | crea una reunión | haz una reunión
     quiero empezar una reunión | ¿puedes empezar una reunión? | abre una sala | nueva reunión | montar una reunión
     reunirme ahora por favor | REUNIRSE AHORA | reunámonos ahora`,
  ],
  ['en meetNow from mobile', 'start a meeting from my mobile | meet now from mobile'],
  ['es meetNow from mobile', 'reunirse ahora desde el móvil | empieza una reunión desde mi móvil'],
  [
    'en turnIntoMeeting',
    `turn into meeting | turn this into a meeting | make this call a meeting | turn it into a conference
     make it a conference call | can you turn this call into a meeting? | convert the call into a meeting
     convert to meeting | escalate to a meeting | please turn this call into a meeting`,
  ],
  [
    'es turnIntoMeeting',
    `convierte la llamada en reunión | conviértelo en una reunión | pasa la llamada a reunión
     haz de esto una reunión | convierte esta llamada en una reunión | conviértela en reunión por favor
     ¿puedes convertir la llamada en reunión?`,
  ],
  [
    'en add[Bob]',
    `add Bob | add Bob please | can you add Bob? | add Bob to the call | add Bob to this meeting | bring Bob in
     bring in Bob | invite Bob | invite Bob to the call | get Bob in | get Bob into the meeting | put Bob in the call
     conference Bob in | also add Bob | add Bob too | add Bob to the conference | pull Bob in | loop Bob in
     call Bob into the meeting | add Bob as well | could you bring Bob into the call please`,
  ],
  [
    'es add[Bob]',
    `añade a Bob | agrega a Bob | mete a Bob en la llamada | invita a Bob | invita a Bob a la reunión
     añade a Bob a la llamada | añade también a Bob | suma a Bob | incluye a Bob | ¿puedes añadir a Bob?
     anade a Bob por favor | añade a Bob también`,
  ],
  ['en add[1002]', 'add 1002 | add the 1002 | bring 1002 in'],
  ['es add[1002]', 'añade el 1002 | añade al 1002'],
  ['en add[+34 910 000 002]', 'add +34 910 000 002 | add +34 910 000 002 to the call'],
  ['en add[bob from sales]', 'add bob from sales'],
  [
    'en mute',
    'mute | mute me | please mute me | can you mute me? | put me on mute | mute my mic | turn off my mic',
  ],
  ['es mute', 'silénciame | ponme en silencio | silencia mi micrófono | desactiva mi micrófono'],
  ['en unmute', 'unmute | unmute me please | take me off mute | turn my mic on | unmute my microphone'],
  ['es unmute', 'quítame el silencio | que me oigan | activa mi micrófono | reactiva mi micrófono'],
  [
    'en muteAll',
    `mute all | mute everyone | Mute everybody! | please mute everyone | can you mute everyone else? | mute the others
     mute them all | mute all of them please | mute everyone but me | mute all participants | put everyone on mute
     could you mute all the others now?`,
  ],
  [
    'es muteAll',
    `silencia a todos | silenciar a todos | silencia a los demás | ¿puedes silenciar a todos? | silencialos a todos
     silencia a todos menos a mí | silencia a todo el mundo por favor | pon a todos en silencio | silencia a todas`,
  ],
  [
    'en lockMeeting',
    `lock the meeting | lock this meeting please | lock | Lock it | can you lock the meeting? | lock the room now
     let nobody else in | don't let anyone else in | don’t let anybody else in`,
  ],
  [
    'es lockMeeting',
    `bloquea la reunión | bloquear la reunión | bloquea la sala por favor | cierra la reunión | ¿puedes bloquear la reunión?
     que no entre nadie más | no dejes entrar a nadie más`,
  ],
  [
    'en unlockMeeting',
    'unlock | unlock the meeting | please unlock it | let people in again | unlock the room',
  ],
  [
    'es unlockMeeting',
    'desbloquea | desbloquea la reunión | desbloquear la sala | vuelve a abrir la reunión | abre de nuevo la reunión',
  ],
  [
    'en endMeeting',
    `end the meeting | end for all | end this meeting for everyone | End the meeting for everybody, please | end meeting
     can you end the meeting? | I want to end the meeting now | finish the meeting | hang up everybody
     let's end the meeting | hang up on everyone | end the conference call | end the call for everyone`,
  ],
  [
    'es endMeeting',
    `termina la reunión | acaba la reunión para todos | finaliza la reunión | quiero terminar la reunión
     ¿puedes acabar la reunión? | terminar para todos | cuelga a todos | termina la reunión ahora mismo
     acaba la reunión por favor`,
  ],
  [
    'en hangUp',
    'leave the meeting | I want to leave the meeting | end the call | end it | hang up | drop the call',
  ],
  ['es hangUp', 'sal de la reunión | quiero salir de la reunión | termina la llamada | corta | cuelga'],
  ['en watch', 'watch this chat for meetings | keep an eye on meetings | start watching meetings'],
  [
    'es watch',
    'vigila las reuniones de este chat | vigila las reuniones | estate pendiente de las reuniones',
  ],
  ['en unwatch', 'stop posting meeting cards | no more cards | stop watching this chat please'],
  ['es unwatch', 'deja de vigilar este chat | no más tarjetas | deja de vigilar'],
  [
    'en meetings',
    `meetings today | what meetings do I have today? | do I have any meetings today? | any meetings today?
     what's on my calendar | what's on my calendar today? | today's agenda | show my agenda | show me my calendar
     what do I have today? | list meetings | my day | my schedule please`,
  ],
  [
    'es meetings',
    `reuniones hoy | ¿qué reuniones tengo hoy? | mis reuniones de hoy | ¿tengo alguna reunión hoy? | agenda de hoy
     enséñame mi agenda | ¿qué hay hoy? | ¿qué tengo hoy? | muéstrame mi agenda por favor`,
  ],
  [
    'en meetingsTomorrow',
    `meetings tomorrow | what meetings do I have tomorrow? | tomorrow's meetings | my meetings tomorrow please
     do I have any meetings tomorrow?`,
  ],
  ['es meetingsTomorrow', 'reuniones mañana | reuniones de mañana | ¿qué reuniones tengo mañana?'],
  ['en nextMeeting', "what's next? | what’s next? | when is my next meeting? | which meeting is next"],
  ['es nextMeeting', '¿cuándo es mi próxima reunión? | la siguiente reunión | ¿cuál es la próxima reunión?'],
  [
    'en settings[reminders true]',
    'remind me about my meetings | remind me when meetings start | turn on reminders | tell me when my meetings start',
  ],
  [
    'es settings[reminders true]',
    'recuérdame mis reuniones | avísame cuando empiece una reunión | activa los avisos',
  ],
  [
    'en settings[reminders false]',
    'stop reminding me of meetings | turn off reminders | no more meeting reminders',
  ],
  ['es settings[reminders false]', 'no me avises de las reuniones | quita los recordatorios'],
  ['en bridge', 'call the bridge | dial the conference bridge please | call our bridge'],
  ['en bridge pin 1234', 'call the bridge with pin 1234 | call the bridge, pin 1234'],
  ['es bridge', 'llama al puente | llama al puente de conferencias'],
  ['en join', 'loop me in | get me into the meeting | put me in the meeting'],
  [
    'en join phone',
    `join +34 910 480 001 code 123456 | join 910 480 001 pin 1234 | call +34 910 480 001 pin 1234
     dial into +34 910 480 001, id 123456789, pin 4321 | call +34 910 480 001,,123456789#
     join +34 910 480 001 id 123456789`,
  ],
  [
    'es join phone',
    `unirme al +34 910 480 001 con pin 1234 | únete al +34 910 480 001 id 123456789 pin 1234
     unirme al 910 480 001 código 123456 | llama al +34 910 480 001 pin 1234`,
  ],
]

/** Slips of the finger: the whole command is offered, and nothing is done. */
const slips: readonly (readonly [typed: string, offered: string])[] = [
  ['meet nwo', 'meet now'],
  ['meeet now', 'meet now'],
  ['reunirse haora', 'reunirse ahora'],
  ['join meting', 'join meeting'],
  ['jion meeting', 'join meeting'],
  ['unirme a la reunon', 'unirme a la reunion'],
  ['metings today', 'meetings today'],
  ['meetings todya', 'meetings today'],
  ['reunionse hoy', 'reuniones hoy'],
  ['turn into meetign', 'turn into meeting'],
  ['mutte', 'mute'],
  ['mute evryone', 'mute everyone'],
  ['lock the meetign', 'lock the meeting'],
  ['unlok', 'unlock'],
  ['end the meting', 'end the meeting'],
  ['termina la reunon', 'termina la reunion'],
  ['silencia a tods', 'silencia a todos'],
  ['invte Bob', 'invite Bob'],
]

const talk = said(`
  the meeting was good | let's meet now-ish | let's meet tomorrow | meet Bob | meet me now | nice to meet you
  we should meet now and then | make a meeting with Bob | create a meeting tomorrow | start a meeting at 5
  we start a meeting now | nos reunimos ahora | una reunión ahora no | mañana nos reunimos | convoca una reunión
  turn into a frog | turn left | turn the page | make a cake | make it a double
  add Bob to the invitation list | add this to the agenda | add a note | invite Bob to dinner | invite Bob to the party
  add milk to the list | I added Bob | Bob was added to the meeting | did you add Bob? | don't add Bob | add everyone
  add me | get the report in | bring it in | bring in the mail | bring a cake in | add Bob tomorrow
  añade a Bob a la lista | invita a Bob a comer | añade una nota | añade esto a la lista | mete a Bob en la lista
  invita a Bob al cine | no añadas a Bob | suma 2 y 2 | incluye el IVA | he añadido a Bob
  mute the TV | I will mute the TV | the mute button | unmute the TV | mute Bob | silencio por favor | silencia la tele
  watch a film | watch Bob | my day was good | meetings are boring | too many meetings | the meetings today were long
  cancel the meeting | tomorrow | what's next week like? | reuniones largas | hoy tengo reuniones
  la próxima reunión es el lunes | la reunión de mañana se cancela | remind me tomorrow | remind Bob of the meeting
  mute all notifications | mute all of Bob's calls | mute everyone except Bob | unmute all | unmute everyone | don't mute everyone
  who muted everyone? | everyone is muted | mute all day | silencia a todos los perros | silencia las notificaciones
  ¿quién ha silenciado a todos? | no silencies a todos | silencia a Bob
  lock the door | lock Bob out | lock my phone | lock the meeting room on Monday | is the meeting locked? | the lock is broken
  the meeting is locked | don't lock the meeting | lock Bob's meeting | unlock my phone | unlock the door
  unlock the screen | did you unlock the meeting? | bloquea a Bob | bloquea el número | bloquea mi móvil | cierra la puerta
  desbloquea mi teléfono | la reunión está bloqueada | no bloquees la reunión | abre la puerta | cierra la sesión
  end the meeting at 5 | end the meeting in ten minutes | when does the meeting end? | the meeting ended
  end the meeting with Bob | end the meeting early | don't end the meeting | did you end the meeting? | the end of the meeting
  how do we end the meeting tomorrow | end for now | end of story | end the day | close the meeting | end the meeting?!? or not
  end Bob's meeting | end the meeting for Bob | end all meetings | hang up all the pictures | hang up everybody's coats
  termina la reunión a las cinco | acaba la reunión con Bob | la reunión termina a las seis | ¿cuándo acaba la reunión?
  no termines la reunión | la reunión ha terminado | termina el informe | acaba ya | no acabes la reunión
  termina la reunión para Bob | cuando termine la reunión te llamo
  leave the meeting room | leave me alone | I left the meeting | leave Bob a message | sal a comer | sal del despacho
  he salido de la reunión
  the bridge is closed | who is in the meeting? | who is in? | join meeting 123 456 789
  únete a la reunión 123 456 789
`)

describe('what people say about meetings of their own:', () => {
  for (const [understood, all] of commands)
    for (const text of said(all))
      it(`"${text}" is ${understood}`, () => assert.equal(inALine(text), understood))
})

describe('slips of the finger are asked back:', () => {
  for (const [typed, offered] of slips)
    it(`"${typed}": did you mean "${offered}"?`, () => {
      const parsed = parseCommand(typed)
      assert.equal(parsed.kind, 'unknown')
      assert.equal(parsed.meant, offered)
    })
})

describe('what only sounds like it does nothing:', () => {
  for (const text of talk)
    it(`"${text}"`, () => assert.match(inALine(text), /^unknown/, `${inALine(text)} would be done`))
})
