import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../services/core/clock.js'
import { Failure, type FailureCode, type Violation } from '../../services/core/failure.js'
import type { Uscc } from '../../services/core/identifiers.js'
import { told, toldFailure, type Bilingual } from '../../services/core/words.js'
import { rowOfRecord, type RegisterRow } from '../register-row.js'
import { DELETION_LIMITS, type DeletionLimits, type MarkChanges } from '../sdk/index.js'
import type { Held } from '../sdk/guard.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import { CONFIRMED_MARK, endingLine, endingsHeldMessage, HELD_MARK, inOrder, isEnding, mustAsk, namesOfEndings, standing, type Ending } from './endings.js'
import { LICENCE_LIMITS, type LicenceFields, type LicenceLimits } from './licence-fields.js'
import { LicenceFiles } from './licence-files.js'
import { isMark, markName, readMark, writeMark, type Remembered } from './marks.js'
import type { SealSigner } from './ofd-seal.js'
import { MEDIA_TYPE, writeLicence } from './ofd-writer.js'
import { decide, rowKey, type EventDraft } from './register-changes.js'

/** What the connector needs of the SDK's publisher: events and what belongs to them are kept together, or neither is. */
export interface Outbox {
  readonly marks: ReadonlyMap<string, string>
  /** Events kept and not yet acknowledged. */
  readonly pending: number
  publishMany: (events: ReadonlyArray<{ type: string, subject: string, data: unknown }>, marks?: MarkChanges) => Promise<void>
  flush: () => Promise<void>
}

/** A line of the register, as it came. */
export interface RegisterLine {
  /** Where a person finds it: file and line, or key. */
  at: string
  /** By column name, see REGISTER_COLUMNS. */
  record: Readonly<Record<string, string>>
}
/** A line that the source itself could not read. */
export interface UnreadLine { at: string, code: string, message: Bilingual }

export interface IssuingLimits {
  /** One line of the register, as JSON in UTF-8. Beyond it: RECORD_TOO_LARGE, and the line is rejected. */
  rowBytes: number
  licence: LicenceLimits
  /** Rows whose files and events are made durable together. */
  batchRows: number
  /** Events kept before they are sent. */
  flushEvents: number
}
export const ISSUING_LIMITS: IssuingLimits = { rowBytes: 16 * 1024, licence: LICENCE_LIMITS, batchRows: 64, flushEvents: 1000 }

export interface IssuingOptions {
  issuer: { uscc: Uscc, name: string }
  signer: SealSigner
  outbox: Outbox
  /** For licence files and rejects; this connector's alone, kept between starts like the outbox. */
  dir: string
  clock: Clock
  /** 证照类型代码 that this department issues; any where left out. */
  licenceTypes?: ReadonlySet<string>
  /** How many licences one run may take out of force before a person is asked; `DELETION_LIMITS` if not said. */
  deletions?: DeletionLimits
  limits?: IssuingLimits
}

export interface IssuingOutcome {
  /** Licences written, new versions included. */
  issued: number
  replaced: number
  /** Words on the state of licences: suspended, restored, revoked, cancelled. */
  stateChanges: number
  unchanged: number
  rejected: number
  /** Runs before this one of which the endings were held, one after the other; of this one they were not. */
  heldBefore?: number
  /** REVOCATIONS_HELD: this run would have ended more licences than it may, and told all else. */
  held?: Failure
}

/** Why a line of the register was left out. Values are not repeated: the register has them. */
export interface RejectedLine { at: string, code: FailureCode | (string & {}), violations: readonly Violation[] }

interface Batch { files: Array<{ sha256: string, bytes: Uint8Array }>, events: EventDraft[], set: Record<string, string> }

const REJECTS = 'rejects.jsonl'
const HELD_LIST = 'held.txt'

/**
 * Opens the connector and takes away what a crash left behind. One connector to a folder: the outbox, which is locked, sees to that.
 * @throws {Failure} STORE_UNAVAILABLE
 */
export async function openIssuing (options: IssuingOptions): Promise<IssuingConnector> {
  const files = new LicenceFiles(join(options.dir, 'licences'))
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const known = new Set<string>()
  for (const [name, mark] of options.outbox.marks) if (isMark(name)) for (const file of readMark(mark).files) known.add(file)
  await files.sweep(known)
  return new IssuingConnector(options, files)
}

/** Turns the rows of a department's register into sealed licences and the events that tell of them. */
export class IssuingConnector {
  /** The licence files, by the digests that the events name. */
  readonly files: LicenceFiles
  readonly #options: IssuingOptions
  readonly #limits: IssuingLimits
  #running = false

  constructor (options: IssuingOptions, files: LicenceFiles) {
    this.#options = options
    this.#limits = options.limits ?? ISSUING_LIMITS
    this.files = files
  }

  /** Where the lines stand that could not be followed. */
  get rejectsPath (): string { return join(this.#options.dir, REJECTS) }

  /**
   * Goes through the register once and sends what it changed. Files are durable before the events that name them, and events are
   * kept in one piece with what is remembered of their rows: after a crash at any point the next run goes on, without a gap, a
   * double, or a second file for one version of an identifier. What could not be followed stands in `rejects.jsonl`, which is
   * replaced by each run. Rows that are gone from the register say nothing: a licence ends by its state. Where that would end more than
   * may end at once, all else is told and these rows are held.
   * @param confirmed - the set of endings that a person confirmed
   * @throws {Failure} STORE_FULL, STORE_UNAVAILABLE, SEAL_UNFIT, and what the outbox throws; run again later
   */
  async run (lines: AsyncIterable<RegisterLine | UnreadLine> | Iterable<RegisterLine | UnreadLine>, confirmed?: string): Promise<IssuingOutcome> {
    if (this.#running) throw new Failure('VERSION_CONFLICT', told('登记簿正在处理中', 'the register is being gone through already'))
    this.#running = true
    const rejects = await Rejects.open(this.rejectsPath)
    try {
      const outcome: IssuingOutcome = { issued: 0, replaced: 0, stateChanges: 0, unchanged: 0, rejected: 0 }
      const seen = new Set<string>()
      const endings: Ending[] = []
      const before = standing(this.#options.outbox.marks)
      let batch: Batch = { files: [], events: [], set: {} }
      const each = async (at: string, work: () => void): Promise<void> => {
        try { work() } catch (error) {
          const rejected = rejection(at, error)
          if (rejected === undefined) throw error
          outcome.rejected++
          await rejects.add(rejected)
        }
        if (Object.keys(batch.set).length >= this.#limits.batchRows) {
          await this.#keep(batch)
          batch = { files: [], events: [], set: {} }
        }
        await setImmediate() // sealing takes a millisecond or two, and others may share this thread
      }
      for await (const line of lines) {
        await each(line.at, () => {
          if (!('record' in line)) throw new Unreadable(line.code, line.message)
          const row = this.#read(line.record)
          if (seen.has(rowKey(row))) throw refused({ pointer: '', message: told('同一证照类型和流水号在登记簿里出现了两次', 'this type and serial stand in the register twice') })
          seen.add(rowKey(row))
          if (this.#ends(row)) endings.push({ at: line.at, row })
          else this.#follow(row, batch, outcome)
        })
      }
      await this.#keep(batch)
      batch = { files: [], events: [], set: {} }
      const ordered = inOrder(endings)
      const judged = await this.#judge(ordered, before, confirmed)
      if (judged.held === undefined) {
        for (const [number, { at, row }] of ordered.entries()) {
          await each(at, () => {
            this.#follow(row, batch, outcome)
            if (judged.names !== undefined) batch.set[CONFIRMED_MARK] = judged.names[number + 1] as string
          })
        }
        await this.#keep(batch)
        await this.#endHold(outcome)
      }
      await rejects.finish()
      await this.#options.outbox.flush()
      return { ...outcome, ...judged.held !== undefined && { held: judged.held } }
    } finally {
      this.#running = false
      await rejects.close()
    }
  }

  #read (record: Readonly<Record<string, string>>): RegisterRow {
    const bytes = Buffer.byteLength(JSON.stringify(record))
    if (bytes > this.#limits.rowBytes) throw new Failure('RECORD_TOO_LARGE', ROW_TOLD.tooLarge(this.#limits.rowBytes), { violations: [{ pointer: '', message: ROW_TOLD.tooLarge(this.#limits.rowBytes) }] })
    const row = rowOfRecord(record)
    if (this.#options.licenceTypes?.has(row.licenceType) === false) throw refused({ pointer: '', message: told('本部门不颁发这类证照', 'this department does not issue this type of licence') })
    return row
  }

  #ends (row: RegisterRow): boolean {
    const { issuer, outbox, clock } = this.#options
    const mark = outbox.marks.get(markName(rowKey(row)))
    const previous = mark === undefined ? undefined : readMark(mark)
    return isEnding(previous, decide(previous, row, issuer.uscc, clock.now()))
  }

  /** May these licences be taken out of force? `names` are given where a person confirmed it. */
  async #judge (endings: readonly Ending[], before: number, confirmed: string | undefined): Promise<{ held?: Failure, names?: string[] }> {
    const { issuer, outbox, clock, dir, deletions = DELETION_LIMITS } = this.#options
    if (!mustAsk(endings.length, before, deletions)) return {}
    const names = namesOfEndings(issuer.uscc, endings)
    const name = names[0] as string
    if (name === confirmed || name === outbox.marks.get(CONFIRMED_MARK)) {
      await outbox.publishMany([], { set: { [CONFIRMED_MARK]: name } })
      return { names }
    }
    const { passes, since } = this.#held ?? { passes: 0, since: clock.now().toISOString() }
    const held: Held = { passes: passes + 1, ...since !== undefined && { since } }
    await outbox.publishMany([], { set: { [HELD_MARK]: JSON.stringify(held) }, remove: [CONFIRMED_MARK] })
    const list = join(dir, HELD_LIST)
    await writeFile(list, endings.map(endingLine).join(''), { mode: 0o600 })
    return { held: new Failure('REVOCATIONS_HELD', endingsHeldMessage({ endings, standing: before, name, held, list })) }
  }

  async #endHold (outcome: IssuingOutcome): Promise<void> {
    const { outbox, dir } = this.#options
    if (this.#held !== undefined) outcome.heldBefore = this.#held.passes
    const remove = [CONFIRMED_MARK, HELD_MARK].filter(mark => outbox.marks.has(mark))
    if (remove.length === 0) return
    await rm(join(dir, HELD_LIST), { force: true })
    await outbox.publishMany([], { remove })
  }

  get #held (): Held | undefined {
    const mark = this.#options.outbox.marks.get(HELD_MARK)
    return mark === undefined ? undefined : JSON.parse(mark) as Held
  }

  #follow (row: RegisterRow, batch: Batch, outcome: IssuingOutcome): void {
    const { issuer, outbox, clock, signer } = this.#options
    const name = markName(rowKey(row))
    const mark = outbox.marks.get(name)
    const previous = mark === undefined ? undefined : readMark(mark)
    const now = clock.now()
    const decision = decide(previous, row, issuer.uscc, now)
    if (decision.kind === 'refused') throw refused(...decision.violations)
    if (decision.kind === 'unchanged') { outcome.unchanged++; return }
    const next: Remembered = { ...decision.next, files: [...previous?.files ?? []] }
    if (decision.issue !== undefined) {
      const { licenceId, effectiveAt, replaces } = decision.issue
      const { serial, changed, ...said } = row
      const licence: LicenceFields = { ...said, licenceId, issuer }
      const { bytes, sha256, sm3, size } = writeLicence({ licence, signer, signedAt: now, limits: this.#limits.licence })
      batch.files.push({ sha256, bytes })
      next.files.push(sha256)
      batch.events.push({
        type: 'licence.issued.v1',
        subject: licenceId,
        data: { ...licence, licenceId, effectiveAt, file: { sha256, sm3, size, mediaType: MEDIA_TYPE }, ...replaces === undefined ? {} : { replaces } }
      })
      outcome.issued++
      if (replaces !== undefined) outcome.replaced++
    }
    batch.events.push(...decision.events)
    outcome.stateChanges += decision.events.filter(({ type }) => type !== 'licence.replaced.v1').length
    batch.set[name] = writeMark(next)
  }

  async #keep ({ files, events, set }: Batch): Promise<void> {
    if (Object.keys(set).length === 0) return
    const { outbox } = this.#options
    await this.files.put(files)
    await outbox.publishMany(events, { set })
    if (outbox.pending >= this.#limits.flushEvents) await outbox.flush()
  }
}

/** What a source says of a line that it could not read. */
class Unreadable extends Error {
  constructor (readonly code: string, override readonly message: Bilingual) { super(message) }
}

function refused (...violations: Violation[]): Failure {
  return new Failure('INPUT_INVALID', told('登记簿的这一行无法办理', 'this row of the register cannot be followed'), { violations })
}

/** Faults of one line; anything else ends the run. */
function rejection (at: string, error: unknown): RejectedLine | undefined {
  if (error instanceof Unreadable) return { at, code: error.code, violations: [{ pointer: '', message: error.message }] }
  if (!(error instanceof Failure) || (error.code !== 'INPUT_INVALID' && error.code !== 'RECORD_TOO_LARGE')) return undefined
  return { at, code: error.code, violations: error.violations.length > 0 ? error.violations : [{ pointer: '', message: toldFailure(error.code) }] }
}

/** The lines rejected by one run; they stand in the place of the last run's once the whole register has been gone through. */
class Rejects {
  readonly #path: string
  readonly #file: Awaited<ReturnType<typeof open>>
  private constructor (path: string, file: Awaited<ReturnType<typeof open>>) { this.#path = path; this.#file = file }

  static async open (path: string): Promise<Rejects> { return new Rejects(path, await open(`${path}.part`, 'w', 0o600)) }

  async add (line: RejectedLine): Promise<void> { await this.#file.appendFile(`${JSON.stringify(line)}\n`) }

  async finish (): Promise<void> {
    await this.#file.datasync()
    await rename(`${this.#path}.part`, this.#path)
  }

  async close (): Promise<void> { await this.#file.close() }
}
