/** npm run manifest: writes the Teams app that an administrator uploads. What it needs, and what to do then: docs/teams.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { WATCH } from './app.ts'
import { UnfitOptions, wantedFrom } from './options.ts'
import { packageOf, UnfitManifest } from './package.ts'

/** sysexits.h: EX_CONFIG. */
const CONFIG = 78

const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
try {
  const { app, out, endpoint } = wantedFrom(process.argv.slice(2), own)
  writeFileSync(out, packageOf(app))
  console.log(`${relative('.', out)} is written: version ${app.version} of the Teams app ${app.appId}
  Upload it in the Teams admin center: Teams apps, Manage apps, Upload new app.
  The registration's messaging endpoint has to be ${endpoint}`)
  if (app.watch)
    console.log(`  It asks for all messages of where it is added:
    ${WATCH.channel}: consent of an owner of that team
    ${WATCH.groupChat}: consent of whoever adds it to that group chat
  Both only where the tenant lets them consent (docs/teams.md).`)
} catch (fault) {
  if (!(fault instanceof UnfitOptions) && !(fault instanceof UnfitManifest)) throw fault
  console.error(fault.message)
  process.exitCode = CONFIG
}
