/** What can be wrong with a certification path. Relying parties read these codes in reports, so they never change. */
export const PATH_PROBLEMS = {
  ISSUER_UNKNOWN: { zh: '找不到通往受信任根证书的路径', en: 'No path leads to a trusted root' },
  ISSUER_NAME_MISMATCH: { zh: '证书中的颁发者名称与实际颁发者不一致', en: 'The issuer named is not the one whose key signed' },
  CERTIFICATE_SIGNATURE_INVALID: { zh: '证书上的签名与其颁发者的公钥不符', en: 'The signature on a certificate does not verify with its issuer\'s key' },
  ALGORITHM_NOT_ALLOWED: { zh: '证书使用了不允许的签名算法', en: 'A certificate is signed with an algorithm that is not allowed' },
  CERTIFICATE_EXPIRED: { zh: '证书已过有效期', en: 'A certificate had expired' },
  CERTIFICATE_NOT_YET_VALID: { zh: '证书尚未生效', en: 'A certificate was not valid yet' },
  NOT_A_CA: { zh: '签发者不是证书认证机构', en: 'A certificate was issued by one that may not issue any' },
  PATH_TOO_LONG: { zh: '证书路径超过允许的长度', en: 'The path is longer than one of its authorities allows' },
  KEY_USAGE_WRONG: { zh: '证书的密钥用途不符', en: 'A key is used for what its certificate does not allow' },
  PURPOSE_NOT_ALLOWED: { zh: '证书不能用于此目的', en: 'The certificate may not be used for this purpose' },
  HOST_NAME_MISMATCH: { zh: '证书不属于该主机名', en: 'The certificate is not for this host' },
  NAME_NOT_PERMITTED: { zh: '证书名称超出上级机构允许的范围', en: 'A name lies outside what an authority above may certify' },
  NAME_MISSING: { zh: '证书缺少名称', en: 'A certificate names nobody' },
  POLICY_NOT_ALLOWED: { zh: '证书策略不满足要求', en: 'The certificate policies do not meet what is required' },
  EXTENSION_UNKNOWN: { zh: '证书含有无法处理的关键扩展项', en: 'A certificate holds a critical extension that is unknown here' },
  PATH_TOO_COMPLEX: { zh: '证书路径过于复杂，未能在限度内判定', en: 'The paths are too many or too complex to judge within the limits' }
} as const satisfies Record<string, { zh: string, en: string }>
export type PathProblemCode = keyof typeof PATH_PROBLEMS

/** Problems of time alone: the rest of the path holds. */
export const PERIOD_PROBLEMS: ReadonlySet<PathProblemCode> = new Set(['CERTIFICATE_EXPIRED', 'CERTIFICATE_NOT_YET_VALID'])

/** Why nothing is known of a certificate's revocation. */
export const REVOCATION_GAPS = {
  CRL_MISSING: { zh: '没有覆盖该证书的吊销列表', en: 'No revocation list speaks of this certificate' },
  CRL_STALE: { zh: '吊销列表不在有效期内', en: 'The revocation list is out of date' },
  CRL_NOT_TRUSTED: { zh: '吊销列表的签名或签发者不可信', en: 'The revocation list does not verify, or its signer may not issue it' },
  CRL_NOT_UNDERSTOOD: { zh: '吊销列表含有无法处理的关键扩展项', en: 'The revocation list holds something critical that is unknown here' },
  CRL_REASONS_INCOMPLETE: { zh: '吊销列表没有覆盖全部吊销原因', en: 'The revocation lists do not cover every reason' },
  OCSP_STALE: { zh: '在线状态应答不在有效期内', en: 'The responder\'s answer is out of date' },
  OCSP_NOT_TRUSTED: { zh: '在线状态应答的签名或应答者不可信', en: 'The responder\'s answer does not verify, or its signer may not give it' },
  OCSP_NOT_UNDERSTOOD: { zh: '在线状态应答含有无法处理的关键扩展项', en: 'The responder\'s answer holds something critical that is unknown here' },
  OCSP_UNKNOWN: { zh: '应答者不知道该证书', en: 'The responder does not know this certificate' }
} as const satisfies Record<string, { zh: string, en: string }>
export type RevocationGap = keyof typeof REVOCATION_GAPS
