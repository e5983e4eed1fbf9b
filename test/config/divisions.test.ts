import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadDivisions } from '../../config/divisions.js'
import { loadProvince } from '../../config/province.js'

t.test('the table of divisions has every district of the sample province', async t => {
  const divisions = loadDivisions()
  const { region, districts } = loadProvince()
  t.ok(divisions.isDivision(region, '2026-03-02'))
  for (const { code, name } of districts) t.equal(divisions.name(code, '2026-03-02'), name)
  t.same(['990000', '990100', '990104', '990104001', '990199', '99'].map(code => divisions.fullName(code, '2026-03-02')), ['示例省', '示例省云川市', '示例省云川市青泽县', '示例省云川市青泽县', undefined, undefined])
  t.notOk(divisions.isDivision('990199', '2026-03-02'))
  t.ok(divisions.isDivision('990101001', '2026-03-02'), 'a township stands where its county does')
  t.notOk(divisions.isDivision('9901010', '2026-03-02'))
})

t.test('a code is a division from its first day to its last', async t => {
  const file = join(t.testdir(), 'divisions.json')
  const write = (divisions: object[]): void => { writeFileSync(file, JSON.stringify({ divisions })) }
  write([{ code: '990101', name: '旧区', to: '2025-12-31' }, { code: '990101', name: '新区', from: '2026-01-01' }])
  const divisions = loadDivisions(file)
  t.same(['2025-12-31', '2026-01-01'].map(day => divisions.name('990101', day)), ['旧区', '新区'])
  write([{ code: '990101', name: '旧区', to: '2026-01-01' }, { code: '990101', name: '新区', from: '2026-01-01' }])
  t.throws(() => loadDivisions(file), { code: 'CONFIG_INVALID', violations: [{ pointer: '/divisions/1' }] })
  write([{ code: '990101', name: '区', from: '2026-02-30' }])
  t.throws(() => loadDivisions(file), { code: 'CONFIG_INVALID', violations: [{ pointer: '/divisions/0/from' }] })
  write([{ code: '99', name: '区' }])
  t.throws(() => loadDivisions(file), { code: 'CONFIG_INVALID' })
  writeFileSync(file, '{')
  t.throws(() => loadDivisions(file), { code: 'CONFIG_INVALID' })
})
