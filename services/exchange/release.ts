import { digestOf } from '../core/rows.js'
import type { GrantView, SharedResource } from './ports.js'
import type { HeldRecord } from './records.js'
import { isWithin } from './regions.js'
import type { ReleasedRow, Value } from './types.js'

/** What of a grant decides on what leaves. */
export type ReleaseTerms = Pick<GrantView, 'grantId' | 'fields' | 'regions'>
/** Where a record says whom and what place it is about, and what its key is made of. */
export type RecordLayout = Pick<SharedResource, 'keyItems' | 'regionItem'>

/** May the record be seen at all under this grant? One of no known place is of none. */
export function isVisible (values: HeldRecord['values'], { regions }: Pick<ReleaseTerms, 'regions'>, { regionItem }: Pick<RecordLayout, 'regionItem'>): boolean {
  if (values === undefined) return false
  if (regions === undefined) return true
  const place = regionItem === undefined ? undefined : valueOf(values, regionItem)
  return regions.some(region => isWithin(place, region))
}

/** What stands there; null where the record says nothing of it. */
export function valueOf (values: Readonly<Record<string, Value>>, item: string): Value {
  return Object.hasOwn(values, item) ? values[item] as Value : null
}

/** May the record's own key leave? It tells the values that it is made of. */
export function keyLeaves ({ fields }: Pick<ReleaseTerms, 'fields'>, { keyItems = [] }: Pick<RecordLayout, 'keyItems'>): boolean {
  return keyItems.length > 0 && keyItems.every(item => fields.includes(item))
}

/**
 * What leaves of a record under a grant: of the items asked for those that are granted, and nothing else. Two records that differ in
 * other items alone leave the same; the digest is over what leaves.
 * @param nameOf - stands in for a key that may not leave
 * @returns undefined where the record may not be seen at all
 */
export function release (
  record: HeldRecord, grant: ReleaseTerms, fields: readonly string[], layout: RecordLayout, nameOf: (key: string) => string
): ReleasedRow | undefined {
  if (record.values === undefined || !isVisible(record.values, grant, layout)) return undefined
  const { values } = record
  const key = keyLeaves(grant, layout) ? record.key : nameOf(record.key)
  // fromEntries, since assigning "__proto__" would lose the member
  const left = Object.fromEntries(fields.filter(field => grant.fields.includes(field)).map(field => [field, valueOf(values, field)]))
  return { key, values: left, recordedAt: record.recordedAt, digest: digestOf({ key, values: left }) }
}
