import type { Reason as AnyReason } from '../core/quarantine.js'

/** Why an event may be refused, for programs; the order is that in which a person should mend them. */
export const REASONS = {
  // What is it
  EVENT_TOO_LARGE: { zh: '事件超过大小上限', en: 'The event is larger than the limit' },
  EVENT_UNREADABLE: { zh: '事件无法按唯一方式读取', en: 'The event is not JSON that can be read in one way only' },
  EVENT_TYPE_UNKNOWN: { zh: '没有这种事件类型', en: 'There is no such type of event' },
  SHAPE_INVALID: { zh: '事件不符合公布的格式', en: 'The event does not have the published shape' },
  // Do its identifiers hold
  USCC_WRONG: { zh: '统一社会信用代码校验不通过', en: 'A unified social credit code does not have its check character' },
  PARTITION_KEY_WRONG: { zh: '投递分区键与来源不一致', en: 'It was filed under another source' },
  SUBJECT_MISMATCH: { zh: 'subject 与内容不一致', en: 'The subject is not what the data are about' },
  LICENCE_ID_WRONG: { zh: '证照标识校验位错误', en: 'The check character of a licence identifier is wrong' },
  LICENCE_ID_VARIANT: { zh: '证照标识使用了流传的非标准校验算法', en: 'The check character of a licence identifier follows a faulty rule in circulation' },
  LICENCE_ID_MISMATCH: { zh: '证照标识与证照类型或颁发机构不一致', en: 'The licence identifier disagrees with the type or the issuer' },
  HOLDER_CODE_INVALID: { zh: '持证主体代码校验不通过', en: 'The holder\'s code is not valid for its type' },
  // Did the source say so
  SIGNATURE_MISSING: { zh: '没有签名', en: 'There is no signature' },
  SIGNATURE_MALFORMED: { zh: '签名格式错误', en: 'The signature cannot be read' },
  KEY_UNKNOWN: { zh: '签名密钥未登记', en: 'The signing key is not registered for this source' },
  KEY_NOT_VALID: { zh: '签名密钥在当时无效', en: 'The signing key was not valid then' },
  SIGNATURE_INVALID: { zh: '签名与内容不符', en: 'The signature does not fit the bytes' },
  // May it say so
  ISSUER_NOT_SOURCE: { zh: '颁发机构不是事件来源', en: 'The issuer is not the source of the event' },
  LICENCE_NOT_OF_ISSUER: { zh: '该证照不是本机构颁发的', en: 'The licence was issued by another office' },
  NOT_COMPETENT: { zh: '该机构当时当地无权颁发这类证照', en: 'The office may not issue this type of licence, there and then' },
  // Is it in order
  GAP: { zh: '之前的事件尚未收到，等待补齐', en: 'An event before it has not arrived; it waits for that' },
  FORK: { zh: '同一序号或编号已有不同内容的事件', en: 'Another event has the same number or id' },
  SEQUENCE_PASSED: { zh: '该序号已被跳过，其后的事件已接收', en: 'This number was skipped, and later events were taken' },
  // When
  TIME_IN_FUTURE: { zh: '事件时间晚于当前时间', en: 'The event was written in the future' },
  EFFECTIVE_TIME_ABSURD: { zh: '生效时间超出合理范围', en: 'The effective instant is out of all reason' },
  VALIDITY_INVERTED: { zh: '有效期止日早于起日', en: 'The period ends before it begins' }
} as const satisfies Record<string, { zh: string, en: string }>
export type ReasonCode = keyof typeof REASONS

export interface Reason extends AnyReason { code: ReasonCode }

/** What an operator may take upon himself: identifiers that are in circulation though they break their rule. */
export const WAIVABLE: readonly ReasonCode[] = ['LICENCE_ID_VARIANT', 'HOLDER_CODE_INVALID']

/** Worst first, and at most `limit`: one event can break its schema in thousands of places. */
export function ranked (reasons: readonly Reason[], limit: number): Reason[] {
  const rank = new Map(Object.keys(REASONS).map((code, index) => [code, index]))
  return [...reasons].sort((a, b) => (rank.get(a.code) ?? 0) - (rank.get(b.code) ?? 0)).slice(0, limit)
}
