/**
 * One stop of the Tab key for many things of a kind (WAI-ARIA, roving tabindex): the arrow keys, Home and End go from
 * one to the next.
 * @param {HTMLElement} holder
 * @param {string} selector what is gone through, in the order of the document
 */
export function rove(holder, selector) {
  const all = () => [...holder.querySelectorAll(selector)]

  function stopAt(wanted) {
    for (const item of all()) item.tabIndex = item === wanted ? 0 : -1
  }

  holder.addEventListener('focusin', ({ target }) => {
    if (target.matches(selector)) stopAt(target)
  })
  holder.addEventListener('keydown', (event) => {
    if (!event.target.matches(selector) || event.ctrlKey || event.altKey || event.metaKey) return
    const items = all()
    const here = items.indexOf(event.target)
    const next = {
      ArrowDown: here + 1,
      ArrowRight: here + 1,
      ArrowUp: here - 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key]
    if (next === undefined) return
    event.preventDefault()
    items[Math.max(0, Math.min(next, items.length - 1))].focus()
  })

  return {
    /** After something has come or gone: there is exactly one stop, the newest where none was chosen. */
    refresh() {
      const items = all()
      const chosen = items.find((item) => item === document.activeElement)
      stopAt(chosen ?? items.at(-1))
    },
  }
}
