import type { Page } from 'playwright-core'
import t from 'tap'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import { openWindow, picture, violations, withoutChromium, type Window } from '../support/chromium.js'
import { ANSWERS, openDesks, type Desks } from '../support/desks.js'
import { ticketFor } from '../support/person.js'

if (withoutChromium !== false) process.stderr.write(`\n*** ${withoutChromium} ***\n\n`)

const NOBODY = '00000000-0000-4000-8000-000000000000'

async function signIn ({ page }: Window, desks: Desks, clientId: string): Promise<void> {
  await page.goto(`${desks.url}/signin?ticket=${ticketFor(desks, clientId)}`)
}

/** A shop opens a restaurant: every question answered, so that the case is decided. */
async function fillCase (page: Page, { applicant, agent }: Desks): Promise<void> {
  await page.check('input[value=legal]')
  for (const [id, text] of Object.entries({ name: applicant.name, code: applicant.code, caseNumber: 'QZ20261128000123' })) await page.fill(`#${id}`, text)
  await page.click('main summary')
  for (const [id, text] of Object.entries({ agentName: agent.name, agentCode: agent.code, agentReference: '授权委托书-1' })) await page.fill(`#${id}`, text)
  for (const [question, answers] of Object.entries(ANSWERS)) for (const answer of [answers].flat()) await page.check(`[name="q.${question}"][value="${answer}"]`)
}

t.test('pages in a real browser', { skip: withoutChromium, timeout: 500_000 }, async t => {
  const desks = await openDesks(t)
  const { url, file, photo, api } = desks

  await t.test('without script a file is verified, and a case opened to its notice', async t => {
    const window = await openWindow(t, { script: false })
    const { page } = window
    await signIn(window, desks, 'approval-window')
    await page.click('main a.button')
    await page.waitForURL(`${url}/`)
    await page.click('main a[href="/verify"]')
    await page.setInputFiles('#file', file)
    await page.click('main .drop button')
    await page.waitForURL(/\/verdicts\//)
    t.match(await page.title(), /^核验通过/)
    await page.click('a[href$="?print=1"]')
    t.match(await page.textContent('main'), /按 Ctrl\+P 打印/)
    await page.goto(`${url}/cases/new?matter=open-restaurant`)
    await fillCase(page, desks)
    await page.click('main form > button')
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/)
    await page.click('a[href$="/notice"]')
    t.match(await page.title(), /^一次性告知单/)
    await page.click('.who button')
    t.match(await page.textContent('main'), /已退出登录/)
  })

  await t.test('every page passes axe under its own policy, fits 320 pixels, and complains of nothing', async t => {
    const window = await openWindow(t)
    const { page, errors, context } = window
    const look = async (name: string): Promise<void> => {
      t.same(await violations(page), [], name)
      await picture(t, page, name)
    }
    const open = async (path: string, name: string): Promise<void> => {
      await page.goto(`${url}${path}`)
      await look(name)
    }
    /** What is refused says so in its title, and leaves the person with a next step. */
    const refused = async (name: string): Promise<void> => {
      t.match(await page.title(), /^出错：/, name)
      t.ok(await page.locator('[data-focus]').evaluate(element => element === element.ownerDocument.activeElement), `${name}: the focus is on what is wrong`)
      await look(name)
    }

    await t.test('signing in', async () => {
      await open('/', 'signed-out')
      await page.goto(`${url}/signin?ticket=x`)
      await refused('signin-refused')
    })

    await t.test('window: verifying', async t => {
      await signIn(window, desks, 'approval-window')
      t.notMatch(page.url(), /ticket/, 'no ticket stays in the address bar')
      await look('signed-in')
      await open('/', 'home-window')
      await open('/verify', 'verify')
      await page.click('main .drop button')
      await refused('verify-nothing-chosen')
      await page.setInputFiles('#file', file)
      await page.waitForURL(/\/verdicts\//)
      t.match(await page.title(), /^核验通过 · business-licence\.ofd · 免证$/)
      await look('verdict-valid')
      await page.goto(`${page.url()}?print=1`)
      await look('verdict-valid-to-print')
      await page.goto(`${url}/verify`)
      await page.setInputFiles('#file', [photo, file])
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
    })

    let caseId = ''
    await t.test('window: a case', async t => {
      await open('/cases', 'cases-none')
      await page.selectOption('#matter', 'open-restaurant')
      await page.click('main form button')
      await look('case-new')
      await page.click('main form > button')
      await refused('case-new-problems')
      await page.check('input[value=legal]')
      for (const [id, text] of Object.entries({ name: desks.applicant.name, code: '92990102MA8EXAMPL0', caseNumber: 'QZ1' })) await page.fill(`#${id}`, text)
      await page.click('main form > button')
      await refused('case-new-number-wrong')
      t.match(await page.textContent('.problems a[href="#code"]'), /^请核对“证件号码”/, 'the field is named as the form names it')
      t.notMatch(await page.textContent('.problems'), /\/applicant/)
      await page.fill('#code', desks.applicant.code)
      await page.click('main form > button')
      await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/)
      await look('case-open')
      await page.click('main form > button')
      await look('case-open-again')
      await page.goto(`${url}/cases/new?matter=open-restaurant`)
      await fillCase(page, desks)
      await page.click('main form > button')
      await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/).catch(async () => { t.fail(await page.textContent('main') ?? '') })
      await look('case')
      const address = new URL(page.url()).pathname
      caseId = address.split('/').at(-1) as string
      await page.click('details.group > summary')
      await look('case-unfolded')
      await open(`${address}/notice`, 'case-notice')
      for (const [material, act] of [['business-licence', 'refuse'], ['business-licence', 'flag'], ['fire-commitment', 'commit'], ['agent-identity', 'recheck']]) await open(`${address}/materials/${material as string}/${act as string}`, `case-${act as string}`)
      await page.goto(`${url}${address}/materials/business-licence/refuse`)
      await page.click('main form button')
      await refused('case-refuse-no-reason')
      await open('/cases', 'cases')
    })

    await t.test('window: a material is flagged, and says so', async t => {
      await page.goto(`${url}/cases/${caseId}/materials/business-licence/flag`)
      await page.selectOption('#item', 'assertion:登记状态')
      await page.selectOption('#kind', 'outdated')
      await page.fill('#note', '住所已变更')
      await page.click('main form button')
      await page.waitForURL(/#m-business-licence$/)
      t.same([await page.getAttribute('#m-business-licence', 'data-outcome'), await page.textContent('#m-business-licence a[href^="/help/"]')], ['undecided', 'FLAGGED'])
      const { body } = await api.call<ExemptionCase>('approval-window', 'GET', `/v1/exemptions/${caseId}`)
      t.match(body.materials.find(({ id }) => id === 'business-licence'), { outcome: 'undecided', code: 'FLAGGED', flags: [{ item: '登记状态', why: '住所已变更' }] })
      await look('case-flagged')
      await page.click('#m-business-licence a[href$="/withdraw"]')
      await look('case-withdraw')
      await page.click('main form button')
      await refused('case-withdraw-no-reason')
      await page.goto(`${url}/cases/${caseId}/materials/business-licence/flag`)
      await page.fill('#note', '电话 13900001234')
      await page.click('main form button')
      await refused('case-flag-note')
      await open('/cases?only=unfinished', 'cases-unfinished')
      await open('/', 'home-window-unfinished')
      t.same(await page.locator(`main a[href="/cases/${caseId}"]`).count(), 1)
      await open('/corrections', 'corrections-asked')
      await page.click('.task a >> nth=0')
      await page.waitForURL(/\/corrections\/./)
      await look('correction-asked')
    })

    await t.test('window: the catalogue and the ledger', async () => {
      await open('/catalogue?q=登记', 'catalogue')
      await open('/catalogue?q=量子纠缠', 'catalogue-none')
      await page.goto(`${url}/catalogue?q=登记`)
      await page.click('.task a >> nth=0')
      await page.waitForURL(/\/catalogue\/\d/)
      await look('resource')
      await open('/duties', 'duties-window')
      for (const state of ['overdue', 'late', 'met']) {
        await page.goto(`${url}/duties/${{ overdue: 'owes-residence-permits', late: 'owes-penalties', met: 'owes-shops' }[state] as string}`)
        await look(`duty-${state}`)
      }
    })

    await t.test('what is refused or not there', async t => {
      await page.goto(`${url}/quarantine`)
      t.match(await page.title(), /您的角色不能查看本页，已留痕/)
      await refused('denied')
      await open('/help/CONTENT_CHANGED', 'help')
      await open('/help/NO_SUCH_CODE', 'help-unknown')
      for (const path of [`/verdicts/${NOBODY}`, `/cases/${NOBODY}`, `/cases/${caseId}/materials/none/refuse`, '/duties/none', '/catalogue/11990000YYYY01015Y.none', `/requests/${NOBODY}`, '/no-such-page', '/signout']) {
        await page.goto(`${url}${path}`)
        t.match(await page.title(), /^出错：/, path)
        t.same(await violations(page), [], path)
      }
      await look('missing')
    })

    await t.test('provider: a demand, refused events', async t => {
      const { demandId } = await desks.demand()
      await signIn(window, desks, 'market')
      await open('/', 'home-provider')
      await open('/me', 'me')
      await open('/duties', 'duties-provider')
      await open('/duties?show=todo', 'duties-to-do')
      await open(`/requests/${demandId}`, 'request')
      await page.click('main form button')
      await refused('request-problems')
      await page.check('input[value=grant]')
      await page.fill('#why', '可以')
      await page.fill('#until', '2099-12-31')
      await page.click('main form button')
      await refused('request-refused-by-the-rules')
      await page.fill('#until', '2026-12-31')
      await page.click('main form button')
      await page.waitForSelector('main .verdict strong')
      t.match(await page.textContent('main .facts dd'), /统一社会信用代码、名称.*2026-12-31/, 'what was granted stands first')
      await look('request-decided')
      await open('/quarantine', 'quarantine')
      await page.click('table a >> nth=0')
      await look('quarantine-entry')
      t.notMatch(await page.textContent('main'), /张三丰|630102199001011234/)
      await page.click('main form button')
      await refused('quarantine-entry-no-reason')
      await open('/quarantine/replay?cause=SIGNATURE_MISSING', 'quarantine-replay')
      await page.click('main form button')
      await refused('quarantine-replay-no-reason')
      await open('/quarantine?cause=GAP', 'quarantine-empty')
    })

    await t.test('provider: a correction that waits', async t => {
      await signIn(window, desks, 'market')
      await open('/', 'home-provider-corrections')
      await page.click('main a[href="/corrections"]')
      await page.waitForURL(`${url}/corrections`)
      await look('corrections')
      await page.click('.task a >> nth=0')
      await page.waitForURL(/\/corrections\/./)
      await look('correction')
      t.notOk((await page.textContent('main'))?.includes(desks.applicant.code), 'whom it is about is masked')
      await page.click('main form button')
      await refused('correction-problems')
      await page.check('input[value=confirmed]')
      await page.fill('#why', '经核对，登记信息无误')
      await page.click('main form button')
      await page.waitForSelector('main .verdict strong')
      await look('correction-answered')
      await open('/corrections', 'corrections-none')
      await open('/corrections?show=answered', 'corrections-answered')
    })

    await t.test('consumer, operator, auditor, catalogue manager', async t => {
      await signIn(window, desks, 'transport')
      await open('/duties', 'duties-consumer')
      await page.click('main details summary')
      await page.click('a[href^="/requests/"] >> nth=0')
      await page.waitForURL(/\/requests\//)
      await look('request-consumer')
      await signIn(window, desks, 'operator')
      await open('/', 'home-operator')
      await open('/quarantine', 'quarantine-operator')
      await page.click('table a >> nth=0')
      await look('quarantine-entry-operator')
      t.equal(await page.locator('pre').count(), 0, 'what an event says is for its source')
      for (const clientId of ['auditor', 'catalogue-manager']) {
        await signIn(window, desks, clientId)
        await open('/', `home-${clientId}`)
        await open('/duties', `duties-${clientId}`)
      }
      await open('/corrections', 'corrections-catalogue-manager')
    })

    await t.test('the sign-in ends while a form is filled in', async t => {
      await signIn(window, desks, 'approval-window')
      await page.goto(`${url}/cases/${caseId}/materials/agent-identity/recheck`)
      await page.fill('#reason', '已补充身份信息')
      await context.clearCookies()
      await page.click('main form button')
      await refused('session-ended')
      t.match(await page.textContent('main'), /已补充身份信息/, 'what was typed is still there')
      await open('/me', 'session-ended-elsewhere')
      await signIn(window, desks, 'approval-window')
      await page.click('.who button')
      await look('signed-out-now')
    })
    t.same(errors, [])
  })
})
