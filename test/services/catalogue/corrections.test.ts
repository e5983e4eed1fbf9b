import t from 'tap'
import type { CorrectionRequest } from '../../../schemas/http/correction-request.v1.js'
import { TOPICS } from '../../../services/core/event.js'
import { BY_COUNTY, COUNTY, openSharing, SHOPS } from './sharing-support.js'
import { BY_MARKET, contents, MARKET, OFFICE } from './support.js'

const SUBJECT = '11010519491231002X'
const ASKED: CorrectionRequest = { resourceId: SHOPS, item: '住所', kind: 'outdated', subject: SUBJECT, caseNumber: 'C-1', note: '当事人称已迁址', rowDigest: 'a'.repeat(64) }

t.test('a provider is asked to verify an item and answers once, within ten working days', async t => {
  const { sharing: { corrections }, clock } = await openSharing(t)
  const asked = await corrections.ask(ASKED, BY_COUNTY)
  t.match(asked, { state: 'open', provider: MARKET, asker: COUNTY, item: '住所', kind: 'outdated', clock: { state: 'running', dueOn: '2026-03-16', article: '26' } })
  await t.rejects(corrections.reply(asked.correctionId, 'corrected', '已更正', BY_COUNTY), { code: 'NOT_FOUND' })
  clock.set('2026-03-17T01:00:00.000Z')
  t.match(await corrections.get(asked.correctionId, { organisation: COUNTY, all: false }), { clock: { state: 'overdue', lateWorkingDays: 1 } })
  t.match(await corrections.reply(asked.correctionId, 'corrected', '已更正', BY_MARKET), { state: 'answered', answered: { outcome: 'corrected', why: '已更正' }, clock: { state: 'answered-late' } })
  await t.rejects(corrections.reply(asked.correctionId, 'confirmed', '无误', BY_MARKET), { code: 'CORRECTION_ANSWERED' })
})

t.test('nothing that is kept says whom it is about', async t => {
  const { sharing: { corrections }, eventLog, log } = await openSharing(t)
  t.equal((await corrections.ask(ASKED, BY_COUNTY)).subjectMasked, '110***********002X')
  const kept = (await eventLog.read(TOPICS.catalogue, 0, 0, { limit: 10 })).map(({ value }) => Buffer.from(value).toString('utf8')).join() + await contents(log.collection('catalogue-corrections'))
  t.notMatch(kept, SUBJECT)
  t.notMatch(kept, /\d{17}/)
})

t.test('an item that is none, of a resource that is none, cannot be verified', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  await t.rejects(corrections.ask({ ...ASKED, item: '电话' }, BY_COUNTY), { code: 'FIELD_UNKNOWN' })
  await t.rejects(corrections.ask({ ...ASKED, resourceId: `${MARKET}.nothing` }, BY_COUNTY), { code: 'RESOURCE_UNKNOWN' })
  await t.rejects(corrections.ask({ ...ASKED, ruleSet: 'none' }, BY_COUNTY), { code: 'RULE_SET_UNKNOWN' })
})

t.test('two answers at once: one counts', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  const { correctionId } = await corrections.ask(ASKED, BY_COUNTY)
  const outcomes = await Promise.allSettled([corrections.reply(correctionId, 'corrected', '已更正', BY_MARKET), corrections.reply(correctionId, 'confirmed', '无误', BY_MARKET)])
  t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

t.test('each side finds its own, and nobody what is between others', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  const { correctionId } = await corrections.ask(ASKED, BY_COUNTY)
  const count = async (side: 'asker' | 'provider' | 'manager', organisation: string, state?: 'open' | 'answered') => (await corrections.list({ side, organisation, limit: 5, ...(state === undefined ? {} : { state }) })).items.length
  t.same([await count('asker', COUNTY), await count('provider', MARKET, 'open'), await count('manager', OFFICE), await count('asker', MARKET), await count('asker', COUNTY, 'answered')], [1, 1, 1, 0, 0])
  await t.rejects(corrections.get(correctionId, { organisation: OFFICE, all: false }), { code: 'NOT_FOUND' })
})
