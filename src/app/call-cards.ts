import type { Call } from '../core/call/call.ts'
import { isMeeting } from '../core/ids.ts'
import type { MeetingId } from '../core/ids.ts'
import type { CallService } from './call-service.ts'
import { Lanes } from './lanes.ts'
import type { OwnSettings } from './own-settings.ts'
import type { Address, Chat } from './ports.ts'
import type { Switchboard } from './switchboard.ts'

/** Keeps the card of each call true, and tells the call, or the meeting, what became of its card. */
export function keepCards(
  calls: CallService,
  chat: Chat,
  { screens, meetings, rooms }: Switchboard,
  settings: OwnSettings,
): void {
  const lanes = new Lanes()
  calls.onChange((call, inherited) => {
    // Who is invited is on the card of the room, which the inviter sees.
    if (call.request.room?.invited) return calls.shown(call.id, call.revision)
    const view = screens.view(call)
    if (!inherited) return chat.showCall(call.request.origin, view, call.card)
    // Nobody has just asked for anything: after a restart it is the bot that writes first.
    void lanes.run(call.id, async () => chat.showCall(await inLanguageOf(call, settings), view, call.card))
  })
  chat.onPosted((shown, activity) => {
    if (isMeeting(shown)) void postedOf(shown, activity)
    else calls.tell(shown, { type: 'card.posted', activity })
  })
  async function postedOf(id: MeetingId, activity: string): Promise<void> {
    if (!(await rooms.posted(id, activity))) await meetings.posted(id, activity)
  }
  chat.onShown((call, revision) => calls.shown(call, revision))
}

async function inLanguageOf({ request }: Call, settings: OwnSettings): Promise<Address> {
  const language = await settings.languageOf(request.by)
  return language === undefined ? request.origin : { ...request.origin, language }
}
