import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import type { Test } from 'tap'

export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Why browser tests do not run here, or false where they do. */
export const withoutChromium: string | false = existsSync(CHROMIUM) ? false : `NO CHROMIUM AT ${CHROMIUM}: the pages were not driven in a browser; install it, or set CHROMIUM`

/** As root in a container there is no sandbox; and nothing of its own goes out to the network. */
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export interface Window { context: BrowserContext, page: Page, errors: string[] }

/** A window of a real browser; what the page complains about in its console is collected. */
export async function openWindow (t: Test, { script = true }: { script?: boolean } = {}): Promise<Window> {
  const profile = mkdtempSync(join(tmpdir(), 'console-browser-'))
  const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: ARGUMENTS, javaScriptEnabled: script, viewport: { width: 1280, height: 720 }, locale: 'zh-CN' })
  t.teardown(async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  })
  const page = context.pages()[0] ?? await context.newPage()
  const errors: string[] = []
  page.on('console', message => {
    // A page that says why it refuses is itself answered with a 4xx, which Chromium tells as an error.
    if (message.type() === 'error' && !/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', error => { errors.push(error.message) })
  return { context, page, errors }
}

/** What axe-core finds against WCAG 2.2 AA, under the page's own policy. */
export async function violations (page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return await page.evaluate(async tags => {
    const axe = (globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Array<{ id: string, nodes: Array<{ html: string }> }> }> } }).axe
    const { violations } = await axe.run({ runOnly: tags })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }, STANDARD)
}

/** Presses Tab until this element has the focus, and looks that the focus can be seen at each stop it comes to. */
export async function tabTo (t: Test, page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    const [there, seen] = await page.evaluate(selector => {
      const document = (globalThis as unknown as { document: { activeElement: { matches: (selector: string) => boolean, tagName: string } | null } }).document
      const active = document.activeElement
      if (active === null || active.tagName === 'BODY') return [false, true]
      const { outlineStyle, outlineWidth } = (globalThis as unknown as { getComputedStyle: (element: unknown) => { outlineStyle: string, outlineWidth: string } }).getComputedStyle(active)
      return [active.matches(selector), active.matches('main') || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 3)]
    }, selector)
    if (seen !== true && presses > 0) t.fail(`the focus cannot be seen on the way to ${selector}`)
    if (there === true) return
    await page.keyboard.press('Tab')
  }
  t.fail(`no way to ${selector} by the Tab key`)
}

/** Keeps pictures for people to look at, where SCREENSHOTS names a folder; looks in any case that nothing runs off sideways. */
export async function picture (t: Test, page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  for (const [width, height] of [[1280, 720], [320, 640]] as const) {
    await page.setViewportSize({ width, height })
    const over = await page.evaluate(() => (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } }).document.documentElement.scrollWidth)
    t.ok(over <= width, `${name} runs off sideways at ${width}: ${over}`)
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  if (folder === undefined) return
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: join(folder, `${name}-print.png`), fullPage: true })
  await page.emulateMedia({ media: null })
}
