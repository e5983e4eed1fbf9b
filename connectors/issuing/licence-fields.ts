import { startOfDayInChina, type DayText } from '../../services/core/clock.js'
import { Failure, type Violation } from '../../services/core/failure.js'
import { isUscc, parseLicenceId, type LicenceId, type Uscc } from '../../services/core/identifiers.js'
import { FAULT } from '../../services/core/violations.js'
import { told } from '../../services/core/words.js'
import { FIELD_TOLD } from '../sdk/row-words.js'

/** What stands on a licence, as its page, its metadata and its event say it. @see schemas/events/licence-issued.v1.json */
export interface LicenceFields {
  licenceId: LicenceId
  /** 证照类型代码, 21 characters. */
  licenceType: string
  licenceTypeName: string
  /** 证照编号 */
  number: string
  issuer: { uscc: Uscc, name: string }
  holder: { name: string, code: string, codeType: string }
  issuedOn: DayText
  validFrom: DayText
  /** The last day on which it holds; absent where it holds for good. */
  validUntil?: DayText
  /** 行政区划代码 */
  region: string
  /** What the page shows besides, by the names printed on it and in their order. */
  face: Readonly<Record<string, string>>
}

/** How much a licence may say. Beyond it: INPUT_INVALID, with each field that is too long. */
export interface LicenceLimits {
  /** Names of licence, holder and issuer. */
  nameCharacters: number
  faceItems: number
  faceNameCharacters: number
  /** One value of the face. */
  faceValueCharacters: number
}
export const LICENCE_LIMITS: LicenceLimits = { nameCharacters: 100, faceItems: 20, faceNameCharacters: 20, faceValueCharacters: 600 }

/** 持证主体代码类型 by its code. @see GB/T 36903, formats.md 7.2 */
const CODE_TYPES: Record<string, string> = { '001': '统一社会信用代码', 111: '公民身份号码' }
export function holderCodeTypeName (codeType: string): string { return CODE_TYPES[codeType] ?? '证件号码' }

// What has no shape on paper: controls, marks that turn the direction of reading, half characters, private use, line separators.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u

/**
 * Everything that keeps these fields from being printed and signed; empty where nothing does. Values are not repeated.
 */
function licenceViolations (fields: LicenceFields, limits: LicenceLimits = LICENCE_LIMITS): Violation[] {
  const violations: Violation[] = []
  const text = (pointer: string, value: string, characters: number): void => {
    if (value === '' || [...value].length > characters) violations.push({ pointer, message: FIELD_TOLD.length(1, characters) })
    if (INVISIBLE.test(value)) violations.push({ pointer, message: FIELD_TOLD.invisible })
  }
  const day = (pointer: string, value: string | undefined): void => {
    if (value !== undefined && startOfDayInChina(value) === undefined) violations.push({ pointer, message: FAULT.notDay })
  }
  const id = parseLicenceId(fields.licenceId)
  if (id?.check !== 'right') violations.push({ pointer: '/licenceId', message: told('不是校验码正确的证照标识', 'must be a licence identifier with its check character') })
  else {
    if (id.type !== fields.licenceType) violations.push({ pointer: '/licenceType', message: told('与标识里的证照类型不一致', 'must be the type that the identifier names') })
    if (id.issuer !== fields.issuer.uscc) violations.push({ pointer: '/issuer/uscc', message: told('与标识里的颁发机构不一致', 'must be the issuer that the identifier names') })
  }
  if (!isUscc(fields.issuer.uscc)) violations.push({ pointer: '/issuer/uscc', message: told('不是统一社会信用代码', 'must be a unified social credit code') })
  text('/licenceTypeName', fields.licenceTypeName, limits.nameCharacters)
  text('/number', fields.number, limits.nameCharacters)
  text('/issuer/name', fields.issuer.name, limits.nameCharacters)
  text('/holder/name', fields.holder.name, limits.nameCharacters)
  if (!/^[0-9A-Za-z()（）-]{1,64}$/.test(fields.holder.code)) violations.push({ pointer: '/holder/code', message: told('应为 1 至 64 个字母、数字、括号或连字符', 'must be 1 to 64 letters, digits, brackets or hyphens') })
  if (!/^\d{3}$/.test(fields.holder.codeType)) violations.push({ pointer: '/holder/codeType', message: FIELD_TOLD.digits('3') })
  if (!/^\d{6}(?:\d{3}){0,2}$/.test(fields.region)) violations.push({ pointer: '/region', message: FIELD_TOLD.digits('6、9 或 12', '6, 9 or 12') })
  day('/issuedOn', fields.issuedOn)
  day('/validFrom', fields.validFrom)
  day('/validUntil', fields.validUntil)
  if (fields.validUntil !== undefined && fields.validUntil < fields.validFrom) violations.push({ pointer: '/validUntil', message: told('早于有效期开始', 'must not lie before validFrom') })
  const face = Object.entries(fields.face)
  if (face.length > limits.faceItems) violations.push({ pointer: '/face', message: told(`最多 ${limits.faceItems} 项`, `must hold at most ${limits.faceItems} items`) })
  for (const [name, value] of face) {
    const pointer = `/face/${name.slice(0, limits.faceNameCharacters).replaceAll('~', '~0').replaceAll('/', '~1')}`
    text(pointer, name, limits.faceNameCharacters)
    text(pointer, value, limits.faceValueCharacters)
  }
  return violations
}

/** @throws {Failure} INPUT_INVALID with every violation */
export function assertLicenceFields (fields: LicenceFields, limits: LicenceLimits = LICENCE_LIMITS): void {
  const violations = licenceViolations(fields, limits)
  if (violations.length > 0) throw new Failure('INPUT_INVALID', told('不能据此制发证照', 'this cannot be issued as a licence'), { violations })
}
