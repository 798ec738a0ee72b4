/** Just as much of PNG (W3C) as our own icons need: 8 bits of red, green, blue and alpha, rows as they are. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

export type Picture = { readonly width: number; readonly height: number; readonly rgba: Uint8Array }

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

export function encodePng({ width, height, rgba }: Picture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6], 8)
  // Each row begins with its filter: none.
  const rows = Array.from({ length: height }, (_, y) => [
    Buffer.of(0),
    rgba.subarray(y * width * 4, (y + 1) * width * 4),
  ])
  const data = deflateSync(Buffer.concat(rows.flat()), { level: 9 })
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** @throws where it is not a PNG that `encodePng` made */
export function decodePng(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('no PNG')
  const parts = new Map<string, Buffer>()
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const [header, data] = [parts.get('IHDR'), parts.get('IDAT')]
  if (!header || !data || header[8] !== 8 || header[9] !== 6) throw new Error('not 8 bits of RGBA')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const rows = inflateSync(data)
  const size = 1 + width * 4
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    if (rows[y * size] !== 0) throw new Error('rows are filtered')
    rgba.set(rows.subarray(y * size + 1, (y + 1) * size), y * width * 4)
  }
  return { width, height, rgba }
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, check])
}
