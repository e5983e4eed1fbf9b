import type { DayText } from '../../services/core/clock.js'

const DAY_MS = 86_400_000

export function addDays (day: DayText, days: number): DayText {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The same day of another year; 29 February becomes the 28th where that year has none. */
export function addYears (day: DayText, years: number): DayText {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0')
  const moved = `${year}${day.slice(4)}`
  const at = new Date(moved)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== moved ? `${year}-02-28` : moved
}

/** Whole days from one day to the other. */
export function daysBetween (from: DayText, to: DayText): number { return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) }

export function laterOf (a: DayText, b: DayText): DayText { return a > b ? a : b }
export function earlierOf (a: DayText, b: DayText): DayText { return a < b ? a : b }
