import t from 'tap'
import { recordOfRow, REGISTER_COLUMNS, type RegisterRow, rowOfRecord } from '../../connectors/register-row.js'
import { Failure } from '../../services/core/failure.js'

const row: RegisterRow = {
  licenceType: '11990000YYYY010074002',
  licenceTypeName: '食品经营许可证',
  number: 'JY29901010000011',
  holder: { name: '云川市云东区鼎福面馆', code: '92990101MAYYY0013F', codeType: '001' },
  issuedOn: '2024-02-29',
  validFrom: '2024-02-29',
  validUntil: '2029-02-27',
  region: '990101',
  face: { 经营项目: '热食类食品制售', __proto__x: '1' },
  serial: '2024000001'
}
function pointersOf (change: Record<string, string>): string[] {
  try { rowOfRecord({ ...recordOfRow(row), ...change }) } catch (error) {
    if (error instanceof Failure && error.code === 'INPUT_INVALID') return error.violations.map(({ pointer }) => pointer)
    throw error
  }
  return []
}

t.test('a row comes back from its record', async t => {
  t.same(rowOfRecord(recordOfRow(row)), row)
  const changed: RegisterRow = { ...row, changed: { to: 'revoked', on: '2025-01-01', reason: '依法吊销' } }
  t.same(rowOfRecord(recordOfRow(changed)), changed)
  const { validUntil, ...forGood } = row
  t.same(rowOfRecord(recordOfRow(forGood)), forGood)
})

t.test('each column is held to its shape, and all faults are told', async t => {
  const c = REGISTER_COLUMNS
  for (const [column, value] of [
    [c.licenceType, '11990000YYYY01007400'], [c.licenceTypeName, ''], [c.number, 'a\nb'], [c.serial, 'a'], [c.holderName, '\u0000'],
    [c.holderCode, '1'], [c.holderCodeType, '002'], [c.region, '99010'], [c.issuedOn, '2023-02-29'], [c.issuedOn, ''], [c.validFrom, ''],
    [c.validUntil, '2024-02-28'], [c.status, '有 效'], [c.changedOn, '昨天'], ['备注', '']
  ] as const) t.same(pointersOf({ [column]: value }), [`/${column}`], `${column} ${JSON.stringify(value)}`)
  t.same(pointersOf({ [c.status]: '吊销' }), [`/${c.changedOn}`])
  t.same(pointersOf({ [c.serial]: '', [c.region]: '' }), [`/${c.serial}`, `/${c.region}`])
  t.same(pointersOf({ [c.validUntil]: '2024-02-29' }), [])
})
