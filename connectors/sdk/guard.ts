import { createHash } from 'node:crypto'
import { chinaTime } from '../../services/core/clock.js'
import { mask } from '../../services/core/identifiers.js'

/** How much of what is published one pass may take away before a person is asked. A pass has to exceed both. */
export interface DeletionLimits {
  /** Of the rows that are published, 0 to 100; at 100 nobody is ever asked. */
  holdAbovePercent: number
  holdAboveRows: number
}
export const DELETION_LIMITS: DeletionLimits = { holdAbovePercent: 20, holdAboveRows: 20 }

/** What a pass would leave of what is published, in rows. */
export interface Loss {
  published: number
  /** Most that were published since a person last confirmed a loss. */
  most: number
  gone: number
  added: number
  /** The source is declared otherwise than when it was last gone through: another place, or another key. */
  otherwise: boolean
}
export type Reason = 'emptied' | 'declared-otherwise' | 'at-once' | 'little-by-little'

/**
 * Why a person has to be asked before these rows are taken away; undefined where the pass may go on. Where nothing would be left, or the
 * source was declared otherwise, the number of rows that go freely does not count: a mistake empties a small register as well.
 */
export function reasonToHold ({ published, most, gone, added, otherwise }: Loss, limits: DeletionLimits): Reason | undefined {
  const left = published + added - gone
  if (gone === 0) return undefined
  if (left === 0 && isBeyond(gone, published, 0, limits)) return 'emptied'
  if (otherwise && isBeyond(gone, published, 0, limits)) return 'declared-otherwise'
  if (isBeyond(gone, published, limits.holdAboveRows, limits)) return 'at-once'
  return isBeyond(most - left, most, limits.holdAboveRows, limits) ? 'little-by-little' : undefined
}

/** @param rows - how many go freely, whatever part that is */
export function isBeyond (lost: number, of: number, rows: number, { holdAbovePercent }: Pick<DeletionLimits, 'holdAbovePercent'>): boolean {
  return lost > rows && lost * 100 > holdAbovePercent * of
}

/**
 * The name of a set of rows, by which a person confirms just that one, and those of what is left of it after each of its rows: `names[n]`
 * names the keys from the n-th on. So a deletion that was confirmed and broken off is known again.
 * @param keys - in their order
 */
export function namesOfSet (resource: string, keys: readonly string[]): string[] {
  const names: string[] = []
  let digest = sha256(resource)
  names[keys.length] = digest.slice(0, 16)
  for (let at = keys.length - 1; at >= 0; at--) {
    digest = sha256(`${digest}\n${keys[at] as string}`)
    names[at] = digest.slice(0, 16)
  }
  return names
}

/** How long a resource has been held; kept as a mark. */
export interface Held { passes: number, since?: string }

const REASONS: Record<Reason, { zh: string, en: string }> = {
  emptied: { zh: '一行也不会剩下', en: 'no row would be left' },
  'declared-otherwise': { zh: '来源位置或主键列与上次不同', en: 'the place or the key of the source is declared otherwise than last time' },
  'at-once': { zh: '超过一次可删除的限度', en: 'that is more than one pass may delete' },
  'little-by-little': { zh: '多次累计已超过限度', en: 'with earlier passes together that is more than may be deleted' }
}
const SAMPLES = 3
const LOOKED_AT = 100 // of short keys nothing is left to see

/** For a person: what would have been deleted, and how to confirm just that. Keys are masked. */
export function heldMessage ({ resource, keys, reason, loss: { published, most, added }, ...tail }: {
  resource: string, keys: readonly string[], name: string, reason: Reason, loss: Loss, held: Held, list?: string
}): string {
  const percent = Math.floor(keys.length * 100 / published)
  const fewer = most - (published + added - keys.length)
  const little = reason === 'little-by-little'
  return `${resource}：将删除已上报 ${published} 行中的 ${keys.length} 行（${percent}%），${REASONS[reason].zh}${little ? `（最多时 ${most} 行，将少 ${fewer} 行）` : ''}。\n` +
    `  ${resource}: ${keys.length} of the ${published} rows that are published (${percent}%) would be deleted; ${REASONS[reason].en}${little ? ` (${most} rows at most, ${fewer} fewer then)` : ''}.` +
    heldTail({ keys, option: '--confirm-deletions', ...tail })
}

/** What stands below any such message: some keys, masked, since when, where to look, and how to confirm. */
export function heldTail ({ keys, held: { passes, since }, list, option, name }: { keys: readonly string[], held: Held, list?: string, option: string, name: string }): string {
  const samples = keys.slice(0, LOOKED_AT).map(mask).filter(masked => /[^*]/.test(masked)).slice(0, SAMPLES).join(', ')
  return (samples === '' ? '' : `\n  例如  such as ${samples}`) +
    (passes === 1 ? '' : `\n  已第 ${passes} 次暂停${since === undefined ? '' : `，始于北京时间 ${chinaTime(since)}`}  times it was held by now, and since when`) +
    (list === undefined ? '' : `\n  全部列在  all of them stand in ${list}`) +
    `\n  确认就是这些：再运行一次并加上  to confirm just these run it again with\n    ${option} ${name}`
}

function sha256 (text: string): string { return createHash('sha256').update(text).digest('hex') }
