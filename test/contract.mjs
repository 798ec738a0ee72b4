// npm run contract: the contract against sipd and against a drachtio-server, written down in docs/contract.md.
import { fileURLToPath } from 'node:url'
import { launch } from '../src/runtime.mjs'

await launch(fileURLToPath(new URL('./contract/compare.ts', import.meta.url)), { dev: true })
