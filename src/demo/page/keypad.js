import { element } from './element.js'
import { say } from './words.js'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const LETTERS = ['', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']
const ACROSS = 3
const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ACROSS, ArrowDown: ACROSS }
/** A key stays down for so long when it was typed, milliseconds. */
const DOWN = 140

/**
 * The keys of a phone. One stop of the Tab key leads to all of them, the arrows from one to the next (WAI-ARIA APG, grid).
 * @param {(key: string) => void} press
 */
export function createKeypad(press) {
  const keys = KEYS.map((key, index) =>
    element(
      'button',
      {
        type: 'button',
        'data-key': key,
        // Drawn by the style sheet: they are no part of what the key is called.
        'data-letters': LETTERS[index] || undefined,
        tabIndex: index === 0 ? 0 : -1,
        onclick: () => press(key),
      },
      key,
    ),
  )
  const pad = element('div.keypad', { role: 'group' }, ...keys)
  pad.addEventListener('keydown', (event) => {
    const at = keys.indexOf(document.activeElement)
    const next = keys[at + (ARROWS[event.key] ?? 0)]
    if (at < 0 || !ARROWS[event.key] || !next) return
    event.preventDefault()
    for (const key of keys) key.tabIndex = key === next ? 0 : -1
    next.focus()
  })
  return {
    pad,
    /** Shows a key that was typed as it goes down. */
    strike(key) {
      const struck = keys[KEYS.indexOf(key)]
      struck.classList.add('down')
      setTimeout(() => struck.classList.remove('down'), DOWN)
    },
    /** @param {boolean} alive whether somebody hears them */
    draw(name, alive) {
      pad.setAttribute('aria-label', say('keypadOf', { name }))
      pad.inert = !alive
      for (const key of keys) key.setAttribute('aria-label', say('keyOf', { key: key.dataset.key }))
    },
  }
}
