import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const page = (name: string) => fileURLToPath(new URL(`./page/${name}`, import.meta.url))
const CARDS = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js')

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** Nothing from elsewhere is loaded, and no other page may frame this one. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The card renderer sets styles on the elements that it makes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the pages: `/`, the gallery of cards at `/demo/cards`, and below `/demo/page/` its modules, its style and the card renderer. */
export async function serveAsset(path: string, res: ServerResponse): Promise<void> {
  const file = fileOf(path)
  const bytes = file && (await readFile(file).catch(() => undefined))
  if (!bytes) return plain(res, 404, 'There is nothing here. The chat is at /')
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1)]
  // In two statements: restify's writeHead, where the page is mounted, does not return the response.
  res.writeHead(200, { ...SAFE, 'content-type': type, 'cache-control': 'no-cache' })
  res.end(bytes)
}

/** A sentence instead of a page. */
export function plain(res: ServerResponse, status: number, sentence: string): void {
  res.writeHead(status, { ...SAFE, 'content-type': 'text/plain; charset=utf-8' })
  res.end(`${sentence}\n`)
}

/** Data for one of the pages. */
export function json(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { ...SAFE, 'content-type': 'application/json', 'cache-control': 'no-cache' })
  res.end(JSON.stringify(body))
}

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

function fileOf(path: string): string | undefined {
  if (path === '/') return page('index.html')
  if (path === '/demo/cards') return page('gallery.html')
  if (path === '/demo/page/adaptivecards.js') return CARDS
  const name = /^\/demo\/page\/([a-z][a-z0-9-]*\.(?:js|css|svg|woff2))$/.exec(path)?.[1]
  return name === undefined ? undefined : page(name)
}
