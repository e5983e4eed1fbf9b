import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SampleProvince } from '../config/province.js'
import type { SampleResource } from '../config/sample-catalogue.js'
import type { Settings } from '../config/settings.js'
import { csvFolder } from '../connectors/csv/index.js'
import { ISSUING_LIMITS, openIssuing, type IssuingConnector, type IssuingOutcome, type RegisterLine, type UnreadLine } from '../connectors/issuing/connector.js'
import { markName, readMark } from '../connectors/issuing/marks.js'
import { rowKey } from '../connectors/issuing/register-changes.js'
import { linesOfSource } from '../connectors/issuing/source-lines.js'
import { FACE_PREFIX, REGISTER_COLUMNS, rowOfRecord } from '../connectors/register-row.js'
import { Exchange, follow, openPublisher, openRejects, type DeletionLimits, type ExchangeNews, type FollowOutcome, type Publisher, type Source } from '../connectors/sdk/index.js'
import type { CsvSource } from '../schemas/documents/csv-source.v1.js'
import { KeyLayout, readSealing, readSigningKey } from '../keys/index.js'
import { dayInChina, type Clock } from '../services/core/clock.js'

type DepartmentConfig = SampleProvince['departments'][number]
type LicenceConfig = DepartmentConfig['licences'][number]

/** Where a department's own things stand below DATA_DIR; the exchange never looks there. */
export function departmentFolders (directory: string, id: string): { register: string, records: string, issuing: string, outbox: string } {
  const folder = join(directory, 'departments', id)
  return { register: join(folder, 'register'), records: join(folder, 'records'), issuing: join(folder, 'issuing'), outbox: join(folder, 'outbox') }
}

/** A client of the exchange as its folder of keys makes it; `clientId` is a department or another system. */
export function clientOf ({ settings, url, clientId, ...how }: { settings: Settings, url: string, clientId: string, signal?: AbortSignal, attempts?: number, onNews?: (news: ExchangeNews) => void }): Exchange {
  const key = readSigningKey(new KeyLayout(settings.data.directory).client(clientId).key)
  return new Exchange({ url, clientId, key, audience: settings.identity.issuer, ...how })
}

function deletionLimits ({ holdAbovePercent, holdAboveRows }: Settings['connectors']): DeletionLimits { return { holdAbovePercent, holdAboveRows } }

/** One department's issuing connector with everything that it needs from its folders. Close it when done. */
export class Department {
  readonly config: DepartmentConfig
  readonly publisher: Publisher
  readonly issuing: IssuingConnector
  readonly #directory: string
  readonly #limits: Settings['connectors']

  private constructor (config: DepartmentConfig, publisher: Publisher, issuing: IssuingConnector, settings: Settings) {
    this.config = config
    this.publisher = publisher
    this.issuing = issuing
    this.#directory = settings.data.directory
    this.#limits = settings.connectors
  }

  static async open ({ config, settings, clock, ...how }: { config: DepartmentConfig, settings: Settings, url: string, clock: Clock, signal?: AbortSignal, onNews?: (news: ExchangeNews) => void }): Promise<Department> {
    const keys = new KeyLayout(settings.data.directory).department(config.id)
    const folders = departmentFolders(settings.data.directory, config.id)
    const { batchEvents } = settings.connectors
    const publisher = await openPublisher({
      source: `urn:uscc:${config.uscc}`,
      key: readSigningKey(keys.eventKey),
      dir: folders.outbox,
      exchange: clientOf({ settings, clientId: config.id, ...how }),
      clock,
      batchEvents,
      batchBytes: settings.http.bodyBytes,
      eventBytes: settings.intake.eventBytes,
      jsonDepth: settings.intake.jsonDepth
    })
    try {
      const issuing = await openIssuing({
        issuer: { uscc: config.uscc, name: config.name },
        signer: readSealing(keys),
        outbox: publisher,
        dir: folders.issuing,
        clock,
        licenceTypes: new Set(config.licences.map(({ type }) => type)),
        deletions: deletionLimits(settings.connectors),
        limits: { ...ISSUING_LIMITS, rowBytes: settings.connectors.rowBytes }
      })
      return new Department(config, publisher, issuing, settings)
    } catch (error) {
      await publisher.close()
      throw error
    }
  }

  /**
   * Goes through the whole register and sends what changed.
   * @param confirmed - the set of endings that a person confirmed
   */
  async issue (confirmed?: string): Promise<IssuingOutcome> { return await this.issuing.run(this.#lines(this.config.licences), confirmed) }

  /**
   * Issues the first row of each type that is in force, and puts its file where a newcomer finds it: `samples/<id>.ofd`. The rest
   * of the register follows with `issue`.
   */
  async issueSamples (clock: Clock): Promise<void> {
    const today = dayInChina(clock.now())
    for (const licence of this.config.licences) {
      const path = join(this.#directory, 'samples', `${licence.id}.ofd`)
      if (existsSync(path)) continue
      for await (const line of this.#lines([licence])) {
        if (!('record' in line)) continue
        const row = rowOfRecord(line.record)
        if (row.changed !== undefined || row.validFrom > today || (row.validUntil ?? today) < today) continue
        await this.issuing.run([line])
        const mark = this.publisher.marks.get(markName(rowKey(row)))
        const sha256 = mark === undefined ? undefined : readMark(mark).files.at(-1)
        if (sha256 === undefined) continue
        mkdirSync(join(this.#directory, 'samples'), { recursive: true })
        copyFileSync(this.issuing.files.pathOf(sha256), `${path}.part`)
        renameSync(`${path}.part`, path)
        break
      }
    }
  }

  /** Publishes what changed in a folder of CSV files. */
  async publishCsv (source: CsvSource, clock: Clock, confirmed?: string): Promise<FollowOutcome> {
    const { rowBytes, fileBytes, columns } = this.#limits
    return await this.publish(csvFolder({ ...source, limits: { rowBytes, fileBytes, columns } }), clock, confirmed)
  }

  /**
   * Publishes what changed in another system of the department, through the same outbox as the licences, since the numbers of a source
   * have no gaps. Rows that cannot be published stand in `rejects-<resource>.jsonl` of the department's folder, keys of those that a held
   * pass would have deleted in `held-<resource>.txt`.
   * @param confirmed - the set of rows whose deletion a person confirmed
   * @throws {Failure} DELETIONS_HELD; what `follow` throws
   */
  async publish (source: Source, clock: Clock, confirmed?: string): Promise<FollowOutcome> {
    const heldPath = join(this.#folder, `held-${source.resource}.txt`)
    const rejects = await openRejects(this.rejectsPath(source.resource), clock.now().toISOString())
    try {
      const outcome = await follow({
        source: { ...source, deletions: source.deletions ?? deletionLimits(this.#limits) },
        publisher: this.publisher,
        onRejected: rejects.add,
        announce: clock,
        onHeld: keys => {
          writeFileSync(heldPath, keys.map(key => `${key}\n`).join(''), { mode: 0o600 })
          return heldPath
        },
        ...confirmed !== undefined && { confirmed }
      })
      await rejects.finish()
      rmSync(heldPath, { force: true })
      return outcome
    } catch (error) {
      await rejects.abandon()
      throw error
    }
  }

  /** Where the rows stand that could not be published of a resource. */
  rejectsPath (resource: string): string { return join(this.#folder, `rejects-${resource}.jsonl`) }

  /** Publishes what changed in one of its data sets, which stands in `records/<name>` of its folder. */
  async publishRecords ({ name, keyItems, items }: SampleResource, clock: Clock, confirmed?: string): Promise<FollowOutcome> {
    const { records } = departmentFolders(this.#directory, this.config.id)
    return await this.publishCsv({
      resource: name,
      dir: join(records, name),
      key: keyItems,
      columns: items.map(({ name, type, required = false }) => ({ heading: name, type: type === 'code' ? 'text' : type, required }))
    }, clock, confirmed)
  }

  async close (): Promise<void> { await this.publisher.close() }

  get #folder (): string { return dirname(departmentFolders(this.#directory, this.config.id).outbox) }

  async * #lines (licences: readonly LicenceConfig[]): AsyncGenerator<RegisterLine | UnreadLine> {
    const { register } = departmentFolders(this.#directory, this.config.id)
    const present = existsSync(register) ? readdirSync(register) : []
    for (const { type, extra } of licences) {
      if (!present.includes(type)) continue
      const headings = [...Object.values(REGISTER_COLUMNS), ...Object.keys(extra).map(name => FACE_PREFIX + name)]
      const { rowBytes, fileBytes, columns } = this.#limits
      yield * linesOfSource(csvFolder({
        dir: join(register, type),
        resource: `register-${type}`,
        key: [REGISTER_COLUMNS.licenceType, REGISTER_COLUMNS.serial],
        columns: headings.map(heading => ({ heading })),
        limits: { rowBytes, fileBytes, columns }
      }))
    }
  }
}
