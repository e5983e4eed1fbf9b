import { DOCUMENT_CHECKS, CERTIFICATE_CHECKS, LICENCE_CHECKS, SEAL_CHECKS, SIGNATURE_CHECKS } from './checks/index.js'
import { FINDINGS, sentence } from './findings.js'
import { ASPECTS, type Aspect, type CheckResult, type Report, type Verdict } from './report.js'

/** What was found, ranked, in words for a person. */
export interface Finding {
  code: keyof typeof FINDINGS
  status: 'failed' | 'indeterminate'
  aspect: Aspect
  check: string
  /** Which signature, where it is about one. */
  signature?: string
  detail?: string
  zh: string
  en: string
  mend: { zh: string, en: string }
}

const RANKS = new Map([...DOCUMENT_CHECKS, ...SIGNATURE_CHECKS, ...SEAL_CHECKS, ...CERTIFICATE_CHECKS, ...LICENCE_CHECKS].map(({ name }, rank) => [name, rank]))

/** Failures before what could not be told; each by its aspect, then as checks/index.ts has them. The first is what counts. */
export function findingsOf (report: Report): Finding[] {
  const own = report.checks.flatMap(check => findingOf(check))
  const signatures = report.signatures.flatMap(({ id, checks }) => checks.flatMap(check => findingOf(check, id)))
  return [...own, ...signatures].sort((a, b) => rank(a) - rank(b))
}

function rank ({ status, aspect, check }: Finding): number {
  return (status === 'failed' ? 0 : 1e6) + ASPECTS.indexOf(aspect) * 1e3 + (RANKS.get(check) ?? 999)
}

function findingOf (check: CheckResult, signature?: string): Finding[] {
  if (check.status !== 'failed' && check.status !== 'indeterminate') return []
  const { name, aspect, status, code, detail } = check
  return [{
    code,
    status,
    aspect,
    check: name,
    ...(signature !== undefined && { signature }),
    ...(detail !== undefined && { detail }),
    zh: sentence(code, 'zh', detail),
    en: sentence(code, 'en', detail),
    mend: FINDINGS[code].mend
  }]
}

export const VERDICT_WORDS: Record<Verdict, { zh: string, en: string, mark: string }> = {
  valid: { zh: '核验通过', en: 'Valid', mark: '✓' },
  invalid: { zh: '核验不通过', en: 'Not valid', mark: '✕' },
  indeterminate: { zh: '暂不能确认', en: 'Cannot confirm yet', mark: '?' }
}

export const ASPECT_WORDS: Record<Aspect, { zh: string, en: string }> = {
  format: { zh: '文件格式', en: 'Format' },
  integrity: { zh: '内容未改动', en: 'Content unchanged' },
  coverage: { zh: '覆盖范围', en: 'What is covered' },
  signature: { zh: '签名', en: 'Signature' },
  seal: { zh: '印章', en: 'Seal' },
  path: { zh: '证书', en: 'Certificates' },
  revocation: { zh: '吊销', en: 'Revocation' },
  time: { zh: '时间', en: 'Time' },
  authority: { zh: '发证权限', en: 'Right to issue' },
  status: { zh: '证照状态', en: 'Register status' },
  face: { zh: '票面比对', en: 'Page vs register' }
}
