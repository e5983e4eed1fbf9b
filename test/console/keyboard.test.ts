import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Correction } from '../../schemas/http/correction.v1.js'
import type { Demand } from '../../schemas/http/demand.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import type { QuarantineEntry } from '../../schemas/http/quarantine-entry.v1.js'
import { chooseAt, openWindow, pressAt, sheets, typeAt, walk, withoutChromium, type Window } from '../support/chromium.js'
import { ANSWERS, openDesks, type Desks } from '../support/desks.js'
import { ticketFor } from '../support/person.js'

if (withoutChromium !== false) process.stderr.write(`\n*** ${withoutChromium} ***\n\n`)

const CASE = /\/cases\/[0-9a-f-]{36}$/

/** From the link on: everything after it is done by keys. */
async function begin (t: Test, { url, ...province }: Desks, clientId: string): Promise<Window> {
  const window = await openWindow(t)
  await window.page.goto(`${url}/signin?ticket=${ticketFor({ ...province }, clientId)}`)
  await window.page.keyboard.press('Enter') // the focus stands on the way in
  await window.page.waitForURL(`${url}/`)
  return window
}

/** Asks for the page again, where it was shown before the outcome was there. */
async function refresh (t: Test, page: Page): Promise<void> {
  if (await page.locator('main [role=status] a').count() > 0) await pressAt(t, page, 'main [role=status] a')
}

async function printed (t: Test, page: Page): Promise<void> {
  await page.evaluate(() => { Object.assign(globalThis, { print: () => { Object.assign(globalThis, { printed: true }) } }) })
  await pressAt(t, page, '[data-print-button]')
  t.equal(await page.evaluate(() => (globalThis as unknown as { printed?: boolean }).printed), true)
}

t.test('by keyboard alone', { skip: withoutChromium, timeout: 500_000 }, async t => {
  const desks = await openDesks(t)
  const { url, file, api } = desks

  await t.test('a file is verified and its verdict printed', async t => {
    const { page, errors } = await begin(t, desks, 'approval-window')
    await pressAt(t, page, 'main a[href="/verify"]')
    await page.waitForURL(`${url}/verify`)
    const chosen = page.waitForEvent('filechooser') // before Tab, so that the browser has heard of it by the time of Enter
    await pressAt(t, page, '#file')
    await (await chosen).setFiles(file)
    await page.waitForURL(/\/verdicts\//)
    await walk(t, page, 'verdict')
    await pressAt(t, page, 'a[href$="?print=1"]')
    await page.waitForURL(/print=1/)
    await printed(t, page)
    t.equal(await sheets(page), 1)
    await pressAt(t, page, '.who button')
    await page.waitForURL(`${url}/signout`)
    t.match(await page.title(), /^已退出登录/)
    t.same(errors, [])
  })

  await t.test('a case is opened for an applicant, its notice printed, and each material acted upon', async t => {
    const { page, errors } = await begin(t, desks, 'approval-window')
    await pressAt(t, page, 'main a[href="/cases"]')
    await page.waitForURL(`${url}/cases`)
    await chooseAt(t, page, 'matter', 'open-restaurant')
    await pressAt(t, page, 'main form button')
    await page.waitForURL(/\/cases\/new\?/)
    await walk(t, page, 'case-new')
    await pressAt(t, page, '#name') // nothing is filled in yet
    await page.waitForSelector('.problems')
    t.match(await page.title(), /^出错：/)
    t.ok(await page.locator('.problems').evaluate(element => element === element.ownerDocument.activeElement), 'the focus is on what is wrong')
    await pressAt(t, page, '.problems a[href="#name"]')
    t.ok(await page.locator('#name').evaluate(element => element === element.ownerDocument.activeElement), 'a link leads into the field')
    await chooseAt(t, page, 'kind', 'legal')
    await typeAt(t, page, '#name', desks.applicant.name)
    await typeAt(t, page, '#code', desks.applicant.code)
    await typeAt(t, page, '#caseNumber', 'QZ20261128000123')
    await pressAt(t, page, 'main summary') // somebody acts for them
    await typeAt(t, page, '#agentName', desks.agent.name)
    await typeAt(t, page, '#agentCode', desks.agent.code)
    await typeAt(t, page, '#agentReference', '授权委托书-1')
    for (const [question, answers] of Object.entries(ANSWERS)) for (const answer of [answers].flat()) await chooseAt(t, page, `q.${question}`, answer)
    await pressAt(t, page, 'main form > button')
    await page.waitForURL(CASE).catch(async () => { t.fail(await page.textContent('main') ?? '') })
    const caseId = page.url().split('/').at(-1) as string
    const shown = async (): Promise<ExemptionCase> => (await api.call<ExemptionCase>('approval-window', 'GET', `/v1/exemptions/${caseId}`)).body
    const material = async (id: string): Promise<ExemptionCase['materials'][number]> => (await shown()).materials.find(material => material.id === id) as ExemptionCase['materials'][number]
    /** What the page says of it: whether it is handed in, and why. */
    const said = async (id: string): Promise<string[]> => [await page.getAttribute(`#m-${id}`, 'data-outcome') ?? '', await page.textContent(`#m-${id} a[href^="/help/"]`) ?? '']
    t.equal((await shown()).state, 'decided')
    t.same([await said('business-licence'), await said('agent-identity'), await said('fire-commitment')], [['skip', 'ASSERTION_YES'], ['undecided', 'NO_MATCH'], ['commit', 'COMMITMENT_ALLOWED']])
    await walk(t, page, 'case')

    await pressAt(t, page, 'a[href$="/notice"]')
    await page.waitForURL(/\/notice$/)
    await walk(t, page, 'notice')
    await printed(t, page)
    t.ok(await sheets(page) <= 2, 'two sheets at most')
    await pressAt(t, page, 'main a[href^="/cases/"]')
    await page.waitForURL(CASE)

    await t.test('flagged: which item is chosen, and taken back again', async t => {
      await pressAt(t, page, 'details.group > summary') // what is not handed in is folded
      await pressAt(t, page, '#m-business-licence a[href$="/flag"]')
      await page.waitForURL(/\/flag$/)
      await walk(t, page, 'flag')
      await chooseAt(t, page, 'item', 'assertion:登记状态')
      await typeAt(t, page, '#note', '已停业')
      await page.keyboard.press('Enter')
      await page.waitForURL(/#m-business-licence$/)
      t.same(await said('business-licence'), ['undecided', 'FLAGGED'])
      t.match((await material('business-licence')).flags, [{ item: '登记状态', why: '已停业' }])
      await walk(t, page, 'flagged')
      await pressAt(t, page, '#m-business-licence a[href$="/withdraw"]')
      await page.waitForURL(/\/withdraw$/)
      await walk(t, page, 'withdraw')
      await typeAt(t, page, '#reason', '申请人看错了')
      await page.keyboard.press('Enter')
      await page.waitForURL(/#m-business-licence$/)
      t.same(await said('business-licence'), ['skip', 'ASSERTION_YES'])
    })
    await t.test('refused: the applicant hands it in', async t => {
      await pressAt(t, page, '#m-business-licence a[href$="/refuse"]') // the address leads to it, so that its group stands open
      await page.waitForURL(/\/refuse$/)
      await pressAt(t, page, '#reason')
      await page.waitForSelector('.problems')
      t.match(await page.title(), /^出错：/)
      await walk(t, page, 'refuse')
      await typeAt(t, page, '#reason', '申请人要求自己提交')
      await page.keyboard.press('Enter')
      await page.waitForURL(/#m-business-licence$/)
      t.same(await said('business-licence'), ['submit', 'REFUSED_BY_APPLICANT'])
      t.equal((await material('business-licence')).refused?.why, '申请人要求自己提交')
    })
    await t.test('committed: the words that were signed are kept', async t => {
      await pressAt(t, page, '#m-fire-commitment a[href$="/commit"]')
      await page.waitForURL(/\/commit$/)
      await walk(t, page, 'commit')
      await chooseAt(t, page, 'signedBy', 'agent')
      await pressAt(t, page, 'main form button[type=submit]')
      await page.waitForURL(/#m-fire-commitment$/)
      t.same(await said('fire-commitment'), ['commit', 'COMMITMENT_ALLOWED'])
      const { commitment } = await material('fire-commitment')
      t.same([commitment?.made?.text, commitment?.made?.signedBy], [commitment?.text.zh, 'agent'])
      t.equal(await page.locator('#m-fire-commitment a[href$="/commit"]').count(), 0, 'once')
    })
    await t.test('asked again: what nobody knows stays undecided', async t => {
      await pressAt(t, page, '#m-agent-identity a[href$="/recheck"]')
      await page.waitForURL(/\/recheck$/)
      await walk(t, page, 'recheck')
      await pressAt(t, page, 'main form button')
      await page.waitForURL(/#m-agent-identity$/)
      t.same(await said('agent-identity'), ['undecided', 'NO_MATCH'])
    })
    await t.test('what is not finished is come to from the start page', async t => {
      await pressAt(t, page, 'nav a[href="/"]')
      await page.waitForURL(`${url}/`)
      await walk(t, page, 'home')
      await pressAt(t, page, `main a[href="/cases/${caseId}"]`)
      await page.waitForURL(CASE)
      t.same(await said('agent-identity'), ['undecided', 'NO_MATCH'])
    })
    t.same(errors, [])
  })

  await t.test('a provider has one of its events judged again, reads the outcome, then asks for all of a cause; an operator puts it aside', async t => {
    const { page, errors } = await begin(t, desks, 'market')
    await pressAt(t, page, 'main a[href="/quarantine"]')
    await page.waitForURL(`${url}/quarantine`)
    await walk(t, page, 'quarantine')
    await pressAt(t, page, 'table a')
    await page.waitForURL(/\/quarantine\/intake-/)
    const id = decodeURIComponent(page.url().split('/').at(-1) as string)
    const entry = async (): Promise<QuarantineEntry> => (await api.call<QuarantineEntry>('operator', 'GET', `/v1/quarantine/${id}`)).body
    await walk(t, page, 'quarantine-entry')
    await pressAt(t, page, '#reason')
    await page.waitForSelector('.problems')
    t.match(await page.title(), /^出错：/)
    await typeAt(t, page, '#reason', '已更正')
    await page.keyboard.press('Enter')
    await page.waitForSelector('main ul li:has-text("已更正")')
    await desks.exchange.settled()
    await refresh(t, page)
    await page.waitForSelector('main [role=status]:has-text("仍不合格")') // nothing was mended, and the page says so
    t.match(await entry(), { state: 'open', acts: [{ request: 'replay', why: '已更正' }] })

    await pressAt(t, page, 'main a[href="/quarantine"]')
    await page.waitForURL(`${url}/quarantine`)
    await pressAt(t, page, 'main a[href="/quarantine/replay?cause=SIGNATURE_MISSING"]')
    await page.waitForURL(/\/quarantine\/replay/)
    await walk(t, page, 'quarantine-replay')
    await pressAt(t, page, '#reason')
    await page.waitForSelector('.problems')
    await typeAt(t, page, '#reason', '补签后重发')
    await page.keyboard.press('Enter')
    await page.waitForURL(/requested=2$/)
    t.equal(await page.locator('main .verdict-ok[role=status]').count(), 1)
    await desks.exchange.settled()

    const operator = await begin(t, desks, 'operator')
    await pressAt(t, operator.page, 'main a[href="/quarantine"]')
    await operator.page.waitForURL(`${url}/quarantine`)
    await pressAt(t, operator.page, 'table a')
    await operator.page.waitForURL(/\/quarantine\/intake-/)
    const other = decodeURIComponent(operator.page.url().split('/').at(-1) as string)
    await pressAt(t, operator.page, 'details:has(#reason-discard) > summary')
    await typeAt(t, operator.page, '#reason-discard', '来源已停用')
    await operator.page.keyboard.press('Enter')
    await operator.page.waitForSelector('main ul li:has-text("来源已停用")')
    await desks.exchange.settled()
    await refresh(t, operator.page)
    await operator.page.waitForSelector('h1:has-text("已放弃")')
    t.equal((await api.call<QuarantineEntry>('operator', 'GET', `/v1/quarantine/${other}`)).body.state, 'discarded')
    t.same([...errors, ...operator.errors], [])
  })

  await t.test('a provider grants a demand in part and refuses another with its article; what is missing is said first', async t => {
    const [asked, other] = [await desks.demand(), await desks.demand('resources')]
    const shown = async ({ demandId }: Demand): Promise<Demand> => (await api.call<Demand>('market', 'GET', `/v1/catalogue/demands/${demandId}`)).body
    const { page, errors } = await begin(t, desks, 'market')
    await pressAt(t, page, 'main a[href="/duties"]')
    await page.waitForURL(`${url}/duties`)
    await walk(t, page, 'duties')
    await pressAt(t, page, `a[href="/requests/${asked.demandId}"]`)
    await page.waitForURL(/\/requests\//)
    await walk(t, page, 'request')
    await pressAt(t, page, '#why')
    await page.waitForSelector('.problems')
    t.match(await page.title(), /^出错：/)
    t.equal((await shown(asked)).state, 'open')
    await chooseAt(t, page, 'outcome', 'grant')
    await pressAt(t, page, 'input[name=field][value=法定代表人]', 'Space') // not this one
    await typeAt(t, page, '#until', '2026-12-31')
    await typeAt(t, page, '#why', '够用的四项')
    await page.keyboard.press('Enter')
    await page.waitForSelector('main .verdict strong:has-text("部分同意")')
    t.match(await shown(asked), { state: 'decided', decided: { outcome: 'partly-granted', why: '够用的四项' } })
    t.equal(await page.locator('main form').count(), 0, 'it is decided once')

    await pressAt(t, page, 'main a[href="/duties"]')
    await page.waitForURL(`${url}/duties`)
    await pressAt(t, page, `a[href="/requests/${other.demandId}"]`)
    await page.waitForURL(/\/requests\//)
    await chooseAt(t, page, 'outcome', 'refuse')
    await typeAt(t, page, '#why', '另有渠道')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.problems a[href="#article"]')
    await pressAt(t, page, '.problems a[href="#article"]')
    await page.keyboard.type('《政务数据共享条例》第十五条')
    await typeAt(t, page, '#reviewOn', '2027-06-30')
    await page.keyboard.press('Enter')
    await page.waitForSelector('main .verdict strong:has-text("不予共享")')
    t.match(await shown(other), { state: 'decided', decided: { outcome: 'refused', article: '《政务数据共享条例》第十五条', reviewOn: '2027-06-30' } })
    t.same(errors, [])
  })

  await t.test('a provider answers a correction; whoever asked takes another back', async t => {
    const { caseId } = await desks.openCase()
    const [asked, other] = [await desks.flag(caseId), await desks.flag(caseId, 'business-licence', { kind: 'wrong', item: '登记状态' })]
    const shown = async (correctionId: string): Promise<Correction> => (await api.call<Correction>('market', 'GET', `/v1/catalogue/corrections/${correctionId}`)).body
    const { page, errors } = await begin(t, desks, 'market')
    await pressAt(t, page, 'main a[href="/corrections"]')
    await page.waitForURL(`${url}/corrections`)
    await walk(t, page, 'corrections')
    await pressAt(t, page, `a[href="/corrections/${asked}"]`)
    await page.waitForURL(/\/corrections\/./)
    await walk(t, page, 'correction')
    await pressAt(t, page, '#why')
    await page.waitForSelector('.problems')
    t.match(await page.title(), /^出错：/)
    await pressAt(t, page, '.problems a[href="#outcome"]')
    await chooseAt(t, page, 'outcome', 'corrected')
    await typeAt(t, page, '#why', '已按变更登记更正')
    await page.keyboard.press('Enter')
    await page.waitForSelector('main .verdict strong:has-text("已更正")')
    t.match(await shown(asked), { state: 'answered', answered: { outcome: 'corrected', why: '已按变更登记更正' } })

    const window = await begin(t, desks, 'approval-window')
    await pressAt(t, window.page, 'main a[href="/cases"]')
    await window.page.waitForURL(`${url}/cases`)
    await pressAt(t, window.page, 'main a[href="/corrections"]')
    await window.page.waitForURL(`${url}/corrections`)
    await pressAt(t, window.page, `a[href="/corrections/${other}"]`)
    await window.page.waitForURL(/\/corrections\/./)
    await walk(t, window.page, 'correction-asked')
    await typeAt(t, window.page, '#withdrawal', '申请人看错了')
    await window.page.keyboard.press('Enter')
    await window.page.waitForSelector('main .verdict strong:has-text("已撤回")')
    t.match(await shown(other), { state: 'withdrawn', withdrawn: { why: '申请人看错了' } })
    t.same([...errors, ...window.errors], [])
  })
})
