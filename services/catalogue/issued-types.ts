import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import { dayInChina, type DayText } from '../core/clock.js'
import { TOPICS, type Event } from '../core/event.js'
import type { Uscc } from '../core/identifiers.js'
import { HEADERS } from '../core/quarantine.js'
import { View } from '../core/views.js'

/** What one office has really issued of one type. */
export interface IssuedType extends Document {
  issuer: Uscc
  issuerName: string
  licenceType: string
  licenceTypeName: string
  count: number
  /** Days of issue. */
  first: DayText
  last: DayText
  /** Those that came with a file, and the day on which the first of them was accepted. */
  digital: number
  digitalSince?: DayText
  /** Offset in `trusted` up to which this is told; an issuer's events stand in one partition. */
  through: number
}

const GROUP = 'catalogue-issued'
/** Counted up when the rules or documents of the view change. */
const VERSION = 1
const PAGE = 1000

interface IssueData { licenceType: string, licenceTypeName: string, issuer: { uscc: string, name: string }, issuedOn: DayText, file?: object }

/** 发证清单, kept up by what is really issued: a view of `trusted`. */
export class IssuedTypes {
  readonly #types: Collection<IssuedType>
  readonly view: Pick<View<EventRecord>, 'start' | 'stop' | 'idle' | 'rebuild'>

  private constructor (types: Collection<IssuedType>, view: IssuedTypes['view']) {
    this.#types = types
    this.view = view
  }

  static async open ({ eventLog, documents, onError }: { eventLog: EventLog, documents: Documents, onError?: (error: unknown) => void }): Promise<IssuedTypes> {
    const types = await documents.collection<IssuedType>('catalogue-issued-types')
    const view = await View.open<EventRecord>({
      eventLog, documents, onError, group: GROUP, topic: TOPICS.trusted, version: VERSION, clear: async () => { await types.clear() }, handle: async records => { await tell(types, records) }
    })
    return new IssuedTypes(types, view)
  }

  async all (): Promise<IssuedType[]> {
    const all: IssuedType[] = []
    for (let after: string | undefined; ;) {
      const { items, next } = await this.#types.find({ index: 'id', limit: PAGE, ...(after === undefined ? {} : { after }) })
      all.push(...items.map(({ document }) => document))
      if (next === undefined) return all
      after = next
    }
  }
}

/** Bears getting a batch again: each event touches one document, which knows how far it is told. */
async function tell (types: Collection<IssuedType>, records: readonly EventRecord[]): Promise<void> {
  const changed = new Map<string, IssuedType>()
  for (const { offset, value, headers, storedAt } of records) {
    const event = JSON.parse(Buffer.from(value).toString('utf8')) as Event<IssueData>
    if (event.type !== 'licence.issued.v1') continue
    const { licenceType, licenceTypeName, issuer, issuedOn, file } = event.data
    const id = `${issuer.uscc}.${licenceType}`
    const before = changed.get(id) ?? (await types.get(id))?.document
    if (before !== undefined && offset <= before.through) continue
    const accepted = dayInChina(new Date(headers[HEADERS.recordedAt] ?? storedAt))
    const digitalSince = before?.digitalSince ?? (file === undefined ? undefined : accepted)
    changed.set(id, {
      id,
      issuer: issuer.uscc,
      issuerName: issuer.name,
      licenceType,
      licenceTypeName,
      count: (before?.count ?? 0) + 1,
      first: before === undefined || issuedOn < before.first ? issuedOn : before.first,
      last: before === undefined || issuedOn > before.last ? issuedOn : before.last,
      digital: (before?.digital ?? 0) + (file === undefined ? 0 : 1),
      ...(digitalSince === undefined ? {} : { digitalSince }),
      through: offset
    })
  }
  await types.set([...changed.values()])
}
