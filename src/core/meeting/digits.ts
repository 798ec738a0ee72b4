import { folded } from '../command/words.ts'
import type { BridgeNumber, DigitsKind } from './meeting.ts'

/** What invitations write before the digits of a telephone, in small letters without accents; the longest first. */
const LABELS: Readonly<Record<DigitsKind, readonly string[]>> = {
  conference: [
    ...['phone conference id', 'conference id', 'conference number', 'conf id', 'conference code'],
    ...[
      'id. de conferencia telefonica',
      'id de conferencia telefonica',
      'identificador de conferencia telefonica',
    ],
    ...[
      'id. de conferencia',
      'id de conferencia',
      'id de la conferencia',
      'identificador de conferencia',
      'numero de conferencia',
    ],
    ...['telefonkonferenz-id', 'konferenz-id', 'konferenznummer', 'konferenzkennung'],
    ...['id de conference telephonique', 'id de conference', 'identifiant de conference'],
    ...['id conferenza telefonica', 'id conferenza', 'id da conferencia telefonica', 'id da conferencia'],
    ...['identyfikator konferencji telefonicznej', 'identyfikator konferencji', 'telefonkonference-id'],
    ...['電話会議 id', '電話会議id', '会議 id'],
    ...['telefonische vergadering-id', 'telefonische conferentie-id', 'conferentie-id'],
  ],
  meeting: [
    ...['meeting id', 'meeting number', 'meeting code', 'webinar id', 'room id'],
    ...[
      'id. de reunion',
      'id de reunion',
      'id de la reunion',
      'identificador de reunion',
      'numero de reunion',
      'id de seminario web',
    ],
    ...['identyfikator spotkania', 'id de la reunio', 'mode-id', 'ミーティング id', 'ミーティングid'],
    ...['meeting-id', 'besprechungs-id', 'meeting-kennnummer', 'meetingnummer', 'webinar-id'],
    ...[
      'numero de la reunion',
      'id riunione',
      'numero riunione',
      'id da reuniao',
      'numero da reuniao',
      'vergadering-id',
      'vergader-id',
    ],
  ],
  access: [
    ...['access code', 'participant code', 'participant access code', 'guest code', 'attendee code'],
    ...['codigo de acceso', 'codigo de participante', 'codigo de invitado', 'clave de acceso'],
    ...['kod dostepu', "codi d'acces", 'adgangskode'],
    ...['zugangscode', 'zugriffscode', 'teilnehmercode', "code d'acces", 'code participant'],
    ...['codice di accesso', 'codice partecipante', 'codigo de acesso', 'toegangscode'],
  ],
  // Of any thing: they count behind a number alone.
  id: [],
  pin: [
    'pin code',
    'conference pin',
    'meeting pin',
    'pin',
    'codigo pin',
    'numero pin',
    'pin-code',
    'code pin',
  ],
  passcode: [
    ...['haslo', 'contrasenya', 'パスコード', 'パスワード'],
    ...['passcode', 'meeting password', 'meeting passcode', 'password', 'security code'],
    ...['contrasena de la reunion', 'contrasena de reunion', 'contrasena', 'codigo secreto', 'clave'],
    ...[
      'kenncode',
      'kennwort',
      'passwort',
      'meeting-passwort',
      'code secret',
      'mot de passe',
      'senha',
      'codice segreto',
      'wachtwoord',
    ],
  ],
  phonePasscode: [
    ...['phone passcode', 'phone password', 'numeric passcode', 'numeric password', 'telephone passcode'],
    ...[
      'contrasena numerica',
      'codigo de acceso telefonico',
      'contrasena telefonica',
      'telefon-passcode',
      'numerischer kenncode',
      'numerisches passwort',
    ],
    ...['mot de passe numerique', 'code numerique'],
  ],
}

const kindOf = new Map(
  Object.entries(LABELS).flatMap(([kind, labels]) =>
    // As the text is read: in Japanese, too, signs lose their marks.
    labels.map((label) => [folded(label), kind as DigitsKind] as const),
  ),
)
const LABELLED = new RegExp(
  `(?<![a-z0-9])(${[...kindOf.keys()]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})(?![a-z])` +
    // "(access code)", "is", ":", on this line or the next.
    String.raw`[ \t]{0,4}(?:\([^()\n]{0,40}\))?[ \t]{0,4}(?:is|es|ist|est|e)?[ \t]{0,4}[:.=#：]{0,2}[ \t]{0,8}\n?[ \t>*•]{0,8}` +
    String.raw`(\d(?:[ \t-]{0,2}\d){2,19})(?![\d.,]?[a-z0-9@])`,
  'g',
)
/** "+34 910 480 001 id 123456 code 9876": elsewhere those words may be about an order, a tax or a town. */
const BESIDE =
  /(?<=\d[ ,;]{1,3}(?:(?:with|and|con|y) )?)(?:(id)|code|codigo)[ :]{1,3}(\d(?:[ -]?\d){2,19})(?![\d.,]?[a-z0-9@])/g
/** A number and what is keyed behind it: `+34 910 00 00 00,,123456789#`, `tel:…;ext=…`. */
const ONE_TAP =
  /(?<![\w,#*])(\+?\d[\d ().-]{5,22}\d)[ \t]?([,;][,;\d*# ]{1,60}[\d#])(?![ ,;*#]{0,3}[\d,;*#])/g
/** A bridge that takes `*` for a command may dial out by it: what stands behind one is not for this bridge's ears. */
const STAR_COMMAND = /\*\d{0,2}(?!\d)/
/** No id and no PIN has fewer digits, none has more. */
const [FEWEST, MOST] = [3, 20]
/** What is keyed behind a number as phones keep it: pauses, and digits that may end in `#`; of those at most three. */
const TAP = /^(?:[,;]{1,10}\d{1,20}#?){1,3}$/
const INTERNATIONAL = /(?<![\w,#*])\+ ?[1-9](?:[ ().-]{0,3}\d){6,14}(?![\d@])/g
/** National numbers are told from other digits by the word before them. */
const NATIONAL =
  /(?:\b(?:dial(?:[ -]?in)?(?: number)?|phone|telephone|tel(?:efono)?|llama(?:r)? al|join|unirme al?|marca(?:r)?|numero|toll(?:-| )free|gratuito|einwahl(?:nummer)?)\b\.?:?|\([a-z]{2}\))[ \t]{0,4}(\(?0?\d(?:[ ().-]{0,2}\d){6,13})(?!\d)/g
/** Or by the words behind it. */
const NATIONAL_FREE =
  /(?<![\w,#*+-])(\(?\d(?:[ ().-]{0,2}\d){6,13})(?!\d)(?=[^\n\d]{0,30}(?:toll[ -]?free|freephone|gratuit|kostenlos|freecall|numero vert))/g
const TOLL_FREE =
  /toll[ -]?free|freephone|gratuit|gratis|kostenlos|freecall|numero vert|linea gratuita|sin coste/
/** More than any list of a provider's numbers has. */
const MOST_NUMBERS = 60

/** What a text tells about calling in. */
export type DigitsRead = {
  readonly numbers: readonly BridgeNumber[]
  readonly labelled: ReadonlyMap<DigitsKind, string>
  /** What is keyed behind a number that a mobile dials by one tap: the runs of digits, in order. */
  readonly tapped: readonly string[]
  /** All of it, where it is nothing but pauses (`,`) and digits, with `#` behind them or not. */
  readonly tap?: string
}

/** Reads numbers, ids and PINs. The first of each kind counts: what follows is about other ways in. */
export function readDigits(text: string): DigitsRead {
  const plain = folded(text).replace(/[’‘]/g, "'")
  const labelled = new Map<DigitsKind, string>()
  for (const [, label = '', digits = ''] of plain.matchAll(LABELLED)) {
    const kind = kindOf.get(label)
    if (kind !== undefined && !labelled.has(kind)) labelled.set(kind, digits.replace(/\D/g, ''))
  }
  for (const [, id, digits = ''] of plain.matchAll(BESIDE)) {
    const kind = id === undefined ? 'pin' : 'id'
    if (!labelled.has(kind)) labelled.set(kind, digits.replace(/\D/g, ''))
  }
  const taps = [...plain.matchAll(ONE_TAP)].slice(0, MOST_NUMBERS)
  const found = [
    ...taps.map((match) => numberAt(plain, match[1] ?? '', match.index)),
    ...[...plain.matchAll(INTERNATIONAL)]
      .slice(0, MOST_NUMBERS)
      .map((match) => numberAt(plain, match[0], match.index)),
    ...[NATIONAL, NATIONAL_FREE].flatMap((form) =>
      [...plain.matchAll(form)]
        .slice(0, MOST_NUMBERS)
        .map((match) => numberAt(plain, match[1] ?? '', match.index)),
    ),
  ]
  const keyed = (taps[0]?.[2] ?? '').replaceAll(' ', '')
  const tapped = (keyed.split(STAR_COMMAND)[0] ?? '')
    .split(/[^\d]+/)
    .filter(({ length }) => length >= FEWEST && length <= MOST)
  const tap = tapped.length > 0 && TAP.test(keyed) ? { tap: keyed.replaceAll(';', ',') } : {}
  return { numbers: unique(found).slice(0, MOST_NUMBERS), labelled, tapped, ...tap }
}

function numberAt(text: string, written: string, at: number): BridgeNumber {
  const start = text.lastIndexOf('\n', at) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(start, end === -1 ? undefined : end).slice(0, 300)
  // Where one line names several numbers, what stands behind one is its own.
  const own = line.slice(Math.max(0, at - start), at - start + written.length + 40)
  return {
    number: written.trim(),
    tollFree: TOLL_FREE.test(own) || (TOLL_FREE.test(line) && !/\btoll\b(?![ -]?free)/.test(own)),
  }
}

function unique(numbers: readonly BridgeNumber[]): readonly BridgeNumber[] {
  const seen = new Set<string>()
  return numbers.filter(({ number }) => {
    const digits = number.replace(/\D/g, '')
    return !seen.has(digits) && seen.add(digits)
  })
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
