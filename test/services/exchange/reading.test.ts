import t from 'tap'
import { digestOf } from '../../../services/core/rows.js'
import type { GrantView, Outcome } from '../../../services/exchange/index.js'
import { RECORD_INDEXES } from '../../../services/exchange/records.js'
import { PROVIDER_USCC } from '../../support/server.js'
import { CALL, CALLER, citizen, grant, LIMITS, PEOPLE, people, person, sharingGround, SHOP } from './support.js'

const row = (number: number, values = {}) => ({ key: citizen(number), values: person(number, values) })
/** The code of a refusal, or what was answered. */
function codeIn <Answer> (outcome: Outcome<Answer>): string | Answer { return 'refusal' in outcome ? outcome.refusal.code : outcome.answer }

t.test('a query gives the granted fields that were asked for, with a digest over just these', async t => {
  const { sharing, upsert, clock } = await sharingGround(t)
  await upsert(PEOPLE, [row(1), row(2)])
  await sharing.idle()
  const outcome = await sharing.query({ ...CALL, subject: citizen(2), fields: ['姓名'] }, CALLER)
  t.ok('answer' in outcome)
  if (!('answer' in outcome)) return
  const { rows, ...rest } = outcome.answer
  t.same(rest, { outcome: 'found', grantId: 'grant-1', asOf: clock.now().toISOString() })
  t.match(rows, [{ key: /^row-[\w-]{22}$/, values: { 姓名: '甲2' }, recordedAt: clock.now().toISOString() }])
  t.equal(rows[0]?.digest, digestOf({ key: rows[0]?.key as string, values: { 姓名: '甲2' } }))
  t.same(outcome.use, { about: { kind: 'person', id: citizen(2) }, resource: PEOPLE, grantId: 'grant-1', fields: ['姓名'], way: 'query', outcome: 'answered', rows: 1 })
})

t.test('a key leaves where its items are granted, or who asks named it', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const keyOf = async (question: { subject: string } | { key: string }) => {
    const outcome = await sharing.query({ ...CALL, ...question, fields: ['姓名'] }, CALLER)
    return 'answer' in outcome ? outcome.answer.rows[0]?.key : outcome.refusal.code
  }
  t.match(await keyOf({ subject: citizen(1) }), /^row-/)
  t.equal(await keyOf({ key: citizen(1) }), citizen(1))
  answers.grants = [{ ...grant, fields: ['姓名', '公民身份号码'] }]
  t.equal(await keyOf({ subject: citizen(1) }), citizen(1))
  const { keyItems: _, ...keyless } = people
  answers.resources = [keyless]
  t.match(await keyOf({ subject: citizen(1) }), /^row-/, 'of a key that nobody knows the items of')
})

t.test('none, one or several: each is said, and more than an answer holds are refused', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  answers.resources = [{ ...people, subjectItem: '户主公民身份号码' }]
  const ask = async (subject: string) => codeIn(await sharing.query({ ...CALL, subject, fields: ['姓名'] }, CALLER))
  await upsert(PEOPLE, [1, 2, 3].map(number => row(number)))
  await sharing.idle()
  t.match(await ask(citizen(9)), { outcome: 'none', rows: [] })
  const several = await ask(citizen(1))
  t.match(several, { outcome: 'several' })
  const { rows } = several as { rows: Array<{ key: string }> }
  t.equal(rows.length, LIMITS.answerRows)
  answers.grants = [{ ...grant, fields: ['姓名', '公民身份号码'] }]
  for (const named of [several, await ask(citizen(1))]) { // by names that stand for keys, and by the keys
    const keys = (named as { rows: Array<{ key: string }> }).rows.map(({ key }) => key)
    t.same(keys, [...keys].sort(), 'in the order of what leaves, not of what is kept')
  }
  await upsert(PEOPLE, [row(4)])
  await sharing.idle()
  t.equal(await ask(citizen(1)), 'ROWS_TOO_MANY')
})

t.test('whom a record is about is what the catalogue says, not whoever stands in it', async t => {
  const { sharing, upsert } = await sharingGround(t)
  await upsert(PEOPLE, [row(2)])
  await sharing.idle()
  t.match(codeIn(await sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'] }, CALLER)), { outcome: 'none' }, 'the head of the household')
  t.match(codeIn(await sharing.query({ ...CALL, subject: citizen(2), fields: ['姓名'] }, CALLER)), { outcome: 'found' })
})

t.test('records outside the regions of a grant are none', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  answers.resources = [{ ...people, subjectItem: '户主公民身份号码' }]
  answers.grants = [{ ...grant, regions: ['990102', '990103'] }]
  await upsert(PEOPLE, [row(2), row(3, { 区划: '990101' }), row(4, { 区划: null }), row(5, { 区划: '不详' })])
  await sharing.idle()
  const asked = { ...CALL, subject: citizen(1), fields: ['姓名'] }
  t.match(codeIn(await sharing.query(asked, CALLER)), { outcome: 'found', rows: [{ values: { 姓名: '甲2' } }] })
  t.match(codeIn(await sharing.query({ ...CALL, key: citizen(3), fields: ['姓名'] }, CALLER)), { outcome: 'none' })
  t.match(codeIn(await sharing.assert({ ...CALL, subject: citizen(1), ask: { item: '姓名', is: '甲2' } }, CALLER)), { answer: 'yes' }, 'one of them, and not several')
  t.match(codeIn(await sharing.assert({ ...CALL, key: citizen(3), ask: { item: '姓名', is: '甲3' } }, CALLER)), { answer: 'none' })
  answers.grants = [{ ...grant, regions: ['990100'] }]
  t.match(codeIn(await sharing.query(asked, CALLER)), { outcome: 'several', rows: { length: 2 } }, 'a prefecture holds its counties')
  const { regionItem: _, ...placeless } = answers.resources[0] as typeof people
  answers.resources = [placeless]
  t.equal(codeIn(await sharing.query(asked, CALLER)), 'REGION_NOT_GRANTED')
})

t.test('each way in which a grant may fall short has its code, for queries and assertions alike', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const given = { resources: answers.resources, grants: answers.grants }
  const cases: Array<[code: string, change: Partial<GrantView> | 'none' | 'other consumer', question?: object]> = [
    ['GRANT_MISSING', 'none'],
    ['GRANT_MISSING', 'other consumer'],
    ['GRANT_MISSING', {}, { grantId: 'grant-2' }],
    ['GRANT_NOT_YET', { state: 'not-yet' }],
    ['GRANT_ENDED', { state: 'ended' }],
    ['GRANT_PULLED', { state: 'pulled' }],
    ['PURPOSE_NOT_GRANTED', {}, { purpose: '开办餐饮店 ' }],
    ['MATTER_NOT_GRANTED', {}, { matter: 'newborn' }],
    ['FORM_NOT_GRANTED', { forms: ['subscription'] }],
    ['FIELD_NOT_GRANTED', { fields: ['区划'] }],
    ['FIELD_UNKNOWN', {}, { fields: ['名姓'], ask: { item: '名姓', is: '甲1' } }],
    ['RESOURCE_UNKNOWN', {}, { resourceId: `${PEOPLE}-x` }]
  ]
  const ways = { query: { fields: ['姓名'] }, assert: { ask: { item: '姓名', is: '甲1' } } }
  for (const [code, change, question = {}] of cases) {
    answers.grants = change === 'none' ? [] : change === 'other consumer' ? [{ ...grant, consumer: '11990000YYYY020070' }] : [{ ...grant, ...change }]
    const asked = { ...CALL, subject: citizen(1), ...ways.query, ...ways.assert, ...question }
    for (const outcome of [await sharing.query(asked, CALLER), await sharing.assert(asked, CALLER)]) {
      t.equal(codeIn<unknown>(outcome), code)
      t.match(outcome.use, { outcome: 'refused', code })
    }
  }
  Object.assign(answers, given)
  const asked = { ...CALL, subject: citizen(1), ...ways.query, ...ways.assert, grantId: 'grant-1' }
  t.match(codeIn(await sharing.query(asked, CALLER)), { outcome: 'found' })
  t.match(codeIn(await sharing.assert(asked, CALLER)), { answer: 'yes' })
  answers.grants = [(({ matters: _, ...any }) => any)(grant)]
  t.match(codeIn(await sharing.query({ ...asked, matter: 'newborn' }, CALLER)), { outcome: 'found' }, 'a grant that names no matter is for any')
  for (const resource of [{ ...people, state: 'withdrawn' }, { ...people, sharing: { class: 'not-shared' as const } }]) {
    answers.resources = [resource]
    t.equal(codeIn(await sharing.query(asked, CALLER)), resource.state === 'published' ? 'NOT_SHARED' : 'RESOURCE_UNKNOWN')
  }
})

t.test('the questions of one request are answered from one look, those of the next from another', async t => {
  const { sharing, upsert, remove, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const about = { ...CALL, subject: citizen(1) }
  const request = sharing.forOneRequest()
  t.match(codeIn(await request.assert({ ...about, ask: { item: '姓名', is: '甲1' } }, CALLER)), { answer: 'yes' })
  await remove(PEOPLE, [citizen(1)])
  await upsert(PEOPLE, [row(2)])
  await sharing.idle()
  t.match(codeIn(await request.query({ ...about, fields: ['姓名'] }, CALLER)), { outcome: 'found', rows: [{ values: { 姓名: '甲1' } }] }, 'a value agrees with the yes before it')
  t.match(codeIn(await request.query({ ...about, subject: citizen(2), fields: ['姓名'] }, CALLER)), { outcome: 'found', rows: [{ values: { 姓名: '甲2' } }] }, 'another subject is another look')
  t.equal(codeIn(await request.query({ ...about, fields: ['出生日期'] }, CALLER)), 'FIELD_NOT_GRANTED', 'each question is judged by itself')
  t.match(codeIn(await request.query({ ...about, fields: ['姓名'] }, { organisation: PROVIDER_USCC })), 'GRANT_MISSING', 'and by who asks it')
  answers.grants = []
  t.equal(codeIn(await sharing.forOneRequest().query({ ...about, fields: ['姓名'] }, CALLER)), 'GRANT_MISSING')
  answers.grants = [grant]
  t.match(codeIn(await sharing.forOneRequest().query({ ...about, fields: ['姓名'] }, CALLER)), { outcome: 'none' })
})

t.test('a grant to someone else, or on something else, is none, whoever hands it over', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const ask = async () => codeIn(await sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'] }, CALLER))
  for (const foreign of [{ consumer: '11990000YYYY020070' }, { resourceId: `${PEOPLE}-x` }]) {
    answers.grants = Object.assign([], { filter: () => [{ ...grant, ...foreign }] })
    t.equal(await ask(), 'GRANT_MISSING')
  }
  answers.grants = [grant]
  t.match(await ask(), { outcome: 'found' })
})

t.test('of several grants one that allows it serves, and else the nearest says why not', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  answers.grants = [{ ...grant, grantId: 'a', state: 'pulled' }, { ...grant, grantId: 'b', purpose: '其他' }, { ...grant, grantId: 'c' }, { ...grant, grantId: 'd' }]
  const ask = async (question: object) => codeIn(await sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'], ...question }, CALLER))
  t.match(await ask({}), { grantId: 'c' })
  t.match(await ask({ grantId: 'd' }), { grantId: 'd' })
  t.equal(await ask({ grantId: 'a' }), 'GRANT_PULLED')
  t.equal(await ask({ fields: ['姓名', '子女数'] }), 'FIELD_NOT_GRANTED')
})

t.test('a pull counts at the next call', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const ask = async () => codeIn(await sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'] }, CALLER))
  t.match(await ask(), { outcome: 'found' })
  answers.grants = [{ ...grant, state: 'pulled' }]
  t.equal(await ask(), 'GRANT_PULLED')
})

t.test('whom it is about has to be a code with its check character, and either that or a key', async t => {
  const { sharing, answers } = await sharingGround(t)
  const ask = async (question: object) => codeIn(await sharing.query({ ...CALL, fields: ['姓名'], ...question }, CALLER))
  t.equal(await ask({ subject: `${citizen(1).slice(0, 17)}${citizen(1).endsWith('0') ? '1' : '0'}` }), 'SUBJECT_INVALID')
  t.match(await ask({ subject: citizen(1) }), { outcome: 'none' })
  t.match(await ask({ subject: SHOP }), { outcome: 'none' })
  t.equal(await ask({}), 'INPUT_INVALID')
  t.equal(await ask({ subject: citizen(1), key: citizen(1) }), 'INPUT_INVALID')
  t.equal(await ask({ fields: [], key: 'x' }), 'INPUT_INVALID')
  const { subjectItem: _, ...nobodys } = people
  answers.resources = [nobodys]
  t.equal(await ask({ subject: citizen(1) }), 'SUBJECT_INVALID')
})

t.test('an item that was not granted is refused before any record is read', async t => {
  const { sharing, upsert, documents } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const ask = async (is: number) => {
    const outcome = await sharing.assert({ ...CALL, subject: citizen(1), ask: { item: '子女数', is } }, CALLER)
    return 'refusal' in outcome ? [outcome.refusal.code, outcome.refusal.message, outcome.refusal.violations, outcome.use] : outcome
  }
  const right = await ask(1)
  t.equal(Array.isArray(right) && right[0], 'FIELD_NOT_GRANTED')
  t.same(right, await ask(2), 'a right guess is told as a wrong one')
  await (await documents.collection('shared-records', { indexes: RECORD_INDEXES })).clear()
  t.same(right, await ask(1), 'and as one about nobody')
})

t.test('that there is no record is said only by who may see all, of a resource that was told of', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  const ask = async (exists?: boolean) => codeIn(await sharing.assert({ ...CALL, subject: citizen(5), ask: exists === undefined ? {} : { exists } }, CALLER))
  t.match(await ask(false), { answer: 'none' }, 'nothing was ever told of it')
  await upsert(PEOPLE, [row(1), row(6, { 区划: '990101' })])
  await sharing.idle()
  t.match(await ask(false), { answer: 'yes' })
  t.match(await ask(true), { answer: 'no' })
  t.match(await ask(), { answer: 'no' })
  answers.grants = [{ ...grant, regions: ['990102'] }]
  t.match(await ask(false), { answer: 'none' }, 'it may be elsewhere')
  await upsert(PEOPLE, [row(5)])
  await sharing.idle()
  t.match(await ask(false), { answer: 'no' })
  t.match(await ask(true), { answer: 'yes' })
})

t.test('a record is found by its subject however its letters are written', async t => {
  const { sharing, upsert } = await sharingGround(t)
  const wide = [...citizen(5)].map(character => String.fromCodePoint((character.codePointAt(0) as number) + 0xfee0)).join('')
  await upsert(PEOPLE, [row(1, { 公民身份号码: ` ${citizen(1).toLowerCase()}` }), row(5, { 公民身份号码: wide })])
  await sharing.idle()
  for (const number of [1, 5]) t.match(codeIn(await sharing.assert({ ...CALL, subject: citizen(number), ask: { exists: false } }, CALLER)), { answer: 'no' })
})

t.test('nobody is said not to be there while a record does not say whom it is about', async t => {
  for (const unreadable of [citizen(5).slice(0, -1), `${citizen(5).slice(0, 6)}********${citizen(5).slice(-4)}`, '990102900307005', 990102900307005, `${citizen(5).slice(0, -1)}?`.replace('?', citizen(5).endsWith('0') ? '1' : '0')]) {
    const { sharing, upsert } = await sharingGround(t)
    const absent = async () => (codeIn(await sharing.assert({ ...CALL, subject: citizen(5), ask: { exists: false } }, CALLER)) as { answer: string }).answer
    await upsert(PEOPLE, [row(1)])
    await sharing.idle()
    t.equal(await absent(), 'yes')
    await upsert(PEOPLE, [{ key: 'x', values: person(5, { 公民身份号码: unreadable }) }, row(2)])
    await sharing.idle()
    t.equal(await absent(), 'none', String(unreadable))
    await upsert(PEOPLE, [{ key: 'x', values: person(6) }])
    await sharing.idle()
    t.equal(await absent(), 'yes', 'once it was put right')
  }
})

t.test('a list whose rows do not hold what the catalogue calls their subject says of nobody that they are not in it', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1), row(5)])
  await sharing.idle()
  answers.resources = [{ ...people, items: [...people.items, { name: '证件号码', type: 'code' }], subjectItem: '证件号码' }]
  t.match(codeIn(await sharing.assert({ ...CALL, subject: citizen(5), ask: { exists: false } }, CALLER)), { answer: 'none' })
})

t.test('a record that was deleted is none', async t => {
  const { sharing, upsert, remove } = await sharingGround(t)
  await upsert(PEOPLE, [row(1), row(2)])
  await remove(PEOPLE, [citizen(1)])
  await sharing.idle()
  t.match(codeIn(await sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'] }, CALLER)), { outcome: 'none' })
  t.match(codeIn(await sharing.query({ ...CALL, key: citizen(1), fields: ['姓名'] }, CALLER)), { outcome: 'none' })
  t.match(codeIn(await sharing.query({ ...CALL, key: citizen(2), fields: ['姓名'] }, CALLER)), { outcome: 'found' })
})

t.test('a source that cannot be read is trouble and no refusal', async t => {
  const { sharing, answers } = await sharingGround(t)
  answers.resources = new Proxy([], { get: () => { throw new Error('the catalogue is away') } })
  await t.rejects(sharing.query({ ...CALL, subject: citizen(1), fields: ['姓名'] }, CALLER), { message: 'the catalogue is away' })
})
