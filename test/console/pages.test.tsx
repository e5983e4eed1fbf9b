import fc from 'fast-check'
import type { VNode } from 'preact'
import t from 'tap'
import { toldOf } from '../../console/codes.js'
import { maskAddress, maskEvent, maskName } from '../../console/masking.js'
import { CataloguePage, ResourcePage } from '../../console/pages/catalogue.js'
import { DutiesPage, DutyPage, RequestPage, type Named } from '../../console/pages/duties.js'
import { render, type Frame } from '../../console/pages/layout.js'
import { HelpPage, HomePage, MePage, ProblemPage, SignedInPage, SignInPage } from '../../console/pages/plain.js'
import { QuarantineEntryPage, QuarantinePage, QuarantineReplayPage, type EntryView } from '../../console/pages/quarantine.js'
import { VerdictListPage, VerifyPage } from '../../console/pages/verify.js'
import { VerdictPage, type VerdictView } from '../../console/pages/verdict.js'
import { findingsOf, verdictView } from '../../console/routes/verify.js'
import { entryView } from '../../console/routes/quarantine.js'
import { codeWords } from '../../services/host/console.js'
import { FAILURES } from '../../services/core/failure.js'
import { REASONS as EXEMPTION_REASONS } from '../../services/exemptions/index.js'
import { FINDINGS } from '../../services/verification/index.js'

const NOW = '2026-11-23T02:11:12.000Z'
const LIMITS = { fileBytes: 33_554_432, files: 20 }
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
const WORDS = { zh: '字段不对', en: 'A member is wrong', mend: { zh: '请改正', en: 'Mend it' } }

const VIEW: VerdictView = {
  verdict: 'invalid',
  receiptId: '3d0b1f0e-0000-4000-8000-000000000001',
  issuedAt: NOW,
  at: NOW,
  kind: 'ofd',
  file: { name: '许可证.ofd', size: 412_000, sha256: 'a'.repeat(64) },
  files: { shown: 5, uncovered: 0 },
  licenceId: '1.2.156.3005.2.x',
  licence: { state: 'valid', typeName: '食品经营许可证', holder: '张**', number: 'JY2630' },
  seals: [{ verdict: 'invalid', id: 'Sign_0', name: '示例省餐饮行业协会', signer: '示例省餐饮行业协会', signedAt: NOW }],
  findings: [
    { status: 'failed', aspect: 'authority', check: 'authority', code: 'NOT_COMPETENT', zh: '盖章单位无权颁发这类证照', en: 'not competent', mend: { zh: '不要采信', en: 'do not rely on it' } },
    { status: 'indeterminate', aspect: 'revocation', check: 'revocation', code: 'REVOCATION_UNKNOWN', zh: '还查不到', en: 'not known yet', mend: { zh: '先收', en: 'take it in' }, needs: 'crls/' }
  ],
  aspects: [{ aspect: 'format', status: 'passed' }, { aspect: 'revocation', status: 'indeterminate' }, { aspect: 'authority', status: 'failed' }, { aspect: 'face', status: 'skipped' }]
}
const ENTRY: EntryView = {
  id: `intake-${'0'.repeat(40)}`,
  stage: 'intake',
  state: 'open',
  waiting: false,
  refusedAt: NOW,
  times: 2,
  digest: 'b'.repeat(64),
  type: 'record.upserted.v1',
  subject: '630***********1234',
  source: '11990000YYYY01015Y',
  sequence: 4,
  first: WORDS,
  reasons: [{ code: 'SHAPE_INVALID', pointer: '/data/expiresOn', words: WORDS }],
  neighbours: [{ sequence: 3, state: 'missing' }, { sequence: 4, state: 'quarantined' }],
  event: [{ text: '{', marked: false }, { text: '"expiresOn": "**"', marked: true }],
  acts: []
}

const SAID = { zh: '政府部门已核实', en: 'confirmed' }
const NAMED: Named = { organisation: uscc => uscc, division: code => code, resource: id => id, matter: id => id, ruleSet: id => id }
const AUTHOR = { client: 'c', organisation: '11990000YYYY01015Y' as const }
const DUTY = {
  itemId: 'd-1',
  resourceId: '11990000YYYY01015Y.shops',
  provider: '11990000YYYY01015Y',
  consumers: ['11990000YYYY010074'],
  dueOn: '2026-11-01',
  updateCycle: 'daily',
  matters: [],
  ruleSet: 'r',
  contact: { office: '信息处', telephone: '0000' },
  version: 1,
  set: { at: NOW, by: AUTHOR, why: '约定' },
  state: 'overdue',
  nextDueOn: '2026-11-20',
  clock: { zh: '已迟 3 个工作日', en: '3 working days late' },
  rule: { ruleSet: 'r', words: SAID, article: '第四十二条' },
  proofs: [{ href: '/x', eventId: 'e-1', type: 'resource.refreshed.v1', recordedAt: NOW, asOf: '2026-11-18' }]
} as Parameters<typeof DutyPage>[0]['duty']
const DEMAND = {
  demandId: 'q-1',
  provider: '11990000YYYY01015Y',
  consumer: '11990000YYYY010074',
  resourceId: '11990000YYYY01015Y.shops',
  fields: ['名称', '住所'],
  forms: ['query'],
  purpose: '消防验收',
  matters: [],
  legalBasis: '依据',
  scenario: '场景',
  scope: '范围',
  until: '2027-01-01',
  sharingClass: 'conditional',
  ruleSet: 'r',
  version: 1,
  state: 'open',
  clock: { state: 'running', limit: 'x', ruleSet: 'r', startsOn: '2026-11-20', dueOn: '2026-11-23', words: { zh: '今天 17:30 前答复', en: 'today' } },
  made: { at: NOW, by: AUTHOR, why: '需要' }
} as Parameters<typeof RequestPage>[0]['demand']
const GRANT = {
  grantId: 'g-1',
  resourceId: DEMAND.resourceId,
  provider: DEMAND.provider,
  consumer: DEMAND.consumer,
  fields: ['名称'],
  forms: ['query'],
  purpose: '消防验收',
  from: '2026-11-20',
  until: '2027-01-01',
  legalBasis: '依据',
  state: 'active',
  delivery: { state: 'overdue', ruleSet: 'r', article: '22', startsOn: '2026-10-20', dueOn: '2026-11-17', lateWorkingDays: 3, words: { zh: '已迟 3 个工作日，应于 2026-11-17 前提供共享', en: 'late' } },
  given: { at: NOW, by: AUTHOR, why: '同意' }
} as Parameters<typeof RequestPage>[0]['grant'] & object
const RESOURCE = { resourceId: '11990000YYYY01015Y.shops', title: '经营主体登记信息', summary: '企业和个体', provider: '11990000YYYY01015Y', items: [{ name: '名称', type: 'text', personal: true, description: 'x' }], legalBasis: '条例', region: '990000', updateCycle: 'daily', sharing: { class: 'conditional', conditions: '办事' }, ways: ['service-interface'], classification: 'A' } as const
const ANSWER = { resourceId: RESOURCE.resourceId, standing: { version: 1, providerName: '示例省市场监督管理局', state: 'published', changedAt: NOW }, resource: RESOURCE } as unknown as Parameters<typeof ResourcePage>[0]['answer']
const html = (page: VNode): string => render(page)

t.test('every page is a whole document in Chinese, with nothing inline', async t => {
  const pages: Record<string, VNode> = {
    'sign in': <SignInPage {...FRAME} development />,
    'signed in': <SignedInPage {...FRAME} />,
    home: <HomePage {...FRAME} items={[{ k: 'home.verify', more: 'home.verifyMore', to: '/verify', tone: 'quiet' }]} />,
    'home of a window': <HomePage {...FRAME} items={[]} unfinished={{ cases: [{ caseId: 'c-1', caseNumber: 'QZ1', matterId: 'open-restaurant', applicant: '张**', state: 'open', step: 'answer', openedAt: NOW, counts: { skip: 0, submit: 0, commit: 0, undecided: 1 } }], more: true, matterName: id => id }} />,
    'home, cases unread': <HomePage {...FRAME} items={[]} unfinished='unread' />,
    'home empty': <HomePage {...FRAME} items={[]} />,
    me: <MePage {...FRAME} startedAt={NOW} until={NOW} idleMinutes={15} />,
    help: <HelpPage {...FRAME} code='EXPIRED' words={WORDS} retryable />,
    problem: <ProblemPage {...FRAME} words={WORDS} code='STORE_FULL' undone='error.undone' reference='r' again='/x' />,
    verify: <VerifyPage {...FRAME} limits={LIMITS} problem={{ field: 'licenceId', text: 'verify.noIdentifier' }} />,
    list: <VerdictListPage {...FRAME} limits={LIMITS} files={[{ name: 'a.ofd', size: 1, state: 'working' }]} />,
    verdict: <VerdictPage {...FRAME} limits={LIMITS} view={VIEW} />,
    print: <VerdictPage {...FRAME} limits={LIMITS} view={VIEW} print />,
    quarantine: <QuarantinePage {...FRAME} causes={[{ code: 'GAP', count: 2, words: WORDS }]} entries={[ENTRY]} mayReplay />,
    entry: <QuarantineEntryPage {...FRAME} entry={ENTRY} mayReplay mayDiscard />,
    duties: <DutiesPage {...FRAME} duties={[DUTY]} demands={[DEMAND]} workOnly={false} at={NOW} named={NAMED} />,
    'duties, demands unread': <DutiesPage {...FRAME} duties={[]} demands='unread' workOnly at={NOW} named={NAMED} />,
    duty: <DutyPage {...FRAME} duty={DUTY} named={NAMED} />,
    request: <RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide problems={[]} />,
    'request granted': <RequestPage {...FRAME} demand={DEMAND} grant={GRANT} named={NAMED} mayDecide={false} problems={[]} />,
    catalogue: <CataloguePage {...FRAME} items={[]} q='食品' />,
    resource: <ResourcePage {...FRAME} answer={ANSWER} divisionName={code => code} />,
    replay: <QuarantineReplayPage {...FRAME} cause={{ code: 'GAP', words: WORDS }} count={2} />
  }
  for (const [name, page] of Object.entries(pages)) {
    const text = html(page)
    t.match(text, /^<!doctype html>\n<html lang="zh-CN">/, name)
    t.notMatch(text, / style="| on[a-z]+="|<script(?! type="module" src="\/assets\/)|javascript:/, `${name}: nothing inline`)
    t.equal([...text.matchAll(/<h1/g)].length, 1, `${name}: one headline`)
    t.notMatch(text, /\{\w+\}/, `${name}: every value stands in its place`)
    t.notMatch(text, /undefined|\[object/, name)
    t.notMatch(text, /李明/.test(name) ? /$^/ : name === 'me' ? /$^/ : /李明/, `${name}: names of people are masked`)
    for (const form of text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []) t.match(form, /^<form[^>]*><input type="hidden" name="formToken"/, `${name}: the token comes first`)
  }
})

t.test('the worst finding comes first, failures before what cannot be told, and passes are folded', async t => {
  const text = html(<VerdictPage {...FRAME} limits={LIMITS} view={VIEW} />)
  t.match(text, /<title>核验不通过 · 许可证\.ofd · 免证<\/title>/)
  const order = ['核验不通过', '盖章单位无权颁发这类证照', '不要采信', '食品经营许可证', '还查不到'].map(words => text.indexOf(words, text.indexOf('<main')))
  t.same(order, [...order].sort((a, b) => a - b))
  t.notOk(order.includes(-1))
  t.match(text, /<details><summary><span class="mark mark-ok"/)
  t.match(html(<VerdictPage {...FRAME} limits={LIMITS} view={VIEW} print />), /<details open><summary><span class="mark mark-ok"/)
})

t.test('what was granted says how its sharing stands, by which article', async t => {
  const text = html(<RequestPage {...FRAME} demand={DEMAND} grant={GRANT} named={NAMED} mayDecide={false} problems={[]} />)
  t.match(text, /提供共享.*已迟 3 个工作日，应于 2026-11-17 前提供共享.*22/s)
  t.notMatch(text, /已报告主管部门/)
  t.match(html(<RequestPage {...FRAME} demand={DEMAND} grant={{ ...GRANT, escalated: { at: '2026-11-17T16:00:00.000Z' } }} named={NAMED} mayDecide={false} problems={[]} />), /2026-11-18 00:00 已报告主管部门/)
  t.notMatch(html(<RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide={false} problems={[]} />), /提供共享/)
})

t.test('only who decides sees the form, and late comes first', async t => {
  t.match(html(<RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide problems={[]} />), /name="outcome"/)
  t.notMatch(html(<RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide={false} problems={[]} />), /name="outcome"/)
  const text = html(<DutiesPage {...FRAME} duties={[{ ...DUTY, itemId: 'a', state: 'met', clock: { zh: '按时的', en: 'x' } }, DUTY]} demands={[]} workOnly={false} at={NOW} named={NAMED} />)
  t.ok(text.indexOf('已迟 3 个工作日') < text.indexOf('按时的'))
})

t.test('an answer that could not be taken is shown as it was typed: what was not ticked is not granted', async t => {
  const form = (typed: Partial<Parameters<typeof RequestPage>[0]['typed']>): string => html(<RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide problems={[]} typed={{ outcome: 'grant', fields: ['住所'], until: '2026-12-31', conditions: '', article: '', reviewOn: '', why: '够用', ...typed }} />)
  t.match(form({}), /value="grant" checked/)
  t.match(form({}), /value="住所" checked/)
  t.notMatch(form({}), /value="名称" checked/)
  t.match(form({}), /value="2026-12-31"[\s\S]*value="够用"/)
  t.match(html(<RequestPage {...FRAME} demand={DEMAND} named={NAMED} mayDecide problems={[]} />), /value="名称" checked[\s\S]*value="住所" checked/)
})

t.test('of more than twenty findings of a kind the rest is counted', async t => {
  const [finding] = VIEW.findings
  const text = html(<VerdictPage {...FRAME} limits={LIMITS} view={{ ...VIEW, findings: Array.from({ length: 500 }, () => finding as NonNullable<typeof finding>) }} />)
  t.equal([...text.matchAll(/class="result"/g)].length, 20)
  t.match(text, /还有 480 处同样的情况/)
})

t.test('every finding that verification knows becomes a line with words and a way to go on', async t => {
  for (const code of Object.keys(FINDINGS)) {
    const [finding] = findingsOf({ checks: [{ name: 'x', aspect: 'format', status: 'failed', code, detail: 'Doc_0' }], signatures: [] }, codeWords)
    t.notMatch(finding?.zh ?? '代码 ', /^代码 /, code)
    t.notMatch(finding?.zh, /\{\}/)
    t.ok(finding?.mend.zh)
  }
})

t.test('an aspect is never greener than its worst check', async t => {
  const check = (status: 'passed' | 'failed' | 'indeterminate' | 'skipped') => ({ name: status, aspect: 'path' as const, status, ...(status === 'failed' || status === 'indeterminate' ? { code: 'PATH_UNTRUSTED' } : {}) })
  const of = (...checks: Array<ReturnType<typeof check>>) => verdictView({ verdict: 'invalid', at: NOW, issuedAt: NOW, kind: 'ofd', receiptId: 'x', checks: [], signatures: [{ verdict: 'invalid', id: 's', checks }] }, codeWords, {}).aspects[0]?.status
  t.equal(of(check('passed'), check('failed'), check('indeterminate')), 'failed')
  t.equal(of(check('skipped'), check('passed'), check('indeterminate')), 'indeterminate')
  t.equal(of(check('skipped'), check('passed')), 'passed')
})

t.test('whatever a file, an event or a register is called, it stays text, and what acts becomes visible', async t => {
  const acting = ['\u202e', '\u2066', '\u200b', '\u0007', '\u009b', '\ufeff']
  const hostile = fc.string({ unit: fc.oneof(fc.constantFrom('<', '>', '"', "'", '&', '</title>', '<script>', 'javascript:', '}', '{name}', ...acting), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), minLength: 1, maxLength: 12 })
  fc.assert(fc.property(hostile, text => {
    const named = { ...VIEW, file: { name: text, size: 1, sha256: text }, licenceId: text, licence: { state: 'valid', typeName: text, holder: text, number: text }, seals: [{ verdict: 'invalid' as const, id: text, name: text, signer: text }], findings: VIEW.findings.map(finding => ({ ...finding, zh: text, detail: text, check: text })) }
    const pages = [
      <VerdictPage key='a' {...FRAME} limits={LIMITS} view={named} />,
      <VerdictListPage key='b' {...FRAME} limits={LIMITS} files={[{ name: text, size: 1, state: 'refused', words: { zh: text, en: text } }]} />,
      <QuarantineEntryPage key='c' {...FRAME} entry={{ ...ENTRY, type: text, subject: text, reasons: [{ code: 'GAP', pointer: text, detail: text, words: WORDS }], event: [{ text, marked: true }], acts: [{ request: 'replay', at: NOW, by: text, why: text }] }} mayReplay mayDiscard />,
      <RequestPage key='g' {...FRAME} demand={{ ...DEMAND, purpose: text, fields: [text], legalBasis: text }} named={{ organisation: () => text, division: () => text, resource: () => text, matter: () => text, ruleSet: () => text }} mayDecide problems={[{ text: { zh: text, en: text } }]} />,
      <ProblemPage key='d' {...FRAME} words={WORDS} code='X' undone='error.undone' reference={text} typed={[{ name: text, value: text }]} violations={[{ pointer: text, message: text }]} />
    ]
    const plain = pages.map(page => html(page))
    const skeleton = (text: string): string[] => [...text.matchAll(/<\/?[a-z][a-z0-9]*/g)].map(([tag]) => tag)
    return plain.every(text => !acting.some(character => text.includes(character))) &&
      // No text made a tag of its own: there are as many scripts and titles as we wrote.
      plain.every(text => skeleton(text).filter(tag => tag === '<script').length === 1 && skeleton(text).filter(tag => tag === '</title').length === 1)
  }), { seed: 20261123, numRuns: 200 })
  t.match(html(<HelpPage {...FRAME} code={'a\u202eb'} words={undefined} retryable={false} />), /a⟨U\+202E⟩b/)
  t.match(html(<HelpPage {...FRAME} code='<b>' words={undefined} retryable={false} />), /&lt;b>/)
})

t.test('organisations, matters, rules and events stand by name; what nobody has a name for stays as it is', async t => {
  const nameOf = (id: string): string => new Map([['11990000YYYY01015Y', '市场局'], ['11990000YYYY010074', '政务局'], ['11990000YYYY01015Y.shops', '经营主体登记信息'], ['open-restaurant', '开办餐饮店'], ['990104', '示例省云川市青泽县（990104）'], ['r', '共享条例']]).get(id) ?? id
  const named: Named = { organisation: nameOf, division: nameOf, resource: nameOf, matter: nameOf, ruleSet: nameOf }
  const main = (page: VNode): string => html(page).replace(/<header[\s\S]*?<\/header>/, '').replace(/<details[\s\S]*?<\/details>/g, '').replace(/ (?:title|href|action)="[^"]*"/g, '')
  const decided = { ...DEMAND, matters: ['open-restaurant'], regions: ['990104'], clock: { ...DEMAND.clock, article: '21' }, decided: { at: NOW, by: AUTHOR, why: '可以', outcome: 'granted', grantId: 'g-1' } } as typeof DEMAND
  const { acts: _acts, event: _event, first: _first, reasons: _reasons, ...rest } = ENTRY
  const entry = entryView({ ...rest, updatedAt: NOW, inbound: { partition: 0, offset: 0 }, reasons: [], acts: [{ request: 'replay', at: NOW, by: AUTHOR, why: '修好了' }] } as Parameters<typeof entryView>[0], codeWords, nameOf)
  const pages = {
    duties: main(<DutiesPage {...FRAME} duties={[DUTY]} demands={[DEMAND, { ...decided, state: 'decided' }]} workOnly={false} at={NOW} named={named} />),
    duty: main(<DutyPage {...FRAME} duty={{ ...DUTY, matters: ['open-restaurant'] }} named={named} />),
    request: main(<RequestPage {...FRAME} demand={decided} named={named} mayDecide={false} problems={[]} />),
    resource: main(<ResourcePage {...FRAME} answer={ANSWER} divisionName={code => code} />),
    quarantine: main(<QuarantinePage {...FRAME} causes={[]} entries={[entry, { ...entry, type: 'parcel.lost.v1' }]} mayReplay />),
    entry: main(<QuarantineEntryPage {...FRAME} entry={entry} mayReplay mayDiscard />)
  }
  for (const [name, text] of Object.entries(pages)) t.notMatch(text, /1199\d{4}YYYY|open-restaurant|g-1/, name)
  t.match(pages.duties, /政务局要 2 个字段/)
  t.match(pages.request, /共享条例第 21 条/)
  t.match(pages.request, /示例省云川市青泽县（990104）/)
  t.match(pages.duty, /开办餐饮店[\s\S]*数据已更新/)
  t.match(pages.quarantine, /市场局 · 第 4 号[\s\S]*数据新增或更新[\s\S]*parcel\.lost\.v1/)
  t.match(pages.entry, /市场局（c）/)
})

t.test('no page shows the place of a detail that is not there', async t => {
  t.same(Object.keys({ ...FAILURES, ...FINDINGS, ...EXEMPTION_REASONS }).filter(code => /\{\}|“”|""|（）/.test(`${toldOf(codeWords, code).zh}${toldOf(codeWords, code).en}`)), [])
})

t.test('a detail of a finding is said in words', async t => {
  const zh = (code: string, detail: string): string | undefined => findingsOf({ checks: [{ name: 'x', aspect: 'format', status: 'failed', code, detail }], signatures: [] }, codeWords, id => id === '11990000YYYY01015Y' ? '市场局' : id)[0]?.zh
  t.equal(zh('IDENTIFIER_CHECK_FAILED', 'form'), '证照标识有误（格式不对）')
  t.equal(zh('IDENTIFIER_CHECK_FAILED', 'check character'), '证照标识有误（校验码不对）')
  t.match(zh('SIGNED_IN_FUTURE', '2026-11-23T02:11:12.000Z'), /2026-11-23 10:11:12（北京时间）/, 'by the clock in China')
  t.match(findingsOf({ checks: [{ name: 'x', aspect: 'revocation', status: 'failed', code: 'CERTIFICATE_REVOKED', detail: '某局: 2026-11-23T02:11:12.000Z keyCompromise' }], signatures: [] }, codeWords), [{ detail: '某局: 2026-11-23 10:11:12（北京时间） keyCompromise' }])
  t.equal(toldOf(codeWords, 'PARTY_MISSING', '新生儿').zh, '还不知道“新生儿”是谁，没有查询')
  t.equal(toldOf(codeWords, 'PARTY_MISSING').zh, '还不知道是谁，没有查询')
  t.equal(zh('ISSUER_DIFFERS', '11990000YYYY01015Y'), '盖章单位不是证照标识里写的发证机关（市场局）')
})

t.test('what names a person is masked, what helps to mend an event is not', async t => {
  t.equal(maskName('张三丰'), '张**')
  t.equal(maskName('𠮷田'), '𠮷**', 'one character, however it is written')
  t.equal(maskAddress('示例省云川市云东区解放路 1 号'), '示例省云川市云东区**')
  t.same(maskEvent({
    id: 'e-1', type: 'record.upserted.v1', time: '2026-03-02T01:00:00Z', subject: '630102199001011234', sequence: 4, data: { name: '张三', phone: '13900001234', number: 13900001234, code: '630102199001011234', day: '2026-03-02', on: true, count: 3, state: 'valid', list: [{ 住址: '解放路 1 号' }] }
  }), {
    id: 'e-1', type: 'record.upserted.v1', time: '2026-03-02T01:00:00Z', subject: '630***********1234', sequence: 4, data: { name: '张**', phone: '139****1234', number: '139****1234', code: '630***********1234', day: '2026-03-02', on: true, count: 3, state: 'valid', list: [{ 住址: '解**' }] }
  })
})

t.test('an event is shown line by line with the member that a reason points to, also one that is missing', async t => {
  const event = Buffer.from(JSON.stringify({ type: 'record.upserted.v1', data: { expiresOn: '明天', 'a/b': 1 } })).toString('base64url')
  const { acts: _acts, event: _event, first: _first, reasons: _reasons, ...rest } = ENTRY
  const view = entryView({ ...rest, updatedAt: NOW, inbound: { partition: 0, offset: 0 }, acts: [], event, reasons: [{ code: 'SHAPE_INVALID', pointer: '/data/expiresOn' }, { code: 'SHAPE_INVALID', pointer: '/data/a~1b' }, { code: 'SHAPE_INVALID', pointer: '/data/name' }] } as Parameters<typeof entryView>[0], codeWords)
  t.same(view.event?.filter(({ marked }) => marked).map(({ text }) => text.trim()), ['"expiresOn": "明**"', '"a/b": 1', 'name: （缺少）'])
  const broken = entryView({ ...rest, updatedAt: NOW, inbound: { partition: 0, offset: 0 }, acts: [], event: Buffer.from('张三 13900001234').toString('base64url'), reasons: [] } as Parameters<typeof entryView>[0], codeWords)
  t.notMatch(JSON.stringify(broken.event), /张三|1390/)
})

t.test('every instant on the page of a verdict, also those in its details, is told by the clock in China', async t => {
  const report = { verdict: 'invalid' as const, at: NOW, issuedAt: NOW, kind: 'ofd', receiptId: 'x', checks: [], signatures: [{ verdict: 'invalid' as const, id: 's', signedAt: NOW, checks: [{ name: 'time-stamp', aspect: 'time' as const, status: 'failed' as const, code: 'TIMESTAMP_EARLIER', detail: `${NOW} < ${NOW}` }] }] }
  const text = html(<VerdictPage {...FRAME} limits={LIMITS} view={verdictView(report as Parameters<typeof verdictView>[0], codeWords, {})} print />)
  t.notMatch(text, /\d{4}-\d{2}-\d{2}T|02:11/)
  t.match(text, /回执[\s\S]*2026-11-23 10:11:12（北京时间）/)
})
