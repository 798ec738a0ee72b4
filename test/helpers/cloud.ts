/** Microsoft's cloud as far as meetings need it, on this machine: an issuer of tokens, Graph, and a tenant behind it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { selfSigned } from './certificate.ts'
import { FakeGraph, TENANT } from './graph.ts'
import { APP_ID, Issuer, PASSWORD } from './issuer.ts'
import { atTheEnd } from './office.ts'
import { FakeTenant } from './tenant.ts'

/**
 * Starts all of it, by https; each token is checked as Graph does: of this issuer, for this tenant and for Graph itself.
 * @param audio telephone access of the meetings that are made
 * @returns with `env`, the settings by which an administrator leads a bot there
 */
export async function cloudOf(t: TestContext, audio: object) {
  const issuer = await new Issuer(TENANT).start()
  atTheEnd(t, () => issuer[Symbol.asyncDispose]())
  const certificate = selfSigned()
  const graph = await FakeGraph.start(certificate)
  atTheEnd(t, () => graph[Symbol.asyncDispose]())
  const tenant = new FakeTenant(() => graph.url, audio)
  tenant.believes = (authorization) => issuer.checkOwn(authorization, graph.home)
  graph.answer = tenant.answer
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'))
  atTheEnd(t, () => rmSync(folder, { recursive: true }))
  const authorities = join(folder, 'authorities.pem')
  writeFileSync(authorities, issuer.certificate + certificate.cert)
  const env: Record<string, string> = {
    GRAPH_TENANT_ID: TENANT,
    GRAPH_CLIENT_ID: APP_ID,
    GRAPH_CLIENT_SECRET: PASSWORD,
    GRAPH_URL: graph.home,
    GRAPH_LOGIN_URL: issuer.url,
    NODE_EXTRA_CA_CERTS: authorities,
  }
  return { issuer, graph, tenant, env }
}
