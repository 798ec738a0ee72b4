/**
 * What the page and the server say to each other over the WebSocket, as JSON. The server's word is the truth:
 * the page asks, and shows what comes back.
 */
import { z } from 'zod'
import type { PhoneView } from '../sim/phone.ts'
import type { SipSeen } from '../sim/pbx.ts'
import { SCENE_IDS, type SceneId } from './scenes.ts'

const id = z.string().min(1).max(300)

const asked = z.discriminatedUnion('type', [
  /** Who sits at the page, and in which language. Answered by a snapshot. */
  z.object({ type: z.literal('be'), person: z.string().max(100), locale: z.string().max(20) }),
  z.object({ type: z.literal('say'), conversation: id, text: z.string().max(2_000_000) }),
  z.object({
    type: z.literal('press'),
    conversation: id,
    message: id,
    action: z.object({
      kind: z.enum(['execute', 'submit']),
      id: z.string().optional(),
      verb: z.string().optional(),
      data: z.unknown(),
    }),
  }),
  z.object({ type: z.literal('scene'), scene: z.enum(SCENE_IDS) }),
  z.object({
    type: z.literal('phone'),
    phone: id,
    act: z.enum(['pickUp', 'decline', 'putDown', 'press']),
    digits: z
      .string()
      .regex(/^[0-9*#A-D]{1,30}$/)
      .optional(),
  }),
])

/** What a page asks for. */
export type Asked = z.infer<typeof asked>
export type Pressed = Extract<Asked, { type: 'press' }>['action']

/** A message as one person sees it. */
export type Shown = {
  readonly id: string
  readonly conversation: string
  readonly author: { readonly kind: 'me' | 'person' | 'bot'; readonly name: string }
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
  /** Bot's texts may be in Markdown; people's never are. */
  readonly markdown: boolean
  readonly cards: readonly unknown[]
  readonly suggestions: readonly { readonly title: string; readonly value: string }[]
}

export type Room = { readonly id: string; readonly kind: 'personal' | 'group' }

/** Something that the page should say and nobody wrote. */
export type Notice =
  | 'botUnreachable'
  | 'botNotReady'
  | 'botRefused'
  | 'botSlow'
  | 'pressFailed'
  | 'pressNotTaken'
  | 'onlyMentions'

export type Told =
  | {
      readonly type: 'snapshot'
      /** Another one after each start of the server. */
      readonly run: string
      readonly me: string
      readonly people: readonly { readonly id: string; readonly name: string; readonly desk?: string }[]
      readonly bot: string
      readonly rooms: readonly Room[]
      readonly messages: readonly Shown[]
      /** Absent where there is no simulated PBX: the phones are real ones. */
      readonly phones?: readonly PhoneView[]
      /** What is being tried; absent where there is no simulated PBX to try it with. */
      readonly scene?: SceneId
      readonly ladder: readonly SipSeen[]
    }
  | { readonly type: 'message'; readonly message: Shown }
  | { readonly type: 'removed'; readonly message: string }
  | { readonly type: 'typing'; readonly conversation: string }
  | {
      readonly type: 'notice'
      readonly notice: Notice
      readonly conversation: string
      readonly message?: string
      readonly detail?: string
    }
  | { readonly type: 'scene'; readonly scene: SceneId }
  | { readonly type: 'phone'; readonly phone: PhoneView }
  | { readonly type: 'sip'; readonly seen: SipSeen }

/** Reads what a page has sent; undefined for what no page of ours sends. */
export function parseAsked(text: string): Asked | undefined {
  try {
    return asked.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
