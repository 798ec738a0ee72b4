// npm run bench: installs what is missing, then measures on the bundled Node (src/runtime.mjs).
import { join } from 'node:path'
import { home, launch } from '../../src/runtime.mjs'

await launch(join(home, 'test', 'bench', 'bench.ts'), { dev: true })
