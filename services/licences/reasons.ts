/** Why the register may refuse what an issuer says of a licence. */
export const REGISTER_REASONS = {
  LICENCE_UNKNOWN: { zh: '登记簿中没有该证照', en: 'The register has no such licence' },
  LICENCE_EXISTS: { zh: '登记簿中已有该证照', en: 'The register has this licence already' },
  MOVE_ILLEGAL: { zh: '证照当时的状态不允许这种变更', en: 'The state that the licence had then does not allow this move' },
  BEFORE_ISSUE: { zh: '生效时间早于证照颁发', en: 'It would take effect before the licence did' },
  VALIDITY_INVERTED: { zh: '变更后的有效期止日早于起日', en: 'The change would let the period end before it begins' },
  REPLACED_LICENCE_ILLEGAL: { zh: '被替换的证照不存在或不能被替换', en: 'The licence to be replaced is unknown or may not be replaced' },
  HISTORY_TOO_LONG: { zh: '该证照的变更次数超过上限', en: 'The licence has more moves than the limit' }
} as const satisfies Record<string, { zh: string, en: string }>
export type RegisterReasonCode = keyof typeof REGISTER_REASONS
