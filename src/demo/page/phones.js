import { element, write } from './element.js'
import { createHandset, isLifted } from './handset.js'
import { createKeypad } from './keypad.js'
import {
  drawBridge,
  drawDeskPhone,
  drawMicrophone,
  drawMobile,
  drawSpeaker,
  drawVoicemail,
} from './phone-drawing.js'
import { say } from './words.js'

/** A mobile or a machine is put away so long after its call, milliseconds. */
const LINGERS = 8000
const DRAW = { desk: drawDeskPhone, mobile: drawMobile, voicemail: drawVoicemail, bridge: drawBridge }
/** Machines of the PBX: nobody is there to press anything. */
const MACHINES = ['voicemail', 'bridge']

/**
 * The phones. What each shows is told by the simulated PBX, from its SIP messages and its sound.
 * @param {{ phone(id: string, act: string, digits?: string): void }} actions
 */
export function createPhones(actions) {
  const holder = document.getElementById('phones')
  const bar = document.getElementById('ringing-bar')
  const tiles = new Map()
  /** Phones whose display is to be seen: the bar would only lie upon it. */
  const inSight = new Set()
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inSight.add(target)
      else inSight.delete(target)
    }
    drawBar()
  })
  const handset = createHandset(() => drawAll())
  let mine = ''

  function tileOf(view) {
    const known = tiles.get(view.id)
    if (known) return known
    const made = build(view)
    tiles.set(view.id, made)
    holder.append(made.article)
    return made
  }

  function build({ id, kind }) {
    const display = element('div.display', { 'data-testid': 'phone-display' })
    const line = (name) => display.appendChild(element(`p.${name}`))
    const parts = {
      status: line('status'),
      caller: line('caller'),
      number: line('number'),
      hears: line('hears'),
    }
    const state = element('p.state', { 'data-testid': 'phone-state' })
    const name = element('h3')
    const extension = element('span.extension')
    const badge = element('span.badge', { hidden: true })
    const button = (act, testId) =>
      element(`button.${testId}`, {
        type: 'button',
        'data-testid': testId,
        onclick: () => {
          if (act === 'pickUp') handset.pickedUp(id)
          actions.phone(id, act)
        },
      })
    const buttons = {
      pickUp: button('pickUp', 'pick-up'),
      decline: button('decline', 'decline'),
      putDown: button('putDown', 'put-down'),
    }
    const press = (key) => actions.phone(id, 'press', key)
    const keypad = createKeypad(press)
    const toggle = (name, icon, onclick) =>
      element(`button.${name}`, { type: 'button', 'data-testid': name, onclick }, icon)
    const speaker = toggle('listen', drawSpeaker(), () => {
      handset.toggle(id)
      follow()
    })
    const microphone = toggle('microphone', drawMicrophone(), () => {
      handset.toggleMicrophone(id)
      follow()
    })
    const hear = element('button.hear', {
      type: 'button',
      'data-testid': 'press-to-hear',
      hidden: true,
      onclick: () => handset.wake(),
    })
    const note = element('p.note', { 'data-testid': 'sound-note', role: 'status', hidden: true })
    const spoken = element('p.unseen', { role: 'status', 'data-testid': 'phone-spoken' })
    const drawn = DRAW[kind]()
    const picture = element('div.picture', {}, drawn, display, keypad.pad, speaker, microphone, hear)
    const article = element(
      `article.phone.${kind}`,
      { 'data-testid': `phone-${id}`, tabIndex: -1 },
      element('header', {}, name, extension, badge),
      picture,
      note,
      spoken,
      element('footer', {}, state, element('div.buttons', {}, ...Object.values(buttons))),
    )
    // With the keyboard: digits, while the handset is lifted.
    article.addEventListener('keydown', (event) => {
      if (!/^[0-9*#]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
      if (tile.view.state !== 'talking') return
      keypad.strike(event.key)
      press(event.key)
    })
    const sound = { keypad, speaker, microphone, hear, note }
    sight.observe(display)
    const tile = {
      article,
      display,
      parts,
      state,
      spoken,
      name,
      extension,
      badge,
      buttons,
      sound,
      view: undefined,
    }
    return tile
  }

  function draw(tile, view) {
    tile.view = view
    const { article, parts, buttons } = tile
    const own = view.kind === 'desk' && view.number !== undefined && isMine(view)
    const shown = view.onHold ? 'hold' : view.state
    article.dataset.state = view.state
    article.dataset.hears = view.hears.kind
    article.dataset.service = view.service ? 'yes' : 'none'
    article.classList.toggle('own', own)
    const name = nameOn(view)
    write(tile.name, name)
    write(tile.extension, extensionOf(view))
    tile.badge.hidden = !own
    write(tile.badge, say('yours'))
    article.setAttribute('aria-label', `${name}, ${tile.extension.textContent}`)

    const { caller } = view
    write(parts.caller, caller ? caller.name || caller.number : name)
    write(parts.number, numberOn(view))
    write(parts.hears, view.state !== 'talking' ? '' : (view.attends?.keys ?? heard(view)))
    tick(tile)
    write(tile.state, stateWords(view, shown))

    const can = {
      pickUp: view.state === 'ringing' && view.behaviour !== 'noAnswer',
      decline: view.state === 'ringing',
      putDown: isLifted(view) && !MACHINES.includes(view.kind),
    }
    const held = Object.values(buttons).find((button) => button === document.activeElement)
    for (const [act, button] of Object.entries(buttons)) {
      write(button, say(act))
      button.setAttribute('aria-label', say(`${act}Of`, { name: view.name }))
      button.title = button.getAttribute('aria-label')
      button.hidden = !can[act]
    }
    // Who pressed a button that has gone stays at this phone.
    if (held?.hidden)
      (Object.values(buttons).find((button) => !button.hidden) ?? article).focus({ preventScroll: true })
    // What stood so when the page was opened, or is only reworded, is not read out.
    const news = JSON.stringify([
      view.state,
      view.onHold,
      view.hears,
      view.ended,
      view.caller,
      view.attends?.stage,
    ])
    if (tile.news !== undefined && tile.news !== news)
      write(tile.spoken, spokenWords(view, parts, tile.state.textContent))
    tile.news = news
    drawSound(tile)
    drawBar()
  }

  /** Loudspeaker, microphone and keys, and what hinders them. */
  function drawSound({ view, article, sound }) {
    const { keypad, speaker, microphone, hear, note } = sound
    const { name } = view
    const held = handset.held === view.id
    const open = held && handset.microphone === 'open'
    article.classList.toggle('held', held)
    keypad.draw(name, view.state === 'talking')
    for (const [button, word, pressed] of [
      [speaker, 'listenOf', held && handset.audio === 'awake'],
      [microphone, 'microphoneOf', open],
    ]) {
      button.disabled = !isLifted(view) || handset.audio === 'none'
      button.setAttribute('aria-pressed', String(pressed))
      button.setAttribute('aria-label', say(word, { name }))
      button.title = button.getAttribute('aria-label')
    }
    write(hear, say('pressToHear'))
    hear.hidden = handset.audio !== 'asleep' || !(held || view.state === 'ringing')
    const words = handset.audio === 'none' ? say('audio.none') : say(`microphone.${handset.microphone}`)
    note.hidden = !held || words === undefined
    write(note, note.hidden ? '' : words)
  }

  /** The handset at the ear may be another one now. */
  function follow() {
    const views = [...tiles.values()].map((tile) => tile.view).filter((view) => view !== undefined)
    const own = views.find((view) => view.kind === 'desk' && view.number !== undefined && isMine(view))
    const before = handset.held
    handset.follow(views, own?.id)
    if (handset.held !== before) drawAll()
    else for (const tile of tiles.values()) drawSound(tile)
  }

  /** On a narrow screen the phones are below the chat: a bar tells that one rings, and leads there. */
  function drawBar() {
    const ringing = [...tiles.values()].find((tile) => tile.view?.state === 'ringing')
    bar.hidden = !ringing || inSight.has(ringing.display)
    if (!ringing) return
    write(bar, say('rings', { name: ringing.view.name, caller: ringing.parts.caller.textContent }))
    bar.onclick = () => {
      ringing.article.scrollIntoView({ block: 'center' })
      ringing.buttons.pickUp.focus({ preventScroll: true })
    }
  }

  function isMine(view) {
    return digits(view.number) === digits(mine) || view.extension === mine
  }

  /** The first line of the display; in a call it counts the time. */
  function tick({ view, parts, article }) {
    // These are seen only while they have something to say.
    const silent = view.state === 'onHook' && (view.ended === undefined || Date.now() - view.since > LINGERS)
    article.hidden = view.kind !== 'desk' && silent
    const status = {
      onHook: () => (view.service ? clock() : say('noService')),
      ringing: () => say('incoming'),
      answering: () => say('connecting'),
      talking: () => (view.onHold ? say('onHold') : duration(Date.now() - view.since)),
    }
    write(parts.status, status[view.state]())
  }

  function drawAll() {
    handset.draw()
    for (const tile of tiles.values()) draw(tile, tile.view)
    const own = [...tiles.values()].find((tile) => tile.article.classList.contains('own'))
    for (const tile of tiles.values()) tile.article.style.order = tile === own ? '-1' : ''
  }

  setInterval(() => {
    for (const tile of tiles.values()) tick(tile)
  }, 1000)

  return {
    snapshot({ phones = [], people, me }) {
      mine = people.find((person) => person.id === me)?.desk ?? ''
      for (const [id, tile] of tiles)
        if (!phones.some((view) => view.id === id)) {
          tile.article.remove()
          tiles.delete(id)
        }
      for (const view of phones) draw(tileOf(view), view)
      drawAll()
      follow()
    },
    phone(view) {
      const before = tiles.get(view.id)?.view?.state
      draw(tileOf(view), view)
      if (view.state !== before) follow()
    },
    reword: drawAll,
    /** What a line of the ladder is called. */
    nameOf(id) {
      const view = tiles.get(id)?.view
      const first = view?.name.split(' ')[0]
      if (view?.kind === 'bridge') return say('bridgeShort')
      return (
        view &&
        `${first} ${view.kind === 'desk' ? (view.extension ?? '') : say(view.kind).toLowerCase()}`.trim()
      )
    },
  }
}

function nameOn({ kind, name }) {
  return kind === 'bridge' ? say('bridge') : name
}

function extensionOf({ kind, extension, number = '' }) {
  if (kind === 'desk') return extension ?? number
  return kind === 'bridge' ? '' : say(kind)
}

/** The third line of the display: who calls by number, else one's own; a bridge says what it wants. */
function numberOn({ attends, caller, number = '' }) {
  if (attends) return say(`attends.${attends.stage}`)
  if (!caller) return spaced(number)
  return caller.name ? spaced(caller.number) : ''
}

function heard({ hears }) {
  return say(`hears.${hears.kind}`, { name: hears.name ?? '' })
}

function stateWords(view, shown) {
  const words = [say(`state.${shown}`)]
  if (view.state === 'talking') words.push(view.attends ? say(`attends.${view.attends.stage}`) : heard(view))
  const ended = say(`ended.${view.ended}`)
  if (view.state === 'onHook' && ended) words.push(ended)
  if (view.state === 'onHook' && say(`behaviour.${view.behaviour}`))
    words.push(say(`behaviour.${view.behaviour}`))
  return words.join(' · ')
}

/** What a screen reader says of a phone, once for each change. */
function spokenWords(view, parts, state) {
  const shown = view.caller ? `${parts.caller.textContent} ${parts.number.textContent}`.trim() : ''
  return `${nameOn(view)}: ${[state, shown].filter(Boolean).join(', ')}`
}

function clock() {
  return new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** A Spanish number as people and the bot write it: +34 910 00 00 01, but +34 900 100 200. */
function spaced(number) {
  if (/^\+34(?:80|90)\d{7}$/.test(number)) return number.replace(/^(\+34)(\d{3})(\d{3})/, '$1 $2 $3 ')
  return number.replace(/^(\+34)(\d{3})(\d{2})(\d{2})(\d{2})$/, '$1 $2 $3 $4 $5')
}

function digits(number = '') {
  return number.replace(/\D/g, '')
}
