/**
 * Where a first call has come to, told from what really happens: no click of the tour's own moves it on.
 *
 *   type ◄──► choose
 *     │ ▲ └─────┴── rings ──► pickUp ── lifted ──► dialling ── rings ──► far ── lifted ──► talk ── put down ──► record
 *     │ └─ ended before anybody talked ──┴──────────────┴─────────────────┘                                      │
 *     └────────────────────────────────── another call is asked for: pickUp again ◄──────────────────────────────┘
 */

/** The four steps that are to be seen, and the stages of each. */
export const STEPS = {
  type: ['type', 'choose'],
  pickUp: ['pickUp', 'dialling'],
  far: ['far'],
  record: ['talk', 'record'],
}

export const BEGINNING = { at: 'type', missed: false }

/**
 * @param {{ at: string, missed: boolean }} stage where it was
 * @param {{ mine?: string, far?: string, asked: boolean }} facts state of one's own phone, of the other one that rings
 *   for this call, and whether the bot waits for a choice
 */
export function onward(stage, { mine = 'onHook', far = 'onHook', asked }) {
  const to = (at, missed = false) => (stage.at === at && stage.missed === missed ? stage : { at, missed })
  if (mine === 'ringing') return to('pickUp')
  if (mine !== 'onHook') {
    if (far === 'ringing') return to('far')
    if (far !== 'onHook') return to('talk')
    // The other side has put down; one's own phone follows in a moment.
    return stage.at === 'talk' ? stage : to('dialling')
  }
  if (stage.at === 'talk' || stage.at === 'record') return to('record')
  if (STEPS.type.includes(stage.at)) return asked ? to('choose') : to('type', stage.missed)
  return to('type', true)
}

/** `type`, `pickUp`, `far` or `record`. */
export function stepOf({ at }) {
  return Object.keys(STEPS).find((step) => STEPS[step].includes(at))
}
