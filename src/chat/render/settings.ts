import type { Screen, SettingsShown } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { formatted } from './numbers.ts'
import { capitalised, inert } from './text.ts'

const CHOICES = ['en', 'es', 'channel'] as const

/** What somebody has set for themselves, and a button for each thing that could be otherwise. */
export function settingsFace(
  { settings }: Extract<Screen, { readonly kind: 'settings' }>,
  { words, press }: Drawing,
): Face {
  const { phones, language, pressOne, reminders, ask, changed } = settings
  const title = words.titles.settings
  const note = changed === undefined ? '' : words.settings.changed
  const rows = [
    ...phones.map(({ kind, number, first }) => ({
      label: words.labels[kind],
      value: [formatted(number), ...(first ? [words.settings.ringsFirst] : [])].join(' · '),
    })),
    ...(phones.length === 0 ? [{ label: words.labels.desk, value: words.settings.noPhone }] : []),
    { label: words.settings.language, value: capitalised(words.settings.languages[language]) },
    {
      label: words.settings.pressOne,
      value: capitalised(words.settings.pressOneIs(pressOne.on, pressOne.forced)),
    },
    ...(reminders === undefined
      ? []
      : [{ label: words.settings.reminders, value: capitalised(words.settings.remindersAre(reminders)) }]),
  ]
  const hint = words.settings.wrong(ask.map(inert))
  return {
    template: 'settings',
    data: { title, note, rows, hint, actions: actionsOf(buttonsOf(settings, words), press) },
    summary: title,
    plain: [title, ...(note ? [note] : []), ...rows.map(({ label, value }) => `• ${label}: ${value}`), hint],
  }
}

/** At most four: the phone that does not ring first, the languages that are not spoken, and press 1. */
function buttonsOf(
  { owner, phones, language, pressOne }: SettingsShown,
  { buttons }: Pick<Words, 'buttons'>,
): readonly Button[] {
  const another = phones.length > 1 ? phones.find(({ first }) => !first) : undefined
  return [
    ...(another
      ? [
          {
            verb: 'setRings',
            title: buttons.ringFirst(another.kind),
            data: { owner, to: another.kind },
          } as const,
        ]
      : []),
    ...CHOICES.filter((choice) => choice !== language).map((to): Button => ({
      verb: 'setLanguage',
      title: buttons.speak[to],
      data: { owner, to },
    })),
    ...(pressOne.forced
      ? []
      : [
          {
            verb: 'setPressOne',
            title: buttons.pressOne(!pressOne.on),
            data: { owner, to: pressOne.on ? 'off' : 'on' },
          } as const,
        ]),
  ]
}
