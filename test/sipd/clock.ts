import type { Clock } from '../../src/sipd/transaction/clock.ts'

/** A clock that stands still until it is told to go on. */
export class HandClock implements Clock {
  now = 0
  readonly #alarms = new Set<{ at: number; act: () => void }>()

  readonly after = (milliseconds: number, act: () => void): (() => void) => {
    const alarm = { at: this.now + milliseconds, act }
    this.#alarms.add(alarm)
    return () => this.#alarms.delete(alarm)
  }

  get alarms(): number {
    return this.#alarms.size
  }

  /** Goes on to that time, ringing each alarm at its own. */
  to(time: number): void {
    for (;;) {
      let next: { at: number; act: () => void } | undefined
      for (const alarm of this.#alarms) if (alarm.at <= time && (!next || alarm.at < next.at)) next = alarm
      if (!next) break
      this.#alarms.delete(next)
      this.now = next.at
      next.act()
    }
    this.now = time
  }
}
