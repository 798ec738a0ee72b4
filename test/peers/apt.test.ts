import assert from 'node:assert/strict'
import { test } from 'node:test'
import { debianArchive, readDeb822, readOneLine } from './apt.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

test('one-line sources are read, comments and source packages left out', () => {
  const sources = readOneLine(`# deb http://old.example/debian buster main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=${keyring}] http://mirror.example/debian bookworm main contrib # ours
deb http://mirror.example/debian-security bookworm-security main`)
  assert.deepEqual(
    sources.map((source) => [source.uri, source.suites, source.components, source.signedBy]),
    [
      ['http://mirror.example/debian', ['bookworm'], ['main', 'contrib'], keyring],
      ['http://mirror.example/debian-security', ['bookworm-security'], ['main'], undefined],
    ],
  )
})

test('deb822 sources are read, with several suites, comments within and a key written out', () => {
  const sources = readDeb822(`Types: deb deb-src
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: sid
Components: main`)
  assert.equal(sources.length, 1)
  assert.deepEqual(sources[0]?.suites, ['bookworm', 'bookworm-updates'])
  assert.match(sources[0].signedBy ?? '', /^\n -----BEGIN[\s\S]*END PGP PUBLIC KEY BLOCK-----$/)
})

test("Debian's own archive is told from others that name its release", () => {
  const others = readOneLine(`deb http://apt.example.com bookworm main
deb [signed-by=/usr/share/keyrings/tool.gpg] https://tool.example/linux/debian bookworm stable
deb http://mirror.example/debian-security bookworm-security main`)
  assert.equal(debianArchive(others), undefined)
  const debian = readOneLine('deb http://mirror.example/debian/ trixie main')
  assert.equal(debianArchive([...others, ...debian])?.uri, 'http://mirror.example/debian/')
})
