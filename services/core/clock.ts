/** Time is an argument: whoever needs the present asks a clock that was handed in. */
export interface Clock { now: () => Date }

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is told otherwise; for tests and for judging at a given instant. */
export function fixedClock (at: string | Date): Clock & { set: (at: string | Date) => void } {
  let now = new Date(at)
  return { now: () => new Date(now), set: at => { now = new Date(at) } }
}

/** RFC 3339 in UTC, whole milliseconds: the one spelling of an instant on our wires. */
export type InstantText = string
/** A calendar day in China, `YYYY-MM-DD`. */
export type DayText = string

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/
/** @returns the instant, or undefined where the text is none (a zone other than Z, 30 February, 24:00) */
export function parseInstant (text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 19) !== text.slice(0, 19) ? undefined : at
}

const CHINA_OFFSET_MS = 8 * 3_600_000 // China has had one zone without summer time since 1991
/** The calendar day in China at this instant. */
export function dayInChina (at: Date): DayText {
  return new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}

/** The instant at which this calendar day begins in China, or undefined where the text is no day. */
export function startOfDayInChina (day: DayText): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const midnight = new Date(`${day}T00:00:00.000Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined
  return new Date(midnight.getTime() - CHINA_OFFSET_MS)
}

/** 2026-11-23 10:11: an instant as people in China tell it. */
export function chinaTime (instant: InstantText, seconds = false): string {
  const at = Date.parse(instant)
  return Number.isNaN(at) ? instant : new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, seconds ? 19 : 16).replace('T', ' ')
}

/** A text that may name instants, each of them as people in China tell it. @param zone - what says whose time that is */
export function inChinaTime (text: string, zone: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, instant => parseInstant(instant) === undefined ? instant : `${chinaTime(instant, true)}${zone}`)
}
