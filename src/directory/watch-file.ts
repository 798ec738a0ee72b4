import { statSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../app/ports.ts'

/** Editors write a file in several steps: wait until they are through. */
const SETTLE = 100
/** Network drives and container mounts tell of no change. */
const POLL = 5_000

/**
 * Tells when a file has another content, however it came there: written in place, renamed over (editors), or by a
 * link that leads elsewhere (mounted configuration). The answer stops it.
 */
export function watchFile(file: string, clock: Clock, onChange: () => void): () => void {
  let known = signature(file)
  let watcher: FSWatcher | undefined
  let stopSettling: (() => void) | undefined

  function look(): void {
    const now = signature(file)
    if (now === known) return
    known = now
    onChange()
  }

  function listen(): void {
    try {
      // The folder is watched: a rename puts another file in the place of the one that would be watched.
      watcher = watch(dirname(file), { persistent: false }, () => {
        stopSettling?.()
        stopSettling = clock.after(SETTLE, look)
      })
      watcher.on('error', forget)
    } catch {
      forget()
    }
  }

  function forget(): void {
    watcher?.close()
    watcher = undefined
  }

  function poll(): void {
    look()
    if (watcher === undefined) listen()
    stopPolling = clock.after(POLL, poll)
  }

  listen()
  let stopPolling = clock.after(POLL, poll)
  return () => {
    stopPolling()
    stopSettling?.()
    forget()
  }
}

function signature(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return 'missing'
  }
}
