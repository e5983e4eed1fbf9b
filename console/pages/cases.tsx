import { Fragment, type ComponentChildren } from 'preact'
import type { Correction } from '../../schemas/http/correction.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import type { ExemptionList } from '../../schemas/http/exemption-list.v1.js'
import type { FlaggableList } from '../../schemas/http/flaggable-list.v1.js'
import type { MatterList } from '../../schemas/http/matter-list.v1.js'
import type { MatterWithForm } from '../../schemas/http/matter-with-form.v1.js'
import { href } from '../hrefs.js'
import type { NameOf } from '../names.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { FormToken, Page, PrintHere, type Frame } from './layout.js'
import { Both, Do, Facts, Id, Label, Mark, Problems, T, type FormProblem, type Tone } from './text.js'

export type Case = ExemptionCase
export type Material = Case['materials'][number]
export type Matter = MatterWithForm['matter']
/** What became of each correction that was asked for in a case, by its number. */
export type Corrections = ReadonlyMap<string, Correction>
type Outcome = Material['outcome']
type Question = Pick<Case['questions'][number], 'id' | 'ask' | 'type' | 'unit' | 'options'>

const LOOK: Record<Outcome, { k: WordKey, tone: Tone, sign: string }> = {
  submit: { k: 'case.submit', tone: 'quiet', sign: '□' },
  undecided: { k: 'case.undecided', tone: 'pending', sign: '?' },
  commit: { k: 'case.commit', tone: 'quiet', sign: '✎' },
  skip: { k: 'case.skip', tone: 'ok', sign: '✓' }
}

const COUNTED: Record<Outcome, WordKey> = { submit: 'case.count.submit', skip: 'case.count.skip', commit: 'case.count.commit', undecided: 'case.count.undecided' }

/** What to hand in first; of what may be promised or is not known only where there is some. */
function Counts ({ counts }: { counts: Case['counts'] }) {
  const rest = (['skip', 'commit', 'undecided'] as const).filter(outcome => outcome === 'skip' || counts[outcome] > 0)
  const one = (outcome: Outcome, language: 'zh' | 'en'): string => say(COUNTED[outcome], language, { count: counts[outcome] })
  return <Both zh={`${one('submit', 'zh')}。${rest.map(outcome => one(outcome, 'zh')).join('，')}。`} en={`${one('submit', 'en')}. ${rest.map(outcome => one(outcome, 'en')).join(', ')}.`} />
}

type Line = ExemptionList['items'][number]

/** Cases in few words, each with a way into it; of those that wait for something what to do next. */
export function CaseLines ({ cases, matterName }: { cases: readonly Line[], matterName: NameOf }) {
  return (
    <ul class='tasks'>
      {cases.map(({ caseId, caseNumber, matterId, applicant, state, openedAt, counts, step }) => (
        <li key={caseId} class='task'>
          <Mark {...(state === 'ended' ? { tone: 'quiet' } : state === 'open' || counts.undecided > 0 ? { tone: 'pending' } : counts.submit > 0 ? LOOK.submit : { tone: 'ok' })} />
          <div>
            <a href={step === 'begin-again' ? href.caseNewOf(matterId) : href.case(caseId)}>{matterName(matterId)} · <Id>{caseNumber}</Id></a> <span>{applicant}</span>
            <p class='muted'>{chinaTime(openedAt)} · {state === 'ended' ? <T k='case.ended' /> : state === 'open' ? <T k='case.open' /> : <Counts counts={counts} />}</p>
            {step !== undefined && <Do zh={say(`case.step.${step}`, 'zh')} en={say(`case.step.${step}`, 'en')} />}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Where a case begins, and those of one's own organisation: all, or those that wait for something. */
export function CasesPage ({ matters, cases, next, unfinished, ...frame }: Frame & { matters: MatterList['items'], cases: readonly Line[], next?: string, unfinished: boolean }) {
  const names = new Map(matters.map(({ id, name }) => [id, name.zh]))
  return (
    <Page {...frame} title={say(unfinished ? 'cases.unfinished' : 'cases.title', 'zh')}>
      <h1><T k='cases.title' /></h1>
      <form class='card no-print' method='get' action={href.caseNew}>
        <Label of='matter' k='cases.matter' />
        <div class='row'>
          <select id='matter' name='matter'>{matters.map(({ id, name }) => <option key={id} value={id}>{`${name.zh} ${name.en}`}</option>)}</select>
          <button type='submit'><T k='cases.begin' /></button>
        </div>
      </form>
      <h2><T k={unfinished ? 'cases.unfinished' : 'cases.own'} /></h2>
      <p class='row no-print'>
        {unfinished ? <a href={href.cases}><T k='cases.own' /></a> : <a href={href.casesUnfinished}><T k='cases.unfinished' /></a>}
        <a href={href.corrections}><T k='cases.corrections' /></a>
      </p>
      {cases.length === 0
        ? <p><T k={next !== undefined ? 'cases.noneHere' : unfinished ? 'cases.noneUnfinished' : 'cases.none'} /></p>
        : <CaseLines cases={cases} matterName={id => names.get(id) ?? id} />}
      {cases.length > 0 && <p class='muted'>{next === undefined ? <T k='app.all' count={cases.length} /> : <T k='app.some' count={cases.length} />}</p>}
      {next !== undefined && <p class='no-print'><a class='button quiet' href={href.casesAfter(next, unfinished)}><T k='app.next' /></a></p>}
    </Page>
  )
}

export type Typed = Record<string, string | string[] | undefined>

const KINDS = ['natural', 'legal', 'individual-business'] as const

/** For whom, and what only the applicant can say. What a register can answer is not asked. */
export function CaseNewPage ({ matter, typed, problems, ...frame }: Frame & { matter: Matter, typed: Typed, problems: FormProblem[] }) {
  const title = say('case.new', 'zh', { matter: matter.name.zh })
  const value = (name: string): string => String([typed[name]].flat()[0] ?? '')
  const field = (name: string, k: WordKey, hint?: WordKey, optional = false): ComponentChildren => (
    <div class='field'>
      <Label of={name} k={k} optional={optional} />
      {hint !== undefined && <p class='muted' id={`${name}-hint`}><T k={hint} /></p>}
      <input
        id={name} name={name} value={value(name)} maxLength={200} autocomplete='off' spellcheck={false} aria-describedby={hint === undefined ? undefined : `${name}-hint`}
        aria-invalid={problems.some(({ field }) => field === name) ? 'true' : undefined}
      />
    </div>
  )
  const kinds = KINDS.filter(kind => matter.applicants.includes(kind))
  const asked = matter.parties.filter(({ from }) => from === undefined)
  const people = matter.parties.filter(({ kind }) => kind === 'natural')
  const optional = matter.subMatters.filter(({ optional }) => optional === true)
  const questions = matter.questions.filter(({ answeredBy }) => answeredBy === undefined || answeredBy.length === 0)
  return (
    <Page {...frame} title={problems.length === 0 ? title : `${say('error.title', 'zh')}：${title}`}>
      <p class='no-print'><a href={href.cases}><T k='cases.title' /></a></p>
      <h1><Both zh={title} en={say('case.new', 'en', { matter: matter.name.en })} /></h1>
      <Problems items={problems} />
      <form method='post' action={href.caseNewOf(matter.id)}>
        <FormToken viewer={frame.viewer} />
        <section class='card'>
          <h2><T k='case.applicant' /></h2>
          <fieldset>
            <legend><T k='case.kind' /></legend>
            {kinds.map((kind, index) => (
              <label key={kind} class='choice'><input type='radio' name='kind' value={kind} checked={value('kind') === kind || (value('kind') === '' && index === 0)} /><T k={`kind.${kind}` as WordKey} /></label>
            ))}
          </fieldset>
          {field('name', 'case.name')}
          {field('code', 'case.code', 'case.codeHint')}
          {field('caseNumber', 'case.number')}
        </section>
        {(asked.length > 0 || people.length > 0) && (
          <section class='card'>
            <h2><T k='case.parties' /></h2>
            {asked.map(({ id, name }) => (
              <fieldset key={id}>
                <legend><Both {...name} /></legend>
                {field(`party.${id}.name`, 'case.name')}
                {field(`party.${id}.code`, 'case.code')}
              </fieldset>
            ))}
            {people.length > 0 && (
              <fieldset>
                <legend><T k='case.consent' /></legend>
                {people.map(({ id, name }) => <label key={id} class='choice'><input type='checkbox' name='consent' value={id} checked={[typed['consent']].flat().includes(id)} /><Both {...name} /></label>)}
              </fieldset>
            )}
          </section>
        )}
        <details class='card' open={value('agentName') !== '' || value('agentCode') !== ''}>
          <summary><T k='case.agent' /></summary>
          {field('agentName', 'case.agentName')}
          {field('agentCode', 'case.agentCode')}
          {field('agentReference', 'case.authorisation', 'case.authorisationHint', true)}
        </details>
        {optional.length > 0 && (
          <section class='card'>
            <fieldset>
              <legend><T k='case.optional' /></legend>
              {optional.map(({ id, name }) => <label key={id} class='choice'><input type='checkbox' name='subMatter' value={id} checked={[typed['subMatter']].flat().includes(id)} /><Both {...name} /></label>)}
            </fieldset>
          </section>
        )}
        <section class='card'>
          <h2><T k='case.questions' /></h2>
          <p class='muted'><T k='case.questionsHint' /></p>
          {questions.map(question => <QuestionField key={question.id} question={question} typed={typed} />)}
        </section>
        <button type='submit'><T k='case.decide' /></button>
      </form>
    </Page>
  )
}

function QuestionField ({ question: { id, ask, type, unit, options = [] }, typed }: { question: Question, typed: Typed }) {
  const name = `q.${id}`
  const chosen = [typed[name]].flat()
  if (type === 'number') {
    return <div class='field'><label for={name}><Both {...ask} />{unit !== undefined && `（${unit}）`}</label><input id={name} name={name} inputMode='decimal' value={String(chosen[0] ?? '')} /></div>
  }
  const choices = type === 'yes-no' ? [{ id: 'true', name: YES }, { id: 'false', name: NO }] : type === 'some-of' ? [...options, { id: NONE, name: NONE_OF }] : options
  return (
    <fieldset>
      <legend><Both {...ask} /></legend>
      <div class={type === 'yes-no' ? 'row' : undefined}>
        {choices.map(option => (
          <label key={option.id} class='choice'><input type={type === 'some-of' ? 'checkbox' : 'radio'} name={name} value={option.id} checked={chosen.includes(option.id)} /><Both {...option.name} /></label>
        ))}
      </div>
    </fieldset>
  )
}
/** Tells "none of these" from "not answered". */
export const NONE = '-none-'
const words = (k: WordKey) => ({ zh: say(k, 'zh'), en: say(k, 'en') })
const YES = words('answer.yes')
const NO = words('answer.no')
const NONE_OF = words('answer.none')

/** What to hand in comes first: it is what the applicant must hear. */
export function CasePage ({ view, asked, continues, corrections, ...frame }: Frame & { view: Case, asked: Matter['questions'], continues: boolean, corrections: Corrections }) {
  const { counts, materials } = view
  const of = (outcome: Outcome): Material[] => materials.filter(material => material.need !== 'unfit' && material.outcome === outcome)
  return (
    <Page {...frame} title={`${view.matter.name.zh} · ${view.caseNumber}`}>
      <p class='no-print'><a href={href.cases}><T k='cases.title' /></a></p>
      <div class='verdict-head'>
        <h1><Both {...view.matter.name} /></h1>
        {view.state === 'decided' && <a class='no-print button quiet' href={href.notice(view.caseId)}><T k='case.notice' /></a>}
      </div>
      <p class='subject'><T k='case.number' /> <Id>{view.caseNumber}</Id> · <T k='case.applicant' /> {view.applicant.name} <Id>{view.applicant.code}</Id>{view.agent !== undefined && <> · <T k='case.agentShort' /> {view.agent.name}{!view.agent.authorised && <strong>（<T k='case.notAuthorised' />）</strong>}</>} · <span class='whole'>{chinaTime(view.decidedAt)}</span></p>
      {view.ends.length > 0 && <div class='verdict verdict-pending' role='status'>{view.ends.map((ends, index) => <p key={index} class='lead'><Mark tone='pending' sign='!' /> <Both {...ends} /></p>)}</div>}
      {view.state === 'open' && <Open view={view} continues={continues} frame={frame} />}
      {view.state !== 'ended' && (
        <>
          <p class='lead' role='status'><strong><Counts counts={counts} /></strong></p>
          {(['submit', 'undecided', 'commit'] as const).map(outcome => <Group key={outcome} outcome={outcome} materials={of(outcome)} view={view} corrections={corrections} />)}
          {of('skip').length > 0 && (
            <details class='group'>
              <summary><h2 class='inline'><Mark {...LOOK.skip} /> <T k='case.skip' />（{of('skip').length}）</h2></summary>
              <ul class='results'>{of('skip').map(material => <MaterialLine key={material.id} material={material} view={view} corrections={corrections} />)}</ul>
            </details>
          )}
        </>
      )}
      {view.answers.length > 0 && (
        <details>
          <summary><T k='case.answers' /></summary>
          <ul class='plain-list'>{view.answers.map(({ question, from, value, source, asOf }) => <li key={question}>{asked.find(({ id }) => id === question)?.ask.zh ?? question} <strong>{answerText(asked.find(({ id }) => id === question), value)}</strong> <span class='muted'><T k={from === 'register' ? 'case.fromRegister' : 'case.fromApplicant'} />{source !== undefined && ` ${source.name}`}{asOf !== undefined && ` ${chinaTime(asOf)}`}</span></li>)}</ul>
        </details>
      )}
    </Page>
  )
}

function answerText (question: Question | undefined, value: Case['answers'][number]['value']): string {
  const one = (value: string | number | boolean): string => typeof value === 'boolean' ? (value ? YES.zh : NO.zh) : question?.options?.find(({ id }) => id === value)?.name.zh ?? `${value}${typeof value === 'number' ? question?.unit ?? '' : ''}`
  const all = [value].flat().map(one)
  return all.length === 0 ? NONE_OF.zh : all.join('、')
}

function Open ({ view: { questions, caseId }, continues, frame }: { view: Case, continues: boolean, frame: Frame }) {
  return (
    <section class='card'>
      <h2><Mark tone='pending' /> <T k='case.open' /></h2>
      {!continues && <p><T k='case.openGone' /></p>}
      <form method='post' action={href.case(caseId)}>
        <FormToken viewer={frame.viewer} />
        {questions.map(question => (
          <div key={question.id}>
            <QuestionField question={question} typed={{}} />
            {question.reason !== undefined && <p class='muted'><Both {...question.reason} /></p>}
            {question.needs !== undefined && <Do {...question.needs} />}
          </div>
        ))}
        {continues && <button type='submit'><T k='case.decide' /></button>}
      </form>
    </section>
  )
}

function Group ({ outcome, materials, view, corrections }: { outcome: Exclude<Outcome, 'skip'>, materials: Material[], view: Case, corrections: Corrections }) {
  if (materials.length === 0) return null
  return (
    <section class='group' aria-labelledby={outcome}>
      <h2 id={outcome}><Mark {...LOOK[outcome]} /> <T k={LOOK[outcome].k} />（{materials.length}）</h2>
      <ul class='results'>
        {alike(materials).map(some => some.length === 1
          ? <MaterialLine key={some[0].id} material={some[0]} view={view} corrections={corrections} />
          : <MaterialsAlike key={some[0].id} materials={some} view={view} />)}
      </ul>
    </section>
  )
}

/** Materials of which the same is to be said, together: a clerk reads it out once. What has a story of its own stands alone. */
function alike (materials: Material[]): Array<[Material, ...Material[]]> {
  const groups = new Map<string, [Material, ...Material[]]>()
  for (const material of materials) {
    const { id, outcome, code, reason, needs, refused, flags = [], source } = material
    const own = outcome === 'commit' || (outcome === 'undecided' && code !== ANSWERS_DECIDE) || refused !== undefined || flags.length > 0 || source !== undefined
    const key = own ? id : [code, reason.zh, needs.zh].join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [material])
    else group.push(material)
  }
  return [...groups.values()]
}
/** Undecided until a question is answered: no department can tell. */
const ANSWERS_DECIDE = 'QUESTION_OPEN'

function MaterialsAlike ({ materials, view: { subMatters } }: { materials: [Material, ...Material[]], view: Case }) {
  const [{ code, reason, needs }] = materials
  return (
    <li class='result'>
      <ul class='plain-list'>{materials.map(material => <li key={material.id} id={`m-${material.id}`} data-outcome={material.outcome}><MaterialName material={material} /></li>)}</ul>
      <p><Both {...reason} /></p>
      <Do {...needs} />
      <details>
        <summary><T k='app.details' /></summary>
        <dl class='facts'>
          <div><dt><T k='verdict.code' /></dt><dd><a href={href.help(code)}>{code}</a></dd></div>
          {materials.map(({ id, name, forSubMatters }) => <div key={id}><dt>{name.zh}</dt><dd><T k='case.for' />：{namesOf(forSubMatters, subMatters)}</dd></div>)}
        </dl>
      </details>
    </li>
  )
}

function MaterialName ({ material: { name, outcome, copies, original, need } }: { material: Material }) {
  return <><Mark {...LOOK[outcome]} /> <strong><Both {...name} /></strong>{copies !== undefined && outcome === 'submit' && <> × {copies}</>}{original !== undefined && outcome === 'submit' && <> · <T k={`original.${original}` as WordKey} /></>}{need === 'open' && <span class='muted'> <T k='case.maybe' /></span>}</>
}

function namesOf (ids: readonly string[], subMatters: Case['subMatters']): string {
  return ids.map(id => subMatters.find(sub => sub.id === id)?.name.zh ?? id).join('、')
}

function MaterialLine ({ material, view: { caseId, subMatters }, corrections }: { material: Material, view: Case, corrections: Corrections }) {
  const { id, outcome, code, reason, needs, source, asOf, receiptId, commitment, refused, flags = [], forSubMatters } = material
  const to = (act: Act): string => href.caseMaterial(caseId, id, act)
  return (
    <li class='result' id={`m-${id}`} data-outcome={outcome}>
      <p><MaterialName material={material} /></p>
      <p><Both {...reason} /></p>
      {outcome !== 'skip' && <Do {...needs} />}
      {outcome === 'skip' && <p class='muted'><Origin material={material} /></p>}
      {refused !== undefined && <p class='muted'><T k='case.refused' /> {chinaTime(refused.at)}：{refused.why}</p>}
      {flags.map((flag, index) => <FlagLine key={index} flag={flag} correction={corrections.get(flag.correctionId ?? '')} />)}
      {commitment?.made !== undefined && <p class='muted'><Mark tone='ok' /> <T k='case.committed' day={commitment.made.followUpOn} by={commitment.made.followUpBy} /></p>}
      <p class='row no-print'>
        {outcome === 'commit' && commitment !== undefined && commitment.made === undefined && <a href={to('commit')}><T k='act.commit' /></a>}
        {outcome === 'undecided' && code !== ANSWERS_DECIDE && <a href={to('recheck')}><T k='act.recheck' /></a>}
        {outcome === 'skip' && <a href={to('refuse')}><T k='act.refuse' /></a>}
        {(source?.kind === 'data' || source?.kind === 'licence') && <a href={to('flag')}><T k='act.flag' /></a>}
        {openFlags(material, corrections).length > 0 && <a href={to('withdraw')}><T k='act.withdraw' /></a>}
        {receiptId !== undefined && <a href={href.verdict(receiptId)}><T k='verdict.receipt' /></a>}
      </p>
      <details>
        <summary><T k='app.details' /></summary>
        <dl class='facts'>
          <div><dt><T k='verdict.code' /></dt><dd><a href={href.help(code)}>{code}</a></dd></div>
          {source !== undefined && outcome !== 'skip' && <div><dt><T k='quarantine.source' /></dt><dd><Origin material={material} /></dd></div>}
          {source?.resourceId !== undefined && <div><dt><T k='resource.id' /></dt><dd class='id'>{source.resourceId}</dd></div>}
          {source?.grantId !== undefined && <div><dt><T k='case.grant' /></dt><dd class='id'>{source.grantId}</dd></div>}
          {asOf !== undefined && <div><dt><T k='verdict.at' /></dt><dd>{chinaTime(asOf)}</dd></div>}
          {forSubMatters.length > 0 && <div><dt><T k='case.for' /></dt><dd>{namesOf(forSubMatters, subMatters)}</dd></div>}
        </dl>
      </details>
    </li>
  )
}

type Flag = NonNullable<Material['flags']>[number]

/** What was said to be wrong, and what its source says to that by now. */
function FlagLine ({ flag: { at, why, item, correctionId, answeredBefore }, correction }: { flag: Flag, correction: Correction | undefined }) {
  return (
    <div class='flag'>
      <p><T k='case.flagged' /> {chinaTime(at)}：{item !== undefined && `${item} · `}{why}{correctionId !== undefined && <> · <a href={href.correction(correctionId)}><T k='case.correction' /></a></>}</p>
      {answeredBefore === true && <p><Mark tone='pending' sign='!' /> <T k='flag.answeredBefore' /></p>}
      {correction?.state === 'open' && <p><Mark tone='pending' /> <Both {...correction.clock.words} /></p>}
      {correction?.answered !== undefined && <p><Mark tone='ok' /> <strong><T k={`correction.outcome.${correction.answered.outcome}`} /></strong> · {correction.answered.why}</p>}
      {correction?.withdrawn !== undefined && <p><Mark tone='ok' /> <strong><T k='request.withdrawn' /></strong> · {correction.withdrawn.why}</p>}
      {correction !== undefined && correction.state !== 'open' && <p><T k='flag.settled' /></p>}
    </div>
  )
}

/** From whom, how fresh, proved by what: names before identifiers. */
function Origin ({ material: { way, source, asOf, receiptId } }: { material: Material }) {
  return <>{way !== undefined && <T k={`way.${way}` as WordKey} />} {source?.name}{source?.organisation !== undefined && ` · ${source.organisationName ?? source.organisation}`}{asOf !== undefined && ` · ${chinaTime(asOf)}`}{receiptId !== undefined && <> · <T k='verdict.receipt' /> <Id>{receiptId}</Id></>}</>
}

export const ACTS = ['refuse', 'flag', 'withdraw', 'commit', 'recheck'] as const
const WHY = { refuse: { k: 'quarantine.reason' }, withdraw: { k: 'correction.withdrawWhy' }, recheck: { k: 'act.recheck.why', optional: true } } as const
export type Act = typeof ACTS[number]
const FLAGS = ['wrong', 'outdated', 'missing', 'not-this-subject'] as const

/** What was told for a material and can be said to be wrong, by name. */
/** `unsaid`: nothing was asked of any one item, so that the item that is wrong has to be named. */
export type Flaggable = Array<FlaggableList['items'][number] & { unsaid?: true }>
/** How the choice of an item is written in a form: of which answer, and which. */
export const choiceOf = (way: string, item: string): string => `${way}:${item}`

export interface MaterialView { view: Case, material: Material, act: Act, flaggable: Flaggable, corrections: Corrections }

/** One decision about one material: what will be done, whom it touches, and the way back. */
export function MaterialPage ({ view, material, act, flaggable, corrections, problems, typed = {}, ...frame }: Frame & MaterialView & { problems: FormProblem[], typed?: Typed }) {
  const { commitment } = material
  const k: WordKey = `act.${act}`
  return (
    <Page {...frame} title={`${problems.length === 0 ? '' : `${say('error.title', 'zh')}：`}${say(k, 'zh')} · ${material.name.zh}`}>
      <p><a href={href.case(view.caseId)}><T k='case.back' /></a></p>
      <h1><T k={k} /></h1>
      <p class='lead'><Both {...material.name} /></p>
      <Problems items={problems} />
      <p><T k={`act.${act}.what`} /></p>
      {act === 'commit' && commitment !== undefined && (
        <section class='card'>
          <h2><Both {...commitment.name} /></h2>
          <blockquote><p>{commitment.text.zh}</p></blockquote>
          <p class='en' lang='en'>{commitment.text.en}</p>
          <p><strong><T k='case.consequences' /></strong> <Both {...commitment.consequences} /></p>
          <p><T k='case.followUp' by={commitment.followUpBy} /></p>
          <PrintHere k='act.commit.print' />
        </section>
      )}
      <form class='card no-print' method='post' action={href.caseMaterial(view.caseId, material.id, act)}>
        <FormToken viewer={frame.viewer} />
        {act === 'commit' && (
          <fieldset>
            <legend><T k='case.signedBy' /></legend>
            <label class='choice'><input type='radio' name='signedBy' value='applicant' checked /><T k='case.applicant' /></label>
            {view.agent !== undefined && <label class='choice'><input type='radio' name='signedBy' value='agent' /><T k='case.agentShort' /></label>}
          </fieldset>
        )}
        {act === 'flag' && (
          <>
            <div class='field'>
              <Label of='item' k='flag.item' optional={!flaggable.some(({ unsaid }) => unsaid)} />
              <select id='item' name='item'>
                <option value=''>{`${say('flag.itemUnsure', 'zh')} ${say('flag.itemUnsure', 'en')}`}</option>
                {flaggable.map(({ way, source, items }) => (
                  <optgroup key={way} label={source}>{items.map(item => <option key={item} value={choiceOf(way, item)} selected={typed['item'] === choiceOf(way, item)}>{item}</option>)}</optgroup>
                ))}
              </select>
            </div>
            <div class='field'><Label of='kind' k='flag.kind' /><select id='kind' name='kind'>{FLAGS.map(kind => <option key={kind} value={kind} selected={typed['kind'] === kind}>{`${say(`flag.${kind}`, 'zh')} ${say(`flag.${kind}`, 'en')}`}</option>)}</select></div>
            <div class='field'><Label of='note' k='flag.note' optional /><p class='muted' id='note-hint'><T k='flag.noteHint' /></p><input id='note' name='note' value={String(typed['note'] ?? '')} maxLength={200} autocomplete='off' aria-describedby='note-hint' aria-invalid={problems.some(({ field }) => field === 'note') ? 'true' : undefined} /></div>
          </>
        )}
        {act === 'withdraw' && (
          <fieldset>
            <legend><T k='withdraw.which' /></legend>
            {openFlags(material, corrections).map(({ correctionId = '', at, item, why }, index) => (
              <label key={correctionId} class='choice'><input type='radio' name='correction' value={correctionId} checked={typed['correction'] === correctionId || (typed['correction'] === undefined && index === 0)} />{item !== undefined && `${item} · `}{why} · <span class='whole'>{chinaTime(at)}</span></label>
            ))}
          </fieldset>
        )}
        {(act === 'refuse' || act === 'recheck' || act === 'withdraw') && <div class='field'><Label of='reason' {...WHY[act]} /><input id='reason' name='reason' maxLength={500} autocomplete='off' aria-invalid={problems.length > 0 ? 'true' : undefined} /></div>}
        <button type='submit'><T k={`act.${act}.do`} /></button>
      </form>
    </Page>
  )
}

/** Flags of a material that wait for an answer, and so can be taken back. */
export function openFlags ({ flags = [] }: Material, corrections: Corrections): Flag[] { return flags.filter(({ correctionId = '' }) => corrections.get(correctionId)?.state === 'open') }

/** What the applicant does about a material, who reads it without a clerk beside; what the clerk does stands on the page of the case. */
function ToApplicant ({ material: { applicantNeeds, commitment, flags = [] }, corrections }: { material: Material, corrections: Corrections }) {
  if (commitment?.made !== undefined) return <p>{say('case.committed', 'zh', { day: commitment.made.followUpOn, by: commitment.made.followUpBy })}</p>
  const asked = flags.flatMap(({ correctionId = '' }) => corrections.get(correctionId) ?? [])
  return (
    <>
      {asked.length > 0 && asked.every(({ state }) => state !== 'open') ? <p>{say('notice.answered', 'zh')}</p> : applicantNeeds !== undefined && <p>{applicantNeeds.zh}</p>}
      {asked.map(({ correctionId, state, clock: { dueOn } }) => state === 'open' && dueOn !== undefined && <p key={correctionId} class='muted'>{say('notice.answerDue', 'zh', { day: dueOn })}</p>)}
    </>
  )
}

/** In which form it is handed in, and how often. */
function Handed ({ material: { copies, original } }: { material: Material }) {
  return <>{copies !== undefined && ` × ${copies}`}{original !== undefined && `（${say(`original.${original}` as WordKey, 'zh')}）`}</>
}

/** Numbered from one to the last, of which the same is to be said together. */
function numbered (materials: Material[]): Array<{ first: number, together: [Material, ...Material[]] }> {
  let first = 1
  return alike(materials).map(together => {
    const group = { first, together }
    first += together.length
    return group
  })
}

/** 一次性告知单: what to hand in and why, what was fetched from whom, what waits, whom to ask. */
export function NoticePage ({ view, corrections, ...frame }: Frame & { view: Case, corrections: Corrections }) {
  const of = (outcome: Outcome): Material[] => view.materials.filter(material => material.need !== 'unfit' && material.outcome === outcome)
  return (
    <Page {...frame} print title={`${say('notice.title', 'zh')} · ${view.caseNumber}`}>
      <p class='no-print'><a href={href.case(view.caseId)}><T k='case.back' /></a></p>
      <PrintHere />
      <article class='sheet'>
        <h1><T k='notice.title' /></h1>
        <Facts rows={[
          ['cases.matter', <Both key='m' {...view.matter.name} />],
          ['case.number', <Id key='n'>{view.caseNumber}</Id>],
          ['case.applicant', <span key='a'>{view.applicant.name} <Id>{view.applicant.code}</Id></span>],
          ['notice.window', frame.viewer?.who.organisationName ?? ''],
          ['notice.at', <T key='t' k='app.time' at={chinaTime(view.decidedAt)} />]
        ]}
        />
        {view.ends.map((ends, index) => <p key={index} class='lead'><strong><Both {...ends} /></strong></p>)}
        {view.state === 'open' && <p class='lead'><strong><T k='case.open' /></strong></p>}
        {view.state !== 'ended' && <p class='lead'><strong><Counts counts={view.counts} /></strong></p>}
        {view.state !== 'ended' && (['submit', 'undecided', 'commit', 'skip'] as const).map(outcome => of(outcome).length > 0 && (
          <section key={outcome}>
            <h2><Mark {...LOOK[outcome]} /> <T k={LOOK[outcome].k} />（{of(outcome).length}）</h2>
            {outcome === 'skip'
              ? <ol class='numbered'>{of(outcome).map(material => <li key={material.id}><strong>{material.name.zh}</strong>：<Origin material={material} /></li>)}</ol>
              : numbered(of(outcome)).map(({ first, together, together: [one] }) => (
                <Fragment key={one.id}>
                  <ol class='numbered' start={first}>
                    {together.map(material => (
                      <li key={material.id}>
                        <strong>{material.name.zh}</strong>{outcome === 'submit' && <Handed material={material} />}
                        {together.length === 1 && <>：{material.reason.zh}<ToApplicant material={material} corrections={corrections} /></>}
                      </li>
                    ))}
                  </ol>
                  {together.length > 1 && <p>{one.reason.zh}。{one.applicantNeeds?.zh}。</p>}
                </Fragment>
              ))}
          </section>
        ))}
        <p><T k='notice.own' /></p>
        <p><T k='notice.complain' /></p>
        <p class='signature'><span><T k='notice.sign' />：＿＿＿＿＿＿＿＿</span> <span><T k='notice.day' />：＿＿＿＿＿＿</span></p>
      </article>
    </Page>
  )
}
