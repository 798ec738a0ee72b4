import { randomInt } from 'node:crypto'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { cseqOf } from '../message/message.ts'
import { splitList } from '../message/uri.ts'
import type { Core } from './core.ts'
import type { Dialog } from './dialog.ts'
import type { Incoming } from './incoming.ts'
import { RequestFault } from './local.ts'

/** Whether an application asks for a provisional response to be acknowledged (RFC 3262 3). */
export function asksReliable(status: number, require: string | undefined): boolean {
  return (
    status > 100 &&
    status < 200 &&
    splitList(require ?? '').some((option) => option.toLowerCase() === '100rel')
  )
}

/**
 * The RSeq of the next reliable provisional response.
 * @throws RequestFault when the caller knows none, or the last one is not acknowledged yet
 */
export function nextRSeq(incoming: Incoming): number {
  const offered = ['supported', 'require'].flatMap((key) =>
    incoming.request.headers.all(key).flatMap(splitList),
  )
  if (!offered.some((option) => option.toLowerCase() === '100rel')) {
    throw new RequestFault('Remote endpoint does not support 100rel')
  }
  const last = incoming.dialog?.reliable
  if (last?.stop) throw new RequestFault('the last reliable response is not acknowledged yet')
  return last ? last.rseq + 1 : randomInt(1, 2 ** 30)
}

/** RFC 3262 3: sent again until its PRACK; the caller who never sends one loses the call. */
export function repeatUntilPrack(
  core: Core,
  incoming: Incoming,
  dialog: Dialog,
  rseq: number,
  again: () => void,
  giveUp: () => void,
): void {
  const { clock, timers } = core
  let stopRepeat: () => void = () => undefined
  const repeat = (interval: number): void => {
    stopRepeat = clock.after(interval, () => {
      if (incoming.open) again()
      repeat(interval * 2)
    })
  }
  repeat(timers.t1)
  const stopLife = clock.after(timers.life, () => {
    stop()
    if (incoming.open) giveUp()
  })
  function stop(): void {
    stopRepeat()
    stopLife()
    dialog.reliable = { rseq, cseq: cseqOf(incoming.request).number }
  }
  dialog.reliable = { rseq, cseq: cseqOf(incoming.request).number, stop }
}

/** Takes a PRACK. @returns false when it acknowledges nothing that waits */
export function takePrack(dialog: Dialog, prack: SipRequest): boolean {
  const [rseq, cseq, method] = (prack.headers.get('rack') ?? '').trim().split(/\s+/)
  const waiting = dialog.reliable
  if (!waiting?.stop || method !== 'INVITE') return false
  if (Number(rseq) !== waiting.rseq || Number(cseq) !== waiting.cseq) return false
  waiting.stop()
  return true
}

/**
 * Whether a provisional response of theirs is to be told: a reliable one only once, and in its order (RFC 3262 4). What
 * is missed is sent again, and so is what comes too early.
 */
export function isNext(fork: Dialog, response: SipResponse): boolean {
  const { headers } = response
  const rseq = Number(/^\d{1,10}$/.exec(headers.get('rseq') ?? '')?.[0] ?? NaN)
  if (Number.isNaN(rseq) || !asksReliable(response.status, headers.all('require').join(','))) return true
  if (fork.heardRSeq !== undefined && rseq !== fork.heardRSeq + 1) return false
  fork.heardRSeq = rseq
  return true
}
