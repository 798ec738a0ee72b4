import type { Clock } from '../../app/ports.ts'
import type { Lane } from './lane.ts'
import type { PostVerdict } from './verdict.ts'

/** How long things take and how long they are tried; milliseconds. */
export type Patience = {
  /** States of a card that follow each other within this time become one update. */
  readonly merge: number
  /** First and longest wait before a request is repeated. */
  readonly backoff: readonly [first: number, longest: number]
  /** How long a message or a passing state is tried, and how long the final state of a card. */
  readonly passing: number
  readonly final: number
  /** How long one request may take. */
  readonly request: number
}

export const PATIENCE: Patience = {
  merge: 400,
  backoff: [500, 15_000],
  passing: 120_000,
  final: 900_000,
  request: 15_000,
}

export type Pace = {
  readonly clock: Clock
  readonly patience: Patience
  /** 0 to 1. */
  readonly random: () => number
}

/** Milliseconds before the repetition after `attempt` failures, spread so that bots and cards do not come together. */
export function backoff({ patience, random }: Pace, attempt: number): number {
  const [first, longest] = patience.backoff
  return Math.min(longest, first * 2 ** attempt) * (0.5 + random() / 2)
}

/**
 * Posts one message when its turn in the conversation has come, and repeats it only where it cannot have been
 * taken. Later messages of the conversation wait, so that their order holds.
 * @returns undefined where its fate is unknown, or the channel did not take it in time
 */
export function postInOrder(
  lane: Lane,
  pace: Pace,
  within: () => number,
  send: () => Promise<PostVerdict>,
): Promise<Extract<PostVerdict, { kind: 'posted' }> | undefined> {
  return lane.inOrder(async () => {
    const since = pace.clock.now()
    for (let attempt = 0; ; attempt += 1) {
      await lane.gate(true).passed
      const verdict = await send()
      if (verdict.kind === 'posted') return verdict
      const left = within() - (pace.clock.now() - since)
      if (verdict.kind === 'lost' || left <= 0) return undefined
      lane.pause(Math.min(verdict.after ?? backoff(pace, attempt), left))
    }
  })
}
