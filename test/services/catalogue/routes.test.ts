import t, { type Test } from 'tap'
import { randomUUID } from 'node:crypto'
import { createCatalogue, resourceRoutes, type Catalogue, type Resource } from '../../../services/catalogue/index.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { bearer, ground, NOW, tokenFor, PROVIDER_USCC } from '../../support/server.js'
import { CATALOGUE_SETTINGS, MARKET, NO_DEADLINES, shops } from './support.js'
import { join } from 'node:path'
import type { Role } from '../../../services/core/caller.js'
import { TOPICS } from '../../../services/core/event.js'

const ID = `${MARKET}.shops`

async function service (t: Test) {
  const made: { catalogue?: Catalogue } = {}
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { documents, log, clock, identity }) => {
      await log.createTopic(TOPICS.trusted, { partitions: 1 })
      const catalogue = await createCatalogue({
        eventLog: log, documents, clock, newId: randomUUID, settings: CATALOGUE_SETTINGS, organisationName: async uscc => await identity.registry.organisationName(uscc), isDivision: code => code.startsWith('99'), authorities: () => [], matters: () => ({ matters: [], forms: new Map() }), ...NO_DEADLINES
      })
      await log.createTopic(TOPICS.trusted, { partitions: 1 })
      catalogue.start()
      made.catalogue = catalogue
      t.teardown(async () => { await catalogue.stop() })
      await app.register(resourceRoutes, { prefix: '/v1', resources: catalogue.resources, clock, allow: app.allow })
    }
  })
  const ask = async (role: Role, method: 'GET' | 'PUT' | 'POST', path: string, payload?: object) => {
    const response = await server.app.inject({ method, url: `/v1/catalogue${path}`, headers: bearer(await tokenFor(server, role)), ...(payload === undefined ? {} : { payload }) })
    return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown> & { code?: string, violations?: Array<{ pointer: string }> }>() }
  }
  const put = async (resource: Resource, why = '编制目录') => await ask('provider', 'PUT', `/resources/${resource.resourceId}`, { resource, why })
  const review = async (id: string, version: number, outcome = 'publish') => await ask('catalogue-manager', 'POST', `/resources/${id}/review`, { version, outcome, why: '审核' })
  return { ...server, catalogue: made.catalogue as Catalogue, ask, put, review }
}

t.test('the sample organisations of server and catalogue are one', async t => { t.equal(PROVIDER_USCC, MARKET) })

t.test('what is described is seen by its provider and reviewers, and by all once it is published', async t => {
  const { ask, put, review, clock } = await service(t)
  t.match(await put(shops()), { status: 200, body: { standing: { version: 1, state: 'described' }, draft: { why: '编制目录', by: { client: 'provider-1', organisation: MARKET } } } })
  t.match(await ask('approval', 'GET', `/resources/${ID}`), { status: 404, body: { code: 'RESOURCE_UNKNOWN' } })
  t.match(await ask('approval', 'GET', `/resources/${ID}/history`), { status: 404, body: { code: 'RESOURCE_UNKNOWN' } })
  t.match(await ask('provider', 'GET', `/resources/${ID}`), { status: 200 })
  t.match((await ask('catalogue-manager', 'GET', '/resources?state=waiting')).body, { items: [{ resourceId: ID, state: 'described', title: '经营主体登记信息' }] })
  t.match((await ask('approval', 'GET', '/resources?state=waiting')).body, { items: [] }, 'others see their own alone')
  clock.set(new Date(Date.parse(NOW) + 60_000))
  t.match(await review(ID, 1), { status: 200, body: { standing: { version: 2, state: 'published', published: { describedAt: NOW } } } })
  const { body } = await ask('approval', 'GET', `/resources/${ID}`)
  t.match(body, { resource: { title: '经营主体登记信息' }, standing: { providerName: '示例省市场监督管理局' } })
  t.notOk('draft' in body)
  t.match((await ask('approval', 'GET', `/resources/${ID}/history`)).body, { items: [{ type: 'published', why: '审核' }] })
  t.same(((await ask('provider', 'GET', `/resources/${ID}/history`)).body['items'] as Array<{ type: string }>).map(({ type }) => type), ['published', 'described'])
  t.match(await put(shops()), { status: 200, body: { standing: { version: 3 } } })
  t.match((await ask('approval', 'GET', `/resources/${ID}/history?limit=1`)).body, { items: [{ type: 'published' }] }, 'no empty page tells of a draft')
  t.match((await ask('approval', 'GET', `/resources?q=${encodeURIComponent('经营主体')}&region=990101`)).body, { total: 1, items: [{ resourceId: ID, sharing: 'unconditional' }] })
  t.match(await ask('provider', 'POST', `/resources/${ID}/withdrawal`, { why: '停止采集' }), { status: 200, body: { standing: { state: 'withdrawn', withdrawn: { why: '停止采集' } } } })
  t.match((await ask('provider', 'GET', '/resources?state=withdrawn')).body, { items: [{ resourceId: ID, state: 'withdrawn' }] })
})

t.test('the catalogue is read as of an instant, or the end of a day, and not ahead', async t => {
  const { ask, put, review, clock } = await service(t)
  await put(shops())
  await review(ID, 1)
  clock.set('2026-03-05T01:00:00.000Z')
  const status = async (at: string) => {
    const [one, list] = await Promise.all([ask('approval', 'GET', `/resources/${ID}?at=${at}`), ask('approval', 'GET', `/resources?at=${at}`)])
    return [one.status, (list.body['items'] as unknown[] | undefined)?.length, list.body.violations?.[0]?.pointer]
  }
  t.same(await status('2026-03-01'), [404, 0, undefined])
  t.same(await status('2026-03-02'), [200, 1, undefined])
  t.same(await status('2026-03-02T00:59:59.999Z'), [404, 0, undefined])
  t.same(await status(NOW), [200, 1, undefined])
  t.same(await status('2026-03-05'), [200, 1, undefined], 'today is the present')
  t.same(await status('2026-03-05T01:00:00.001Z'), [400, undefined, '/at'])
  t.same(await status('2026-03-06'), [400, undefined, '/at'])
  t.same(await status('2026-02-30'), [400, undefined, '/at'])
  t.match((await ask('approval', 'GET', `/resources/${ID}?at=2026-03-02`)).body, { at: '2026-03-02T15:59:59.999Z' })
})

t.test('bad input is refused with its code', async t => {
  const { ask, put } = await service(t)
  const code = async (resource: Resource) => { const { status, body } = await put(resource); return [status, body.code] }
  t.same(await code(shops('shops', { items: [{ name: '甲', type: 'text' }, { name: '甲', type: 'text' }] })), [422, 'ITEM_TWICE'])
  t.same(await code(shops('shops', { keyItems: ['没有'] })), [422, 'FIELD_UNKNOWN'])
  t.same(await code(shops('shops', { region: '110000' })), [422, 'REGION_UNKNOWN'])
  t.same(await code(shops('shops', { sharing: { class: 'not-shared' }, ways: [] })), [422, 'REFUSAL_INCOMPLETE'])
  t.same(await code(shops('shops', { sharing: { class: 'conditional' } })), [422, 'SHARING_INCONSISTENT'])
  t.same(await code(shops('shops', { classification: 'x' })), [422, 'CLASSIFICATION_INVALID'])
  t.same(await code({ ...shops(), resourceId: '11990000YYYY010074.shops', provider: '11990000YYYY010074' }), [403, 'RESOURCE_NOT_YOURS'])
  t.same(await code(shops('shops', { items: [] })), [400, 'INPUT_INVALID'])
  const items = (count: number): Resource['items'] => Array.from({ length: count }, (_, i) => ({ name: `项${i}`, type: 'text' }))
  const many = { keyItems: ['项0'], subjectItem: '项0', regionItem: '项0' }
  t.same(await code(shops('shops', { items: items(301), ...many })), [400, 'INPUT_INVALID'])
  t.same((await put(shops('shops', { items: items(300), ...many }))).status, 200)
  t.same(await code(shops('shops', { title: '长'.repeat(101) })), [400, 'INPUT_INVALID'])
  t.same((await put(shops('shops', { title: '长'.repeat(100) }))).status, 200)
  t.same(await code(shops('shops', { summary: '翻\u202e转' })), [400, 'INPUT_INVALID'])
  t.match(await put(shops(), ''), { status: 400, body: { code: 'INPUT_INVALID', violations: [{ pointer: '/why' }] } }, 'who does not say why changes nothing')
  t.match(await ask('provider', 'PUT', `/resources/${MARKET}.other`, { resource: shops(), why: '编制' }), { status: 400, body: { violations: [{ pointer: '/resource/resourceId' }] } })
  t.match(await ask('approval', 'PUT', `/resources/${ID}`, { resource: shops(), why: '编制' }), { status: 403, body: { code: 'SCOPE_MISSING' } })
  t.match(await ask('approval', 'GET', '/resources/nothing'), { status: 400 })
  t.match(await ask('approval', 'GET', `/resources?q=${'a'.repeat(101)}`), { status: 400 })
  t.match(await ask('approval', 'GET', '/resources?limit=101'), { status: 400 })
  t.match(await ask('approval', 'GET', '/resources?after=x'), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await ask('catalogue-manager', 'GET', '/resources?state=waiting&q=a'), { status: 400, body: { code: 'INPUT_INVALID' } })
})

t.test('the catalogue is exported as DCAT 3, page by page', async t => {
  const { ask, put, review } = await service(t)
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    await put(shops(name, { title: `信息${name}`, ...(i === 1 ? { sharing: { class: 'not-shared', refusal: { article: '《居民身份证法》第六条', reviewOn: '2027-01-01' } }, ways: [], contact: '信息中心 010-0000' } : {}) }))
    await review(`${MARKET}.${name}`, 1)
  }
  const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/http/dcat-catalogue.v1.json')
  const first = await ask('approval', 'GET', '/dcat?limit=2')
  t.equal(first.headers['content-type'], 'application/ld+json; charset=utf-8')
  t.same(validate(first.body), [])
  const [, address] = /^<\/v1\/catalogue(.*)>; rel="next"$/.exec(String(first.headers['link'])) ?? []
  const second = await ask('approval', 'GET', address as string)
  t.same(validate(second.body), [])
  t.equal(second.headers['link'], undefined)
  const datasets = [...first.body['dcat:dataset'] as object[], ...second.body['dcat:dataset'] as object[]]
  t.match(datasets, [
    {
      '@id': `urn:mianzheng:resource:${MARKET}.a`,
      '@type': 'dcat:Dataset',
      'dcterms:title': { '@value': '信息a', '@language': 'zh' },
      'dcterms:publisher': { '@id': `urn:uscc:${MARKET}`, 'foaf:name': '示例省市场监督管理局' },
      'dcterms:issued': { '@value': NOW, '@type': 'xsd:dateTime' },
      'dcterms:accrualPeriodicity': { '@id': 'http://publications.europa.eu/resource/authority/frequency/DAILY' },
      'dcterms:accessRights': { '@id': 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED' },
      'dcat:distribution': [{ '@type': 'dcat:Distribution' }]
    },
    {
      'dcterms:accessRights': { '@id': 'http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC' },
      'dcterms:rights': { 'skos:prefLabel': { '@value': '不予共享；《居民身份证法》第六条；2027-01-01' } },
      'dcat:contactPoint': { 'vcard:fn': '信息中心 010-0000' },
      'dcat:distribution': []
    },
    { 'dcterms:identifier': `${MARKET}.c` }
  ])
  // Every prefix that is used is declared, so that the JSON-LD can be read.
  const prefixes = new Set([...JSON.stringify(datasets).matchAll(/"(\w+):\w+":|"@type":"(\w+):/g)].map(([, name, type]) => name ?? type as string))
  t.same([...prefixes].filter(prefix => !(prefix in (first.body['@context'] as object))), [])
  t.notSame(validate({ ...first.body, '@type': 'dcat:Dataset' }), [])
})
