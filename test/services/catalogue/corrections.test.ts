import t from 'tap'
import type { CorrectionRequest } from '../../../schemas/http/correction-request.v1.js'
import type { Flag } from '../../../services/catalogue/corrections.js'
import { TOPICS } from '../../../services/core/event.js'
import { BY_AUTHORITY, BY_COUNTY, COUNTY, openSharing, SHOPS } from './sharing-support.js'
import { BY_MARKET, contents, MARKET, OFFICE, subjectDigest } from './support.js'

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

t.test('the newest come first, or the oldest where that is asked for, page by page', async t => {
  const { sharing: { corrections }, clock } = await openSharing(t)
  const asked: string[] = []
  for (let day = 3; day <= 5; day++) {
    clock.set(`2026-03-0${day}T01:00:00.000Z`)
    asked.push((await corrections.ask(ASKED, BY_COUNTY)).correctionId)
  }
  const pages = async (order: { order?: 'oldest' }): Promise<string[]> => {
    const question = { side: 'provider' as const, organisation: MARKET, state: 'open' as const, limit: 2, ...order }
    const { items, next = '' } = await corrections.list(question)
    return [...items, ...(await corrections.list({ ...question, after: next })).items].map(({ correctionId }) => correctionId)
  }
  t.same(await pages({ order: 'oldest' }), asked)
  t.same(await pages({}), [...asked].reverse())
})

const FLAG: Flag = { about: { resourceId: SHOPS, item: '住所' }, kind: 'wrong', subject: SUBJECT, caseNumber: 'C-1', spared: true, toldAt: '2026-03-01T00:00:00.000Z' }
const LICENCE = '1.2.156.3005.2.11100000MB0001.11990000YYYY020170.202600001.001.X'

t.test('what an applicant flagged is disputed until it is answered or withdrawn, for that person alone', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  t.same(await corrections.disputed(SUBJECT), new Set())
  const { correctionId } = await corrections.flag(FLAG, BY_COUNTY)
  const second = await corrections.flag({ ...FLAG, about: { licenceId: LICENCE, issuer: MARKET } }, BY_COUNTY)
  t.same(await corrections.disputed(SUBJECT), new Set([SHOPS, LICENCE]))
  t.same(await corrections.disputed('110105194912310038'), new Set())
  await corrections.reply(correctionId, 'confirmed', '无误', BY_MARKET)
  t.same(await corrections.disputed(SUBJECT), new Set([LICENCE]))
  t.equal(await corrections.isSettled(second.correctionId), false)
  await t.rejects(corrections.withdraw(second.correctionId, '弄错了', BY_MARKET), { code: 'NOT_FOUND' }, 'whoever is asked cannot take it back')
  t.match(await corrections.withdraw(second.correctionId, '弄错了', BY_COUNTY), { state: 'withdrawn', withdrawn: { why: '弄错了' }, clock: { state: 'withdrawn' } })
  t.same(await corrections.disputed(SUBJECT), new Set())
  t.equal(await corrections.isSettled(second.correctionId), true)
  await t.rejects(corrections.withdraw(second.correctionId, '再来', BY_COUNTY), { code: 'CORRECTION_ANSWERED' })
  await t.rejects(corrections.reply(second.correctionId, 'confirmed', '无误', BY_MARKET), { code: 'CORRECTION_ANSWERED' })
})

t.test('what is asked outside a case, and what stood for no paper, is disputed nowhere', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  await corrections.ask(ASKED, BY_COUNTY)
  await corrections.flag({ ...FLAG, spared: false }, BY_COUNTY)
  t.same(await corrections.disputed(SUBJECT), new Set())
})

t.test('once its provider has spoken, the same word cannot be disputed again; what it says anew can', async t => {
  const { sharing: { corrections }, clock } = await openSharing(t)
  const disputed = async (flag: Partial<Flag>, outcome: 'confirmed' | 'corrected' | 'not-ours') => {
    const { correctionId, answeredBefore } = await corrections.flag({ ...FLAG, ...flag }, BY_COUNTY)
    const [source] = [...await corrections.disputed(SUBJECT) as ReadonlySet<string>]
    t.equal(answeredBefore, source === undefined, 'whoever flags it is told')
    await corrections.reply(correctionId, outcome, '答复', BY_MARKET)
    return source
  }
  t.equal(await disputed({}, 'corrected'), SHOPS)
  t.equal(await disputed({}, 'confirmed'), SHOPS, 'a correction that was not one')
  t.equal(await disputed({}, 'confirmed'), undefined, 'it holds in its own case alone')
  t.equal(await disputed({ about: { resourceId: `${MARKET}.names`, item: '名称' } }, 'not-ours'), `${MARKET}.names`, 'another source')
  clock.set('2026-03-05T01:00:00.000Z')
  t.equal(await disputed({ toldAt: '2026-03-04T00:00:00.000Z' }, 'confirmed'), SHOPS)
  t.equal(await disputed({ about: { licenceId: LICENCE, issuer: MARKET } }, 'confirmed'), LICENCE)
  t.equal(await disputed({ about: { licenceId: LICENCE, issuer: MARKET } }, 'confirmed'), undefined)
})

t.test('the authority stands in for a provider whose time has run out, and not before, nor for itself', async t => {
  const { sharing: { corrections }, clock } = await openSharing(t)
  const { correctionId, clock: { dueOn } } = await corrections.flag(FLAG, BY_COUNTY)
  const own = await corrections.flag(FLAG, BY_AUTHORITY)
  t.equal(dueOn, '2026-03-16')
  clock.set('2026-03-16T15:59:59.999Z')
  await t.rejects(corrections.reply(correctionId, 'confirmed', '无误', BY_AUTHORITY, { standsIn: true }), { code: 'CORRECTION_NOT_OVERDUE' })
  clock.set('2026-03-16T16:00:00.000Z')
  await t.rejects(corrections.reply(correctionId, 'confirmed', '无误', BY_AUTHORITY), { code: 'NOT_FOUND' })
  await t.rejects(corrections.reply(own.correctionId, 'confirmed', '无误', BY_AUTHORITY, { standsIn: true }), { code: 'SELF_APPROVAL' })
  t.same(await corrections.disputed(SUBJECT), new Set([SHOPS]), 'that it is overdue lifts nothing by itself')
  t.match(await corrections.reply(correctionId, 'confirmed', '无误', BY_AUTHORITY, { standsIn: true }), { state: 'answered', answered: { by: { organisation: OFFICE } } })
})

t.test('more disputes than are looked through: all is disputed', async t => {
  const { sharing: { corrections }, log } = await openSharing(t)
  for (let at = 0; at < 200; at++) await log.decide({ type: 'correction.asked.v1', subject: `c-${at}`, by: BY_COUNTY, why: '校核', data: { asked: { resourceId: `${MARKET}.r${at}`, item: '住所', kind: 'wrong', subjectMasked: '110***' }, asker: COUNTY, provider: MARKET, ruleSet: 'decree-809', who: subjectDigest(SUBJECT), disputes: true } })
  t.equal((await corrections.disputed(SUBJECT) as ReadonlySet<string>).size, 200)
  await corrections.flag(FLAG, BY_COUNTY)
  t.equal(await corrections.disputed(SUBJECT), 'all')
})

t.test('one source flagged ever so often disputes no other, and what its provider answered is not buried', async t => {
  const { sharing: { corrections }, log } = await openSharing(t)
  const flagged = async (from: number, disputes: boolean) => {
    for (let at = from; at < from + 201; at++) await log.decide({ type: 'correction.asked.v1', subject: `c-${at}`, by: BY_COUNTY, why: '校核', data: { asked: { resourceId: SHOPS, item: '住所', kind: 'wrong', subjectMasked: '110***' }, asker: COUNTY, provider: MARKET, ruleSet: 'decree-809', who: subjectDigest(SUBJECT), disputes } })
  }
  await flagged(0, true)
  await corrections.flag({ ...FLAG, about: { licenceId: LICENCE, issuer: MARKET } }, BY_COUNTY)
  t.same(await corrections.disputed(SUBJECT), new Set([SHOPS, LICENCE]))
  for (let at = 0; at < 201; at++) await corrections.reply(`c-${at}`, 'confirmed', '无误', BY_MARKET)
  t.same(await corrections.disputed(SUBJECT), new Set([LICENCE]))
  await flagged(1000, false)
  await corrections.flag(FLAG, BY_COUNTY)
  t.same(await corrections.disputed(SUBJECT), new Set([LICENCE]), 'the same word')
})

t.test('however often one office flags one item, also at once, one answer ends what it disputes', async t => {
  const { sharing: { corrections } } = await openSharing(t)
  const [first] = await Promise.all([FLAG, { ...FLAG, caseNumber: 'C-2' }, { ...FLAG, caseNumber: 'C-3' }].map(async flag => await corrections.flag(flag, BY_COUNTY)))
  const others = [await corrections.flag(FLAG, BY_AUTHORITY), await corrections.flag({ ...FLAG, about: { resourceId: SHOPS, item: '名称' } }, BY_COUNTY)]
  await corrections.reply(first?.correctionId ?? '', 'confirmed', '无误', BY_MARKET)
  for (const { correctionId } of others) {
    t.same(await corrections.disputed(SUBJECT), new Set([SHOPS]), 'by another office, or of another item')
    await corrections.reply(correctionId, 'confirmed', '无误', BY_MARKET)
  }
  t.same(await corrections.disputed(SUBJECT), new Set())
  t.equal((await corrections.list({ side: 'provider', organisation: MARKET, state: 'open', limit: 5 })).items.length, 2, 'they wait for their answer, and hold in their own cases')
})

t.test('which licence was flagged its issuer and the asker see, others a masked form; of whom nobody', async t => {
  const { sharing: { corrections }, eventLog, log } = await openSharing(t)
  const { correctionId } = await corrections.flag({ ...FLAG, about: { licenceId: LICENCE, issuer: MARKET, item: '有效期止' } }, BY_COUNTY)
  const seenBy = async (organisation: string, all: boolean) => (await corrections.get(correctionId, { organisation, all })).licenceId
  t.equal(await seenBy(MARKET, false), LICENCE)
  t.equal(await seenBy(COUNTY, false), LICENCE)
  t.equal(await seenBy(OFFICE, true), `1.2${'*'.repeat(LICENCE.length - 7)}01.X`)
  t.match((await corrections.list({ side: 'manager', organisation: OFFICE, limit: 5 })).items, [{ licenceId: /\*{10}/ }])
  t.match((await corrections.list({ side: 'provider', organisation: MARKET, limit: 5 })).items, [{ licenceId: LICENCE, item: '有效期止', subjectMasked: '110***********002X' }])
  const kept = (await eventLog.read(TOPICS.catalogue, 0, 0, { limit: 10 })).map(({ value }) => Buffer.from(value).toString('utf8')).join() + await contents(log.collection('catalogue-corrections'))
  t.notMatch(kept, SUBJECT)
})

t.test('disputes are rebuilt to the same bytes', async t => {
  const { sharing: { corrections }, log } = await openSharing(t)
  const { correctionId } = await corrections.flag(FLAG, BY_COUNTY)
  await corrections.flag({ ...FLAG, about: { licenceId: LICENCE, issuer: MARKET } }, BY_COUNTY)
  await corrections.withdraw(correctionId, '弄错了', BY_COUNTY)
  const before = await contents(log.collection('catalogue-corrections'))
  await log.rebuild()
  t.equal(await contents(log.collection('catalogue-corrections')), before)
  t.same(await corrections.disputed(SUBJECT), new Set([LICENCE]))
})
