import type { Words } from '../services/core/words.js'
import type { NameOf } from './names.js'
import type { CodeWords } from './ports.js'
import { inChinaTime } from './times.js'

/** Details that are a word of the program, for people to read. */
const DETAILS: Record<string, { zh: string, en: string }> = {
  form: { zh: '格式不对', en: 'not of the right form' },
  'check character': { zh: '校验码不对', en: 'its check character does not fit' }
}

const ZONES = { zh: '（北京时间）', en: ' (China)' }

/** A detail as a person reads it: an organisation by its name, a word of the program in their language, an instant by the clock in China. */
export function detailIn (language: 'zh' | 'en', detail: string | undefined, nameOf: NameOf = uscc => uscc): string | undefined {
  return detail === undefined ? undefined : Object.hasOwn(DETAILS, detail) ? DETAILS[detail]?.[language] : inChinaTime(nameOf(detail), ZONES[language])
}

/** A detail as it is, but for whose clock its instants are told by: for technical details. */
export function technical (detail: string): string { return inChinaTime(detail, ZONES.zh) }

/** The sentence for a person, the detail put in its place; without one nothing of the place stays. */
export function sentence (text: string, detail: string | undefined): string {
  return detail === undefined ? text.replace(/ ?[（(：:]?[“"]?\s?\{\}[”"]?[）)]?/, '') : text.replace('{}', () => detail)
}

/** Words for any code: one that nobody knows is shown as it is, never left out. */
export function wordsOf (codes: CodeWords, code: string): Words {
  return codes(code) ?? { zh: `代码 ${code}`, en: `Code ${code}`, mend: { zh: '请凭编号联系运维', en: 'Tell the operator the reference' } }
}

/** The same as sentences, the detail in its place. */
export function toldOf (codes: CodeWords, code: string, detail?: string): Words {
  const { zh, en, ...rest } = wordsOf(codes, code)
  return { ...rest, zh: sentence(zh, detailIn('zh', detail)), en: sentence(en, detailIn('en', detail)) }
}

/** What is wrong and what to do about it, in one text for each language. */
export function toldWithMend (codes: CodeWords, code: string, detail?: string): { zh: string, en: string } {
  const { zh, en, mend } = toldOf(codes, code, detail)
  return { zh: `${zh}。${mend.zh}`, en: `${en}. ${mend.en}` }
}
