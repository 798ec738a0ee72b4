/** What a PBX saw of the bot's calls, read from SIPp's message trace. */
import assert from 'node:assert/strict'

export type Message = { readonly from: 'bot' | 'pbx'; readonly line: string; readonly text: string }

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
    const id = field(text, 'Call-ID', 'i')
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

/** What is still open of a call, or undefined. Every fork that answered is a dialog of its own. */
export function openIn({ messages }: SeenCall): string | undefined {
  const sent = (method: string) =>
    messages.filter(({ from, line }) => from === 'bot' && line.startsWith(`${method} `))
  const answers = messages.filter(
    ({ from, line, text }) => from === 'pbx' && line.startsWith('SIP/2.0') && cseq(text).endsWith(' INVITE'),
  )
  const finals = answers.filter(({ line }) => /^SIP\/2\.0 [2-6]/.test(line))
  for (const { text } of sent('INVITE')) {
    if (!finals.some((answer) => cseq(answer.text) === cseq(text)))
      return tagOf(text, 'To', 't') === undefined ? 'it rings' : 'a re-INVITE waits'
  }
  for (const { text } of finals) {
    const ack = cseq(text).replace('INVITE', 'ACK')
    const tag = tagOf(text, 'To', 't')
    if (!sent('ACK').some((one) => cseq(one.text) === ack && tagOf(one.text, 'To', 't') === tag))
      return `no ${ack}`
  }
  const answered = finals
    .filter(({ line }) => line.startsWith('SIP/2.0 2'))
    .map(({ text }) => tagOf(text, 'To', 't'))
  return answered.some((tag) => !isEnded(messages, tag)) ? 'no BYE' : undefined
}

/** Either side has hung up, and the bot's BYE was not left with a challenge. */
function isEnded(messages: readonly Message[], tag: string | undefined): boolean {
  const byes = messages.filter(({ line }) => line.startsWith('BYE '))
  const theirs = byes.some(({ from, text }) => from === 'pbx' && tagOf(text, 'From', 'f') === tag)
  const ours = byes.findLast(({ from, text }) => from === 'bot' && tagOf(text, 'To', 't') === tag)
  const refused = messages.some(
    ({ from, line, text }) =>
      from === 'pbx' && line.startsWith('SIP/2.0 4') && ours && cseq(text) === cseq(ours.text),
  )
  return theirs || (ours !== undefined && !refused)
}

/** The value of the first header of that name; `short` is its compact form. */
export function field(text: string, name: string, short = name): string | undefined {
  return new RegExp(`^(?:${name}|${short}) *: *(.*?)\\r?$`, 'im').exec(text)?.[1]
}

const cseq = (text: string) => field(text, 'CSeq') ?? ''
const tagOf = (text: string, name: string, short: string) =>
  /;tag=([^;\s]+)/.exec(field(text, name, short) ?? '')?.[1]
