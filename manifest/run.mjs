// npm run manifest: installs what is missing, then makes the Teams package on a Node that runs TypeScript.
import { fileURLToPath } from 'node:url'
import { launch } from '../src/runtime.mjs'

await launch(fileURLToPath(new URL('./make.ts', import.meta.url)), { dev: true })
