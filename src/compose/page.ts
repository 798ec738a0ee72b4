/** The demo's page: also that of a trial with one's own PBX. */
import { join } from 'node:path'
import { Renderer } from '../chat/render/render.ts'
import { drawSamples } from '../chat/render/samples.ts'
import { loadTemplates } from '../chat/render/templates.ts'
import type { Person } from '../core/party.ts'
import { createDemo } from '../demo/demo.ts'
import type { Demo } from '../demo/demo.ts'
import type { OpsLog } from '../ops/log.ts'
import type { Pbx } from '../sim/pbx.ts'

/** @param port the bot's own, once it listens */
export function openPage(
  people: () => readonly Person[],
  port: () => number,
  { pbx, dataDir, log }: { readonly pbx: Pbx | undefined; readonly dataDir: string; readonly log: OpsLog },
): Demo {
  const renderer = new Renderer(loadTemplates())
  return createDemo({
    get botUrl() {
      return `http://127.0.0.1:${port()}`
    },
    people: () =>
      people().map(({ id, aadObjectId, name, email, extension, phones }) => {
        const desk = phones.desk ?? extension
        return {
          aadObjectId: aadObjectId ?? id,
          name,
          ...(email === undefined ? {} : { email }),
          ...(desk === undefined ? {} : { desk }),
        }
      }),
    ...(pbx ? { pbx } : {}),
    history: join(dataDir, 'page.json'),
    gallery: (language) => drawSamples(renderer, language),
    log: log.child({ part: 'demo' }),
  })
}

/** Where the page is served, beside the bot's own paths. */
export function mounts(demo: Demo) {
  const handle: Demo['handle'] = (req, res) => demo.handle(req, res)
  return [
    { path: '/', handle },
    { path: '/demo', handle },
    {
      path: '/demo/*',
      handle,
      upgrade: ((req, socket, head) => demo.upgrade(req, socket, head)) as Demo['upgrade'],
    },
  ]
}
