/** The machine itself: Node, the folder of the data, the disk. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from './finding.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

const MB = 1024 * 1024
/** Below it the next journal may not fit; below the other somebody should look soon. */
const LEAST = 20 * MB
const LITTLE = 500 * MB

export function checkNode(_: unknown, tell: Tell): void {
  tell.ok(`Node ${process.versions.node} on ${process.platform} ${process.arch}`)
}

/** How full the disk is: `statfs` of Node, as far as it matters here. */
export type Space = { readonly bavail: number; readonly bsize: number }

export async function checkData(
  { config, running }: Pick<Ward, 'config' | 'running'>,
  tell: Tell,
  space: (folder: string) => Promise<Space> = statfs,
): Promise<void> {
  const { dataDir } = config
  const remedy = 'Let DATA_DIR be a folder on a local disk that the user of the bot may write to.'
  const there = nearest(dataDir)
  try {
    if (!statSync(there).isDirectory()) return tell.fail(`${there} is no folder`, remedy)
    if (there === dataDir) await writeOnce(dataDir)
    else accessSync(there, constants.W_OK | constants.X_OK)
  } catch (fault) {
    return tell.fail(`nothing can be written to ${dataDir}: ${messageOf(fault)}`, remedy)
  }
  const { bavail, bsize } = await space(there)
  const free = bavail * bsize
  const full = `Make room on the disk of ${there}, or set DATA_DIR to another one.`
  const figures = { freeMegabytes: Math.floor(free / MB) }
  const left = `${figures.freeMegabytes} MB are free`
  if (free < LEAST) return tell.fail(`the disk of ${dataDir} is full: ${left}`, full, { figures })
  if (free < LITTLE) return tell.warn(`the disk of ${dataDir} is nearly full: ${left}`, full, { figures })
  const owner = statSync(there).uid
  if (process.getuid?.() === 0 && owner !== 0 && there === dataDir)
    return tell.warn(
      `${dataDir} belongs to user ${owner}, and this is root, who may write everywhere`,
      'Run the doctor as the user of the bot, such as: sudo -u dialback npm run dialback -- doctor',
      { figures },
    )
  const holder = running ? 'the bot that runs uses it' : holderOf(join(dataDir, 'lock.db'))
  const used = holder === undefined ? '' : `; ${holder}`
  const state = there === dataDir ? 'can be written to' : 'will be made at the first start'
  tell.ok(`${dataDir} ${state}, ${left}${used}`, { figures })
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

/** A file of its own, which no bot knows, written to the disk and removed. */
async function writeOnce(folder: string): Promise<void> {
  const file = join(folder, `.doctor-${process.pid}`)
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.write('x')
    await handle.datasync()
  } finally {
    await handle.close()
    await rm(file, { force: true })
  }
}

/** Who has locked a file, by what the kernel says of all locks: asking for the lock could keep a bot from its start. */
function holderOf(file: string): string | undefined {
  try {
    const { ino } = statSync(file)
    const locks = readFileSync('/proc/locks', 'utf8')
    const pid = new RegExp(`POSIX\\s+ADVISORY\\s+WRITE\\s+(\\d+)\\s+\\S+:${ino}\\s`).exec(locks)?.[1]
    return pid === undefined ? undefined : `process ${pid} uses it`
  } catch {
    return undefined
  }
}
