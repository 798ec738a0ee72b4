import { drawing } from './element.js'

let counter = 0

/**
 * A desk phone seen from above: handset on the left, display, lamp, keypad. The one drawing of all phones: parts move
 * and shine by class and state (phones.css); display and keys lie above it, so that they can be read and pressed.
 */
export function drawDeskPhone() {
  const id = `phone-drawing-${(counter += 1)}`
  const grill = (y) =>
    [0, 1, 2]
      .map((row) =>
        [0, 1, 2, 3]
          .map((col) => `<circle class="hole" cx="${44.5 + col * 7}" cy="${y + row * 6}" r="1.3"/>`)
          .join(''),
      )
      .join('')
  return drawing(`<svg class="drawing" viewBox="0 0 340 262" aria-hidden="true" focusable="false">
    <defs>
      <linearGradient id="${id}-body" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" class="body-top"/><stop offset="1" class="body-low"/>
      </linearGradient>
      <linearGradient id="${id}-handset" x1="0" y1="0" x2="1" y2="0">
        <stop offset="0" class="handset-left"/><stop offset=".45" class="handset-mid"/><stop offset="1" class="handset-right"/>
      </linearGradient>
      <radialGradient id="${id}-pad" cx=".5" cy=".35" r=".75">
        <stop offset="0" stop-color="#fff" stop-opacity=".16"/><stop offset="1" stop-color="#000" stop-opacity=".3"/>
      </radialGradient>
    </defs>
    <ellipse class="shadow" cx="172" cy="250" rx="152" ry="8"/>
    <path class="cord" d="M40 234c-18 4-26 12-14 16s22-2 12-6-24 6-8 9 24-4 14-7"/>
    <rect x="14" y="14" width="316" height="232" rx="24" fill="url(#${id}-body)"/>
    <rect class="edge" x="14.5" y="14.5" width="315" height="231" rx="23.5"/>
    <path class="seam" d="M98 34v192"/>
    <rect class="cradle" x="29" y="28" width="60" height="204" rx="20"/>
    <rect class="hook" x="50" y="60" width="18" height="9" rx="3.5"/>
    <rect class="hook" x="50" y="190" width="18" height="9" rx="3.5"/>
    <rect class="bezel" x="108" y="28" width="208" height="92" rx="12"/>
    <rect class="lamp-glow" x="276" y="9" width="40" height="12" rx="6"/>
    <rect class="lamp" x="278" y="11" width="36" height="8" rx="4"/>
    <circle cx="277" cy="160" r="26" fill="url(#${id}-pad)"/>
    <circle class="pad" cx="277" cy="160" r="26"/>
    <circle class="pad-mid" cx="277" cy="160" r="10"/>
    <path class="pad-mark" d="M277 138.5l4 5h-8zM277 181.5l4-5h-8zM255.5 160l5-4v8zM298.5 160l-5-4v8z"/>
    <g class="handset">
      <path fill="url(#${id}-handset)" d="M30 46c0-14 10-24 29-24s29 10 29 24c0 13-5 20-9 25-3 4-4 10-4 19v80c0 9 1 15 4 19 4 5 9 12 9 25 0 14-10 24-29 24s-29-10-29-24c0-13 5-20 9-25 3-4 4-10 4-19V90c0-9-1-15-4-19-4-5-9-12-9-25z"/>
      <path class="shine" d="M38 44c0-9 6-14 14-15M49 92v76"/>
      ${grill(39)}${grill(213)}
    </g>
  </svg>`)
}

/** A mobile phone, held upright. */
export function drawMobile() {
  return drawing(`<svg class="drawing" viewBox="0 0 340 262" aria-hidden="true" focusable="false">
    <ellipse class="shadow" cx="170" cy="252" rx="84" ry="6"/>
    <rect class="mobile-body" x="74" y="8" width="192" height="242" rx="28"/>
    <rect class="bezel" x="83" y="17" width="174" height="224" rx="20"/>
    <rect class="lamp-glow" x="150" y="21" width="40" height="10" rx="5"/>
    <rect class="lamp" x="154" y="23" width="32" height="6" rx="3"/>
  </svg>`)
}

/** A voicemail machine: two reels, which turn while somebody is on the line. */
export function drawVoicemail() {
  const reel = (x) =>
    `<g class="reel"><circle cx="${x}" cy="176" r="22"/>` +
    `<path d="M${x} 158v36M${x - 15.6} 167l31.2 18M${x - 15.6} 185l31.2-18"/></g>`
  return drawing(`<svg class="drawing" viewBox="0 0 340 262" aria-hidden="true" focusable="false">
    <ellipse class="shadow" cx="170" cy="252" rx="140" ry="7"/>
    <rect class="tape-case" x="34" y="14" width="272" height="232" rx="22"/>
    <rect class="bezel" x="56" y="28" width="228" height="92" rx="12"/>
    <rect class="tape-window" x="70" y="140" width="200" height="72" rx="36"/>
    ${reel(112)}${reel(228)}
    <rect class="lamp-glow" x="150" y="222" width="40" height="10" rx="5"/>
    <rect class="lamp" x="154" y="224" width="32" height="6" rx="3"/>
  </svg>`)
}

/** A phone of a meeting room: a loudspeaker in each of its feet. */
export function drawBridge() {
  const grill = (x, y) =>
    [-12, 0, 12].map((row) => `<path d="M${x - 14} ${y + row * 0.75}h28"/>`).join('') +
    `<circle cx="${x}" cy="${y}" r="23"/>`
  return drawing(`<svg class="drawing" viewBox="0 0 340 262" aria-hidden="true" focusable="false">
    <ellipse class="shadow" cx="170" cy="250" rx="150" ry="8"/>
    <g class="room-phone">
      <path class="feet" d="M170 92L76 204q94-70 188 0z"/>
      <rect class="top" x="40" y="14" width="260" height="120" rx="32"/>
    </g>
    <rect class="bezel" x="56" y="28" width="228" height="92" rx="14"/>
    <g class="grill">${grill(76, 204)}${grill(264, 204)}</g>
    <circle class="room-key" cx="170" cy="162" r="13"/>
    <rect class="lamp-glow" x="244" y="9" width="40" height="12" rx="6"/>
    <rect class="lamp" x="246" y="11" width="36" height="8" rx="4"/>
  </svg>`)
}

/** A loudspeaker: its waves are there while it sounds. */
export function drawSpeaker() {
  return drawing(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path class="solid" d="M4 9.5h3.5L12 5.5v13l-4.5-4H4z"/>
    <path class="waves" d="M15 9.200c1.5 1.600 1.5 4 0 5.600M17.600 6.800c2.800 2.900 2.800 7.5 0 10.400"/>
    <path class="crossed" d="M15.5 9.5l5 5M20.5 9.5l-5 5"/>
  </svg>`)
}

/** A microphone, crossed out while it is off. */
export function drawMicrophone() {
  return drawing(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <rect class="solid" x="9" y="3.5" width="6" height="10.5" rx="3"/>
    <path class="waves" d="M6 11.5c0 7.5 12 7.5 12 0M12 17.200v3.300"/>
    <path class="crossed" d="M4.5 4.5l15 15"/>
  </svg>`)
}
