import { createAnnouncer } from './announce.js'
import { createChat } from './chat.js'
import { element } from './element.js'
import { createLadder } from './ladder.js'
import { openLink } from './link.js'
import { createOwnPbx } from './own-pbx.js'
import { createPhones } from './phones.js'
import { createScenes } from './scenes.js'
import { createTour } from './tour.js'
import { chooseLanguage, currentLanguage, locale, say } from './words.js'

const at = (id) => document.getElementById(id)
const PERSON = 'dialback.person'
let person = sessionStorage.getItem(PERSON) ?? ''
/** Which start of the server this page has seen last. */
let run
const announce = createAnnouncer(at('announce'))

const link = openLink({
  onOpen: be,
  onTold: (told) => hear[told.type]?.(told),
  onClosed: () => {
    at('offline').hidden = false
    document.body.classList.add('away')
  },
})

const chat = createChat({
  say: (conversation, text) => link.ask({ type: 'say', conversation, text }),
  press: (conversation, message, action) => link.ask({ type: 'press', conversation, message, action }),
  announce,
})
const phones = createPhones({
  phone: (phone, act, digits) => link.ask({ type: 'phone', phone, act, digits }),
})
const scenes = createScenes({ choose: (scene) => link.ask({ type: 'scene', scene }) })
const ownPbx = createOwnPbx()
const ladder = createLadder((id) => phones.nameOf(id))
const tour = createTour({
  announce,
  write: chat.write,
  focusOn: (what) => (what === 'ladder' ? ladder.focus() : chat.focusOnCard()),
})

const hear = {
  snapshot(told) {
    at('offline').hidden = true
    document.body.classList.remove('away')
    person = told.me
    const options = told.people.map(({ id, name }) =>
      element('option', { value: id, selected: id === told.me, dir: 'auto' }, name),
    )
    at('person').replaceChildren(...options)
    const simulated = told.phones !== undefined
    at('phones-panel').hidden = at('ladder-panel').hidden = !simulated
    document.body.classList.toggle('no-phones', !simulated)
    chat.snapshot(told)
    phones.snapshot(told)
    scenes.snapshot(told)
    ladder.snapshot(told)
    ownPbx.snapshot(told)
    tour.snapshot(told)
    if (run !== undefined && run !== told.run) chat.restarted()
    run = told.run
    document.body.classList.add('ready')
  },
  message: ({ message }) => {
    chat.message(message)
    tour.message(message)
  },
  removed: ({ message }) => chat.removed(message),
  typing: ({ conversation }) => chat.typing(conversation),
  notice: (told) => chat.notice(told),
  scene: ({ scene }) => scenes.scene(scene),
  phone: ({ phone }) => {
    phones.phone(phone)
    tour.phone(phone)
  },
  sip: ({ seen }) => ladder.sip(seen),
}

/** Says who sits here; the answer is all that there is to see. */
function be() {
  link.ask({ type: 'be', person, locale: locale() })
}

function reword() {
  document.documentElement.lang = currentLanguage()
  at('language').value = currentLanguage()
  for (const target of document.querySelectorAll('[data-word]')) target.textContent = say(target.dataset.word)
  for (const target of document.querySelectorAll('[data-label]'))
    target.setAttribute('aria-label', say(target.dataset.label))
  tour.reword()
}

at('person').addEventListener('change', (event) => {
  person = event.target.value
  sessionStorage.setItem(PERSON, person)
  be()
})
at('language').addEventListener('change', (event) => {
  chooseLanguage(event.target.value)
  reword()
  chat.reword()
  phones.reword()
  scenes.reword()
  ladder.reword()
  ownPbx.reword()
  be()
})
reword()
