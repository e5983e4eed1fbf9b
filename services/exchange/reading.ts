import type { DataUse } from '../../platform/http/port.js'
import type { Clock } from '../core/clock.js'
import { Failure, type FailureCode } from '../core/failure.js'
import { isCitizenId, isUscc } from '../core/identifiers.js'
import { compareKeys } from '../core/rows.js'
import { told } from '../core/words.js'
import { aboutCode, aboutRecord } from './about.js'
import { asksExistence, judge, requireSense } from './assertions.js'
import { authorise, type Authorised } from './gate.js'
import type { GrantView, ReleasePorts, SharedResource } from './ports.js'
import { type HeldRecord, type Records } from './records.js'
import { isVisible, release, valueOf } from './release.js'
import type { ReleaseSecrets } from './secrets.js'
import type { Ask, AssertionAnswer, AssertionQuestion, Outcome, QueryQuestion, Question, QueryAnswer, SharedData } from './types.js'

export interface ReadingOptions {
  records: Records
  ports: ReleasePorts
  clock: Clock
  secrets: ReleaseSecrets
  limits: { answerRows: number }
}

/** Refusals that are answers: the question, or who asks it, would have to be another. All else is trouble of ours. */
const REFUSALS: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'INPUT_INVALID', 'RESOURCE_UNKNOWN', 'NOT_SHARED', 'FIELD_UNKNOWN', 'SUBJECT_INVALID', 'GRANT_MISSING', 'GRANT_NOT_YET', 'GRANT_ENDED', 'GRANT_PULLED',
  'PURPOSE_NOT_GRANTED', 'MATTER_NOT_GRANTED', 'FORM_NOT_GRANTED', 'FIELD_NOT_GRANTED', 'REGION_NOT_GRANTED', 'ROWS_TOO_MANY'
])

/** What an answer is made of. */
type Sources = Pick<ReleasePorts, 'resource' | 'grantsFor'> & Pick<Records, 'byKey' | 'bySubject' | 'holdsAny' | 'tellsSubjects'>

export interface Reading extends SharedData {
  /** For the questions of one request: whatever several of them look at is looked at once, so that their answers agree. */
  forOneRequest: () => SharedData
}

export function createReading ({ ports, records, ...options }: ReadingOptions): Reading {
  const sources: Sources = {
    resource: async id => await ports.resource(id),
    grantsFor: async question => await ports.grantsFor(question),
    byKey: async (...about) => await records.byKey(...about),
    bySubject: async (...about) => await records.bySubject(...about),
    holdsAny: async id => await records.holdsAny(id),
    tellsSubjects: async (...about) => await records.tellsSubjects(...about)
  }
  return { ...readingOf(sources, options), forOneRequest: () => readingOf(lookedAtOnce(sources), options) }
}

function lookedAtOnce (sources: Sources): Sources {
  const looked = new Map<string, Promise<unknown>>()
  const once = async <T>(about: readonly unknown[], look: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(about)
    let seen = looked.get(key)
    if (seen === undefined) looked.set(key, seen = look())
    return await (seen as Promise<T>)
  }
  return {
    resource: async id => await once(['resource', id], async () => await sources.resource(id)),
    grantsFor: async question => await once(['grants', question.consumer, question.resourceId], async () => await sources.grantsFor(question)),
    byKey: async (...about) => await once(['key', ...about], async () => await sources.byKey(...about)),
    bySubject: async (...about) => await once(['subject', ...about], async () => await sources.bySubject(...about)),
    holdsAny: async id => await once(['any', id], async () => await sources.holdsAny(id)),
    tellsSubjects: async (...about) => await once(['tells', ...about], async () => await sources.tellsSubjects(...about))
  }
}

function readingOf (sources: Sources, { clock, secrets, limits }: Omit<ReadingOptions, 'ports' | 'records'>): SharedData {
  /**
   * Records that may be seen, `atMost` of them.
   * @throws {Failure} SUBJECT_INVALID, INPUT_INVALID
   */
  async function found ({ resourceId, key, subject }: Question, { resource, grant }: Authorised, { atMost, use }: { atMost: number, use: DataUse }): Promise<HeldRecord[]> {
    const { subjectItem } = resource
    const seen = ({ values }: HeldRecord): boolean => isVisible(values, grant, resource)
    if (key !== undefined) {
      const record = await sources.byKey(resourceId, key)
      if (record === undefined || !seen(record)) return []
      use.about = aboutRecord(record, resource) ?? use.about // who named a key may not know whose it is; the access record does
      return [record]
    }
    const rows: HeldRecord[] = []
    for (let after: string | undefined; ;) {
      const { records, next } = await sources.bySubject(resourceId, subjectItem as string, subject as string, ...(after === undefined ? [] : [after]))
      for (const record of records) if (seen(record) && rows.push(record) === atMost) return rows
      if (next === undefined) return rows
      after = next
    }
  }

  async function query (question: QueryQuestion, consumer: string, use: DataUse): Promise<QueryAnswer> {
    const fields = [...new Set(question.fields)]
    if (fields.length === 0) throw new Failure('INPUT_INVALID', 'no field is asked for', { violations: [{ pointer: '/fields', message: told('不能为空', 'is empty') }] })
    const authorised = await authorise(sources, clock, wanted(question, 'query', fields.map((name, at) => ({ name, pointer: `/fields/${at}` }))), consumer)
    const { resource, grant } = authorised
    use.grantId = grant.grantId
    requireSubject(question, resource)
    const asOf = clock.now().toISOString()
    // Who named a key knows it: it is handed back as it came.
    const nameOf = (key: string): string => question.key === key ? key : secrets.nameOf(grant.grantId, resource.resourceId, key)
    const records = await found(question, authorised, { atMost: limits.answerRows + 1, use })
    if (records.length > limits.answerRows) throw new Failure('ROWS_TOO_MANY', `an answer holds at most ${limits.answerRows} records`)
    const rows = records.flatMap(record => release(record, grant, fields, resource, nameOf) ?? [])
    rows.sort((a, b) => compareKeys(a.key, b.key)) // not in the order in which they are kept, which others than the granted values decide
    use.rows = rows.length
    return { outcome: rows.length === 0 ? 'none' : rows.length === 1 ? 'found' : 'several', rows, grantId: grant.grantId, asOf }
  }

  async function assertion (question: AssertionQuestion, consumer: string, use: DataUse): Promise<AssertionAnswer> {
    const { ask } = question
    const authorised = await authorise(sources, clock, wanted(question, 'assertion', ask.item === undefined ? [] : [{ name: ask.item, pointer: '/ask/item' }]), consumer)
    const { resource, grant } = authorised
    use.grantId = grant.grantId
    requireSubject(question, resource)
    const type = resource.items.find(({ name }) => name === ask.item)?.type
    requireSense(ask, type)
    const asOf = clock.now().toISOString()
    const rows = await found(question, authorised, { atMost: asksExistence(ask) ? 1 : 2, use })
    const answer = asksExistence(ask) ? await existence(rows.length > 0, question, resource, grant) : ofOne(rows, ask, type)
    const [only, second] = rows
    return { answer, grantId: grant.grantId, asOf, ...(only === undefined || second !== undefined ? {} : { recordedAt: only.recordedAt }) }
  }

  /** That there is none can be said only by who may see all, of a resource that has been told of, and whose records all say whom they are about. */
  async function existence (there: boolean, { ask: { exists = true }, subject }: AssertionQuestion, { resourceId, subjectItem }: SharedResource, { regions }: GrantView): Promise<AssertionAnswer['answer']> {
    if (there) return exists ? 'yes' : 'no'
    if (regions !== undefined || !await sources.holdsAny(resourceId)) return 'none'
    if (subject !== undefined && !await sources.tellsSubjects(resourceId, subjectItem as string)) return 'none'
    return exists ? 'no' : 'yes'
  }

  return {
    query: async (question, { organisation }) => {
      const use = useOf(question, 'query', [...question.fields])
      return await outcomeOf(use, async () => await query(question, organisation, use), ({ outcome }) => outcome !== 'none')
    },
    assert: async (question, { organisation }) => {
      const { item } = question.ask
      const use = useOf(question, 'assertion', item === undefined ? undefined : [item])
      return await outcomeOf(use, async () => await assertion(question, organisation, use), ({ answer }) => answer !== 'none')
    }
  }
}

/** Of one shape from the beginning: what is known in the end is filled in. */
function useOf ({ resourceId, subject, key = '' }: Question, way: DataUse['way'], fields: string[] | undefined): DataUse {
  return { about: aboutCode(subject ?? key), resource: resourceId, grantId: undefined, fields, way, outcome: 'answered', code: undefined, rows: undefined }
}

function wanted <W> ({ resourceId, purpose, matter, grantId }: Question, form: W, fields: Array<{ name: string, pointer: string }>) {
  return { resourceId, purpose, matter, form, fields, ...(grantId === undefined ? {} : { grantId }) }
}

function ofOne (rows: readonly HeldRecord[], ask: Ask, type: string | undefined): AssertionAnswer['answer'] {
  const [only, second] = rows
  if (second !== undefined) return 'several'
  const held = only === undefined ? undefined : judge(ask, valueOf(only.values ?? {}, ask.item as string), type)
  return held === undefined ? 'none' : held ? 'yes' : 'no'
}

/** @throws {Failure} INPUT_INVALID, SUBJECT_INVALID */
function requireSubject ({ subject, key }: Question, { subjectItem }: SharedResource): void {
  if ((subject === undefined) === (key === undefined)) {
    throw new Failure('INPUT_INVALID', 'either a subject or a key is asked about', { violations: [{ pointer: '/subject', message: told('与 /key 须填且只填一个', 'or /key has to be given, and not both') }] })
  }
  if (subject === undefined) return
  const invalid = (zh: string, en: string): Failure => new Failure('SUBJECT_INVALID', en, { violations: [{ pointer: '/subject', message: told(zh, en) }] })
  if (subjectItem === undefined) throw invalid('该资源没有标明记录是谁的', 'the resource does not say whom a record is about')
  if (!isUscc(subject) && !isCitizenId(subject)) throw invalid('不是校验码正确的统一社会信用代码或公民身份号码', 'is neither a USCC nor a citizen number with its right check character')
}

async function outcomeOf <Answer> (use: DataUse, ask: () => Promise<Answer>, holds: (answer: Answer) => boolean): Promise<Outcome<Answer>> {
  try {
    const answer = await ask()
    if (!holds(answer)) use.outcome = 'nothing'
    return { answer, use }
  } catch (error) {
    if (!(error instanceof Failure) || !REFUSALS.has(error.code)) throw error
    use.outcome = 'refused'
    use.code = error.code
    return { refusal: error, use }
  }
}
