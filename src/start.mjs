#!/usr/bin/env node
// npm start: installs what is missing, then runs the bot on a Node that can (runtime.mjs).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { home, launch } from './runtime.mjs'

const source = join(home, 'src', 'main.ts')
// Node strips types from a checkout only: installed as a package, the built file is run.
const checkout = existsSync(source) && !home.includes('node_modules')
await launch(checkout ? source : join(home, 'dist', 'main.js'))
