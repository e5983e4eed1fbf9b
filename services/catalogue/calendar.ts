import type { WorkingCalendar as CalendarYear } from '../../schemas/documents/working-calendar.v1.js'
import type { DayText } from '../core/clock.js'

export type { CalendarYear }

/** Nobody knows: the State Council's notice for this year is not among our data. Never taken for a day. */
export interface YearUnknown { unknownYear: number }
export interface Period { unit: 'working-day' | 'day' | 'month', count: number }

const DAY_MS = 86_400_000
const MONTHS = 12

/** Working days in China, by the yearly notices that it was given. A year without one has no working days, but an answer that says so. */
export class WorkingCalendar {
  readonly #years = new Set<number>()
  readonly #closed = new Set<DayText>()
  readonly #worked = new Set<DayText>()

  constructor (years: readonly CalendarYear[]) {
    for (const { year, holidays, workingDays } of years) {
      this.#years.add(year)
      for (const { from, to } of holidays) for (let day = from; day <= to; day = addDays(day, 1)) this.#closed.add(day)
      for (const day of workingDays) this.#worked.add(day)
    }
  }

  get years (): number[] { return [...this.#years].sort((a, b) => a - b) }

  isWorkingDay (day: DayText): boolean | YearUnknown {
    const year = yearOf(day)
    if (!this.#years.has(year)) return { unknownYear: year }
    if (this.#worked.has(day)) return true
    if (this.#closed.has(day)) return false
    const weekday = new Date(msOf(day)).getUTCDay()
    return weekday !== 0 && weekday !== 6
  }

  /**
   * The last day of a period of so many working days, 0 or more, that begins on `from`.
   * @param firstDayCounts - whether `from` is the first of them, where it is a working day
   */
  addWorkingDays (from: DayText, count: number, firstDayCounts: boolean): DayText | YearUnknown {
    let day = from
    for (let left = count, first = true; ; first = false, day = addDays(day, 1)) {
      if (left === 0 && first) return day
      const working = this.isWorkingDay(day)
      if (typeof working === 'object') return working
      if (working && !(first && !firstDayCounts)) left--
      if (left === 0) return day
    }
  }

  /** How many working days lie after the first day, up to and with the second; 0 where that is not later. */
  workingDaysAfter (after: DayText, until: DayText): number | YearUnknown {
    let count = 0
    for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) {
      const working = this.isWorkingDay(day)
      if (typeof working === 'object') return working
      if (working) count++
    }
    return count
  }

  /** Do no more than so many working days lie after the day, up to and with `until`? Of a day after that, no. */
  isWithinWorkingDays (day: DayText, until: DayText, count: number): boolean | YearUnknown {
    let left = count
    for (let at = until; at > day; at = addDays(at, -1)) {
      const working = this.isWorkingDay(at)
      if (typeof working === 'object') return working
      if (working && left-- === 0) return false
    }
    return day <= until
  }

  /** The last day of a period that begins on `from`. A month ends on the day of the same number, or on its last day. */
  end (from: DayText, { unit, count }: Period, firstDayCounts: boolean): DayText | YearUnknown {
    switch (unit) {
      case 'working-day': return this.addWorkingDays(from, count, firstDayCounts)
      case 'day': return addDays(from, firstDayCounts ? count - 1 : count)
      case 'month': return addDays(addMonths(from, count), firstDayCounts ? -1 : 0)
    }
  }
}

export function isYearUnknown (answer: unknown): answer is YearUnknown { return typeof answer === 'object' && answer !== null && 'unknownYear' in answer }

export function addDays (day: DayText, count: number): DayText { return new Date(msOf(day) + count * DAY_MS).toISOString().slice(0, 10) }

function addMonths (day: DayText, count: number): DayText {
  const months = yearOf(day) * MONTHS + Number(day.slice(5, 7)) - 1 + count
  const [year, month] = [Math.floor(months / MONTHS), months % MONTHS]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(Number(day.slice(8)), lastDay))).toISOString().slice(0, 10)
}

/** Days are compared and moved as if China were at Greenwich: without a zone there is nothing to get wrong. */
function msOf (day: DayText): number { return Date.parse(`${day}T00:00:00Z`) }
function yearOf (day: DayText): number { return Number(day.slice(0, 4)) }
