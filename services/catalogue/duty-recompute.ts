import type { EventLog } from '../../platform/event-log/port.js'
import type { Document } from '../../platform/documents/port.js'
import type { DutyList } from '../../schemas/http/duty-list.v1.js'
import { TOPICS } from '../core/event.js'
import type { CatalogueEvent, FoldView } from './catalogue-log.js'
import { dutyAnswer, dutyFold, fits, DUTIES, type DutyDocument, type DutyFilter } from './duties.js'
import { ArrivalsFold } from './duty-arrivals.js'
import type { Rules } from './rule-sets.js'

const PAGE = 1000

/** What working it out needs of a log: no more than reading. */
export type ReadableLog = Pick<EventLog, 'read' | 'end' | 'partitions'>

/**
 * The responsibility list at an instant, worked out of the log alone: no view is asked and nothing is written. Its canonical form is
 * that of the running exchange, byte for byte.
 */
export async function recomputeDuties (log: ReadableLog, { rules, at, ...filter }: DutyFilter & { rules: Rules, at: Date }): Promise<DutyList> {
  const [duties, arrivals] = [await dutiesAt(log, at), await arrivalsOf(log)]
  const items = duties.map(duty => dutyAnswer(duty, arrivals.get(duty.item.resourceId), at, rules)).filter(answer => fits(answer, { owner: undefined, consumer: undefined, state: undefined, ...filter }))
  return { at: at.toISOString(), items }
}

/** What came in, of every resource. */
export async function arrivalsOf (log: ReadableLog): Promise<ArrivalsFold> {
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

async function dutiesAt (log: ReadableLog, at: Date): Promise<DutyDocument[]> {
  const duties = new Map<string, DutyDocument>()
  const end = await log.end(TOPICS.catalogue, 0)
  for (let from = 0; from < end;) {
    const records = await log.read(TOPICS.catalogue, 0, from, { limit: PAGE })
    for (const { value, storedAt, offset } of records) {
      if (storedAt > at) return inOrder(duties)
      const event = JSON.parse(Buffer.from(value).toString('utf8')) as CatalogueEvent<never>
      if (!dutyFold.decides.includes(event.type)) continue
      const view: FoldView = {
        get: async <T extends Document> (_collection: string, id: string) => structuredClone(duties.get(id)) as T | undefined,
        set: (collection, document) => { if (collection === DUTIES) duties.set(document.id, document as DutyDocument) }
      }
      await dutyFold.apply({ event, at: storedAt.toISOString(), offset }, view)
    }
    from += records.length
  }
  return inOrder(duties)
}

/** As the store has them: by code point. */
function inOrder (duties: ReadonlyMap<string, DutyDocument>): DutyDocument[] { return [...duties.values()].sort((a, b) => a.id < b.id ? -1 : 1) }
