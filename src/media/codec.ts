/**
 * The codecs of sound that a port speaks. Of each a byte is a tick of RTP's clock, 8,000 a second: of G.722 too, whose
 * clock RFC 3551 (4.5.2) keeps at 8,000 though it has 16,000 samples a second. So packets of all are as long, and one
 * may take another's place.
 */
import type { Law } from './g711.ts'

export type Codec = Law | 'G722'

/** Bytes, and ticks, of 20 ms. */
export const FRAME = 160
/** Samples of 20 ms in G.722. */
export const WIDE_FRAME = 2 * FRAME

/** Samples of each byte. */
export const samplesPerByte = (codec: Codec): 1 | 2 => (codec === 'G722' ? 2 : 1)
