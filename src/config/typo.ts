import { distance } from '../directory/distance.ts'

/**
 * Finds variables that were meant to be settings: `SIP_TRUNKS`, `sip_trunk`, `MICROSOFT_APP_ID`.
 * @returns sentences for the log
 */
export function typos(names: readonly string[], known: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (known.includes(name)) return []
    const meant = known.find((setting) => isNear(name, setting))
    // npm and shells set both spellings of some; a setting that is there under its own name was not mistyped.
    return meant === undefined || names.includes(meant)
      ? []
      : [`${name} is not a setting. Did you mean ${meant}?`]
  })
}

function isNear(name: string, setting: string): boolean {
  const [a, b] = [bare(name), bare(setting)]
  if (a === b) return true
  // Short names are near to much that is none of ours (HOST, POST).
  const most = b.length <= 5 ? 0 : b.length <= 8 ? 1 : 2
  return most > 0 && a.startsWith(b.charAt(0)) && distance(a, b, most) <= most
}

const bare = (name: string) => name.replaceAll('_', '').toLowerCase()
