import { readFileSync, readdirSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { loadProvince, type SampleProvince } from '../../../config/province.js'
import { type RegisterRow, rowOfRecord } from '../../../connectors/register-row.js'
import { makeSample, type SampleOptions, writeRegisters } from '../../../connectors/sample/index.js'
import { isCitizenId, isUscc, licenceId } from '../../../services/core/identifiers.js'

const province = loadProvince()
const TODAY = '2026-03-02'
const options: SampleOptions = { province, seed: 20260101, today: TODAY, people: 2000, shops: 400, licences: 5000 }
const sample = makeSample(options)
const rows: Array<RegisterRow & { department: string }> = province.departments.flatMap(({ id }) => [...sample.rows(id)].map(row => ({ ...row, department: id })))

t.test('the province has as many people, shops and licences as asked for, in every register', async t => {
  t.equal(sample.people.length, 2000)
  t.equal(sample.shops.length, 400)
  t.equal(rows.length, 5000)
  t.equal(new Set(rows.map(({ licenceType }) => licenceType)).size, 11)
})

t.test('identifiers are valid in form, of divisions that nobody has, and each stands once', async t => {
  for (const { code } of sample.people) if (!isCitizenId(code) || !/^9901\d\d/.test(code)) t.fail(code)
  for (const { uscc } of sample.shops) if (!isUscc(uscc) || !/^9[12]9901\d\d/.test(uscc)) t.fail(uscc)
  t.equal(new Set(sample.people.map(({ code }) => code)).size, 2000)
  t.equal(new Set(sample.shops.map(({ uscc }) => uscc)).size, 400)
  t.equal(new Set(sample.shops.map(({ name }) => name)).size, 400)
  const issuers = new Map(province.departments.map(({ id, uscc }) => [id, uscc]))
  t.equal(new Set(rows.map(row => licenceId({ type: row.licenceType, issuer: issuers.get(row.department) as string, serial: row.serial, version: '001' }))).size, 5000)
  t.equal(new Set(rows.map(row => `${row.licenceType} ${row.number}`)).size, 5000)
  for (const row of rows) if (!(row.holder.codeType === '001' ? isUscc(row.holder.code) : isCitizenId(row.holder.code))) t.fail(row.number)
})

t.test('the number of a citizen tells the sex and birth date of the person', async t => {
  for (const { code, sex, birthDate } of sample.people) {
    if (code.slice(6, 14) !== birthDate.replaceAll('-', '') || (Number(code[16]) % 2 === 1) !== (sex === '男')) t.fail(code)
  }
})

t.test('lives make sense: parents are older, spouses are each other’s, owners are of age, nothing lies ahead', async t => {
  const year = (day: string): number => Number(day.slice(0, 4))
  for (const person of sample.people) {
    if (person.birthDate >= TODAY) t.fail('born ahead')
    if (person.mother !== undefined && year(person.birthDate) - year(person.mother.birthDate) < 19) t.fail('mother too young')
    if (person.spouse !== undefined && (person.spouse.spouse !== person || person.spouse.sex === person.sex)) t.fail('spouse')
    if (person.marriedOn !== undefined && (person.marriedOn > TODAY || year(person.marriedOn) - year(person.birthDate) < 19)) t.fail('married')
  }
  for (const { owner, openedOn } of sample.shops) if (openedOn >= TODAY || year(openedOn) - year(owner.birthDate) < 18) t.fail('owner')
  const births = new Map(sample.people.map(({ code, birthDate }) => [code, birthDate]))
  const openings = new Map(sample.shops.map(({ uscc, openedOn }) => [uscc, openedOn]))
  for (const row of rows) {
    const since = births.get(row.holder.code) ?? openings.get(row.holder.code) ?? '9'
    if (row.issuedOn < since || row.issuedOn >= TODAY || row.validFrom < row.issuedOn) t.fail(`issued ${row.issuedOn}, holder since ${since}`)
    if (row.validUntil !== undefined && row.validUntil < row.validFrom) t.fail('ends before it begins')
    if (row.changed !== undefined && (row.changed.on <= row.issuedOn || row.changed.on > (row.validUntil ?? TODAY) || row.changed.on > TODAY)) t.fail('changed out of time')
    if (Object.values(row.face).includes('')) t.fail(`${row.licenceTypeName} with an empty field`)
  }
})

t.test('a small share is suspended, revoked, cancelled or expired', async t => {
  for (const to of ['suspended', 'revoked', 'cancelled']) {
    const n = rows.filter(({ changed }) => changed?.to === to).length
    t.ok(n >= 5 && n <= 100, `${to} ${n}`)
  }
  const expired = rows.filter(({ validUntil }) => validUntil !== undefined && validUntil < TODAY).length
  t.ok(expired >= 25 && expired <= 150, `expired ${expired}`)
  t.ok(rows.some(({ validUntil, changed, licenceTypeName }) => licenceTypeName === '食品经营许可证' && changed === undefined && (validUntil ?? '') >= TODAY))
})

t.test('the same seed gives the same registers, another seed others', async t => {
  const digest = (folder: string): string => {
    const hash = createHash('sha256')
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.csv')).sort()) hash.update(name).update(readFileSync(join(folder, name)))
    return hash.digest('hex')
  }
  const write = (seed: number, name: string): string => {
    const folder = join(t.testdirName, name)
    writeRegisters(makeSample({ ...options, seed, people: 200, shops: 40, licences: 500 }), folder)
    return digest(folder)
  }
  t.testdir()
  const first = write(1, 'a')
  t.equal(write(1, 'b'), first)
  t.not(write(2, 'c'), first)
})

t.test('registers are CSV that an independent reader reads back into the same rows', async t => {
  const folder = t.testdir()
  const files = writeRegisters(sample, folder)
  t.equal(files.length, 11)
  t.equal(files.reduce((sum, { rows }) => sum + rows, 0), 5000)
  for (const { department, licenceType, file } of files) {
    const records = parse<Record<string, string>>(readFileSync(join(folder, file)), { columns: true, record_delimiter: '\r\n' })
    t.same(records.map(rowOfRecord), [...sample.rows(department, licenceType)], file)
  }
})

t.test('what CSV gives a meaning to is quoted', async t => {
  const folder = t.testdir()
  const odd = structuredClone(province)
  const type = odd.departments[0]?.licences[0] as SampleProvince['departments'][number]['licences'][number]
  type.extra = { '面积,"平方米"': 'area' }
  const one = makeSample({ ...options, province: odd, people: 40, shops: 5, licences: 60 })
  const [file] = writeRegisters(one, folder)
  const records = parse<Record<string, string>>(readFileSync(join(folder, file?.file ?? '')), { columns: true, record_delimiter: '\r\n' })
  t.ok(records.length > 0)
  t.same(records.map(rowOfRecord), [...one.rows('market', type.type)])
})

t.test('a small province is whole too, and one that cannot be is refused', async t => {
  const small = makeSample({ ...options, people: 40, shops: 5, licences: 60 })
  t.equal(province.departments.flatMap(({ id }) => [...small.rows(id)]).length, 60)
  t.throws(() => makeSample({ ...options, people: 0, shops: 1, licences: 1 }), RangeError)
  t.throws(() => [...sample.rows('nobody')], RangeError)
  t.throws(() => [...sample.rows('market', '11990000YYYY010074003')], RangeError)
})
