/**
 * The quantizers of ITU-T G.722: what difference, in steps, a code stands for, and how the step grows by it. Of a code's
 * 8 bits the upper two are the upper half of the band; the other six the lower one. Only the upper four of those six
 * are heeded by what predicts, since a network may take the last two away.
 */

const CODES_LOW = 64

/** By four bits of code. 15 bits behind the point. */
const LEVELS_4 = Int32Array.of(
  ...[0, -20_456, -12_896, -8968, -6288, -4240, -2584, -1200],
  ...[20_456, 12_896, 8968, 6288, 4240, 2584, 1200, 0],
)
const GROWTHS_4 = Int32Array.of(
  ...[-60, 3042, 1198, 538, 334, 172, 58, -30],
  ...[3042, 1198, 538, 334, 172, 58, -30, -60],
)
/** By all six bits. */
export const LEVELS_6 = Int32Array.of(
  ...[-136, -136, -136, -136, -24_808, -21_904, -19_008, -16_704],
  ...[-14_984, -13_512, -12_280, -11_192, -10_232, -9360, -8576, -7856],
  ...[-7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576],
  ...[-3168, -2776, -2400, -2032, -1688, -1360, -1040, -728],
  ...[24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192],
  ...[10_232, 9360, 8576, 7856, 7192, 6576, 6000, 5456],
  ...[4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032],
  ...[1688, 1360, 1040, 728, 432, 136, -432, -136],
)
/** What the prediction of the lower half takes of each code. */
export const LOW_LEVELS = Int32Array.from({ length: CODES_LOW }, (_, code) => LEVELS_4[code >> 2] ?? 0)
export const LOW_GROWTHS = Int32Array.from({ length: CODES_LOW }, (_, code) => GROWTHS_4[code >> 2] ?? 0)
/** The upper half: by two bits. */
export const HIGH_LEVELS = Int32Array.of(-7408, -1616, 7408, 1616)
export const HIGH_GROWTHS = Int32Array.of(798, -214, 798, -214)

/** Where one level of the lower half ends and the next begins, 12 bits behind the point. */
const LIMITS = Int32Array.of(
  ...[35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714],
  ...[786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919],
)
/** The one limit of the upper half. */
const LIMIT_HIGH = 564

/** The six bits of a difference in the lower half. */
export function lowCodeOf(difference: number, step: number): number {
  const isBelow = difference < 0
  const size = isBelow ? -1 - difference : difference
  // The first limit that it is below; the loudest level has none.
  let from = 0
  let to = LIMITS.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (size < ((LIMITS[middle] ?? 0) * step) >> 12) to = middle
    else from = middle + 1
  }
  if (!isBelow) return 61 - from
  return from < 2 ? 63 - from : 33 - from
}

/** The two bits of a difference in the upper half. */
export function highCodeOf(difference: number, step: number): number {
  const isBelow = difference < 0
  const size = isBelow ? -1 - difference : difference
  const isSmall = size < (LIMIT_HIGH * step) >> 12
  if (isBelow) return isSmall ? 1 : 0
  return isSmall ? 3 : 2
}
