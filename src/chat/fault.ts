/** A fault of the chat side that an operator can cure: `code` for the log, `remedy` for the operator. */
export class ChatFault extends Error {
  readonly code: 'PORT_TAKEN' | 'ADDRESS_UNAVAILABLE' | 'LISTEN_FAILED' | 'CARD_TEMPLATE_BROKEN'
  readonly remedy: string

  constructor(code: ChatFault['code'], message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ChatFault'
    this.code = code
    this.remedy = remedy
  }
}
