import { element } from './element.js'

/** Enough for a screen reader to have read it, milliseconds. */
const STAYS = 10_000

/**
 * What happens elsewhere than where one is, for who does not see it: each text is a line of its own, so that two at
 * once are both read.
 * @param {HTMLElement} region a live region
 */
export function createAnnouncer(region) {
  return (text) => {
    if (!text) return
    const line = element('p', { dir: 'auto' }, text)
    region.append(line)
    setTimeout(() => line.remove(), STAYS)
  }
}

/** A message in a sentence: what its author wrote, and what its cards say of themselves. */
export function spokenOf({ text, cards }, withoutCard) {
  const spoken = cards.map((card) => card?.speak || card?.fallbackText || withoutCard)
  return [text, ...spoken].filter(Boolean).join(' ')
}
