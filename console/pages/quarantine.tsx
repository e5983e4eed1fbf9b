import type { Words } from '../../services/core/words.js'
import { href } from '../hrefs.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { FormToken, Page, type Frame } from './layout.js'
import { Both, Do, EventType, Facts, Id, Label, Mark, Problems, T } from './text.js'

export interface CauseView { code: string, count: number, words: Words }
export interface EntryLine { id: string, state: 'open' | 'released' | 'discarded', waiting: boolean, refusedAt: string, type?: string, subject?: string, source?: string, sourceName?: string, sequence?: number, first?: Words }

/** By cause, then what came in. */
export function QuarantinePage ({ causes, entries, next, cause, requested, mayReplay, ...frame }: Frame & {
  causes: CauseView[], entries: EntryLine[], next?: string, cause?: { code: string, words: Words }, requested?: { count: number, more: boolean }, mayReplay: boolean
}) {
  const most = Math.max(0, ...causes.map(({ count }) => count)) // an event with two causes stands under both
  return (
    <Page {...frame} title={say('quarantine.title', 'zh')}>
      <h1><T k='quarantine.title' /></h1>
      {requested !== undefined && (
        <div class='verdict verdict-ok' role='status'>
          <p class='lead'><Mark tone='ok' /> <T k='quarantine.requested' count={requested.count} /></p>
          {requested.more && <p><T k='quarantine.requestedMore' /></p>}
        </div>
      )}
      {cause === undefined
        ? <Causes causes={causes} most={most} mayReplay={mayReplay} />
        : <p class='lead'><T k='quarantine.forCause' cause={cause.words.zh} /> <a href={href.quarantine}><T k='app.back' /></a></p>}
      <h2><T k='quarantine.entries' /></h2>
      {entries.length === 0
        ? <p><T k='quarantine.empty' /></p>
        : <><Entries entries={entries} /><p class='muted'>{next === undefined ? <T k='app.all' count={entries.length} /> : <T k='app.some' count={entries.length} />}</p></>}
      {next !== undefined && <p class='no-print'><a class='button quiet' href={cause === undefined ? href.quarantineAfter(next) : href.quarantineCause(cause.code, next)}><T k='app.next' /></a></p>}
    </Page>
  )
}

function Causes ({ causes, most, mayReplay }: { causes: CauseView[], most: number, mayReplay: boolean }) {
  if (causes.length === 0) return null
  return (
    <section>
      <p class='lead'><T k='quarantine.summary' causes={causes.length} count={most} /></p>
      <ul class='tasks'>
        {causes.map(({ code, count, words }) => (
          <li key={code} class='task'>
            <Mark tone='bad' />
            <div>
              <strong><Both zh={words.zh} en={words.en} /></strong>
              <Do zh={words.mend.zh} en={words.mend.en} />
              <p class='row'>
                <a href={href.quarantineCause(code)}><T k='quarantine.look' count={count} /></a>
                {mayReplay && <a href={href.quarantineReplay(code)}><T k='quarantine.replayCause' /></a>}
                <a class='muted' href={href.help(code)}>{code}</a>
              </p>
            </div>
          </li>
        ))}
      </ul>
      <p class='muted'><T k='quarantine.rule' /></p>
    </section>
  )
}

function Entries ({ entries }: { entries: EntryLine[] }) {
  return (
    <div class='table-box' tabIndex={0} role='region' aria-label={say('quarantine.entries', 'zh')}>
      <table>
        <thead><tr><th scope='col'><T k='quarantine.state' /></th><th scope='col'><T k='quarantine.cause' /></th><th scope='col'><T k='quarantine.subject' /></th><th scope='col'><T k='quarantine.since' /></th></tr></thead>
        <tbody>
          {entries.map(entry => (
            <tr key={entry.id}>
              <td><EntryState entry={entry} /></td>
              <td><a href={href.quarantineEntry(entry.id)}>{entry.first === undefined ? <Id>{entry.id}</Id> : <Both zh={entry.first.zh} en={entry.first.en} />}</a></td>
              <td><About entry={entry} /></td>
              <td>{chinaTime(entry.refusedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** From whom, which of theirs, what it says and about what: names before identifiers. */
function About ({ entry: { source, sourceName = source, sequence, type, subject } }: { entry: EntryLine }) {
  return (
    <>
      {sourceName ?? <T k='quarantine.unsigned' />}
      {sequence !== undefined && <> · <T k='quarantine.number' sequence={sequence} /></>}
      {type !== undefined && <> · <EventType type={type} /></>}
      {subject !== undefined && <> · <Id>{subject}</Id></>}
    </>
  )
}

function EntryState ({ entry: { state, waiting } }: { entry: Pick<EntryLine, 'state' | 'waiting'> }) {
  if (state === 'open') return <><Mark tone={waiting ? 'pending' : 'bad'} /> <T k={waiting ? 'quarantine.waiting' : 'quarantine.open'} /></>
  return <><Mark tone={state === 'released' ? 'ok' : 'quiet'} /> <T k={`quarantine.${state}`} /></>
}

export interface EntryView extends EntryLine {
  stage: 'intake' | 'licences'
  times: number
  digest: string
  reasons: Array<{ code: string, pointer?: string, detail?: string, words: Words }>
  neighbours: Array<{ sequence: number, state: string }>
  /** Masked; lines with whether a reason points to them. To its source alone. */
  event?: Array<{ text: string, marked: boolean }>
  acts: Array<{ request: 'replay' | 'discard', at: string, by: string, why: string }>
  /** When it was judged again after the last of these; absent while that is still to come. */
  judgedAt?: string
}

export function QuarantineEntryPage ({ entry, mayReplay, mayDiscard, problem, ...frame }: Frame & {
  entry: EntryView, mayReplay: boolean, mayDiscard: boolean, problem?: 'quarantine.noReason'
}) {
  const open = entry.state === 'open'
  const asked = open && entry.acts.length > 0 && entry.judgedAt === undefined
  return (
    <Page {...frame} title={`${problem === undefined ? '' : `${say('error.title', 'zh')}：`}${entry.first?.zh ?? say('quarantine.title', 'zh')}`}>
      <p class='no-print'><a href={href.quarantine}><T k='quarantine.title' /></a></p>
      <h1><EntryState entry={entry} /></h1>
      {problem !== undefined && <Problems items={[{ field: 'reason', text: problem }]} />}
      {asked && <p role='status'><T k='quarantine.asked' /> <a href={href.quarantineEntry(entry.id)}><T k='app.refresh' /></a></p>}
      {open && entry.judgedAt !== undefined && <p role='status'><Mark tone='bad' /> <T k='quarantine.judged' at={chinaTime(entry.judgedAt, true)} /></p>}
      <Facts rows={[
        ['quarantine.type', entry.type === undefined ? '—' : <EventType key='t' type={entry.type} />],
        ['quarantine.source', <span key='s' title={entry.source}>{entry.sourceName ?? entry.source ?? <T k='quarantine.unsigned' />}{entry.sequence !== undefined && <> · <T k='quarantine.number' sequence={entry.sequence} /></>}</span>],
        ['quarantine.subject', <Id key='u'>{entry.subject ?? '—'}</Id>],
        ['quarantine.since', <span key='r'>{chinaTime(entry.refusedAt)} · <T k='quarantine.times' times={entry.times} /></span>]
      ]}
      />
      <h2><T k='quarantine.reasons' count={entry.reasons.length} /></h2>
      <ul class='results'>
        {entry.reasons.slice(0, 20).map(({ code, pointer, detail, words }, index) => (
          <li key={index} class='result'>
            <p><Mark tone='bad' /> <strong><Both zh={words.zh} en={words.en} /></strong></p>
            <Do zh={words.mend.zh} en={words.mend.en} />
            <p class='muted'>{pointer !== undefined && <><T k='quarantine.where' /> <Id>{pointer}</Id> · </>}{detail !== undefined && <><Id>{detail}</Id> · </>}<a href={href.help(code)}>{code}</a></p>
          </li>
        ))}
      </ul>
      {entry.reasons.length > 20 && <p><T k='verdict.more' count={entry.reasons.length - 20} /></p>}
      {entry.neighbours.length > 0 && (
        <>
          <h2><T k='quarantine.neighbours' /></h2>
          <ul class='plain-list'>{entry.neighbours.map(({ sequence, state }) => <li key={sequence}>{sequence} · <T k={`quarantine.n.${state}` as WordKey} /></li>)}</ul>
        </>
      )}
      <details open>
        <summary><T k='quarantine.event' /></summary>
        {entry.event === undefined
          ? <p class='muted'><T k='quarantine.eventHidden' /></p>
          : <pre tabIndex={0} class='event'><code>{entry.event.map(({ text, marked }, index) => marked ? <mark key={index}>{`${text}   ◀`}{'\n'}</mark> : `${text}\n`)}</code></pre>}
        <p class='muted'>{entry.type !== undefined && <><Id>{entry.type}</Id> · </>}<T k='quarantine.digest' /> <Id>{entry.digest}</Id></p>
      </details>
      {entry.acts.length > 0 && (
        <>
          <h2><T k='quarantine.acts' /></h2>
          <ul class='plain-list'>{entry.acts.map(({ request, at, by, why }, index) => <li key={index}>{chinaTime(at)} · <T k={`quarantine.act.${request}`} /> · <Id>{by}</Id> · {why}</li>)}</ul>
        </>
      )}
      {open && mayReplay && (entry.stage === 'licences'
        ? <p class='lead'><T k='quarantine.notReplayable' /></p>
        : <ReasonForm frame={frame} action={href.quarantineEntry(entry.id)} act='replay' title='quarantine.replay' hint='quarantine.replayHint' invalid={problem !== undefined} />)}
      {open && mayDiscard && (
        <details class='no-print'>
          <summary><T k='quarantine.discard' /></summary>
          <ReasonForm frame={frame} action={href.quarantineEntry(entry.id)} act='discard' title='quarantine.discard' hint='quarantine.discardMore' />
        </details>
      )}
    </Page>
  )
}

function ReasonForm ({ frame, action, act, title, hint, invalid = false }: { frame: Frame, action: string, act: 'replay' | 'discard', title: WordKey, hint: WordKey, invalid?: boolean }) {
  const id = act === 'replay' ? 'reason' : 'reason-discard'
  return (
    <form class='card no-print' method='post' action={action}>
      <FormToken viewer={frame.viewer} />
      <input type='hidden' name='act' value={act} />
      <Label of={id} k='quarantine.reason' />
      <p class='muted' id={`${id}-hint`}><T k={hint} /></p>
      <div class='row'>
        <input id={id} name='reason' maxLength={500} autocomplete='off' aria-describedby={`${id}-hint`} aria-invalid={invalid ? 'true' : undefined} />
        <button type='submit'><T k={title} /></button>
      </div>
    </form>
  )
}

/** What will be done, whom it touches, and the way back. */
export function QuarantineReplayPage ({ cause, count, problem, ...frame }: Frame & { cause: { code: string, words: Words }, count: number, problem?: 'quarantine.noReason' }) {
  return (
    <Page {...frame} title={`${problem === undefined ? '' : `${say('error.title', 'zh')}：`}${say('quarantine.confirm', 'zh', { count })}`}>
      <h1><T k='quarantine.confirm' count={count} /></h1>
      {problem !== undefined && <Problems items={[{ field: 'reason', text: problem }]} />}
      <p><T k='quarantine.confirmMore' cause={cause.words.zh} /></p>
      <p><T k='quarantine.rule' /></p>
      <form class='card' method='post' action={href.quarantineReplay(cause.code)}>
        <FormToken viewer={frame.viewer} />
        <Label of='reason' k='quarantine.reason' />
        <div class='row'>
          <input id='reason' name='reason' maxLength={500} autocomplete='off' aria-invalid={problem === undefined ? undefined : 'true'} />
          <button type='submit'><T k='quarantine.replayCause' /></button>
        </div>
      </form>
      <p><a href={href.quarantine}><T k='app.back' /></a></p>
    </Page>
  )
}
