import { spokenOf } from './announce.js'
import { drawCard } from './cards.js'
import { element, hueOf, initials } from './element.js'
import { markdownToHtml } from './markdown.js'
import { rove } from './rove.js'
import { locale, say, timeOf } from './words.js'

const TYPING = 4000
/** A message that carries on the one before needs no name and time of its own, milliseconds. */
const TOGETHER = 120_000
/** A longer text scrolls in a window of its own, which the keyboard must reach. */
const LONG = 1200

/**
 * The chat: rooms, messages with their cards, what to type next.
 * @param {{
 *   say(room: string, text: string): boolean,
 *   press(room: string, message: string, pressed: object): boolean,
 *   announce(text: string): void,
 * }} actions
 */
export function createChat(actions) {
  const at = (id) => document.getElementById(id)
  const [rooms, messages, scroll, input, suggestions] = [
    'rooms',
    'messages',
    'scroll',
    'input',
    'suggestions',
  ].map(at)
  let world = { rooms: [], people: [], me: '' }
  let room = ''
  let shown = new Map()
  let notices = []
  let unread = new Set()
  let typingTimer

  const roving = rove(suggestions, 'button')
  at('form').addEventListener('submit', (event) => {
    event.preventDefault()
    send(input.value)
  })
  input.addEventListener('input', () => {
    grow()
    suggest()
  })
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send(input.value)
  })

  function send(text) {
    if (text.trim() === '' || !actions.say(room, text)) return
    notices = []
    input.value = ''
    grow()
    suggest()
    input.focus()
  }

  function grow() {
    input.style.height = 'auto'
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`
  }

  function kind() {
    return world.rooms.find((one) => one.id === room)?.kind ?? 'personal'
  }

  function here() {
    return [...shown.values()].filter((message) => message.conversation === room)
  }

  function drawAll() {
    drawRooms()
    const group = kind() === 'group'
    at('hello').replaceChildren(
      element('img', { src: '/demo/page/icon.svg', alt: '', width: 44, height: 44 }),
      element('p.lead', {}, say('helloTitle')),
      element('p', {}, say(group ? 'helloGroup' : 'helloText', { name: firstOther() })),
    )
    input.placeholder = say(group ? 'placeholderGroup' : 'placeholder', { name: firstOther() })
    at('send').textContent = say('send')
    messages.replaceChildren(...here().map((message, index, all) => draw(message, all[index - 1])))
    for (const notice of notices) drawNotice(notice)
    suggest()
    toEnd()
  }

  function drawRooms() {
    rooms.setAttribute('aria-label', say('chat'))
    rooms.replaceChildren(
      ...world.rooms.map((one) =>
        element(
          'button',
          {
            type: 'button',
            'aria-pressed': String(one.id === room),
            'data-testid': `room-${one.kind}`,
            onclick: () => enter(one.id),
          },
          say(one.kind),
          unread.has(one.id) && element('span.dot', { role: 'img', 'aria-label': '•' }),
        ),
      ),
    )
  }

  function enter(id) {
    room = id
    unread.delete(id)
    notices = []
    drawAll()
    rooms.querySelector('[aria-pressed=true]')?.focus()
  }

  function draw(message, before) {
    const { id, author, text, cards } = message
    const mine = author.kind === 'me'
    const joined = before && before.author.name === author.name && message.at - before.at < TOGETHER
    const item = element(`li.message.${author.kind}`, {
      'data-testid': 'message',
      'data-id': id,
      tabIndex: -1,
    })
    if (joined) item.classList.add('joined')
    const body = element('div.body')
    if (!mine && !joined) {
      item.append(avatar(author))
      body.append(
        element(
          'p.by',
          {},
          element('b', { dir: 'auto' }, author.name),
          element('time', {}, timeOf(message.at)),
        ),
      )
    }
    if (text) body.append(written(message))
    const press = (pressed) => {
      if (item.ariaBusy === 'true' || !actions.press(room, id, pressed)) return
      item.ariaBusy = 'true'
      // A Submit is answered by no redrawing of its own.
      if (pressed.kind === 'submit') setTimeout(() => (item.ariaBusy = 'false'), 1000)
    }
    for (const card of cards) body.append(drawCard(card, press, say('brokenCard')))
    item.append(body)
    return item
  }

  function written({ text, markdown }) {
    const block = element('p.text', { dir: 'auto' }, markdown ? '' : text)
    if (markdown) block.innerHTML = markdownToHtml(text)
    if (text.length > LONG) block.tabIndex = 0
    return block
  }

  function avatar({ kind, name }) {
    if (kind === 'bot') return element('img.avatar', { src: '/demo/page/icon.svg', alt: '' })
    const made = element('span.avatar', { 'aria-hidden': 'true' }, initials(name))
    made.style.setProperty('--hue', hueOf(name))
    return made
  }

  function drawNotice({ notice, detail = '' }) {
    messages.append(element('li.notice', { dir: 'auto' }, say(notice, { detail })))
  }

  function itemOf(id) {
    return [...messages.children].find((item) => item.dataset.id === id)
  }

  /** Redraws one message where it stands; who was at a button of it stays at that button. */
  function put(message) {
    const old = itemOf(message.id)
    const all = here()
    const made = draw(message, all[all.indexOf(message) - 1])
    if (!old) {
      messages.append(made)
      if (message.author.kind === 'bot') hideTyping()
      return toEnd()
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.textContent : undefined
    const low = isLow()
    // It has arrived already: a change of it is no arrival.
    made.style.animation = 'none'
    old.replaceWith(made)
    if (focused !== undefined)
      ([...made.querySelectorAll('button')].find((button) => button.textContent === focused) ?? made).focus()
    if (low) toEnd()
  }

  function isLow() {
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60
  }

  /** To the newest message; of one that is higher than the window, to its beginning. */
  function toEnd() {
    const last = messages.lastElementChild
    const top = last ? last.getBoundingClientRect().top - scroll.getBoundingClientRect().top : Infinity
    scroll.scrollTop = Math.min(scroll.scrollHeight, scroll.scrollTop + top - 10)
  }

  function hideTyping() {
    clearTimeout(typingTimer)
    at('typing').hidden = true
  }

  /** Whom this person could call. */
  function others() {
    return world.people.filter((person) => person.id !== world.me).map((person) => person.name)
  }

  /** By whom the page shows what can be typed. */
  function firstOther() {
    return others()[0]?.split(' ')[0] ?? 'Bob'
  }

  /** What could be typed, of commands and names that begin as the text does. */
  function suggest() {
    suggestions.setAttribute('aria-label', say('suggestions'))
    const group = kind() === 'group'
    const prefix = group ? '@Dialback ' : ''
    const names = others()
    const typed = plain(input.value)
    const lines =
      typed === ''
        ? say('commands').map((command) => command.replace('{name}', firstOther()))
        : say('complete').flatMap((command) =>
            command.includes('{name}') ? names.map((name) => command.replace('{name}', name)) : [command],
          )
    const fitting = lines
      .map((line) => prefix + line)
      .filter((line) => plain(line).startsWith(typed) && plain(line) !== typed)
    const chips = fitting.slice(0, 4).map((line) => chip(line, line))
    // The simulated PBX has the conference bridge that this invitation is to. Four find room in a line.
    if (typed === '' && world.phones) {
      const { paste, text } = say('invitation')
      chips.splice(1, 2, chip(paste, prefix + text, 'paste'), chips[1])
    }
    suggestions.replaceChildren(...chips)
    roving.refresh()
  }

  function chip(label, line, id = 'suggestion') {
    const attributes = { type: 'button', dir: 'auto', 'data-testid': id, onclick: () => take(line) }
    return element('button', attributes, label)
  }

  /** A suggestion is written, not sent: nobody is rung by a slip of the mouse. */
  function take(line) {
    input.value = line
    grow()
    suggest()
    input.focus()
  }

  return {
    snapshot(told) {
      world = told
      shown = new Map(told.messages.map((message) => [message.id, message]))
      notices = []
      unread = new Set()
      if (!told.rooms.some((one) => one.id === room)) room = told.rooms[0]?.id ?? ''
      drawAll()
    },
    message(message) {
      const spoken = spokenOf(message, say('aCard'))
      const before = shown.get(message.id)
      shown.set(message.id, message)
      if (message.conversation === room) {
        put(message)
        // Not the whole message anew: a card changes often in a call, and says itself in a sentence.
        if (message.author.kind !== 'me' && spoken !== (before && spokenOf(before, say('aCard'))))
          actions.announce(spoken)
        return
      }
      unread.add(message.conversation)
      drawRooms()
    },
    removed(id) {
      shown.delete(id)
      itemOf(id)?.remove()
    },
    typing(conversation) {
      if (conversation !== room) return
      at('typing').hidden = false
      toEnd()
      clearTimeout(typingTimer)
      typingTimer = setTimeout(hideTyping, TYPING)
    },
    /** The server has started anew, and what was said is gone with the one before. */
    restarted() {
      this.notice({ notice: 'restarted', conversation: room })
    },
    /** Writes a text where one would type it; sending it is one's own act. */
    write: take,
    /** To the first button of the newest card. */
    focusOnCard() {
      const cards = messages.querySelectorAll('[data-testid=card]')
      const target = cards[cards.length - 1]
      target?.scrollIntoView({ block: 'nearest' })
      target?.querySelector('button, [role=button]')?.focus({ preventScroll: true })
    },
    notice(told) {
      if (told.conversation !== room) return
      const item = told.message && itemOf(told.message)
      if (item) item.ariaBusy = 'false'
      notices.push(told)
      drawNotice(told)
      actions.announce(say(told.notice, { detail: told.detail ?? '' }))
      toEnd()
    },
    /** The language has changed. */
    reword: drawAll,
  }
}

function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(locale()).trimStart()
}
