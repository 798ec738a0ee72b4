import type { Choice, FoundPerson, Presence, Screen } from '../../core/screen.ts'
import { actionOf, actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import type { Words } from '../words/words.ts'
import { initialsShown } from './initials.ts'
import { formatted } from './numbers.ts'
import { inert } from './text.ts'

type Of<Kind extends Screen['kind']> = Extract<Screen, { readonly kind: Kind }>

/** Up to so many, each has a button of its own; beyond it each row can be pressed. */
const MOST_WITH_BUTTON = 4
/** Teams takes cards up to 28 KB. */
const MOST_ROWS = 10

/** "Which Bob?": one row and one button for each. */
export function askFace({ ask, who, choices, left }: Of<'ask'>, { words, press }: Drawing): Face {
  const shown = choices.slice(0, MOST_ROWS)
  const buttons = shown.map((choice): Button => ({
    verb: 'choose',
    title: inert(choice.name),
    data: { ask, pick: choice.pick },
  }))
  const title = askTitle(who, choices, words)
  const more = who === '' ? words.titles.leftHere : words.titles.left
  const hint = left > 0 ? `${more(left)} ${words.titles.askHint}` : words.titles.askHint
  const rows = shown.map((choice, i) => ({
    ...whoOf(choice.name),
    about: aboutChoice(choice),
    ...presenceOf(choice.presence === 'unknown' ? undefined : choice.presence, words),
    ...selectable(buttons, i, { words, press }),
  }))
  const actions = shown.length <= MOST_WITH_BUTTON ? actionsOf(distinct(buttons, rows), press) : []
  return {
    template: 'ask',
    data: { title, hint, rows, actions },
    summary: title,
    plain: [
      title,
      ...rows.map(({ name, about, presence }) => `• ${[name, about, presence].filter(Boolean).join(' · ')}`),
      hint,
    ],
  }
}

function askTitle(who: string, [one, ...others]: readonly Choice[], { titles }: Words): string {
  if (who === '') return titles.askWhom
  return one && others.length === 0 ? titles.askOne(inert(one.name)) : titles.ask(inert(who))
}

/** "You are talking to Bob": hang up and call Carol, or leave it. */
export function askBusyFace(screen: Of<'askBusy'>, { words, press }: Drawing): Face {
  const { ask, talkingTo, wanted, wants } = screen
  const title = words.titles.askBusy(inert(talkingTo))
  const hint = words.titles.askBusyHint(inert(wanted), wants)
  const buttons: readonly Button[] = [
    {
      verb: 'hangUpAndCall',
      title: wants === 'call' ? words.buttons.hangUpAndCall : words.buttons.hangUpAndJoin,
      data: { ask },
      style: 'destructive',
    },
    { verb: 'leave', title: words.buttons.leave, data: { ask } },
  ]
  return {
    template: 'question',
    data: { title, hint, actions: actionsOf(buttons, press) },
    summary: title,
    plain: [title, hint],
  }
}

/** "cal Bob": was this meant? */
export function askMeantFace({ ask, text, meant }: Of<'askMeant'>, { words, press }: Drawing): Face {
  const title = words.titles.askMeant(inert(meant))
  const hint = words.titles.askMeantHint(inert(text))
  const buttons: readonly Button[] = [
    { verb: 'agree', title: words.buttons.yes, data: { ask }, style: 'positive' },
    { verb: 'leave', title: words.buttons.no, data: { ask } },
  ]
  return {
    template: 'question',
    data: { title, hint, actions: actionsOf(buttons, press) },
    summary: title,
    plain: [title, hint],
  }
}

/** People who were found, each to be called. */
export function peopleFace({ who, people, left }: Of<'people'>, { words, press }: Drawing): Face {
  const shown = people.slice(0, MOST_ROWS)
  const buttons = shown.map((person): Button => ({
    verb: 'call',
    title: words.buttons.call(inert(person.name)),
    data: { who: (person.email ?? person.extension ?? person.name).slice(0, 200) },
  }))
  const title = words.titles.people(inert(who))
  const hint = left > 0 ? words.titles.left(left) : ''
  const rows = shown.map((person, i) => ({
    ...whoOf(person.name),
    about: aboutPerson(person, words.labels),
    ...presenceOf(person.presence, words),
    ...selectable(buttons, i, { words, press }),
  }))
  const actions = shown.length <= MOST_WITH_BUTTON ? actionsOf(distinct(buttons, rows), press) : []
  return {
    template: 'people',
    data: { title, rows, hint, actions },
    summary: title,
    plain: [
      title,
      ...rows.map(({ name, about, presence }) => `• ${[name, about, presence].filter(Boolean).join(' · ')}`),
      ...(hint ? [hint] : []),
    ],
  }
}

/** Where there are too many for buttons, the row itself is one. */
function selectable(buttons: readonly Button[], i: number, { press }: Drawing) {
  const button = buttons[i]
  const wanted = buttons.length > MOST_WITH_BUTTON && button !== undefined
  return wanted ? { selectable: true, select: actionOf(button, press) } : { selectable: false, select: null }
}

/** Two of the same name are told apart on their buttons by what else is known. */
function distinct(
  buttons: readonly Button[],
  rows: readonly { readonly about: string }[],
): readonly Button[] {
  const titles = buttons.map(({ title }) => title)
  return buttons.map((button, i) =>
    titles.filter((title) => title === button.title).length > 1
      ? { ...button, title: `${button.title} (${rows[i]?.about ?? ''})` }
      : button,
  )
}

const whoOf = (name: string) => ({ name: inert(name), initials: initialsShown(inert(name)) })

/** Of those to choose from nothing is said where nothing is known; of a person looked up, that it is not. */
function presenceOf(presence: Presence | undefined, { labels: { presences } }: Drawing['words']) {
  return presence === undefined
    ? { presence: '', presenceColor: 'Default' }
    : { presence: presences[presence], presenceColor: presence === 'inCall' ? 'Warning' : 'Default' }
}

const aboutChoice = ({ department, number }: Choice) =>
  [department === undefined ? '' : inert(department), formatted(number)].filter(Boolean).join(' · ')

function aboutPerson(
  { department, email, extension, desk, mobile }: FoundPerson,
  labels: Drawing['words']['labels'],
): string {
  const parts = [
    department,
    extension === undefined ? undefined : `${labels.extension} ${extension}`,
    desk === undefined || desk === extension ? undefined : `${labels.desk} ${formatted(desk)}`,
    mobile === undefined ? undefined : `${labels.mobile} ${formatted(mobile)}`,
    email,
  ]
  return parts
    .filter((part): part is string => part !== undefined)
    .map(inert)
    .join(' · ')
}
