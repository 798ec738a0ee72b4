import { element, write } from './element.js'
import { BEGINNING, onward, STEPS, stepOf } from './tour-course.js'
import { say } from './words.js'

const STORED = 'dialback.tour'

/**
 * The guided tour: a strip above the page that follows a first call. It covers nothing and blocks nothing; whoever
 * skips it finds it again in the header, at the step where things stand.
 * @param {{
 *   announce(text: string): void,
 *   write(text: string): void,
 *   focusOn(what: 'card' | 'ladder'): void,
 * }} actions
 */
export function createTour(actions) {
  const at = (id) => document.getElementById(id)
  const [strip, opener] = ['tour', 'tour-open'].map(at)
  const steps = element('ol.steps')
  const now = element('p.now')
  const go = element('button.primary', { type: 'button', 'data-testid': 'tour-go', onclick: help })
  const leave = element('button', { type: 'button', 'data-testid': 'tour-skip', onclick: close })
  const title = element('h2.unseen', { id: 'tour-title', tabIndex: -1 })
  strip.append(title, steps, element('div.what-now', {}, now, element('div.tools', {}, go, leave)))

  let world
  let phones = new Map()
  /** The bot's last message here has a choice in it that nobody has made. */
  let asked = false
  let stage = BEGINNING

  opener.addEventListener('click', open)
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || strip.hidden) return
    close()
  })

  function open() {
    keep(undefined)
    // What was missed in an earlier call is not told again.
    stage = onward(BEGINNING, facts())
    show()
    title.focus()
  }

  function close() {
    keep(stage.at === 'record' ? 'done' : 'skipped')
    const within = strip.contains(document.activeElement)
    show()
    if (within) opener.focus()
  }

  function show() {
    strip.hidden = kept() !== undefined || !world?.phones
    opener.hidden = !world?.phones || !strip.hidden
    document.body.classList.toggle('touring', !strip.hidden)
    draw()
  }

  function facts() {
    const views = [...phones.values()]
    const me = world?.people.find((person) => person.id === world.me)?.name
    const busy = (view) => view.state !== 'onHook'
    return {
      mine: views.find((view) => view.name === me && busy(view))?.state,
      far: farPhone()?.state,
      asked,
    }
  }

  /** The phone of the other side: it shows the name of who sits here. A voicemail machine is nobody who picks up. */
  function farPhone() {
    const me = world?.people.find((person) => person.id === world.me)?.name
    return [...phones.values()].find(
      (view) =>
        view.kind !== 'voicemail' && view.name !== me && view.state !== 'onHook' && view.caller?.name === me,
    )
  }

  function follow() {
    const next = onward(stage, facts())
    if (next === stage) return
    stage = next
    draw()
    if (!strip.hidden) actions.announce(spoken())
  }

  function filled() {
    const others = world?.people.filter((person) => person.id !== world.me) ?? []
    const callee = farPhone()?.name ?? others[0]?.name ?? ''
    const first = others[0]?.name.split(' ')[0] ?? ''
    return { name: callee.split(' ')[0], command: say('commands')[0].replace('{name}', first) }
  }

  function told() {
    return say(`tour.now.${stage.missed ? 'missed' : stage.at}`, filled())
  }

  function spoken() {
    const step = stepOf(stage)
    const label = say(`tour.steps.${step}`, filled())
    return say('tour.step', { step: Object.keys(STEPS).indexOf(step) + 1, label, now: told() })
  }

  function draw() {
    for (const marked of document.querySelectorAll('[data-tour]')) delete marked.dataset.tour
    if (strip.hidden) return
    const here = Object.keys(STEPS).indexOf(stepOf(stage))
    write(title, say('tour.title'))
    steps.replaceChildren(
      ...Object.keys(STEPS).map((step, index) => {
        const done = index < here || (stage.at === 'record' && index === here)
        return element(
          `li${done ? '.done' : ''}`,
          index === here ? { 'aria-current': 'step' } : {},
          element('span.number', { 'aria-hidden': 'true' }, done ? '✓' : String(index + 1)),
          element('span.what', { dir: 'auto' }, say(`tour.steps.${step}`, filled())),
          done && element('span.unseen', {}, ` (${say('tour.done')})`),
        )
      }),
    )
    write(now, told())
    const words = say(`tour.go.${stage.at}`)
    go.hidden = words === undefined
    write(go, words ?? '')
    write(leave, say(stage.at === 'record' ? 'tour.finish' : 'tour.skip'))
    const target = targetOf()
    if (target) target.dataset.tour = stage.at
  }

  /** What one would use now. */
  function targetOf() {
    if (stage.at === 'type') return at('form')
    if (stage.at === 'record') return at('ladder-panel')
    const phone = stage.at === 'far' ? farPhone() : mine()
    return phone && document.querySelector(`[data-testid="phone-${CSS.escape(phone.id)}"]`)
  }

  function mine() {
    const me = world?.people.find((person) => person.id === world.me)?.name
    return [...phones.values()].find((view) => view.name === me && view.state !== 'onHook')
  }

  /** Leads there, and does nothing in one's place. */
  function help() {
    if (stage.at === 'type') return actions.write(filled().command)
    if (stage.at === 'choose') return actions.focusOn('card')
    if (stage.at === 'record') return actions.focusOn('ladder')
    const target = targetOf()
    const acts = ['pick-up', 'put-down'].map((act) => target?.querySelector(`[data-testid=${act}]`))
    const button = acts.find((one) => one?.checkVisibility())
    target?.scrollIntoView({ block: 'center' })
    button?.focus({ preventScroll: true })
  }

  return {
    snapshot(told) {
      world = told
      phones = new Map((told.phones ?? []).map((view) => [view.id, view]))
      asked = asksBack(told.messages.at(-1))
      stage = onward(stage, facts())
      show()
    },
    phone(view) {
      phones.set(view.id, view)
      follow()
    },
    message(message) {
      asked = asksBack(message)
      follow()
    },
    reword() {
      write(opener, say('tour.open'))
      draw()
    },
  }
}

/** Whether a message offers a choice (the verb of the bot's own buttons, the same in every language). */
function asksBack(message) {
  return message?.author.kind === 'bot' && JSON.stringify(message.cards).includes('"verb":"choose"')
}

function kept() {
  try {
    return localStorage.getItem(STORED) ?? undefined
  } catch {
    return undefined
  }
}

function keep(how) {
  try {
    if (how === undefined) localStorage.removeItem(STORED)
    else localStorage.setItem(STORED, how)
  } catch {
    // A browser that keeps nothing shows the tour again next time.
  }
}
