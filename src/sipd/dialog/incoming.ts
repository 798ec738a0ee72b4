import { token } from '../message/build.ts'
import type { SipRequest } from '../message/message.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Source } from '../transport/transports.ts'
import type { Dialog } from './dialog.ts'
import { LocalSide } from './local.ts'

/** A request from the network that waits for an application's answer. */
export class Incoming {
  readonly transaction: ServerTransaction
  readonly side: LocalSide
  /** Our tag in its To. */
  tag: string
  dialog: Dialog | undefined
  cancelled = false

  constructor(transaction: ServerTransaction, dialog: Dialog | undefined) {
    this.transaction = transaction
    this.side = new LocalSide(transaction.source.local, transaction.source.host, transaction.request.uri)
    this.dialog = dialog
    this.tag = dialog?.localTag ?? token()
  }

  get request(): SipRequest {
    return this.transaction.request
  }

  get source(): Source {
    return this.transaction.source
  }

  get method(): string {
    return this.request.method
  }

  get open(): boolean {
    return !this.cancelled && !this.transaction.answered
  }
}
