import type { Words } from '../core/words.js'

/** Why the register may refuse what an issuer says of a licence. */
export const REGISTER_REASONS = {
  LICENCE_UNKNOWN: { zh: '登记簿中没有该证照', en: 'The register has no such licence', mend: { zh: '请先发送该证照的颁发事件', en: 'Send the event that issues it first' } },
  LICENCE_EXISTS: { zh: '登记簿中已有该证照', en: 'The register has this licence already', mend: { zh: '请核对是否重复颁发；变更请用变更事件', en: 'Check whether it was issued twice; a change has its own event' } },
  MOVE_ILLEGAL: { zh: '证照当时的状态不允许这种变更', en: 'The state that the licence had then does not allow this move', mend: { zh: '请核对证照当时的状态，用正确的变更重发', en: 'Check the state then, and send the right move' } },
  BEFORE_ISSUE: { zh: '生效时间早于证照颁发', en: 'It would take effect before the licence did', mend: { zh: '请核对生效时间', en: 'Check the effective instant' } },
  VALIDITY_INVERTED: { zh: '变更后的有效期止日早于起日', en: 'The change would let the period end before it begins', mend: { zh: '请核对有效期起止日', en: 'Check the days of the period' } },
  REPLACED_LICENCE_ILLEGAL: { zh: '被替换的证照不存在或不能被替换', en: 'The licence to be replaced is unknown or may not be replaced', mend: { zh: '请核对被替换的证照标识', en: 'Check the identifier of the licence to be replaced' } },
  HISTORY_TOO_LONG: { zh: '该证照的变更次数超过上限', en: 'The licence has more moves than the limit', mend: { zh: '请换发新证照', en: 'Issue a new licence in its place' } }
} as const satisfies Record<string, Words>
export type RegisterReasonCode = keyof typeof REGISTER_REASONS
