import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadMatters, type Matter, type MatterForm } from '../../../config/matters.js'
import { loadProvince } from '../../../config/province.js'
import { doubtsOf, lintMatters, namesIn, type Held, type MatterRemark } from '../../../services/catalogue/matters-lint.js'
import { createMatters } from '../../../services/catalogue/matters.js'
import { matterRoutes } from '../../../services/catalogue/routes/matters.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { bearer, codeOf, ground, tokenFor } from '../../support/server.js'

const LOADED = loadMatters()
const get = (id: string): { matter: Matter, form: MatterForm } => structuredClone(createMatters(LOADED).matter(id))
const remarks = ({ matter, form }: { matter: Matter, form: MatterForm }, held?: Held): MatterRemark[] => lintMatters([matter], new Map([[form.id, form]]), held)
const codes = (of: MatterRemark[]): string[] => of.filter(({ code }) => code !== 'FACT_UNCONFIRMED').map(({ code, pointer }) => `${code} ${pointer}`)

t.test('a matter is answered whole, with its form', async t => {
  const { app, keys, clock } = await ground(t, {
    register: async app => { await app.register(matterRoutes, { prefix: '/v1', matters: createMatters(LOADED), allow: app.allow }) }
  })
  const headers = bearer(await tokenFor({ app, keys, clock }, 'approval'))
  const list = await app.inject({ url: '/v1/catalogue/matters', headers })
  t.equal(list.statusCode, 200, list.body)
  const { items } = list.json<{ items: Array<{ id: string, counts: { unconfirmed: number } }> }>()
  t.same(items.map(({ id }) => id), LOADED.matters.map(({ id }) => id))
  t.ok(items.every(({ counts }) => counts.unconfirmed > 0))
  for (const { id, form } of LOADED.matters) {
    const one = await app.inject({ url: `/v1/catalogue/matters/${id}`, headers })
    t.same(one.json(), { matter: LOADED.matters.find(matter => matter.id === id), form: LOADED.forms.get(form) }, id)
  }
  t.equal(codeOf(await app.inject({ url: '/v1/catalogue/matters/open-a-mine', headers })), 'MATTER_UNKNOWN')
  t.equal(codeOf(await app.inject({ url: '/v1/catalogue/matters/Restaurant', headers })), 'INPUT_INVALID')
})

t.test('the matters that are loaded give no cause for remarks but what is not confirmed', async t => {
  t.same(codes(lintMatters(LOADED.matters, LOADED.forms)), [])
  t.ok(lintMatters(LOADED.matters, LOADED.forms).some(({ code }) => code === 'FACT_UNCONFIRMED'))
})

t.test('a fact without a source is named', async t => {
  const restaurant = get('open-restaurant')
  delete restaurant.matter.materials[0]?.ways[1]?.source
  delete restaurant.matter.flow[2]?.source
  delete restaurant.matter.questions[0]?.answeredBy?.[0]?.source
  t.same(codes(remarks(restaurant)), ['SOURCE_MISSING /questions/0/answeredBy/0', 'SOURCE_MISSING /materials/0/ways/1', 'SOURCE_MISSING /flow/2'])
})

t.test('what is not confirmed is counted, wherever it stands', async t => {
  const { matter } = get('open-restaurant')
  const before = doubtsOf(matter).length
  matter.lead.source = { tag: 'N' }
  matter.source = { tag: 'N' }
  t.same(doubtsOf(matter).filter(pointer => ['/lead', '/source'].includes(pointer)), ['/lead', '/source'])
  t.equal(doubtsOf(matter).length, before + 2)
  t.ok(doubtsOf(matter).includes('/questions/3/options/0'), 'options too')
})

t.test('paper that the government holds and that nothing spares is named; a commitment does not spare it', async t => {
  const restaurant = get('open-restaurant')
  const [licence] = restaurant.matter.materials
  ;(licence as Matter['materials'][0]).ways = [{ way: 'commitment', commitment: 'fire-safety', source: { tag: 'N' } }]
  t.same(codes(remarks(restaurant)), ['HELD_WITHOUT_WAY /materials/0'])
})

t.test('titles that nobody publishes and licence types that nobody issues are named; results are not', async t => {
  const restaurant = get('open-restaurant')
  const { titles, licenceTypes } = namesIn(restaurant.matter, restaurant.form)
  const held = { titles: new Set(titles.map(({ name }) => name)), licenceTypes: new Set(licenceTypes.map(({ name }) => name)) }
  t.notOk(held.licenceTypes.has('食品经营许可证'), 'what the matter itself brings forth')
  t.same(codes(remarks(restaurant, held)), [])
  held.titles.delete('人口基本信息')
  held.licenceTypes.delete('居民身份证')
  t.same(remarks(restaurant, held).filter(({ code }) => code !== 'FACT_UNCONFIRMED').map(({ code, about, in: where }) => [code, about, where]), [
    ['TITLE_UNPUBLISHED', '人口基本信息', 'matter'], ['TITLE_UNPUBLISHED', '人口基本信息', 'matter'], ['TITLE_UNPUBLISHED', '人口基本信息', 'form'],
    ['LICENCE_TYPE_UNISSUED', '居民身份证', 'matter']
  ])
})

t.test('whoever takes in what another step brings forth says that it comes after', async t => {
  const newborn = get('newborn')
  t.same(codes(remarks(newborn)), [])
  const card = newborn.matter.subMatters.find(({ id }) => id === 'social-security-card') as Matter['subMatters'][0]
  card.after = ['birth-certificate']
  t.same(remarks(newborn).filter(({ code }) => code === 'ORDER_UNSAID').map(({ about }) => about), ['household-registration'])
})

t.test('each field of a form has its words in Chinese and English', async t => {
  const restaurant = get('open-restaurant')
  const applicant = (restaurant.form.schema as { properties: { applicant: { properties: Record<string, { title?: string }> } } }).properties.applicant
  delete applicant.properties['name']?.title
  t.same(codes(remarks(restaurant)), ['FIELD_WITHOUT_WORDS /schema/properties/applicant/properties/name'])
})

t.test('of the sample province the linter says which registers and licences it does not have, and the page says so too', async t => {
  const { resources } = JSON.parse(readFileSync(join(projectRoot(), 'config', 'sample-catalogue.json'), 'utf8')) as { resources: Array<{ title: string }> }
  const held = {
    titles: new Set(resources.map(({ title }) => title)),
    licenceTypes: new Set(loadProvince().departments.flatMap(({ licences }) => licences.map(({ name }) => name)))
  }
  const about = (code: MatterRemark['code']): string[] => [...new Set(lintMatters(LOADED.matters, LOADED.forms, held).filter(remark => remark.code === code).map(({ about }) => about))].sort()
  t.same(about('TITLE_UNPUBLISHED'), [
    '企业破产案件信息', '住房公积金信息', '居民身份证照片信息', '工程建设项目审批信息', '房屋租赁备案信息', '残疾人证信息', '清税信息', '行政许可信息', '车辆技术等级评定信息'
  ].sort())
  t.same(about('LICENCE_TYPE_UNISSUED'), ['居住证', '居民户口簿', '机动车行驶证', '残疾人证', '道路运输从业资格证'].sort())
  const page = readFileSync(join(projectRoot(), 'docs', 'matters.md'), 'utf8')
  for (const { matter, form } of LOADED.matters.map(({ id }) => get(id))) {
    const { titles, licenceTypes } = namesIn(matter, form)
    for (const { name } of [...titles, ...licenceTypes]) t.match(page, new RegExp(`^\\| ${name} \\|.*${matter.name.zh}`, 'm'), `${name} of ${matter.id}`)
  }
})
