import { href } from '../hrefs.js'
import { bytesText } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { FormToken, Page, type Frame, type Viewer } from './layout.js'
import { Both, Id, Label, Mark, Problems, T } from './text.js'
import { VERDICT_LOOK, type Verdict } from './verdict.js'

export interface VerifyLimits { fileBytes: number, files: number }

/** The native file button in a dashed zone; works without script, and script only sends sooner. */
export function FileForm ({ viewer, limits, title = 'verify.file' }: { viewer: Viewer | undefined, limits: VerifyLimits, title?: WordKey }) {
  return (
    <form class='drop no-print' method='post' action={href.verify} encType='multipart/form-data' data-drop>
      <FormToken viewer={viewer} />
      <label class='drop-label' for='file'><T k={title} /></label>
      <p class='muted' id='file-hint'><T k='verify.fileHint' size={bytesText(limits.fileBytes)} count={limits.files} /></p>
      <div class='row'>
        <input id='file' type='file' name='file' multiple aria-describedby='file-hint' />
        <button type='submit'><T k='verify.send' /></button>
      </div>
      <p role='status' data-sending data-words={`${say('verify.working', 'zh')} ${say('verify.working', 'en')}`} />
    </form>
  )
}

export function VerifyPage ({ limits, problem, typed, ...frame }: Frame & { limits: VerifyLimits, problem?: { field: 'file' | 'licenceId', text: WordKey | { zh: string, en: string } }, typed?: string }) {
  const { viewer } = frame
  const title = say('verify.title', 'zh')
  return (
    <Page {...frame} title={problem === undefined ? title : `${say('error.title', 'zh')}：${title}`}>
      <h1><T k='verify.title' /></h1>
      {problem !== undefined && <Problems items={[problem]} />}
      <FileForm viewer={viewer} limits={limits} />
      <form class='card' method='post' action={href.verify}>
        <FormToken viewer={viewer} />
        <Label of='licenceId' k='verify.identifier' />
        <p class='muted' id='licenceId-hint'><T k='verify.identifierHint' /> <T k='verify.only' /></p>
        <div class='row'>
          <input
            id='licenceId' name='licenceId' autocomplete='off' spellcheck={false} maxLength={200} value={typed ?? ''} aria-describedby='licenceId-hint'
            aria-invalid={problem?.field === 'licenceId' ? 'true' : undefined}
          />
          <button type='submit'><T k='verify.sendIdentifier' /></button>
        </div>
      </form>
    </Page>
  )
}

export interface ListedFile {
  name: string
  size: number
  state: 'working' | 'done' | 'refused'
  verdict?: Verdict
  receiptId?: string
  /** The worst finding, or why there is no verdict. */
  words?: { zh: string, en: string }
}

const ORDER = { invalid: 0, refused: 1, indeterminate: 2, valid: 3, working: 4 }
const rank = ({ state, verdict }: ListedFile): number => ORDER[state === 'done' ? verdict as Verdict : state]

/** Several files, worst first; the same page while they are in hand. */
export function VerdictListPage ({ files, limits, ...frame }: Frame & { files: ListedFile[], limits: VerifyLimits }) {
  const waiting = files.filter(({ state }) => state === 'working').length
  return (
    <Page {...frame} title={waiting > 0 ? say('verify.working', 'zh') : say('verify.list', 'zh')} refreshes={waiting > 0}>
      <h1><T k='verify.list' /></h1>
      <p><T k='verify.listMore' count={files.length} /></p>
      <div role='status'>
        {waiting > 0 && <p><Mark tone='quiet' sign='…' /> <T k='verify.waiting' count={waiting} /> <T k='verify.leave' /></p>}
      </div>
      {waiting > 0 && <p class='no-print'><a href={frame.path}><T k='app.refresh' /></a></p>}
      <ul class='tasks'>
        {[...files].sort((a, b) => rank(a) - rank(b)).map((file, index) => <FileLine key={index} file={file} />)}
      </ul>
      <FileForm viewer={frame.viewer} limits={limits} title='verify.next' />
    </Page>
  )
}

function FileLine ({ file: { name, size, state, verdict, receiptId, words } }: { file: ListedFile }) {
  const look = state === 'done' ? VERDICT_LOOK[verdict as Verdict] : undefined
  return (
    <li class='task'>
      <Mark tone={look?.tone ?? (state === 'refused' ? 'pending' : 'quiet')} {...(state === 'working' ? { sign: '…' } : {})} />
      <div>
        <strong><T k={look?.k ?? (state === 'working' ? 'verify.working' : 'verify.refused')} /></strong>{' '}
        {receiptId === undefined ? <Id>{name}</Id> : <a href={href.verdict(receiptId)}><Id>{name}</Id></a>} <span class='muted'>{bytesText(size)}</span>
        {words !== undefined && <p><Both {...words} /></p>}
      </div>
    </li>
  )
}
