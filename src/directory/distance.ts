/**
 * How many typing errors lie between two words: letters put in, left out, changed or swapped with their
 * neighbour (optimal string alignment).
 * @param most gives up beyond this, which makes it fast
 * @returns `most + 1` for anything farther
 */
export function distance(a: string, b: string, most: number): number {
  const far = most + 1
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > most || b.length >= WIDEST) return far
  let [before, last, row] = rows
  for (let j = 0; j <= b.length; j++) last[j] = j
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let best = i
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      const swapped = i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2)
      if (swapped && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)) cost = Math.min(cost, at(before, j - 2) + 1)
      row[j] = cost
      if (cost < best) best = cost
    }
    if (best > most) return far
    ;[before, last, row] = [last, row, before]
  }
  return Math.min(at(last, b.length), far)
}

/**
 * Which letters a word has, as bits. Words whose sets differ in more than `2 * errors` bits lie farther apart than
 * that: cheap to tell, and true of most.
 */
export function letters(word: string): number {
  let set = 0
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31)
  return set
}

/** In how many bits two sets of letters differ. */
export function difference(a: number, b: number): number {
  let bits = a ^ b
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

const WIDEST = 256
// Used anew by each comparison; nothing is awaited in between.
const rows: [Uint16Array, Uint16Array, Uint16Array] = [
  new Uint16Array(WIDEST),
  new Uint16Array(WIDEST),
  new Uint16Array(WIDEST),
]
const at = (row: Uint16Array, i: number) => row[i] ?? Infinity
