import { join } from 'node:path'
import t from 'tap'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import { loadMatters } from '../../../config/matters.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import { Failure } from '../../../services/core/failure.js'
import { TOPICS } from '../../../services/core/event.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { CASE_INDEXES } from '../../../services/exemptions/cases.js'
import { commitment, fakes, ground, material, matterOfWays, matterWith, NOW, OTHER, PERSON, SHOP, subMatter, whileAsserting, WINDOW, yesNo } from './support.js'

const MATTER: Matter = matterWith({
  questions: [yesNo('sign')],
  materials: [
    material('licence', [{ way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '登记状态', is: '存续' } }]),
    material('promise', [{ way: 'commitment', commitment: 'promise' }]),
    material('form'),
    material('drawing')
  ],
  commitments: [commitment('promise')],
  subMatters: [subMatter('food', { allOf: [{ material: 'licence' }, { material: 'promise' }, { material: 'form' }] }), subMatter('sign', { material: 'drawing' }, { when: { answer: 'sign', is: true } })]
})
const HELD = { assertions: { 登记: 'yes' as const } }
const OFFICE = { ...WINDOW, client: 'other-window', organisation: '11990000YYYY01015Y' }

t.test('a case says what to hand in and what not, and the same when it is read again', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer, uses } = await ask(MATTER, { answers: { sign: false } })
  t.match(answer, { state: 'decided', counts: { skip: 1, submit: 1, commit: 1, undecided: 0 }, openedAt: NOW, questions: [] })
  t.match(answer.materials[0], { id: 'licence', outcome: 'skip', source: { kind: 'data', name: '登记', grantId: 'g-1' }, asOf: '2026-03-01T00:00:00.000Z', reason: { zh: '“登记”已核实（是/否查询），不用交' } })
  t.match(uses, [{ way: 'assertion', outcome: 'answered' }])
  t.same(await exemptions.get(answer.caseId, WINDOW), answer)
  t.match(await exemptions.list(WINDOW, { limit: 10 }), { items: [{ caseId: answer.caseId, counts: answer.counts }] })
})

t.test('a case is opened when it was decided, however long its sources took', async t => {
  const fake = fakes(HELD)
  const { ask, exemptions, clock } = await ground(t, fake)
  whileAsserting(fake, { before: () => { clock.set('2026-03-02T01:00:05.000Z') } })
  const { answer } = await ask(MATTER)
  t.match(answer, { openedAt: NOW, decidedAt: NOW })
  clock.set('2026-03-02T01:01:00.000Z')
  t.match((await exemptions.recheck(answer.caseId, 'licence', '重查', WINDOW)).answer, { openedAt: NOW, decidedAt: '2026-03-02T01:01:00.000Z' })
})

t.test('each source is named by its organisation, in cases, explanations and forms; one that is not registered has no name', async t => {
  const fake = fakes({ ...HELD, licences: { 许可证: [{}] } })
  const { ask, exemptions } = await ground(t, fake)
  const matter: Matter = { ...MATTER, materials: [...MATTER.materials, material('permit', [{ way: 'licence', licenceType: '许可证', holder: 'applicant' }])], subMatters: [subMatter('food', { allOf: [{ material: 'licence' }, { material: 'permit' }] })] }
  const { answer } = await ask(matter)
  t.match(answer.materials, [
    { source: { kind: 'data', organisation: '11990000YYYY01015Y', organisationName: '示例省市场监督管理局' } }, { source: { kind: 'licence', organisationName: '发证机关' } }
  ])
  t.match(JSON.stringify(await exemptions.explain(answer.caseId, WINDOW)), /"organisationName":"示例省市场监督管理局"/)
  fake.ports.organisationName = () => undefined
  t.notOk('organisationName' in ((await exemptions.get(answer.caseId, WINDOW)).materials[0]?.source ?? {}))
})

t.test('a case is seen by the organisation that opened it and by nobody else', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer: { caseId } } = await ask(MATTER)
  await t.rejects(exemptions.get(caseId, OFFICE), { code: 'NOT_FOUND' })
  await t.rejects(exemptions.explain(caseId, OFFICE), { code: 'NOT_FOUND' })
  await t.rejects(exemptions.refuse(caseId, 'licence', '自己交', OFFICE), { code: 'NOT_FOUND' })
  t.same((await exemptions.list(OFFICE, { limit: 10 })).items, [])
})

t.test('people are masked in what a case shows', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer } = await ask(MATTER, { applicant: PERSON, agent: { ...OTHER, authorisation: { reference: '委托书' } } })
  for (const shown of [answer, await exemptions.list(WINDOW, { limit: 10 })]) {
    for (const secret of [PERSON.code, PERSON.name, OTHER.code, OTHER.name]) t.notOk(JSON.stringify(shown).includes(secret))
  }
  t.match(answer, { applicant: { name: '张**', code: '110***********002X' }, agent: { name: '李**', authorised: true } })
})

t.test('open questions are asked, and only those that still matter', async t => {
  const { ask } = await ground(t, fakes(HELD))
  const { answer } = await ask(MATTER)
  t.equal(answer.state, 'open')
  t.match(answer.questions, [{ id: 'sign', ask: { zh: '问题sign？' } }])
  t.match(answer.materials.find(({ id }) => id === 'drawing'), { need: 'open', outcome: 'undecided', code: 'QUESTION_OPEN', questions: ['sign'] })
  t.same((await ask(MATTER, { answers: { sign: true } })).answer.questions, [])
})

t.test('a scenario answer that a register can give is not asked of the applicant; two that differ are a conflict', async t => {
  const matter: Matter = { ...MATTER, questions: [yesNo('sign', { answeredBy: [{ data: '招牌', subject: 'applicant', ask: { item: '有', is: true }, value: true, otherwise: false }] })] }
  const told = async (answer: 'yes' | 'no' | 'none' | 'GRANT_MISSING', answers?: Record<string, boolean>) => (await (await ground(t, fakes({ assertions: { ...HELD.assertions, 招牌: answer } }))).ask(matter, answers === undefined ? {} : { answers })).answer
  t.match(await told('yes'), { state: 'decided', answers: [{ question: 'sign', from: 'register', value: true }], counts: { submit: 2 } })
  t.match(await told('no'), { state: 'decided', answers: [{ question: 'sign', from: 'register', value: false }], counts: { submit: 1 } })
  t.match(await told('none'), { state: 'open', questions: [{ id: 'sign', code: 'NO_MATCH' }], answers: [] })
  t.match(await told('GRANT_MISSING', { sign: false }), { state: 'decided', answers: [{ question: 'sign', from: 'applicant', value: false, code: 'GRANT_MISSING' }] })
  t.match(await told('yes', { sign: true }), { state: 'decided', answers: [{ question: 'sign', from: 'register', value: true }] })
  const conflict = await told('yes', { sign: false })
  t.match(conflict, { state: 'open', questions: [{ id: 'sign', code: 'SOURCES_CONFLICT' }] })
  t.match(conflict.materials.find(({ id }) => id === 'drawing'), { outcome: 'undecided' })
})

t.test('a matter that ends is answered as such, and no source of a material is asked', async t => {
  const fake = fakes(HELD)
  const { ask } = await ground(t, fake)
  const matter: Matter = { ...MATTER, ends: [{ when: { answer: 'sign', is: true }, say: { zh: '请办理别的事项', en: 'Another matter applies' }, source: { tag: 'N' } }] }
  t.match((await ask(matter, { answers: { sign: true } })).answer, { state: 'ended', ends: [{ zh: '请办理别的事项' }], materials: [] })
  t.same(fake.calls, [])
  t.equal((await ask(matter, { answers: { sign: false } })).answer.state, 'decided')
})

t.test('what the applicant wants to hand in is handed in', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer: { caseId } } = await ask(MATTER)
  const refused = await exemptions.refuse(caseId, 'licence', '想交原件', WINDOW)
  t.match(refused.materials[0], { outcome: 'submit', code: 'REFUSED_BY_APPLICANT', refused: { why: '想交原件', client: 'approval-window', at: NOW } })
  await t.rejects(exemptions.refuse(caseId, 'licence', '再来', WINDOW), { code: 'MATERIAL_NOT_SPARED' })
  await t.rejects(exemptions.refuse(caseId, 'form', '本来要交', WINDOW), { code: 'MATERIAL_NOT_SPARED' })
  await t.rejects(exemptions.refuse(caseId, 'nothing', '没有', WINDOW), { code: 'MATERIAL_UNKNOWN' })
  await t.rejects(exemptions.recheck(caseId, 'licence', '重查', WINDOW), { code: 'RECHECK_NOT_POSSIBLE' })
})

t.test('a commitment is kept with its text, its consequences and the day of the follow-up', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer: { caseId, materials } } = await ask(MATTER)
  t.match(materials[1], { outcome: 'commit', commitment: { id: 'promise', text: { zh: '我承诺属实。' }, consequences: { zh: '不实的撤销许可。' } } })
  const signed = { commitment: 'promise', text: '我承诺属实。', signedBy: 'applicant' as const }
  await t.rejects(exemptions.commit(caseId, 'promise', { ...signed, text: '我承诺。' }, WINDOW), { code: 'COMMITMENT_TEXT_DIFFERS' })
  await t.rejects(exemptions.commit(caseId, 'promise', { ...signed, signedBy: 'agent' }, WINDOW), { code: 'SIGNER_NOT_AUTHORISED' })
  await t.rejects(exemptions.commit(caseId, 'promise', { ...signed, commitment: 'other' }, WINDOW), { code: 'COMMITMENT_NOT_OFFERED' })
  await t.rejects(exemptions.commit(caseId, 'form', signed, WINDOW), { code: 'COMMITMENT_NOT_OFFERED' })
  const made = await exemptions.commit(caseId, 'promise', signed, WINDOW)
  t.match(made.materials[1], { outcome: 'commit', commitment: { made: { at: NOW, signedBy: 'applicant', text: '我承诺属实。', consequences: { zh: '不实的撤销许可。' }, followUpOn: '2026-03-16', followUpBy: '监管部门', client: 'approval-window' } } })
  await t.rejects(exemptions.commit(caseId, 'promise', signed, WINDOW), { code: 'COMMITMENT_NOT_OFFERED' })
})

t.test('what is flagged as wrong stands for nothing until its provider has answered', async t => {
  const fake = fakes(HELD)
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(MATTER)
  const flagged = await exemptions.flag(caseId, 'licence', { kind: 'outdated', note: '已迁址' }, WINDOW)
  t.match(flagged.materials[0], { outcome: 'undecided', code: 'FLAGGED', flags: [{ correctionId: 'c-1', why: '已迁址' }] })
  t.match(fake.corrections, [{ about: { resourceId: '11990000YYYY01015Y.登记' }, subject: SHOP.code }])
  t.match((await exemptions.recheck(caseId, 'licence', '重查', WINDOW)).answer.materials[0], { outcome: 'undecided', code: 'FLAGGED' }, 'asking again does not clear it')
  fake.answered.add('c-1')
  t.match((await exemptions.recheck(caseId, 'licence', '重查', WINDOW)).answer.materials[0], { outcome: 'skip', code: 'ASSERTION_YES' })
  await t.rejects(exemptions.flag(caseId, 'form', { kind: 'wrong' }, WINDOW), { code: 'MATERIAL_NOT_SPARED' })
})

t.test('a source that was silent is asked again, and the least set is worked out anew', async t => {
  const fake = fakes({ assertions: { 登记: async () => { throw new Error('down') } } })
  const { ask, exemptions } = await ground(t, fake)
  const matter: Matter = { ...MATTER, subMatters: [subMatter('food', { anyOf: [{ material: 'promise' }, { material: 'licence' }] })] }
  const { answer } = await ask(matter)
  t.match(answer.materials, [{ id: 'promise', outcome: 'commit' }], 'a commitment is less than what nobody can tell')
  await t.rejects(exemptions.recheck(answer.caseId, 'licence', '重查', WINDOW), { code: 'MATERIAL_UNKNOWN' }, 'it has no part in this case')
  const plain = (await ask(MATTER)).answer
  t.match(plain.materials[0], { outcome: 'undecided', code: 'SOURCE_FAILED' })
  fake.held.assertions['登记'] = 'yes'
  const { answer: again, uses } = await exemptions.recheck(plain.caseId, 'licence', '重查', WINDOW)
  t.match(again.materials[0], { outcome: 'skip' })
  t.equal(uses.length, 1)
  await t.rejects(exemptions.recheck(plain.caseId, 'drawing', '重查', WINDOW), { code: 'RECHECK_NOT_POSSIBLE' })
})

t.test('no flag is forgotten for another: what waits for an answer stays undecided, however many flags follow', async t => {
  const fake = fakes({ assertions: { 登记: 'yes', 许可: 'yes' } })
  const { ask, exemptions } = await ground(t, fake)
  const ways = (data: string): Matter['materials'][number]['ways'] => [{ way: 'assertion', data, subject: 'applicant', ask: { item: '状态', is: '存续' } }]
  const { answer: { caseId } } = await ask({ ...MATTER, materials: [material('licence', ways('登记')), material('permit', ways('许可'))], subMatters: [subMatter('food', { allOf: [{ material: 'licence' }, { material: 'permit' }] })] })
  await exemptions.flag(caseId, 'licence', { kind: 'wrong' }, WINDOW)
  for (let i = 1; i < 100; i++) await exemptions.flag(caseId, 'permit', { kind: 'wrong' }, WINDOW)
  await t.rejects(exemptions.flag(caseId, 'permit', { kind: 'wrong' }, WINDOW), { code: 'FLAGS_TOO_MANY' })
  t.equal(fake.corrections.length, 100, 'no provider is asked for nothing')
  t.match((await exemptions.get(caseId, WINDOW)).materials[0], { id: 'licence', outcome: 'undecided', code: 'FLAGGED' })
})

t.test('an answer that comes while the sources are asked again does not clear what was read before it', async t => {
  const fake = fakes(HELD)
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(MATTER)
  await exemptions.flag(caseId, 'licence', { kind: 'wrong' }, WINDOW)
  whileAsserting(fake, { after: () => { fake.answered.add('c-1') } })
  t.match((await exemptions.recheck(caseId, 'licence', '重查', WINDOW)).answer.materials[0], { outcome: 'undecided', code: 'FLAGGED' })
  t.match((await exemptions.recheck(caseId, 'licence', '重查', WINDOW)).answer.materials[0], { outcome: 'skip' })
})

t.test('an alternative that was spare is asked again before it takes the place of one that failed', async t => {
  const fake = fakes({ assertions: { 登记: 'yes', 许可: 'yes' } })
  const { ask, exemptions } = await ground(t, fake)
  const ways = (data: string): Matter['materials'][number]['ways'] => [{ way: 'assertion', data, subject: 'applicant', ask: { item: '状态', is: '存续' } }]
  const matter: Matter = { ...MATTER, materials: [material('licence', ways('登记')), material('permit', ways('许可'))], subMatters: [subMatter('food', { anyOf: [{ material: 'licence' }, { material: 'permit' }] })] }
  const rechecked = async (permit: 'yes' | 'no') => {
    Object.assign(fake.held.assertions, { 登记: 'yes', 许可: 'yes' })
    const { answer: { caseId, materials } } = await ask(matter)
    t.match(materials, [{ id: 'licence', outcome: 'skip' }])
    Object.assign(fake.held.assertions, { 登记: 'no', 许可: permit })
    return (await exemptions.recheck(caseId, 'licence', '重查', WINDOW)).answer.materials
  }
  t.match(await rechecked('no'), [{ outcome: 'submit' }], 'both say no by now')
  t.match(await rechecked('yes'), [{ id: 'permit', outcome: 'skip' }])
})

t.test('an authorisation until a day that there is not is none', async t => {
  const { ask } = await ground(t, fakes(HELD))
  const agent = (until: string) => ({ ...OTHER, authorisation: { reference: '委托书', until } })
  t.match((await ask(MATTER, { agent: agent('2026-03-02') })).answer, { agent: { authorised: true }, materials: [{ outcome: 'skip' }] })
  t.match((await ask(MATTER, { agent: agent('2026-99-99') })).answer, { agent: { authorised: false }, materials: [{ outcome: 'undecided', code: 'AGENT_UNAUTHORISED' }] })
})

t.test('of two who act on a case at once one wins', async t => {
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const { answer: { caseId } } = await ask(MATTER)
  await exemptions.idle()
  const both = await Promise.allSettled([exemptions.refuse(caseId, 'licence', '甲', WINDOW), exemptions.refuse(caseId, 'promise', '乙', WINDOW)])
  t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.match(both.find(({ status }) => status === 'rejected'), { reason: { code: 'VERSION_CONFLICT' } })
  t.equal((await exemptions.get(caseId, WINDOW)).counts.submit, 2)
})

t.test('a case that was decided by another version of its matter is not read by this one', async t => {
  const fake = fakes(HELD)
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(MATTER)
  fake.matters.set(MATTER.id, { ...MATTER, summary: { zh: '另一种说法', en: 'other words' } })
  await t.rejects(exemptions.get(caseId, WINDOW), { code: 'MATTER_CHANGED' }, 'other words under the same version are another matter')
  fake.matters.set(MATTER.id, structuredClone(MATTER))
  t.match(await exemptions.get(caseId, WINDOW), { caseId }, 'the same words, read again')
  fake.matters.set(MATTER.id, { ...MATTER, version: 2 })
  await t.rejects(exemptions.get(caseId, WINDOW), { code: 'MATTER_CHANGED' })
})

t.test('what is done in a case while the view stops is written and answered SHUTTING_DOWN, and stands after the next start', async t => {
  for (const { how, thrownAway } of [{ how: 'the view holds the case as it was', thrownAway: false }, { how: 'the view was thrown away', thrownAway: true }]) {
    await t.test(how, async t => {
      const { ask, exemptions, eventLog } = await ground(t, fakes(HELD))
      const { answer: { caseId } } = await ask(MATTER)
      await exemptions.idle()
      const append = eventLog.append.bind(eventLog)
      eventLog.append = async (...written) => {
        eventLog.append = append
        await exemptions.stop()
        if (thrownAway) await exemptions.rebuild()
        return await append(...written)
      }
      await t.rejects(exemptions.refuse(caseId, 'licence', '想交原件', WINDOW), { code: 'SHUTTING_DOWN' })
      exemptions.start()
      await exemptions.idle()
      t.match((await exemptions.get(caseId, WINDOW)).materials[0], { outcome: 'submit', refused: { why: '想交原件' } })
      t.match((await exemptions.commit(caseId, 'promise', { commitment: 'promise', text: '我承诺属实。', signedBy: 'applicant' }, WINDOW)).materials[1], { outcome: 'commit' }, 'and it goes on from there')
    })
  }
})

t.test('the view is rebuilt to the same bytes, and every event is of its schema', async t => {
  const { ask, exemptions, eventLog, documents } = await ground(t, fakes(HELD))
  const { answer: { caseId } } = await ask(MATTER, { applicant: PERSON, agent: { ...OTHER, authorisation: { reference: '委托书', until: '2027-01-01' } } })
  await exemptions.flag(caseId, 'licence', { kind: 'wrong' }, WINDOW)
  await exemptions.commit(caseId, 'promise', { commitment: 'promise', text: '我承诺属实。', signedBy: 'agent' }, WINDOW)
  await exemptions.recheck(caseId, 'licence', '重查', WINDOW)
  await exemptions.refuse(caseId, 'licence', '自己交', WINDOW)
  await Promise.allSettled([exemptions.refuse(caseId, 'licence', '甲', WINDOW), ask(MATTER)])
  await exemptions.idle()
  const all = async (): Promise<string> => {
    const texts: string[] = []
    for (const name of ['exemption-cases', 'exemption-voids']) {
      const { items } = await (await documents.collection<{ id: string }>(name, name === 'exemption-cases' ? { indexes: CASE_INDEXES } : {})).find({ index: 'id', limit: 100 })
      texts.push(...items.map(({ document }) => JSON.stringify(document)))
    }
    return texts.join('\n')
  }
  const before = await all()
  await exemptions.rebuild()
  t.equal(await all(), before)

  const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))
  const isEvent = validate('https://mianzheng.example/schemas/events/case-recorded.v1.json')
  const types = new Set<string>()
  for (const partition of [0, 1]) {
    for (const { value } of await eventLog.read(TOPICS.cases, partition, 0, { limit: 100 })) {
      const event = JSON.parse(Buffer.from(value).toString()) as { type: string }
      types.add(event.type)
      t.same(isEvent(event), [], event.type)
    }
  }
  t.equal(types.size, 5)
})

t.test('no value that was read is kept', async t => {
  const fake = fakes({ rows: { 登记: { values: { 名称: SHOP.name, 住所: '秘密路1号' } } } })
  const { ask, exemptions, eventLog } = await ground(t, fake)
  const { answer } = await ask(matterWith({ materials: [material('paper', [{ way: 'data', data: '登记', subject: 'applicant', items: ['名称', '住所'] }])], subMatters: [subMatter('step', { material: 'paper' })] }))
  t.match(answer.materials[0], { outcome: 'skip', fetched: { 住所: '秘密路1号' }, digest: 'd'.repeat(64) }, 'the applicant sees what was read')
  t.notOk(JSON.stringify(await exemptions.get(answer.caseId, WINDOW)).includes('秘密路'))
  for (const partition of [0, 1]) for (const { value } of await eventLog.read(TOPICS.cases, partition, 0, { limit: 100 })) t.notOk(Buffer.from(value).toString().includes('秘密路'))
})

t.test('a child without a number yet: what the matter itself produces is asked of nobody', async t => {
  const newborn = loadMatters().matters.find(({ id }) => id === 'newborn') as Matter
  const { ask } = await ground(t, fakes())
  const { answer } = await ask(newborn, { applicant: PERSON, answers: { 'first-issue': true, 'born-here': true, married: true, 'age-months': 0, 'register-with': 'mother' } })
  for (const id of ['birth-certificate', 'child-household-page']) t.match(answer.materials.find(material => material.id === id), { outcome: 'skip', way: 'result' }, id)
})

t.test('bad input has its code', async t => {
  const parties: Matter['parties'] = [{ id: 'spouse', name: { zh: '配偶', en: 'spouse' }, kind: 'natural' }]
  const { ask, exemptions } = await ground(t, fakes(HELD))
  const base = { caseNumber: 'QH-1', purpose: '开办餐饮店', applicant: SHOP }
  await t.rejects(exemptions.decide({ ...base, matterId: 'nothing' }, WINDOW), { code: 'MATTER_UNKNOWN' })
  await t.rejects(ask(MATTER, { applicant: { ...SHOP, code: '92990106MAYYY0021N' } }), { code: 'APPLICANT_CODE_INVALID', violations: [{ pointer: '/applicant/code' }] })
  await t.rejects(ask(MATTER, { applicant: { ...PERSON, code: '110105194912310021' } }), { code: 'APPLICANT_CODE_INVALID' })
  await t.rejects(ask(MATTER, { applicant: { ...PERSON, kind: 'individual-business' } }), { code: 'APPLICANT_CODE_INVALID' })
  await t.rejects(ask(MATTER, { agent: { ...OTHER, code: '110105194912310039' } }), { code: 'APPLICANT_CODE_INVALID', violations: [{ pointer: '/agent/code' }] })
  await t.rejects(ask(MATTER, { applicant: { ...SHOP, kind: 'legal' } }), { code: 'APPLICANT_KIND_NOT_SERVED' })
  await t.rejects(ask(MATTER, { answers: { other: true } }), { code: 'QUESTION_UNKNOWN' })
  await t.rejects(ask(MATTER, { answers: { sign: 'yes' } }), { code: 'ANSWER_INVALID', violations: [{ pointer: '/answers/sign' }] })
  await t.rejects(ask(MATTER, { subMatters: ['other'] }), { code: 'SUB_MATTER_UNKNOWN' })
  await t.rejects(ask(MATTER, { parties: { other: OTHER } }), { code: 'PARTY_UNKNOWN' })
  const later: Matter = { ...MATTER, questions: [...MATTER.questions, yesNo('big', { when: { answer: 'sign', is: true } })] }
  await t.rejects(ask(later, { answers: { sign: false, big: true } }), { code: 'ANSWERS_CONTRADICT', violations: [{ pointer: '/answers/big' }] })
  await t.resolves(ask(later, { answers: { sign: true, big: true } }))
  const wed = { ...MATTER, parties, materials: [...MATTER.materials, material('card', [{ way: 'licence', licenceType: '居民身份证', holder: 'spouse' }])], subMatters: [subMatter('step', { if: { answer: 'sign', is: true }, then: { material: 'card' } })] }
  await t.rejects(ask(wed, { answers: { sign: true } }), { code: 'PARTY_MISSING', violations: [{ pointer: '/parties/spouse' }] })
  await t.resolves(ask(wed, { answers: { sign: false } }), 'whom nothing needs is not asked for')
  const { answer } = await ask({ ...wed, parties: parties.map(party => ({ ...party, mayBeUnnamed: true })) }, { answers: { sign: true } })
  t.match(answer.materials.find(({ id }) => id === 'card'), { outcome: 'undecided', code: 'PARTY_MISSING' }, 'who may have no number yet is left out, and nothing is skipped for that')
  const many = Array.from({ length: 6 }, (_, index) => material(`x${index}`))
  const pairs = many.flatMap((first, index) => many.slice(index + 1).map(second => ({ anyOf: [{ material: first.id }, { material: second.id }] })))
  const { ask: narrow } = await ground(t, fakes(), { resolverSteps: 2 })
  await t.rejects(narrow(matterWith({ materials: many, subMatters: [subMatter('step', { allOf: pairs })] })), { code: 'REQUIREMENTS_TOO_COMPLEX' })
})

const CONFIRMED: Matter['materials'][number]['ways'][number] = { way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '登记状态', is: '存续' } }

t.test('of one office those cases are told that wait for something, the latest first, each with its next step, until they are finished', async t => {
  const fake = fakes({ assertions: { 登记: 'yes', 名录: 'none' } })
  const { ask, exemptions, clock } = await ground(t, fake)
  const list = async (caller = WINDOW) => (await exemptions.unfinished(caller, { limit: 10 })).items.map(({ caseNumber, step }) => `${caseNumber} ${step as string}`)
  const decided = matterOfWays([CONFIRMED])
  const silent = matterOfWays([{ ...CONFIRMED, data: '名录' }], { id: 'silent' })
  const questions = { ...decided, id: 'asks', questions: [yesNo('sign')], subMatters: [subMatter('step', { if: { answer: 'sign', is: true }, then: { material: 'paper' } })] }
  const over = { ...questions, id: 'over', ends: [{ when: { answer: 'sign', is: true }, say: { zh: '不适用', en: 'not for you' } }] }
  let minute = 0
  const opened = async (caseNumber: string, matter: Matter, request: Parameters<typeof ask>[1] = {}): Promise<string> => {
    clock.set(`2026-03-02T02:${String(++minute).padStart(2, '0')}:00.000Z`)
    return (await ask(matter, { caseNumber, ...request })).answer.caseId
  }
  const flagged = await opened('A-1', decided)
  const unknown = await opened('A-2', silent)
  await opened('A-3', questions)
  await opened('A-4', over as Matter, { answers: { sign: true } })
  t.same(await list(), ['A-3 answer', 'A-2 recheck'], 'what is decided, or over, waits for nothing')
  t.same(await list({ ...WINDOW, organisation: '11990000YYYY01015Y' }), [], 'nobody else is told')

  await exemptions.flag(flagged, 'paper', { kind: 'wrong' }, WINDOW)
  await exemptions.flag(flagged, 'paper', { kind: 'outdated' }, WINDOW)
  t.same(await list(), ['A-3 answer', 'A-2 recheck', 'A-1 wait'])
  fake.answered.add('c-1')
  t.same(await list(), ['A-3 answer', 'A-2 recheck', 'A-1 wait'], 'one of its two flags still waits')
  fake.answered.add('c-2')
  t.same(await list(), ['A-3 answer', 'A-2 recheck', 'A-1 recheck'])
  await exemptions.recheck(flagged, 'paper', '重查', WINDOW)
  t.same(await list(), ['A-3 answer', 'A-2 recheck'])

  await opened('A-3', questions, { applicant: PERSON })
  await opened('A-3', { ...questions, id: 'asks-too' })
  t.same(await list(), ['A-3 answer', 'A-3 answer', 'A-3 answer', 'A-2 recheck'], 'another applicant\'s, or another matter\'s, takes no place')
  await opened('A-3', questions, { answers: { sign: true } })
  t.same(await list(), ['A-3 answer', 'A-3 answer', 'A-2 recheck'], 'the questions were answered in a later case')
  await exemptions.rebuild()
  t.same(await list(), ['A-3 answer', 'A-3 answer', 'A-2 recheck'])
  fake.matters.set('silent', { ...silent, summary: { zh: '改过的', en: 'reworded' } })
  t.same(await list(), ['A-3 answer', 'A-3 answer', 'A-2 begin-again'])
  fake.matters.set('silent', silent)
  fake.held.assertions['名录'] = 'yes'
  await exemptions.recheck(unknown, 'paper', '重查', WINDOW)
  t.same(await list(), ['A-3 answer', 'A-3 answer'])
})

t.test('unfinished cases come page by page, none twice and none left out, however many had their place taken', async t => {
  const { ask, exemptions, clock } = await ground(t, fakes({}))
  const matter = { ...matterOfWays([CONFIRMED]), questions: [yesNo('sign')], subMatters: [subMatter('step', { if: { answer: 'sign', is: true }, then: { material: 'paper' } })] }
  const expected: string[] = []
  for (let minute = 0; minute < 30; minute++) {
    clock.set(`2026-03-02T02:${String(minute).padStart(2, '0')}:00.000Z`)
    const number = `A-${minute % 7 === 0 ? minute : 'again'}`
    await ask(matter, { caseNumber: number })
    if (minute % 7 === 0 || minute === 29) expected.unshift(number)
  }
  await exemptions.idle()
  for (const limit of [1, 2, 3, 50]) {
    const found: string[] = []
    let after: string | undefined
    do {
      const { items, next } = await exemptions.unfinished(WINDOW, { limit, ...(after === undefined ? {} : { after }) })
      t.ok(items.length <= limit)
      found.push(...items.map(({ caseNumber }) => caseNumber))
      after = next
    } while (after !== undefined)
    t.same(found, expected, `by ${limit}`)
  }
})

t.test('however many cases of one number wait, a page of them looks once at what came last under it', async t => {
  const reads: string[] = []
  const { ask, exemptions } = await ground(t, fakes({}), {}, ({ index }) => { reads.push(index) })
  const matter = { ...matterOfWays([CONFIRMED]), questions: [yesNo('sign')], subMatters: [subMatter('step', { if: { answer: 'sign', is: true }, then: { material: 'paper' } })] }
  for (let again = 0; again < 12; again++) await ask(matter, { caseNumber: 'A-again' })
  await ask(matter, { caseNumber: 'A-other' })
  await exemptions.idle()
  reads.length = 0
  t.equal((await exemptions.unfinished(WINDOW, { limit: 10 })).items.length, 2)
  t.equal(reads.filter(index => index === 'byNumber').length, 2, 'once for each number, in all rounds')
})

t.test('of an unfinished case whose flags cannot be told about nobody is sent to ask again', async t => {
  const fake = fakes({ assertions: { 登记: 'yes' } })
  const { ask, exemptions } = await ground(t, fake)
  const { answer: { caseId } } = await ask(matterOfWays([CONFIRMED]))
  await exemptions.flag(caseId, 'paper', { kind: 'wrong' }, WINDOW)
  fake.ports.corrections.isSettled = async () => { throw new Failure('NOT_FOUND', 'none') }
  t.match(await exemptions.unfinished(WINDOW, { limit: 1 }), { items: [{ step: 'wait' }] })
  fake.ports.corrections.isSettled = async () => { throw new Failure('STORE_UNAVAILABLE', 'down') }
  await t.rejects(exemptions.unfinished(WINDOW, { limit: 1 }), { code: 'STORE_UNAVAILABLE' })
})
