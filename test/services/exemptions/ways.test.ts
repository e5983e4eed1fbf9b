import t from 'tap'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import type { ExemptionRequest } from '../../../schemas/http/exemption-request.v1.js'
import { commitment, fakes, ground, material, matterOfWays, matterWith, OTHER, PERSON, SHOP, subMatter, yesNo, type Fakes, type Held } from './support.js'

type Ways = Matter['materials'][number]['ways']
const ASSERTION: Ways[number] = { way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '状态', is: '存续' } }
const DATA: Ways[number] = { way: 'data', data: '登记', subject: 'applicant', items: ['名称', '住所'] }
const LICENCE: Ways[number] = { way: 'licence', licenceType: '营业执照', holder: 'applicant' }
const COMMITMENT: Ways[number] = { way: 'commitment', commitment: 'promise' }
const ROW = { values: { 名称: SHOP.name, 住所: '示例路1号' } }

/** How the one material comes out: outcome, code and way. */
async function outcome (t: Tap, ways: Ways, held: Partial<Held>, { request = {}, matter = {}, fake = fakes(held) }: { request?: Partial<ExemptionRequest>, matter?: Partial<Matter>, fake?: Fakes } = {}): Promise<{ said: string[], calls: string[] }> {
  const { ask } = await ground(t, fake, { sourceTimeoutMs: 20 })
  const { answer: { materials: [paper] } } = await ask(matterOfWays(ways, { commitments: [commitment('promise')], ...matter }), request)
  return { said: [paper?.outcome ?? '', paper?.code ?? '', ...(paper?.outcome === 'skip' ? [paper.way ?? ''] : [])], calls: fake.calls }
}
type Tap = Parameters<typeof ground>[0]

t.test('yes or no beats a value, a value beats a licence; what sufficed is not followed by another read of data', async t => {
  const all = { assertions: { 登记: 'yes' as const }, rows: { 登记: ROW }, licences: { 营业执照: [{}] } }
  const first = await outcome(t, [LICENCE, DATA, ASSERTION], all)
  t.same(first.said, ['skip', 'ASSERTION_YES', 'assertion'])
  t.same(first.calls, [`assert 登记 ${SHOP.code}`, `held 营业执照 ${SHOP.code}`], 'the register of licences is looked at, since it may know of a revocation')
  t.same((await outcome(t, [LICENCE, DATA, ASSERTION], { ...all, assertions: {} })).said, ['skip', 'DATA_FOUND', 'data'])
  const third = await outcome(t, [LICENCE, DATA, ASSERTION], { licences: all.licences })
  t.same(third.said, ['skip', 'LICENCE_VALID', 'licence'])
})

t.test('what nobody can tell is undecided, each with its code, and healed by another way', async t => {
  const cases: Array<[string, Ways, Partial<Held>]> = [
    ['NO_MATCH', [ASSERTION], { assertions: { 登记: 'none' } }],
    ['SEVERAL_MATCHES', [ASSERTION], { assertions: { 登记: 'several' } }],
    ['GRANT_MISSING', [ASSERTION], {}],
    ['GRANT_PULLED', [ASSERTION], { assertions: { 登记: 'GRANT_PULLED' } }],
    ['PURPOSE_NOT_GRANTED', [ASSERTION], { assertions: { 登记: 'PURPOSE_NOT_GRANTED' } }],
    ['SEVERAL_MATCHES', [ASSERTION], { assertions: { 登记: 'ROWS_TOO_MANY' } }],
    ['SOURCE_FAILED', [ASSERTION], { assertions: { 登记: async () => { throw new Error('boom') } } }],
    ['SOURCE_SILENT', [ASSERTION], { assertions: { 登记: async () => await new Promise<never>(() => {}) } }],
    ['NO_MATCH', [DATA], { rows: { 登记: { outcome: 'none' } } }],
    ['SEVERAL_MATCHES', [DATA], { rows: { 登记: { outcome: 'several' } } }],
    ['VALUE_MISSING', [DATA], { rows: { 登记: { values: { 名称: SHOP.name, 住所: ' ' } } } }],
    ['NO_MATCH', [{ ...LICENCE, licenceType: '别的' } as Ways[number]], {}],
    ['SEVERAL_MATCHES', [{ ...LICENCE, licenceType: '别的' } as Ways[number]], { licences: { 别的: [{}, {}] } }],
    ['VERDICT_NOT_VALID', [{ ...LICENCE, licenceType: '别的' } as Ways[number]], { licences: { 别的: [{ verdict: 'indeterminate' }] } }]
  ]
  for (const [code, ways, held] of cases) {
    await t.test(`${code} of ${ways[0]?.way ?? ''}`, async t => {
      t.same((await outcome(t, ways, held)).said, ['undecided', code])
      t.same((await outcome(t, [...ways, LICENCE], { ...held, licences: { ...held.licences, 营业执照: [{}] } })).said, ['skip', 'LICENCE_VALID', 'licence'])
      t.same((await outcome(t, [...ways, COMMITMENT], held)).said, ['commit', 'COMMITMENT_ALLOWED'])
    })
  }
})

t.test('what a source denies is healed by nothing, a commitment least of all', async t => {
  const no = { assertions: { 登记: 'no' as const } }
  t.same((await outcome(t, [ASSERTION], no)).said, ['submit', 'REGISTER_SAYS_NO'])
  t.same((await outcome(t, [ASSERTION, COMMITMENT], no)).said, ['submit', 'REGISTER_SAYS_NO'])
  const withRow = await outcome(t, [ASSERTION, DATA], { ...no, rows: { 登记: ROW } })
  t.same(withRow.said, ['submit', 'REGISTER_SAYS_NO'])
  t.notOk(withRow.calls.some(call => call.startsWith('query')), 'its values are not even asked for')
  t.same((await outcome(t, [ASSERTION, LICENCE], { ...no, licences: { 营业执照: [{}] } })).said, ['undecided', 'SOURCES_CONFLICT'])

  const revoked = { licences: { 营业执照: [{ inForce: false }] } }
  t.same((await outcome(t, [LICENCE], revoked)).said, ['undecided', 'LICENCE_NOT_IN_FORCE'])
  t.same((await outcome(t, [LICENCE, COMMITMENT], revoked)).said, ['undecided', 'LICENCE_NOT_IN_FORCE'])
  t.same((await outcome(t, [ASSERTION, LICENCE], { ...revoked, assertions: { 登记: 'yes' } })).said, ['undecided', 'SOURCES_CONFLICT'], 'a register that has not heard of the revocation yet')
  t.same((await outcome(t, [DATA, LICENCE], { ...revoked, rows: { 登记: ROW } })).said, ['undecided', 'SOURCES_CONFLICT'])
  t.same((await outcome(t, [LICENCE, COMMITMENT], { licences: { 营业执照: [{ verdict: 'invalid' }] } })).said, ['undecided', 'VERDICT_NOT_VALID'])
  t.same((await outcome(t, [LICENCE], { licences: { 营业执照: [{ inForce: false }, {}] } })).said, ['skip', 'LICENCE_VALID', 'licence'], 'a new licence stands beside the one that ended')
})

t.test('that there is no record is no denial, that there is one may be', async t => {
  const present: Ways[number] = { way: 'assertion', data: '登记', subject: 'applicant', ask: {} }
  const absent: Ways[number] = { way: 'assertion', data: '名单', subject: 'applicant', ask: { exists: false } }
  t.same((await outcome(t, [present], { assertions: { 登记: 'no' } })).said, ['undecided', 'NO_MATCH'])
  t.same((await outcome(t, [present, COMMITMENT], { assertions: { 登记: 'no' } })).said, ['commit', 'COMMITMENT_ALLOWED'])
  t.same((await outcome(t, [absent, COMMITMENT], { assertions: { 名单: 'no' } })).said, ['submit', 'REGISTER_SAYS_NO'])
  t.same((await outcome(t, [absent], { assertions: { 名单: 'yes' } })).said, ['skip', 'ASSERTION_YES', 'assertion'])
  t.same((await outcome(t, [absent], { assertions: { 名单: 'none' } })).said, ['undecided', 'NO_MATCH'], 'a list that never came is not an empty one')
})

t.test('a licence or a row of another name or holder does not count', async t => {
  const name = { code: SHOP.code, name: '别家面馆' }
  t.same((await outcome(t, [LICENCE], { licences: { 营业执照: [{ holder: name }] } })).said, ['undecided', 'HOLDER_NOT_MATCHED'])
  t.same((await outcome(t, [LICENCE, COMMITMENT], { licences: { 营业执照: [{ holder: name }] } })).said, ['undecided', 'HOLDER_NOT_MATCHED'])
  t.same((await outcome(t, [ASSERTION, LICENCE], { assertions: { 登记: 'yes' }, licences: { 营业执照: [{ holder: name }] } })).said, ['undecided', 'SOURCES_CONFLICT'])
  t.same((await outcome(t, [LICENCE], { licences: { 营业执照: [{ holder: { code: OTHER.code, name: SHOP.name } }] } })).said, ['undecided', 'NO_MATCH'])
  t.same((await outcome(t, [LICENCE], { licences: { 营业执照: [{ holder: { code: SHOP.code, name: ' 示例 面馆' } }] } })).said, ['skip', 'LICENCE_VALID', 'licence'])
  t.same((await outcome(t, [DATA], { rows: { 登记: { values: { ...ROW.values, 名称: '别家面馆' } } } })).said, ['undecided', 'HOLDER_NOT_MATCHED'])
})

t.test('what no department holds or shares is handed in', async t => {
  t.same((await outcome(t, [], {})).said, ['submit', 'NOTHING_HELD'])
  t.same((await outcome(t, [ASSERTION], { unbound: ['登记'] })).said, ['submit', 'NOT_SHARED'])
  t.same((await outcome(t, [LICENCE], { unbound: ['营业执照'] })).said, ['submit', 'LICENCE_TYPE_UNKNOWN'])
  t.same((await outcome(t, [LICENCE, COMMITMENT], { unbound: ['营业执照'] })).said, ['commit', 'COMMITMENT_ALLOWED'])
})

t.test('a commitment is offered only where its condition holds', async t => {
  const matter = { questions: [yesNo('clean')], commitments: [commitment('promise', { when: { answer: 'clean', is: true } })] }
  t.same((await outcome(t, [COMMITMENT], {}, { matter, request: { answers: { clean: true } } })).said, ['commit', 'COMMITMENT_ALLOWED'])
  t.same((await outcome(t, [COMMITMENT], {}, { matter, request: { answers: { clean: false } } })).said, ['submit', 'COMMITMENT_NOT_ALLOWED'])
  t.same((await outcome(t, [COMMITMENT], {}, { matter })).said, ['undecided', 'QUESTION_OPEN'])
})

t.test('the result of a step stands for paper only where that step takes part and comes first', async t => {
  const ways: Ways = [{ way: 'result', subMatter: 'maker' }]
  const made = (rest: Partial<Matter['subMatters'][number]>, after: string[]): Matter => matterWith({
    materials: [material('paper', ways)], subMatters: [subMatter('maker', { allOf: [] }, rest), subMatter('user', { material: 'paper' }, { after })]
  })
  const said = async (matter: Matter, request: Partial<ExemptionRequest> = {}): Promise<unknown> => {
    const { ask } = await ground(t, fakes())
    const { answer: { materials } } = await ask(matter, request)
    return materials.map(({ outcome, code }) => [outcome, code])
  }
  t.same(await said(made({}, ['maker'])), [['skip', 'RESULT_OF_STEP']])
  t.same(await said(made({}, [])), [['submit', 'RESULT_COMES_LATER']])
  t.same(await said(made({ optional: true }, ['maker'])), [['submit', 'RESULT_NOT_IN_CASE']])
  t.same(await said(made({ optional: true }, ['maker']), { subMatters: ['maker'] }), [['skip', 'RESULT_OF_STEP']])
  t.same(await said(made({ requires: { material: 'paper' } } as object, ['maker'])), [['submit', 'RESULT_COMES_LATER']], 'the step that makes it needs it itself')
})

t.test('for an agent nothing of the applicant is asked before the authorisation is given, nor after it has ended', async t => {
  const agent = OTHER
  const held = { assertions: { 登记: 'yes' as const }, licences: { 居民身份证: [{}] } }
  for (const [given, said] of [
    [agent, ['undecided', 'AGENT_UNAUTHORISED']],
    [{ ...agent, authorisation: { reference: '委托书 1 号' } }, ['skip', 'ASSERTION_YES', 'assertion']],
    [{ ...agent, authorisation: { reference: '委托书 1 号', until: '2026-03-02' } }, ['skip', 'ASSERTION_YES', 'assertion']],
    [{ ...agent, authorisation: { reference: '委托书 1 号', until: '2026-03-01' } }, ['undecided', 'AGENT_UNAUTHORISED']]
  ] as const) {
    const found = await outcome(t, [ASSERTION], held, { request: { agent: given } })
    t.same(found.said, said)
    if (said[1] === 'AGENT_UNAUTHORISED') t.same(found.calls, [])
  }
  t.same((await outcome(t, [COMMITMENT], held, { request: { agent } })).said, ['undecided', 'AGENT_UNAUTHORISED'])
  t.same((await outcome(t, [{ way: 'licence', licenceType: '居民身份证', holder: 'agent' }], held, { request: { agent } })).said, ['skip', 'LICENCE_VALID', 'licence'], 'the agent\'s own card')
})

t.test('a person whom the case alone names is asked about only with consent', async t => {
  const parties: Matter['parties'] = [{ id: 'spouse', name: { zh: '配偶', en: 'spouse' }, kind: 'natural' }]
  const ways: Ways = [{ way: 'licence', licenceType: '居民身份证', holder: 'spouse' }]
  const held = { licences: { 居民身份证: [{}] } }
  const refused = await outcome(t, ways, held, { matter: { parties }, request: { parties: { spouse: OTHER } } })
  t.same(refused, { said: ['undecided', 'CONSENT_MISSING'], calls: [] })
  t.same((await outcome(t, ways, held, { matter: { parties }, request: { parties: { spouse: OTHER }, consent: { parties: ['spouse'], how: '当面签字' } } })).said, ['skip', 'LICENCE_VALID', 'licence'])
})

t.test('a party whom a register names is that one and no other', async t => {
  const parties: Matter['parties'] = [{ id: 'owner', name: { zh: '法定代表人', en: 'owner' }, kind: 'natural', from: { data: '登记', subject: 'applicant', item: '法定代表人证件号码' } }]
  const ways: Ways = [{ way: 'licence', licenceType: '居民身份证', holder: 'owner' }]
  const held = { rows: { 登记: { values: { 法定代表人证件号码: OTHER.code } } }, licences: { 居民身份证: [{}] } }
  const found = await outcome(t, ways, held, { matter: { parties } })
  t.same(found.said, ['skip', 'LICENCE_VALID', 'licence'])
  t.ok(found.calls.includes(`held 居民身份证 ${OTHER.code}`))
  t.same((await outcome(t, ways, held, { matter: { parties }, request: { parties: { owner: OTHER } } })).said, ['skip', 'LICENCE_VALID', 'licence'])
  t.same((await outcome(t, ways, held, { matter: { parties }, request: { parties: { owner: PERSON } } })).said, ['undecided', 'PARTY_CONFLICT'])
  t.same((await outcome(t, ways, { licences: held.licences }, { matter: { parties }, request: { parties: { owner: PERSON } } })).said, ['undecided', 'PARTY_UNCONFIRMED'], 'a register that does not answer confirms nobody')
  t.same((await outcome(t, ways, { licences: held.licences }, { matter: { parties } })).said, ['undecided', 'PARTY_MISSING'])
})

t.test('one question is asked once in a request, however many materials it serves', async t => {
  const fake = fakes({ assertions: { 登记: 'yes' } })
  const { ask } = await ground(t, fake)
  const { answer, uses } = await ask(matterWith({
    materials: [material('one', [ASSERTION]), material('two', [ASSERTION])], subMatters: [subMatter('step', { allOf: [{ material: 'one' }, { material: 'two' }] })]
  }))
  t.equal(answer.counts.skip, 2)
  t.equal(fake.calls.length, 1)
  t.equal(uses.length, 1)
})

t.test('a source that hangs costs its limit once, the others answer; no more questions run at a time than are set', async t => {
  let running = 0
  let most = 0
  const slow = async (): Promise<never> => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    throw new Error('down')
  }
  const sources = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`源${index}`, slow]))
  const fake = fakes({ assertions: { ...sources, 死: async () => await new Promise<never>(() => {}), 活: 'yes' } })
  const { ask, errors } = await ground(t, fake, { sourceTimeoutMs: 30, concurrentCalls: 3 })
  const titles = ['死', '死', '死', '死', ...Object.keys(sources), '活']
  const materials = titles.map((data, index) => material(`m${index}`, [{ way: 'assertion', data, subject: 'applicant', ask: { item: `项${index}`, is: 1 } }]))
  const started = performance.now()
  const { answer, uses } = await ask(matterWith({ materials, subMatters: [subMatter('step', { allOf: materials.map(({ id }) => ({ material: id })) })] }))
  t.ok(performance.now() - started < 4 * 30, 'three hang at once, and the fourth is not waited for')
  t.equal(answer.materials.filter(({ code }) => code === 'SOURCE_SILENT').length, 4)
  t.equal(answer.materials.filter(({ code }) => code === 'SOURCE_FAILED').length, 9)
  t.equal(answer.counts.skip, 1)
  t.equal(errors.length, 9)
  t.ok(most <= 3, `${most} at a time`)
  t.ok(uses.some(({ outcome, code }) => outcome === 'failed' && code === 'TIMED_OUT'))
})

t.test('all sources together cost no more than their limit', async t => {
  const fake = fakes()
  const titles = Array.from({ length: 12 }, (_, index) => `源${index}`)
  for (const title of titles) fake.held.assertions[title] = async () => await new Promise<never>(() => {})
  const { ask } = await ground(t, fake, { sourceTimeoutMs: 40, answerTimeoutMs: 60, concurrentCalls: 2 })
  const materials = titles.map((data, index) => material(`m${index}`, [{ way: 'assertion', data, subject: 'applicant', ask: {} }]))
  const started = performance.now()
  const { answer } = await ask(matterWith({ materials, subMatters: [subMatter('step', { allOf: materials.map(({ id }) => ({ material: id })) })] }))
  t.ok(performance.now() - started < 200)
  t.equal(answer.counts.undecided, 12)
})
