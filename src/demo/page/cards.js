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

/**
 * Draws an Adaptive Card.
 * @param {unknown} content the card's JSON, as the bot sent it
 * @param {(pressed: { kind: 'execute' | 'submit', id?: string, verb?: string, data: unknown }) => void} onPress
 * @param {string} broken what to say where it cannot be drawn
 */
export function drawCard(content, onPress, broken) {
  const { AdaptiveCard, HostConfig, ExecuteAction, SubmitAction, OpenUrlAction } = globalThis.AdaptiveCards
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownToHtml(text)
    result.didProcess = true
  }
  const card = new AdaptiveCard()
  card.hostConfig = new HostConfig(HOST)
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
  } catch {
    holder.append(element('p', {}, broken))
  }
  return holder
}

function openUrl(url) {
  if (/^https?:/i.test(url ?? '')) window.open(url, '_blank', 'noopener,noreferrer')
}
