import { LADDER } from './ladder-words.js'
import { TOUR } from './tour-words.js'

/** Every word of the page, in both languages, with those of the ladder and the tour. `{name}` is filled in. */
const WORDS = {
  en: {
    sip: LADDER.en,
    tour: TOUR.en,
    tagline: 'Call from chat. Talk on your desk phone.',
    youAre: 'You are',
    language: 'Language',
    darkTheme: 'Dark theme',
    offline: 'Dialback is away. This page comes back by itself when it is there again.',
    restarted: 'Dialback was started anew. A call that was running has ended; all else is as you left it.',
    skipTo: 'Skip to',
    controls: 'Settings of this page',
    chat: 'Chat with Dialback',
    message: 'Message to Dialback',
    placeholder: 'Type “call {name}”',
    placeholderGroup: '@Dialback call {name}',
    send: 'Send',
    personal: 'Dialback',
    group: 'Team chat',
    bot: 'Dialback',
    botRole: 'Bot',
    now: 'now',
    helloTitle: 'Your phone rings first. Then theirs.',
    helloText: 'Type “call {name}” below. Your desk phone rings, you pick it up, and Dialback calls {name}.',
    helloGroup: 'Everybody of the company is here. The bot reads what mentions it.',
    suggestions: 'Suggestions',
    phones: 'Desk phones',
    phonesHint: 'Simulated, with real SIP and sound.',
    yours: 'Your phone',
    mobile: 'Mobile',
    voicemail: 'Voicemail',
    bridge: 'Conference bridge',
    bridgeShort: 'Bridge',
    attends: {
      id: 'asks for the ID',
      pin: 'asks for the PIN',
      wrong: 'wrong, hangs up',
      in: 'in the meeting',
    },
    noService: 'No service',
    pickUp: 'Pick up',
    decline: 'Decline',
    putDown: 'Put down',
    pickUpOf: 'Pick up the phone of {name}',
    declineOf: 'Decline the call at the phone of {name}',
    putDownOf: 'Put down the phone of {name}',
    incoming: 'Incoming call',
    connecting: 'Connecting …',
    onHold: 'On hold',
    ready: 'Ready',
    state: {
      onHook: 'On hook',
      ringing: 'Ringing',
      answering: 'Picked up',
      talking: 'In a call',
      hold: 'On hold',
    },
    hears: {
      nothing: 'hears nothing',
      ringback: 'hears ringback',
      busyTone: 'hears a busy tone',
      person: 'hears {name}',
      voicemail: 'hears voicemail',
      bridge: 'hears the bridge',
      meeting: 'hears the meeting',
      sound: 'hears a sound',
    },
    ended: {
      cancelled: 'caller gave up',
      declined: 'declined',
      farHungUp: 'other side hung up',
      notAcknowledged: 'call lost',
      noCodec: 'no common codec',
      busy: 'was busy',
      noAnswer: 'nobody picked up',
      toVoicemail: 'voicemail took it',
      switchedOff: 'phone system down',
    },
    behaviour: { busy: 'is busy', declines: 'declines', noAnswer: 'nobody is there' },
    rings: 'The phone of {name} rings: {caller}',
    soundOfAll: 'Sound',
    soundOn: 'Sound is on',
    soundOff: 'Sound is off',
    pressToHear: 'press to hear',
    listenOf: 'Hear what the phone of {name} hears',
    microphoneOf: 'Speak into the phone of {name} with your microphone',
    keypadOf: 'Keys of the phone of {name}',
    keyOf: 'Key {key}',
    audio: {
      none: 'This browser plays no sound. All else works: the display tells what the phone hears.',
    },
    microphone: {
      asking: 'Your browser asks whether the microphone may be used.',
      open: 'Your microphone is on, in place of the recorded voice.',
      taken: 'Another page has the microphone. Turn it off there first.',
      refused: 'Your browser does not allow the microphone here, so the recorded voice goes on speaking.',
      missing: 'No microphone was found, so the recorded voice goes on speaking.',
    },
    scenes: {
      title: 'Try',
      undo: 'Everything works again',
      all: {
        works: { name: 'everything works', hint: 'Everything works.' },
        busy: {
          name: 'the other one is busy',
          hint: 'Call somebody and pick up: the other phone answers 486 without ringing. You hear the busy tone, and the card says how to go on.',
        },
        declined: {
          name: 'the other one declines',
          hint: 'Call somebody and pick up: the other phone rings for two seconds and is declined, 603. The card says how to go on.',
        },
        noAnswer: {
          name: 'nobody answers',
          hint: 'Call somebody and pick up: after eight seconds this phone system gives up, 480 with cause 19. Where one lets it ring on, Dialback ends it after 60 seconds.',
        },
        voicemail: {
          name: 'voicemail picks up',
          hint: 'Call somebody, pick up and wait: after four seconds a machine answers in their place. Listen to its greeting, and put down.',
        },
        ownBusy: {
          name: 'your own phone is busy',
          hint: 'Call somebody: your phone answers 486, so nobody else is rung. The card offers your mobile, if you have one.',
        },
        ownVoicemail: {
          name: 'your own voicemail picks up',
          hint: 'Call somebody and let it ring: your voicemail picks up, and the other phone rings for a machine. Type “press 1 on” first: then only who presses 1 is connected.',
        },
        trunkDown: {
          name: 'the phone system is down',
          hint: 'Call somebody: no phone rings, and Dialback says at once what is wrong. Then let everything work again, and call again: it is found by itself.',
        },
        slow: {
          name: 'the chat is slow',
          hint: 'Call somebody: the chat takes 2.5 seconds for each card, and turns every second one away, 429. Your phone rings at once all the same, and the card catches up.',
        },
      },
    },
    ownPbx: 'Your own phone system',
    ownPbxText: 'This bot is connected to a real PBX, so the phones on your desk ring, not pictures of them.',
    ownPbxOne: 'Choose above who you are: the people are those of your directory.',
    ownPbxTwo: 'Type “call” and a name. Your own desk phone rings first.',
    ownPbxThree: 'Pick it up, and the other phone is called.',
    ownPbxYou: 'You are {name}. Your desk phone is {desk}: it rings first.',
    ownPbxNoPhone: 'You are {name}, who has no desk phone in PEOPLE_FILE: nothing of yours can ring.',
    ownPbxNobody:
      'PEOPLE_FILE has nobody yet: write a name and a desk phone into it, and load this page again.',
    ownPbxHelp: 'Nothing rings? {command} looks for the cause. The settings of each PBX are in docs/pbx.',
    ladder: 'SIP ladder',
    ladderEmpty: 'Each SIP message between Dialback and the phones appears here, as it is sent.',
    trunk: 'Trunk checked at {time}',
    call: 'Call at {time}',
    pbx: 'PBX',
    again: 'repeated',
    botUnreachable: 'The bot does not answer. Is it still running?',
    botNotReady: 'The bot is not ready yet. Try again in a moment.',
    botRefused: 'The bot did not take this message.',
    botSlow: 'The bot has not answered for 15 seconds.',
    pressFailed: 'Something went wrong with this button. Please try again.',
    pressNotTaken: '{detail}',
    onlyMentions: 'In a group the bot reads only what mentions it: begin with @Dialback.',
    aCard: 'A card.',
    brokenCard: 'This card cannot be shown.',
    commands: ['call {name}', 'calls', 'status', 'help'],
    invitation: {
      paste: 'Paste an invitation',
      text: [
        'Subject: Weekly figures',
        'Join by phone: +34 910 000 100,,123456#',
        'Conference ID: 123 456',
        'PIN: 2468',
      ].join('\n'),
    },
    complete: [
      'call {name}',
      'find {name}',
      'call {name} from mobile',
      'hang up',
      'redial',
      'calls',
      'status',
      'help',
    ],
  },
  es: {
    sip: LADDER.es,
    tour: TOUR.es,
    tagline: 'Llama desde el chat. Habla por tu teléfono de mesa.',
    youAre: 'Eres',
    language: 'Idioma',
    darkTheme: 'Tema oscuro',
    offline: 'Dialback no está. Esta página vuelve sola en cuanto esté de nuevo.',
    restarted:
      'Dialback se ha iniciado de nuevo. La llamada en curso ha terminado; lo demás está como lo dejaste.',
    skipTo: 'Ir a',
    controls: 'Ajustes de esta página',
    chat: 'Chat con Dialback',
    message: 'Mensaje a Dialback',
    placeholder: 'Escribe «llama a {name}»',
    placeholderGroup: '@Dialback llama a {name}',
    send: 'Enviar',
    personal: 'Dialback',
    group: 'Chat de equipo',
    bot: 'Dialback',
    botRole: 'Bot',
    now: 'ahora',
    helloTitle: 'Primero suena tu teléfono. Después, el suyo.',
    helloText:
      'Escribe «llama a {name}» abajo. Suena tu teléfono de mesa, lo descuelgas y Dialback llama a {name}.',
    helloGroup: 'Aquí está toda la empresa. El bot lee lo que lo menciona.',
    suggestions: 'Sugerencias',
    phones: 'Teléfonos de mesa',
    phonesHint: 'Simulados, con SIP y sonido reales.',
    yours: 'Tu teléfono',
    mobile: 'Móvil',
    voicemail: 'Buzón de voz',
    bridge: 'Sala de conferencias',
    bridgeShort: 'Sala',
    attends: {
      id: 'pide el ID',
      pin: 'pide el PIN',
      wrong: 'no es correcto, cuelga',
      in: 'en la reunión',
    },
    noService: 'Sin servicio',
    pickUp: 'Descolgar',
    decline: 'Rechazar',
    putDown: 'Colgar',
    pickUpOf: 'Descolgar el teléfono de {name}',
    declineOf: 'Rechazar la llamada en el teléfono de {name}',
    putDownOf: 'Colgar el teléfono de {name}',
    incoming: 'Llamada entrante',
    connecting: 'Conectando …',
    onHold: 'En espera',
    ready: 'Listo',
    state: {
      onHook: 'Colgado',
      ringing: 'Sonando',
      answering: 'Descolgado',
      talking: 'En llamada',
      hold: 'En espera',
    },
    hears: {
      nothing: 'no oye nada',
      ringback: 'oye el tono de llamada',
      busyTone: 'oye tono de ocupado',
      person: 'oye a {name}',
      voicemail: 'oye el buzón de voz',
      bridge: 'oye la sala',
      meeting: 'oye la reunión',
      sound: 'oye un sonido',
    },
    ended: {
      cancelled: 'la llamada se canceló',
      declined: 'rechazada',
      farHungUp: 'la otra parte colgó',
      notAcknowledged: 'llamada perdida',
      noCodec: 'sin códec común',
      busy: 'estaba ocupado',
      noAnswer: 'nadie descolgó',
      toVoicemail: 'al buzón de voz',
      switchedOff: 'sin centralita',
    },
    behaviour: { busy: 'está ocupado', declines: 'rechaza', noAnswer: 'no hay nadie' },
    rings: 'Suena el teléfono de {name}: {caller}',
    soundOfAll: 'Sonido',
    soundOn: 'El sonido está activado',
    soundOff: 'El sonido está desactivado',
    pressToHear: 'pulsa para oír',
    listenOf: 'Oír lo que oye el teléfono de {name}',
    microphoneOf: 'Hablar por el teléfono de {name} con tu micrófono',
    keypadOf: 'Teclas del teléfono de {name}',
    keyOf: 'Tecla {key}',
    audio: {
      none: 'Este navegador no da sonido. Lo demás funciona: la pantalla dice lo que oye el teléfono.',
    },
    microphone: {
      asking: 'Tu navegador pregunta si se puede usar el micrófono.',
      open: 'Tu micrófono está encendido, en lugar de la voz grabada.',
      taken: 'Otra página tiene el micrófono. Apágalo allí primero.',
      refused: 'Tu navegador no permite aquí el micrófono; sigue hablando la voz grabada.',
      missing: 'No se ha encontrado ningún micrófono; sigue hablando la voz grabada.',
    },
    scenes: {
      title: 'Prueba',
      undo: 'Que todo funcione',
      all: {
        works: { name: 'todo funciona', hint: 'Todo funciona.' },
        busy: {
          name: 'el otro está ocupado',
          hint: 'Llama a alguien y descuelga: el otro teléfono responde 486 sin sonar. Oyes el tono de ocupado, y la tarjeta dice cómo seguir.',
        },
        declined: {
          name: 'el otro rechaza',
          hint: 'Llama a alguien y descuelga: el otro teléfono suena dos segundos y se rechaza, 603. La tarjeta dice cómo seguir.',
        },
        noAnswer: {
          name: 'nadie contesta',
          hint: 'Llama a alguien y descuelga: a los ocho segundos esta centralita desiste, 480 con causa 19. Si una deja sonar, Dialback termina a los 60 segundos.',
        },
        voicemail: {
          name: 'contesta el buzón de voz',
          hint: 'Llama a alguien, descuelga y espera: a los cuatro segundos contesta una máquina en su lugar. Escucha su saludo y cuelga.',
        },
        ownBusy: {
          name: 'tu teléfono está ocupado',
          hint: 'Llama a alguien: tu teléfono responde 486, así que no suena ningún otro. La tarjeta ofrece tu móvil, si lo tienes.',
        },
        ownVoicemail: {
          name: 'contesta tu propio buzón',
          hint: 'Llama a alguien y deja que suene: contesta tu buzón de voz, y el otro teléfono suena para una máquina. Escribe antes «pulsar 1 sí»: entonces solo se conecta a quien pulsa 1.',
        },
        trunkDown: {
          name: 'la centralita no funciona',
          hint: 'Llama a alguien: no suena ningún teléfono, y Dialback dice enseguida qué pasa. Después haz que todo funcione y llama otra vez: la encuentra sola.',
        },
        slow: {
          name: 'el chat va lento',
          hint: 'Llama a alguien: el chat tarda 2,5 segundos con cada tarjeta y rechaza una de cada dos, 429. Tu teléfono suena enseguida igualmente, y la tarjeta se pone al día.',
        },
      },
    },
    ownPbx: 'Tu propia centralita',
    ownPbxText:
      'Este bot está conectado a una centralita de verdad: suenan los teléfonos de tu mesa, no sus dibujos.',
    ownPbxOne: 'Elige arriba quién eres: las personas son las de tu directorio.',
    ownPbxTwo: 'Escribe «llama a» y un nombre. Primero suena tu propio teléfono.',
    ownPbxThree: 'Descuélgalo y se llama al otro teléfono.',
    ownPbxYou: 'Eres {name}. Tu teléfono de mesa es el {desk}: suena primero.',
    ownPbxNoPhone: 'Eres {name}, sin teléfono de mesa en PEOPLE_FILE: no puede sonar nada tuyo.',
    ownPbxNobody:
      'En PEOPLE_FILE no hay nadie todavía: escribe un nombre y un teléfono de mesa y recarga la página.',
    ownPbxHelp: '¿No suena nada? {command} busca la causa. Los ajustes de cada centralita están en docs/pbx.',
    ladder: 'Escalera SIP',
    ladderEmpty: 'Cada mensaje SIP entre Dialback y los teléfonos aparece aquí en cuanto se envía.',
    trunk: 'Enlace comprobado a las {time}',
    call: 'Llamada de las {time}',
    pbx: 'Centralita',
    again: 'repetido',
    botUnreachable: 'El bot no responde. ¿Sigue en marcha?',
    botNotReady: 'El bot aún no está listo. Inténtalo dentro de un momento.',
    botRefused: 'El bot no ha aceptado este mensaje.',
    botSlow: 'El bot lleva 15 segundos sin responder.',
    pressFailed: 'Algo ha fallado con este botón. Inténtalo otra vez.',
    pressNotTaken: '{detail}',
    onlyMentions: 'En un grupo el bot solo lee lo que lo menciona: empieza por @Dialback.',
    aCard: 'Una tarjeta.',
    brokenCard: 'Esta tarjeta no se puede mostrar.',
    commands: ['llama a {name}', 'llamadas', 'estado', 'ayuda'],
    invitation: {
      paste: 'Pegar una invitación',
      text: [
        'Asunto: Cifras de la semana',
        'Unirse por teléfono: +34 910 000 100,,123456#',
        'ID de conferencia: 123 456',
        'PIN: 2468',
      ].join('\n'),
    },
    complete: [
      'llama a {name}',
      'busca a {name}',
      'llama a {name} desde móvil',
      'cuelga',
      'rellamar',
      'llamadas',
      'estado',
      'ayuda',
    ],
  },
}

const STORED = 'dialback.language'
let language = stored() ?? (navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en')

/** `en` or `es`. */
export function currentLanguage() {
  return language
}

export function chooseLanguage(chosen) {
  language = chosen === 'es' ? 'es' : 'en'
  try {
    localStorage.setItem(STORED, language)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

/** The locale of what is written here: the browser's own where it is of the chosen language. */
export function locale() {
  const own = navigator.language
  return own.toLowerCase().startsWith(language) ? own : { en: 'en-US', es: 'es-ES' }[language]
}

/** The words of a key, `state.ringing`, with names filled in. */
export function say(key, filled = {}) {
  const found = key.split('.').reduce((node, part) => node?.[part], WORDS[language])
  return typeof found === 'string' ? found.replace(/\{(\w+)\}/g, (_, name) => filled[name] ?? '') : found
}

/** A time of day. */
export function timeOf(at, seconds = false) {
  const style = { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }
  return new Date(at).toLocaleTimeString(locale(), style)
}

function stored() {
  try {
    const kept = localStorage.getItem(STORED)
    return kept === 'en' || kept === 'es' ? kept : undefined
  } catch {
    return undefined
  }
}
