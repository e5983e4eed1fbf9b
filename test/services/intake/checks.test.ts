import t from 'tap'
import type { Event } from '../../../services/core/event.js'
import { judge } from '../../../services/intake/checks/index.js'
import { gatherer } from '../../../services/intake/facts.js'
import { DEFAULT_LIMITS } from '../../../services/intake/index.js'
import { ranked } from '../../../services/intake/reasons.js'
import { foodLicence, issued, MARKET, NOW, POLICE, refreshed, signed, sourceKey, upserted, validate } from './support.js'

const KEY = sourceKey('k1')
const LIMITS = { ...DEFAULT_LIMITS, eventBytes: 4000, eventDepth: 6, clockSkewMs: 1000, effectiveAheadDays: 10 }

interface Case { value?: Uint8Array, signature?: string, key?: string, competent?: boolean, valid?: boolean, known?: boolean }
async function reasonsFor (event: unknown, { value, signature, key, competent = true, valid = true, known = true }: Case = {}): Promise<string[]> {
  const asSent = signed(event, KEY)
  const submission = { key: key ?? `urn:uscc:${MARKET}`, value: value ?? asSent.value, signature: signature ?? asSent.signature, receivedAt: new Date(NOW) }
  const gather = gatherer({ validate, keyFor: async () => known ? { key: KEY.publicKey, algorithm: 'EdDSA', valid } : undefined, mayIssue: async () => competent }, LIMITS)
  const facts = await gather.gather(submission, gather.read(submission.value))
  return ranked(judge(facts, LIMITS), 50).map(({ code, pointer }) => pointer === undefined ? code : `${code} ${pointer}`)
}
const revoked = (data: Record<string, unknown> = {}, envelope: Partial<Event<Record<string, unknown>>> = {}): unknown => {
  const { data: _, ...rest } = issued(1, { type: 'licence.revoked.v1', ...envelope })
  return { ...rest, data: { licenceId: foodLicence(1), effectiveAt: '2026-03-02T01:00:00Z', reason: { zh: '示例' }, ...data } }
}

t.test('an event that is right in every way has no reason against it', async t => {
  t.same(await reasonsFor(issued(1)), [])
  t.same(await reasonsFor(upserted(1)), [])
  t.same(await reasonsFor(revoked()), [])
  t.same(await reasonsFor(refreshed(1)), [])
})

t.test('shape: each fault is named alone', async t => {
  t.same(await reasonsFor(issued(1, { type: 'licence.invented.v1' })), ['EVENT_TYPE_UNKNOWN /type'])
  t.same(await reasonsFor({ ...issued(1), extra: 1 }), ['SHAPE_INVALID /extra'])
  const good = signed(issued(1), KEY)
  t.same(await reasonsFor(null, { value: Buffer.concat([good.value, Buffer.alloc(4000 - good.value.length, 32)]), signature: 'x' }), ['SIGNATURE_MALFORMED'], 'as large as the limit')
  t.same(await reasonsFor(null, { value: Buffer.concat([good.value, Buffer.alloc(4001 - good.value.length, 32)]) }), ['EVENT_TOO_LARGE'])
  t.same(await reasonsFor(null, { value: Buffer.from('[[[[[[[]]]]]]]') }), ['EVENT_UNREADABLE'])
})

t.test('identifiers: each fault is named alone', async t => {
  t.same(await reasonsFor(issued(1), { key: 'urn:uscc:other' }), ['PARTITION_KEY_WRONG /source'])
  t.same(await reasonsFor(issued(1, { subject: foodLicence(2) })), ['SUBJECT_MISMATCH /subject'])
  t.same(await reasonsFor(upserted(1, { subject: 'b' })), ['SUBJECT_MISMATCH /subject'])
  t.same(await reasonsFor(refreshed(1, {}, { subject: 'people' })), ['SUBJECT_MISMATCH /subject'])
  t.same(await reasonsFor(upserted(1, { source: '11990000YYYY01015X' }), { key: 'urn:uscc:11990000YYYY01015X' }), ['USCC_WRONG /source'])
  const id = foodLicence(1)
  const wrong = id.slice(0, -1) + [...'0123456789'].find(check => check !== id.at(-1))
  t.same(await reasonsFor(issued(1, { subject: wrong, data: { licenceId: wrong } })).then(reasons => reasons.map(reason => reason.replace('VARIANT', 'WRONG'))), ['LICENCE_ID_WRONG /data/licenceId'])
  t.same(await reasonsFor(issued(1, { data: { licenceType: '11990000YYYY010074001' } })), ['LICENCE_ID_MISMATCH /data/licenceType'])
  t.same(await reasonsFor(issued(1, { data: { holder: { name: 'x', code: '92990106MAYYY0021N', codeType: '001' } } })), ['HOLDER_CODE_INVALID /data/holder/code'])
  t.same(await reasonsFor(issued(1, { data: { holder: { name: 'x', code: '990101199002280011', codeType: '111' } } })), ['HOLDER_CODE_INVALID /data/holder/code'])
  t.same(await reasonsFor(issued(1, { data: { holder: { name: 'x', code: 'G123', codeType: '414' } } })), [], 'a code without a known rule')
})

t.test('signature: each fault is named alone', async t => {
  const { signature } = signed(issued(1), KEY)
  const [header = '', , mac = ''] = signature.split('.')
  t.same(await reasonsFor(issued(1), { signature: '' }), ['SIGNATURE_MISSING'])
  t.same(await reasonsFor(issued(1), { signature: 'abc' }), ['SIGNATURE_MALFORMED'])
  t.same(await reasonsFor(issued(1), { signature: `${header}.e30.${mac}` }), ['SIGNATURE_MALFORMED'], 'not detached')
  t.same(await reasonsFor(issued(1), { known: false }), ['KEY_UNKNOWN'])
  t.same(await reasonsFor(issued(1), { valid: false }), ['KEY_NOT_VALID'])
  t.same(await reasonsFor(issued(1), { signature: signed(issued(2), KEY).signature }), ['SIGNATURE_INVALID'])
  t.same(await reasonsFor(null, { value: Buffer.from(JSON.stringify(issued(1)) + ' '), signature }), ['SIGNATURE_INVALID'], 'one byte more, of no meaning')
  t.same(await reasonsFor(issued(1), { signature: signed(issued(1), sourceKey('k1')).signature }), ['SIGNATURE_INVALID'], 'another key under the same name')
})

t.test('authority: each fault is named alone', async t => {
  t.same(await reasonsFor(issued(1), { competent: false }), ['NOT_COMPETENT /data/licenceType'])
  const theirs = foodLicence(1, POLICE)
  t.same(await reasonsFor(revoked({ licenceId: theirs }, { subject: theirs })), ['LICENCE_NOT_OF_ISSUER /data/licenceId'])
  t.same(await reasonsFor(issued(1, { data: { replaces: theirs } })), ['LICENCE_NOT_OF_ISSUER /data/replaces'])
  t.same(await reasonsFor(issued(1, { data: { issuer: { uscc: POLICE, name: 'x' } } })), ['LICENCE_ID_MISMATCH /data/issuer/uscc', 'ISSUER_NOT_SOURCE /data/issuer/uscc'], 'the identifier names the issuer too')
  t.same(await reasonsFor(revoked(), { competent: false }), [], 'who issued it may end it, also when it may issue no more')
})

t.test('a licence moves to another region only where its issuer is competent', async t => {
  const changed = (changes: Record<string, unknown>): unknown => revoked({ changes }, { type: 'licence.changed.v1' })
  t.same(await reasonsFor(changed({ region: '990100' })), [])
  t.same(await reasonsFor(changed({ region: '990100' }), { competent: false }), ['NOT_COMPETENT /data/changes/region'])
  t.same(await reasonsFor(changed({ number: 'JY2' }), { competent: false }), [], 'all else stays the business of who issued it')
})

t.test('a day of issue lies in the future only for a licence that takes effect no earlier', async t => {
  t.same(await reasonsFor(issued(1, { data: { issuedOn: '2026-03-03', validFrom: '2026-03-03' } })), ['TIME_IN_FUTURE /data/issuedOn'])
  t.same(await reasonsFor(issued(1, { data: { issuedOn: '2026-03-03', validFrom: '2026-03-03', effectiveAt: '2026-03-02T15:59:59.999Z' } })), ['TIME_IN_FUTURE /data/issuedOn'])
  t.same(await reasonsFor(issued(1, { data: { issuedOn: '2026-03-03', validFrom: '2026-03-03', effectiveAt: '2026-03-02T16:00:00.000Z' } })), [])
})

t.test('time: both sides of each bound', async t => {
  t.same(await reasonsFor(upserted(1, { time: '2026-03-02T02:00:01.000Z' })), [])
  t.same(await reasonsFor(upserted(1, { time: '2026-03-02T02:00:01.001Z' })), ['TIME_IN_FUTURE /time'])
  t.same(await reasonsFor(refreshed(1, { asOf: '2026-03-02T02:00:01.000Z' })), [])
  t.same(await reasonsFor(refreshed(1, { asOf: '2026-03-02T02:00:01.001Z' })), ['TIME_IN_FUTURE /data/asOf'])
  t.same(await reasonsFor(refreshed(1, { asOf: '2026-02-29T02:00:00.000Z' })), ['SHAPE_INVALID /data/asOf'])
  t.same(await reasonsFor(revoked({ effectiveAt: '2026-03-12T02:00:00.000Z' })), [])
  t.same(await reasonsFor(revoked({ effectiveAt: '2026-03-12T02:00:00.001Z' })), ['EFFECTIVE_TIME_ABSURD /data/effectiveAt'])
  t.same(await reasonsFor(revoked({ effectiveAt: '1949-09-30T16:00:00.000Z' })), [])
  t.same(await reasonsFor(revoked({ effectiveAt: '1949-09-30T15:59:59.999Z' })), ['EFFECTIVE_TIME_ABSURD /data/effectiveAt'])
  t.same(await reasonsFor(issued(1, { data: { validUntil: '2026-03-02' } })), [])
  t.same(await reasonsFor(issued(1, { data: { validUntil: '2026-03-01' } })), ['VALIDITY_INVERTED /data/validUntil'])
})
