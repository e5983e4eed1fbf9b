import { dayInChina, parseInstant, startOfDayInChina } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { told, type Bilingual } from '../core/words.js'

const DAY_MS = 86_400_000

/**
 * The instant that a caller asks about: an instant, or a day, which means its end in China; of today, the present.
 * @returns undefined where none was given: the present
 * @throws {Failure} INPUT_INVALID neither, or it has not come
 */
export function askedInstant (text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined
  const begins = startOfDayInChina(text)
  const at = begins === undefined ? parseInstant(text) : text === dayInChina(now) ? now : new Date(begins.getTime() + DAY_MS - 1)
  if (at === undefined) throw invalid(told('既不是时刻，也不是日期', 'is neither an instant nor a day'))
  if (at > now) throw invalid(told('还没有到：届时如何尚未决定', 'is in the future: how it will stand then nobody has decided yet'))
  return at
}

function invalid (message: Bilingual): Failure {
  return new Failure('INPUT_INVALID', 'at names no instant that the catalogue can be read for', { violations: [{ pointer: '/at', message }] })
}
