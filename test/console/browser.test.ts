import { join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { clientOf } from '../../cli/department.js'
import { systemClock } from '../../services/core/clock.js'
import { openWindow, picture, tabTo, violations, withoutChromium, type Window } from '../support/chromium.js'
import { ticketFor } from '../support/person.js'
import { openDepartment, openProvince, type Province } from '../support/province.js'

if (withoutChromium !== false) process.stderr.write(`\n*** ${withoutChromium} ***\n\n`)

async function sampleProvince (t: Test): Promise<Province & { file: string, photo: string }> {
  const province = await openProvince(t)
  const market = await openDepartment(t, province, 'market')
  await market.issueSamples(systemClock)
  const token = await clientOf({ ...province, clientId: 'market' }).token()
  // One that cannot be read, and one that nobody signed
  for (const event of ['{"a":1,"a":2}', JSON.stringify({ specversion: '1.0', id: 'e-1', source: `urn:uscc:${market.config.uscc}`, type: 'record.upserted.v1', time: '2026-03-02T01:00:00Z', sequence: 9, subject: '630102199001011234', data: { resource: 'shops', key: '630102199001011234', values: { 法定代表人: '张三丰' } } })]) {
    await fetch(`${province.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: event })
  }
  await province.exchange.settled()
  const photo = join(province.settings.data.directory, '照片 <b>1.jpg')
  writeFileSync(photo, Buffer.from('ffd8ffe000104a464946', 'hex'))
  return { ...province, file: join(province.settings.data.directory, 'samples', 'business-licence.ofd'), photo }
}

/** A shop of the sample province opens a restaurant: every question answered, so that the case is decided. */
async function fillCase (page: Page, { settings }: Province): Promise<void> {
  const register = readFileSync(join(settings.data.directory, 'departments', 'market', 'register', '11990000YYYY010074001', 'register.csv'), 'utf8').replace(/^\ufeff/, '')
  const [heads = [], row = []] = register.split('\n').slice(0, 2).map(line => line.split(','))
  await page.fill('#name', row[heads.indexOf('持证主体')] as string)
  const code = row[heads.indexOf('持证主体代码')] as string
  await page.check(`input[value=${code.startsWith('92') ? 'individual-business' : 'legal'}]`)
  await page.fill('#code', code)
  await page.fill('#caseNumber', 'QZ20261128000123')
  for (const set of await page.locator('main form fieldset').all()) {
    const inputs = await set.locator('input').all()
    if ((await inputs[0]?.getAttribute('name'))?.startsWith('q.') === true) await inputs.at(-1)?.check()
  }
}

async function signIn ({ page }: Window, province: Province, clientId: string): Promise<void> {
  await page.goto(`${province.url}/signin?ticket=${ticketFor(province, clientId)}`)
}

t.test('pages in a real browser', { skip: withoutChromium, timeout: 500_000 }, async t => {
  const province = await sampleProvince(t)
  const { url, file, photo } = province

  await t.test('every page passes axe under its own policy, fits 320 pixels, and complains of nothing', async t => {
    const window = await openWindow(t)
    const { page, errors } = window
    const look = async (name: string): Promise<void> => {
      t.same(await violations(page), [], name)
      await picture(t, page, name)
    }
    await page.goto(`${url}/`)
    await look('signed-out')
    await signIn(window, province, 'approval-window')
    t.notMatch(page.url(), /ticket/, 'no ticket stays in the address bar')
    await look('signed-in')
    await page.goto(`${url}/`)
    await look('home-window')
    await page.goto(`${url}/verify`)
    await look('verify')
    await page.click('main .drop button')
    await look('verify-nothing-chosen')
    await page.setInputFiles('#file', file)
    await page.waitForURL(/\/verdicts\//)
    t.match(await page.title(), /^核验通过 · business-licence\.ofd · 免证$/)
    await look('verdict-valid')
    await page.goto(`${page.url()}?print=1`)
    await look('verdict-valid-to-print')
    await page.setInputFiles('#file', [photo, file]).catch(async () => {
      await page.goto(`${url}/verify`)
      await page.setInputFiles('#file', [photo, file])
    })
    await page.waitForURL(/\/verdict-lists\//)
    await page.waitForSelector('.task a[href^="/verdicts/"] >> nth=1')
    await look('verdict-list')
    await page.click('.task a >> nth=0')
    t.match(await page.title(), /^暂不能确认 · 照片 <b>1\.jpg/, 'the worst comes first')
    await look('verdict-indeterminate')
    await page.keyboard.type('1.2.156.3005.2.x')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => (globalThis as unknown as { document: { title: string } }).document.title.startsWith('核验不通过'))
    await look('verdict-identifier')
    await page.goto(`${url}/cases`)
    await look('cases')
    await page.selectOption('#matter', 'open-restaurant')
    await page.click('main form button')
    await look('case-new')
    await page.click('main form > button')
    t.match(await page.title(), /^出错：/)
    await look('case-new-problems')
    await fillCase(page, province)
    await page.click('main form > button')
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/).catch(async () => { t.fail(await page.textContent('main') ?? '') })
    await look('case')
    await page.goto(`${page.url()}/notice`)
    await look('case-notice')
    await page.goto(`${url}/catalogue?q=登记`)
    await look('catalogue')
    await page.goto(`${url}/duties`)
    await look('duties')
    await page.goto(`${url}/quarantine`)
    t.match(await page.title(), /您的角色不能查看本页，已留痕/)
    await look('denied')
    await page.goto(`${url}/help/CONTENT_CHANGED`)
    await look('help')
    await page.goto(`${url}/verdicts/00000000-0000-4000-8000-000000000000`)
    await look('missing')
    await signIn(window, province, 'market')
    await page.goto(`${url}/me`)
    await look('me')
    await page.goto(`${url}/quarantine`)
    await look('quarantine')
    await page.click('table a >> nth=0')
    await look('quarantine-entry')
    t.notMatch(await page.textContent('main'), /张三丰|630102199001011234/)
    await page.goto(`${url}/quarantine/replay?cause=SIGNATURE_MISSING`)
    await look('quarantine-replay')
    await page.goto(`${url}/quarantine?cause=GAP`)
    await look('quarantine-empty')
    t.same(errors, [])
  })

  await t.test('by keyboard alone from the link to the printed verdict', async t => {
    const window = await openWindow(t)
    const { page, errors } = window
    await signIn(window, province, 'approval-window')
    await page.keyboard.press('Enter') // the focus stands there
    await page.waitForURL(`${url}/`)
    await tabTo(t, page, 'main a[href="/verify"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/verify`)
    const chosen = page.waitForEvent('filechooser') // before Tab, so that the browser has heard of it by the time of Enter
    await tabTo(t, page, '#file')
    await page.keyboard.press('Enter')
    const chooser = await chosen
    await chooser.setFiles(file)
    await page.waitForURL(/\/verdicts\//)
    await tabTo(t, page, 'a[href$="?print=1"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(/print=1/)
    await page.evaluate(() => { Object.assign(globalThis, { print: () => { Object.assign(globalThis, { printed: true }) } }) })
    await tabTo(t, page, '[data-print-button]')
    await page.keyboard.press('Enter')
    t.equal(await page.evaluate(() => (globalThis as unknown as { printed?: boolean }).printed), true)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    t.equal([...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length, 1, 'one sheet')
    await tabTo(t, page, '.who button')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=已退出登录')
    t.same(errors, [])
  })

  await t.test('a case by keyboard alone, to the notice that is printed', async t => {
    const window = await openWindow(t)
    const { page, errors } = window
    await signIn(window, province, 'approval-window')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/`)
    await tabTo(t, page, 'main a[href="/cases"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/cases`)
    await tabTo(t, page, '#matter')
    for (let presses = 0; presses < 20 && await page.inputValue('#matter') !== 'open-restaurant'; presses++) await page.keyboard.press('ArrowDown')
    await tabTo(t, page, 'main form button')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/cases\/new/)
    await tabTo(t, page, 'input[name=kind]')
    await page.keyboard.press('ArrowDown')
    for (const [field, text] of [['name', '晨光小吃店'], ['code', '92990102MA8EXAMPL0'], ['caseNumber', 'QZ1']]) {
      await tabTo(t, page, `#${field}`)
      await page.keyboard.type(text as string)
    }
    await page.keyboard.press('Enter')
    await page.waitForSelector('.problems') // that number has no right check character
    t.match(await page.title(), /^出错：/)
    await fillCase(page, province)
    await tabTo(t, page, 'main form > button')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/).catch(async () => { t.fail(await page.textContent('main') ?? '') })
    await page.goto(`${page.url()}/notice`)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    t.ok(pdf.length > 1000)
    t.same(errors, [])
  })

  await t.test('a department mends by keyboard: looks at the cause, and has its event judged again', async t => {
    const window = await openWindow(t)
    const { page, errors } = window
    await signIn(window, province, 'market')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/`)
    await tabTo(t, page, 'main a[href="/quarantine"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/quarantine`)
    await tabTo(t, page, 'table a')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/quarantine\/intake-/)
    await tabTo(t, page, '#reason')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.problems')
    t.match(await page.title(), /^出错：/)
    await tabTo(t, page, '#reason')
    await page.keyboard.type('已更正')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=申请重新检查 Asked')
    await province.exchange.settled()
    t.same(errors, [])
  })

  await t.test('the same without script', async t => {
    const window = await openWindow(t, { script: false })
    const { page } = window
    await signIn(window, province, 'approval-window')
    await page.click('main a.button')
    await page.waitForURL(`${url}/`)
    await page.click('main a[href="/verify"]')
    await page.setInputFiles('#file', file)
    await page.click('main .drop button')
    await page.waitForURL(/\/verdicts\//)
    t.match(await page.title(), /^核验通过/)
    await page.click('a[href$="?print=1"]')
    t.match(await page.textContent('main'), /按 Ctrl\+P 打印/)
    await page.click('.who button')
    t.match(await page.textContent('main'), /已退出登录/)
  })
})
