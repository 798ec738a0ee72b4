/** axe-core (Deque), put into a page: what it finds wrong, in lines that can be read. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Every violation of WCAG 2.2 A and AA, and of axe's own good practice, that a page has as it stands now. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Colours are judged where they have come to rest.
  await page.evaluate(
    'Promise.all(document.getAnimations().filter((one) => !(one.effect.getTiming().iterations === Infinity)).map((one) => one.finished.catch(() => undefined)))',
  )
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source)
  const found: AxeResults = await page.evaluate('axe.run(document)')
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) =>
        `${id}: ${node.html.slice(0, 120)} (${node.failureSummary?.replace(/\s+/g, ' ').slice(0, 200) ?? ''})`,
    ),
  )
}
