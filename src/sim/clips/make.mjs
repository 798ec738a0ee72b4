// node src/sim/clips/make.mjs: makes the clips beside this file anew, and what the bot itself says (src/media/clips). Wants
// espeak-ng (a package of Debian). A clip is what one person of the demo says: A-law (ITU-T G.711), 8,000 samples a second, without a head.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** Who says what, with which voice of espeak-ng, how high (0-99) and how fast (words a minute); of several, one by one. */
const LINES = {
  1001: {
    en: ['en-gb+f2', 48, 160, 'Hello, this is Alice. I typed one line in the chat, and my desk phone rang.'],
    es: ['es+f2', 48, 160, 'Hola, soy Alicia. Escribí una línea en el chat y sonó mi teléfono de mesa.'],
  },
  1002: {
    en: ['en-us+m3', 40, 158, 'Hello, this is Bob. I hear you well. Your phone rang first, and then mine.'],
    es: ['es+m3', 40, 158, 'Hola, soy Bob. Te oigo bien. Primero sonó tu teléfono, y después el mío.'],
  },
  1003: {
    en: ['en-gb+m7', 22, 150, 'Roberto Díaz speaking, the other Bob. Good that you were asked which one.'],
    es: ['es+m7', 22, 150, 'Habla Roberto, el otro Bob. Menos mal que te preguntaron por cuál de los dos.'],
  },
  1004: {
    en: ['en-us+f4', 58, 168, 'Hi, Zoe here. This is a plain desk phone, there is nothing installed on it.'],
    es: ['es+f4', 58, 168, 'Hola, aquí Zoe. Este es un teléfono corriente, no lleva nada instalado.'],
  },
  1005: {
    en: [
      'en-gb+f3',
      40,
      155,
      'Carmen, from sales. Tell me, I am listening. My mobile can be called as well.',
    ],
    es: ['es+f3', 40, 155, 'Carmen, de ventas. Dime, te escucho. También me puedes llamar al móvil.'],
  },
  1006: {
    en: [
      'en-us+m1',
      28,
      150,
      'Kwame, from logistics. When we hang up, the card in your chat keeps the record.',
    ],
    es: ['es+m1', 28, 150, 'Kwame, de logística. Cuando colguemos, la tarjeta del chat guarda el registro.'],
  },
  voicemail: {
    en: [
      'en-gb+f3',
      50,
      150,
      'This is voicemail. Nobody can come to the phone. Please speak after the tone.',
    ],
    es: ['es+f3', 50, 150, 'Este es el buzón de voz. Nadie puede ponerse. Habla después de la señal.'],
  },
  'bridge-id': {
    en: ['en-gb+f2', 42, 150, 'Welcome. Enter your conference I D, then hash.'],
    es: ['es+f2', 42, 150, 'Bienvenido. Marca el número de conferencia y almohadilla.'],
  },
  'bridge-pin': {
    en: ['en-gb+f2', 42, 150, 'Now enter your PIN, then hash.'],
    es: ['es+f2', 42, 150, 'Marca ahora el pin y almohadilla.'],
  },
  'bridge-wrong': {
    en: ['en-gb+f2', 42, 150, 'That is not right. Look at the invitation, and call again. Good bye.'],
    es: ['es+f2', 42, 150, 'No es correcto. Mira la invitación y vuelve a llamar. Adiós.'],
  },
  'bridge-in': {
    en: ['en-gb+f2', 42, 150, 'Thank you. You are in the meeting.'],
    es: ['es+f2', 42, 150, 'Gracias. Estás en la reunión.'],
  },
  'bridge-room': {
    en: [
      ['en-gb+f3', 40, 155, 'Good morning, everybody. Sales are up by four percent this week.'],
      ['en-us+m1', 28, 150, 'And the new warehouse opens on Monday.'],
      ['en-gb+m7', 22, 150, 'Very good. Then let us look at the plan.'],
    ],
    es: [
      ['es+f3', 40, 155, 'Buenos días a todos. Las ventas suben un cuatro por ciento.'],
      ['es+m1', 28, 150, 'Y el almacén nuevo abre el lunes.'],
      ['es+m7', 22, 150, 'Muy bien. Pues veamos el plan.'],
    ],
  },
}

/** What the bot says, by its own part of the house. */
const OWN = '../../media/clips/'
const OWN_LINES = {
  invited: {
    en: ['en-gb+f2', 42, 150, 'You are invited to a meeting. Press 1 to come in.'],
    es: ['es+f2', 42, 150, 'Te invitan a una reunión. Pulsa 1 para entrar.'],
  },
}

const RATE = 8000
/** What a telephone passes, Hz (ITU-T G.712): also keeps what is higher from folding down. */
const HIGHEST = 3400
/** What voicemail ends with: a moment of nothing, then its tone, Hz and seconds. */
const SIGNAL = { after: 0.3, hz: 1000, lasts: 0.5 }
/** Between two who speak in turn: 0.5 s as faint as a room, since a line that is quite dead is nobody's. */
const REST = Float64Array.from({ length: 0.5 * RATE }, (_, n) => 24 * Math.sin(n * n))
/** Root mean square of speech, of 32,768: about -20 dBm0. */
const LOUDNESS = 2600

for (const [who, languages] of Object.entries({ ...LINES, ...OWN_LINES }))
  for (const [language, line] of Object.entries(languages)) {
    const turns = Array.isArray(line[0]) ? line : [line]
    const spoken = turns.flatMap((turn, i) => [
      ...(i === 0 ? [] : REST),
      ...level(trim(resample(...speak(turn)))),
    ])
    const samples = who === 'voicemail' ? [...spoken, ...signal()] : spoken
    const folder = who in OWN_LINES ? OWN : ''
    writeFileSync(
      new URL(`${folder}${who}.${language}.alaw`, import.meta.url),
      Uint8Array.from(samples, toAlaw),
    )
    console.log(`${who}.${language}.alaw ${(samples.length / RATE).toFixed(1)} s`)
  }

/** Samples of one line, and their rate. */
function speak([voice, pitch, speed, text]) {
  const wav = execFileSync('espeak-ng', ['-v', voice, '-p', pitch, '-s', speed, '--stdout', text])
  const data = wav.indexOf('data') + 8
  const samples = Float64Array.from({ length: (wav.length - data) >> 1 }, (_, i) =>
    wav.readInt16LE(data + 2 * i),
  )
  return [samples, wav.readUInt32LE(24)]
}

/** Band-limited interpolation: a windowed sinc, cut at the highest frequency of a telephone. */
function resample(samples, rate) {
  const half = 80
  const cut = (2 * HIGHEST) / rate
  return Float64Array.from({ length: Math.floor((samples.length * RATE) / rate) }, (_, n) => {
    const at = (n * rate) / RATE
    let sum = 0
    for (let k = Math.ceil(at - half); k < at + half; k += 1) {
      const x = k - at
      const sinc = x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x)
      sum += (samples[k] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / half))
    }
    return sum
  })
}

/** Without the silence before and behind, in whole frames of 20 ms. */
function trim(samples) {
  const loud = (x) => Math.abs(x) > 150
  const first = samples.findIndex(loud)
  const last = samples.findLastIndex(loud)
  const cut = samples.subarray(Math.max(0, first - 80), last + 400)
  return cut.subarray(0, cut.length - (cut.length % 160))
}

function level(samples) {
  const spoken = samples.filter((x) => Math.abs(x) > 100)
  const rms = Math.sqrt(spoken.reduce((sum, x) => sum + x * x, 0) / spoken.length)
  return samples.map((x) => Math.max(-32000, Math.min(32000, (x * LOUDNESS) / rms)))
}

/** In whole frames, and without a click at its ends. */
function signal() {
  const { after, hz, lasts } = SIGNAL
  const length = lasts * RATE
  const tone = Float64Array.from({ length }, (_, n) => {
    const edge = Math.min(1, n / 40, (length - n) / 40)
    return LOUDNESS * Math.SQRT2 * edge * Math.sin((2 * Math.PI * hz * n) / RATE)
  })
  return [...new Float64Array(after * RATE), ...tone]
}

/** G.711, table 1a: sign, which of eight chords, where in it; even bits inverted. */
function toAlaw(sample) {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.floor(Math.min(Math.abs(sample), 32767)) >> 4
  const exponent = Math.max(0, 28 - Math.clz32(magnitude | 1))
  const mantissa = exponent === 0 ? magnitude & 15 : (magnitude >> (exponent - 1)) & 15
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}
