import { isNamed, providerOf } from '../../core/meeting/providers.ts'
import type { NumberClass } from '../../core/sentence.ts'
import { ending } from './ending-es.ts'
import type { Words } from './words.ts'

const list = new Intl.ListFormat('es', { type: 'disjunction' })
const whomToAsk = (admins: readonly string[]) =>
  admins.length === 0 ? 'tu administrador' : list.format(admins)
const phones = { desk: 'teléfono de mesa', mobile: 'móvil' } as const
const classes: Readonly<Record<NumberClass, string>> = {
  international: 'un número internacional',
  premium: 'un número de tarificación adicional',
  sharedCost: 'un número de coste compartido',
  satellite: 'un número de satélite',
  short: 'un número corto',
  unclassified: 'un número de tipo desconocido',
}
const phoneName = (phone: string) => (phone === 'desk' || phone === 'mobile' ? phones[phone] : phone)

export const es: Words = {
  language: 'es',
  sentences: {
    unknownCommand: ({ text, nearest }) =>
      nearest === undefined
        ? `No he entendido «${text}». Escribe «ayuda» para ver lo que sé hacer.`
        : `No he entendido «${text}». ¿Querías decir «${nearest}»? Escribe «ayuda» para ver lo que sé hacer.`,
    callWhom: () => '¿A quién llamo? Escribe «llama a» y un nombre, una extensión o un número.',
    findWhom: () => '¿A quién busco? Escribe «busca a» y un nombre, una extensión o un número.',
    tooLong: () => 'Ese mensaje es demasiado largo para una orden. Escribe «ayuda» para ver lo que sé hacer.',
    notAUser: () =>
      'No estás en el directorio telefónico de la empresa, así que no puedo llamar por ti. Pide a tu administrador que te añada a PEOPLE_FILE.',
    personUnknown: ({ who, near }) =>
      near.length === 0
        ? `No he encontrado a nadie llamado «${who}». Revisa cómo se escribe, o escribe la extensión o el número.`
        : `No he encontrado a nadie llamado «${who}». ¿Querías decir ${list.format(near)}?`,
    tooManyMatches: ({ who, count }) =>
      `${count} personas coinciden con «${who}». Escribe más del nombre, o la extensión.`,
    noPhone: ({ who }) =>
      `${who} no tiene número de teléfono en el directorio. Escribe un número, o pide a tu administrador que lo añada a PEOPLE_FILE.`,
    youHaveNoPhone: () =>
      'No tienes ningún teléfono en el directorio, así que no hay ninguno que hacer sonar primero. Pide a tu administrador que lo añada a PEOPLE_FILE.',
    youHaveNoSuchPhone: ({ phone }) =>
      `No tienes ${phoneName(phone)} en el directorio. Llama sin «desde …», o pide a tu administrador que lo añada a PEOPLE_FILE.`,
    theyHaveNoSuchPhone: ({ who, phone }) =>
      `${who} no tiene ${phoneName(phone)} en el directorio. Llama sin decir el teléfono, o escribe el número.`,
    noPhoneToRing: ({ phone, ask }) =>
      `No tienes ${phones[phone]} en el directorio, así que no puede sonar primero. Pide a ${whomToAsk(ask)} que lo añada a PEOPLE_FILE.`,
    pressOneForced: ({ on, ask }) =>
      `Aquí pulsar 1 está ${on ? 'activado' : 'desactivado'} para todos, así que no puedes cambiarlo. Pregunta a ${whomToAsk(ask)}: está puesto en PRESS_ONE.`,
    settingsNotYours: () =>
      'Estos ajustes son de otra persona, así que no puedes cambiarlos. Escribe «ajustes» para ver los tuyos.',
    callingYourself: () => 'Ese es tu propio número. Escribe el nombre o el número de otra persona.',
    numberInvalid: ({ number }) =>
      `${number} no es un número que se pueda marcar. Revisa las cifras; los números de otros países empiezan por + y el país.`,
    numberNotAllowed: ({ number, kind }) =>
      `${number} es ${classes[kind]}, y no se permite llamar a estos. Un administrador puede permitirlo en ALLOW_NUMBERS.`,
    emergency: ({ number }) =>
      `${number} es un número de emergencia. Márcalo en el propio teléfono: nunca llamo a emergencias por ti.`,
    sipDomainNotAllowed: ({ domain }) =>
      `No se permite llamar a direcciones de ${domain}. Un administrador puede permitirlas en ALLOW_SIP_DOMAINS.`,
    alreadyCalling: ({ who }) => `Ya hay una llamada tuya a ${who}. Cuélgala antes de hacer otra.`,
    noCall: () => 'Ahora no tienes ninguna llamada. Escribe «llama a» y un nombre para hacer una.',
    nothingToRedial: () => 'Aún no has hecho ninguna llamada. Escribe «llama a» y un nombre para hacer una.',
    noCalls: () => 'Aún no has hecho ninguna llamada. Escribe «llama a» y un nombre para hacer una.',
    tooManyCalls: ({ limit }) =>
      `Has hecho ${limit} llamadas en una hora, que es el máximo. Prueba más tarde; un administrador puede cambiar CALLS_PER_HOUR.`,
    trunkDown: () =>
      'Centralita no disponible: no se ha marcado nada. Prueba en un minuto; un administrador puede revisar SIP_TRUNK.',
    noLine: () =>
      'Todas las líneas con la centralita están en uso, así que no se ha marcado nada. Prueba en un minuto; un administrador puede cambiar maxCalls en TRUNKS_FILE.',
    draining: () => 'Me están reiniciando y no acepto llamadas nuevas. Prueba en un minuto.',
    notYours: () =>
      'Esta llamada no es tuya, así que no puedes cambiarla. Escribe «llama a» y un nombre para hacer la tuya.',
    nothingAsked: () => 'No te he preguntado nada. Escribe «ayuda» para ver qué puedo hacer.',
    pickOne: ({ count }) => `Escribe un número del 1 al ${count}, o pulsa uno de los botones.`,
    leftAlone: () => 'De acuerdo, no se llama a nadie.',
    askExpired: () => 'Esa pregunta ya no está abierta. Escribe la orden otra vez.',
    buttonUnknown: () => 'Ya no conozco este botón. Escribe «ayuda» para ver lo que sé hacer.',
    adminsOnly: () =>
      'Solo los administradores pueden ver esto. Se es administrador por ADMINS o por PEOPLE_FILE.',
    restartedMeanwhile: ({ text }) =>
      `Me han reiniciado antes de poder hacer «${text}». No se ha marcado nada; escríbelo otra vez si aún lo quieres.`,
    noPin: () =>
      'Solo marco PIN de cifras, y este lleva algo más. Escribe sus cifras, o llama al número y márcalo tú.',
    joinWhat: () =>
      'Aquí no se ha compartido ninguna reunión últimamente. Pega su enlace o su invitación detrás de «unirme», y llamo a tu teléfono.',
    noWayIn: ({ provider, missing }) => {
      const { label } = providerOf(provider)
      return {
        number: `Esta reunión de ${label} no dice ningún número para entrar por teléfono. Pega la invitación entera, o pide a un administrador que ponga MEETING_BRIDGES.`,
        id: `Esta reunión de ${label} tiene número, pero no el identificador que pide. Pega la invitación entera.`,
        refused: `${label} no me deja buscar el número de esta reunión. Pega la invitación entera, o pide a un administrador que me dé permiso.`,
        away: `${label} no me dice ahora el número de esta reunión. Prueba dentro de un minuto, o pega la invitación entera.`,
      }[missing]
    },
    meetingUnknown: () => 'Ya no conozco esta reunión. Vuelve a pegar su enlace.',
    noCalendar: () =>
      'No conozco tu calendario. Un administrador puede configurar Microsoft Graph (GRAPH_TENANT_ID), o poner «calendar» en PEOPLE_FILE.',
    calendarAway: () =>
      'Ahora no puedo leer tu calendario. Prueba en un minuto, o pega la invitación de la reunión.',
    noMeetingsToday: () => 'Hoy no tienes reuniones en tu calendario.',
    noMeetingsTomorrow: () => 'Mañana no tienes reuniones en tu calendario.',
    noMeetingAhead: () => 'Hoy no te quedan reuniones en tu calendario.',
    agendaSent: () => 'Tus reuniones son cosa tuya: te las he enviado a nuestro chat.',
    agendaAlone: () => 'Tus reuniones son cosa tuya: pregúntame por ellas en un chat a solas conmigo.',
    roomOver: () => 'Esta reunión ha terminado. Escribe «reunirse ahora» para empezar otra.',
    roomLocked: ({ host }) => `Esta reunión está bloqueada: solo ${host} puede hacer entrar a alguien.`,
    hostOnly: ({ host }) => `Eso solo lo puede hacer ${host}, que empezó esta reunión.`,
    hostEnds: ({ host }) =>
      `Solo ${host}, que empezó esta reunión, puede terminarla para todos. Escribe «cuelga» para salir tú.`,
    roomFull: ({ limit }) =>
      `Esta reunión está llena: hay ${limit} teléfonos dentro o sonando. Pide a alguien que salga; un administrador puede cambiar ROOM_MEMBERS.`,
    tooManyRinging: ({ limit }) =>
      `Ya suenan ${limit} teléfonos por ti. Espera a que alguien descuelgue y añade al siguiente.`,
    alreadyIn: ({ who }) => `${who} ya está en esta reunión, o se le está llamando.`,
    inNoRoom: () => 'No estás en esta reunión por teléfono. Pulsa antes «Llámame» en su tarjeta.',
    addToWhat: () =>
      'No estás en ninguna llamada a la que añadir a alguien. Escribe «reunirse ahora» para empezar una reunión.',
    addWhom: () => '¿A quién añado? Escribe «añade a» y un nombre, una extensión o un número.',
    alreadyMeeting: () => 'Esto ya es una reunión. Escribe «añade a» y un nombre para que entre alguien más.',
    notYetTalking: ({ who }) =>
      `Espera a hablar con ${who}: una llamada que aún suena no se puede convertir en reunión.`,
    inviting: ({ who }) => `Llamo a ${who}, que entra cuando descuelgue.`,
    muted: ({ on }) =>
      on
        ? 'Estás en silencio: nadie te oye. Escribe «quítame el silencio» para que te oigan.'
        : 'Todos te vuelven a oír.',
    mutedAll: ({ count, bridged }) => {
      if (count === 0)
        return 'No hay aquí ningún otro teléfono que silenciar. Escribe «silénciame» para silenciar el tuyo.'
      const still = bridged
        ? ' A quien entró por el número o el enlace de la reunión se le sigue oyendo.'
        : ''
      return `Los demás están en silencio, hasta que escriban «que me oigan» o pulsen *6 en su teléfono.${still}`
    },
    locked: ({ on, bridged }) => {
      if (!on) return 'La reunión está abierta: puede entrar quien tenga su tarjeta.'
      const still = bridged ? ' Su número y su enlace siguen abiertos.' : ''
      return `La reunión está bloqueada: solo tú puedes hacer entrar a alguien.${still} Escribe «desbloquea» para que entre quien quiera, o «termina la reunión» para acabarla.`
    },
    endedForAll: () => 'La reunión ha terminado para todos. Escribe «reunirse ahora» para empezar otra.',
    hostOfNone: ({ call }) =>
      call
        ? 'Estás en una llamada, no en una reunión. Cuelga para terminarla, o escribe «conviértelo en reunión».'
        : 'No estás en ninguna reunión mía, ni hay ninguna en este chat. Escribe «reunirse ahora» para empezar una.',
    notMyMeeting: ({ provider }) => {
      const where = isNamed(provider) ? `en ${providerOf(provider).label}` : 'con las teclas de su teléfono'
      return `Esta reunión no está en mi puente: eso solo lo puede hacer su anfitrión, ${where}. Escribe «cuelga» para salir.`
    },
    noBridge: () =>
      'Aquí no hay puente de conferencias. Pega el enlace o la invitación de la reunión, o pide a tu administrador que ponga CONFERENCE_BRIDGE.',
    invitation: ({ title, number, id, pin, link }) =>
      `Para enviar: ${title ? `reunión de ${title}` : 'reunión'}${link === undefined ? '' : `, ${link}`}. Por teléfono: marca ${number}${id === undefined ? '' : `, después el ID ${id} y #`}${pin === undefined ? '' : `, después el PIN ${pin} y #`}.`,
    invitationSent: () => 'Te he enviado la invitación al chat que tenemos los dos.',
    invitationAlone: () =>
      'La invitación lleva algo que no es para todos los de aquí: escríbeme una vez en un chat conmigo a solas y vuelve a pulsar.',
    watching: ({ on }) =>
      on
        ? 'Estoy atento a las reuniones de aquí: quien comparta una tendrá una tarjeta para que llame a todos. Solo puedo donde la aplicación lee todos los mensajes; si no, mencióname con el enlace. «Deja de avisar» lo termina.'
        : 'Ya no estoy atento a las reuniones de aquí. Mencióname con el enlace cuando quieras su tarjeta.',
    watchingAlone: () =>
      'Aquí me escribes solo a mí, así que cada reunión que compartas tiene su tarjeta. En un grupo o canal, escribe allí «avisa de las reuniones».',
    noMeetingInIt: () =>
      'No he encontrado ninguna reunión en ese mensaje. Elige uno que tenga su enlace, o su número y su identificador.',
    noMeetingThere: ({ host }) =>
      `${host === '' ? 'Ese no es el enlace de una reunión' : `No encuentro ninguna reunión en ese enlace a ${host}`}. Mira otra vez el enlace, o pega la invitación entera.`,
    meetingShownBefore: () =>
      'Esta reunión ya tiene su tarjeta más arriba en este chat. Escribe «unirme a la reunión» y te llamo para entrar.',
    meetingShown: () =>
      'La tarjeta de la reunión está en la conversación. Si no aparece, añádeme antes a la conversación.',
    fault: ({ reference }) =>
      `Algo ha ido mal por mi parte. Prueba otra vez; si sigue igual, da a tu administrador la referencia ${reference}.`,
  },
  causes: {
    completed: 'finalizada',
    busy: 'ocupado',
    noAnswer: 'sin respuesta',
    declined: 'rechazada',
    unreachable: 'no disponible',
    diverted: 'no disponible',
    trunkDown: 'no disponible',
    noLine: 'sin línea libre',
    cancelled: 'cancelada',
    notConfirmed: 'sin confirmar',
    voicemail: 'contestó el buzón de voz',
    refused: 'denegada',
    limit: 'finalizada',
    silent: 'finalizada',
    notAdmitted: 'no admitida',
    interrupted: 'interrumpida',
    failed: 'fallida',
  },
  ending,
  phones,
  roles: { user: 'Tú', callee: 'La otra parte' },
  call: {
    calling: 'llamando',
    ringing: 'sonando',
    connected: 'en curso',
    you: 'Tú',
    started: 'Inicio',
    pickUp: (phone) => `Descuelga tu ${phone === undefined ? 'teléfono' : phones[phone]}`,
    ownCall: (number) => `Cuando tu teléfono muestre ${number}, es tu propia llamada: descuelga.`,
    callerId: 'Tu teléfono muestra',
    pressOne: (who) => `Pulsa 1 en tu teléfono y llamo a ${who}.`,
    waiting: (who) => `Estás en línea. Estoy llamando a ${who}.`,
    talking: (who) => `Estás hablando con ${who}.`,
    machine: (kind, who) =>
      kind === 'voicemail'
        ? `Ha contestado el buzón de voz de ${who}. Deja un mensaje, o cuelga.`
        : `En ${who} ha contestado una máquina: quizá un buzón de voz, o un menú.`,
    machines: { voicemail: 'buzón de voz', machine: 'una máquina' },
    elsewhere: (who) => `${who} está en otra llamada y quizá no conteste.`,
    notHeard: (who) =>
      who === undefined
        ? 'No llega sonido de tu propio teléfono. Revisa el micrófono y la tecla de silencio, o cuelga y rellama.'
        : `No llega sonido del teléfono de ${who}. Espera un momento, o cuelga y rellama.`,
    lasted: (time) => `duró ${time}`,
    since: (time) => `desde las ${time}`,
    notes: {
      rings: 'suena ahora',
      next: 'después',
      pressOne: 'pulsa 1',
      onTheLine: 'en línea',
      dialled: 'marcando',
      notHeard: 'no se oye',
      notCalled: 'sin llamar',
    },
    summary: (state, who) => `${who}: ${state}`,
  },
  buttons: {
    hangUp: 'Colgar',
    redial: 'Rellamar',
    redialFrom: (phone) => `Rellamar desde el ${phones[phone]}`,
    details: 'Detalles',
    ladder: 'Traza SIP',
    back: 'Volver',
    call: (who) => `Llamar a ${who}`,
    hangUpAndCall: 'Colgar y llamar',
    hangUpAndJoin: 'Colgar y entrar',
    yes: 'Sí',
    no: 'No',
    leave: 'Seguir en la llamada',
    newer: 'Más recientes',
    older: 'Más antiguas',
    calls: 'Mis llamadas',
    help: 'Ayuda',
    status: 'Mis teléfonos',
    settings: 'Mis ajustes',
    ringFirst: (phone) => `Que suene primero el ${phones[phone]}`,
    speak: { en: 'English', es: 'Español', channel: 'Idioma del canal' },
    pressOne: (on) => `${on ? 'Activar' : 'Desactivar'} pulsar 1`,
    callMe: 'Llámame',
    invitation: 'Invitación',
    onMobile: 'Llámame al móvil',
    open: 'Abrir',
    muteMe: 'Silencio',
    invite: 'Invitar a …',
    ring: 'Llamar',
    muteAll: 'Silenciar a todos',
    lock: 'Bloquear',
    unlock: 'Desbloquear',
    endForAll: 'Terminar para todos',
  },
  meetings: {
    bridge: 'Audioconferencia',
    side: 'Reunión',
    hint: 'Pulsa «Llámame», descuelga tu teléfono y ya estás dentro.',
    byPhone: 'Por teléfono',
    id: (id) => `ID ${id}`,
    in: 'dentro por teléfono',
    joined: (count) => (count === 1 ? 'Una persona por teléfono' : `${count} personas por teléfono`),
    dialling: (to) => `Llamando a ${to}.`,
    keying: 'La reunión ha contestado. Marco su número por ti: no cuelgues.',
    notKeyed: 'No he podido marcar el número de la reunión. Márcalo en tu teléfono, como dice la invitación.',
    byHand: 'Lo marcas tú, así que yo no marco nada más.',
    inside: 'Estás en la reunión.',
    today: 'Tus reuniones de hoy',
    tomorrow: 'Tus reuniones de mañana',
    next: 'Tu próxima reunión',
    which: '¿A qué reunión te unes?',
    whichHint: 'Pulsa el botón, o escribe su número.',
    startsNow: 'Empieza ahora',
    on: 'en curso',
    over: 'terminada',
    more: (count) => (count === 1 ? 'Y una más.' : `Y ${count} más.`),
  },
  rooms: {
    title: (host) => (host ? `Reunión de ${host}` : 'Reunión'),
    audioOnly: 'solo audio',
    hint: 'Pulsa «Llámame», descuelga y ya estás dentro. Con *6 en tu teléfono te silencias.',
    soundAlone: {
      noDialIn:
        'Microsoft Teams no ha dado número de teléfono a esta reunión, así que es solo audio: pulsa «Llámame» para entrar.',
      notMade:
        'Microsoft Teams no ha podido crear una reunión ahora, así que es solo audio: pulsa «Llámame» para entrar.',
    },
    locked: (host) => `Bloqueada: solo ${host} puede hacer entrar a alguien.`,
    lockedHere: (host) =>
      `Bloqueada aquí: solo ${host} puede hacer entrar a alguien. El número y el enlace de la reunión siguen abiertos.`,
    bridgeAway: (why) =>
      `No se ha podido entrar en la reunión por teléfono (${why}), así que esto sigue como solo audio. Pulsa «Llámame» para entrar.`,
    bridgeLeft:
      'El puente de la reunión ha colgado, así que esto sigue como solo audio. Pulsa «Llámame» para entrar.',
    others: (meeting) => `Otros · ${meeting}`,
    openMeeting: 'Abrir la reunión',
    over: 'Esta reunión ha terminado.',
    inside: (count) =>
      count === 0 ? 'Aún no hay nadie' : count === 1 ? 'Hay una persona' : `Hay ${count} personas`,
    more: (count) => `y ${count} más`,
    in: 'dentro',
    muted: 'en silencio',
    asked: 'falta pulsar 1',
    speaks: 'habla',
    forHost: 'Anfitrión …',
    inviteWhom: '¿A quién llamo?',
    inviteHint: (room) => `${room} · suena su teléfono, y entra al descolgar.`,
    inviteLabel: 'Nombre, extensión o número',
    invitePlaceholder: 'Bob Marín',
    inviteMissing: 'Escribe a quién llamar.',
    left: 'se fue',
    youLeft: (who) => `Has salido. ${who} sigue en la reunión.`,
  },
  titles: {
    ask: (who) => `¿A qué «${who}» te refieres?`,
    askWhom: '¿A quién llamo?',
    askHint: 'No se llama a nadie hasta que elijas.',
    askOne: (name) => `¿Te refieres a ${name}?`,
    left: (count) =>
      `Hay ${count} personas más con un nombre así; se muestran las que llamas. Escribe más del nombre para ver otras.`,
    leftHere: (count) =>
      `Hay ${count} más en este chat. Para ${count === 1 ? 'esa persona' : 'otra persona'} escribe «llama a» y su nombre.`,
    askMeant: (meant) => `¿Querías decir «${meant}»?`,
    askMeantHint: (text) => `No he entendido «${text}».`,
    askBusy: (talkingTo) => `Estás en una llamada con ${talkingTo}`,
    askBusyHint: (wanted, wants) =>
      ({
        call: `¿Cuelgo y llamo a ${wanted}?`,
        meeting: `¿Cuelgo y te meto en ${wanted}?`,
        room: `¿Cuelgo y te meto en la reunión de ${wanted}?`,
        newRoom: '¿Cuelgo y empiezo una reunión? Con «convierte la llamada» esta llamada pasa a ser reunión.',
      })[wants],
    people: (who) => `Personas encontradas para «${who}»`,
    calls: 'Tus llamadas',
    page: (page) => `Página ${page}`,
    noCalls: 'Aquí no hay llamadas. Escribe «llama a» y un nombre para hacer una.',
    help: 'Lo que puedes escribir',
    helpHint: 'Primero suena tu propio teléfono. Cuando descuelgas, llamo a la otra parte.',
    welcome: 'Hola, soy Dialback',
    welcomeHint: 'Llamo por ti desde tu propio teléfono de mesa: escribe «llama a» y un nombre.',
    toTry: 'Tres cosas para probar',
    examples: { call: 'llama a Bob', find: 'busca a Bob', calls: 'llamadas' },
    status: (name) => `Estado de ${name}`,
    settings: 'Tus ajustes',
    details: (who) => `Detalles de la llamada a ${who}`,
    ladder: (who) => `Traza SIP de la llamada a ${who}`,
    ladderCut: (left) => `Hay ${left} mensajes más que no se muestran aquí.`,
    ladderEmpty: 'No se guardó ningún mensaje SIP de esta llamada.',
  },
  labels: {
    desk: 'Teléfono de mesa',
    mobile: 'Móvil',
    did: 'Número directo',
    extension: 'Extensión',
    email: 'Correo',
    department: 'Departamento',
    currentCall: 'Llamada actual',
    noCall: 'ninguna',
    trunk: (name) => `Centralita ${name}`,
    trunkStates: { up: 'activa', down: 'caída', unknown: 'desconocido', unregistered: 'sin registrar' },
    asked: 'Pedida',
    answered: 'Contestada',
    ended: 'Fin',
    state: 'Estado',
    why: 'Motivo',
    rang: (time) => `sonó ${time}`,
    talked: (time) => `habló ${time}`,
    silent: (time) => `sin sonido ${time}`,
    machines: { voicemail: (time) => `buzón de voz ${time}`, machine: (time) => `una máquina ${time}` },
    media: 'Sonido',
    medias: {
      direct: 'de teléfono a teléfono',
      relay: 'a través del bot',
      room: 'mezclado por el bot',
      none: 'ninguno entre los teléfonos',
    },
    status: 'Respuesta SIP',
    presences: { inCall: 'en una llamada', unknown: 'presencia desconocida' },
  },
  settings: {
    language: 'Idioma',
    languages: { en: 'English', es: 'Español', channel: 'como diga el canal' },
    pressOne: 'Pulsar 1 antes de llamar',
    reminders: 'Avisos de reuniones',
    remindersAre: (on) =>
      on ? 'activados: te escribo cuando empieza una' : 'desactivados: escribe «avísame de las reuniones»',
    pressOneIs: (on, forced) =>
      `${on ? 'activado' : 'desactivado'}${forced ? ', lo ha puesto tu administrador' : ''}`,
    ringsFirst: 'suena primero',
    noPhone: 'No tienes ningún teléfono en el directorio.',
    wrong: (names) =>
      `¿Está mal un número? Pregunta a ${whomToAsk(names)}: los números vienen del directorio (PEOPLE_FILE).`,
    changed: 'Hecho. Así queda ahora.',
  },
}
