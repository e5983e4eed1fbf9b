import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { loadProvince } from '../../../config/province.js'
import { loadSampleCatalogue } from '../../../config/sample-catalogue.js'
import { makeSample, writeRecords, type RecordRow, type SampleOptions } from '../../../connectors/sample/index.js'
import { isCitizenId, isUscc } from '../../../services/core/identifiers.js'

const province = loadProvince()
const { resources } = loadSampleCatalogue(province)
const TODAY = '2026-03-02'
const options: SampleOptions = { province, seed: 20260101, today: TODAY, people: 2000, shops: 400, licences: 5000 }
const sample = makeSample(options)
const records = new Map(resources.map(({ name }) => [name, [...sample.records(name)]]))
const of = (name: string): RecordRow[] => records.get(name) ?? []
const by = (name: string, item: string): Map<string, RecordRow> => new Map(of(name).map(record => [record[item] ?? '', record]))

t.test('each record has the items that the catalogue names, those that are required among them, and a key of its own', async t => {
  for (const { name, items, keyItems, subjectItem, regionItem } of resources) {
    const rows = of(name)
    t.ok(rows.length > 0, name)
    t.equal(new Set(rows.map(row => keyItems.map(item => row[item]).join('|'))).size, rows.length, `${name}: keys`)
    for (const row of rows) {
      const stray = Object.keys(row).filter(item => !items.some(({ name }) => name === item))
      const lacking = items.filter(({ name, required }) => required === true && (row[name] ?? '') === '').map(({ name }) => name)
      const subject = row[subjectItem] ?? ''
      if (stray.length + lacking.length > 0) t.fail(`${name}: ${stray.join()} ${lacking.join()}`)
      if (!isCitizenId(subject) && !isUscc(subject)) t.fail(`${name}: ${subject}`)
      if (regionItem !== undefined && !province.districts.some(({ code }) => code === row[regionItem])) t.fail(`${name}: region`)
      for (const { name: item, type } of items) if (type === 'day' && row[item] !== undefined && row[item] !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(row[item])) t.fail(`${name}: ${item}`)
    }
  }
})

t.test('records tell of the same people, shops and licences as the registers', async t => {
  const shops = by('shops', '统一社会信用代码')
  t.same([...shops.keys()], sample.shops.map(({ uscc }) => uscc))
  for (const row of sample.rows('market', '11990000YYYY010074001')) {
    const shop = shops.get(row.holder.code)
    const state = row.changed?.to === 'cancelled' ? '注销' : row.changed?.to === 'revoked' ? '吊销' : '存续'
    t.same([shop?.['名称'], shop?.['法定代表人'], shop?.['住所'], shop?.['经营范围'], shop?.['登记状态']], [row.holder.name, row.face['法定代表人'], row.face['住所'], row.face['经营范围'], state], row.number)
  }
  const drivers = by('drivers', '公民身份号码')
  for (const row of sample.rows('police', '11990000YYYY010074004')) t.equal(drivers.get(row.holder.code)?.['准驾车型'], row.face['准驾车型'], row.number)
  const marriages = by('marriages', '公民身份号码')
  for (const [code, { 男方公民身份号码: husband = '', 女方公民身份号码: wife = '' }] of marriages) {
    const other = marriages.get(code === husband ? wife : husband)
    if (other?.['男方公民身份号码'] !== husband || other['女方公民身份号码'] !== wife) t.fail('each spouse has the same record')
  }
})

t.test('registers that were kept apart disagree, here and there', async t => {
  const { unknownToPolice, movedPerson, movedShop } = sample.blemishes()
  const population = by('population', '公民身份号码')
  const insurance = by('insurance', '公民身份号码')
  t.same(sample.people.filter(({ code }) => !population.has(code)), [unknownToPolice], 'one person is unknown to the police')
  t.ok(insurance.has(unknownToPolice?.code ?? ''), 'and insured')
  const addresses = of('insurance').filter(record => population.has(record['公民身份号码'] ?? '') && population.get(record['公民身份号码'] ?? '')?.['住址'] !== record['通信地址'])
  t.same(addresses.map(record => record['公民身份号码']), [movedPerson?.code], 'one moved and told one of two')
  const shops = by('shops', '统一社会信用代码')
  const places = of('fire-checks').filter(record => shops.get(record['统一社会信用代码'] ?? '')?.['住所'] !== record['场所地址'])
  t.same(places.map(record => record['统一社会信用代码']), [movedShop?.uscc], 'one shop was inspected elsewhere')
  const homes = of('properties').map(record => record['权利人证件号码'] ?? '')
  t.ok(new Set(homes).size < homes.length, 'somebody owns two properties')
  t.ok(of('abnormal-list').length > 0)
})

t.test('the same seed gives the same records, in files that an independent reader reads back', async t => {
  const folder = t.testdir()
  const again = makeSample(options)
  writeRecords(again, resources.map(({ department, name, items }) => ({ department, name, columns: items.map(({ name }) => name) })), folder)
  for (const { department, name } of resources) {
    const read = parse<Record<string, string>>(readFileSync(join(folder, department, name, 'records.csv')), { columns: true, record_delimiter: '\r\n' })
    const filled = read.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
    const wanted = of(name).map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
    t.equal(JSON.stringify(filled.map(sorted)), JSON.stringify(wanted.map(sorted)), name)
  }
  t.throws(() => { writeRecords(again, [{ department: 'market', name: 'shops', columns: ['名称'] }], folder) }, RangeError, 'an item without a column')
  t.throws(() => [...again.records('nothing')], RangeError)
})

function sorted (row: Record<string, string>): Array<[string, string]> { return Object.entries(row).sort(([a], [b]) => a < b ? -1 : 1) }
