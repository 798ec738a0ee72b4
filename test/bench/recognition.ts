/** What it costs to look for a meeting in a message: every message is looked at. */
import { recogniseMeetings } from '../../src/core/meeting/recognise.ts'
import { spread } from './figures.ts'

/** Talk of so many characters with an invitation of these in it, or none. */
const KINDS = {
  talk: '',
  'a link': 'https://us02web.zoom.us/j/89012345678?pwd=x',
  'an invitation': `Microsoft Teams meeting
https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjVhZDk1ZjYtMWYx%40thread.v2/0?context=%7b%22Tid%22%3a%229f3a%22%7d
Dial in by phone
+34 910 48 00 01,,123456789# Spain, Madrid
Phone conference ID: 123 456 789#`,
} as const
const TALK =
  'We have moved 1,250 boxes to +34 in room 12-3 on 24/11; call me at 9:30, the id is on the list. '

/** Milliseconds for each kind and size, over so many messages. */
export function recognition(messages: number) {
  const sizes = { '1 KB': 1000, '10 KB': 10_000 } as const
  const figures = Object.entries(sizes).flatMap(([size, length]) =>
    Object.entries(KINDS).flatMap(([kind, invitation]) =>
      (['text', 'HTML'] as const).map((form) => {
        const text = form === 'text' ? filled(invitation, length) : asHtml(filled(invitation, length))
        if (recogniseMeetings(text).length > 0 !== (kind !== 'talk')) throw new Error(`${kind} was misread`)
        for (let i = 0; i < 300; i += 1) recogniseMeetings(text)
        const times = Array.from({ length: messages }, (_, n) => best(`${n} ${text}`))
        return { size, kind, form, ms: spread(times) }
      }),
    ),
  )
  const slowest = Math.max(...figures.map(({ ms }) => ms.p99))
  return { messages, recognition: figures, slowestP99Ms: slowest, failed: slowest > LIMIT_MS ? 1 : 0 }
}

/** p99 of a message of 10 KB. */
const LIMIT_MS = 1
const TRIES = 7

/** Of several tries, since what else the machine does is not what is measured. */
function best(text: string): number {
  return Math.min(...Array.from({ length: TRIES }, () => once(text)))
}

function once(text: string): number {
  const began = performance.now()
  recogniseMeetings(text)
  return performance.now() - began
}

function filled(invitation: string, length: number): string {
  const half = TALK.repeat(Math.ceil(length / TALK.length)).slice(
    0,
    Math.floor((length - invitation.length) / 2),
  )
  return `${half}\n${invitation}\n${half}`
}

const asHtml = (text: string): string =>
  `<div>${text
    .split('\n')
    .map((line) => `<p style="mso-margin-top-alt:auto"><span lang="EN-GB">${line}</span></p>`)
    .join('')}</div>`
