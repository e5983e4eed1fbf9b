import type { DayText } from '../services/core/clock.js'
import { startOfDayInChina } from '../services/core/clock.js'
import { Failure, type Violation } from '../services/core/failure.js'
import { FAULT } from '../services/core/violations.js'
import { told, type Bilingual } from '../services/core/words.js'
import { FIELD_TOLD } from './sdk/row-words.js'

/** 001 is a unified social credit code, 111 a citizen identification number. @see formats.md 7.2, CZZTDMLXDM */
export type HolderCodeType = '001' | '111'

/** One line of a department's register of licences, as its own system holds it; what the issuing connector turns into a licence. */
export interface RegisterRow {
  /** 证照类型代码, 21 characters. */
  licenceType: string
  licenceTypeName: string
  /** 证照编号, as printed on the licence. */
  number: string
  holder: { name: string, code: string, codeType: HolderCodeType }
  issuedOn: DayText
  validFrom: DayText
  /** The last day on which it holds; absent where it holds for good. */
  validUntil?: DayText
  /** 行政区划代码 in which it holds, 6 digits. */
  region: string
  /** What the face shows besides the above, in the order in which it shows it. */
  face: Record<string, string>
  /** 流水号 of the licence identifier: `0-9A-Z`, unique within type and issuer. */
  serial: string
  /** What happened to it since; absent while it is as issued. A licence past `validUntil` is not marked, its dates say so. */
  changed?: { to: ChangedTo, on: DayText, reason: string }
}
export const CHANGED_TO = ['suspended', 'revoked', 'cancelled'] as const
export type ChangedTo = typeof CHANGED_TO[number]

/** What a register says in Chinese. */
const CHANGED_TO_NAMES: Record<ChangedTo, string> = { suspended: '暂扣', revoked: '吊销', cancelled: '注销' }
const IN_FORCE = '有效'

/**
 * The columns of a register file, in the order in which `recordOfRow` writes them. A register is CSV (RFC 4180), UTF-8, with a header
 * line; columns are found by name. Every other column must begin with `照面.` and is a member of `face`.
 */
export const REGISTER_COLUMNS = {
  licenceType: '证照类型代码',
  licenceTypeName: '证照类型名称',
  number: '证照编号',
  serial: '流水号',
  holderName: '持证主体',
  holderCode: '持证主体代码',
  holderCodeType: '持证主体代码类型代码',
  issuedOn: '颁发日期',
  validFrom: '有效期起始日期',
  validUntil: '有效期截止日期',
  region: '所属属地编码',
  status: '状态',
  changedOn: '状态变更日期',
  changeReason: '状态变更事由'
} as const
/** Before the name of a column that holds a member of the face. */
export const FACE_PREFIX = '照面.'

/** The row as a record by column name, with every fixed column; empty text stands for what is absent. */
export function recordOfRow (row: RegisterRow): Record<string, string> {
  const c = REGISTER_COLUMNS
  const record: Record<string, string> = {
    [c.licenceType]: row.licenceType,
    [c.licenceTypeName]: row.licenceTypeName,
    [c.number]: row.number,
    [c.serial]: row.serial,
    [c.holderName]: row.holder.name,
    [c.holderCode]: row.holder.code,
    [c.holderCodeType]: row.holder.codeType,
    [c.issuedOn]: row.issuedOn,
    [c.validFrom]: row.validFrom,
    [c.validUntil]: row.validUntil ?? '',
    [c.region]: row.region,
    [c.status]: row.changed === undefined ? IN_FORCE : CHANGED_TO_NAMES[row.changed.to],
    [c.changedOn]: row.changed?.on ?? '',
    [c.changeReason]: row.changed?.reason ?? ''
  }
  for (const [name, value] of Object.entries(row.face)) record[FACE_PREFIX + name] = value
  return record
}

const SHAPES: Array<[column: string, shape: RegExp, says: Bilingual]> = [
  [REGISTER_COLUMNS.licenceType, /^[0-9A-Z]{21}$/, told('应为 21 位数字或大写字母', 'must be 21 characters of 0-9A-Z')],
  [REGISTER_COLUMNS.licenceTypeName, /^.{1,100}$/u, FIELD_TOLD.length(1, 100)],
  [REGISTER_COLUMNS.number, /^[\p{L}\p{N}\p{P} ]{1,64}$/u, told('应为 1 至 64 个文字、数字或标点', 'must hold 1 to 64 letters, digits or punctuation marks')],
  [REGISTER_COLUMNS.serial, /^[0-9A-Z]{1,64}$/, told('应为 1 至 64 位数字或大写字母', 'must be 1 to 64 characters of 0-9A-Z')],
  [REGISTER_COLUMNS.holderName, /^[^\p{C}]{1,200}$/u, FIELD_TOLD.length(1, 200)],
  [REGISTER_COLUMNS.holderCode, /^[0-9A-Z]{18}$/, told('应为 18 位数字或大写字母', 'must be 18 characters of 0-9A-Z')],
  [REGISTER_COLUMNS.holderCodeType, /^(?:001|111)$/, told('应为 001 或 111', 'must be 001 or 111')],
  [REGISTER_COLUMNS.region, /^\d{6}$/, FIELD_TOLD.digits('6')]
]

/**
 * Reads a record of a register. Blank space is never trimmed: a register that holds it should be mended there.
 * @throws {Failure} INPUT_INVALID with every violation, its pointer the column's name; the values themselves are not repeated
 */
export function rowOfRecord (record: Readonly<Record<string, string>>): RegisterRow {
  const c = REGISTER_COLUMNS
  const violations: Violation[] = []
  const wrong = (column: string, message: Bilingual): void => { violations.push({ pointer: `/${column}`, message }) }
  const text = (column: string): string => record[column] ?? ''
  for (const [column, shape, says] of SHAPES) if (!shape.test(text(column))) wrong(column, says)
  const day = (column: string): DayText | undefined => {
    if (text(column) === '') return undefined
    if (startOfDayInChina(text(column)) === undefined) wrong(column, FAULT.notDay)
    return text(column)
  }
  const [issuedOn, validFrom, validUntil, changedOn] = [day(c.issuedOn), day(c.validFrom), day(c.validUntil), day(c.changedOn)]
  if (issuedOn === undefined) wrong(c.issuedOn, FAULT.missing)
  if (validFrom === undefined) wrong(c.validFrom, FAULT.missing)
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) wrong(c.validUntil, told('早于有效期开始', 'must not lie before the first day'))
  const to = CHANGED_TO.find(to => CHANGED_TO_NAMES[to] === text(c.status))
  const statuses = [IN_FORCE, ...Object.values(CHANGED_TO_NAMES)]
  if (to === undefined && text(c.status) !== IN_FORCE) wrong(c.status, told(`应为${statuses.join('、')}之一`, `must be ${statuses.join(', ')}`))
  if (to !== undefined && changedOn === undefined) wrong(c.changedOn, told('没有填写：状态有变更时须写明日期', 'must be given with this status'))
  const face: Record<string, string> = {}
  const fixed = new Set<string>(Object.values(c))
  for (const [column, value] of Object.entries(record)) {
    if (fixed.has(column)) continue
    if (!column.startsWith(FACE_PREFIX) || column === FACE_PREFIX) wrong(column, told(`不是登记簿的列；票面的列以“${FACE_PREFIX}”开头`, `is no column of a register; those of the face begin with ${FACE_PREFIX}`))
    else if (value !== '') Object.defineProperty(face, column.slice(FACE_PREFIX.length), { value, enumerable: true, writable: true, configurable: true })
  }
  if (violations.length > 0) throw new Failure('INPUT_INVALID', told('登记簿的这一行不符合格式', 'a row of the register does not have the required shape'), { violations })
  return {
    licenceType: text(c.licenceType),
    licenceTypeName: text(c.licenceTypeName),
    number: text(c.number),
    serial: text(c.serial),
    holder: { name: text(c.holderName), code: text(c.holderCode), codeType: text(c.holderCodeType) as HolderCodeType },
    issuedOn: issuedOn as DayText,
    validFrom: validFrom as DayText,
    ...validUntil === undefined ? {} : { validUntil },
    region: text(c.region),
    face,
    ...to === undefined ? {} : { changed: { to, on: changedOn as DayText, reason: text(c.changeReason) } }
  }
}
