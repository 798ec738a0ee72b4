/** What was said on the page, kept in a file: a server that is started anew finds the chat as it was left. */
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { Message } from './conversations.ts'

/** Milliseconds that changes are collected for. Who is killed meanwhile loses no more than that. */
const SOON = 150
/** Newest messages kept, and letters in them all: the file is written whole. */
const KEPT = { messages: 200, letters: 500_000 }
/** Milliseconds that they are kept for: what somebody pasted may have had a PIN in it. */
const A_DAY = 24 * 60 * 60 * 1000

export type History = {
  readonly messages: readonly Message[]
  /** Something has changed; `messages` gives all that there is now. */
  changed(messages: () => readonly Message[]): void
  /** Resolves when the file has what there is. */
  close(): Promise<void>
}

/**
 * @param file made when it is first needed; what cannot be read counts as nothing
 * @param failed hears why it could not be written
 */
export function openHistory(file: string, failed: (err: unknown) => void): History {
  let latest: (() => readonly Message[]) | undefined
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    const messages = latest
    if (!messages) return
    writing = writing
      .then(async () => {
        // Never half a file, whenever the process is killed.
        await writeFile(`${file}.new`, textOf(messages()), { mode: 0o600 })
        await rename(`${file}.new`, file)
      })
      .catch(failed)
  }

  return {
    messages: read(file),
    changed(messages) {
      latest = messages
      timer ??= setTimeout(write, SOON).unref()
    },
    async close() {
      if (timer !== undefined) write()
      await writing
    },
  }
}

function textOf(all: readonly Message[]): string {
  const texts: string[] = []
  let letters = 0
  for (const { views, ...message } of all.slice(-KEPT.messages).filter(isRecent).reverse()) {
    const text = JSON.stringify({ ...message, views: [...views] })
    letters += text.length
    if (letters > KEPT.letters) break
    texts.unshift(text)
  }
  return `[\n${texts.join(',\n')}\n]\n`
}

/** The file is the demo's own: what is in it has been a message. */
function read(file: string): readonly Message[] {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as readonly Saved[]
    return saved
      .filter(isRecent)
      .map((message) => ({ ...message, author: message.author, views: new Map(message.views) }))
  } catch {
    return []
  }
}

const isRecent = ({ at }: Pick<Message, 'at'>): boolean => Date.now() - at < A_DAY

type Saved = Omit<Message, 'views'> & { readonly views: readonly (readonly [string, Message['face']])[] }
