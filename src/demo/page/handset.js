import { element } from './element.js'
import { drawSpeaker } from './phone-drawing.js'
import { createSound } from './sound.js'
import { say } from './words.js'

const STORED = 'dialback.sound'
/** Neighbours on a desk do not ring alike. */
const PITCHES = [1, 1.12, 0.9, 1.25, 0.82, 1.06]

/**
 * Which phone this page has at its ear. Whoever sits here holds the handset of their own phone, desk before mobile;
 * where that lies in its cradle, the one that was picked up here last; and another one where they choose so. One at a time: two
 * handsets side by side would howl.
 * @param {() => void} onChange something of it is to be drawn anew
 */
export function createHandset(onChange) {
  const sound = createSound(onChange, isKeptQuiet())
  /** Put to the ear by hand; '' for none of them, until the call is over. */
  let chosen
  let pickedUp
  let held = ''

  const all = element(
    'button.icon-button.sound',
    { type: 'button', 'data-testid': 'sound', onclick: () => muteAll(!sound.muted) },
    drawSpeaker(),
  )
  document.getElementById('sound').append(all)

  function muteAll(muted) {
    sound.mute(muted)
    if (!muted) void sound.wake()
    try {
      localStorage.setItem(STORED, muted ? 'off' : 'on')
    } catch {
      // A browser that keeps nothing sounds again next time.
    }
  }

  // The first thing that is sent wakes the sound: the phone that rings then is heard.
  document.getElementById('form').addEventListener('submit', () => void sound.wake())

  return {
    /** The button for all sound of this page. */
    draw() {
      all.hidden = sound.audio === 'none'
      all.setAttribute('aria-pressed', String(!sound.muted))
      all.setAttribute('aria-label', say('soundOfAll'))
      all.title = say(sound.muted ? 'soundOff' : 'soundOn')
    },
    /** Takes what the phones say now. @param {readonly object[]} views @param {string | undefined} own id of one's own phone */
    follow(views, own) {
      const lifted = (id) => views.some((view) => view.id === id && isLifted(view))
      if (!views.some(isLifted)) chosen = undefined
      else if (chosen && !lifted(chosen)) chosen = undefined
      const mobile = own && `${own}-mobile`
      held = chosen ?? [own, mobile, pickedUp].find((id) => id !== undefined && lifted(id)) ?? ''
      sound.hold(held)
      const bells = views
        .filter(({ state }) => state === 'ringing')
        .map(({ id }) => ({
          id,
          pitch: PITCHES[views.findIndex((view) => view.id === id) % PITCHES.length],
          near: held === '' && (own === undefined || id === own || id === mobile),
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
    /** One that is on goes along to another handset. */
    toggleMicrophone(id) {
      chosen = id
      if (held === id || sound.microphone !== 'open') sound.toggleMicrophone()
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

function isKeptQuiet() {
  try {
    return localStorage.getItem(STORED) === 'off'
  } catch {
    return false
  }
}

export function isLifted({ state }) {
  return state === 'answering' || state === 'talking'
}
