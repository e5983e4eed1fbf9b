import type { EventLog } from '../../platform/event-log/port.js'
import type { Document } from '../../platform/documents/port.js'
import type { DeliveryList } from '../../schemas/http/delivery-list.v1.js'
import type { DutyList } from '../../schemas/http/duty-list.v1.js'
import { TOPICS } from '../core/event.js'
import type { CatalogueEvent, Fold, FoldView } from './catalogue-log.js'
import { demandFold } from './demands.js'
import { dutyAnswer, dutyFold, fits, DUTIES, type DutyDocument, type DutyFilter } from './duties.js'
import { ArrivalsFold } from './duty-arrivals.js'
import { deliveryAnswer, grantFold, GRANTS, isDeliveryOf, type DeliveryFilter, type GrantDocument } from './grants.js'
import type { Rules } from './rule-sets.js'

const PAGE = 1000

/** What working it out needs of a log: no more than reading. */
export type ReadableLog = Pick<EventLog, 'read' | 'end' | 'partitions'>

/**
 * The responsibility list at an instant, worked out of the log alone: no view is asked and nothing is written. Its canonical form is
 * that of the running exchange, byte for byte.
 */
export async function recomputeDuties (log: ReadableLog, { rules, at, ...filter }: DutyFilter & { rules: Rules, at: Date }): Promise<DutyList> {
  const [duties, arrivals] = [await keptAt<DutyDocument>(log, at, [dutyFold], DUTIES), await arrivalsOf(log)]
  const items = duties.sort((a, b) => byCodePoint(a.id, b.id)).map(duty => dutyAnswer(duty, arrivals.get(duty.item.resourceId), at, rules)).filter(answer => fits(answer, { owner: undefined, consumer: undefined, state: undefined, ...filter }))
  return { at: at.toISOString(), items }
}

/** How what was granted stood at an instant, in the same way. */
export async function recomputeDeliveries (log: ReadableLog, { rules, at, ...filter }: DeliveryFilter & { rules: Rules, at: Date }): Promise<DeliveryList> {
  const [grants, arrivals] = [await keptAt<GrantDocument>(log, at, [demandFold, grantFold], GRANTS), await arrivalsOf(log)]
  const items = grants.sort((a, b) => byCodePoint(a.madeAt, b.madeAt) || byCodePoint(a.id, b.id)).map(grant => deliveryAnswer(grant, arrivals.get(grant.resourceId), at, rules))
    .filter(answer => isDeliveryOf(answer, { owner: undefined, consumer: undefined, state: undefined, ...filter }))
  return { at: at.toISOString(), items }
}

/** What came in, of every resource. */
async function arrivalsOf (log: ReadableLog): Promise<ArrivalsFold> {
  const fold = new ArrivalsFold()
  const partitions = await log.partitions(TOPICS.trusted)
  for (let partition = 0; partition < partitions; partition++) {
    const end = await log.end(TOPICS.trusted, partition)
    for (let from = 0; from < end;) {
      const records = await log.read(TOPICS.trusted, partition, from, { limit: PAGE })
      for (const record of records) fold.take(record)
      from += records.length
    }
  }
  return fold
}

/** What these folds kept at an instant, in one of their collections. A void event leaves nothing. */
async function keptAt<T extends Document> (log: ReadableLog, at: Date, folds: readonly Fold[], collection: string): Promise<T[]> {
  const kept = new Map<string, Map<string, Document>>()
  const of = (name: string): Map<string, Document> => kept.get(name) ?? kept.set(name, new Map()).get(name) as Map<string, Document>
  const documents = (): T[] => [...of(collection).values()] as T[]
  const end = await log.end(TOPICS.catalogue, 0)
  for (let from = 0; from < end;) {
    const records = await log.read(TOPICS.catalogue, 0, from, { limit: PAGE })
    for (const { value, storedAt, offset } of records) {
      if (storedAt > at) return documents()
      const event = JSON.parse(Buffer.from(value).toString('utf8')) as CatalogueEvent<never>
      const fold = folds.find(({ decides }) => decides.includes(event.type))
      if (fold === undefined) continue
      const writes: Array<[collection: string, document: Document]> = []
      const view: FoldView = {
        get: async <Kept extends Document> (name: string, id: string) => structuredClone(of(name).get(id)) as Kept | undefined,
        set: (name, document) => { writes.push([name, document]) }
      }
      if (await fold.apply({ event, at: storedAt.toISOString(), offset }, view) === undefined) for (const [name, document] of writes) of(name).set(document.id, document)
    }
    from += records.length
  }
  return documents()
}

/** As the store has them: by code point. */
function byCodePoint (a: string, b: string): number { return a < b ? -1 : a > b ? 1 : 0 }
