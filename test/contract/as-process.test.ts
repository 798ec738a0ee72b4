/** The whole contract once more, with sipd as a process of its own that all cases share. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { useProcess } from './shape.ts'
import { answered, stage } from './story.ts'
import { contract, real } from './suite.ts'

useProcess()
const own = basename(import.meta.filename)
const files = globSync('*.test.ts', { cwd: import.meta.dirname }).filter(
  (file) => file !== own && file !== 'page.test.ts',
)
// A real drachtio-server is a process in any case.
for (const file of real ? [] : files.sort()) await import(join(import.meta.dirname, file))

contract('one server serves all cases, whatever the applications before have left', async (t) => {
  const scene = await stage(t)
  const { dialog } = await answered(scene)
  const ended = dialog.destroy()
  scene.phone.answer(await scene.phone.request('BYE'), 200)
  await ended
})
