import type { ExemptionList } from '../../schemas/http/exemption-list.v1.js'
import type { Words } from '../../services/core/words.js'
import { href } from '../hrefs.js'
import type { NameOf } from '../names.js'
import { chinaTime } from '../times.js'
import { isWord, say, type Values, type WordKey } from '../words/index.js'
import { CaseLines } from './cases.js'
import { FormToken, Page, type Frame } from './layout.js'
import { Both, Do, Facts, Id, Mark, T } from './text.js'
import { maskName } from '../masking.js'

/** How to sign in; offers nothing that a stranger could use. docs/decisions/0160-signing-in-at-the-console.md */
export function SignInPage ({ development, problem, ...frame }: Frame & { development: boolean, problem?: Words & { code: string } }) {
  const title = problem === undefined ? say('signin.title', 'zh') : `${say('error.title', 'zh')}：${problem.zh}`
  return (
    <Page {...frame} title={title}>
      <h1><T k='signin.title' /></h1>
      {problem !== undefined && <Refused words={problem} />}
      <p><T k='signin.how' /></p>
      {development && (
        <section class='card'>
          <p><T k='signin.development' /></p>
          <pre tabIndex={0}><code>npx mianzheng signin approval-window</code></pre>
          <p><T k='signin.clients' /></p>
        </section>
      )}
    </Page>
  )
}

function Refused ({ words }: { words: Words & { code: string } }) {
  return (
    <div class='problems' role='alert' tabIndex={-1} data-focus>
      <h2><Mark tone='bad' /> <Both zh={words.zh} en={words.en} /></h2>
      <Do zh={words.mend.zh} en={words.mend.en} />
      <p class='muted'><T k='verdict.code' /> {words.code}</p>
    </div>
  )
}

/** Says who was signed in, so that nobody works in another's name by following their link. */
export function SignedInPage (frame: Frame) {
  const { viewer } = frame
  return (
    <Page {...frame} title={say('signin.done', 'zh')}>
      <h1><Mark tone='ok' /> <T k='signin.done' /></h1>
      {viewer !== undefined && <p class='lead'>{maskName(viewer.who.person.name)} · {viewer.who.organisationName} · <Roles roles={viewer.who.roles} /></p>}
      <p><a class='button' href={href.home} data-focus><T k='signin.enter' /></a></p>
      <p class='muted'><T k='signin.notYou' /></p>
    </Page>
  )
}

export function SignedOutPage (frame: Frame) {
  return (
    <Page {...frame} title={say('signin.out', 'zh')}>
      <h1><T k='signin.out' /></h1>
      <p><T k='signin.outMore' /></p>
      <p><a href={href.signin}><T k='signin.title' /></a></p>
    </Page>
  )
}

export function Roles ({ roles }: { roles: readonly string[] }) {
  return <>{roles.map((role, index) => <span key={role}>{index > 0 && '、'}{isWord(`role.${role}`) ? <T k={`role.${role}` as WordKey} /> : role}</span>)}</>
}

/** What waits for this person; each line stands alone, so that one that cannot be told does not blank the others. */
export interface HomeItem { k: WordKey, more: WordKey, to?: string, tone: 'bad' | 'pending' | 'ok' | 'quiet', values?: Values, failed?: boolean }

/** Cases of one's office that wait for something, the latest of them; whether there are more, and what their matters are called. */
export interface Unfinished { cases: ExemptionList['items'], more: boolean, matterName: NameOf }

export function HomePage ({ items, unfinished, ...frame }: Frame & { items: HomeItem[], unfinished?: Unfinished | 'unread' }) {
  return (
    <Page {...frame} title={say('home.title', 'zh')}>
      <h1><T k='home.title' /></h1>
      {items.length === 0
        ? <p><T k='home.nothing' /></p>
        : (
          <ul class='tasks'>
            {items.map(({ k, more, to, tone, values = {}, failed }) => (
              <li key={`${k} ${to ?? ''}`} class='task'>
                <Mark tone={failed === true ? 'pending' : tone} {...(tone === 'quiet' && failed !== true ? { sign: '›' } : {})} />
                <div>
                  {to === undefined ? <strong><T k={k} {...values} /></strong> : <a href={to}><T k={k} {...values} /></a>}
                  <p class='muted'>{failed === true ? <T k='home.part' /> : <T k={more} />}</p>
                </div>
              </li>
            ))}
          </ul>
          )}
      {unfinished !== undefined && (
        <section aria-labelledby='unfinished'>
          <h2 id='unfinished'><T k='cases.unfinished' /></h2>
          {unfinished === 'unread' ? <p><Mark tone='pending' /> <T k='home.part' /></p> : <UnfinishedCases {...unfinished} />}
        </section>
      )}
    </Page>
  )
}

function UnfinishedCases ({ cases, more, matterName }: Unfinished) {
  return (
    <>
      {cases.length === 0 ? <p><T k={more ? 'cases.noneHere' : 'cases.noneUnfinished'} /></p> : <CaseLines cases={cases} matterName={matterName} />}
      {more
        ? <p><a href={href.casesUnfinished}><T k='cases.moreUnfinished' /></a></p>
        : cases.length > 0 && <p class='muted'><T k='app.all' count={cases.length} /></p>}
    </>
  )
}

export function MePage ({ startedAt, until, idleMinutes, ...frame }: Frame & { startedAt: string, until: string, idleMinutes: number }) {
  const { viewer } = frame
  if (viewer === undefined) return null
  const { person, organisation, organisationName, roles, client } = viewer.who
  return (
    <Page {...frame} title={say('me.title', 'zh')}>
      <h1><T k='me.title' /></h1>
      <Facts rows={[
        ['me.name', person.name],
        ['me.number', <Id key='n'>{person.id}</Id>],
        ['me.organisation', <span key='o'>{organisationName} <Id>{organisation}</Id></span>],
        ['me.roles', <Roles key='r' roles={roles} />],
        ['me.system', <Id key='c'>{client}</Id>],
        ['me.since', <T key='s' k='app.time' at={chinaTime(startedAt)} />],
        ['me.until', <T key='u' k='app.time' at={chinaTime(until)} />]
      ]}
      />
      <p class='muted'><T k='me.idle' minutes={idleMinutes} /></p>
      <form method='post' action={href.signout}><FormToken viewer={viewer} /><button type='submit'><T k='nav.signout' /></button></form>
    </Page>
  )
}

export function HelpPage ({ code, words, retryable, ...frame }: Frame & { code: string, words: Words | undefined, retryable: boolean }) {
  const filled = (language: 'zh' | 'en', text: string): string => text.replace('{}', say('help.detail', language))
  return (
    <Page {...frame} title={`${say('help.title', 'zh')} ${code}`}>
      <h1><T k='help.title' /></h1>
      <p><Id>{code}</Id></p>
      {words === undefined
        ? <p><T k='help.unknown' /></p>
        : (
          <section class='card'>
            <p class='lead'><Both zh={filled('zh', words.zh)} en={filled('en', words.en)} /></p>
            <Do zh={words.mend.zh} en={words.mend.en} />
            {retryable && <p class='muted'><T k='help.retry' /></p>}
          </section>
          )}
    </Page>
  )
}

export interface ProblemView {
  words: Words
  code: string
  /** What was, or was not, done. */
  undone?: WordKey
  reference?: string
  /** Where to try again, when that may help. */
  again?: string
  violations?: ReadonlyArray<{ pointer: string, message: string }>
  /** What the person had typed into a form that was not taken. */
  typed?: Array<{ name: string, value: string }>
  headline?: WordKey
}

/** What the fields of forms are called on them. */
const TYPED = new Map<string, WordKey>(Object.entries({
  reason: 'quarantine.reason',
  note: 'flag.note',
  licenceId: 'verify.identifier',
  name: 'case.name',
  code: 'case.code',
  caseNumber: 'case.number',
  agentName: 'case.agentName',
  agentCode: 'case.agentCode',
  agentReference: 'case.authorisation',
  why: 'request.why',
  withdrawal: 'correction.withdrawWhy',
  until: 'request.until',
  conditions: 'request.conditions',
  article: 'request.article',
  reviewOn: 'request.reviewOn',
  field: 'request.fields'
}))

export function ProblemPage ({ words, code, undone, reference, again, violations = [], typed = [], headline, ...frame }: Frame & ProblemView) {
  const first = headline === undefined ? words : { zh: say(headline, 'zh'), en: say(headline, 'en') }
  return (
    <Page {...frame} title={`${say('error.title', 'zh')}：${first.zh}`}>
      <div class='verdict verdict-pending' role='alert' tabIndex={-1} data-focus>
        <h1><Mark tone='pending' sign='!' /> <Both zh={first.zh} en={first.en} /></h1>
        {undone !== undefined && <p><T k={undone} /></p>}
        <Do zh={words.mend.zh} en={words.mend.en} />
      </div>
      {violations.length > 0 && <ul>{violations.slice(0, 20).map(({ pointer, message }, index) => <li key={index}><Id>{pointer}</Id> {message}</li>)}</ul>}
      {typed.length > 0 && (
        <section class='card'>
          <h2><T k='error.typed' /></h2>
          <dl class='facts'>{typed.map(({ name, value }) => <div key={name}><dt>{TYPED.has(name) ? <T k={TYPED.get(name) as WordKey} /> : name}</dt><dd class='id'>{value}</dd></div>)}</dl>
        </section>
      )}
      {again !== undefined && <p><a class='button' href={again}><T k='error.again' /></a></p>}
      {frame.viewer === undefined && <p><a class='button' href={href.signin}><T k='signin.title' /></a></p>}
      <details class='no-print'>
        <summary><T k='app.details' /></summary>
        <dl class='facts'>
          <div><dt><T k='verdict.code' /></dt><dd><a href={href.help(code)}>{code}</a></dd></div>
          {reference !== undefined && reference !== '' && <div><dt><T k='app.reference' /></dt><dd class='id'>{reference}</dd></div>}
        </dl>
      </details>
    </Page>
  )
}
