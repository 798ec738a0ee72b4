import { drawCard, TEAMS } from './cards.js'
import { element } from './element.js'

const WORDS = {
  en: {
    title: 'Cards',
    about:
      'Every card of the bot in every state, as the bot draws it, in colours and sizes like those of Teams.',
    theme: 'Theme',
    width: 'Width',
    language: 'Language',
    all: 'All',
    light: 'Light',
    dark: 'Dark',
    contrast: 'High contrast',
    wide: 'Wide',
    narrow: 'Narrow',
    json: 'The card’s JSON',
    failed: 'The cards could not be fetched. Load the page again.',
    broken: 'This card cannot be drawn.',
  },
  es: {
    title: 'Tarjetas',
    about:
      'Cada tarjeta del bot en cada estado, como la dibuja el bot, con colores y tamaños como los de Teams.',
    theme: 'Tema',
    width: 'Ancho',
    language: 'Idioma',
    all: 'Todos',
    light: 'Claro',
    dark: 'Oscuro',
    contrast: 'Contraste alto',
    wide: 'Ancha',
    narrow: 'Estrecha',
    json: 'El JSON de la tarjeta',
    failed: 'No se han podido obtener las tarjetas. Carga la página otra vez.',
    broken: 'Esta tarjeta no se puede dibujar.',
  },
}
const THEMES = ['light', 'dark', 'contrast']
const WIDTHS = ['wide', 'narrow']

const form = document.getElementById('choice')
const cards = document.getElementById('cards')

/** What is to be seen stands in the address, so that it can be passed on. */
function chosen() {
  const asked = new URLSearchParams(location.search)
  const own = navigator.language.startsWith('es') ? 'es' : 'en'
  const take = (name, known, otherwise) => (known.includes(asked.get(name)) ? asked.get(name) : otherwise)
  return {
    theme: take('theme', THEMES, 'all'),
    width: take('width', WIDTHS, 'all'),
    language: take('language', ['en', 'es'], own),
  }
}

async function draw() {
  const { theme, width, language } = chosen()
  const words = WORDS[language]
  document.documentElement.lang = language
  document.title = `Dialback: ${words.title}`
  for (const target of document.querySelectorAll('[data-word]'))
    target.textContent = words[target.dataset.word]
  for (const [name, value] of Object.entries({ theme, width, language })) form.elements[name].value = value
  cards.ariaBusy = 'true'
  const samples = await fetch(`/demo/cards.json?language=${language}`).then(
    (response) => (response.ok ? response.json() : undefined),
    () => undefined,
  )
  if (!samples) return cards.replaceChildren(element('p', { role: 'alert' }, words.failed))
  const themes = theme === 'all' ? THEMES : [theme]
  const widths = width === 'all' ? WIDTHS : [width]
  const templates = [...new Set(samples.map(({ template }) => template))]
  cards.replaceChildren(
    ...templates.map((template) =>
      element(
        'section',
        { 'data-testid': template },
        element('h2', {}, template),
        ...samples
          .filter((sample) => sample.template === template)
          .map((sample) => stateOf(sample, themes, widths, words)),
      ),
    ),
  )
  cards.ariaBusy = 'false'
}

function stateOf({ state, card }, themes, widths, words) {
  const json = element('details', {}, element('summary', {}, words.json))
  json.addEventListener('toggle', () => {
    if (json.children.length === 1)
      json.append(element('pre', { tabIndex: 0 }, JSON.stringify(card, null, 2)))
  })
  return element(
    'article',
    { 'data-testid': 'state' },
    element('h3', {}, state),
    element(
      'div.themes',
      {},
      ...themes.map((theme) =>
        element(
          `div.theme.${theme}`,
          { role: 'group', 'aria-label': words[theme] },
          ...widths.map((width) =>
            element(
              `div.${width}`,
              {},
              drawCard(card, () => {}, words.broken, TEAMS),
            ),
          ),
        ),
      ),
    ),
    json,
  )
}

form.addEventListener('change', () => {
  history.replaceState(null, '', `?${new URLSearchParams(new FormData(form))}`)
  void draw()
})
document.fonts.ready.then(draw)
