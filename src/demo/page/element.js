/**
 * Makes an element. Text is always text: nothing that comes from people or the bot is read as HTML here.
 * @param {string} tag `button.primary` sets a class
 * @param {Record<string, unknown>} props `on…` adds a listener, `data-…`, `aria-…` and `role` are attributes
 * @param {...(Node | string | undefined | false)} children
 */
export function element(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split('.')
  const made = document.createElement(name)
  made.classList.add(...classes)
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined) continue
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value)
    else if (/^(data-|aria-|role$|for$|lang$|dir$)/.test(key)) made.setAttribute(key, value)
    else made[key] = value
  }
  made.append(...children.filter((child) => child !== undefined && child !== false))
  return made
}

/** An SVG drawing of this page's own. */
export function drawing(markup) {
  const template = document.createElement('template')
  template.innerHTML = markup
  return template.content.firstElementChild
}

/** Sets an element's text, only where it is another: what has not changed is not read out again. */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text
}

/** The first letters of the first and the last name. */
export function initials(name) {
  const names = name.split(/\s+/u).filter(Boolean)
  return [names[0], names.length > 1 ? names.at(-1) : '']
    .map((part) => [...(part ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

/** The same person has the same colour everywhere. */
export function hueOf(name) {
  let sum = 7
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600
  return sum / 10
}
