import type { Failure } from '../services/core/failure.js'
import { FAILURE_WORDS } from '../services/core/words.js'

/** A failure for a person: its code, what happened, what to do, and the place. */
export function tellFailure ({ code, message, violations }: Failure): string {
  const { zh, en, mend } = FAILURE_WORDS[code]
  const places = violations.map(({ pointer, message }) => `  - ${pointer === '' ? '' : `${pointer} `}${message}\n`).join('')
  return `${code}  ${zh}。${mend.zh}。\n  ${en}. ${mend.en}.\n  ${message}\n${places}`
}
