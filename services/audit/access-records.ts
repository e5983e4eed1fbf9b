import type { KeyObject } from 'node:crypto'
import type { EventLog } from '../../platform/event-log/port.js'
import type { AccessEntry, AccessRecorder, AccessSubject } from '../../platform/http/port.js'
import type { AccessRecord as AccessRecordV1 } from '../../schemas/documents/access-record.v1.js'
import type { AccessRecordV2 } from '../../schemas/documents/access-record.v2.js'
import { TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'
import { mask } from '../core/identifiers.js'
import { canonicalJson } from '../core/json.js'
import { keyedDigest, secretFrom } from '../core/keyed-digest.js'

/** As it may stand on the topic: what is written now is of version 2. */
export type AccessRecord = AccessRecordV1 | AccessRecordV2
/** Where a record came to stand; the leaf index of the transparency log. */
export interface IndexedRecord { index: number, record: AccessRecord }

/**
 * Records who asked what, and how it ended, in the order it happened. The topic has one partition, so that a record's
 * offset is its place in the transparency log.
 */
export class AccessRecords implements AccessRecorder {
  readonly #log: EventLog
  readonly #subjectKey: Uint8Array

  private constructor (log: EventLog, subjectKey: Uint8Array) {
    this.#log = log
    this.#subjectKey = subjectKey
  }

  /** @param subjectKey - secret of 32 bytes; with another key the records of one subject can no longer be joined */
  static async open (log: EventLog, subjectKey: Uint8Array): Promise<AccessRecords> {
    if (subjectKey.length !== 32) throw new Failure('CONFIG_INVALID', 'the key for subjects of access records must have 32 bytes')
    await log.createTopic(TOPICS.access, { partitions: 1 })
    return new AccessRecords(log, subjectKey)
  }

  /** @throws {Failure} STORE_FULL, STORE_UNAVAILABLE, RECORD_TOO_LARGE: nothing may be answered then */
  async record (entry: AccessEntry): Promise<void> {
    const value = Buffer.from(canonicalJson(this.#recordOf(entry)))
    await this.#log.append(TOPICS.access, [{ key: entry.client ?? 'unknown', value }])
  }

  /** Records from this index on, at most `limit` (1 to 1,000) and some 4 MiB; empty at the end. */
  async list ({ from, limit }: { from: number, limit: number }): Promise<{ items: IndexedRecord[], next: number, end: number }> {
    const read = await this.#log.read(TOPICS.access, 0, from, { limit, bytes: LIST_BYTES })
    const items = read.map(({ offset, value }) => ({ index: offset, record: JSON.parse(Buffer.from(value).toString('utf8')) as AccessRecord }))
    return { items, next: from + items.length, end: await this.#log.end(TOPICS.access, 0) }
  }

  #recordOf ({ at, subject, uses, ...entry }: AccessEntry): Sparse<AccessRecordV2, 'uses'> & { uses: Array<Sparse<Use>> | undefined } {
    const told = new Map<string, About>() // a digest costs more than all else, and most uses are about the same one
    const aboutOf = ({ kind, id }: AccessSubject): About => {
      const name = `${kind}\n${id}`
      let about = told.get(name)
      if (about === undefined) told.set(name, about = { kind, masked: mask(id), digest: this.digest(kind, id) })
      return about
    }
    const places = new Map<About, number>()
    const placeOf = (one: AccessSubject): number => {
      const party = aboutOf(one)
      let place = places.get(party)
      if (place === undefined) places.set(party, place = places.size)
      return place
    }
    const used = uses?.map(({ about, code, fields, grantId, outcome, resource, rows, rowsAbout = [], way }) => ({
      about: about === undefined ? undefined : placeOf(about),
      code,
      fields,
      grantId,
      outcome,
      resource,
      rows,
      rowsAbout: rowsAbout.length === 0 ? undefined : [...new Set(rowsAbout.map(placeOf))],
      way
    }))
    return {
      address: entry.address,
      at: at.toISOString(),
      caseNumber: entry.caseNumber,
      client: entry.client,
      code: entry.code,
      matter: entry.matter,
      method: entry.method,
      organisation: entry.organisation,
      parties: places.size === 0 ? undefined : [...places.keys()],
      person: entry.person,
      purpose: entry.purpose,
      requestId: entry.requestId,
      route: entry.route,
      status: entry.status,
      subject: subject === undefined ? undefined : aboutOf(subject),
      uses: used,
      version: 2
    }
  }

  /**
   * By this an auditor who is given an identifier finds its records, while nobody can try out all identifiers there are.
   * @returns HMAC-SHA-256 over kind and identifier, base64url
   */
  digest (kind: string, id: string): string {
    return keyedDigest(this.#subjectKey, `${kind}\n${id}`)
  }
}

type About = NonNullable<AccessRecordV2['subject']>
/** Before it is written: the canonical form leaves out what is undefined. */
type Sparse<T, Apart extends keyof T = never> = { [Member in Exclude<keyof T, Apart>]: T[Member] | undefined }
type Use = NonNullable<AccessRecordV2['uses']>[number]
const LIST_BYTES = 4 * 1024 * 1024

export function subjectKeyFrom (privateKey: KeyObject): Uint8Array { return secretFrom(privateKey, 'mianzheng access record subjects v1') }
