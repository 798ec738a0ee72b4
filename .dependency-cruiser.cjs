// The one direction of import (ARCHITECTURE.md): core ◄ app ◄ adapters ◄ compose ◄ main.
const only = (name, from, allowed) => ({
  name,
  comment: `src/${from} may import of the project only: ${allowed.join(', ')}`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: allowed.map((a) => `^src/${a}`) },
})
/** A library that one folder alone may import, so that it can be replaced in one place. */
const keep = (library, home) => ({
  name: `${library}-only-in-${home.replace(/\W+/g, '-')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}` },
  to: { path: `node_modules/${library}/` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('core-is-pure', 'core', ['core/']),
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core'] },
    },
    only('app-knows-core', 'app', ['core/', 'app/']),
    ...['chat', 'sip', 'directory', 'store', 'ops', 'media', 'graph', 'calendar'].map((x) =>
      only(`${x}-knows-app-and-core`, x, ['core/', 'app/', `${x}/`, ...(x === 'sip' ? ['media/'] : [])]),
    ),
    ...['sipd', 'sim'].map((x) => only(`${x}-stands-alone`, x, [`${x}/`])),
    // The one place that knows both: a process of their own, which outlives the bot.
    only('engine-is-sipd-and-media', 'engine', ['engine/', 'sipd/', 'media/']),
    only('demo-is-no-part-of-the-bot', 'demo', ['demo/', 'sim/']),
    {
      name: 'only-compose-names-adapters',
      severity: 'error',
      from: {
        path: '^src/(core|app|chat|sip|directory|store|ops|media|graph|calendar|sipd|engine|sim|demo)/',
      },
      to: { path: '^src/(compose(/|\\.ts$)|cli/|doctor/|main\\.ts$)' },
    },
    // The Teams package tells of the bot, and is no part of it.
    {
      name: 'manifest-knows-core-and-settings',
      severity: 'error',
      from: { path: '^manifest/' },
      to: { path: '^src/', pathNot: ['^src/core/', '^src/config/', '^src/runtime.mjs$'] },
    },
    {
      name: 'nothing-knows-manifest',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^manifest/' },
    },
    keep('drachtio-srf', 'sip/'),
    keep('restify', 'chat/http\\.ts'),
    keep('botbuilder', 'chat/'),
    keep('lowdb', 'store/'),
    keep('pino', 'ops/'),
    keep('any-ascii', 'directory/'),
    keep('csv-parse', 'directory/import/'),
    keep('ical.js', 'calendar/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
}
