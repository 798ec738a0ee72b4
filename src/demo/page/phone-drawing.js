import { drawing } from './element.js'

let counter = 0

/** A desk phone seen from above: handset on the left, display, keys, lamp. Parts move by class and state (phones.css). */
export function drawDeskPhone() {
  const id = `phone-drawing-${(counter += 1)}`
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
    .map((key, index) => {
      const [x, y] = [146 + (index % 3) * 33, 129 + Math.floor(index / 3) * 18.5]
      return `<g data-key="${key}"><rect class="key" x="${x}" y="${y}" width="27" height="14" rx="4"/><text class="digit" x="${x + 13.5}" y="${y + 10.2}">${key}</text></g>`
    })
    .join('')
  const lines = [0, 1, 2, 3]
    .map((row) => `<rect class="line" x="112" y="${129 + row * 18.5}" width="22" height="14" rx="7"/>`)
    .join('')
  const grill = (y) =>
    [0, 1, 2]
      .map((row) =>
        [0, 1, 2, 3]
          .map((col) => `<circle class="hole" cx="${44 + col * 7}" cy="${y + row * 6}" r="1.3"/>`)
          .join(''),
      )
      .join('')
  return drawing(`<svg class="drawing" viewBox="0 0 340 224" aria-hidden="true" focusable="false">
    <defs>
      <linearGradient id="${id}-body" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" class="body-top"/><stop offset="1" class="body-low"/>
      </linearGradient>
      <linearGradient id="${id}-handset" x1="0" y1="0" x2="1" y2="0">
        <stop offset="0" class="handset-left"/><stop offset=".45" class="handset-mid"/><stop offset="1" class="handset-right"/>
      </linearGradient>
    </defs>
    <ellipse class="shadow" cx="172" cy="213" rx="150" ry="8"/>
    <path class="cord" d="M40 196c-18 4-26 12-14 16s22-2 12-6-24 6-8 9 24-4 14-7"/>
    <rect x="14" y="14" width="316" height="194" rx="22" fill="url(#${id}-body)"/>
    <rect class="edge" x="14.5" y="14.5" width="315" height="193" rx="21.5"/>
    <rect class="cradle" x="30" y="30" width="58" height="162" rx="18"/>
    <rect class="hook" x="50" y="66" width="18" height="8" rx="3"/>
    <rect class="bezel" x="104" y="28" width="212" height="92" rx="11"/>
    <rect class="lamp-glow" x="280" y="10" width="36" height="12" rx="6"/>
    <rect class="lamp" x="282" y="12" width="32" height="8" rx="4"/>
    ${lines}${keys}
    <circle class="pad" cx="283" cy="152" r="23"/>
    <circle class="pad-mid" cx="283" cy="152" r="9"/>
    <path class="pad-mark" d="M283 133l4 5h-8zM283 171l4-5h-8zM264 152l5-4v8zM302 152l-5-4v8z"/>
    <rect class="line" x="262" y="184" width="42" height="14" rx="7"/>
    <g class="handset">
      <path fill="url(#${id}-handset)" d="M31 42c0-13 10-22 28-22s28 9 28 22c0 12-5 19-9 24-3 4-4 9-4 18v56c0 9 1 14 4 18 4 5 9 12 9 24 0 13-10 22-28 22s-28-9-28-22c0-12 5-19 9-24 3-4 4-9 4-18V84c0-9-1-14-4-18-4-5-9-12-9-24z"/>
      <path class="shine" d="M39 40c0-8 6-13 14-14M50 84v56"/>
      ${grill(36)}${grill(178)}
    </g>
  </svg>`)
}

/** A mobile phone, held upright. */
export function drawMobile() {
  return drawing(`<svg class="drawing" viewBox="0 0 340 224" aria-hidden="true" focusable="false">
    <ellipse class="shadow" cx="170" cy="216" rx="84" ry="6"/>
    <rect class="mobile-body" x="86" y="8" width="168" height="206" rx="24"/>
    <rect class="bezel" x="95" y="17" width="150" height="188" rx="17"/>
    <rect class="lamp-glow" x="150" y="21" width="40" height="10" rx="5"/>
    <rect class="lamp" x="154" y="23" width="32" height="6" rx="3"/>
  </svg>`)
}
