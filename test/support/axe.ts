/** What axe and a narrow screen say against a page that is open in a browser. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Each broken rule with the elements that break it; of `rules` alone where some are named. */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(source)
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const found = await axe.run(document, only ? { runOnly: [...only] } : {})
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }, rules)
}

/** The innermost elements that make the page wider than the window. */
export function sticksOutOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth && one.children.length === 0)
      .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().slice(0, 80)}`)
  })
}

/** Scrolls to every part that is made only when somebody comes near it. */
export async function comeNear(page: Page): Promise<void> {
  const parts = page.locator('.near')
  for (let i = 0; i < (await parts.count()); i++) await parts.nth(i).scrollIntoViewIfNeeded()
  await page.evaluate(() => scrollTo(0, 0))
}
