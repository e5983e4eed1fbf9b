import t from 'tap'
import type { EventLog } from '../../../platform/event-log/port.js'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import type { Authority, Catalogue } from '../../../services/catalogue/index.js'
import type { Caller } from '../../../services/core/caller.js'
import { TOPICS, type Event } from '../../../services/core/event.js'
import { FOOD, foodLicence, issued } from '../intake/support.js'
import { contents, MANAGER, MARKET, OFFICE, openCatalogue, PROVIDER, publish, recorded, shops } from './support.js'

const HEALTH = '11990000YYYY010074006'
const MARRIAGE = '11990000YYYY010074007'
const authority = (licenceType: string, licenceTypeName: string, more: Partial<Authority> = {}): Authority => ({
  issuer: MARKET, issuerName: '示例省市场监督管理局', licenceType, licenceTypeName, regions: ['990000'], from: '2026-01-01', ...more
})
const AUTHORITIES = [authority(FOOD, '食品经营许可证'), authority(HEALTH, '从业人员健康证明', { to: '2026-03-01' }), authority(MARRIAGE, '结婚证')]
const WINDOW: Caller = { client: 'approval-window', organisation: OFFICE, roles: ['approval'], scopes: [] }

/** A matter of which only the materials matter here. */
function matter (id: string, materials: Array<Partial<Matter['materials'][number]> & { ways: unknown[] }>): Matter {
  return { id, name: { zh: `事项${id}`, en: id }, form: 'none', materials } as unknown as Matter
}
const material = (id: string, zh: string, ways: object[], kind = 'licence') => ({ id, name: { zh, en: id }, kind, ways } as Partial<Matter['materials'][number]> & { ways: unknown[] })
const MATTERS = {
  matters: [
    matter('open-restaurant', [
      material('health', '健康证明', [{ way: 'licence', licenceType: '从业人员健康证明', holder: 'applicant' }]),
      material('unknown', '某证', [{ way: 'licence', licenceType: '不存在的证', holder: 'applicant' }]),
      material('food', '食品经营许可证（原件及复印件）', []),
      material('household', '户口信息', [{ way: 'data', data: '人口基本信息', subject: 'applicant', items: ['姓名'] }], 'proof'),
      material('declaration', '食品经营许可证作废声明', []),
      material('registration', '经营主体登记', [{ way: 'commitment', commitment: 'c' }], 'proof'),
      material('photo', '食品经营许可证照片', [], 'photo')
    ])
  ],
  forms: new Map()
}

async function say (eventLog: EventLog, event: Event, recordedAt: string): Promise<void> {
  await eventLog.append(TOPICS.trusted, [{ key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': recordedAt } }])
}
const issue = (sequence: number, data: Record<string, unknown> = {}): Event => issued(sequence, { subject: foodLicence(sequence), data: { licenceId: foodLicence(sequence), ...data } })
const codes = async (catalogue: Catalogue): Promise<string[]> => (await catalogue.lists.findings()).map(({ code, subject }) => `${code} ${subject}`)

t.test('the issuing list shows who may issue a type, and what was really issued', async t => {
  const { catalogue, eventLog } = await openCatalogue(t, {}, { authorities: AUTHORITIES })
  const file = { sha256: 'a'.repeat(64), sm3: 'b'.repeat(64), size: 1, mediaType: 'application/ofd' }
  await say(eventLog, issue(1, { issuedOn: '2026-03-02', file: undefined }), '2026-03-02T02:00:00.000Z')
  await say(eventLog, issue(2, { issuedOn: '2026-02-20', file }), '2026-03-03T20:00:00.000Z')
  await say(eventLog, issue(3, { issuedOn: '2026-03-05', file }), '2026-03-05T02:00:00.000Z')
  await catalogue.idle()
  const look = async () => (await catalogue.lists.issuing()).map(({ licenceType, mayIssue, issued }) => [licenceType, mayIssue.map(({ atPresent }) => atPresent), issued])
  const expected = [
    [FOOD, [true], [{ issuer: MARKET, issuerName: '示例省市场监督管理局', count: 3, first: '2026-02-20', last: '2026-03-05', digital: 2, digitalSince: '2026-03-04' }]],
    [HEALTH, [false], []],
    [MARRIAGE, [true], []]
  ]
  t.same(await look(), expected)
  await catalogue.rebuild()
  t.same(await look(), expected, 'and the same when it is made anew')
})

t.test('the using list shows who used a type on how many days, and which matters ask for it', async t => {
  const { catalogue, eventLog, clock, documents } = await openCatalogue(t, {}, { authorities: AUTHORITIES, matters: MATTERS })
  const use = { licenceType: FOOD, caller: WINDOW }
  await Promise.all([1, 2, 3].map(async () => { await catalogue.licenceUsed({ ...use, way: 'verification' }) }))
  await catalogue.licenceUsed({ ...use, way: 'exemption', matter: 'open-restaurant' })
  clock.set('2026-03-04T01:00:00.000Z')
  await catalogue.licenceUsed({ ...use, way: 'verification' })
  t.equal((await recorded(t, eventLog)).length, 3, 'once a day for each way and matter')
  await t.rejects(catalogue.licenceUsed({ ...use, licenceType: 'x', way: 'verification' }), { code: 'INPUT_INVALID' })
  t.match(await catalogue.lists.using(), [
    { licenceTypeName: '不存在的证', licenceTypes: [], usedBy: [], askedBy: [{ matter: 'open-restaurant', materials: ['unknown'] }] },
    { licenceTypeName: '从业人员健康证明', licenceTypes: [HEALTH], usedBy: [], askedBy: [{ materials: ['health'] }] },
    { licenceTypeName: '食品经营许可证', licenceTypes: [FOOD], usedBy: [{ organisation: OFFICE, first: '2026-03-02', last: '2026-03-04', days: 2, matters: ['open-restaurant'] }], askedBy: [] }
  ])
  const before = await contents(await documents.collection('catalogue-used-types'))
  await catalogue.rebuild()
  t.equal(await contents(await documents.collection('catalogue-used-types')), before)
})

t.test('the linter names what does not fit, and what mends it is gone from its list', async t => {
  const { catalogue, eventLog } = await openCatalogue(t, {}, { authorities: AUTHORITIES, matters: MATTERS })
  await publish(catalogue, shops('shops'))
  await say(eventLog, issue(1), '2026-03-02T02:00:00.000Z')
  await catalogue.idle()
  t.same(await codes(catalogue), [
    'LICENCE_TYPE_UNKNOWN 不存在的证',
    'LICENCE_USED_NEVER_ISSUED 从业人员健康证明',
    'LICENCE_ISSUED_NEVER_USED 食品经营许可证',
    'DATA_NOT_PUBLISHED 人口基本信息',
    'PAPER_HELD 食品经营许可证',
    'PAPER_HELD 经营主体登记信息'
  ])
  t.match((await catalogue.lists.findings()).filter(({ code }) => code === 'PAPER_HELD'), [{ material: { id: 'food' }, matters: ['open-restaurant'], licenceTypes: [FOOD] }, { material: { id: 'registration' } }])
  await catalogue.licenceUsed({ licenceType: FOOD, caller: WINDOW, way: 'verification' })
  await publish(catalogue, shops('population', { title: '人口基本信息' }))
  await say(eventLog, issue(2, { licenceType: HEALTH, licenceTypeName: '从业人员健康证明' }), '2026-03-02T02:00:00.000Z')
  await catalogue.resources.withdraw(`${MARKET}.shops`, { caller: PROVIDER, why: '测试' })
  await catalogue.idle()
  t.same(await codes(catalogue), ['LICENCE_TYPE_UNKNOWN 不存在的证', 'PAPER_HELD 食品经营许可证'])
  await catalogue.licenceUsed({ licenceType: MARRIAGE, caller: MANAGER, way: 'exemption' })
  t.ok((await codes(catalogue)).includes('LICENCE_USED_NEVER_ISSUED 结婚证'), 'used, though no matter asks for it')
})
