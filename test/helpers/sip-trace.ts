/** What a PBX saw of the bot's calls, read from SIPp's message trace. */
import assert from 'node:assert/strict'

type Message = { readonly from: 'bot' | 'pbx'; readonly line: string; readonly text: string }

/** One call as the PBX saw it, from INVITE to its end. */
export type SeenCall = {
  readonly id: string
  /** Who was called: the user part of the Request-URI. */
  readonly number: string
  readonly messages: readonly Message[]
}

/** The calls of a trace, oldest first; what is no call (OPTIONS) is left out. */
export function callsIn(trace: string): readonly SeenCall[] {
  const calls = new Map<string, { number: string; messages: Message[] }>()
  for (const block of trace.split(/^-{20,}.*$/m)) {
    const [, direction, text = ''] = /message (received|sent)[^\n]*:\s*\n\s*\n([\s\S]*)/.exec(block) ?? []
    const id = /^Call-ID: (.*?)\r?$/im.exec(text)?.[1]
    if (direction === undefined || id === undefined) continue
    const line = text.split(/\r?\n/, 1)[0] ?? ''
    const number = /^INVITE sips?:([^@;]*)@/.exec(line)?.[1]
    if (number !== undefined && !calls.has(id)) calls.set(id, { number, messages: [] })
    calls.get(id)?.messages.push({ from: direction === 'received' ? 'bot' : 'pbx', line, text })
  }
  return [...calls].map(([id, call]) => ({ id, ...call }))
}

/** Who was rung, in order: repeats of one INVITE count once. */
export function rung(trace: string): readonly string[] {
  return callsIn(trace).map((call) => call.number)
}

/** Every call of the trace is over for both sides: nothing rings on, nothing stays open. */
export function assertAllOver(trace: string): void {
  for (const call of callsIn(trace)) assert.equal(openIn(call), undefined, `${call.number}\n${trace}`)
}

/** What is still open of a call, or undefined. */
export function openIn({ messages }: SeenCall): string | undefined {
  const invites = messages.filter(({ text }) => /^CSeq: \d+ INVITE/im.test(text))
  const final = invites.some(({ from, line }) => from === 'pbx' && /^SIP\/2\.0 [2-6]/.test(line))
  if (!final) return 'it rings'
  const answered = invites.some(({ from, line }) => from === 'pbx' && line.startsWith('SIP/2.0 200'))
  if (!messages.some(({ from, line }) => from === 'bot' && line.startsWith('ACK'))) return 'no ACK'
  return answered && !messages.some(({ line }) => line.startsWith('BYE')) ? 'no BYE' : undefined
}
