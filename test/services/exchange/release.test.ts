import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { digestOf } from '../../../services/core/rows.js'
import { isVisible, release } from '../../../services/exchange/release.js'
import type { HeldRecord } from '../../../services/exchange/records.js'
import type { Value } from '../../../services/exchange/index.js'
import { CALL, CALLER, citizen, grant, PEOPLE, people, person, SECRETS, sharingGround } from './support.js'

const SEED = { seed: 20260302 }
const ITEMS = ['姓名', '区划', '公民身份号码', '__proto__', 'constructor', 'key', 'digest', '子女数']
const LAYOUT = { keyItems: ['公民身份号码'], regionItem: '区划' }
const value: fc.Arbitrary<Value> = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.constantFrom('990101', '990102', '990200'))
const values = fc.uniqueArray(fc.tuple(fc.constantFrom(...ITEMS), value), { selector: ([name]) => name }).map(entries => Object.fromEntries(entries) as Record<string, Value>)
const record: fc.Arbitrary<HeldRecord> = fc.record({ key: fc.string({ minLength: 1, maxLength: 20 }), values }).map(({ key, values }) => ({
  resourceId: PEOPLE, key, values, recordedAt: '2026-03-02T01:00:00.000Z', sequence: 1, digest: digestOf({ key, values })
}))
const terms = fc.record({
  fields: fc.subarray(ITEMS), regions: fc.option(fc.subarray(['990101', '990100', '990200'], { minLength: 1 }), { nil: undefined })
}).map(({ fields, regions }) => ({ grantId: 'g', fields, ...(regions === undefined ? {} : { regions }) }))
const nameOf = (key: string): string => SECRETS.nameOf('g', PEOPLE, key)

t.test('of a record nothing leaves but granted fields that were asked for', t => {
  fc.assert(fc.property(record, terms, fc.subarray(ITEMS), (record, terms, asked) => {
    const row = release(record, terms, asked, LAYOUT, nameOf)
    if (row === undefined) return !isVisible(record.values, terms, LAYOUT)
    const granted = asked.filter(field => terms.fields.includes(field))
    assert.deepEqual(Object.keys(row).sort(), ['digest', 'key', 'recordedAt', 'values'])
    assert.deepEqual(Object.keys(row.values).sort(), [...granted].sort())
    for (const field of granted) assert.deepEqual(row.values[field], Object.hasOwn(record.values as object, field) ? record.values?.[field] : null)
    assert.equal(row.key, terms.fields.includes('公民身份号码') ? record.key : nameOf(record.key))
    assert.equal(row.digest, digestOf(row))
    return true
  }), { ...SEED, numRuns: 500 })
  t.end()
})

t.test('what was not granted changes nothing of what leaves', t => {
  fc.assert(fc.property(record, values, terms, fc.subarray(ITEMS), (record, others, terms, asked) => {
    // The place decides whether it is seen at all, where the grant is for regions; all other items may be anything.
    const kept = [...terms.fields, ...terms.regions === undefined ? [] : ['区划']]
    const merged = Object.fromEntries([
      ...Object.entries(others).filter(([name]) => !kept.includes(name)), ...Object.entries(record.values ?? {}).filter(([name]) => kept.includes(name))
    ])
    assert.deepEqual(release({ ...record, values: merged }, terms, asked, LAYOUT, nameOf), release(record, terms, asked, LAYOUT, nameOf))
  }), { ...SEED, numRuns: 500 })
  t.end()
})

t.test('a deleted record leaves nothing', t => {
  t.equal(release({ resourceId: PEOPLE, key: 'x', recordedAt: '', sequence: 1 }, grant, ['姓名'], LAYOUT, nameOf), undefined)
  t.end()
})

t.test('two stores that agree in what is granted answer alike: values, names, order, refusals', async t => {
  const secret = fc.record({ 子女数: fc.integer({ min: 0, max: 9 }), 在世: fc.boolean(), 出生日期: fc.constantFrom('1990-03-07', '2001-01-01'), 公民身份号码: fc.constantFrom(citizen(50), citizen(51)) })
  const shown = fc.record({ 姓名: fc.constantFrom('甲', '乙'), 区划: fc.constantFrom('990101', '990102', '990201') })
  const rows = fc.array(fc.record({ shown, one: secret, other: secret, extra: fc.option(secret, { nil: undefined }) }), { minLength: 1, maxLength: 4 })
  const asked = fc.subarray(['姓名', '区划', '子女数', '名姓'], { minLength: 1 })
  const regions = fc.constantFrom(undefined, ['990102'], ['990100'])
  const layout = { ...people, subjectItem: '户主公民身份号码' }
  const [one, other] = [await sharingGround(t, { limits: { answerRows: 3 } }), await sharingGround(t, { limits: { answerRows: 3 } })]
  let run = 0
  await fc.assert(fc.asyncProperty(rows, asked, regions, async (rows, fields, regions) => {
    run += 1
    const head = citizen(run) // of each run a household of its own, so that the stores need not be made anew
    const resourceId = `${PEOPLE}${run}`
    for (const [at, { upsert, sharing, answers }] of [one, other].entries()) {
      answers.resources = [{ ...layout, resourceId }]
      answers.grants = [{ ...grant, resourceId, ...(regions === undefined ? {} : { regions }) }]
      await upsert(resourceId, rows.map(({ shown, one, other }, number) => ({ key: `k${number}`, values: person(number, { ...shown, ...at === 0 ? one : other, 户主公民身份号码: head }) })))
      // What is outside the regions may be there or not.
      if (regions !== undefined) await upsert(resourceId, rows.flatMap(({ extra }, number) => extra === undefined || at === 1 ? [] : [{ key: `x${number}`, values: person(number, { ...extra, 姓名: '丙', 区划: '990300', 户主公民身份号码: head }) }]))
      await sharing.idle()
    }
    const answersOf = async ({ sharing }: typeof one) => {
      const call = { ...CALL, resourceId, subject: head }
      const outcomes = [
        await sharing.query({ ...call, fields }, CALLER),
        await sharing.query({ ...CALL, resourceId, key: 'k0', fields }, CALLER),
        await sharing.assert({ ...call, ask: { exists: false } }, CALLER),
        ...await Promise.all(fields.map(async item => await sharing.assert({ ...call, ask: { item, is: item === '子女数' ? 3 : '甲' } }, CALLER))),
        await sharing.assert({ ...CALL, resourceId, key: 'k0', ask: { item: '子女数', atLeast: 2 } }, CALLER)
      ]
      return outcomes.map(outcome => 'refusal' in outcome ? { code: outcome.refusal.code, message: outcome.refusal.message, violations: outcome.refusal.violations, use: outcome.use } : outcome)
    }
    assert.deepEqual(await answersOf(one), await answersOf(other))
  }), { ...SEED, numRuns: 60 })
})

t.test('a subscriber learns nothing of what was not granted: rows, counts, roots, comparisons', async t => {
  const secret = fc.record({ 子女数: fc.integer({ min: 0, max: 9 }), 在世: fc.boolean(), 公民身份号码: fc.constantFrom(citizen(50), citizen(51)) })
  const shown = fc.record({ 姓名: fc.constantFrom('甲', '乙'), 区划: fc.constantFrom('990101', '990102', '990201') })
  const rows = fc.array(fc.record({ at: fc.integer({ min: 0, max: 3 }), shown, one: secret, other: secret, gone: fc.boolean() }), { minLength: 1, maxLength: 5 })
  const [one, other] = [await sharingGround(t), await sharingGround(t)]
  const caller = { client: 'county-1', ...CALLER, roles: [], scopes: [] }
  let run = 0
  await fc.assert(fc.asyncProperty(rows, fc.subarray(['姓名', '区划'], { minLength: 1 }), async (rows, fields) => {
    run += 1
    const resourceId = `${PEOPLE}${run}`
    for (const [at, { upsert, remove, sharing, answers }] of [one, other].entries()) {
      answers.resources = [{ ...people, resourceId }]
      answers.grants = [{ ...grant, resourceId, grantId: `grant-${run}`, regions: ['990100'] }]
      for (const row of rows) {
        const key = `k${row.at}`
        if (row.gone) await remove(resourceId, [key])
        else await upsert(resourceId, [{ key, values: person(1, { ...row.shown, ...at === 0 ? row.one : row.other }) }])
      }
      await sharing.idle()
    }
    const answersOf = async ({ sharing }: typeof one) => {
      const note = (): void => {}
      const { subscriptionId } = await sharing.subscribe({ grantId: `grant-${run}`, region: '990102', fields, purpose: grant.purpose, matter: 'open-restaurant' }, caller, note)
      const page = await sharing.rows(subscriptionId, {}, caller, note)
      const text = JSON.stringify(page.items.map(item => ({ ...item, key: '', digest: '' }))) // those are random text, and may hold anything
      for (const { key } of page.items) assert.match(key, /^row-[\w-]{22}$/)
      for (const hidden of ['子女数', '在世', '990201', '990101']) assert.ok(!text.includes(hidden), `${hidden} leaves`)
      for (const item of page.items) if ('values' in item) assert.deepEqual(Object.keys(item.values).sort(), [...fields].sort())
      return [page, await sharing.day(subscriptionId, '2026-03-02', caller, note), await sharing.compareRows(subscriptionId, { day: '2026-03-02', rows: [] }, caller, note)]
    }
    assert.deepEqual(await answersOf(one), await answersOf(other))
  }), { ...SEED, numRuns: 60 })
})
