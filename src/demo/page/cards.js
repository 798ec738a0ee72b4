import { element } from './element.js'
import { markdownToHtml } from './markdown.js'

/** Colours come from the style sheet, so that a card follows light and dark by itself. */
const tone = (name) => ({ default: `var(--${name})`, subtle: `var(--${name === 'ink' ? 'muted' : name})` })
const INK = {
  default: tone('ink'),
  dark: tone('ink'),
  light: tone('muted'),
  accent: tone('accent-ink'),
  good: tone('good'),
  warning: tone('warn'),
  attention: tone('bad'),
}
const container = (background) => ({ backgroundColor: `var(--${background})`, foregroundColors: INK })

const HOST = {
  supportsInteractivity: true,
  fontFamily: 'inherit',
  fontTypes: { default: { fontFamily: 'inherit' }, monospace: { fontFamily: 'var(--mono)' } },
  fontSizes: { small: 12, default: 14, medium: 15, large: 18, extraLarge: 23 },
  fontWeights: { lighter: 400, default: 400, bolder: 650 },
  lineHeights: { small: 17, default: 20, medium: 21, large: 24, extraLarge: 29 },
  spacing: { small: 4, default: 8, medium: 12, large: 18, extraLarge: 24, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  imageSizes: { small: 36, medium: 56, large: 112 },
  containerStyles: {
    default: container('card'),
    emphasis: container('sunken'),
    accent: container('accent-soft'),
    good: container('good-soft'),
    warning: container('warn-soft'),
    attention: container('bad-soft'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    showCard: { actionMode: 'inline', inlineTopMargin: 10 },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
  adaptiveCard: { allowCustomStyle: true },
  textBlock: { headingLevel: 3 },
  factSet: {
    title: {
      weight: 'default',
      color: 'default',
      isSubtle: true,
      size: 'default',
      wrap: true,
      maxWidth: 160,
    },
    value: { weight: 'default', color: 'default', isSubtle: false, size: 'default', wrap: true },
    spacing: 14,
  },
}

/** Sizes like those of Teams, for the gallery. */
export const TEAMS = {
  ...HOST,
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
}

/**
 * Draws an Adaptive Card.
 * @param {unknown} content the card's JSON, as the bot sent it
 * @param {(pressed: { kind: 'execute' | 'submit', id?: string, verb?: string, data: unknown }) => void} onPress
 * @param {string} broken what to say where it cannot be drawn
 * @param {object} host sizes and colours: the page's own where none are given
 */
export function drawCard(content, onPress, broken, host = HOST) {
  const { AdaptiveCard, HostConfig, ExecuteAction, SubmitAction, OpenUrlAction } = globalThis.AdaptiveCards
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownToHtml(text)
    result.didProcess = true
  }
  // So that it keeps the properties that it does not know itself, as `roundedCorners`.
  globalThis.AdaptiveCards.GlobalSettings.enableFullJsonRoundTrip = true
  const card = new AdaptiveCard()
  card.hostConfig = new HostConfig(host)
  card.onExecuteAction = (action) => {
    if (action instanceof OpenUrlAction) return openUrl(action.url)
    if (!(action instanceof ExecuteAction || action instanceof SubmitAction)) return
    const kind = action instanceof ExecuteAction ? 'execute' : 'submit'
    onPress({ kind, id: action.id, verb: action.verb, data: action.data ?? {} })
  }
  const holder = element('div.card', { 'data-testid': 'card' })
  try {
    card.parse(content)
    holder.append(card.render() ?? element('p', {}, broken))
    round(card)
    // All that stands in a row is its name, not the title of its action alone.
    for (const row of holder.querySelectorAll('.ac-selectable')) row.removeAttribute('aria-label')
  } catch {
    holder.append(element('p', {}, broken))
  }
  return holder
}

/** Teams rounds the corners of what asks for it (`roundedCorners`); the renderer leaves that to its host. */
function round(item) {
  if (item.getCustomProperty?.('roundedCorners') === true) item.renderedElement?.classList.add('rounded')
  for (let i = 0; i < (item.getItemCount?.() ?? 0); i += 1) round(item.getItemAt(i))
}

function openUrl(url) {
  if (/^https?:/i.test(url ?? '')) window.open(url, '_blank', 'noopener,noreferrer')
}
