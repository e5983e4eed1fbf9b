import type { Words } from '../core/words.js'
import { OFD_FINDINGS } from './ofd/codes.js'
import { ASPECTS, type Aspect } from './report.js'

const w = (zh: string, en: string, mendZh: string, mendEn: string): Words => ({ zh, en, mend: { zh: mendZh, en: mendEn } })

/**
 * What a check may find, for people: the sentence for the clerk, then what to do. `{}` stands for the finding's detail.
 * Short, no blame, and never a word of guilt, which is not ours to find. One page each in docs/failures.md.
 */
const BY_ASPECT = {
  format: {
    FORMAT_INVALID: w('文件格式不规范，无法按唯一方式读取', 'The file cannot be read in one way only', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    FORMAT_UNSUPPORTED: w('认得这种文件（{}），但还不能核验', 'This kind of file ({}) is known, but cannot be verified yet', '先收；请提供 OFD 格式的电子证照', 'Take it in for now; ask for the licence as OFD'),
    FILE_TYPE_UNKNOWN: w('这不是电子证照文件', 'This is not an electronic licence', '照片、扫描件不能核验；请提供电子文件', 'Photographs and scans cannot be verified; hand in the electronic file'),
    FILE_TWO_KINDS: w('这份文件用不同软件打开会是不同的内容（{}）', 'This file is two kinds at once and shows each reader something else ({})', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    FILE_TOO_LARGE: w('文件超过大小上限：{}', 'The file is larger than the limit: {}', '请提供原始电子证照，不要用扫描件', 'Hand in the electronic licence itself, not a scan'),
    FILE_NOT_FOUND: w('没有找到文件：{}', 'There is no such file: {}', '请核对文件路径', 'Check the path'),
    CASE_INVALID: w('这一条核验请求写得不对：{}', 'This case of the batch is not well formed: {}', '请改正后重试', 'Mend it and try again'),
    TRUST_UNUSABLE: w('信任目录不能使用：{}', 'The trust directory cannot be used: {}', '请运维核对信任目录', 'Ask the operator to check the trust directory'),
    VERIFICATION_TIMED_OUT: w('没有在时限内核验完', 'Verification did not end within its time limit', '先收；请稍后重试', 'Take it in for now; try again later'),
    VERIFICATION_STOPPED: w('核验中途停止，没有结论', 'Verification stopped without an answer', '先收；请运维检查', 'Take it in for now; the operator should look'),
    IDENTIFIER_AMBIGUOUS: w('文件里有不止一个证照标识', 'The file names more than one licence identifier', '不要采信；请向发证机关核实', 'Do not rely on it; ask the issuer'),
    IDENTIFIER_CHECK_FAILED: w('证照标识有误（{}）', 'The licence identifier is wrong ({})', '请重新扫码或对照原件重输', 'Scan it again, or type it again from the original'),
    IDENTIFIER_VARIANT: w('证照标识的校验码用了不标准的算法', 'The check character of the licence identifier follows a non-standard rule', '先收；请运维与发证机关确认', 'Take it in for now; the operator should ask the issuer'),
    SIGNATURE_UNREADABLE: w('文件里的印章数据已损坏：{}', 'The seal data in the file is damaged: {}', '不要采信；请重新下载', 'Do not rely on it; download it again'),
    SIGNATURES_TOO_MANY: w('文件里的签名个数超过上限（{}）', 'The file holds more signatures than the limit ({})', '先收；请运维核对上限设置', 'Take it in for now; ask the operator about the limit'),
    ...OFD_FINDINGS
  },
  integrity: {
    CONTENT_CHANGED: w('文件内容在盖章之后被改动过', 'The content was changed after it was sealed', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    NOTHING_REFERENCED: w('印章没有保护任何内容', 'The seal protects nothing', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    DESCRIPTION_CHANGED: w('印章的保护清单在盖章之后被改动过', 'The list of what the seal protects was changed after sealing', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    CONTENT_MISSING: w('缺少盖章时的原文，无法比对', 'What was signed is missing, so it cannot be compared', '请一并提供原文（--content）', 'Hand in the content too (--content)'),
    PROPERTY_INFO_DIFFERS: w('印章是给另一处内容盖的', 'The seal was made for another place', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal')
  },
  coverage: {
    NOT_ALL_COVERED: w('{}不在盖章范围内', 'Not covered by the seal: {}', '不要采信；请提供完整的原始文件', 'Do not rely on it; hand in the complete original file'),
    FILES_ADDED: w('文件包里多出了盖章时没有的文件：{}', 'The package holds files that were not there when it was sealed: {}', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    REFERENCED_FILE_MISSING: w('盖章时有的文件不见了：{}', 'A file that was there when it was sealed is gone: {}', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    STAMP_PAGE_MISSING: w('印章要显示的那一页不在文件里：{}', 'The page that the stamp belongs on is not in the file: {}', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    MANIFEST_UNLISTED: w('文件包里有清单之外的文件：{}', 'The package holds files that its manifest does not list: {}', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    MANIFEST_UNPROVEN: w('文件清单的签名还不能核验', 'The signature on the manifest cannot be verified yet', '先收；请提供 GB/T 38540 印章的文件', 'Take it in for now; ask for a file with a GB/T 38540 seal')
  },
  signature: {
    SIGNATURE_REMOVED: w('文件里的印章被去掉或损坏了', 'A seal of this file was removed or damaged', '不要采信；请重新下载', 'Do not rely on it; download it again'),
    UNSIGNED: w('这份文件没有电子印章', 'This file has no electronic seal', '不能作电子证照用；请提供带印章的文件或原件', 'It cannot serve as an electronic licence; hand in the sealed file or the original'),
    SIGNATURE_INVALID: w('印章与文件对不上', 'The seal does not fit the file', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    CERTIFICATE_UNREADABLE: w('盖章用的证书无法读取', 'The certificate of the seal cannot be read', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    ALGORITHM_REFUSED: w('印章使用了不允许的签名算法（{}）', 'The seal uses a signature algorithm that is not allowed ({})', '不要采信；请发证机关重新出具', 'Do not rely on it; ask the issuer for a new one'),
    CHECK_METHOD_REFUSED: w('印章使用了不允许的摘要算法（{}）', 'The seal uses a digest algorithm that is not allowed ({})', '不要采信；请发证机关重新出具', 'Do not rely on it; ask the issuer for a new one'),
    SIGNATURE_FORMAT_UNSUPPORTED: w('这种签名还不能核验（{}）', 'This form of signature cannot be verified yet ({})', '先收；请提供 GB/T 38540 印章的文件', 'Take it in for now; ask for a file with a GB/T 38540 seal'),
    SIGNER_CERTIFICATE_MISSING: w('文件里没有签名人的证书，无法核验', 'The file does not hold the signer\'s certificate', '先收；请发证机关重新出具', 'Take it in for now; ask the issuer for a new one')
  },
  seal: {
    SEAL_MAKER_INVALID: w('印章的制章信息不能通过核对', 'The seal does not pass the check of its maker', '不要采信；留存文件并按规定上报', 'Do not rely on it; keep the file and report it'),
    SIGNER_NOT_IN_SEAL: w('盖章用的证书不属于这枚印章', 'The certificate that signed does not belong to this seal', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    SEAL_NOT_IN_FORCE: w('盖章时印章不在有效期内（{}）', 'The seal was not in force when it was used ({})', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    SEAL_FILE_DIFFERS: w('显示的印章与签名里的印章不是同一枚', 'The seal that is shown is not the seal that was used', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    SEAL_FILE_MISSING: w('文件里显示的印章不见了', 'The seal that is to be shown is gone from the file', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    SIGNER_LIST_UNPROVEN: w('印章只写了证书名称，不能证明谁可以用它', 'The seal lists certificates by name alone, which proves nobody', '先收；请向盖章单位核实', 'Take it in for now; ask the owner of the seal'),
    SEAL_VERSION_UNSUPPORTED: w('印章是另一版标准（{}），还不能采信', 'The seal follows another version of the standard ({}), not yet supported', '先收；请发证机关用 GB/T 38540 印章重新出具', 'Take it in for now; ask the issuer for one with a GB/T 38540 seal')
  },
  path: {
    CERTIFICATE_EXPIRED: w('盖章时证书已经过期', 'The certificate had expired by then', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    CERTIFICATE_NOT_YET_VALID: w('盖章时证书还没有生效', 'The certificate was not yet valid then', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    KEY_USAGE_WRONG: w('证书不是签名用的（{}）', 'The certificate is not one for signing ({})', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    PATH_INVALID: w('证书与发证书的机构对不上（{}）', 'The certification path breaks a rule ({})', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    MAKER_PATH_INVALID: w('制章单位的证书不能通过核对（{}）', 'The certificate of the seal\'s maker does not pass ({})', '不要采信；留存文件并按规定上报', 'Do not rely on it; keep the file and report it'),
    MAKER_NOT_LISTED: w('制章单位（{}）不在信任目录的制章名单里', 'The maker of the seal ({}) is not one that the trust directory lists', '先收；请运维核对制章名单', 'Take it in for now; ask the operator to check the list of seal makers'),
    PURPOSE_NOT_ALLOWED: w('证书不能用于这个用途（{}）', 'The certificate may not be used for this purpose ({})', '请换用合适的证书', 'Use a certificate that is'),
    HOST_NAME_MISMATCH: w('证书不是发给这个地址的（{}）', 'The certificate is not for this host ({})', '请核对地址', 'Check the address'),
    PATH_UNTRUSTED: w('还不认识给印章发证书的机构', 'Who issued the certificate of this seal is not known here', '先收；请运维核对信任名单（外省证照常见）', 'Take it in for now; ask the operator to check the trust list (common with other provinces)')
  },
  revocation: {
    CERTIFICATE_REVOKED: w('盖章之前，盖章用的证书已被吊销', 'The certificate had been revoked before it was used', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    REVOCATION_UNKNOWN: w('还查不到盖章证书是否被吊销', 'It is not yet known whether the certificate was revoked', '不要因此退件；先收，系统会重查并通知', 'Do not refuse for this; take it in, it will be looked up again')
  },
  time: {
    SIGNED_IN_FUTURE: w('盖章时间晚于所问的时间（{}）', 'The seal says a time later than the one asked about ({})', '不要采信；请核对时间后重新核验', 'Do not rely on it; check the time and verify again'),
    TIME_UNREADABLE: w('盖章时间无法读取', 'The time of sealing cannot be read', '先收；请发证机关确认或重新出具', 'Take it in for now; ask the issuer to confirm it or for a new one'),
    TIMESTAMP_OTHER: w('文件里的时间戳是给另一个签名盖的', 'The time-stamp in the file was made for another signature', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    TIMESTAMP_INVALID: w('文件里的时间戳不能通过核对（{}）', 'The time-stamp in the file does not verify ({})', '不要采信；请从发证机关重新下载', 'Do not rely on it; download it again from the issuer'),
    TIMESTAMP_EARLIER: w('时间戳早于盖章时间，两者矛盾（{}）', 'The time-stamp is earlier than the time that the seal says ({})', '不要采信；请向盖章单位核实', 'Do not rely on it; ask the owner of the seal'),
    TIMESTAMP_UNREADABLE: w('文件里的时间戳无法读取：{}', 'The time-stamp in the file cannot be read: {}', '先收；请从发证机关重新下载', 'Take it in for now; download it again from the issuer'),
    TIMESTAMP_UNTRUSTED: w('盖时间戳的机构不合要求（{}）', 'The authority behind the time-stamp was not entitled to make it ({})', '先收；请运维核对，或请发证机关重新出具', 'Take it in for now; ask the operator, or the issuer for a new one'),
    TIME_UNPROVEN: w('还不能证明是在证书过期前盖的章', 'It is not proven that it was sealed before the certificate ended', '先收；请发证机关确认或重新出具', 'Take it in for now; ask the issuer to confirm it or for a new one')
  },
  authority: {
    NOT_COMPETENT: w('盖章单位无权颁发这类证照', 'The owner of the seal may not issue this type of licence', '不要采信；请向有权颁发的单位核实', 'Do not rely on it; ask the office that may'),
    ISSUER_DIFFERS: w('盖章单位不是证照标识里写的发证机关（{}）', 'The owner of the seal is not the issuer that the identifier names ({})', '不要采信；请向发证机关核实', 'Do not rely on it; ask the issuer'),
    SEAL_OWNER_UNKNOWN: w('证书里没有写明盖章单位的统一社会信用代码', 'The certificate does not name its owner by USCC', '先收；请运维核对信任名单', 'Take it in for now; ask the operator to check the trust list'),
    LICENCE_TYPE_UNKNOWN: w('文件里没有证照标识，不知道是哪一类证照', 'The file names no licence identifier, so its type is not known', '先收；请向发证机关核实', 'Take it in for now; ask the issuer'),
    AUTHORITY_UNKNOWN: w('发证清单里还没有这类证照', 'The authority list does not hold this type of licence yet', '先收；已请清单管理部门补登', 'Take it in for now; the keepers of the list are asked to add it')
  },
  status: {
    REVOKED: w('证照是真的，但已于 {} 吊销', 'The licence is genuine, but was revoked on {}', '不能使用；请申请人联系发证机关', 'It cannot be used; the applicant should ask the issuer'),
    CANCELLED: w('证照是真的，但已于 {} 注销', 'The licence is genuine, but was cancelled on {}', '不能使用；请申请人联系发证机关', 'It cannot be used; the applicant should ask the issuer'),
    EXPIRED: w('证照是真的，但已于 {} 过期', 'The licence is genuine, but expired on {}', '请先办理延续或换证', 'Renew or replace it first'),
    REPLACED: w('证照是真的，但已换发（{}）', 'The licence is genuine, but was replaced ({})', '请使用新的证照', 'Use the new one'),
    NOT_YET_VALID: w('证照是真的，但还没有到生效日期', 'The licence is genuine, but not in force yet', '请在生效日期之后再使用', 'Use it from the day on which it takes effect'),
    SUSPENDED: w('证照是真的，但目前暂停使用', 'The licence is genuine, but suspended for now', '暂不能用；请向发证机关了解恢复时间', 'It cannot be used now; ask the issuer until when'),
    NOT_IN_REGISTER: w('登记库里没有这份证照', 'The register does not hold this licence', '请向发证机关核实是否漏报', 'Ask the issuer whether it was left out'),
    SOURCE_SILENT: w('登记库暂时没有答复', 'The register does not answer for now', '先收，系统会重查', 'Take it in for now; it will be asked again'),
    STATUS_UNKNOWN: w('没有查证照状态', 'The status of the licence was not looked up', '先收；请用核验服务查询状态', 'Take it in for now; ask the verification service for its status')
  },
  face: {
    FACE_DIFFERS: w('票面与登记不一致：{}', 'The page and the register differ: {}', '请核对原件；可当场提出校核', 'Compare the original; a correction can be asked for at once')
  }
} as const satisfies Record<Aspect, Record<string, Words>>

/** Every code with its words. */
export const FINDINGS = { ...BY_ASPECT.format, ...BY_ASPECT.integrity, ...BY_ASPECT.coverage, ...BY_ASPECT.signature, ...BY_ASPECT.seal, ...BY_ASPECT.path, ...BY_ASPECT.revocation, ...BY_ASPECT.time, ...BY_ASPECT.authority, ...BY_ASPECT.status, ...BY_ASPECT.face }

/** With the aspect, for docs/failures.md. */
export const FINDING_WORDS: Record<string, Words & { aspect: Aspect }> = Object.fromEntries(ASPECTS.flatMap(aspect => Object.entries<Words>(BY_ASPECT[aspect]).map(([code, { zh, en, mend }]) =>
  [code, { aspect, zh: zh.replace('{}', '…'), en: en.replace('{}', '…'), mend }])))

/** The sentence for a person, the finding's detail put in its place. */
export function sentence (code: keyof typeof FINDINGS, language: 'zh' | 'en', detail: string | undefined): string {
  const text = FINDINGS[code][language]
  return detail === undefined ? text.replace(/ ?[（(：:]?\s?\{\}[）)]?/, '') : text.replace('{}', () => detail)
}
