import { chinaTime, inChinaTime } from '../../services/core/clock.js'
import { findingsOf, type Report, type SignatureReport } from '../../services/verification/index.js'
import { ASPECT_WORDS, VERDICT_WORDS } from '../../services/verification/words.js'
import type { Aspect } from '../../services/verification/report.js'

const LINE_CHARACTERS = 1000
// What a terminal acts upon, and marks that turn the direction of writing: a seal may be named so that it rewrites the screen.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const ACTING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** One line, whatever the document's own names hold. */
function line (text: string): string {
  const shown = text.length > LINE_CHARACTERS ? `${text.slice(0, LINE_CHARACTERS)}…` : text
  return shown.replace(ACTING, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A report for people: the verdict, the worst finding and what to do about it, then the rest. Chinese first, English beside it. */
export function reportText (report: Report, title: string): string {
  const { zh, en, mark } = VERDICT_WORDS[report.verdict]
  const lines = [`${mark} ${zh}  ${en}   ${title}`]
  const [first, ...rest] = findingsOf(report).map(({ zh, en, detail, ...finding }) => ({ ...finding, zh: inChinaTime(zh, ZONE), en: inChinaTime(en, ZONE), ...(detail === undefined ? {} : { detail: inChinaTime(detail, ZONE) }) }))
  if (first !== undefined) {
    lines.push(`  ${first.zh}  [${first.code}]`, `  请这样做：${first.mend.zh}`, `    ${first.en}. ${first.mend.en}.`)
    if (first.detail !== undefined) lines.push(`    技术详情 detail: ${first.signature === undefined ? '' : `${first.signature}: `}${first.detail}`)
  }
  if (rest.length > 0) lines.push(`  其他发现  Also found (${rest.length}):`)
  for (const { zh, en, code, status, signature } of rest) lines.push(`    ${status === 'failed' ? '✕' : '?'} ${zh}  ${en}  [${code}${signature === undefined ? '' : `, ${signature}`}]`)
  for (const signature of report.signatures) lines.push(`  ${signatureText(signature)}`)
  if (report.licenceId !== undefined) lines.push(`  证照标识  Licence: ${report.licenceId}`)
  const unasked = notAsked(report)
  if (unasked.length > 0) lines.push(`  没有检查  Not checked: ${unasked.map(aspect => `${ASPECT_WORDS[aspect].zh} ${ASPECT_WORDS[aspect].en}`).join('、')}`)
  lines.push(`  核验时点  As of: ${beijingTime(report.at)}`)
  return `${lines.map(line).join('\n')}\n\n`
}

function signatureText ({ verdict, id, seal, signer, signedAt }: SignatureReport): string {
  const parts = [seal === undefined ? undefined : `${seal.name} (${seal.id})`, signer, signedAt === undefined ? undefined : beijingTime(signedAt)]
  return `印章 Seal ${id} ${VERDICT_WORDS[verdict].mark}: ${parts.filter(part => part !== undefined).join('，') || '—'}`
}

/** Aspects in which nothing was asked at all. */
function notAsked ({ checks, signatures }: Report): Aspect[] {
  const all = [...checks, ...signatures.flatMap(signature => signature.checks)]
  return (Object.keys(ASPECT_WORDS) as Aspect[]).filter(aspect => {
    const own = all.filter(check => check.aspect === aspect)
    return own.length > 0 && own.every(({ status }) => status === 'skipped')
  })
}

/** For a line that does not say otherwise whose time it is. */
export function beijingTime (instant: string): string { return `${chinaTime(instant)}${ZONE}` }
const ZONE = ' (北京时间)'
