import type { VNode } from 'preact'
import t from 'tap'
import { CaseNewPage, CasePage, CasesPage, MaterialPage, NoticePage, type Case, type Corrections, type Flaggable, type Matter } from '../../console/pages/cases.js'
import { render, type Frame } from '../../console/pages/layout.js'
import type { Correction } from '../../schemas/http/correction.v1.js'

const NOW = '2026-11-23T02:11:12.000Z'
const FRAME: Frame = {
  viewer: {
    who: { client: 'approval-window', organisation: '11990000YYYY010074', organisationName: '示例省政务服务管理局', roles: ['approval'], person: { id: 'w-0102', name: '李明' } },
    scopes: ['verifications:write', 'licences:read', 'quarantine:read', 'quarantine:manage', 'quarantine:replay-own'],
    formToken: 'the-form-token'
  },
  path: '/here',
  now: NOW,
  assets: { css: '/assets/console.css', js: '/assets/console.js', icon: '/assets/icon.svg' }
}
const SAID = { zh: '政府部门已核实', en: 'confirmed' }
const material = (outcome: Case['materials'][number]['outcome'], about: Partial<Case['materials'][number]> = {}): Case['materials'][number] => ({
  id: outcome, name: { zh: `材料${outcome.length}`, en: outcome }, need: 'needed', outcome, code: 'GAP', reason: SAID, needs: { zh: '请收原件', en: 'take the original' }, ...(outcome === 'skip' ? {} : { applicantNeeds: { zh: '请带原件来交', en: 'bring the paper' } }), forSubMatters: ['food-licence'], ...about
})
const CASE: Case = {
  caseId: '3d0b1f0e-0000-4000-8000-000000000001',
  state: 'decided',
  caseNumber: 'QZ1',
  purpose: '开办餐饮店',
  openedAt: NOW,
  decidedAt: NOW,
  matter: { id: 'open-restaurant', version: 1, name: { zh: '开办餐饮店', en: 'Opening a restaurant' } },
  applicant: { kind: 'natural', code: '630***********1234', name: '张**' },
  agent: { code: '630***********5678', name: '王**', authorised: false },
  parties: [],
  ends: [],
  counts: { skip: 1, submit: 1, commit: 1, undecided: 1 },
  materials: [
    material('skip', { way: 'data', source: { kind: 'data', name: '经营主体登记信息', organisation: '示例省市场监督管理局', grantId: 'g-1' }, asOf: NOW, receiptId: 'r-1', flags: [{ at: NOW, client: 'c', why: 'wrong', correctionId: 'k-1' }] }),
    material('submit', { copies: 2, original: 'original', refused: { at: NOW, client: 'c', why: '自己交' } }),
    material('undecided', { need: 'open' }),
    material('commit', { commitment: { id: 'c-1', kind: 'notify-commit', name: SAID, text: { zh: '本人承诺', en: 'I commit' }, consequences: SAID, followUpBy: '市场监管局' } }),
    material('submit', { id: 'unfit', need: 'unfit', name: { zh: '不该出现', en: 'not shown' } })
  ],
  questions: [{ id: 'sign', ask: { zh: '是否设置招牌？', en: 'A sign?' }, type: 'yes-no', reason: SAID }, { id: 'area', ask: { zh: '面积', en: 'Area' }, type: 'number', unit: '平方米' }],
  answers: [{ question: 'sign', from: 'register', value: true, source: { kind: 'data', name: '登记' }, asOf: NOW }],
  subMatters: [{ id: 'food-licence', name: { zh: '食品经营许可', en: 'food licence' }, department: 'x', takesPart: 'yes' }]
}
const MATTER = {
  id: 'open-restaurant',
  name: { zh: '开办餐饮店', en: 'Opening a restaurant' },
  applicants: ['natural', 'legal'],
  parties: [{ id: 'child', name: { zh: '新生儿', en: 'child' }, kind: 'natural' }],
  subMatters: [{ id: 'tobacco', name: { zh: '烟草', en: 'tobacco' }, optional: true }],
  questions: [{ id: 'sign', ask: { zh: '是否设置招牌？', en: 'A sign?' }, type: 'yes-no' }, { id: 'items', ask: { zh: '项目', en: 'Items' }, type: 'some-of', options: [{ id: 'hot', name: { zh: '热食', en: 'hot' } }] }, { id: 'registered', ask: { zh: '登记库能答的', en: 'answered' }, type: 'yes-no', answeredBy: [{}] }]
} as unknown as Matter
const NONE_ASKED: Corrections = new Map()
const FLAGGABLE: Flaggable = [{ way: 'data', source: '经营主体登记信息', items: ['住所', '名称'] }]
const AUTHOR = { client: 'c', organisation: '11990000YYYY01015Y' as const }
const asked = (state: Correction['state']): Corrections => new Map([['k-1', {
  correctionId: 'k-1',
  kind: 'wrong',
  subjectMasked: '9***N',
  provider: '11990000YYYY01015Y',
  asker: '11990000YYYY010074',
  ruleSet: 'r',
  state,
  asked: { at: NOW, by: AUTHOR },
  clock: { state: 'running', limit: 'correction', ruleSet: 'r', startsOn: '2026-11-23', dueOn: '2026-12-07', words: { zh: '12-07 前答复', en: 'by 12-07' } },
  ...(state === 'answered' ? { answered: { at: NOW, by: AUTHOR, why: '经核对无误', outcome: 'confirmed' as const } } : {})
}]])
const [skip, , , commit] = CASE.materials as [Case['materials'][number], unknown, unknown, Case['materials'][number]]

const html = (page: VNode): string => render(page)

t.test('every page of a case is a whole document with nothing inline, and no name from outside becomes a tag', async t => {
  const pages: Record<string, VNode> = {
    cases: <CasesPage {...FRAME} unfinished={false} matters={[]} cases={[{ caseId: CASE.caseId, caseNumber: 'QZ1', matterId: 'm', applicant: '张**', state: 'decided', openedAt: NOW, counts: CASE.counts }]} />,
    'new case': <CaseNewPage {...FRAME} matter={MATTER} typed={{ kind: 'legal', 'q.items': ['hot'], consent: 'child' }} problems={[{ field: 'name', text: 'case.noName' }]} />,
    case: <CasePage {...FRAME} view={CASE} asked={MATTER.questions} continues corrections={NONE_ASKED} />,
    'open case': <CasePage {...FRAME} view={{ ...CASE, state: 'open' }} asked={[]} continues corrections={NONE_ASKED} />,
    'ended case': <CasePage {...FRAME} view={{ ...CASE, state: 'ended', ends: [SAID] }} asked={[]} continues={false} corrections={NONE_ASKED} />,
    refuse: <MaterialPage {...FRAME} view={CASE} material={skip} act='refuse' flaggable={[]} corrections={NONE_ASKED} problems={[]} />,
    flag: <MaterialPage {...FRAME} view={CASE} material={skip} act='flag' flaggable={FLAGGABLE} corrections={NONE_ASKED} problems={[]} typed={{ item: 'data:住所', kind: 'outdated', note: '已迁址' }} />,
    withdraw: <MaterialPage {...FRAME} view={CASE} material={skip} act='withdraw' flaggable={[]} corrections={asked('open')} problems={[{ field: 'reason', text: 'quarantine.noReason' }]} />,
    'flag waits': <CasePage {...FRAME} view={CASE} asked={[]} continues corrections={asked('open')} />,
    'flag answered': <CasePage {...FRAME} view={CASE} asked={[]} continues corrections={asked('answered')} />,
    commit: <MaterialPage {...FRAME} view={CASE} material={commit} act='commit' flaggable={[]} corrections={NONE_ASKED} problems={[]} />,
    notice: <NoticePage {...FRAME} view={CASE} corrections={NONE_ASKED} />
  }
  for (const [name, page] of Object.entries(pages)) {
    const text = html(page)
    t.notMatch(text, / style="| on[a-z]+="|javascript:|\{\w+\}|undefined|\[object/, name)
    t.equal([...text.matchAll(/<h1/g)].length, 1, `${name}: one headline`)
    t.notMatch(text, /李明/, `${name}: names of people are masked`)
    for (const form of text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []) t.match(form, /^<form[^>]*><input type="hidden" name="formToken"/, `${name}: the token comes first`)
  }
  const hostile = '</title><script>\u202e'
  const named = { ...CASE, caseNumber: hostile, applicant: { kind: 'legal' as const, name: hostile, code: hostile }, materials: CASE.materials.map(one => ({ ...one, name: { zh: hostile, en: hostile }, reason: { zh: hostile, en: hostile } })) }
  for (const text of [html(<CasePage {...FRAME} view={named} asked={[]} continues corrections={NONE_ASKED} />), html(<NoticePage {...FRAME} view={named} corrections={NONE_ASKED} />)]) {
    t.equal([...text.matchAll(/<script/g)].length, 1)
    t.equal([...text.matchAll(/<\/title/g)].length, 1)
    t.notMatch(text, /\u202e/)
  }
})

t.test('a case tells first what to hand in, and nothing that fits no answer', async t => {
  const text = html(<CasePage {...FRAME} view={CASE} asked={MATTER.questions} continues corrections={NONE_ASKED} />)
  const order = ['要提交', '不能确定', '可承诺', '不用交'].map(words => text.indexOf(`${words} <span`, text.indexOf('role="status"')))
  t.same(order, [...order].sort((a, b) => a - b))
  t.notOk(order.includes(-1))
  t.notMatch(text, /不该出现/)
  t.match(text, /是否设置招牌？ <strong>是/)
  t.match(text, /没有登记授权委托书/)
  t.match(text, /还要交 1 样。不用交 1 样，可承诺 1 样，不能确定 1 样。/)
  t.match(html(<CasePage {...FRAME} view={{ ...CASE, counts: { submit: 2, skip: 0, commit: 0, undecided: 0 } }} asked={[]} continues corrections={NONE_ASKED} />), /还要交 2 样。不用交 0 样。/, 'what there is none of is not counted')
})

t.test('the notice to print holds every material with its reason, and from whom the rest came', async t => {
  const text = html(<NoticePage {...FRAME} view={CASE} corrections={NONE_ASKED} />)
  for (const words of ['一次性告知单', 'QZ1', '材料6', '材料9', '材料4', '示例省市场监督管理局', 'r-1', '12345', '张**']) t.ok(text.includes(words), words)
  t.notMatch(text, /不该出现/)
  t.notMatch(html(<NoticePage {...FRAME} view={{ ...CASE, state: 'ended', ends: [SAID] }} corrections={NONE_ASKED} />), /还要交/, 'a matter that does not apply counts nothing')
})

t.test('the notice tells the applicant what to do, the page of the case tells the clerk', async t => {
  const notice = (materials: Case['materials'], corrections = NONE_ASKED): string => html(<NoticePage {...FRAME} view={{ ...CASE, materials }} corrections={corrections} />)
  const page = html(<CasePage {...FRAME} view={CASE} asked={[]} continues corrections={NONE_ASKED} />)
  t.equal([...notice(CASE.materials).matchAll(/请带原件来交/g)].length, 3, 'what to hand in, what is undecided, what may be promised')
  t.notMatch(notice(CASE.materials), /请收原件/)
  t.match(page, /请收原件/)
  t.notMatch(page, /请带原件来交/)
  const alike = [material('submit'), material('submit', { id: 'another' })]
  t.match(notice(alike), /请带原件来交/, 'what is said once of several, too')
  t.notMatch(notice(alike), /请收原件/)
  const apart = notice([...alike, material('submit', { id: 'refused', code: 'REFUSED_BY_APPLICANT', refused: { at: NOW, client: 'c', why: '自己交' } })])
  t.equal([...apart.matchAll(/请带原件来交/g)].length, 2, 'once of the two that are alike, though a third has a story of its own')
  t.match(apart, /<ol class="numbered" start="3">/, 'numbers go on')
  const flagged = [material('undecided', { code: 'FLAGGED', flags: [{ at: NOW, client: 'c', why: '已迁址', correctionId: 'k-1' }] })]
  t.match(notice(flagged, asked('open')), /请带原件来交<\/p><p class="muted">应于 2026-12-07 前答复/, 'with the day until which it waits')
  t.match(notice(flagged, asked('answered')), /已有答复，请到窗口重新核对/)
  t.notMatch(notice(flagged, asked('answered')), /前答复|请带原件来交/)
  const { commitment } = commit
  const made = { at: NOW, signedBy: 'applicant' as const, client: 'c', text: '本人承诺', consequences: SAID, followUpOn: '2026-12-20', followUpBy: '市场监管局' }
  t.match(notice([{ ...commit, commitment: { ...commitment as NonNullable<typeof commitment>, made } }]), /已承诺，2026-12-20 前由市场监管局核查/)
})

t.test('what a register can answer is not asked at the start', async t => {
  t.notMatch(html(<CaseNewPage {...FRAME} matter={MATTER} typed={{}} problems={[]} />), /登记库能答的/)
})

t.test('a flag says which item, what its source says to it, and whether other cases go on by that word', async t => {
  const line = (corrections: Corrections, flag = {}): string => {
    const flagged = { ...skip, outcome: 'undecided' as const, code: 'FLAGGED', flags: [{ at: NOW, client: 'c', why: '已迁址', item: '住所', correctionId: 'k-1', ...flag }] }
    return /<li class="result" id="m-skip"[\s\S]*?<\/details>/.exec(html(<CasePage {...FRAME} view={{ ...CASE, materials: [flagged] }} asked={[]} continues corrections={corrections} />))?.[0] ?? ''
  }
  t.match(line(asked('open')), /住所 · 已迁址[\s\S]*href="\/corrections\/k-1"[\s\S]*12-07 前答复[\s\S]*\/withdraw"/)
  t.notMatch(line(asked('open')), /只在本办件有效|请重查这份材料/)
  t.match(line(asked('open'), { answeredBefore: true }), /只在本办件有效/)
  t.match(line(asked('answered')), /核对无误，维持原数据[\s\S]*经核对无误[\s\S]*请重查这份材料/)
  t.notMatch(line(asked('answered')), /\/withdraw"/, 'what was answered is not taken back')
  t.notMatch(line(NONE_ASKED), /\/withdraw"/, 'nor what cannot be told')
})

t.test('which item is wrong is offered from what was told, and may be left open', async t => {
  const text = html(<MaterialPage {...FRAME} view={CASE} material={skip} act='flag' flaggable={FLAGGABLE} corrections={NONE_ASKED} problems={[]} typed={{ item: 'data:名称', note: '同名' }} />)
  t.match(text, /<option value="">说不清是哪一项[\s\S]*<optgroup label="经营主体登记信息"><option value="data:住所">住所[\s\S]*<option selected value="data:名称">|<option value="data:名称" selected>/)
  t.match(text, /value="同名"/)
})

t.test('a case of a matter that reads otherwise now leads to its beginning, any other into itself', async t => {
  const line = { caseId: CASE.caseId, caseNumber: 'QZ1', matterId: 'open-restaurant', applicant: '张**', state: 'decided' as const, openedAt: NOW, counts: CASE.counts }
  const listed = (step: 'recheck' | 'begin-again'): string => html(<CasesPage {...FRAME} unfinished matters={[]} cases={[{ ...line, step }]} />)
  t.match(listed('recheck'), new RegExp(`<a href="/cases/${CASE.caseId}">`))
  t.match(listed('begin-again'), /<a href="\/cases\/new\?matter=open-restaurant">/)
  t.match(html(<CasesPage {...FRAME} unfinished matters={[]} cases={[]} next='n' />), /这一页没有，后面还有没看的[\s\S]*href="\/cases\?only=unfinished&amp;after=n"/, 'an empty page is not called the end')
})

t.test('a form marks the fields that may stay empty, and no other', async t => {
  const marked = (act: 'refuse' | 'flag' | 'recheck', flaggable: Flaggable = FLAGGABLE): string[] =>
    [...html(<MaterialPage {...FRAME} view={CASE} material={skip} act={act} flaggable={flaggable} corrections={NONE_ASKED} problems={[]} />).matchAll(/<label for="(\w+)">[^<]*（可不填）/g)].map(([, name]) => name as string)
  t.same([marked('refuse'), marked('recheck'), marked('flag')], [[], ['reason'], ['item', 'note']])
  t.same(marked('flag', FLAGGABLE.map(told => ({ ...told, unsaid: true }))), ['note'], 'where nothing was asked of an item, it has to be named')
})
