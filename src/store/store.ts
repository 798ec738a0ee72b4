import type { Acts, CallStore, Facts } from '../app/ports.ts'

/** Everything that outlives a restart. */
export type Store = {
  readonly calls: CallStore
  readonly acts: Acts
  readonly facts: Facts
  /** From memory, for `/readyz`. `down` while what is handed over cannot be kept. */
  state(): { readonly state: 'ok' | 'down'; readonly detail?: string }
  /** Sees everything through to the disk and lets go of it. */
  close(): Promise<void>
}
