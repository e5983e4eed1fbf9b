import t from 'tap'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import { commitment, fakes, ground, material, matterOfWays, matterWith, OTHER, PERSON, SHOP, subMatter, WINDOW, yesNo, type Held } from './support.js'

type Ways = Matter['materials'][number]['ways']
const ASSERTION: Ways[number] = { way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '登记状态', is: '存续' } }
const DATA: Ways[number] = { way: 'data', data: '档案', subject: 'applicant', items: ['住所'] }
const LICENCE: Ways[number] = { way: 'licence', licenceType: '营业执照', holder: 'applicant' }
const RESOURCE = '11990000YYYY01015Y.'
/** Another office, that knows nothing of the first one's cases. */
const ELSEWHERE = { ...WINDOW, client: 'other-window', organisation: '11990000YYYY01015Y' }
const HELD: Partial<Held> = { assertions: { 登记: 'yes' }, rows: { 档案: { values: { 住所: '示例路1号' } } }, licences: { 营业执照: [{ face: { 经营范围: '餐饮' } }] } }

t.test('a licence that spared a material is flagged with its issuer', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId, materials } } = await ask(matterOfWays([LICENCE]))
  t.match(materials, [{ outcome: 'skip', code: 'LICENCE_VALID' }])
  t.match((await exemptions.flag(caseId, 'paper', { kind: 'outdated', item: '经营范围', note: '已变更' }, WINDOW)).materials, [{ outcome: 'undecided', code: 'FLAGGED', flags: [{ correctionId: 'c-1' }] }])
  t.same(fake.corrections, [{ about: { licenceId: '营业执照-0', issuer: '11990000YYYY020170', item: '经营范围' }, kind: 'outdated', subject: SHOP.code, caseNumber: 'QH-1', note: '已变更', spared: true }])
  await t.rejects(exemptions.flag(caseId, 'paper', { kind: 'wrong', item: '颜色' }, WINDOW), { code: 'FIELD_UNKNOWN' })
  t.match((await ask(matterOfWays([LICENCE]))).answer.materials, [{ outcome: 'undecided', code: 'SOURCE_DISPUTED', source: { kind: 'licence', name: '营业执照' } }], 'nor does it spare anything in a new case')
  fake.answered.add('c-1')
  t.match((await ask(matterOfWays([LICENCE]))).answer.materials, [{ outcome: 'skip' }])
})

t.test('a whole licence can be flagged, also one that is not in force; of several nobody can tell which', async t => {
  const fake = fakes({ licences: { 营业执照: [{ inForce: false }] } })
  const { ask, exemptions } = await ground(t, fake)
  const flag = async () => {
    const { answer: { caseId } } = await ask(matterOfWays([LICENCE]))
    return await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)
  }
  await flag()
  t.match(fake.corrections, [{ about: { licenceId: '营业执照-0' }, spared: false }])
  fake.held.licences['营业执照'] = [{ inForce: false }, { inForce: false }]
  await t.rejects(flag(), { code: 'MATERIAL_NOT_SPARED' })
  fake.held.licences['营业执照'] = []
  await t.rejects(flag(), { code: 'MATERIAL_NOT_SPARED' })
})

t.test('what decided is flagged, or the answer that is named', async t => {
  const fake = fakes({ ...structuredClone(HELD), assertions: { 登记: 'none' } })
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(matterOfWays([ASSERTION, DATA, LICENCE]))
  await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)
  await exemptions.flag(caseId, 'paper', { kind: 'missing', way: 'assertion' }, WINDOW)
  t.match(fake.corrections, [
    { about: { resourceId: `${RESOURCE}档案`, item: '住所' }, spared: true, rowDigest: 'd'.repeat(64), toldAt: '2026-03-01T00:00:00.000Z' },
    { about: { resourceId: `${RESOURCE}登记`, item: '登记状态' }, spared: false }
  ])
  await t.rejects(exemptions.flag(caseId, 'paper', { kind: 'wrong', way: 'licence' }, WINDOW), { code: 'MATERIAL_NOT_SPARED' }, 'it was not asked for')
})

t.test('asked again, a flagged material still says whose word was flagged, though another way would spare it', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(matterOfWays([ASSERTION, LICENCE]))
  const about = { materials: [{ code: 'FLAGGED', source: { kind: 'data', resourceId: `${RESOURCE}登记` } }] }
  t.match(await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW), about)
  t.match((await exemptions.recheck(caseId, 'paper', '重查', WINDOW)).answer, about)
})

t.test('while a flag waits for its answer a new case is not spared by the same source, at any office, and is not told whose flag it is', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const matter = matterOfWays([ASSERTION])
  const { answer: { caseId } } = await ask(matter)
  await exemptions.flag(caseId, 'paper', { kind: 'wrong', note: '不是我的' }, WINDOW)
  const elsewhere = async (applicant: typeof SHOP | typeof PERSON = SHOP) => (await exemptions.decide({ matterId: matter.id, applicant, caseNumber: 'B-9', purpose: '开办餐饮店' }, ELSEWHERE)).answer
  const answer = await elsewhere()
  t.match(answer.materials, [{ outcome: 'undecided', code: 'SOURCE_DISPUTED', reason: { zh: /有人提出不对/ }, needs: { zh: /答复后重查/ } }])
  for (const secret of ['c-1', '不是我的', 'QH-1', caseId, WINDOW.organisation]) t.notOk(JSON.stringify([answer, await exemptions.explain(answer.caseId, ELSEWHERE)]).includes(secret), secret)
  t.match((await elsewhere(PERSON)).materials, [{ outcome: 'skip' }], 'of somebody else it still tells')
  fake.answered.add('c-1')
  t.match((await exemptions.recheck(answer.caseId, 'paper', '重查', ELSEWHERE)).answer.materials, [{ outcome: 'skip' }])
  t.match((await elsewhere()).materials, [{ outcome: 'skip' }])
})

t.test('another way heals what is disputed; a denial is healed by no flag', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const outcome = async (ways: Ways) => (await ask(matterOfWays(ways, { commitments: [commitment('promise')] }))).answer.materials.map(({ outcome, code }) => `${outcome} ${code}`).join()
  const { answer: { caseId } } = await ask(matterOfWays([ASSERTION]))
  await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)
  t.equal(await outcome([ASSERTION, LICENCE]), 'skip LICENCE_VALID')
  t.equal(await outcome([ASSERTION, DATA]), 'skip DATA_FOUND')
  t.equal(await outcome([ASSERTION, { way: 'commitment', commitment: 'promise' }]), 'commit COMMITMENT_ALLOWED')
  fake.held.assertions['登记'] = 'no'
  t.equal(await outcome([ASSERTION, { way: 'commitment', commitment: 'promise' }]), 'submit REGISTER_SAYS_NO')
})

t.test('a disputed register neither answers a question nor leaves it to the applicant\'s own word', async t => {
  const fake = fakes({ assertions: { 登记: 'yes', 名录: 'yes' } })
  const { ask, exemptions } = await ground(t, fake)
  const matter: Matter = {
    ...matterOfWays([ASSERTION]),
    questions: [yesNo('chain', { answeredBy: [{ data: '登记', subject: 'applicant', ask: { item: '登记状态', is: '存续' }, value: true, otherwise: false }] })],
    subMatters: [subMatter('step', { if: { answer: 'chain', is: true }, then: { material: 'paper' }, else: { allOf: [] } })]
  }
  const { answer } = await ask(matter)
  t.match(answer, { answers: [{ question: 'chain', from: 'register', value: true }], materials: [{ outcome: 'skip' }] })
  await exemptions.flag(answer.caseId, 'paper', { kind: 'wrong' }, WINDOW)
  t.match((await ask(matter)).answer, { questions: [{ id: 'chain', code: 'SOURCE_DISPUTED', needs: { zh: /新办件/ } }], answers: [] }, 'a question is settled in a new case, not taken in like paper')
  t.match((await ask(matter, { answers: { chain: false } })).answer, { questions: [{ id: 'chain', code: 'SOURCES_CONFLICT' }], answers: [] })
  t.match((await ask(matter, { answers: { chain: true } })).answer, { questions: [], answers: [{ question: 'chain', from: 'register' }] })
})

t.test('nobody is named by a row that is disputed', async t => {
  const fake = fakes({ rows: { 婚姻: { values: { 配偶: OTHER.code } } }, assertions: { 登记: 'yes' } })
  const { ask, exemptions } = await ground(t, fake)
  const matter = matterWith({
    parties: [{ id: 'spouse', name: { zh: '配偶', en: 'spouse' }, kind: 'natural', from: { data: '婚姻', subject: 'applicant', item: '配偶' } }],
    materials: [{ id: 'marriage', name: { zh: '结婚证', en: 'marriage' }, kind: 'document', ways: [{ way: 'data', data: '婚姻', subject: 'applicant', items: ['配偶'] }], source: { tag: 'N' } }, { id: 'paper', name: { zh: '材料', en: 'paper' }, kind: 'document', ways: [{ ...ASSERTION, subject: 'spouse' }], source: { tag: 'N' } }],
    subMatters: [subMatter('step', { allOf: [{ material: 'marriage' }, { material: 'paper' }] })]
  })
  const { answer } = await ask(matter, { applicant: PERSON })
  t.match(answer.materials, [{ outcome: 'skip' }, { outcome: 'skip' }])
  await exemptions.flag(answer.caseId, 'marriage', { kind: 'not-this-subject' }, WINDOW)
  fake.calls.length = 0
  t.match((await ask(matter, { applicant: PERSON })).answer.materials, [{ code: 'SOURCE_DISPUTED' }, { outcome: 'undecided', code: 'PARTY_UNCONFIRMED' }])
  t.notOk(fake.calls.some(call => call.includes(OTHER.code)), 'whoever the row names is not asked about')
})

t.test('who looks up disputes and cannot is spared nothing', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask } = await ground(t, fake)
  fake.ports.corrections.disputed = async () => { throw new Error('down') }
  t.match((await ask(matterOfWays([ASSERTION]))).answer.materials, [{ outcome: 'undecided', code: 'SOURCE_FAILED' }])
  t.match((await ask(matterOfWays([LICENCE]))).answer.materials, [{ outcome: 'undecided', code: 'SOURCE_FAILED' }])
  fake.ports.corrections.disputed = async () => 'all'
  t.match((await ask(matterOfWays([ASSERTION]))).answer.materials, [{ outcome: 'undecided', code: 'SOURCE_DISPUTED' }])
})

t.test('what can be flagged is named, item by item, and no value with it; of a licence what it shows', async t => {
  const fake = fakes({ ...structuredClone(HELD), assertions: { 登记: 'none' } })
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(matterOfWays([ASSERTION, DATA, LICENCE]))
  const list = await exemptions.flaggable(caseId, 'paper', WINDOW)
  t.same(list, { items: [{ way: 'data', source: '档案', resourceId: `${RESOURCE}档案`, items: ['住所'] }, { way: 'assertion', source: '登记', resourceId: `${RESOURCE}登记`, items: ['登记状态'] }] }, 'what decided first, and nothing that was not asked')
  for (const { way, items } of list.items) t.match(await exemptions.flag(caseId, 'paper', { kind: 'wrong', way, item: items[0] as string }, WINDOW), { materials: [{ code: 'FLAGGED' }] }, way)
  const { answer: { caseId: byLicence } } = await ask(matterOfWays([LICENCE]))
  t.same(await exemptions.flaggable(byLicence, 'paper', WINDOW), { items: [{ way: 'licence', source: '营业执照', items: ['经营范围'] }] })
  fake.held.licences['营业执照'] = []
  t.same(await exemptions.flaggable(byLicence, 'paper', WINDOW), { items: [] }, 'which licence it was cannot be told any more')
  const { answer: { caseId: untold } } = await ask(matterOfWays([]))
  t.same(await exemptions.flaggable(untold, 'paper', WINDOW), { items: [] })
  await t.rejects(exemptions.flaggable(byLicence, 'paper', ELSEWHERE), { code: 'NOT_FOUND' })
})

t.test('an item that was not asked about is flagged by nobody, and every one that was can be; where only was asked whether there is a record, whatever it holds', async t => {
  const fake = fakes({ ...structuredClone(HELD), assertions: { 登记: 'yes', 名录: 'yes' }, rows: { 档案: { values: { 住所: '示例路1号', 名称: '示例面馆' } } } })
  const { ask, exemptions } = await ground(t, fake)
  const opened = async (id: string, way: Ways[number]): Promise<string> => (await ask(matterOfWays([way], { id }))).answer.caseId
  const refused = { code: 'INPUT_INVALID', violations: [{ pointer: '/item' }] }
  const [byData, byAssertion, byExistence] = [await opened('data', { ...DATA, items: ['住所', '名称'] } as Ways[number]), await opened('assertion', ASSERTION), await opened('existence', { way: 'assertion', data: '名录', subject: 'applicant', ask: { exists: true } })]
  await t.rejects(exemptions.flag(byData, 'paper', { kind: 'wrong', item: '电话' }, WINDOW), refused)
  await t.rejects(exemptions.flag(byAssertion, 'paper', { kind: 'wrong', way: 'assertion', item: '住所' }, WINDOW), refused)
  await t.rejects(exemptions.flag(byExistence, 'paper', { kind: 'wrong' }, WINDOW), refused, 'nothing was asked about that could be meant')
  t.same(fake.corrections, [], 'nobody was asked to correct anything')
  for (const [caseId, item] of [[byData, '住所'], [byData, '名称'], [byAssertion, '登记状态'], [byExistence, '状态']] as const) {
    t.match(await exemptions.flag(caseId, 'paper', { kind: 'wrong', item }, WINDOW), { materials: [{ code: 'FLAGGED' }] }, item)
  }
  t.same(fake.corrections.map(({ about: { item } }) => item), ['住所', '名称', '登记状态', '状态'])
})

t.test('where a source was not asked, was not allowed to tell or did not answer, nothing was told that could be flagged', async t => {
  for (const said of ['GRANT_MISSING', 'GRANT_PULLED', 'PURPOSE_NOT_GRANTED', 'STORE_UNAVAILABLE'] as const) {
    for (const way of [ASSERTION, DATA]) {
      const fake = fakes({ assertions: { 登记: said }, rows: { 档案: said } })
      const { ask, exemptions } = await ground(t, fake)
      const { answer: { caseId } } = await ask(matterOfWays([way]))
      t.same(await exemptions.flaggable(caseId, 'paper', WINDOW), { items: [] }, said)
      await t.rejects(exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW), { code: 'MATERIAL_NOT_SPARED' }, said)
      t.same(fake.corrections, [], 'nobody was asked to correct anything')
    }
  }
  const fake = fakes()
  const { ask, exemptions } = await ground(t, fake)
  fake.ports.register.heldBy = async () => { throw new Error('down') }
  const { answer: { caseId } } = await ask(matterOfWays([LICENCE]))
  fake.ports.register.heldBy = fakes(structuredClone(HELD)).ports.register.heldBy
  t.same(await exemptions.flaggable(caseId, 'paper', WINDOW), { items: [] }, 'the licence was found by nobody at the window')
  await t.rejects(exemptions.flag(caseId, 'paper', { kind: 'wrong', item: '经营范围' }, WINDOW), { code: 'MATERIAL_NOT_SPARED' })
})

t.test('of several who act in a case at once none leaves a flag out of it whose provider was asked', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const matter = { ...matterOfWays([ASSERTION]), materials: [material('paper', [ASSERTION]), material('other', [DATA])], subMatters: [subMatter('step', { allOf: [{ material: 'paper' }, { material: 'other' }] })] }
  const { answer: { caseId } } = await ask(matter)
  const { ask: asked } = fake.ports.corrections
  let refused: Promise<unknown> | undefined
  fake.ports.corrections.ask = async (...flag) => {
    await (refused ??= exemptions.refuse(caseId, 'other', '自行提交', WINDOW))
    return await asked(...flag)
  }
  const flag = async () => await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)
  await Promise.all([flag(), flag(), flag()])
  const { materials } = await exemptions.get(caseId, WINDOW)
  t.match(materials, [{ code: 'FLAGGED' }, { code: 'REFUSED_BY_APPLICANT' }])
  t.same(materials[0]?.flags?.map(({ correctionId }) => correctionId).sort(), ['c-1', 'c-2', 'c-3'])
  t.equal(fake.corrections.length, 3)
})

t.test('that a flag holds in its own case alone stands with it from the start, and after the view was made again', async t => {
  const fake = fakes(structuredClone(HELD))
  const { ask, exemptions } = await ground(t, fake)
  const flags = async (caseId: string) => (await exemptions.get(caseId, WINDOW)).materials[0]?.flags
  const { answer: { caseId } } = await ask(matterOfWays([ASSERTION]))
  t.match((await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)).materials, [{ flags: [{ item: '登记状态', answeredBefore: undefined }] }])
  fake.answeredBefore = true
  t.match((await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)).materials, [{ flags: [{}, { item: '登记状态', answeredBefore: true }] }])
  const before = await flags(caseId)
  await exemptions.rebuild()
  t.same(await flags(caseId), before)
})
