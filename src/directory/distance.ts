/**
 * How many typing errors lie between two words: letters put in, left out, changed or swapped with their
 * neighbour (optimal string alignment).
 * @param most gives up beyond this, which makes it fast
 * @returns `most + 1` for anything farther
 */
export function distance(a: string, b: string, most: number): number {
  const far = most + 1
  if (Math.abs(a.length - b.length) > most) return far
  if (a === b) return 0
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let best = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(before, j - 2) + 1)
      row.push(cost)
      best = Math.min(best, cost)
    }
    if (best > most) return far
    before = last
    last = row
  }
  return Math.min(at(last, b.length), far)
}

const at = (row: readonly number[], i: number) => row[i] ?? Infinity
