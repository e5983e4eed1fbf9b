import type { ComponentChildren } from 'preact'
import type { Demand } from '../../schemas/http/demand.v1.js'
import type { Duty } from '../../schemas/http/duty.v1.js'
import type { GrantAnswer as Grant } from '../../schemas/http/grant.v1.js'
import { href } from '../hrefs.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { FormToken, Page, type Frame } from './layout.js'
import { Both, EventType, Facts, Id, Label, Mark, Problems, T, type FormProblem, type Tone } from './text.js'

type State = Duty['state']
const LOOK: Record<State, { k: WordKey, tone: Tone, sign: string }> = {
  overdue: { k: 'duty.overdue', tone: 'bad', sign: '✕' },
  late: { k: 'duty.late', tone: 'bad', sign: '✕' },
  indeterminate: { k: 'duty.indeterminate', tone: 'pending', sign: '?' },
  'not-yet-due': { k: 'duty.not-yet-due', tone: 'quiet', sign: '!' },
  met: { k: 'duty.met', tone: 'ok', sign: '✓' },
  ended: { k: 'duty.ended', tone: 'quiet', sign: '–' }
}
const ORDER = Object.keys(LOOK) as State[]
const NEED_WORK: readonly State[] = ['overdue', 'late', 'indeterminate']

/** Names where they are known, the identifier otherwise: names before identifiers. */
export interface Named {
  organisation: (uscc: string) => string
  division: (code: string) => string
  resource: (resourceId: string) => string
  matter: (matterId: string) => string
  ruleSet: (ruleSetId: string) => string
}

/** 政务数据共享条例第 21 条 */
export function articleOf (ruleSet: string, article: string, named: Pick<Named, 'ruleSet'>): string {
  const name = named.ruleSet(ruleSet)
  return `${name === ruleSet ? '' : name}${/^\d+$/.test(article) ? `第 ${article} 条` : article}`
}

/** What is late comes first; the same line for both sides, with its clock in words. */
export function DutiesPage ({ duties, demands, next, workOnly, at, named, ...frame }: Frame & { duties: Duty[], demands: Demand[] | 'unread', next?: string, workOnly: boolean, at: string, named: Named }) {
  const shown = (workOnly ? duties.filter(({ state }) => NEED_WORK.includes(state)) : duties).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
  const count = (...states: State[]): number => duties.filter(({ state }) => states.includes(state)).length
  return (
    <Page {...frame} title={say('duties.title', 'zh')}>
      <h1><T k='duties.title' /></h1>
      <p class='lead'><strong><T k='duties.counts' late={count('late', 'overdue')} unclear={count('indeterminate')} soon={count('not-yet-due')} met={count('met')} /></strong> <span class='muted'>{chinaTime(at)}</span></p>
      <p class='no-print'><a href={workOnly ? href.duties : href.dutiesToDo}><T k={workOnly ? 'duties.all' : 'duties.toDo'} /></a></p>
      {shown.length === 0
        ? <p><T k='duties.none' count={duties.length} /></p>
        : (
          <ul class='tasks'>
            {shown.map(duty => (
              <li key={duty.itemId} class='task'>
                <Mark {...LOOK[duty.state]} />
                <div>
                  <strong><T k={LOOK[duty.state].k} /></strong> <a href={href.duty(duty.itemId)}>{named.resource(duty.resourceId)}</a> → {duty.consumers.slice(0, 3).map(named.organisation).join('、')}{duty.consumers.length > 3 && '…'}
                  <p><Both {...duty.clock} /></p>
                </div>
              </li>
            ))}
          </ul>
          )}
      {next !== undefined && <p class='no-print'><a class='button quiet' href={href.dutiesAfter(next, workOnly)}><T k='app.next' /></a></p>}
      <h2><T k='duties.demands' /></h2>
      {demands === 'unread'
        ? <p><Mark tone='pending' /> <T k='home.part' /></p>
        : demands.length === 0
          ? <p class='muted'><T k='duties.noDemands' /></p>
          : <Demands demands={demands} named={named} />}
    </Page>
  )
}

/** Those that wait stand open; what was answered is folded, since it is the most. */
function Demands ({ demands, named }: { demands: Demand[], named: Named }) {
  const waits = ({ state }: Demand): boolean => state === 'open' || state === 'paused'
  const lines = (some: Demand[]) => <ul class='tasks'>{some.map(demand => <DemandLine key={demand.demandId} demand={demand} named={named} />)}</ul>
  const [waiting, over] = [demands.filter(waits), demands.filter(demand => !waits(demand))]
  return (
    <>
      {waiting.length === 0 ? <p class='muted'><T k='duties.noneWaiting' /></p> : lines(waiting)}
      {over.length > 0 && <details><summary><T k='duties.answered' count={over.length} /></summary>{lines(over)}</details>}
    </>
  )
}

/** How the time for an answer stands, of a demand and of a correction. */
export const CLOCK_TONE: Record<Demand['clock']['state'], Tone> = { overdue: 'bad', running: 'pending', paused: 'quiet', indeterminate: 'pending', answered: 'ok', 'answered-late': 'ok', withdrawn: 'quiet' }

function DemandLine ({ demand, named }: { demand: Demand, named: Named }) {
  return (
    <li class='task'>
      <Mark tone={CLOCK_TONE[demand.clock.state]} {...(demand.clock.state === 'running' ? { sign: '!' } : {})} />
      <div>
        <a href={href.request(demand.demandId)}>{named.resource(demand.resourceId)}</a>：<T k='duties.asks' who={named.organisation(demand.consumer)} fields={demand.fields.length} purpose={demand.purpose} />
        <p><Both {...demand.clock.words} /></p>
      </div>
    </li>
  )
}

export function DutyPage ({ duty, named, ...frame }: Frame & { duty: Duty, named: Named }) {
  const { state, clock, rule, proofs, needs } = duty
  return (
    <Page {...frame} title={`${say(LOOK[state].k, 'zh')} · ${named.resource(duty.resourceId)}`}>
      <p class='no-print'><a href={href.duties}><T k='duties.title' /></a></p>
      <div class={`verdict verdict-${LOOK[state].tone}`}>
        <h1><Mark {...LOOK[state]} /> <T k={LOOK[state].k} /></h1>
        <p class='lead'><Both {...clock} /></p>
        {needs !== undefined && <p><strong>{say('verdict.do', 'zh')}</strong><Both {...needs} /></p>}
      </div>
      <Facts rows={[
        ['duty.resource', <a key='r' href={href.resource(duty.resourceId)}>{named.resource(duty.resourceId)}</a>],
        ['duty.provider', named.organisation(duty.provider)],
        ['duty.consumers', duty.consumers.map(named.organisation).join('、')],
        ['duty.cycle', <T key='c' k={`cycle.${duty.updateCycle}` as WordKey} />],
        ['duty.first', duty.dueOn],
        ...(duty.nextDueOn === undefined ? [] : [['duty.next', duty.nextDueOn] as [WordKey, string]]),
        ['duty.rule', <span key='u'><Both {...rule.words} />{rule.article !== undefined && ` · ${articleOf(rule.ruleSet, rule.article, named)}`}</span>],
        ...(duty.matters.length === 0 ? [] : [['request.matters', duty.matters.map(named.matter).join('、')] as [WordKey, string]]),
        ['duty.office', `${duty.contact.office}${duty.contact.telephone === undefined ? '' : ` ${duty.contact.telephone}`}`],
        ['duty.set', <span key='s'>{chinaTime(duty.set.at)} · {named.organisation(duty.set.by.organisation)} · {duty.set.why}</span>],
        ['duty.item', <Id key='i'>{duty.itemId}</Id>]
      ]}
      />
      <h2><T k='duty.proofs' /></h2>
      {proofs.length === 0
        ? <p><T k='duty.noProofs' /></p>
        : <ul class='plain-list'>{proofs.map(proof => <li key={proof.eventId}><T k='duty.proof' at={chinaTime(proof.recordedAt)} day={proof.asOf} /> · <EventType type={proof.type} /> <span class='muted'><Id>{proof.eventId}</Id></span></li>)}</ul>}
      <p class='muted'><T k='duty.computed' /></p>
    </Page>
  )
}

/** An answer as it was typed: shown again where it could not be taken, so that nothing is granted that was ticked off. */
export interface TypedDecision { outcome: string, fields: readonly string[], until: string, conditions: string, article: string, reviewOn: string, why: string }

/** A demand as both sides see it: what, for what, its clock, who decided and why; and the form of whoever decides. */
export function RequestPage ({ demand, grant, named, mayDecide, problems, typed, ...frame }: Frame & { demand: Demand, grant?: Grant, named: Named, mayDecide: boolean, problems: FormProblem[], typed?: TypedDecision }) {
  const { clock, decided, made, extension, papersAsked, withdrawn } = demand
  const tone = CLOCK_TONE[clock.state]
  return (
    <Page {...frame} title={`${problems.length === 0 ? '' : `${say('error.title', 'zh')}：`}${say('request.title', 'zh')} · ${named.resource(demand.resourceId)}`}>
      <p class='no-print'><a href={href.duties}><T k='duties.title' /></a></p>
      <h1><T k='request.title' /></h1>
      <Problems items={problems} />
      <div class={`verdict verdict-${tone}`}>
        <p class='lead'><Mark tone={tone} {...(clock.state === 'running' ? { sign: '!' } : {})} /> <Both {...clock.words} /></p>
        {clock.article !== undefined && <p class='muted'><T k='duty.rule' />：{articleOf(clock.ruleSet, clock.article, named)}</p>}
        {decided !== undefined && <p><strong><T k={`request.${decided.outcome}`} /></strong> {chinaTime(decided.at)} · {named.organisation(decided.by.organisation)} · {decided.why}{decided.article !== undefined && ` · ${decided.article}`}{decided.reviewOn !== undefined && <> · <T k='request.reviewOn' /> {decided.reviewOn}</>}</p>}
      </div>
      <Facts rows={[
        ...(grant === undefined ? [] : [['request.given', <strong key='g'>{grant.fields.join('、')} · <T k='request.until' /> {grant.until}{grant.conditions !== undefined && ` · ${grant.conditions}`}{grant.state !== 'active' && <> · <T k={`grant.${grant.state}`} /></>}</strong>] as [WordKey, ComponentChildren]]),
        ...(grant === undefined ? [] : [['request.delivery', <span key='s'><Both {...grant.delivery.words} />{grant.delivery.article !== undefined && <span class='muted'> {articleOf(grant.delivery.ruleSet, grant.delivery.article, named)}</span>}{grant.escalated !== undefined && <> · <T k='request.escalated' at={chinaTime(grant.escalated.at)} /></>}</span>] as [WordKey, ComponentChildren]]),
        ['duty.resource', <a key='r' href={href.resource(demand.resourceId)}>{named.resource(demand.resourceId)}</a>],
        ['request.consumer', named.organisation(demand.consumer)],
        ['duty.provider', named.organisation(demand.provider)],
        ['request.fields', demand.fields.join('、')],
        ['request.forms', <span key='f'>{demand.forms.map((form, index) => <span key={form}>{index > 0 && '、'}<T k={`form.${form}` as WordKey} /></span>)}</span>],
        ['request.purpose', demand.purpose],
        ...(demand.matters.length === 0 ? [] : [['request.matters', demand.matters.map(named.matter).join('、')] as [WordKey, string]]),
        ...(demand.regions === undefined ? [] : [['request.regions', demand.regions.map(named.division).join('、')] as [WordKey, string]]),
        ['request.basis', demand.legalBasis],
        ['request.scenario', demand.scenario],
        ['request.scope', demand.scope],
        ['request.until', demand.until],
        ['request.made', <span key='m'>{chinaTime(made.at)} · {made.why}</span>],
        ...(demand.papers === undefined ? [] : [['request.handed', demand.papers.map(({ name }) => name).join('、')] as [WordKey, string]]),
        ...(papersAsked === undefined ? [] : [['request.papers', `${chinaTime(papersAsked.at)} · ${papersAsked.missing.join('、')}`] as [WordKey, string]]),
        ...(extension === undefined ? [] : [['request.extension', `${chinaTime(extension.at)} · ${extension.why}`] as [WordKey, string]]),
        ...(withdrawn === undefined ? [] : [['request.withdrawn', `${chinaTime(withdrawn.at)} · ${withdrawn.why}`] as [WordKey, string]])
      ]}
      />
      {mayDecide && decided === undefined && withdrawn === undefined && <DecisionForm demand={demand} frame={frame} problems={problems} typed={typed ?? { outcome: '', fields: demand.fields, until: demand.until, conditions: '', article: '', reviewOn: '', why: '' }} />}
      <details class='no-print'>
        <summary><T k='app.details' /></summary>
        <Facts rows={[
          ['request.number', <Id key='n'>{demand.demandId}</Id>],
          ...(decided?.grantId === undefined ? [] : [['case.grant', <Id key='g'>{decided.grantId}</Id>] as [WordKey, ComponentChildren]]),
          ['resource.id', <Id key='i'>{demand.resourceId}</Id>],
          ['request.consumerCode', <Id key='c'>{demand.consumer}</Id>]
        ]}
        />
      </details>
    </Page>
  )
}

function DecisionForm ({ demand, frame, typed, problems }: { demand: Demand, frame: Frame, typed: TypedDecision, problems: FormProblem[] }) {
  const wrong = (name: string): 'true' | undefined => problems.some(({ field }) => field === name) ? 'true' : undefined
  return (
    <form class='card no-print' method='post' action={href.request(demand.demandId)}>
      <FormToken viewer={frame.viewer} />
      <h2><T k='request.answer' /></h2>
      <fieldset>
        <legend><T k='request.outcome' /></legend>
        <label class='choice'><input id='outcome' type='radio' name='outcome' value='grant' checked={typed.outcome === 'grant'} /><T k='request.grant' /></label>
        <label class='choice'><input type='radio' name='outcome' value='refuse' checked={typed.outcome === 'refuse'} /><T k='request.refuse' /></label>
      </fieldset>
      <fieldset class='part'>
        <legend><T k='request.ifGranted' /></legend>
        <fieldset>
          <legend><T k='request.fieldsGranted' /></legend>
          {demand.fields.map((name, index) => <label key={name} class='choice'><input id={index === 0 ? 'fields' : undefined} type='checkbox' name='field' value={name} checked={typed.fields.includes(name)} />{name}</label>)}
        </fieldset>
        <div class='field'><Label of='until' k='request.until' /><p class='muted' id='until-hint'><T k='request.dayHint' /></p><input id='until' name='until' value={typed.until} maxLength={10} autocomplete='off' aria-describedby='until-hint' aria-invalid={wrong('until')} /></div>
        <div class='field'><Label of='conditions' k='request.conditions' optional /><input id='conditions' name='conditions' value={typed.conditions} maxLength={500} autocomplete='off' aria-invalid={wrong('conditions')} /></div>
      </fieldset>
      <fieldset class='part'>
        <legend><T k='request.ifRefused' /></legend>
        <div class='field'><Label of='article' k='request.article' /><input id='article' name='article' value={typed.article} maxLength={200} autocomplete='off' aria-invalid={wrong('article')} /></div>
        <div class='field'><Label of='reviewOn' k='request.reviewOn' /><p class='muted' id='reviewOn-hint'><T k='request.dayHint' /></p><input id='reviewOn' name='reviewOn' value={typed.reviewOn} maxLength={10} autocomplete='off' aria-describedby='reviewOn-hint' aria-invalid={wrong('reviewOn')} /></div>
      </fieldset>
      <div class='field'><Label of='why' k='request.why' /><input id='why' name='why' value={typed.why} maxLength={500} autocomplete='off' aria-invalid={wrong('why')} /></div>
      <p class='muted'><T k='request.binding' /></p>
      <button type='submit'><T k='request.send' /></button>
    </form>
  )
}
