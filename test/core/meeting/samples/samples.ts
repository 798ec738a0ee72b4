import { bridges } from './bridges.ts'
import { calendar } from './calendar.ts'
import { others } from './others.ts'
import type { Sample } from './sample.ts'
import { further, hostile } from './further.ts'
import { none, several } from './several.ts'
import { teams } from './teams.ts'
import { webex } from './webex.ts'
import { zoom } from './zoom.ts'

export const samples: readonly Sample[] = [
  ...[...teams, ...zoom, ...webex, ...others],
  ...[...bridges, ...calendar, ...several, ...none, ...further, ...hostile],
]
