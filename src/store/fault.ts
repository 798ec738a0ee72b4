export type StoreFaultCode =
  /** Another process has the folder. */
  | 'STORE_LOCKED'
  /** The folder cannot be made, read or written. */
  | 'STORE_UNUSABLE'
  /** Written by a newer version. */
  | 'STORE_NEWER'
  /** The disk did not take what was handed to it. */
  | 'STORE_WRITE'
  | 'STORE_CLOSED'

/** What the store could not do, and what to do about it. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode
  readonly remedy: string
  constructor(code: StoreFaultCode, message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreFault'
    this.code = code
    this.remedy = remedy
  }
}

/** The code of a failed system call (`ENOSPC`), if it was one. */
export function systemCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

export function writeFault(file: string, cause: unknown): StoreFault {
  const code = systemCode(cause)
  const remedy =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Make room on the disk of DATA_DIR; the bot goes on by itself.'
      : 'Check the disk of DATA_DIR and who may write there.'
  return new StoreFault(
    'STORE_WRITE',
    `${file} could not be written${code === undefined ? '' : ` (${code})`}`,
    remedy,
    cause,
  )
}
