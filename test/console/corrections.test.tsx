import type { VNode } from 'preact'
import t from 'tap'
import { CorrectionPage, CorrectionsPage, type CorrectionNames } from '../../console/pages/corrections.js'
import { render, type Frame } from '../../console/pages/layout.js'
import { mayAnswer, waitingFor } from '../../console/routes/corrections.js'
import type { Correction } from '../../schemas/http/correction.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import { openDesks } from '../support/desks.js'
import { Person } from '../support/person.js'

const NOW = '2026-11-23T02:11:12.000Z'
const MARKET = '11990000YYYY01015Y'
const OFFICE = '11990000YYYY010074'
const FRAME: Frame = {
  viewer: { who: { client: 'market', organisation: MARKET, organisationName: '示例省市场监督管理局', roles: ['provider'], person: { id: 'm-07', name: '李明' } }, scopes: ['demands:decide', 'demands:write'], formToken: 'the-form-token' },
  path: '/here',
  now: NOW,
  assets: { css: '/assets/console.css', js: '/assets/console.js', icon: '/assets/icon.svg' }
}
const CORRECTION: Correction = {
  correctionId: 'k-1',
  resourceId: `${MARKET}.shops`,
  item: '住所',
  kind: 'outdated',
  caseNumber: 'QZ1',
  note: '已迁址',
  subjectMasked: '929***********021M',
  provider: MARKET,
  asker: OFFICE,
  ruleSet: 'r',
  state: 'open',
  asked: { at: NOW, by: { client: 'approval-window', organisation: OFFICE } },
  clock: { state: 'running', limit: 'correction', ruleSet: 'r', article: '26', startsOn: '2026-11-23', dueOn: '2026-12-07', words: { zh: '10 个工作日内答复', en: 'within ten working days' } }
}
const { resourceId: _resource, item: _item, ...LICENCE }: Correction = { ...CORRECTION, licenceId: '1.2.156.3005.2.x', kind: 'wrong' }
const NAMED: CorrectionNames = { organisation: uscc => ({ [MARKET]: '市场局', [OFFICE]: '政务局' })[uscc] ?? uscc, resource: () => '经营主体登记信息', ruleSet: () => '共享条例' }
const NOBODY = { mayAnswer: 'no' as const, mayWithdraw: false, problems: [] }
const html = (page: VNode): string => render(page)

t.test('each page is a whole document with nothing inline, and no word from outside becomes a tag', async t => {
  const hostile = '</title><script>\u202e'
  const pages: Record<string, VNode> = {
    list: <CorrectionsPage {...FRAME} shown='waiting' among={['waiting', 'answered', 'asked']} corrections={[CORRECTION, LICENCE]} next='n' named={NAMED} />,
    none: <CorrectionsPage {...FRAME} shown='asked' among={['asked']} corrections={[]} named={NAMED} />,
    answer: <CorrectionPage {...FRAME} {...NOBODY} correction={CORRECTION} named={NAMED} mayAnswer='as-provider' problems={[{ field: 'outcome', text: 'correction.noOutcome' }]} />,
    'answer for another': <CorrectionPage {...FRAME} {...NOBODY} correction={CORRECTION} named={NAMED} mayAnswer='as-authority' />,
    withdraw: <CorrectionPage {...FRAME} {...NOBODY} correction={LICENCE} named={NAMED} mayWithdraw />,
    answered: <CorrectionPage {...FRAME} {...NOBODY} correction={{ ...CORRECTION, state: 'answered', answered: { at: NOW, by: { client: 'c', organisation: MARKET }, why: '无误', outcome: 'confirmed' } }} named={NAMED} />,
    hostile: <CorrectionPage {...FRAME} {...NOBODY} correction={{ ...CORRECTION, item: hostile, note: hostile, caseNumber: hostile }} named={{ organisation: () => hostile, resource: () => hostile, ruleSet: () => hostile }} mayAnswer='as-provider' typed={{ outcome: hostile, why: hostile }} />
  }
  for (const [name, page] of Object.entries(pages)) {
    const text = html(page)
    t.notMatch(text, / style="| on[a-z]+="|javascript:|\{\w+\}|undefined|\[object|\u202e/, name)
    for (const [tag, count] of [['<h1', 1], ['<script', 1], ['</title', 1]] as const) t.equal(text.split(tag).length - 1, count, `${name}: ${tag}`)
    for (const form of text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []) t.match(form, /^<form[^>]*><input type="hidden" name="formToken"/, `${name}: the token comes first`)
  }
})

t.test('a correction tells what, since when, until when and of whom, by name; identifiers are folded away', async t => {
  const main = (page: VNode): string => html(page).replace(/<header[\s\S]*?<\/header>/, '').replace(/<details[\s\S]*?<\/details>/g, '').replace(/ (?:title|href|action)="[^"]*"/g, '')
  const text = main(<CorrectionPage {...FRAME} {...NOBODY} correction={CORRECTION} named={NAMED} />)
  for (const words of ['10 个工作日内答复', '共享条例第 26 条', '经营主体登记信息', '住所', '已过时', '已迁址', '929***********021M', '政务局', '市场局', 'QZ1', '2026-11-23 10:11', '2026-12-07']) t.ok(text.includes(words), words)
  t.notMatch(text, /1199\d{4}YYYY|k-1/)
  t.match(main(<CorrectionPage {...FRAME} {...NOBODY} correction={LICENCE} named={NAMED} />), /整份证照/)
  const listed = main(<CorrectionsPage {...FRAME} shown='waiting' among={['waiting']} corrections={[CORRECTION]} named={NAMED} />)
  for (const words of ['经营主体登记信息', '住所', '已过时', '政务局提出', '2026-11-23 10:11', '10 个工作日内答复']) t.ok(listed.includes(words), words)
})

t.test('the form of an answer is shown to the provider, and to the authority once the time has run out, unless it asked itself', async t => {
  const shown = (organisation: string, scopes: Array<'demands:decide' | 'demands:write' | 'catalogue:review'>, about: Partial<Correction> = {}): string =>
    mayAnswer({ session: { who: { ...(FRAME.viewer as NonNullable<Frame['viewer']>).who, organisation }, scopes } }, { ...CORRECTION, ...about })
  const overdue = { clock: { ...CORRECTION.clock, state: 'overdue' as const } }
  t.equal(shown(MARKET, ['demands:decide']), 'as-provider')
  t.equal(shown(MARKET, ['demands:decide'], overdue), 'as-provider')
  t.equal(shown(MARKET, ['demands:decide'], { state: 'withdrawn' }), 'no')
  t.equal(shown(MARKET, ['demands:write']), 'no', 'a window of the same organisation answers nothing')
  t.equal(shown('11990000YYYY020170', ['demands:decide'], overdue), 'no')
  t.equal(shown('11990000YYYY020170', ['catalogue:review']), 'no')
  t.equal(shown('11990000YYYY020170', ['catalogue:review'], overdue), 'as-authority')
  t.equal(shown('11990000YYYY020170', ['catalogue:review'], { ...overdue, state: 'answered' }), 'no')
  t.equal(shown(OFFICE, ['catalogue:review'], overdue), 'no')
})

t.test('the start page of a provider counts what waits for it, that of the authority what any department let run out', async t => {
  const [running, overdue] = [CORRECTION, { ...CORRECTION, clock: { ...CORRECTION.clock, state: 'overdue' as const } }]
  const [provider, manager] = waitingFor({ scopes: ['demands:decide', 'catalogue:review'] })
  t.match(provider, { question: { as: 'provider', state: 'open', order: 'oldest' }, to: '/corrections' })
  t.match(manager, { question: { as: 'manager', state: 'open', order: 'oldest' }, to: '/corrections?show=all' })
  t.same(manager?.counted({ items: [overdue, running] }), { k: 'home.correctionsAll', more: 'home.correctionsAllMore', to: '/corrections?show=all', tone: 'bad', values: { open: '2', overdue: '1' } })
  t.match(manager?.counted({ items: [running] }), { tone: 'quiet', values: { open: '1', overdue: '0' } }, 'what still has time is the department\'s to answer')
  t.match(provider?.counted({ items: [running] }), { k: 'home.corrections', tone: 'pending' })
  t.match(manager?.counted({ items: [overdue, running], next: 'n' }), { values: { open: '2+', overdue: '1' } })
  t.match(manager?.counted({ items: [overdue], next: 'n' }), { values: { open: '1+', overdue: '1+' } }, 'more may follow')
  t.match(manager?.counted({ items: [] }), { k: 'home.correctionsAllNone', tone: 'ok' })
  t.same(waitingFor({ scopes: ['demands:write'] }), [])
})

t.test('a provider is told at the start how many wait, answers once with a reason, and both sides read it; nobody else does', async t => {
  const desks = await openDesks(t)
  const { caseId } = await desks.openCase()
  const market = await Person.signedIn(desks, 'market')
  const main = async (person: Person, url: string): Promise<string> => (await person.get(url)).body.replace(/<header[\s\S]*?<\/header>/, '')
  t.match(await main(market, '/'), /没有等您答复的数据校核/)
  t.match(await main(await Person.signedIn(desks, 'catalogue-manager'), '/'), /各部门没有等答复的数据校核/)
  t.match(await main(market, '/corrections'), /没有等答复的校核，已查全部记录/)
  const [first, second] = [await desks.flag(caseId), await desks.flag(caseId, 'business-licence', { kind: 'wrong', item: '登记状态' })]
  t.match(await main(market, '/'), /href="\/corrections">等您答复的数据校核：2 件，其中超期 0 件/)
  t.match(await main(await Person.signedIn(desks, 'catalogue-manager'), '/'), /href="\/corrections\?show=all">各部门等答复的数据校核：2 件，其中超期 0 件/)
  const waiting = await main(market, '/corrections')
  t.ok(waiting.indexOf(first) < waiting.indexOf(second), 'what waits longest comes first')
  t.notOk((waiting + await main(market, `/corrections/${first}`)).includes(desks.applicant.code), 'whom it is about is masked')

  const url = `/corrections/${first}`
  const empty = await market.post(url, { act: 'answer', why: '' })
  t.equal(empty.statusCode, 400)
  t.match(empty.body, /<title>出错：[\s\S]*href="#outcome"[\s\S]*href="#why"/)
  t.match((await market.post(url, { act: 'answer', outcome: 'confirmed', why: '' })).body, /value="confirmed" checked/, 'what was chosen stays')
  t.equal((await market.post(url, { act: 'answer', outcome: 'granted', why: '可以' })).statusCode, 400)
  const sent = await market.post(url, { act: 'answer', outcome: 'confirmed', why: '经核对，登记信息无误' })
  t.same([sent.statusCode, sent.headers.location], [303, url])
  const again = await market.post(url, { act: 'answer', outcome: 'corrected', why: '已更正' })
  t.equal(again.statusCode, 409)
  t.match(again.body, /CORRECTION_ANSWERED|已经答复|已答复/)

  const window = await Person.signedIn(desks, 'approval-window')
  for (const person of [market, window]) t.match(await main(person, url), /核对无误，维持原数据[\s\S]*示例省市场监督管理局 · 经核对，登记信息无误/)
  for (const person of [market, window]) t.notMatch(await main(person, url), /<form/, 'it is answered once')
  t.match(await main(market, '/corrections?show=answered'), new RegExp(first))
  t.notMatch(await main(market, '/corrections'), new RegExp(first))
  t.match(await main(window, '/corrections'), new RegExp(`${second}[\\s\\S]*${first}`), 'the newest first of what one asked for')
  const police = await Person.signedIn(desks, 'police')
  t.equal((await police.get(url)).statusCode, 404, 'what is between others is nothing of theirs')
  t.equal((await police.post(`/corrections/${second}`, { act: 'answer', outcome: 'confirmed', why: '无误' })).statusCode, 404)
  for (const clientId of ['auditor', 'operator']) t.equal((await (await Person.signedIn(desks, clientId)).get('/corrections')).statusCode, 403, clientId)
})

t.test('who asked withdraws with a reason, and whoever is asked cannot', async t => {
  const desks = await openDesks(t)
  const correctionId = await desks.flag((await desks.openCase()).caseId)
  const url = `/corrections/${correctionId}`
  const [market, window] = [await Person.signedIn(desks, 'market'), await Person.signedIn(desks, 'approval-window')]
  t.notMatch((await market.get(url)).body, /value="withdraw"/)
  t.equal((await market.post(url, { act: 'withdraw', withdrawal: '弄错了' })).statusCode, 404)
  const page = (await window.get(url)).body
  t.match(page, /value="withdraw"/)
  t.notMatch(page, /value="answer"/)
  t.match((await window.post(url, { act: 'withdraw', withdrawal: '' })).body, /href="#withdrawal"/)
  t.equal((await window.post(url, { act: 'answer', outcome: 'confirmed', why: '无误' })).statusCode, 403)
  t.equal((await window.post(url, { act: 'withdraw', withdrawal: '看错了' })).statusCode, 303)
  t.match((await market.get(url)).body, /已撤回[\s\S]*看错了/)
  t.match((await desks.api.call<Correction>('market', 'GET', `/v1/catalogue/corrections/${correctionId}`)).body, { state: 'withdrawn', withdrawn: { why: '看错了' } })
})

t.test('at the window an item is chosen, a flag taken back heals its material, and a word that was confirmed is said to hold elsewhere', async t => {
  const desks = await openDesks(t)
  const { caseId } = await desks.openCase()
  const [market, window] = [await Person.signedIn(desks, 'market'), await Person.signedIn(desks, 'approval-window')]
  const material = async () => (await desks.api.call<ExemptionCase>('approval-window', 'GET', `/v1/exemptions/${caseId}`)).body.materials.find(({ id }) => id === 'business-licence')
  const url = (act: string): string => `/cases/${caseId}/materials/business-licence/${act}`
  const line = async (): Promise<string> => /<li class="result" id="m-business-licence"[\s\S]*?<\/details>/.exec((await window.get(`/cases/${caseId}`)).body)?.[0] ?? ''
  const chosen = { item: 'assertion:登记状态', kind: 'wrong' }

  t.match((await window.get(url('flag'))).body, /<optgroup label="经营主体登记信息"><option value="assertion:登记状态">/)
  const refused = await window.post(url('flag'), { ...chosen, note: '电话 13900001234' })
  t.equal(refused.statusCode, 400)
  t.match(refused.body, /href="#note"[\s\S]*<option(?: selected)? value="assertion:登记状态"(?: selected)?>[\s\S]*value="电话 13900001234"/, 'what was typed stays')
  t.equal((await window.post(url('flag'), { ...chosen, item: 'data:登记状态' })).statusCode, 409, 'that way was not asked')
  t.match(await material(), { outcome: 'skip' })
  t.equal((await window.post(url('flag'), { ...chosen, note: '已停业' })).statusCode, 303)
  const [flag] = (await material())?.flags ?? []
  t.match(flag, { item: '登记状态', why: '已停业' })
  t.match(await line(), /登记状态 · 已停业[\s\S]*最迟[\s\S]*\/withdraw"/)

  t.match((await window.get(url('withdraw'))).body, new RegExp(`value="${flag?.correctionId ?? ''}" checked`))
  t.equal((await window.post(url('withdraw'), { correction: flag?.correctionId ?? '', reason: '' })).statusCode, 400)
  t.equal((await window.post(url('withdraw'), { correction: 'another', reason: '看错了' })).statusCode, 404)
  t.match(await material(), { outcome: 'undecided', code: 'FLAGGED' })
  t.equal((await window.post(url('withdraw'), { correction: flag?.correctionId ?? '', reason: '看错了' })).statusCode, 303)
  t.match(await material(), { outcome: 'skip', flags: undefined }, 'it was asked for anew at once')
  t.match((await window.get(url('withdraw'))).body, /CORRECTION_ANSWERED/)

  const second = await desks.flag(caseId)
  await market.get(`/corrections/${second}`)
  await market.post(`/corrections/${second}`, { act: 'answer', outcome: 'confirmed', why: '登记无误' })
  t.match(await line(), /核对无误，维持原数据[\s\S]*登记无误[\s\S]*请重查这份材料/)
  t.notMatch(await line(), /\/withdraw"|只在本办件有效/)
  await window.post(url('recheck'), { reason: '' })
  t.match(await material(), { outcome: 'skip' })
  await window.post(url('flag'), chosen)
  t.match((await material())?.flags, [{ answeredBefore: true }])
  t.match(await line(), /只在本办件有效，其他办件照旧采用/)
  t.match((await desks.openCase('QZ-2')).materials.find(({ id }) => id === 'business-licence'), { outcome: 'skip' }, 'and so it is')
})
