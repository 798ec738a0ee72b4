import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { unzipSync } from 'fflate'
import { manifestOf, SCHEMA, WATCH } from '../../manifest/app.ts'
import type { AppOptions } from '../../manifest/app.ts'
import { packageOf, UnfitManifest } from '../../manifest/package.ts'
import { faultsOf } from '../../manifest/validate.ts'
import { parseCommand } from '../../src/core/command/parse.ts'
import { commands } from '../../src/core/command/command.ts'
import { FakeChannel } from '../helpers/channel.ts'
import type { Who } from '../helpers/channel.ts'
import { chatBench } from '../helpers/chat.ts'

const home = join(import.meta.dirname, '..', '..')
const APP: AppOptions = {
  appId: '11111111-2222-4333-8444-555555555555',
  version: '1.2.3',
  website: 'https://example.com/dialback',
  privacy: 'https://example.com/privacy',
  terms: 'https://example.com/terms',
  watch: false,
}

const SCOPES = ['personal', 'team', 'groupChat']

/** What Teams would find in a package. */
function unpacked(zip: Uint8Array) {
  const files = unzipSync(zip)
  const json = (name: string) => JSON.parse(new TextDecoder().decode(files[name])) as unknown
  return {
    names: Object.keys(files),
    manifest: json('manifest.json') as ReturnType<typeof manifestOf> & Watching,
    spanish: json('es.json') as Readonly<Record<string, string>>,
    icon: (name: string) => Buffer.from(files[name] ?? []),
  }
}
type Watching = {
  readonly webApplicationInfo?: { readonly id: string }
  readonly authorization?: {
    readonly permissions: { readonly resourceSpecific: readonly { readonly name: string }[] }
  }
}

suite('the Teams package', () => {
  test('holds manifest, Spanish and both icons, and nothing else', () => {
    const { names, manifest, icon } = unpacked(packageOf(APP))
    assert.deepEqual(names, ['manifest.json', 'es.json', 'color.png', 'outline.png'])
    for (const name of Object.values(manifest.icons))
      assert.deepEqual(icon(name), readFileSync(join(home, 'manifest', name)))
    assert.equal(manifest.localizationInfo.additionalLanguages[0]?.file, 'es.json')
    assert.equal(manifest.id, APP.appId)
    assert.equal(manifest.bots[0]?.botId, APP.appId)
    assert.equal(manifest.version, '1.2.3')
    assert.deepEqual(packageOf(APP), packageOf(APP), 'the same options make the same bytes')
  })

  test("is made for the newest schema that Microsoft's own package has", () => {
    const schemas = dirname(
      createRequire(import.meta.url).resolve(
        `@microsoft/app-manifest/build/json-schemas/teams/v${SCHEMA}/MicrosoftTeams.schema.json`,
      ),
    )
    const versions = readdirSync(join(schemas, '..')).flatMap((name) => /^v1\.(\d+)$/.exec(name)?.[1] ?? [])
    assert.equal(`1.${Math.max(...versions.map(Number))}`, SCHEMA)
  })

  test('is not made where the manifest does not fit the schema', () => {
    assert.deepEqual(faultsOf('MicrosoftTeams', manifestOf(APP)), [])
    assert.throws(
      () => packageOf({ ...APP, website: 'nowhere' }),
      (fault) => fault instanceof UnfitManifest && fault.message.includes('/developer/websiteUrl'),
    )
    assert.match(
      faultsOf('MicrosoftTeams', { ...manifestOf(APP), sounds: true }).join(),
      /additional properties/,
    )
    assert.match(
      faultsOf('MicrosoftTeams.Localization', {
        'bots[0].commandLists[0].commands[12].title': 'x',
      }).join(),
      /additional properties/,
    )
  })

  test('is for persons, teams and group chats, and has texts that Teams shows whole', () => {
    const { manifest, spanish } = unpacked(packageOf(APP))
    const { name, description } = manifest
    for (const { scopes, commandLists } of manifest.bots)
      assert.deepEqual([scopes, commandLists[0]?.scopes], [SCOPES, SCOPES])
    const texts = [
      [name.short, name.full, description.short, description.full],
      ['name.short', 'name.full', 'description.short', 'description.full'].map((key) => spanish[key] ?? ''),
    ]
    for (const [short = '', full = '', sentence = '', whole = ''] of texts) {
      assert.ok(short.length > 0 && short.length <= 30 && full.length <= 100)
      assert.ok(sentence.length > 0 && sentence.length <= 80 && whole.length <= 4000)
      assert.ok(whole.startsWith('Type') || whole.startsWith('Escribe'), 'the first words say what to do')
    }
  })

  test('teaches every command of the table, in both languages, within what a menu of Teams takes', () => {
    const { manifest, spanish } = unpacked(packageOf(APP))
    const list = manifest.bots[0]?.commandLists[0]?.commands ?? []
    const menu = commands.filter(({ unlisted }) => unlisted === undefined)
    assert.equal(list.length, menu.length)
    assert.ok(list.length <= 10, 'a menu takes ten')
    for (const [i, { title, description }] of list.entries()) {
      const at = `bots[0].commandLists[0].commands[${i}]`
      const [said = '', explained = ''] = [spanish[`${at}.title`], spanish[`${at}.description`]]
      const named = (text: string, who: string) => {
        const parsed = parseCommand(`${text} ${who}`.trim())
        return parsed.kind === 'command' ? parsed.command.name : parsed.kind
      }
      const { name, takes } = menu[i]!
      const who = takes === 'who' ? 'Bob' : ''
      assert.equal(named(title, who), name, `${title} is understood`)
      assert.equal(named(said, who), name, `${said} is understood`)
      for (const text of [title, said]) assert.ok(text.length > 0 && text.length <= 32, text)
      for (const text of [description, explained]) assert.ok(text.length > 0 && text.length <= 128, text)
    }
  })
})

suite('a meeting in somebody else’s message', () => {
  test('has a command in that message’s menu, which the bot answers', async (t) => {
    const { manifest, spanish } = unpacked(packageOf(APP))
    const [extension] = manifest.composeExtensions
    const [command] = extension?.commands ?? []
    assert.equal(extension?.botId, APP.appId)
    assert.partialDeepStrictEqual(command, { type: 'action', context: ['message'], fetchTask: true })
    for (const title of [command?.title, spanish['composeExtensions[0].commands[0].title']])
      assert.ok(title !== undefined && title.length <= 32, title)
    const channel = await new FakeChannel().start()
    t.after(() => channel.stop())
    await using bench = await chatBench({ channel })
    bench.receiver.answer = () => ({
      language: 'en',
      screen: { kind: 'sentence', sentence: { code: 'noMeetingInIt' } },
    })
    const dana: Who = { aadObjectId: 'dana', name: 'Dana', conversation: '19:c', conversationType: 'channel' }
    const { status, body } = await channel.picks(
      dana,
      '<p>see <a href="https://zoom.us/j/89012345678">this</a></p>',
      command?.id,
    )
    assert.equal(status, 200)
    assert.deepEqual(bench.receiver.heard[0]?.act, {
      kind: 'picked',
      html: '<p>see <a href="https://zoom.us/j/89012345678">this</a></p>',
    })
    const task = body?.['task'] as { readonly type: string; readonly value: string }
    assert.equal(task.type, 'message', 'Teams shows the text in a small window')
    assert.match(task.value, /found no meeting in that message/)
    const other = await channel.picks(dana, '<p>x</p>', 'somethingElse')
    assert.equal(other.status, 400, 'no command of ours')
  })
})

suite('npm run manifest', () => {
  const env = { MicrosoftAppId: APP.appId, PUBLIC_URL: 'https://dialback.example.com/' }

  test('writes dialback.zip from .env, and tells the messaging endpoint', (t) => {
    const folder = emptyFolder(t)
    writeFileSync(join(folder, '.env'), `MicrosoftAppId=${APP.appId}\nPUBLIC_URL=${env.PUBLIC_URL}\n`)
    const { status, out } = made(folder, {}, [])
    assert.equal(status, 0, out)
    assert.match(out, /https:\/\/dialback\.example\.com\/api\/messages/)
    assert.doesNotMatch(out, /consent/)
    const { manifest } = unpacked(readFileSync(join(folder, 'dialback.zip')))
    assert.equal(manifest.developer.websiteUrl, 'https://dialback.example.com')
    assert.equal(manifest.version, (createRequire(import.meta.url)('../../package.json') as Version).version)
  })

  test('with --watch asks for what does not mention the bot, and says who must consent', (t) => {
    const folder = emptyFolder(t)
    const { status, out } = made(folder, env, ['--watch', '--version', '2.0.1', '--out', 'watch.zip'])
    assert.equal(status, 0, out)
    assert.match(out, /ChannelMessage\.Read\.Group: consent of an owner/)
    const { manifest } = unpacked(readFileSync(join(folder, 'watch.zip')))
    assert.equal(manifest.version, '2.0.1')
    assert.equal(manifest.webApplicationInfo?.id, APP.appId)
    assert.deepEqual(
      manifest.authorization?.permissions.resourceSpecific,
      ['ChannelMessage.Read.Group', 'ChatMessage.Read.Chat'].map((name) => ({ name, type: 'Application' })),
    )
    assert.deepEqual(faultsOf('MicrosoftTeams', manifest), [])
  })

  test('tells everything that is missing or wrong at once, and writes nothing', (t) => {
    const folder = emptyFolder(t)
    const missing = made(folder, {}, [])
    assert.equal(missing.status, 78)
    assert.match(missing.out, /MicrosoftAppId is not set[^]*PUBLIC_URL is not set/)
    const wrong = made(folder, { MicrosoftAppId: 'bot', PUBLIC_URL: 'http://localhost:3978' }, [
      '--version',
      'v1',
      '--privacy',
      'privacy.html',
    ])
    assert.equal(wrong.status, 78)
    assert.match(
      wrong.out,
      /MicrosoftAppId="bot"[^]*PUBLIC_URL="http[^]*--version "v1"[^]*--privacy="privacy/,
    )
    const unknown = made(folder, env, ['--watsch'])
    assert.equal(unknown.status, 78)
    assert.match(unknown.out, /--watsch[^]*npm run manifest/)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('makes an archive that another program than ours can read', (t) => {
    const folder = emptyFolder(t)
    writeFileSync(join(folder, 'dialback.zip'), packageOf(APP))
    const python = spawnSync('python3', ['-m', 'zipfile', '-t', 'dialback.zip'], { cwd: folder })
    if (python.error) return t.skip('needs python3 (apt-get install python3)')
    assert.equal(python.status, 0, python.stderr.toString())
    assert.match(python.stdout.toString(), /Done testing/)
  })
})

suite('what a group says', () => {
  const carol: Who = {
    aadObjectId: 'carol',
    name: 'Carol',
    conversation: '19:team',
    conversationType: 'channel',
  }

  for (const watch of [false, true]) {
    const variant = watch ? 'with --watch' : 'without --watch'
    test(`${variant}: a mention is obeyed, and what is said among people is not, though it reads like a command`, async (t) => {
      const { manifest } = unpacked(packageOf({ ...APP, watch }))
      const granted = manifest.authorization?.permissions.resourceSpecific.map(({ name }) => name) ?? []
      const hearsAll = Object.values(WATCH).every((name) => granted.includes(name))
      const channel = await new FakeChannel({ hearsAll }).start()
      t.after(() => channel.stop())
      await using bench = await chatBench({ channel })
      const { receiver } = bench
      const overheard = await channel.sayToAll(carol, 'call Bob')
      assert.equal(overheard?.status, watch ? 200 : undefined, 'Teams delivers it with --watch alone')
      await channel.sayToAll({ ...carol, conversation: '19:chat', conversationType: 'groupChat' }, 'yes')
      assert.deepEqual(
        receiver.heard.map(({ act }) => act.kind),
        watch ? ['overheard', 'overheard'] : [],
        'it is marked as what was not meant for the bot',
      )
      receiver.heard.length = 0
      await channel.say(carol, 'call Bob')
      assert.deepEqual(
        receiver.heard.map(({ act }) => act),
        [{ kind: 'text', text: 'call Bob', mentions: [] }],
      )
      await channel.sayToAll({ aadObjectId: 'carol', name: 'Carol' }, 'call Bob')
      assert.equal(receiver.heard[1]?.act.kind, 'text', 'in personal chat nobody else can be meant')
    })
  }
})

type Version = { readonly version: string }

function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs what `npm run manifest` runs, in this folder. */
function made(cwd: string, env: Record<string, string>, args: readonly string[]) {
  const { PATH = '' } = process.env
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(home, 'manifest', 'run.mjs'), ...args],
    {
      cwd,
      env: { PATH, ...env },
      encoding: 'utf8',
    },
  )
  return { status, out: stdout + stderr }
}
