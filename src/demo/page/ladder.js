import { element, write } from './element.js'
import { say, timeOf } from './words.js'

/** Calls that stay on the ladder. */
const KEPT = 6

/**
 * The SIP ladder: one block a call, Dialback in the middle, a line for each phone, an arrow for each message.
 * @param {(id: string) => string | undefined} nameOf a phone's name
 */
export function createLadder(nameOf) {
  const holder = document.getElementById('ladder')
  const trunk = document.getElementById('trunk')
  let blocks = []
  let checked

  function add(seen) {
    if (seen.method === 'OPTIONS' || seen.method === 'REGISTER') {
      if (/^2/.test(seen.title)) checked = seen.at
      return undefined
    }
    let block = blocks.at(-1)
    if (!block || (isNewCall(seen, block) && block.open.size === 0)) {
      block = { at: seen.at, seen: [], open: new Set(), calls: new Set(), columns: [], drawn: undefined }
      blocks = [...blocks.slice(1 - KEPT), block]
    }
    block.seen.push(seen)
    if (isNewCall(seen, block)) block.open.add(seen.callId)
    block.calls.add(seen.callId)
    if (isOver(seen)) block.open.delete(seen.callId)
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

  function drawBlock(block) {
    const columns = order(block)
    const heads = columns.map((column) => {
      const name =
        column === 'dialback' ? 'Dialback' : column === 'pbx' ? say('pbx') : (nameOf(column) ?? column)
      return element(`span.head${column === 'dialback' ? '.self' : ''}`, {}, name)
    })
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
    const re = seen.title === 'INVITE' && /^To:.*;tag=/im.test(seen.text)
    const label = `${re ? 're-INVITE' : seen.title}${seen.sdp ? ' · SDP' : ''}`
    const arrow = element(`span.arrow.${from < to ? 'right' : 'left'}`, { 'aria-hidden': 'true' })
    arrow.style.setProperty('--from', centre(Math.min(from, to), columns.length))
    arrow.style.setProperty('--span', (Math.abs(to - from) / columns.length) * 100)
    const ways = [columns[from], columns[to]].map((c) => (c === 'dialback' ? 'Dialback' : (nameOf(c) ?? c)))
    const more = element(
      'div.more',
      { hidden: true },
      element('p', {}, explain(seen, re)),
      element('pre', {}, seen.text),
    )
    const button = element(
      'button',
      {
        type: 'button',
        'aria-expanded': 'false',
        title: explain(seen, re),
        onclick: () => {
          more.hidden = !more.hidden
          button.setAttribute('aria-expanded', String(!more.hidden))
          if (!more.hidden) more.scrollIntoView({ block: 'nearest' })
        },
      },
      element('time', {}, since(seen.at - block.at)),
      element('span.unseen', {}, `${ways[0]} → ${ways[1]}: `),
      element(
        'span.track',
        {},
        arrow,
        element('span.label', {}, label, seen.again && element('i', {}, ` ${say('again')}`)),
      ),
    )
    button
      .querySelector('.label')
      .style.setProperty('--middle', (centre(from, columns.length) + centre(to, columns.length)) / 2)
    return element(`li.row.${classOf(seen)}${seen.again ? '.again' : ''}`, {}, button, more)
  }

  function draw() {
    write(trunk, checked ? say('trunk', { time: timeOf(checked, true) }) : '')
    if (blocks.length === 0) return holder.replaceChildren(element('p.empty', {}, say('ladderEmpty')))
    holder.replaceChildren(...blocks.map((block) => block.drawn ?? drawBlock(block)))
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
      if (low) holder.scrollTop = holder.scrollHeight
    },
    reword() {
      for (const block of blocks) block.drawn = undefined
      draw()
    },
  }
}

function centre(index, count) {
  return ((index + 0.5) / count) * 100
}

/** The call of this Call-ID has ended, or never came about. */
function isOver({ title, method }) {
  return title === 'BYE' || (method === 'INVITE' && /^[3-6]/.test(title))
}

function classOf({ title }) {
  const status = Number(title.slice(0, 3))
  if (!status) return 'request'
  return status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure'
}

function explain({ title }, re) {
  const key = re ? 'reINVITE' : title.split(' ')[0]
  return say(`sip.${key}`) ?? say('sip.other')
}

function since(ms) {
  return `+${(ms / 1000).toFixed(2)}`
}
