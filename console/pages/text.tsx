import type { ComponentChildren } from 'preact'
import { isWord, say, type Values, type WordKey } from '../words/index.js'

/** Words in both languages: Chinese first, English smaller beside it. */
export function T ({ k, ...values }: { k: WordKey } & Values) {
  return <Both zh={say(k, 'zh', values)} en={say(k, 'en', values)} />
}

export function Both ({ zh, en }: { zh: string, en: string }) {
  return <>{zh} <span class='en' lang='en'>{en}</span></>
}

/** Names a field; one that may always stay empty says so. */
export function Label ({ of, k, optional = false }: { of: string, k: WordKey, optional?: boolean }) {
  return <label for={of}>{optional ? <Both zh={`${say(k, 'zh')}${say('app.optional', 'zh')}`} en={`${say(k, 'en')} ${say('app.optional', 'en')}`} /> : <T k={k} />}</label>
}

/** Identifiers break anywhere. */
export function Id ({ children }: { children: ComponentChildren }) { return <span class='id'>{children}</span> }

/** What to do, after a lead-in that needs no second language. */
export function Do ({ zh, en }: { zh: string, en: string }) { return <p><strong>{say('verdict.do', 'zh')}</strong><Both zh={zh} en={en} /></p> }

/** What an event says happened, in words; a type that nobody has words for stays as it is. */
export function EventType ({ type }: { type: string }) {
  const k = `event.${type.replace(/\.v1$/, '')}`
  return isWord(k) ? <T k={k} /> : <Id>{type}</Id>
}

export type Tone = 'ok' | 'bad' | 'pending' | 'quiet'
const MARKS: Record<Tone, string> = { ok: '✓', bad: '✕', pending: '?', quiet: '–' }

/** Shape, mark and word tell states apart; colour only helps. */
export function Mark ({ tone, sign = MARKS[tone] }: { tone: Tone, sign?: string }) {
  return <span class={`mark mark-${tone}`} aria-hidden='true'>{sign}</span>
}

export function Facts ({ rows }: { rows: Array<[WordKey, ComponentChildren]> }) {
  return <dl class='facts'>{rows.map(([k, value]) => <div key={k}><dt><T k={k} /></dt><dd>{value}</dd></div>)}</dl>
}

/** What a form could not take, and in which of its fields. */
export interface FormProblem { field?: string, text: WordKey | { zh: string, en: string } }

/** Names of the fields that a form could not take, each with a link to it; focus goes here. */
export function Problems ({ items }: { items: FormProblem[] }) {
  if (items.length === 0) return null
  return (
    <div class='problems' role='alert' tabIndex={-1} data-focus>
      <h2><T k='error.fields' /></h2>
      <ul>
        {items.map(({ field, text }, index) => {
          const words = typeof text === 'string' ? <T k={text} /> : <Both {...text} />
          return <li key={index}>{field === undefined ? words : <a href={`#${field}`}>{words}</a>}</li>
        })}
      </ul>
    </div>
  )
}
