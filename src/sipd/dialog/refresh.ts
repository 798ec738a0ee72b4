import { Headers } from '../message/headers.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { EMPTY } from '../message/message.ts'
import { splitList } from '../message/uri.ts'
import type { AppRequest, Core } from './core.ts'
import type { Dialog } from './dialog.ts'
import type { SessionTerms } from './session.ts'
import { MIN_SE, Session, termsOf } from './session.ts'
import { acknowledge, sendBye, sendWithin } from './within.ts'

/** Keeps a session by what a 2xx to our INVITE says (RFC 4028 7.2). */
export function keepAsCaller(core: Core, dialog: Dialog, response: SipResponse): void {
  const terms = termsOf(response.headers)
  if (terms) keep(core, dialog, terms.seconds, terms.refresher !== 'uas')
}

/**
 * Decides about the session when a request of theirs gets its 2xx (RFC 4028 9).
 * @param given the application's own Session-Expires, if it has one
 * @returns fields to add to the response
 */
export function keepAsCallee(
  core: Core,
  dialog: Dialog,
  request: SipRequest,
  given: SessionTerms | undefined,
): readonly (readonly [name: string, value: string])[] {
  const asked = termsOf(request.headers)
  const terms = given ?? asked
  if (!terms) {
    dialog.session?.stop()
    return []
  }
  const seconds = Math.max(MIN_SE, terms.seconds)
  // RFC 4028 9: a caller that does not know of it (a proxy asked) cannot refresh, nor be required to know.
  const able = request.headers.all('supported').flatMap(splitList).includes('timer')
  const refresher = terms.refresher ?? (able ? 'uac' : 'uas')
  keep(core, dialog, seconds, refresher === 'uas')
  if (given) return []
  return [
    ['Session-Expires', `${seconds};refresher=${refresher}`],
    ...(able && refresher === 'uac' ? [['Require', 'timer'] as const] : []),
  ]
}

function keep(core: Core, dialog: Dialog, seconds: number, ours: boolean): void {
  dialog.session ??= new Session(core.clock, {
    refresh: () => refresh(core, dialog),
    expire: () => expire(core, dialog),
  })
  dialog.session.renew(seconds, ours)
}

function expire(core: Core, dialog: Dialog): void {
  if (dialog.state === 'confirmed')
    sendBye(core, dialog, 'SIP ;cause=200 ;text="Session timer expired"', true)
}

/** UPDATE without SDP where the other side takes it, else a re-INVITE with the SDP that stands (RFC 4028 7.4). */
function refresh(core: Core, dialog: Dialog): void {
  const { session } = dialog
  if (dialog.state !== 'confirmed' || !session) return
  if (dialog.inviting || dialog.acknowledging) {
    session.again(2_000)
    return
  }
  const { seconds } = session
  const byUpdate = dialog.allowsUpdate || !dialog.localSdp
  const headers = new Headers()
    .add('Session-Expires', `${seconds};refresher=uac`)
    .add('Min-SE', String(MIN_SE))
    .add('Supported', 'timer')
  const app: AppRequest = {
    method: byUpdate ? 'UPDATE' : 'INVITE',
    uri: 'sip:placeholder',
    headers,
    body: byUpdate ? EMPTY : Buffer.from(dialog.localSdp ?? '', 'latin1'),
  }
  sendWithin(core, dialog, app, {
    sent: () => undefined,
    unsent: () => expire(core, dialog),
    response: ({ status }) => {
      if (status < 200) return
      if (status < 300) {
        if (!byUpdate) acknowledge(core, dialog, { headers: new Headers(), body: EMPTY }, () => undefined)
        if (dialog.state === 'confirmed') session.renew(seconds, true)
      } else if (status === 408 || status === 481 || status === 503) expire(core, dialog)
      else if (status === 491) session.again(2_100 + Math.random() * 1_900)
      else session.renew(seconds, false) // one third of the time is left for a refresh of theirs
    },
  })
}
