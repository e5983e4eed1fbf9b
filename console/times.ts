import type { InstantText } from '../services/core/clock.js'

/** 2026-11-23 10:11, where people are: in China. */
export function chinaTime (instant: InstantText, seconds = false): string {
  const at = Date.parse(instant)
  return Number.isNaN(at) ? instant : new Date(at + 8 * 3_600_000).toISOString().slice(0, seconds ? 19 : 16).replace('T', ' ')
}

export function bytesText (bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / 1024 / 1024)} MB`
}
