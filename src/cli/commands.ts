import type { Command } from './command.ts'

/** All commands, in the order of the help; the first is the one that is run when none is named. */
export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'runs the bot; with nothing set, the demo (this is what npm start does)',
    run: async () => {
      const { start } = await import('./start.ts')
      await start()
      return undefined
    },
  },
]
