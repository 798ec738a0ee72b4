/** A real browser without a screen: Chromium, driven by playwright-core. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { program } from './debian.ts'

export const CHROMIUM_ARGS: readonly string[] = [
  // Root, as in a container, cannot have its sandbox; it opens pages of ours only.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export class Browser {
  readonly #context: BrowserContext
  readonly #home: string

  private constructor(context: BrowserContext, home: string) {
    this.#context = context
    this.#home = home
  }

  /** @param locale what pages are told that its user speaks: `en-GB`, `es-ES` */
  static async start(locale = 'en-GB'): Promise<Browser> {
    const { command, env } = await program('chromium')
    const home = mkdtempSync(join(tmpdir(), 'chromium-'))
    // All that it writes lies in its own home, which goes with it.
    const folders = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home }
    const context = await chromium.launchPersistentContext(join(home, 'profile'), {
      executablePath: command,
      args: [...CHROMIUM_ARGS],
      env: { ...definedOf(process.env), ...env, ...folders },
      headless: true,
      locale,
      viewport: { width: 1280, height: 800 },
      timeout: 60_000,
    })
    return new Browser(context, home)
  }

  /** Opens a page and resolves when it has loaded; errors in it are kept in `errors`. */
  async open(url: string): Promise<Page & { readonly errors: readonly string[] }> {
    const page = await this.#context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.goto(url)
    return Object.assign(page, { errors })
  }

  async stop(): Promise<void> {
    await this.#context.close()
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 3 })
  }
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
