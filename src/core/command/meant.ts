/** What is no sure command: which one was perhaps meant. It is offered, and never done unasked. */
import { phrase, withoutLead, withoutTail } from './around.ts'
import { isTold, nameIn } from './doubt.ts'
import { alternatives } from './either.ts'
import { misspelt, openingIn, openings, openingsOf } from './openings.ts'
import type { Parsed } from './parsed.ts'
import { ownPhoneIn, phonesIn } from './phones.ts'
import type { Command } from './row.ts'
import { commandIn, readCall, textOf } from './sure.ts'
import { distance, words } from './words.ts'
import type { Word } from './words.ts'

export function unknown(line: string, typed: readonly Word[]): Parsed {
  const bare = withoutLead(typed)
  const named = openingsOf(bare)[0]?.[0] ?? openingIn(typed)?.opening ?? misspelt(bare)?.opening
  const either = named && eitherIn(line, bare)
  if (either) return either
  const meant = named && (ownPhoneMeant(bare) ?? meantBy(line, bare))
  const slip = meant === undefined ? slipIn(bare) : undefined
  if (slip) return slip
  if (named === undefined) return { kind: 'unknown' }
  const { row, language } = named
  return {
    kind: 'unknown',
    nearest: row.usage[language ?? 'en'],
    ...(meant === undefined ? {} : { meant }),
    ...(language && { language }),
  }
}

/** "Call Bob or Alice [from my mobile]", at the beginning: each of the names is one that could be called alone. */
function eitherIn(line: string, typed: readonly Word[]): Extract<Parsed, { kind: 'either' }> | undefined {
  const [opening, count] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call' || isTold(typed, 0)) return undefined
  const { language } = opening
  const { rest, ...phones } = phonesIn(withoutTail(typed.slice(count)))
  const calls = alternatives(rest, line, language)?.map((name) => readCall(line, name, opening))
  const who = calls?.map((call) => (call?.name === 'call' && !call.from && !call.to ? call.who : ''))
  if (!who || who.includes('')) return undefined
  return { kind: 'either', who: who.map((name) => name.replace(/,$/, '')), ...phones, language }
}

/** "Ring my mobile", "call me on my mobile": one's own phone is called by nobody, but it can ring first. */
function ownPhoneMeant(typed: readonly Word[]): string | undefined {
  const [opening, count] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call') return undefined
  const { rest, from } = phonesIn(withoutTail(typed.slice(count)))
  const phone = ownPhoneIn(rest) ?? (phrase(rest) === 'me' ? from : undefined)
  if (phone === undefined) return undefined
  if (opening.language === 'es') return `llama primero a mi ${phone === 'mobile' ? 'móvil' : 'fijo'}`
  return `ring my ${phone === 'mobile' ? 'mobile' : 'desk phone'} first`
}

/**
 * "cal Bob" ► "call Bob", "I will call Bob" ► "call Bob", "call Bob tomorrow" ► "call Bob": to be offered, never to be done
 * unasked.
 */
function meantBy(line: string, typed: readonly Word[]): string | undefined {
  const wrong = misspelt(typed)
  const inside = openingsOf(typed).length > 0 ? { at: 0 } : openingIn(typed)
  if (isTold(typed, wrong ? 0 : (inside?.at ?? 0))) return undefined
  const text = wrong
    ? [wrong.start, textOf(line, typed.slice(1))].join(' ').trim()
    : inside && textOf(line, typed.slice(inside.at))
  const meant = text === undefined ? undefined : sureIn(text)
  if (meant === undefined) return undefined
  const { then } = meant
  if (then.name === 'help') return undefined
  // Further on in a sentence only a call is worth a question.
  const complete = 'who' in then ? then.who !== '' : wrong !== undefined
  return complete && (wrong || then.name === 'call') ? meant.text : undefined
}

/** The text as a command; where it is no sure one, what of it is. */
function sureIn(text: string): { readonly text: string; readonly then: Command } | undefined {
  const typed = words(text)
  const whole = commandIn(text, typed)
  if (whole) return { text, then: whole.command }
  const [opening, count = 0] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call') return undefined
  const named = nameIn(typed.slice(count), text, opening.language)
  const start = textOf(text, typed.slice(0, count + named.length))
  const then = named.length === 0 ? undefined : commandIn(start, words(start))
  return then && { text: start, then: then.command }
}

/** "Meet nwo", "reunirse haora": the whole of a command but for a slip of the finger; to be offered. */
function slipIn(typed: readonly Word[]): Extract<Parsed, { readonly kind: 'unknown' }> | undefined {
  for (const said of new Set([phrase(typed), phrase(withoutTail(typed))])) {
    if (said.length < 7 || said.length > 40) continue
    const most = said.length > 10 ? 2 : 1
    for (const [start, { row, language }] of openings) {
      if (!start.includes(' ') || Math.abs(start.length - said.length) > most) continue
      if (row.takes === 'who' || row.takes === 'anything' || distance(said, start) > most) continue
      return {
        ...{ kind: 'unknown', nearest: row.usage[language ?? 'en'], meant: start },
        ...(language && { language }),
      }
    }
  }
  return undefined
}
