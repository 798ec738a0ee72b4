/** contrib/dialback.service, as systemd reads it. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

const home = join(import.meta.dirname, '..', '..')
const contrib = join(home, 'contrib')
const unit = readFileSync(join(contrib, 'dialback.service'), 'utf8')
const outlives = readFileSync(join(contrib, 'dialback.service.d', 'outlives.conf'), 'utf8')

const skip =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? false
    : 'systemd-analyze cannot be had: apt-get install systemd'

if (skip !== false && process.env['CI'] === 'true') throw new Error(skip)

/** The values of a setting, in order. */
const values = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)

suite('the service of systemd', () => {
  test('is taken by systemd without a word, alone and with calls that outlive the bot', { skip }, (t) => {
    const alone = here(t, { dropIn: false })
    assert.deepEqual(verified(alone), { status: 0, said: '' })
    assert.deepEqual(verified(here(t, { dropIn: true })), { status: 0, said: '' })
  })

  test('is refused where it has what systemd does not know, in either file', { skip }, (t) => {
    const wrong = here(t, { dropIn: true })
    const file = join(wrong, 'dialback.service.d', 'outlives.conf')
    writeFileSync(file, readFileSync(file, 'utf8').replace('KillMode=process', 'KillMode=gently'))
    assert.match(verified(wrong).said, /KillMode|kill mode/i)
    const lost = here(t, { dropIn: false })
    rmSync(join(lost, 'dialback.service'))
    writeFileSync(join(lost, 'dialback.service'), unit)
    assert.match(verified(lost).said, /not executable/)
  })

  test('leaves the machine little to fear', { skip }, (t) => {
    const folder = here(t, { dropIn: false })
    const { stdout, status, stderr } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--threshold=30', join(folder, 'dialback.service')],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stdout + stderr)
  })

  test('starts what the packages bring, and knows the exit codes of src/cli/start.ts and src/runtime.mjs', () => {
    const [node = '', file = ''] = (values(unit, 'ExecStart')[0] ?? '').split(' ')
    const own = (path: string) => path.replace('/opt/dialback/current', home)
    assert.match(execFileSync(own(node), ['--version'], { encoding: 'utf8' }), /^v2\d\./)
    assert.ok(readFileSync(own(file), 'utf8').includes('launch'))
    const codes = (path: string, pattern: RegExp) =>
      [...readFileSync(join(home, path), 'utf8').matchAll(pattern)].map(([, code = '']) => code)
    const config = codes('src/cli/start.ts', /config: (\d+)/g)
    const unavailable = codes('src/runtime.mjs', /UNAVAILABLE = (\d+)/g)
    assert.deepEqual(values(unit, 'RestartPreventExitStatus'), [[...unavailable, ...config].join(' ')])
    assert.deepEqual(values(unit, 'Restart'), ['on-failure'])
  })

  test('ends the bot alone first; where calls outlive it, nothing but the bot', () => {
    assert.deepEqual(values(unit, 'KillMode'), ['mixed'])
    assert.deepEqual(values(outlives, 'KillMode'), ['process'])
    assert.deepEqual(values(outlives, 'Environment'), ['SIPD_PROCESS=1'])
    assert.deepEqual(values(outlives, 'OOMPolicy'), ['continue'])
    assert.ok(Number(values(unit, 'TimeoutStopSec')[0]) > 30 + 10, 'longer than DRAIN_SECONDS')
  })
})

/** The service as it would lie in /etc/systemd/system, of a project that is installed here. */
function here(t: TestContext, { dropIn }: { readonly dropIn: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'service-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'dialback.service'), unit.replaceAll('/opt/dialback/current', home))
  if (dropIn)
    cpSync(join(contrib, 'dialback.service.d'), join(folder, 'dialback.service.d'), { recursive: true })
  return folder
}

function verified(folder: string) {
  const args = ['verify', '--man=no', '--recursive-errors=no', join(folder, 'dialback.service')]
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return { status, said: (stdout + stderr).trim() }
}
