/**
 * What stands behind "call" and makes it no sure call: "call Bob tomorrow", "call Bob or Alice", "call of duty". What is left
 * before it may be offered, and is never dialled unasked. A name that has such a word in it is meant where it is quoted.
 */
import type { Language } from '../party.ts'
import type { Word } from './words.ts'

/** Words or the beginnings of clauses that no name has. */
const CLAUSES: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set([
    ...[
      'tomorrow',
      'tonight',
      'today',
      'yesterday',
      'later',
      'in the',
      'next week',
      'next time',
      'next month',
    ],
    ...['this morning', 'this afternoon', 'this evening', 'this week', 'every day', 'every week', 'as soon'],
    ...['at noon', 'at midnight', 'at lunch', 'at home', 'at work', 'at night', 'in a', 'in an', 'in half'],
    ...['or', 'not', "don't", 'dont', 'about', 'because', 'if', 'when', 'while', 'unless', 'until', 'before'],
    ...['once', 'for', 'that', 'is', 'was', 'are', 'were', 'does', 'did', 'has', 'had', 'then'],
    ...['maybe', 'perhaps', 'instead', 'and tell', 'and ask', 'and say', 'and then', 'to say', 'to tell'],
    ...[
      'to ask',
      'to talk',
      'to discuss',
      'to see',
      'to check',
      'to confirm',
      'to remind',
      'to let',
      'to get',
    ],
  ]),
  es: new Set([
    ...['manana', 'hoy', 'ayer', 'luego', 'despues', 'pronto', 'mas tarde', 'pasado manana', 'dentro de'],
    ...['esta manana', 'esta tarde', 'esta noche', 'esta semana', 'este lunes', 'la semana', 'la proxima'],
    ...['el proximo', 'por la manana', 'por la tarde', 'por la noche', 'a mediodia', 'al mediodia'],
    ...['a medianoche', 'cada dia', 'todos los dias', 'en un', 'en una', 'en unos', 'en media', 'a primera'],
    ...[
      'porque',
      'cuando',
      'mientras',
      'hasta',
      'sobre',
      'para',
      'antes',
      'quizas',
      'tal vez',
      'que',
      'primero',
    ],
    ...[
      'y dile',
      'y pregunta',
      'y preguntale',
      'y luego',
      'y despues',
      'o si',
      'ni a',
      'o a',
      'o al',
      'y a',
      'y al',
    ],
  ]),
}
/** So only behind a name: "After Sales" and "First Aid" are people, "of duty" nobody. */
const LATER_ON: ReadonlySet<string> = new Set(['after', 'first', 'back'])
/** So only in small letters: "María de la O", "Li Si" are people. */
const SMALL: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(),
  es: new Set(['o', 'u', 'si', 'no', 'es']),
}
const MOST_WORDS = 3

const HOUR =
  '(?:\\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|quarter)(?![a-z]))'
const HORA = '(?:\\d|(?:una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)(?![a-z]))'
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day'
const DIA = '(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)'
/** Of two or three words with a number or a day among them. "Domingo" alone is a name. */
const TIMES: Readonly<Record<Language, RegExp>> = {
  en: new RegExp(`^(?:(?:at|by|around|in) ${HOUR}|(?:on|next|this|every) ${DAY}s?)`),
  es: new RegExp(`^(?:(?:a|sobre|hacia) las? ${HORA}|en ${HORA}|(?:el|los|este|cada) ${DIA}s?(?![a-z]))`),
}

/**
 * What of the words behind "call" can be a name: all of them where nothing makes them doubtful; none of them where it is
 * talk from its first word on.
 */
export function nameIn(
  typed: readonly Word[],
  line: string,
  language: Language | undefined,
): readonly Word[] {
  if (isQuoted(line.slice(typed[0]?.at, typed.at(-1)?.end))) return typed
  const languages = language === undefined ? (['en', 'es'] as const) : [language]
  const end = typed.findIndex((_, at) => languages.some((one) => isDoubtful(typed, at, line, one)))
  return end === -1 ? typed : typed.slice(0, end)
}

function isDoubtful(typed: readonly Word[], at: number, line: string, language: Language): boolean {
  const next = typed.slice(at, at + MOST_WORDS).map(({ plain }) => plain)
  const [word = ''] = next
  if (next.some((_, i) => CLAUSES[language].has(next.slice(0, i + 1).join(' ')))) return true
  if (TIMES[language].test(next.join(' '))) return true
  if (language === 'en' && (at === 0 ? word === 'of' : LATER_ON.has(word))) return true
  return SMALL[language].has(word) && isSmall(line, typed[at]) && typed[at - 1]?.plain !== 'la'
}

const isSmall = (line: string, word: Word | undefined): boolean =>
  word !== undefined && line.slice(word.at, word.end) === line.slice(word.at, word.end).toLowerCase()
const isQuoted = (text: string): boolean => /^["'“‘«„`].*["'”’»“`]$/s.test(text)

/** Who cannot be known, and what follows "call" in talk about calls; "me" is not Mercedes. */
const NOBODY: ReadonlySet<string> = new Set([
  ...[
    'me',
    'us',
    'him',
    'her',
    'it',
    'them',
    'you',
    'back',
    'me back',
    'off',
    'out',
    'in',
    'up',
    'on',
    'for',
  ],
  ...[
    'a',
    'an',
    'the',
    'my',
    'to',
    'log',
    'logs',
    'list',
    'history',
    'status',
    'help',
    'book',
    'tone',
    'ring',
  ],
  ...['number', 'my phone', 'my number', 'nobody', 'no one', 'somebody', 'someone', 'anybody', 'anyone'],
  ...['everybody', 'everyone', 'mi', 'el', 'ella', 'ellos', 'ellas', 'la', 'le', 'lo', 'un', 'una', 'nos'],
  ...['otra', 'ya', 'mi telefono', 'mi numero', 'alguien', 'nadie', 'todos', 'todas', 'todo el mundo'],
])
/** "Call me tomorrow", "call it a day": talk about calling. */
const TALK =
  /^(?:(?:me|it) |you (?:later|back|tomorrow|soon|again|tonight|then|when|if|in|at|on|once|after)\b)/
/** "Call the meeting off", "call a meeting": a name has no article. */
const GATHERING =
  /^(?:(?:off|down|up) )?(?:the|a|an|our|my|this|la|el|una|un|nuestra|esta) (?:meeting|reunion|conference|bridge)\b/

/**
 * Whether this names nobody whom the bot could know.
 * @param who small letters without accents
 */
export function isNobody(who: string): boolean {
  return NOBODY.has(who) || TALK.test(who) || GATHERING.test(who)
}

/** Where one of these stands before "call", nobody is to be called now: "did you call Bob?", "if I call Bob". */
const TOLD: ReadonlySet<string> = new Set([
  ...['did', 'does', 'why', 'when', 'who', 'whom', 'where', 'how', 'has', 'have', 'had', 'was', 'were', 'if'],
  ...[
    'do you',
    'por que',
    'cuando',
    'quien',
    'donde',
    'como',
    'porque',
    'si',
    'has',
    'ha',
    'he',
    'habia',
    'aunque',
  ],
])
/** Who says "don't call Bob" wants no button for it. */
const DENIED: ReadonlySet<string> = new Set([
  ...["don't", 'dont', 'not', 'never', 'no', 'nunca', 'jamas', "didn't", "won't", 'without', 'sin', 'ni'],
])
/** "Llámame", "llámalo": no slip of the finger. */
const WITH_PRONOUN = /^(?:llama|marca|telefonea)(?:me|nos|te|l[aeo]s?)$/

/**
 * Whether a sentence tells of a call, asks about one or denies it, so that none is to be offered.
 * @param at where in it the word for calling stands
 */
export function isTold(typed: readonly Word[], at: number): boolean {
  const before = typed.slice(0, at)
  return (
    typed.some(({ plain }) => DENIED.has(plain) || WITH_PRONOUN.test(plain)) ||
    before.some(({ plain }, i) => TOLD.has(plain) || TOLD.has(`${plain} ${before[i + 1]?.plain}`)) ||
    // "Creo que llama Bob": it is he who calls.
    (at > 0 && typed[at]?.plain === 'llama' && !['a', 'al'].includes(typed[at + 1]?.plain ?? ''))
  )
}
