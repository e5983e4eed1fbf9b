import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Test } from 'tap'

export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Why browser tests do not run here, or false where they do. */
export const withoutChromium: string | false = existsSync(CHROMIUM) ? false : `NO CHROMIUM AT ${CHROMIUM}: the pages were not driven in a browser; install it, or set CHROMIUM`

/** A second one, as old as offices have them; docs/console.md says where one may be had. */
export const OLD_CHROMIUM = process.env['OLD_CHROMIUM'] ?? ''
export const withoutOldChromium: string | false = existsSync(OLD_CHROMIUM) ? false : `NO OLD CHROMIUM (OLD_CHROMIUM=${OLD_CHROMIUM}): the pages were not driven in an old browser; docs/console.md says how`

/** As root in a container there is no sandbox; and nothing of its own goes out to the network. */
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
/** What builds of Chromium that are made for small machines need beside. */
const OLD_ARGUMENTS = ['--single-process', '--no-zygote']
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export interface Window { context: BrowserContext, page: Page, errors: string[] }

/** A window of a real browser; what the page complains about in its console is collected. */
export async function openWindow (t: Test, { script = true, old = false, ...look }: { script?: boolean, old?: boolean } & Pick<BrowserContextOptions, 'viewport' | 'deviceScaleFactor'> = {}): Promise<Window> {
  const profile = mkdtempSync(join(tmpdir(), 'console-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: old ? OLD_CHROMIUM : CHROMIUM, args: old ? [...ARGUMENTS, ...OLD_ARGUMENTS] : ARGUMENTS, javaScriptEnabled: script, viewport: { width: 1280, height: 720 }, locale: 'zh-CN', ...look
  })
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

interface Stop { what: string, faults: string[], there: boolean }

/** Where the focus is, and whether a person sees it there: ring drawn, on the screen, nothing over it. */
async function stop (page: Page, selector = '*'): Promise<Stop | undefined> {
  return await page.evaluate(selector => {
    interface Element { matches: (selector: string) => boolean, contains: (other: unknown) => boolean, tagName: string, id: string, outerHTML: string, getBoundingClientRect: () => { left: number, top: number, right: number, bottom: number, width: number, height: number } }
    const { document, getComputedStyle, innerWidth, innerHeight } = globalThis as unknown as {
      document: { activeElement: Element | null, elementFromPoint: (x: number, y: number) => Element | null }
      getComputedStyle: (element: unknown) => Record<'outlineStyle' | 'outlineWidth' | 'outlineColor' | 'boxShadow', string>
      innerWidth: number
      innerHeight: number
    }
    const active = document.activeElement
    if (active === null || active.tagName === 'BODY') return undefined
    const faults: string[] = []
    if (active.id !== 'main') { // it takes the focus from the skip link, and is all there is to see
      const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(active)
      if (outlineStyle !== 'solid' || parseFloat(outlineWidth) < 3 || outlineColor !== 'rgb(255, 191, 0)' || !boxShadow.startsWith('rgb(27, 31, 36)')) faults.push(`no ring: ${outlineStyle} ${outlineWidth} ${outlineColor}, ${boxShadow}`)
      const { left, top, right, bottom, width, height } = active.getBoundingClientRect()
      if (width < 8 || height < 8 || right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) faults.push(`off the screen: ${left} ${top} ${right} ${bottom}`)
      else {
        const over = document.elementFromPoint(Math.min(Math.max(left, 0) + 4, innerWidth - 1), Math.min(Math.max(top, 0) + 4, innerHeight - 1))
        if (over !== null && !active.contains(over) && !over.contains(active)) faults.push(`under ${over.outerHTML.slice(0, 80)}`)
      }
    }
    return { what: active.outerHTML.slice(0, 120), faults, there: active.matches(selector) }
  }, selector)
}

/** Presses Tab until this element has the focus, and looks that the focus can be seen at each stop it comes to. */
export async function tabTo (t: Test, page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    const at = await stop(page, selector)
    // Where a page opens, the browser may have the focus somewhere without a ring; from the first Tab on it has to be seen.
    if (at !== undefined && presses > 0) for (const fault of at.faults) t.fail(`on the way to ${selector}, ${at.what}: ${fault}`)
    if (at?.there === true) return
    await page.keyboard.press('Tab')
  }
  t.fail(`no way to ${selector} by the Tab key`)
}

/** Tabs to something and presses a key there, Enter unless told. */
export async function pressAt (t: Test, page: Page, selector: string, key = 'Enter'): Promise<void> {
  await tabTo(t, page, selector)
  await page.keyboard.press(key)
}

/** Tabs to a field and types, over what stood there. */
export async function typeAt (t: Test, page: Page, selector: string, text: string): Promise<void> {
  await tabTo(t, page, selector)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

/** Chooses by the keys that people use: arrows among radio buttons and in a list, the space bar on a box. */
export async function chooseAt (t: Test, page: Page, name: string, value: string): Promise<void> {
  const [one, field] = [`[name="${name}"][value="${value}"]`, `[name="${name}"]`]
  const kind = await page.locator(field).first().evaluate(element => (element as unknown as { type: string }).type)
  if (kind === 'checkbox') { await pressAt(t, page, one, 'Space'); return }
  await tabTo(t, page, field)
  const chosen = async (): Promise<boolean> => kind === 'radio' ? await page.locator(one).isChecked() : await page.inputValue(field) === value
  for (let presses = 0; presses < 30 && !await chosen(); presses++) await page.keyboard.press(kind === 'radio' && presses === 0 ? 'Space' : 'ArrowDown')
  t.ok(await chosen(), `${name} is set to ${value}`)
}

/** Tabs once round the page: every stop is seen, everything that can be used is come to, and the way leads out again. */
export async function walk (t: Test, page: Page, name: string): Promise<void> {
  interface Element { type?: string, name?: string, outerHTML: string, walked?: boolean, checkVisibility?: () => boolean, getClientRects: () => { length: number } }
  const left = async (): Promise<string[]> => await page.evaluate(() => {
    const { document } = globalThis as unknown as { document: { querySelectorAll: (selector: string) => Iterable<Element> } }
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(element => element.checkVisibility?.() ?? element.getClientRects().length > 0) // old ones do not know the first
    const come = new Set(all.filter(({ type, walked }) => type === 'radio' && walked === true).map(({ name }) => name)) // one stop for each group
    return all.filter(({ type, name, walked }) => walked !== true && !(type === 'radio' && come.has(name))).map(({ outerHTML }) => outerHTML.slice(0, 120))
  })
  const most = (await left()).length + 5
  for (let presses = 0; presses <= most; presses++) {
    await page.keyboard.press('Tab')
    const at = await stop(page)
    if (at === undefined) continue // the browser's own bars lie between the end and the start
    const again = await page.evaluate(() => {
      const { activeElement } = (globalThis as unknown as { document: { activeElement: Element } }).document
      const before = activeElement.walked === true
      activeElement.walked = true
      return before
    })
    if (again) break
    for (const fault of at.faults) t.fail(`${name}, ${at.what}: ${fault}`)
  }
  t.same(await left(), [], `${name}: nothing that can be used is left out`)
}

/** Keeps pictures for people to look at, where SCREENSHOTS names a folder; looks in any case that nothing runs off sideways. */
export async function picture (t: Test, page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  for (const [width, height] of [[1280, 720], [320, 640]] as const) {
    await page.setViewportSize({ width, height })
    await fits(t, page, `${name} at ${width}`)
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  if (folder === undefined) return
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: join(folder, `${name}-print.png`), fullPage: true })
  await page.emulateMedia({ media: null })
}

/** Nothing runs off sideways, and no text is cut off where its box ends. */
export async function fits (t: Test, page: Page, name: string): Promise<void> {
  const faults = await page.evaluate(() => {
    interface Box { left: number, right: number }
    interface Element { tagName: string, className: string, id: string, scrollWidth: number, clientWidth: number, textContent: string, closest: (selector: string) => unknown, getBoundingClientRect: () => Box, getClientRects: () => { length: number } }
    const { document, getComputedStyle, innerWidth } = globalThis as unknown as {
      document: { documentElement: Element, querySelectorAll: (selector: string) => Iterable<Element> }, getComputedStyle: (element: Element) => { overflowX: string }, innerWidth: number
    }
    const found: string[] = []
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`)
    for (const element of document.querySelectorAll('main *, header *')) {
      if (element.getClientRects().length === 0 || element.closest('.hidden, .table-box, pre, select') !== null) continue // those scroll by themselves
      const { left, right } = element.getBoundingClientRect()
      if (left < -1 || right > innerWidth + 1) found.push(`${element.tagName} ${element.className} from ${left} to ${right}`)
      if (getComputedStyle(element).overflowX === 'hidden' && element.scrollWidth > element.clientWidth) found.push(`${element.tagName} ${element.className} cuts off ${element.textContent}`)
    }
    return found.slice(0, 5)
  })
  t.same(faults, [], `${name}: nothing runs off sideways`)
}

/** How many sheets of paper the page takes. */
export async function sheets (page: Page): Promise<number> {
  return [...(await page.pdf({ preferCSSPageSize: true })).toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length
}
