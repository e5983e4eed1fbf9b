import type { InstantText } from '../../core/clock.js'
import type { LicenceId } from '../../core/identifiers.js'
import type { Facts, RegisterFacts } from '../facts.js'

/** What a register of licences says of one of them; the host joins it to services/licences. */
export interface RegisteredLicence {
  status: 'active' | 'not-yet-valid' | 'suspended' | 'revoked' | 'cancelled' | 'expired' | 'replaced'
  /** Since when, where it is not in force. */
  since?: Date
  replacedBy?: LicenceId
  /** Six-digit division code. */
  region?: string
  /** When the register learnt of the issue. */
  recordedAt?: Date
  /** Of the file that the issuer registered, lower-case hex. */
  file?: { sha256: string }
  /** By the short names of GB/T 36903: ZZMC, ZZBH, ZZBFJGDM, CZZT, CZZTDM, ZZBFRQ, ZZYXQQSRQ, ZZYXQJZRQ. */
  face: Record<string, string>
}

/**
 * The state of a licence at an instant, as known at another (now, where left out). `undefined`: the register does not hold it.
 * `'unavailable'`: it can't be asked now.
 */
export type RegisterLookup = (licenceId: LicenceId, at: Date, known?: Date) => Promise<RegisteredLicence | undefined | 'unavailable'>

/** Metadata of the document, which leaves the engine only as names of fields. */
export type Metadata = Record<string, string>

export async function registerFacts (facts: Facts, metadata: Metadata, at: Date, lookup: RegisterLookup | undefined): Promise<RegisterFacts> {
  if (lookup === undefined || facts.licence?.parts === undefined || facts.licence.ambiguous) return { answer: 'off' }
  const found = await lookup(facts.licence.id, at).catch(() => 'unavailable' as const) // a register that fails is one that did not answer
  if (found === 'unavailable') return { answer: 'unavailable' }
  if (found === undefined) return { answer: 'not-found' }
  const compared = Object.keys(FIELDS).filter(name => metadata[name] !== undefined && found.face[name] !== undefined)
  const differing = compared.filter(name => normal(name, metadata[name] as string) !== normal(name, found.face[name] as string))
  const words = (names: string[]): string[] => names.map(name => FIELDS[name] as string)
  return {
    answer: 'found',
    status: found.status,
    ...instant('since', found.since),
    ...(found.replacedBy !== undefined && { replacedBy: found.replacedBy }),
    ...(found.region !== undefined && { region: found.region }),
    ...instant('recordedAt', found.recordedAt),
    ...(found.file !== undefined && facts.input !== undefined && { file: found.file.sha256 === facts.input.sha256 ? 'same' : 'other' }),
    compared: words(compared),
    differing: words(differing)
  }
}

function instant<Name extends string> (name: Name, value: Date | undefined): Partial<Record<Name, InstantText>> {
  return value === undefined ? {} : { [name]: value.toISOString() } as Partial<Record<Name, InstantText>>
}

/** Fields of the page that a register holds too. @see GB/T 36903 */
const FIELDS: Record<string, string> = {
  ZZMC: '证照名称',
  ZZBH: '证照编号',
  ZZBFJGDM: '颁发机构代码',
  CZZT: '持证主体',
  CZZTDM: '持证主体代码',
  ZZBFRQ: '颁发日期',
  ZZYXQQSRQ: '有效期起始日期',
  ZZYXQJZRQ: '有效期截止日期'
}
export const FACE_FIELDS: readonly string[] = Object.keys(FIELDS)

/** 2026年1月5日, 2026-01-05 and 20260105 are one day; spaces and width are no difference. */
function normal (name: string, text: string): string {
  const plain = text.normalize('NFKC').replace(/\s+/g, '')
  const day = DAYS.has(name) ? /^(\d{4})(?:(\d\d)(\d\d)|[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?)$/.exec(plain) : null
  return day === null ? plain : [day[1], (day[2] ?? day[4])?.padStart(2, '0'), (day[3] ?? day[5])?.padStart(2, '0')].join('-')
}
const DAYS = new Set(['ZZBFRQ', 'ZZYXQQSRQ', 'ZZYXQJZRQ'])
