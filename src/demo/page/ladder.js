import { element, write } from './element.js'
import { classOf, isChange, isOver, labelOf, meaningOf, transactionOf } from './ladder-meaning.js'
import { rove } from './rove.js'
import { say, timeOf } from './words.js'

/** Calls that stay on the ladder. */
const KEPT = 6

/**
 * The SIP ladder: one block a call, Dialback in the middle, a line for each phone, an arrow for each message. What an
 * arrow means is told beside it while it is pointed at or has the keyboard; pressed, it shows the message itself.
 * @param {(id: string) => string | undefined} nameOf a phone's name
 */
export function createLadder(nameOf) {
  const at = (id) => document.getElementById(id)
  const [holder, note, trunk] = ['ladder', 'ladder-note', 'trunk'].map(at)
  let blocks = []
  let checked

  const roving = rove(holder, '.row > button')
  const pointed = (event) => {
    const button = event.target.closest?.('.row > button')
    if (button) tell(button)
  }
  for (const type of ['pointerover', 'focusin']) holder.addEventListener(type, pointed)

  function add(seen) {
    if (seen.method === 'OPTIONS' || seen.method === 'REGISTER') {
      if (/^2/.test(seen.title)) checked = seen.at
      return undefined
    }
    let block = blocks.at(-1)
    if (!block || (isNewCall(seen, block) && block.open.size === 0)) {
      block = {
        at: seen.at,
        seen: [],
        open: new Set(),
        calls: new Set(),
        changes: new Set(),
        columns: [],
        drawn: undefined,
      }
      blocks = [...blocks.slice(1 - KEPT), block]
    }
    block.seen.push(seen)
    if (isNewCall(seen, block)) block.open.add(seen.callId)
    block.calls.add(seen.callId)
    if (isChange(seen)) block.changes.add(transactionOf(seen))
    if (isOver(seen) && !block.changes.has(transactionOf(seen))) block.open.delete(seen.callId)
    const phone = seen.phone ?? 'pbx'
    if (!block.columns.includes(phone)) {
      block.columns.push(phone)
      block.drawn = undefined
    }
    return block
  }

  function isNewCall(seen, block) {
    return seen.title === 'INVITE' && !block.calls.has(seen.callId)
  }

  /** Left to right: the phone that rang first, Dialback, the others. */
  function order(block) {
    const [first, ...others] = block.columns
    return [first, 'dialback', ...others]
  }

  function called(column) {
    if (column === 'dialback') return 'Dialback'
    return column === 'pbx' ? say('pbx') : (nameOf(column) ?? column)
  }

  function drawBlock(block) {
    const columns = order(block)
    const heads = columns.map((column) =>
      element(`span.head${column === 'dialback' ? '.self' : ''}`, { dir: 'auto' }, called(column)),
    )
    const list = element('ol.rows')
    const lines = columns.map((_, index) => {
      const line = element('span.lifeline')
      line.style.setProperty('--x', centre(index, columns.length))
      return line
    })
    const drawn = element(
      'section.block',
      {},
      element('h3', {}, say('call', { time: timeOf(block.at, true) })),
      element('div.heads', { 'aria-hidden': 'true' }, ...heads),
      element('div.tracks', {}, element('div.lifelines', { 'aria-hidden': 'true' }, ...lines), list),
    )
    drawn.style.setProperty('--columns', columns.length)
    list.append(...block.seen.map((seen) => row(seen, block, columns)))
    block.drawn = drawn
    block.list = list
    return drawn
  }

  function row(seen, block, columns) {
    const phone = columns.indexOf(seen.phone ?? 'pbx')
    const self = columns.indexOf('dialback')
    const [from, to] = seen.direction === 'in' ? [self, phone] : [phone, self]
    const re = block.changes.has(transactionOf(seen))
    const meaning = meaningOf(seen, { re, second: phone > self })
    const way = `${called(columns[from])} → ${called(columns[to])}`
    const arrow = element(`span.arrow.${from < to ? 'right' : 'left'}`, { 'aria-hidden': 'true' })
    arrow.style.setProperty('--from', centre(Math.min(from, to), columns.length))
    arrow.style.setProperty('--span', (Math.abs(to - from) / columns.length) * 100)
    const label = element(
      'span.label',
      {},
      labelOf(seen, re),
      seen.again && element('i', {}, ` ${say('again')}`),
    )
    label.style.setProperty('--middle', (centre(from, columns.length) + centre(to, columns.length)) / 2)
    const about = element('p', { id: `sip-${seen.id}` }, meaning.says)
    const more = element(
      'div.more',
      { hidden: true },
      about,
      element('p.rfc', {}, meaning.rfc),
      element('pre', { tabIndex: 0, 'aria-label': labelOf(seen, re) }, seen.text),
    )
    const button = element(
      'button',
      {
        type: 'button',
        'aria-expanded': 'false',
        'aria-describedby': about.id,
        onclick: () => {
          more.hidden = !more.hidden
          button.setAttribute('aria-expanded', String(!more.hidden))
          if (!more.hidden) more.scrollIntoView({ block: 'nearest' })
        },
      },
      element('time', {}, since(seen.at - block.at)),
      element('span.unseen', {}, `${way}: `),
      element('span.track', {}, arrow, label),
    )
    button.told = { title: labelOf(seen, re), way, ...meaning }
    return element(`li.row.${classOf(seen)}${seen.again ? '.again' : ''}`, {}, button, more)
  }

  /** What is pointed at; without anything, how to point. */
  function tell(button) {
    for (const told of holder.querySelectorAll('.told')) told.classList.remove('told')
    const told = button?.told
    if (!told) {
      note.replaceChildren(element('p.point', {}, say('sip.point')))
      return
    }
    button.parentElement.classList.add('told')
    note.replaceChildren(
      element('p.what', {}, told.title),
      element('p.way', { dir: 'auto' }, told.way),
      element('p', {}, told.says),
      element('p.rfc', {}, say('sip.defined', { rfc: told.rfc })),
    )
  }

  function draw() {
    write(trunk, checked ? say('trunk', { time: timeOf(checked, true) }) : '')
    note.hidden = blocks.length === 0
    tell()
    if (blocks.length === 0) {
      holder.tabIndex = 0
      holder.replaceChildren(element('p.empty', {}, say('ladderEmpty')))
      return
    }
    holder.removeAttribute('tabindex')
    // What the keyboard is on is found again in what is drawn anew.
    const held = [...holder.querySelectorAll('.row > button')].indexOf(document.activeElement)
    holder.replaceChildren(...blocks.map((block) => block.drawn ?? drawBlock(block)))
    roving.refresh()
    if (held >= 0) holder.querySelectorAll('.row > button')[held]?.focus({ preventScroll: true })
    holder.scrollTop = holder.scrollHeight
  }

  return {
    snapshot({ ladder }) {
      blocks = []
      checked = undefined
      for (const seen of ladder) add(seen)
      draw()
    },
    sip(seen) {
      const low = holder.scrollHeight - holder.scrollTop - holder.clientHeight < 80
      const block = add(seen)
      if (!block || !block.drawn || !block.drawn.isConnected) return draw()
      block.list.append(row(seen, block, order(block)))
      roving.refresh()
      if (low) holder.scrollTop = holder.scrollHeight
    },
    reword() {
      for (const block of blocks) block.drawn = undefined
      draw()
    },
    /** To the first arrow of the newest call. */
    focus() {
      const first = holder.querySelector('.block:last-child .row > button')
      ;(first ?? holder).focus()
    },
  }
}

function centre(index, count) {
  return ((index + 0.5) / count) * 100
}

function since(ms) {
  return `+${(ms / 1000).toFixed(2)}`
}
