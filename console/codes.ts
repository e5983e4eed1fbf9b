import type { Words } from '../services/core/words.js'
import type { CodeWords } from './ports.js'

/** The sentence for a person, the detail put in its place; without one nothing of the place stays. */
export function sentence (text: string, detail: string | undefined): string {
  return detail === undefined ? text.replace(/ ?[（(：:]?\s?\{\}[）)]?/, '') : text.replace('{}', () => detail)
}

/** Words for any code: one that nobody knows is shown as it is, never left out. */
export function wordsOf (codes: CodeWords, code: string): Words {
  return codes(code) ?? { zh: `代码 ${code}`, en: `Code ${code}`, mend: { zh: '请凭编号联系运维', en: 'Tell the operator the reference' } }
}
