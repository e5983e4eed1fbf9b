import type { Reason as AnyReason } from '../core/quarantine.js'
import type { Words } from '../core/words.js'

/** Why an event may be refused, for programs; the order is that in which a person should mend them. */
export const REASONS = {
  // What is it
  EVENT_TOO_LARGE: { zh: '事件超过大小上限', en: 'The event is larger than the limit', mend: { zh: '请减小事件，大文件只放摘要', en: 'Send a smaller event; of large files only the digest' } },
  EVENT_UNREADABLE: { zh: '事件无法按唯一方式读取', en: 'The event is not JSON that can be read in one way only', mend: { zh: '请用 UTF-8 的 JSON 重新生成并签名', en: 'Write it again as UTF-8 JSON and sign it' } },
  EVENT_TYPE_UNKNOWN: { zh: '没有这种事件类型', en: 'There is no such type of event', mend: { zh: '请核对 type，只能用已公布的类型', en: 'Check the type; only published ones count' } },
  SHAPE_INVALID: { zh: '事件不符合公布的格式', en: 'The event does not have the published shape', mend: { zh: '请按指针所指的字段改正后，重新签名发送', en: 'Mend the member that is pointed to, sign it and send it' } },
  // Do its identifiers hold
  USCC_WRONG: { zh: '统一社会信用代码校验不通过', en: 'A unified social credit code does not have its check character', mend: { zh: '请核对统一社会信用代码', en: 'Check the unified social credit code' } },
  PARTITION_KEY_WRONG: { zh: '投递分区键与来源不一致', en: 'It was filed under another source', mend: { zh: '请运维核对投递程序', en: 'Ask the operator to look at the sender' } },
  SUBJECT_MISMATCH: { zh: 'subject 与内容不一致', en: 'The subject is not what the data are about', mend: { zh: '请让 subject 与内容里的标识一致', en: 'Let the subject be what the data are about' } },
  LICENCE_ID_WRONG: { zh: '证照标识校验位错误', en: 'The check character of a licence identifier is wrong', mend: { zh: '请核对证照标识的校验位', en: 'Check the check character of the licence identifier' } },
  LICENCE_ID_VARIANT: { zh: '证照标识使用了流传的非标准校验算法', en: 'The check character of a licence identifier follows a faulty rule in circulation', mend: { zh: '请改用标准校验算法；存量标识可请运维确认后接收', en: 'Use the rule of the standard; an operator can take old ones upon himself' } },
  LICENCE_ID_MISMATCH: { zh: '证照标识与证照类型或颁发机构不一致', en: 'The licence identifier disagrees with the type or the issuer', mend: { zh: '请核对证照类型和颁发机构代码', en: 'Check type and issuer' } },
  HOLDER_CODE_INVALID: { zh: '持证主体代码校验不通过', en: 'The holder\'s code is not valid for its type', mend: { zh: '请核对持证主体代码；确系历史数据可请运维确认后接收', en: 'Check the holder\'s code; an operator can take old data upon himself' } },
  // Did the source say so
  SIGNATURE_MISSING: { zh: '没有签名', en: 'There is no signature', mend: { zh: '请签名后重新发送', en: 'Sign it and send it again' } },
  SIGNATURE_MALFORMED: { zh: '签名格式错误', en: 'The signature cannot be read', mend: { zh: '请按接口说明签名后重新发送', en: 'Sign it as the interface describes and send it again' } },
  KEY_UNKNOWN: { zh: '签名密钥未登记', en: 'The signing key is not registered for this source', mend: { zh: '请先登记公钥，再重新检查', en: 'Register the key, then have it judged again' } },
  KEY_NOT_VALID: { zh: '签名密钥在当时无效', en: 'The signing key was not valid then', mend: { zh: '请用当时有效的密钥重新签名', en: 'Sign it with a key that was valid then' } },
  SIGNATURE_INVALID: { zh: '签名与内容不符', en: 'The signature does not fit the bytes', mend: { zh: '请确认内容未被改动，重新签名发送', en: 'Make sure that nothing was changed, sign it and send it again' } },
  // May it say so
  ISSUER_NOT_SOURCE: { zh: '颁发机构不是事件来源', en: 'The issuer is not the source of the event', mend: { zh: '请由颁发机构自己发送', en: 'The issuer has to send it' } },
  LICENCE_NOT_OF_ISSUER: { zh: '该证照不是本机构颁发的', en: 'The licence was issued by another office', mend: { zh: '请由原颁发机构发送', en: 'The office that issued it has to send it' } },
  NOT_COMPETENT: { zh: '该机构当时当地无权颁发这类证照', en: 'The office may not issue this type of licence, there and then', mend: { zh: '请核对发证清单；清单补登后再重新检查', en: 'Check the authority list; once it is mended have it judged again' } },
  // Is it in order
  GAP: { zh: '之前的事件尚未收到，等待补齐', en: 'An event before it has not arrived; it waits for that', mend: { zh: '请补发缺少的序号，补齐后会自动接着处理', en: 'Send the missing number; the rest then follows by itself' } },
  FORK: { zh: '同一序号或编号已有不同内容的事件', en: 'Another event has the same number or id', mend: { zh: '请核对两份内容，以正确的一份用新序号重发', en: 'Compare the two and send what is right under a new number' } },
  SEQUENCE_PASSED: { zh: '该序号已被跳过，其后的事件已接收', en: 'This number was skipped, and later events were taken', mend: { zh: '请用新序号重新发送', en: 'Send it under a new number' } },
  // When
  TIME_IN_FUTURE: { zh: '事件时间晚于当前时间', en: 'The event was written in the future', mend: { zh: '请核对发送方时钟后重新检查', en: 'Check the sender\'s clock, then have it judged again' } },
  EFFECTIVE_TIME_ABSURD: { zh: '生效时间超出合理范围', en: 'The effective instant is out of all reason', mend: { zh: '请核对生效时间', en: 'Check the effective instant' } },
  VALIDITY_INVERTED: { zh: '有效期止日早于起日', en: 'The period ends before it begins', mend: { zh: '请核对有效期起止日', en: 'Check the days of the period' } }
} as const satisfies Record<string, Words>
export type ReasonCode = keyof typeof REASONS

export interface Reason extends AnyReason { code: ReasonCode }

/** What an operator may take upon himself: identifiers that are in circulation though they break their rule. */
export const WAIVABLE: readonly ReasonCode[] = ['LICENCE_ID_VARIANT', 'HOLDER_CODE_INVALID']

/** Worst first, and at most `limit`: one event can break its schema in thousands of places. */
export function ranked (reasons: readonly Reason[], limit: number): Reason[] {
  const rank = new Map(Object.keys(REASONS).map((code, index) => [code, index]))
  return [...reasons].sort((a, b) => (rank.get(a.code) ?? 0) - (rank.get(b.code) ?? 0)).slice(0, limit)
}
