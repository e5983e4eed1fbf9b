import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import type { AccessEntry } from '../../../platform/http/port.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import type { AccessRecordV2 } from '../../../schemas/documents/access-record.v2.js'
import { AccessRecords, auditRoutes, subjectKeyFrom } from '../../../services/audit/index.js'
import { fixedClock } from '../../../services/core/clock.js'
import { canonicalJson } from '../../../services/core/json.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { bearer, codeOf, ground, NOW, tokenFor } from '../../support/server.js'

const KEY = new Uint8Array(32).fill(7)
const entry: AccessEntry = { requestId: randomUUID(), at: new Date(NOW), method: 'POST', route: '/v1/verifications', status: 200, address: '127.0.0.1' }
const person = { kind: 'person', id: '110101199003070011' } as const

async function opened (t: Test) {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const log = await openEmbeddedEventLog(database, { clock: fixedClock(NOW) })
  t.teardown(async () => { await log.close(); await database.close() })
  return { log, records: await AccessRecords.open(log, KEY) }
}

t.test('a record has the published shape, in canonical bytes, and no identifier in the clear', async t => {
  const { log, records } = await opened(t)
  await records.record({ ...entry, client: 'approval-1', organisation: '11990000YYYY010074', subject: person, purpose: '开办餐饮店', caseNumber: 'C-1', uses: [{ about: person, way: 'query', outcome: 'answered' }] })
  await records.record({ ...entry, status: 401, code: 'TOKEN_MISSING' })
  const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/documents/access-record.v2.json')
  for (const { value } of await log.read('access', 0, 0, { limit: 10 })) {
    const text = Buffer.from(value).toString('utf8')
    t.same(validate(JSON.parse(text)), [])
    t.equal(canonicalJson(JSON.parse(text)), text)
    t.notMatch(text, person.id)
  }
})

t.test('each party is named once, by a digest, and each use says which', async t => {
  const { records } = await opened(t)
  const other = { kind: 'organisation', id: '92990106MAYYY0021M' } as const
  const use = { way: 'assertion', outcome: 'answered' } as const
  await records.record({ ...entry, subject: person, uses: [{ ...use, about: other }, { ...use }, { ...use, about: person }, { ...use, about: other }] })
  await records.record({ ...entry, subject: person, uses: [use] })
  const [first, second] = (await records.list({ from: 0, limit: 10 })).items.map(({ record }) => record as AccessRecordV2)
  t.same(first?.parties, [{ kind: 'organisation', masked: '929***********021M', digest: records.digest('organisation', other.id) }, { kind: 'person', masked: '110***********0011', digest: records.digest('person', person.id) }])
  t.equal(first?.parties?.[1]?.digest, first?.subject?.digest, 'the same as that of the subject')
  t.same(first?.uses?.map(({ about }) => about), [0, undefined, 1, 0])
  t.notMatch(JSON.stringify(first), /92990106MAYYY0021M|110101199003070011/)
  t.notOk('parties' in (second ?? {}), 'nobody is named where nobody was read')
})

t.test('200 reads about 200 people fit into one record of the published shape', async t => {
  const { log, records } = await opened(t)
  await records.record({ ...entry, uses: Array.from({ length: 200 }, (_, index) => ({ about: { kind: 'person', id: `1101011990030${String(index).padStart(5, '0')}` } as const, way: 'query' as const, outcome: 'answered' as const })) })
  const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/documents/access-record.v2.json')
  const [kept] = await log.read('access', 0, 0, { limit: 1 })
  t.same(validate(JSON.parse(Buffer.from(kept?.value ?? '').toString('utf8'))), [])
})

t.test('whose the rows of a page were stands with their use, each once; a page of 1,000 rows about as many people fits', async t => {
  const { log, records } = await opened(t)
  const other = { kind: 'organisation', id: '92990106MAYYY0021M' } as const
  const use = { way: 'subscription' as const, outcome: 'answered' as const }
  const one = (index: number) => ({ kind: 'person', id: `1101011990030${String(index).padStart(5, '0')}` } as const)
  await records.record({ ...entry, uses: [{ ...use, rows: 4, rowsAbout: [other, person, other] }, { ...use, rows: 1, rowsAbout: [] }, { ...use, about: person }] })
  await records.record({ ...entry, uses: [{ ...use, rows: 1000, rowsAbout: Array.from({ length: 1000 }, (_, index) => one(index)) }] })
  const [first, second] = (await records.list({ from: 0, limit: 10 })).items.map(({ record }) => record as AccessRecordV2)
  t.same(first?.parties?.map(({ kind }) => kind), ['organisation', 'person'])
  t.same(first?.uses, [{ ...use, rows: 4, rowsAbout: [0, 1] }, { ...use, rows: 1 }, { ...use, about: 1 }])
  t.same([second?.parties?.length, second?.uses?.[0]?.rowsAbout?.at(-1)], [1000, 999])
  t.equal(second?.parties?.[999]?.digest, records.digest('person', one(999).id))
  const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/documents/access-record.v2.json')
  for (const { value } of await log.read('access', 0, 0, { limit: 2 })) t.same(validate(JSON.parse(Buffer.from(value).toString('utf8'))), [])
})

t.test('records of version 1 keep their place and are read beside those of version 2', async t => {
  const made = await ground(t, {
    register: async (app, { records, log }) => {
      const old = { requestId: randomUUID(), at: NOW, method: 'POST', route: '/v1/queries', status: 200, address: '127.0.0.1', subject: { kind: 'person', masked: '110***********0011', digest: 'x' }, uses: [{ way: 'query', outcome: 'answered' }] }
      await log.append('access', [{ key: 'unknown', value: Buffer.from(canonicalJson(old)) }])
      await app.register(auditRoutes, { prefix: '/v1', records, allow: app.allow })
    }
  })
  const response = await made.app.inject({ url: '/v1/audit/records', headers: bearer(await tokenFor(made, 'auditor')) })
  t.equal(response.statusCode, 200, response.body)
  t.match(response.json(), { items: [{ index: 0, record: { route: '/v1/queries', version: undefined } }, { index: 1, record: { version: 2, route: '/v1/tokens' } }] })
})

t.test('records of one subject can be joined by who has the key', async t => {
  const { log, records } = await opened(t)
  await records.record({ ...entry, subject: person })
  await records.record({ ...entry, subject: person })
  await records.record({ ...entry, subject: { kind: 'licence', id: person.id } })
  const digests = (await records.list({ from: 0, limit: 10 })).items.map(({ record }) => record.subject?.digest)
  t.equal(digests[0], records.digest('person', person.id))
  t.equal(digests[1], digests[0])
  t.not(digests[2], digests[0], 'another kind of subject')
  const others = await AccessRecords.open(log, new Uint8Array(32).fill(8))
  t.not(others.digest('person', person.id), digests[0])
  await t.rejects(AccessRecords.open(log, new Uint8Array(31)), { code: 'CONFIG_INVALID' })
})

t.test('the key for subjects follows from a private key alone', async t => {
  const { privateKey } = generateKeyPairSync('ed25519')
  t.equal(subjectKeyFrom(privateKey).length, 32)
  t.same(subjectKeyFrom(privateKey), subjectKeyFrom(privateKey))
  t.notSame(subjectKeyFrom(privateKey), subjectKeyFrom(generateKeyPairSync('ed25519').privateKey))
})

t.test('an auditor pages through the records, and leaves one for each page', async t => {
  const made = await ground(t, { register: async (app, { records }) => { await app.register(auditRoutes, { prefix: '/v1', records, allow: app.allow }) } })
  const headers = bearer(await tokenFor(made, 'auditor'))
  const page = async (query: string) => (await made.app.inject({ url: `/v1/audit/records${query}`, headers }))
    .json<{ items: Array<{ index: number, record: { route: string, client?: string, status: number } }>, next: number, end: number }>()
  const first = await page('?limit=1')
  t.match(first.items, [{ index: 0, record: { route: '/v1/tokens', client: 'auditor-1', status: 200 } }])
  t.same([first.next, first.end], [1, 1])
  const second = await page(`?from=${first.next}`)
  t.match(second.items, [{ index: 1, record: { route: '/v1/audit/records', client: 'auditor-1' } }])
  t.same((await page('?from=3&limit=1000')).items, [])
  for (const query of ['?limit=0', '?limit=1001', '?from=-1', '?from=x']) t.equal(codeOf(await made.app.inject({ url: `/v1/audit/records${query}`, headers })), 'INPUT_INVALID', query)
})
