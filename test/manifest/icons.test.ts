/** The icons of the Teams app are kept as PNG, and drawn from the SVG beside them; `RENEW=1` writes them anew. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { decodePng, encodePng } from '../helpers/png.ts'
import type { Picture } from '../helpers/png.ts'
import { Browser } from '../peers/chromium.ts'

const path = (name: string) => new URL(`../../manifest/${name}`, import.meta.url)
const kept = (name: string) => decodePng(readFileSync(path(name)))
const points = ({ width, rgba }: Picture) =>
  Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(i * 4, i * 4 + 4)
    return { x: i % width, y: Math.floor(i / width), red, green, blue, alpha }
  })

suite('the icons of the Teams app', () => {
  test('are what their drawings show', async (t) => {
    const browser = await Browser.start()
    t.after(() => browser.stop())
    const page = await browser.open('about:blank')
    for (const [name, size] of [
      ['color', 192],
      ['outline', 32],
    ] as const) {
      const svg = readFileSync(path(`${name}.svg`), 'utf8')
      const drawn = await page.evaluate<number[]>(draw(svg, size))
      const rgba = Uint8Array.from(drawn)
      // A canvas forgets the colour of what cannot be seen; Teams wants white there, too.
      if (name === 'outline') rgba.forEach((_, i) => i % 4 < 3 && (rgba[i] = 255))
      const fresh = { width: size, height: size, rgba }
      if (process.env['RENEW'] === '1') writeFileSync(path(`${name}.png`), encodePng(fresh))
      const other = kept(`${name}.png`)
      // Browsers differ by a shade at edges.
      const different = rgba.filter((value, i) => Math.abs(value - (other.rgba[i] ?? 0)) > 24)
      assert.equal(other.rgba.length, rgba.length)
      assert.ok(different.length < rgba.length / 100, `${name}.png is not ${name}.svg: run with RENEW=1`)
    }
  })

  test('in colour is 192 points square, without a hole, and keeps to the middle that Teams never cuts', () => {
    const picture = kept('color.png')
    assert.deepEqual([picture.width, picture.height], [192, 192])
    const all = points(picture)
    assert.ok(all.every(({ alpha }) => alpha === 255))
    const [corner] = all
    assert.ok(corner)
    const inMiddle = (at: number) => at >= 48 && at < 144
    const outside = all.filter(({ x, y }) => !inMiddle(x) || !inMiddle(y))
    assert.ok(outside.every(({ red, green, blue }) => isColour({ red, green, blue }, corner)))
    const figure = all.filter(({ red, green, blue }) => !isColour({ red, green, blue }, corner))
    assert.ok(figure.length > 1000, `${figure.length} points of the figure`)
  })

  test('in outline is 32 points square, white on nothing, and reaches the edges', () => {
    const picture = kept('outline.png')
    assert.deepEqual([picture.width, picture.height], [32, 32])
    const all = points(picture)
    assert.ok(all.every(({ red, green, blue }) => red === 255 && green === 255 && blue === 255))
    const shown = all.filter(({ alpha }) => alpha > 127)
    assert.ok(shown.length > 150 && shown.length < 500, `${shown.length} points are shown`)
    const rows = shown.map(({ y }) => y)
    assert.ok(Math.min(...rows) <= 1 && Math.max(...rows) >= 30, 'no room is left around it')
    assert.equal(all[0]?.alpha, 0, 'a corner is empty')
  })
})

type Colour = { readonly red: number; readonly green: number; readonly blue: number }
const isColour = (one: Colour, other: Colour) =>
  one.red === other.red && one.green === other.green && one.blue === other.blue

/** A script for the browser: the points of a drawing at this size. */
const draw = (svg: string, size: number) => `(async () => {
  const image = new Image(${size}, ${size})
  image.src = 'data:image/svg+xml,' + encodeURIComponent(${JSON.stringify(svg)})
  await image.decode()
  const context = new OffscreenCanvas(${size}, ${size}).getContext('2d')
  context.drawImage(image, 0, 0, ${size}, ${size})
  return [...context.getImageData(0, 0, ${size}, ${size}).data]
})()`
