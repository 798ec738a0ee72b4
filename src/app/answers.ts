import type { Answer } from '../core/command/answer.ts'
import type { Screen } from '../core/screen.ts'
import type { Sentence } from '../core/sentence.ts'
import { commandMeant } from './obey.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

/** What was typed in answer to a question: it does what the question's buttons do. */
export async function answer(
  switchboard: Switchboard,
  visit: Visit,
  given: Answer,
): Promise<Screen | undefined> {
  const asked = await switchboard.lastQuestion(visit)
  if (!asked) return say({ code: 'nothingAsked' })
  const { id, ask } = asked
  if (given.kind === 'no') return switchboard.leave(visit, id)
  switch (ask.kind) {
    case 'whom': {
      const count = ask.people.length
      // "Yes" says which one only where there is one.
      const yes = count === 1 ? 1 : 0
      const pick = given.kind === 'yes' ? yes : given.pick === 'last' ? count : given.pick
      return pick < 1 || pick > count
        ? say({ code: 'pickOne', count })
        : switchboard.choose(visit, id, pick - 1)
    }
    case 'which': {
      const count = ask.meetings.length
      const pick = given.kind === 'yes' ? 0 : given.pick === 'last' ? count : given.pick
      const meeting = ask.meetings[pick - 1]
      return meeting === undefined
        ? say({ code: 'pickOne', count })
        : switchboard.meetings.joinKnown(visit, meeting, ask.from)
    }
    case 'busy':
    case 'meant': {
      // Both have two buttons; the first one is yes.
      const pick = given.kind === 'yes' ? 1 : given.pick === 'last' ? 2 : given.pick
      if (pick > 2) return say({ code: 'pickOne', count: 2 })
      if (pick === 2) return switchboard.leave(visit, id)
      return ask.kind === 'busy' ? switchboard.hangUpAndCall(visit, id) : agree(switchboard, visit, id)
    }
  }
}

/** "Yes, that is what I meant": the offered command is obeyed, once. */
export async function agree(switchboard: Switchboard, visit: Visit, id: string): Promise<Screen | undefined> {
  const meant = await switchboard.takeMeant(visit, id)
  return typeof meant === 'string' ? commandMeant(switchboard, visit, meant) : meant
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })
