/** The command line: `npm start`, and `npm run dialback -- <command>`. */
import { commands } from './cli/commands.ts'
import { runCommand } from './cli/run.ts'

const code = await runCommand(process.argv.slice(2), commands, {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
})
if (code !== undefined) process.exitCode = code
