import { setImmediate } from 'node:timers/promises'

/** Most that one question looks through; it answers with what it found until then. */
const SCANNED = 5000

/** What of one page of a store fits a question, how many it held, and where the next begins. */
export interface Looked<T> { items: T[], looked: number, next?: string | undefined }

/** Looks page by page for what fits, which need not be all that a page holds. @returns fewer than asked for, and where to go on, where little fits */
export async function scanned<T> ({ limit, after }: { limit: number, after?: string | undefined }, look: (page: { limit: number, after?: string }) => Promise<Looked<T>>): Promise<{ items: T[], next?: string }> {
  const items: T[] = []
  let from = after
  for (let looked = 0; looked < SCANNED && items.length < limit;) {
    const page = await look({ limit: limit - items.length, ...(from === undefined ? {} : { after: from }) })
    items.push(...page.items)
    looked += page.looked
    from = page.next
    if (from === undefined) break
    await setImmediate() // there may be many pages, and others want to be answered
  }
  return { items, ...(from === undefined ? {} : { next: from }) }
}
