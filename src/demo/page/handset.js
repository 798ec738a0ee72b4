import { createSound } from './sound.js'

/** Neighbours on a desk do not ring alike. */
const PITCHES = [1, 1.12, 0.9, 1.25, 0.82, 1.06]

/**
 * Which phone this page has at its ear. Whoever sits here holds the handset of their own phone; where that lies
 * in its cradle, the one that was picked up here last; and another one where they choose so. One at a time: two
 * handsets side by side would howl.
 * @param {() => void} onChange something of it is to be drawn anew
 */
export function createHandset(onChange) {
  const sound = createSound(onChange)
  /** Put to the ear by hand; '' for none of them, until the call is over. */
  let chosen
  let pickedUp
  let held = ''

  // The first thing that is sent wakes the sound: the phone that rings then is heard.
  document.getElementById('form').addEventListener('submit', () => void sound.wake())

  return {
    /** Takes what the phones say now. @param {readonly object[]} views @param {string | undefined} own id of one's own phone */
    follow(views, own) {
      const lifted = (id) => views.some((view) => view.id === id && isLifted(view))
      if (!views.some(isLifted)) chosen = undefined
      else if (chosen && !lifted(chosen)) chosen = undefined
      held = chosen ?? [own, pickedUp].find((id) => id !== undefined && lifted(id)) ?? ''
      sound.hold(held)
      const bells = views
        .filter(({ state }) => state === 'ringing')
        .map(({ id }) => ({
          id,
          pitch: PITCHES[views.findIndex((view) => view.id === id) % PITCHES.length],
          near: held === '' && (own === undefined || id === own || id === `${own}-mobile`),
        }))
      sound.ring(bells)
    },
    pickedUp(id) {
      pickedUp = id
      void sound.wake()
    },
    wake: () => void sound.wake(),
    /** To the ear, or away from it. */
    toggle(id) {
      void sound.wake()
      chosen = held === id ? '' : id
    },
    toggleMicrophone(id) {
      chosen = id
      sound.toggleMicrophone()
    },
    get held() {
      return held
    },
    get audio() {
      return sound.audio
    },
    get microphone() {
      return sound.microphone
    },
  }
}

export function isLifted({ state }) {
  return state === 'answering' || state === 'talking'
}
