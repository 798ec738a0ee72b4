import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { commands } from '../../src/core/command/command.ts'

const file = (name: string) => readFileSync(new URL(`../../manifest/${name}`, import.meta.url))
const manifest = JSON.parse(file('manifest.json').toString()) as Manifest
const spanish = JSON.parse(file('es.json').toString()) as Readonly<Record<string, string>>

suite('the Teams app', () => {
  test('has texts within the limits of the manifest schema', () => {
    const { name, description, developer } = manifest
    assert.ok(name.short.length <= 30 && name.full.length <= 100)
    assert.ok(description.short.length <= 80 && description.full.length <= 4000)
    assert.ok(developer.name.length <= 32)
    assert.ok(spanish['name.short']!.length <= 30 && spanish['name.full']!.length <= 100)
    assert.ok(spanish['description.short']!.length <= 80)
  })

  test('is for persons, teams and group chats', () => {
    assert.deepEqual(manifest.bots[0]!.scopes, ['personal', 'team', 'groupChat'])
    assert.equal(manifest.bots[0]!.botId, manifest.id)
  })

  test('asks for no consent to read what does not mention the bot: a group’s other messages never come', () => {
    assert.equal(manifest.authorization, undefined)
    assert.ok(!manifest.webApplicationInfo, 'resource-specific consent needs it')
  })

  test('teaches every command that there is, in both languages', () => {
    const list = manifest.bots[0]!.commandLists[0]!.commands
    const translated = list.map((_, i) => spanish[`bots[0].commandLists[0].commands[${i}].title`])
    assert.deepEqual(
      list.map(({ title }) => title),
      commands.map(({ words }) => words.en[0]),
    )
    for (const [i, { words }] of commands.entries()) {
      assert.ok(words.es.includes(translated[i]!), translated[i])
    }
    for (const [i, { title, description }] of list.entries()) {
      const said = spanish[`bots[0].commandLists[0].commands[${i}].description`]!
      assert.ok(title.length <= 32 && description.length <= 128 && said.length <= 128)
    }
  })

  test('has a colour icon of 192 and an outline of 32 points, which is white on nothing', () => {
    assert.deepEqual(sizeOf(file(manifest.icons.color)), [192, 192])
    assert.deepEqual(sizeOf(file(manifest.icons.outline)), [32, 32])
    const rows = inflateSync(dataOf(file(manifest.icons.outline)))
    const points = Array.from({ length: 32 * 32 }, (_, i) => 1 + (i >> 5) * 129 + (i & 31) * 4)
    assert.ok(points.every((at) => rows[at] === 255 && rows[at + 1] === 255 && rows[at + 2] === 255))
    const shown = points.filter((at) => rows[at + 3] === 255).length
    assert.ok(shown > 100 && shown < 800, `${shown} points are shown`)
  })
})

// PNG (W3C) 11.2: the header chunk begins at byte 16 with width and height.
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)]
const dataOf = (png: Buffer) => {
  const at = png.indexOf('IDAT')
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}

type Manifest = {
  readonly id: string
  readonly authorization?: unknown
  readonly webApplicationInfo?: unknown
  readonly name: { readonly short: string; readonly full: string }
  readonly description: { readonly short: string; readonly full: string }
  readonly developer: { readonly name: string }
  readonly icons: { readonly color: string; readonly outline: string }
  readonly bots: readonly {
    readonly botId: string
    readonly scopes: readonly string[]
    readonly commandLists: readonly {
      readonly commands: readonly { readonly title: string; readonly description: string }[]
    }[]
  }[]
}
