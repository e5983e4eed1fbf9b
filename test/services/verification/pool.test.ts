import t from 'tap'
import type { Failure } from '../../../services/core/failure.js'
import { gather, judge, STRICTEST } from '../../../services/verification/index.js'
import { VerificationPool } from '../../../services/verification/pool.js'
import { sampleLicence, SAMPLE_AT } from '../../support/sample-licence.js'
import { sampleTrust, sampleTrustFiles } from '../../support/trust.js'

const AT = SAMPLE_AT.toISOString()
const SETTINGS = { workers: 1, queueDocuments: 2, timeoutMs: 30_000, workerMemoryMiB: 64 }
const stuck = new URL('../../support/stuck-worker.js', import.meta.url)
const { bytes, authority } = await sampleLicence()
const files = sampleTrustFiles(authority)

t.test('a worker finds the same facts as this thread', async t => {
  const pool = new VerificationPool(SETTINGS)
  t.teardown(async () => { await pool.close() })
  t.same(await pool.gather(bytes, files, { at: AT }, 'window'), gather(bytes, sampleTrust(authority), { at: AT }))
  t.equal((await pool.gather(bytes, files, { at: AT, withSm3: true }, 'window')).facts.input?.sm3.length, 64)
})

t.test('a trust directory that cannot be used is a failure of the call', async t => {
  const pool = new VerificationPool(SETTINGS)
  t.teardown(async () => { await pool.close() })
  await t.rejects(pool.gather(bytes, { ...files, digest: 'other', policy: Buffer.from('{"x":1}') }, { at: AT }, 'window'), { code: 'TRUST_POLICY_INVALID' })
  t.ok((await pool.gather(bytes, files, { at: AT }, 'window')).facts.package)
})

t.test('a document that takes too long, too much memory, or ends its worker is answered indeterminate, and the next one is served', async t => {
  const pool = new VerificationPool({ ...SETTINGS, timeoutMs: 2_000, workerMemoryMiB: 16 }, stuck)
  t.teardown(async () => { await pool.close() })
  const ask = async (first: number) => judge((await pool.gather(Buffer.from([first]), files, { at: AT }, 'window')).facts, STRICTEST, AT)
  for (const [first, code] of [[1, 'VERIFICATION_TIMED_OUT'], [2, 'VERIFICATION_STOPPED'], [3, 'VERIFICATION_STOPPED']] as const) {
    const report = await ask(first)
    t.equal(report.verdict, 'indeterminate')
    t.equal(report.checks.find(({ name }) => name === 'format')?.status, 'indeterminate')
    t.match(report.checks[0], { code })
    t.match((await ask(0)).checks[0], { code: 'FILE_TYPE_UNKNOWN' })
  }
})

t.test('a full queue refuses, a closed pool too, and what is in hand ends first', async t => {
  const pool = new VerificationPool(SETTINGS)
  const taken = [1, 2, 3].map(async () => await pool.gather(bytes, files, { at: AT }, 'window'))
  t.equal(pool.depth, 3)
  await t.rejects(pool.gather(bytes, files, { at: AT }, 'window'), { code: 'QUEUE_FULL' })
  const outcomes = Promise.allSettled(taken)
  await pool.close()
  t.same((await outcomes).map(({ status }) => status), ['fulfilled', 'rejected', 'rejected'])
  await t.rejects(pool.gather(bytes, files, { at: AT }, 'window'), { code: 'SHUTTING_DOWN' })
})

t.test('of a full queue whoever has most waiting gives way, and no one of whom less waits is kept waiting behind all of it', async t => {
  const pool = new VerificationPool({ ...SETTINGS, queueDocuments: 4 })
  t.teardown(async () => { await pool.close() })
  const done: string[] = []
  const ask = async (asker: string, name: string): Promise<void> => {
    await pool.gather(bytes, files, { at: AT }, asker).then(() => { done.push(name) }, (error: unknown) => { done.push(`${name} ${(error as Failure).code}`) })
  }
  const asked = [ask('many', 'm1'), ask('many', 'm2'), ask('many', 'm3'), ask('many', 'm4'), ask('many', 'm5')] // one in hand, four wait
  await t.rejects(pool.gather(bytes, files, { at: AT }, 'many'), { code: 'QUEUE_FULL' }, 'its own it does not push out')
  asked.push(ask('few', 'f1'), ask('other', 'o1'))
  await t.rejects(pool.gather(bytes, files, { at: AT }, 'few'), { code: 'QUEUE_FULL' }, 'nobody has more waiting than two')
  t.equal(pool.depth, 5)
  await Promise.all(asked)
  t.same(done, ['m5 UPLOADS_TOO_MANY', 'm4 UPLOADS_TOO_MANY', 'm1', 'm2', 'f1', 'o1', 'm3'])
  await ask('many', 'again')
  t.equal(done.at(-1), 'again', 'and goes on from there')
})
