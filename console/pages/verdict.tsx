import type { ComponentChildren } from 'preact'
import { href } from '../hrefs.js'
import { bytesText, chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { Page, PrintHere, type Frame } from './layout.js'
import { Both, Do, Facts, Id, Mark, T, type Tone } from './text.js'
import { FileForm, type VerifyLimits } from './verify.js'

export type Verdict = 'valid' | 'invalid' | 'indeterminate'
export type Status = 'passed' | 'failed' | 'indeterminate' | 'skipped'

export const VERDICT_LOOK: Record<Verdict, { k: WordKey, tone: Tone, sign: string }> = {
  valid: { k: 'verdict.valid', tone: 'ok', sign: '✓' },
  invalid: { k: 'verdict.invalid', tone: 'bad', sign: '✕' },
  indeterminate: { k: 'verdict.indeterminate', tone: 'pending', sign: '?' }
}

export interface FindingView {
  status: 'failed' | 'indeterminate'
  aspect: string
  check: string
  code: string
  zh: string
  en: string
  mend: { zh: string, en: string }
  detail?: string
  needs?: string
  signature?: string
}

export interface VerdictView {
  verdict: Verdict
  receiptId: string
  issuedAt: string
  at: string
  kind: string
  file?: { name?: string, size: number, sha256: string }
  files?: { shown: number, uncovered: number }
  licenceId?: string
  licence?: { typeName?: string, holder?: string, number?: string, state: string, issuer?: string } | 'unread'
  /** Worst first. */
  seals: Array<{ verdict: Verdict, id: string, name?: string, signer?: string, signedAt?: string }>
  /** Worst first. */
  findings: FindingView[]
  /** By aspect, the worst of its checks. */
  aspects: Array<{ aspect: string, status: Status }>
}

const SHOWN_OF_A_KIND = 20

export function VerdictPage ({ view, limits, ...frame }: Frame & { view: VerdictView, limits: VerifyLimits }) {
  const { verdict, findings, aspects, receiptId, print } = { ...view, print: frame.print === true }
  const [worst] = findings
  const of = (status: Status): string[] => aspects.filter(aspect => aspect.status === status).map(({ aspect }) => aspect)
  const named = view.file?.name ?? view.licenceId
  return (
    <Page {...frame} title={[say(VERDICT_LOOK[verdict].k, 'zh'), ...(named === undefined ? [] : [named])].join(' · ')}>
      <Headline view={view} worst={worst} />
      {print && <PrintHere />}
      <Subject view={view} />
      <section aria-labelledby='results'>
        <h2 id='results'><T k='verdict.results' />：<T k='verdict.counts' failed={of('failed').length} pending={of('indeterminate').length} passed={of('passed').length} skipped={of('skipped').length} /></h2>
        <ul class='results'>{grouped(findings).map(({ finding, more }, index) => <Finding key={index} finding={finding} more={more} open={print} />)}</ul>
        {of('passed').length > 0 && (
          <details open={print}>
            <summary><Mark tone='ok' /> <T k='verdict.passedFold' count={of('passed').length} /></summary>
            <ul class='plain-list columns'>{of('passed').map(aspect => <li key={aspect}><Mark tone='ok' /> <Aspect name={aspect} /></li>)}</ul>
          </details>
        )}
        {of('skipped').length > 0 && <p class='muted'><Mark tone='quiet' /> <T k='verdict.skipped' />：{of('skipped').map((aspect, index) => <span key={aspect}>{index > 0 && '、'}<Aspect name={aspect} /></span>)}</p>}
      </section>
      {view.seals.length > 0 && <Seals seals={view.seals} />}
      <p><strong><T k='verdict.covered' />：</strong><Covered view={view} /> <T k='verdict.notAsked' /></p>
      <p>
        <strong><T k='verdict.receipt' /></strong> <Id>{receiptId}</Id> · <T k='app.time' at={chinaTime(view.issuedAt, true)} />{' '}
        <a class='no-print' href={href.receipt(receiptId)}><T k='verdict.download' /></a>
      </p>
      <details open={print}>
        <summary><T k='app.details' /></summary>
        <Facts rows={[
          ['verdict.at', <T key='at' k='app.time' at={chinaTime(view.at, true)} />],
          ...(view.licenceId === undefined ? [] : [['verdict.licenceId', <Id key='id'>{view.licenceId}</Id>] as [WordKey, ComponentChildren]]),
          ...(view.seals.some(({ signer }) => signer !== undefined) ? [['verdict.sealedAs', <Id key='sealed'>{view.seals.flatMap(({ signer }) => signer ?? []).slice(0, SHOWN_OF_A_KIND).join('、')}</Id>] as [WordKey, ComponentChildren]] : []),
          ...(view.file === undefined ? [] : [['verdict.digest', <Id key='digest'>{view.file.sha256}</Id>] as [WordKey, ComponentChildren]])
        ]}
        />
      </details>
      {!print && <FileForm viewer={frame.viewer} limits={limits} title='verify.next' />}
    </Page>
  )
}

function Headline ({ view: { verdict, receiptId, kind }, worst }: { view: VerdictView, worst: FindingView | undefined }) {
  const { k, tone, sign } = VERDICT_LOOK[verdict]
  return (
    <div class={`verdict verdict-${tone}`} role='status'>
      <div class='verdict-head'>
        <h1><span class={`shape shape-${tone}`} aria-hidden='true'>{sign}</span> <T k={k} /></h1>
        <a class='no-print button quiet' href={href.verdict(receiptId, true)}><T k='verdict.print' /></a>
      </div>
      {worst === undefined
        ? <><p class='lead'><T k={kind === 'licence' ? 'verdict.validLicence' : 'verdict.validWhy'} /></p><Do zh={say('verdict.validDo', 'zh')} en={say('verdict.validDo', 'en')} /></>
        : <><p class='lead'><Both zh={`${worst.zh}。`} en={`${worst.en}.`} /></p><Do zh={`${worst.mend.zh}。`} en={`${worst.mend.en}.`} /></>}
    </div>
  )
}

/** Names before identifiers. */
function Subject ({ view: { licence, seals, file, licenceId } }: { view: VerdictView }) {
  const known = licence === undefined || licence === 'unread' ? undefined : licence
  const parts = [
    known?.typeName === undefined ? undefined : <strong>{known.typeName}</strong>,
    known?.holder === undefined ? undefined : <><T k='verdict.holder' /> {known.holder}</>,
    known?.number === undefined ? undefined : <><T k='verdict.number' /> <Id>{known.number}</Id></>,
    known === undefined ? undefined : <><T k='verdict.state' /> <T k={`licence.${known.state}` as WordKey} /></>,
    licence === 'unread' ? <T k='verdict.unread' /> : undefined,
    seals[0]?.name === undefined ? undefined : <><T k='verdict.signer' /> {seals[0].name}</>,
    file === undefined ? undefined : <><T k='verdict.file' /> <Id>{file.name ?? ''}</Id>（{bytesText(file.size)}）</>,
    known === undefined && licenceId !== undefined ? <><T k='verdict.licenceId' /> <Id>{licenceId}</Id></> : undefined
  ].filter(part => part !== undefined)
  return parts.length === 0 ? null : <p class='subject'>{parts.map((part, index) => <span key={index}>{index > 0 && ' · '}{part}</span>)}</p>
}

function Finding ({ finding: { status, aspect, check, code, zh, en, mend, detail, needs, signature }, more, open }: { finding: FindingView, more: number, open: boolean }) {
  return (
    <li class='result'>
      <div class='result-head'>
        <span class='result-state'><Mark tone={status === 'failed' ? 'bad' : 'pending'} /> <T k={`status.${status}`} /></span>
        <strong class='result-aspect'><Aspect name={aspect} /></strong>
        <span class='result-text'><Both zh={zh} en={en} />{more > 0 && <>（<T k='verdict.more' count={more} />）</>}</span>
      </div>
      <details open={open}>
        <summary><T k='app.details' /></summary>
        <dl class='facts'>
          <div><dt><T k='verdict.do' /></dt><dd><Both zh={mend.zh} en={mend.en} /></dd></div>
          <div><dt><T k='verdict.code' /></dt><dd><a href={href.help(code)}>{code}</a></dd></div>
          <div><dt><T k='verdict.check' /></dt><dd class='id'>{signature === undefined ? check : `${check} · ${signature}`}</dd></div>
          {detail !== undefined && <div><dt><T k='help.detail' /></dt><dd class='id'>{detail}</dd></div>}
          {needs !== undefined && <div><dt><T k='quarantine.where' /></dt><dd class='id'>{needs}</dd></div>}
        </dl>
      </details>
    </li>
  )
}

function Seals ({ seals }: { seals: VerdictView['seals'] }) {
  return (
    <section aria-labelledby='seals'>
      <h2 id='seals'>{seals.length > 1 ? <T k='verdict.seals' count={seals.length} /> : <T k='verdict.seal' />}</h2>
      <ul class='plain-list'>
        {seals.slice(0, SHOWN_OF_A_KIND).map(({ verdict, id, name, signer, signedAt }) => (
          <li key={id}>
            <Mark tone={VERDICT_LOOK[verdict].tone} /> <T k={VERDICT_LOOK[verdict].k} /> · {name ?? <Id>{id}</Id>}
            {signer !== undefined && signer !== name && !/^\d+$/.test(signer) && <span class='muted'> · {signer}</span>}
            {signedAt !== undefined && <span class='muted'> · <T k='verdict.signedAt' /> {chinaTime(signedAt)}</span>}
          </li>
        ))}
        {seals.length > SHOWN_OF_A_KIND && <li><T k='verdict.more' count={seals.length - SHOWN_OF_A_KIND} /></li>}
      </ul>
    </section>
  )
}

function Covered ({ view: { files, kind } }: { view: VerdictView }) {
  if (kind === 'licence') return <T k='verdict.coveredNamed' />
  if (files === undefined) return <T k='verdict.coveredNone' />
  return files.uncovered === 0 ? <T k='verdict.coveredAll' count={files.shown} /> : <T k='verdict.coveredNot' count={files.shown} uncovered={files.uncovered} />
}

export function Aspect ({ name }: { name: string }) { return <T k={`aspect.${name}` as WordKey} /> }

/** More than 20 of one kind are counted. */
function grouped (findings: FindingView[]): Array<{ finding: FindingView, more: number }> {
  const seen = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1)
  return findings.flatMap(finding => {
    const number = (seen.get(finding.code) ?? 0) + 1
    seen.set(finding.code, number)
    if (number > SHOWN_OF_A_KIND) return []
    return [{ finding, more: number === SHOWN_OF_A_KIND ? (counts.get(finding.code) as number) - SHOWN_OF_A_KIND : 0 }]
  })
}
