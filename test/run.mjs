// npm test: installs what is missing, then runs the tests on a Node that runs TypeScript (src/runtime.mjs).
import { fileURLToPath } from 'node:url'
import { launch } from '../src/runtime.mjs'

await launch(fileURLToPath(new URL('./run/suite.ts', import.meta.url)), { dev: true })
