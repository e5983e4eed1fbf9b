import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { Consumer, EventLog, EventRecord } from '../../platform/event-log/port.js'
import { dayInChina, type DayText } from '../core/clock.js'
import { TOPICS, type Event } from '../core/event.js'
import type { Uscc } from '../core/identifiers.js'
import { HEADERS } from '../core/quarantine.js'

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
const PAGE = 1000

interface IssueData { licenceType: string, licenceTypeName: string, issuer: { uscc: string, name: string }, issuedOn: DayText, file?: object }

/** 发证清单, kept up by what is really issued: a view of `trusted`. */
export class IssuedTypes {
  readonly #eventLog: EventLog
  readonly #types: Collection<IssuedType>
  readonly #onError: ((error: unknown) => void) | undefined
  #consumer: Consumer | undefined

  private constructor (eventLog: EventLog, types: Collection<IssuedType>, onError: ((error: unknown) => void) | undefined) {
    this.#eventLog = eventLog
    this.#types = types
    this.#onError = onError
  }

  static async open ({ eventLog, documents, onError }: { eventLog: EventLog, documents: Documents, onError?: (error: unknown) => void }): Promise<IssuedTypes> {
    return new IssuedTypes(eventLog, await documents.collection('catalogue-issued-types'), onError)
  }

  start (): void {
    this.#consumer = this.#eventLog.consume({
      group: GROUP, topic: TOPICS.trusted, batch: 500, ...(this.#onError === undefined ? {} : { onError: this.#onError }), handle: async records => { await this.#handle(records) }
    })
  }

  async stop (): Promise<void> {
    await this.#consumer?.stop()
    this.#consumer = undefined
  }

  async idle (): Promise<void> { await this.#consumer?.idle() }

  async all (): Promise<IssuedType[]> {
    const all: IssuedType[] = []
    for (let after: string | undefined; ;) {
      const { items, next } = await this.#types.find({ index: 'id', limit: PAGE, ...(after === undefined ? {} : { after }) })
      all.push(...items.map(({ document }) => document))
      if (next === undefined) return all
      after = next
    }
  }

  /** Throws the view away and reads it off `trusted` again. */
  async rebuild (): Promise<void> {
    const running = this.#consumer !== undefined
    await this.stop()
    await this.#types.clear()
    const partitions = await this.#eventLog.partitions(TOPICS.trusted)
    for (let partition = 0; partition < partitions; partition++) await this.#eventLog.commit(GROUP, TOPICS.trusted, partition, 0)
    if (!running) return
    this.start()
    await this.idle()
  }

  /** Bears getting a batch again: each event touches one document, which knows how far it is told. */
  async #handle (records: readonly EventRecord[]): Promise<void> {
    const changed = new Map<string, IssuedType>()
    for (const { offset, value, headers, storedAt } of records) {
      const event = JSON.parse(Buffer.from(value).toString('utf8')) as Event<IssueData>
      if (event.type !== 'licence.issued.v1') continue
      const { licenceType, licenceTypeName, issuer, issuedOn, file } = event.data
      const id = `${issuer.uscc}.${licenceType}`
      const before = changed.get(id) ?? (await this.#types.get(id))?.document
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
    await this.#types.set([...changed.values()])
  }
}
