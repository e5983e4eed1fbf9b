import type { ComponentChildren } from 'preact'
import type { Correction } from '../../schemas/http/correction.v1.js'
import { href } from '../hrefs.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { articleOf, CLOCK_TONE, type Named } from './duties.js'
import { FormToken, Page, type Frame } from './layout.js'
import { Both, Facts, Id, Label, Mark, Problems, T, type FormProblem, type Tone } from './text.js'

/** Lists of corrections, and what stands above each. */
export const SHOWN = { waiting: 'corrections.waiting', all: 'corrections.all', answered: 'corrections.answered', asked: 'corrections.asked' } as const satisfies Record<string, WordKey>
export type Shown = keyof typeof SHOWN
const NONE: Record<Shown, WordKey> = { waiting: 'corrections.noneWaiting', all: 'corrections.noneWaiting', answered: 'corrections.noneAnswered', asked: 'corrections.noneAsked' }

export type CorrectionNames = Pick<Named, 'organisation' | 'resource' | 'ruleSet'>

/** One list at a time; of those that wait what has waited longest comes first. */
export function CorrectionsPage ({ shown, among, corrections, next, named, ...frame }: Frame & { shown: Shown, among: readonly Shown[], corrections: Correction[], next?: string, named: CorrectionNames }) {
  return (
    <Page {...frame} title={say('corrections.title', 'zh')}>
      <h1><T k='corrections.title' /></h1>
      <p class='row no-print'>{among.filter(other => other !== shown).map(other => <a key={other} href={href.correctionsShown(other)}><T k={SHOWN[other]} /></a>)}</p>
      <h2><T k={SHOWN[shown]} /></h2>
      {corrections.length === 0
        ? <p><T k={NONE[shown]} /></p>
        : <ul class='tasks'>{corrections.map(correction => <CorrectionLine key={correction.correctionId} correction={correction} shown={shown} named={named} />)}</ul>}
      {corrections.length > 0 && <p class='muted'>{next === undefined ? <T k='app.all' count={corrections.length} /> : <T k='app.some' count={corrections.length} />}</p>}
      {next !== undefined && <p class='no-print'><a class='button quiet' href={href.correctionsShown(shown, next)}><T k='app.next' /></a></p>}
    </Page>
  )
}

const RUNNING = '!'
function look ({ clock: { state } }: Correction): { tone: Tone, sign?: string } { return { tone: CLOCK_TONE[state], ...(state === 'running' ? { sign: RUNNING } : {}) } }

function CorrectionLine ({ correction, shown, named }: { correction: Correction, shown: Shown, named: CorrectionNames }) {
  const { correctionId, kind, asker, provider, asked, answered, withdrawn, clock } = correction
  return (
    <li class='task'>
      <Mark {...look(correction)} />
      <div>
        <a href={href.correction(correctionId)}><About correction={correction} named={named} />：<T k={`flag.${kind}`} /></a>
        <p>{shown === 'asked' ? <T k='corrections.to' who={named.organisation(provider)} /> : <T k='corrections.by' who={named.organisation(asker)} />} · <span class='whole'>{chinaTime(asked.at)}</span></p>
        <p>{answered !== undefined && <><strong><T k={`correction.outcome.${answered.outcome}`} /></strong> · </>}{withdrawn !== undefined && <><strong><T k='request.withdrawn' /></strong> · </>}<Both {...clock.words} /></p>
      </div>
    </li>
  )
}

/** What is said to be wrong: names before identifiers. */
function About ({ correction: { resourceId, licenceId, item }, named }: { correction: Correction, named: CorrectionNames }) {
  return <>{resourceId === undefined ? <><T k='correction.licence' /> <Id>{licenceId}</Id></> : named.resource(resourceId)}{item !== undefined && ` · ${item}`}</>
}

export const OUTCOMES = ['corrected', 'confirmed', 'not-ours'] as const
/** An answer as it was typed, shown again where it could not be taken. */
export interface TypedAnswer { outcome: string, why: string }

/** A correction as both sides see it: what, since when, until when, who answered and why; and the form of whoever may act. */
export function CorrectionPage ({ correction, named, mayAnswer, mayWithdraw, problems, typed = { outcome: '', why: '' }, ...frame }: Frame & {
  correction: Correction, named: CorrectionNames, mayAnswer: 'as-provider' | 'as-authority' | 'no', mayWithdraw: boolean, problems: FormProblem[], typed?: TypedAnswer
}) {
  const { clock, answered, withdrawn, asked, resourceId, licenceId, item, caseNumber, note } = correction
  const title = `${say('correction.title', 'zh')} · ${item ?? (resourceId === undefined ? say('correction.licence', 'zh') : named.resource(resourceId))}`
  return (
    <Page {...frame} title={problems.length === 0 ? title : `${say('error.title', 'zh')}：${title}`}>
      <p class='no-print'><a href={href.corrections}><T k='corrections.title' /></a></p>
      <h1><T k='correction.title' /></h1>
      <Problems items={problems} />
      <div class={`verdict verdict-${CLOCK_TONE[clock.state]}`}>
        <p class='lead'><Mark {...look(correction)} /> <Both {...clock.words} /></p>
        {clock.article !== undefined && <p class='muted'><T k='duty.rule' />：{articleOf(clock.ruleSet, clock.article, named)}</p>}
        {answered !== undefined && <p><strong><T k={`correction.outcome.${answered.outcome}`} /></strong> {chinaTime(answered.at)} · {named.organisation(answered.by.organisation)} · {answered.why}</p>}
        {withdrawn !== undefined && <p><strong><T k='request.withdrawn' /></strong> {chinaTime(withdrawn.at)} · {named.organisation(withdrawn.by.organisation)} · {withdrawn.why}</p>}
      </div>
      <Facts rows={[
        resourceId === undefined
          ? ['correction.licence', <Id key='l'>{licenceId}</Id>]
          : ['duty.resource', <a key='r' href={href.resource(resourceId)}>{named.resource(resourceId)}</a>],
        ['correction.item', item ?? <T key='i' k='correction.whole' />],
        ['flag.kind', <T key='k' k={`flag.${correction.kind}`} />],
        ...(note === undefined ? [] : [['flag.note', note] as [WordKey, ComponentChildren]]),
        ['correction.subject', <Id key='s'>{correction.subjectMasked}</Id>],
        ['correction.asker', named.organisation(correction.asker)],
        ['correction.provider', named.organisation(correction.provider)],
        ...(caseNumber === undefined ? [] : [['case.number', <Id key='c'>{caseNumber}</Id>] as [WordKey, ComponentChildren]]),
        ['correction.since', <T key='t' k='app.time' at={chinaTime(asked.at)} />],
        ...(clock.dueOn === undefined ? [] : [['correction.due', clock.dueOn] as [WordKey, ComponentChildren]])
      ]}
      />
      {mayAnswer !== 'no' && <AnswerForm correction={correction} frame={frame} problems={problems} typed={typed} standsIn={mayAnswer === 'as-authority'} />}
      {mayWithdraw && <WithdrawalForm correction={correction} frame={frame} problems={problems} typed={typed} />}
      <details class='no-print'>
        <summary><T k='app.details' /></summary>
        <Facts rows={[
          ['correction.number', <Id key='n'>{correction.correctionId}</Id>],
          ...(resourceId === undefined ? [] : [['resource.id', <Id key='i'>{resourceId}</Id>] as [WordKey, ComponentChildren]]),
          ...(correction.rowDigest === undefined ? [] : [['correction.row', <Id key='d'>{correction.rowDigest}</Id>] as [WordKey, ComponentChildren]]),
          ['correction.askerCode', <Id key='a'>{correction.asker}</Id>]
        ]}
        />
      </details>
    </Page>
  )
}

interface FormProps { correction: Correction, frame: Frame, problems: FormProblem[], typed: TypedAnswer }

function wrongIn (problems: FormProblem[], name: string): 'true' | undefined { return problems.some(({ field }) => field === name) ? 'true' : undefined }

function AnswerForm ({ correction: { correctionId }, frame, problems, typed, standsIn }: FormProps & { standsIn: boolean }) {
  return (
    <form class='card no-print' method='post' action={href.correction(correctionId)}>
      <FormToken viewer={frame.viewer} />
      <h2><T k='request.answer' /></h2>
      {standsIn && <p><T k='correction.standsIn' /></p>}
      <fieldset>
        <legend><T k='request.outcome' /></legend>
        {OUTCOMES.map((outcome, index) => <label key={outcome} class='choice'><input id={index === 0 ? 'outcome' : undefined} type='radio' name='outcome' value={outcome} checked={typed.outcome === outcome} /><T k={`correction.outcome.${outcome}`} /></label>)}
      </fieldset>
      <div class='field'><Label of='why' k='correction.why' /><p class='muted' id='why-hint'><T k='correction.whyHint' /></p><input id='why' name='why' value={typed.why} maxLength={500} autocomplete='off' aria-describedby='why-hint' aria-invalid={wrongIn(problems, 'why')} /></div>
      <p class='muted'><T k='correction.binding' /></p>
      <button type='submit' name='act' value='answer'><T k='request.send' /></button>
    </form>
  )
}

function WithdrawalForm ({ correction: { correctionId }, frame, problems, typed }: FormProps) {
  return (
    <form class='card no-print' method='post' action={href.correction(correctionId)}>
      <FormToken viewer={frame.viewer} />
      <h2><T k='correction.withdraw' /></h2>
      <p><T k='correction.withdrawWhat' /></p>
      <div class='field'><Label of='withdrawal' k='correction.withdrawWhy' /><input id='withdrawal' name='withdrawal' value={typed.why} maxLength={500} autocomplete='off' aria-invalid={wrongIn(problems, 'withdrawal')} /></div>
      <button type='submit' class='quiet' name='act' value='withdraw'><T k='correction.withdraw' /></button>
    </form>
  )
}
