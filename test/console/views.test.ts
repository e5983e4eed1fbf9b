import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { fits, openWindow, pressAt, sheets, violations, walk, withoutChromium, withoutOldChromium, type Window } from '../support/chromium.js'
import { openDesks, type Desks } from '../support/desks.js'
import { ticketFor } from '../support/person.js'

for (const without of [withoutChromium, withoutOldChromium]) if (without !== false) process.stderr.write(`\n*** ${without} ***\n\n`)

/** Pages on which each kind of thing that they are made of stands. */
interface Shown { home: string, cases: string, verdict: string, photo: string, case: string, notice: string, request: string, entry: string, corrections: string, correction: string }

async function signIn ({ page }: Window, desks: Desks, clientId: string): Promise<void> {
  await page.goto(`${desks.url}/signin?ticket=${ticketFor(desks, clientId)}`)
}

async function prepare (t: Test, desks: Desks): Promise<Shown> {
  const { page, context } = await openWindow(t)
  const pathOf = (): string => new URL(page.url()).pathname
  await signIn({ page, context, errors: [] }, desks, 'approval-window')
  const verified: string[] = []
  for (const file of [desks.file, desks.photo]) {
    await page.goto(`${desks.url}/verify`)
    await page.setInputFiles('#file', file)
    await page.waitForURL(/\/verdicts\//)
    verified.push(pathOf())
  }
  const { caseId } = await desks.openCase()
  const { demandId } = await desks.demand()
  const correctionId = await desks.flag((await desks.openCase()).caseId)
  await signIn({ page, context, errors: [] }, desks, 'market')
  await page.goto(`${desks.url}/quarantine`)
  await page.click('table a >> nth=0')
  await page.waitForURL(/\/quarantine\/intake/)
  return { home: '/', cases: '/cases?only=unfinished', verdict: verified[0] as string, photo: verified[1] as string, case: `/cases/${caseId}`, notice: `/cases/${caseId}/notice`, request: `/requests/${demandId}`, entry: pathOf(), corrections: '/corrections', correction: `/corrections/${correctionId}` }
}

const WINDOW = ['home', 'cases', 'verdict', 'photo', 'case', 'notice'] as const
const PROVIDER = ['request', 'entry', 'corrections', 'correction'] as const

/** Each of the pages in turn, by whoever sees it. */
async function each (window: Window, desks: Desks, shown: Shown, look: (name: string) => Promise<void>): Promise<void> {
  for (const [clientId, names] of [['approval-window', WINDOW], ['market', PROVIDER]] as const) {
    await signIn(window, desks, clientId)
    for (const name of names) {
      await window.page.goto(desks.url + shown[name])
      await look(name)
    }
  }
}

async function keep (page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

t.test('however they are looked at', { skip: withoutChromium, timeout: 500_000 }, async t => {
  const desks = await openDesks(t)
  const shown = await prepare(t, desks)

  await t.test('at twice the size, and with the spacing that some readers need, nothing is cut off', async t => {
    const large = await openWindow(t, { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 })
    await each(large, desks, shown, async name => {
      await fits(t, large.page, `${name} at 200 %`)
      await keep(large.page, `${name}-200`)
      // WCAG 1.4.12; the policy takes a sheet that a reader's own tool sets, and nothing that a page brings along
      await large.page.setViewportSize({ width: 320, height: 640 })
      await large.page.evaluate(() => {
        interface Sheet { replaceSync: (text: string) => void }
        const { document, CSSStyleSheet } = globalThis as unknown as { document: { adoptedStyleSheets: Sheet[] }, CSSStyleSheet: new () => Sheet }
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
        document.adoptedStyleSheets = [sheet]
      })
      await fits(t, large.page, `${name} with wide spacing`)
      await keep(large.page, `${name}-spaced`)
      await large.page.setViewportSize({ width: 640, height: 360 })
    })
    t.same(large.errors, [])
  })

  await t.test('in the colours of the system shapes have an outline, words stay, and the focus is seen', async t => {
    const window = await openWindow(t)
    const { page, errors } = window
    await page.emulateMedia({ forcedColors: 'active' })
    await each(window, desks, shown, async name => {
      const found = await page.evaluate(() => {
        interface Element { className: string, textContent: string }
        const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll: (selector: string) => Iterable<Element> }, getComputedStyle: (element: Element) => Record<'borderTopStyle' | 'color' | 'backgroundColor' | 'clipPath', string> }
        const faults: string[] = []
        let states = 0
        for (const element of document.querySelectorAll('.shape, .mark, .verdict')) {
          const { borderTopStyle, color, backgroundColor, clipPath } = getComputedStyle(element)
          states++
          if (element.textContent.trim() === '') faults.push(`${element.className} says nothing`)
          if (color === backgroundColor) faults.push(`${element.className} cannot be read`)
          if (!element.className.startsWith('mark') && (borderTopStyle !== 'solid' || clipPath !== 'none')) faults.push(`${element.className} has no outline`)
        }
        return { states, faults }
      })
      t.same(found.faults, [], name)
      if (name !== 'notice') t.ok(found.states > 0, name)
      await keep(page, `${name}-forced`)
    })
    await page.goto(`${desks.url}/duties`)
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab')
    t.same(await page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as unknown as { document: { activeElement: unknown }, getComputedStyle: (element: unknown) => Record<'outlineStyle' | 'outlineWidth', string> }
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
      return [outlineStyle, outlineWidth]
    }), ['solid', '3px'])
    const under = await page.evaluate(() => {
      interface Element { getAttribute: (name: string) => string | null }
      const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll: (selector: string) => Iterable<Element> }, getComputedStyle: (element: Element) => { borderBottomColor: string } }
      return [...document.querySelectorAll('nav a')].map(link => [link.getAttribute('aria-current') === 'page', getComputedStyle(link).borderBottomColor] as const)
    })
    const here = under.find(([current]) => current)?.[1]
    t.notOk(under.some(([current, colour]) => !current && colour === here), 'the place where one is stands out')
    t.same(errors, [])
  })

  await t.test('nothing moves', async t => {
    const window = await openWindow(t)
    await window.page.emulateMedia({ reducedMotion: 'no-preference' }) // not even for those who would bear it
    await each(window, desks, shown, async name => {
      t.same(await window.page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll: (selector: string) => Iterable<{ tagName: string }> }, getComputedStyle: (element: object) => Record<'transitionDuration' | 'animationName', string> }
        return [...document.querySelectorAll('*')].filter(element => {
          const { transitionDuration, animationName } = getComputedStyle(element)
          return !/^0s(?:, 0s)*$/.test(transitionDuration) || animationName !== 'none'
        }).map(({ tagName }) => tagName)
      }), [], name)
    })
  })

  await t.test('on paper everything is grey, nothing is folded, and what can only be pressed is left out', async t => {
    const window = await openWindow(t, { viewport: { width: 720, height: 1000 } })
    const { page } = window
    await page.emulateMedia({ media: 'print' })
    await each(window, desks, shown, async name => {
      await page.evaluate(() => { globalThis.dispatchEvent(new Event('beforeprint')) })
      t.same(await page.evaluate(() => {
        interface Element { tagName: string, className: string, textContent: string, open?: boolean, getClientRects: () => { length: number }, childNodes: Iterable<{ nodeType: number, textContent: string }> }
        const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll: (selector: string) => Iterable<Element> }, getComputedStyle: (element: Element) => Record<'color' | 'backgroundColor' | 'borderTopColor' | 'borderTopStyle' | 'borderLeftColor' | 'borderLeftStyle', string> }
        const faults: string[] = []
        const grey = (colour: string): boolean => {
          const [r, g, b, a = '1'] = colour.match(/[\d.]+/g) ?? []
          return a === '0' || (r === g && g === b)
        }
        for (const element of document.querySelectorAll('body, body *')) {
          const shown = element.getClientRects().length > 0
          if (element.tagName === 'DETAILS' && shown && element.open !== true) faults.push(`folded: ${element.textContent.slice(0, 40)}`)
          if (!shown) continue
          if (['BUTTON', 'NAV', 'INPUT', 'SELECT'].includes(element.tagName) || element.className === 'skip') faults.push(`${element.tagName} is printed`)
          const { color, backgroundColor, borderTopColor, borderTopStyle, borderLeftColor, borderLeftStyle } = getComputedStyle(element)
          const says = [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim() !== '')
          if (says && !grey(color)) faults.push(`${element.tagName} ${element.className} is ${color}`)
          if (!grey(backgroundColor)) faults.push(`${element.tagName} ${element.className} lies on ${backgroundColor}`)
          if ((borderTopStyle !== 'none' && !grey(borderTopColor)) || (borderLeftStyle !== 'none' && !grey(borderLeftColor))) faults.push(`${element.tagName} ${element.className} has a border of ${borderTopColor} ${borderLeftColor}`)
        }
        return [...new Set(faults)].slice(0, 10)
      }), [], name)
      t.equal(await page.locator('.print-only').isVisible(), true, `${name}: who printed it, and when`)
      await keep(page, `${name}-paper`)
    })
    await page.emulateMedia({ media: null })
    await signIn(window, desks, 'approval-window')
    const count: Record<string, number> = {}
    for (const name of ['verdict', 'photo', 'notice'] as const) {
      await page.goto(`${desks.url}${shown[name]}${name === 'notice' ? '' : '?print=1'}`)
      count[name] = await sheets(page)
    }
    t.same(count, { verdict: 1, photo: 1, notice: 1 }, 'one sheet each')
    await page.goto(desks.url + shown.verdict)
    await page.pdf()
    t.ok(await page.locator('details[open]').count() < await page.locator('details').count(), 'after printing the screen is as it was')
  })

  await t.test('in an old Chromium', { skip: withoutOldChromium }, async t => {
    const window = await openWindow(t, { old: true })
    const { page, errors } = window
    t.comment(await page.evaluate(() => (globalThis as unknown as { navigator: { userAgent: string } }).navigator.userAgent))
    await each(window, desks, shown, async name => {
      t.same(await violations(page), [], name)
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 720 })
        await fits(t, page, `${name} at ${width}`)
        await keep(page, `${name}-old-${width}`)
      }
      await page.setViewportSize({ width: 1280, height: 720 })
    })
    await signIn(window, desks, 'approval-window')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${desks.url}/`)
    await pressAt(t, page, 'main a[href="/verify"]')
    await page.waitForURL(`${desks.url}/verify`)
    await walk(t, page, 'verify')
    await page.setInputFiles('#file', desks.file)
    await page.waitForURL(/\/verdicts\//)
    t.match(await page.title(), /^核验通过/)
    await pressAt(t, page, 'a[href$="?print=1"]')
    await page.waitForURL(/print=1/)
    t.equal(await page.getAttribute('[data-print-button]', 'hidden'), null, 'the script runs')
    await pressAt(t, page, '.who button')
    await page.waitForURL(/\/signout$/)
    t.same(errors, [])
  })
})
