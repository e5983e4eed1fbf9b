import type { Collection, Document, Documents, Page, Stored } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import { TOPICS } from '../core/event.js'
import type { Uscc } from '../core/identifiers.js'
import type { Actor, At, QuarantineRecord, Reason, Stage } from '../core/quarantine.js'
import { View } from '../core/views.js'

/** One refused event, as an operator sees it: why and where, never what it says. */
export interface QuarantineEntry extends Document {
  stage: Stage
  state: 'open' | 'released' | 'discarded'
  reasons: Reason[]
  /** Waits for an event before it, and is judged again of itself. */
  waiting: boolean
  refusedAt: string
  /** When it was last judged, or settled. */
  updatedAt: string
  /** SHA-256 of the bytes. */
  digest: string
  inbound: At
  /** How often it came in. */
  times: number
  source?: Uscc
  sequence?: number
  eventId?: string
  type?: string
  /** Masked. */
  subject?: string
  submitter?: Uscc
  acts: Array<{ request: 'replay' | 'discard', at: string, by: Actor, why: string }>
  // What the indexes need
  /** Codes of the reasons, and `*`, while it is open. */
  causes: string[]
  /** Whose it is: the source, or else who handed it in. */
  owner: string
  /** Sorts by age. */
  age: string
  /** Offset in `quarantine` up to which this is told. */
  through: number
}

const ACTS_SHOWN = 50

const GROUP = 'quarantine'
/** Counted up when the rules or documents of the view change. */
const VERSION = 1

export interface QuarantineOptions { eventLog: EventLog, documents: Documents, batch: number, onError?: (error: unknown) => void }

/** The view of the topic `quarantine`; written by the group that consumes it. */
export class Quarantine {
  readonly #entries: Collection<QuarantineEntry>
  readonly view: Pick<View<EventRecord>, 'start' | 'stop' | 'idle'>
  private constructor (entries: Collection<QuarantineEntry>, view: Quarantine['view']) {
    this.#entries = entries
    this.view = view
  }

  static async open (options: QuarantineOptions): Promise<Quarantine> {
    const entries = await options.documents.collection<QuarantineEntry>('quarantine', {
      indexes: {
        byCause: { on: ['causes', 'age'], array: 'causes' },
        byOwner: { on: ['owner', 'age'] },
        byOwnerCause: { on: ['owner', 'causes', 'age'], array: 'causes' },
        bySequence: { on: ['source', 'sequence'] }
      }
    })
    const view = await View.open<EventRecord>({
      ...options, group: GROUP, topic: TOPICS.quarantine, version: VERSION, clear: async () => { await entries.clear() }, handle: async records => { await tell(entries, records) }
    })
    return new Quarantine(entries, view)
  }

  async get (id: string): Promise<QuarantineEntry | undefined> { return (await this.#entries.get(id))?.document }

  /** Open ones, oldest first; of one organisation where `owner` is said. */
  async list ({ cause = '*', owner, limit, after }: { cause?: string, owner?: Uscc, limit: number, after?: string }): Promise<{ items: QuarantineEntry[], next?: string }> {
    return page(await this.#entries.find({ ...underCause(cause, owner), limit, ...(after === undefined ? {} : { after }) }))
  }

  /** All of one organisation, settled ones too, newest first. */
  async listOf (owner: Uscc, { limit, after }: { limit: number, after?: string }): Promise<{ items: QuarantineEntry[], next?: string }> {
    return page(await this.#entries.find({ index: 'byOwner', equals: [owner], order: 'descending', limit, ...(after === undefined ? {} : { after }) }))
  }

  /** How many stand open for each of these causes, counted no further than `atMost`. */
  async counts (causes: readonly string[], atMost: number, owner?: Uscc): Promise<Record<string, number>> {
    const counted = await Promise.all(causes.map(async cause => [cause, await this.#entries.count(underCause(cause, owner), atMost)] as const))
    return Object.fromEntries(counted.filter(([, count]) => count > 0))
  }

  async ofSequence (source: string, sequence: number): Promise<QuarantineEntry[]> {
    const { items } = await this.#entries.find({ index: 'bySequence', equals: [source, sequence], limit: 100 })
    return items.map(({ document }) => document)
  }
}

function underCause (cause: string, owner: Uscc | undefined): { index: string, equals: string[] } {
  return owner === undefined ? { index: 'byCause', equals: [cause] } : { index: 'byOwnerCause', equals: [owner, cause] }
}

function page ({ items, next }: Page<QuarantineEntry>): { items: QuarantineEntry[], next?: string } {
  return { items: items.map(({ document }: Stored<QuarantineEntry>) => document), ...(next === undefined ? {} : { next }) }
}

/** Bears getting a batch again. */
async function tell (view: Collection<QuarantineEntry>, records: readonly EventRecord[]): Promise<void> {
  const told = records.map(record => ({ record, said: JSON.parse(Buffer.from(record.value).toString('utf8')) as QuarantineRecord }))
  const ids = [...new Set(told.map(({ said }) => said.id))]
  const entries = new Map<string, QuarantineEntry>()
  for (let at = 0; at < ids.length; at += 1000) {
    for (const { document } of await view.getMany(ids.slice(at, at + 1000))) entries.set(document.id, document)
  }
  const changed = new Map<string, QuarantineEntry>()
  for (const { record, said } of told) {
    const entry = entries.get(said.id)
    if (entry !== undefined && record.offset <= entry.through) continue // told before a crash
    const next = apply(entry, said, record)
    if (next === undefined) continue
    entries.set(next.id, next)
    changed.set(next.id, next)
  }
  const all = [...changed.values()]
  for (let at = 0; at < all.length; at += 1000) await view.set(all.slice(at, at + 1000))
}

/** @returns undefined where it is about an entry that never was: its event came in order before it could be written down */
function apply (entry: QuarantineEntry | undefined, said: QuarantineRecord, { offset, partition }: EventRecord): QuarantineEntry | undefined {
  if (said.action === 'refused') {
    const { action, act, at, ...facts } = said
    const known = entry ?? {
      state: 'open' as const, refusedAt: at, times: 0, acts: [], owner: said.source ?? said.submitter ?? '', age: `${at} ${String(partition).padStart(6, '0')} ${String(offset).padStart(15, '0')}`
    }
    const cameAgain = entry === undefined || said.inbound.offset > entry.inbound.offset
    const open = known.state === 'open'
    return {
      ...known,
      ...facts,
      times: known.times + (cameAgain ? 1 : 0),
      updatedAt: at,
      waiting: open && said.waiting,
      causes: open ? ['*', ...new Set(said.reasons.map(({ code }) => code))] : [],
      through: offset
    }
  }
  if (entry === undefined) return undefined
  switch (said.action) {
    case 'requested': return { ...entry, through: offset, acts: [...entry.acts, { request: said.request, at: said.at, by: said.by, why: said.why }].slice(-ACTS_SHOWN) }
    case 'released': return { ...entry, state: 'released', waiting: false, causes: [], updatedAt: said.at, through: offset }
    case 'discarded': return { ...entry, state: 'discarded', waiting: false, causes: [], updatedAt: said.at, through: offset }
  }
}
