/** Wishes to change a setting, as sentences: "ring my mobile first", "habla en español", "press 1 on". */
import type { Language, PhoneKind } from '../party.ts'
import type { SettingChange } from '../settings.ts'
import { PHONE_NAMES } from './phones.ts'

export type Wish = { readonly change: SettingChange; readonly language: Language | undefined }

/** Each is taken by all of the words or by none of them, so that no talk about languages or phones changes anything. */
type Pattern = {
  readonly said: RegExp
  readonly language: Language | undefined
  readonly read: (found: Readonly<Record<string, string | undefined>>) => SettingChange
}

const LANGUAGES: Readonly<Record<string, Language | 'channel'>> = {
  ...{ english: 'en', ingles: 'en', spanish: 'es', espanol: 'es', castilian: 'es', castellano: 'es' },
  ...{
    'as the channel says': 'channel',
    automatic: 'channel',
    auto: 'channel',
    'that of the channel': 'channel',
  },
  ...{ 'como diga el canal': 'channel', automatico: 'channel', 'el del canal': 'channel' },
}
const ON: readonly string[] = [
  ...['on', 'yes', 'enabled', 'enable', 'activate', 'always ask me to'],
  ...['si', 'activado', 'activa', 'activar', 'enciende', 'pon', 'pideme que', 'pideme'],
]

const L = `(?<language>${oneOf(Object.keys(LANGUAGES))})`
/** Of people who say no more than that: no surname but these is so sure a language. */
const ONLY = '(?<language>english|spanish|ingles|espanol|castellano)'
const P = `(?<phone>${oneOf([...PHONE_NAMES.keys()])})`
const ONE = '(?:1|one|uno)'
const STAYS = '(?: from now on| by default| always| instead| for my calls)?'
const QUEDA = '(?: siempre| por defecto| a partir de ahora| desde ahora)?'
const DUTY = '(?:a |al |en |con |por )?(?:mi |el |la )?'

const PATTERNS: readonly Pattern[] = [
  ...languages('en', [
    `(?:change|set|switch|put|make) (?:my |the )?language (?:to |into |in )?${L}`,
    `(?:my |the )?language(?: is)? ${L}`,
    `(?:speak|answer|reply|write)(?: to)?(?: me)?(?: in)? ${L}`,
    `(?:talk|speak) to me in ${L}`,
    `(?:talk|switch) (?:in|to) ${ONLY}`,
  ]),
  ...languages('es', [
    `(?:cambia|cambiar|cambie|cambiame|pon|poner|ponme) (?:el |mi )?idioma (?:a |al |en |por )?(?:el )?${L}`,
    `(?:mi |el )?idioma(?: es)? ${L}`,
    `(?:habla|hablame|hablar|responde|respondeme|contesta|contestame|escribe|escribeme)(?: en)? ${L}`,
    `cambia (?:al|a) ${ONLY}`,
  ]),
  ...languages(undefined, [`(?:in |en )?${ONLY}`]),
  ...phones('en', [
    `(?:ring|use|call|try|dial) (?:my |the )?${P} first${STAYS}`,
    `(?:always )?(?:use|prefer) (?:my |the )?${P}${STAYS}`,
    `always ring (?:my |the )?${P}`,
    `(?:first )?(?:my |the )?${P}(?: rings)? first`,
    `first (?:my |the )?${P}`,
    `make (?:my |the )?${P} ring first`,
    `(?:ring|call) me first on (?:my |the )?${P}`,
    `(?:ring|call) me on (?:my |the )?${P} first`,
  ]),
  ...phones('es', [
    `(?:llama|llamame|llamar|llame|usa|usar|suena|(?:que )?suene|haz sonar|marca|prueba) (?:primero|antes) ${DUTY}${P}${QUEDA}`,
    `(?:llama|llamame|llamar|llame|usa|usar|(?:que )?suene|haz sonar|marca|prueba) ${DUTY}${P} (?:primero|antes)`,
    `(?:usa|usar|utiliza|prefiero) (?:siempre )?(?:mi |el |la )?${P}${QUEDA}`,
    `(?:llama|llamame) siempre ${DUTY}${P}`,
    `primero ${DUTY}${P}`,
    `(?:mi |el |la )?${P} primero`,
  ]),
  ...pressing('en', [
    `(?:turn |switch |set )?press(?:ing)? ${ONE} (?<on>on|off|yes|no|enabled|disabled)`,
    `(?:turn|switch) (?<on>on|off) press(?:ing)? ${ONE}`,
    `(?<on>enable|disable|activate|deactivate) press(?:ing)? ${ONE}`,
    `(?<on>always ask me to|do not ask me to|don't ask me to|dont ask me to|never ask me to|stop asking me to) press ${ONE}`,
    `(?<on>without|no) press(?:ing)? ${ONE}`,
  ]),
  ...reminding('en', true, [
    `(?:remind|notify) me (?:of|about) (?:my |the )?meetings`,
    `(?:remind|notify|tell) me when (?:my |the |a )?meetings? (?:start|starts|begin|begins)`,
    `(?:turn|switch) on (?:the )?(?:meeting )?reminders`,
    `(?:meeting )?reminders on`,
  ]),
  ...reminding('en', false, [
    `(?:do not|don't|dont|stop|never) (?:remind|reminding|notify|notifying) me (?:of|about) (?:my |the )?meetings`,
    `(?:turn|switch) off (?:the )?(?:meeting )?reminders`,
    `(?:meeting )?reminders off`,
    `no (?:more )?(?:meeting )?reminders`,
    `remind me of (?:my )?meetings off`,
  ]),
  ...reminding('es', true, [
    `(?:avisame|recuerdame|aviseme|recuerdeme) (?:de )?(?:las |mis )?reuniones`,
    `avisame cuando empiecen? (?:las |mis |una |mi )?reunion(?:es)?`,
    `(?:activa|activar|enciende) (?:los )?(?:avisos|recordatorios)(?: de (?:las )?reuniones)?`,
  ]),
  ...reminding('es', false, [
    `no me (?:avises|recuerdes) (?:mas )?(?:de )?(?:las |mis )?reuniones`,
    `deja de (?:avisarme|recordarme) (?:de )?(?:las |mis )?reuniones`,
    `(?:desactiva|desactivar|quita|apaga) (?:los )?(?:avisos|recordatorios)(?: de (?:las )?reuniones)?`,
  ]),
  ...pressing('es', [
    `pulsar?(?: el)? ${ONE} (?<on>si|no|activado|desactivado|on|off)`,
    `(?<on>activa|activar|enciende|pon|desactiva|desactivar|quita|quitar|apaga|sin)(?: lo de)? pulsar(?: el)? ${ONE}`,
    `(?<on>no me pidas que|pideme que) pulse(?: el)? ${ONE}`,
    `(?<on>no me pidas|pideme) pulsar(?: el)? ${ONE}`,
  ]),
]

/**
 * Reads words as a wish to change a setting.
 * @param said small letters without accents, one space between the words
 */
export function readWish(said: string): Wish | undefined {
  for (const { said: pattern, language, read } of PATTERNS) {
    const found = pattern.exec(said)
    if (found) return { change: read(found.groups ?? {}), language }
  }
  return undefined
}

function languages(language: Language | undefined, all: readonly string[]): readonly Pattern[] {
  return patterns(language, all, (found) => ({
    set: 'language',
    to: LANGUAGES[found['language'] ?? ''] ?? 'channel',
  }))
}

function phones(language: Language, all: readonly string[]): readonly Pattern[] {
  return patterns(language, all, (found) => ({ set: 'rings', to: phoneOf(found['phone']) }))
}

function pressing(language: Language, all: readonly string[]): readonly Pattern[] {
  return patterns(language, all, (found) => ({ set: 'pressOne', to: ON.includes(found['on'] ?? '') }))
}

function reminding(language: Language, to: boolean, all: readonly string[]): readonly Pattern[] {
  return patterns(language, all, () => ({ set: 'reminders', to }))
}

function patterns(
  language: Language | undefined,
  all: readonly string[],
  read: Pattern['read'],
): readonly Pattern[] {
  return all.map((one) => ({ said: new RegExp(`^${one}$`), language, read }))
}

const phoneOf = (name: string | undefined): PhoneKind => PHONE_NAMES.get(name ?? '') ?? 'desk'

/** The longest first: "mobile phone" before "mobile". */
function oneOf(words: readonly string[]): string {
  return words.toSorted((a, b) => b.length - a.length).join('|')
}
