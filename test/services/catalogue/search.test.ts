import fc from 'fast-check'
import t from 'tap'
import { MARKET, openCatalogue, PROVIDER, publish, shops, START, OFFICE } from './support.js'

t.test('Chinese words are found where they stand, hits in the title first, always in the same order', async t => {
  const { catalogue } = await openCatalogue(t)
  await publish(catalogue, shops('a', { title: '行政处罚信息', summary: '对经营主体的处罚决定。' }))
  await publish(catalogue, shops('b', { title: '经营主体登记信息' }))
  await publish(catalogue, shops('c', { title: '经营主体', summary: 'ＧＢ/T 2260 区划' }))
  await publish(catalogue, shops('d', { title: '婚姻登记信息', summary: '婚姻' }))
  const find = async (q: string): Promise<string[]> => (await catalogue.resources.list({ q, limit: 10 })).items.map(({ id }) => id.slice(MARKET.length + 1))
  t.same(await find('经营主体'), ['c', 'b', 'a'], 'the title itself, in the title, elsewhere')
  t.same(await find('登记信息'), ['d', 'b'], 'the newest first')
  t.same(await find('登记 婚姻'), ['d'], 'each word has to stand somewhere')
  t.same(await find('登婚'), [], 'a word is found as it stands')
  t.same(await find('体登'), ['b'])
  t.same(await find('婚'), ['d'], 'a single character')
  t.same(await find('gb/t'), ['c'], 'Latin letters of either width and case')
  t.same(await find('市场监督'), ['d', 'c', 'b', 'a'], 'by its provider')
  t.same(await find('法定代表人'), ['d', 'c', 'b', 'a'], 'by an information item')
  t.same([await find('息示'), await find('息示例')], [[], []], 'a word never runs over the end of a part')
  await catalogue.resources.withdraw(`${MARKET}.b`, { caller: PROVIDER, why: '测试' })
  t.same(await find('登记信息'), ['d'], 'what is withdrawn is not found any more')
  await publish(catalogue, shops('d', { title: '收养登记信息', summary: '收养' }))
  t.same([await find('婚'), await find('收养')], [[], ['d']], 'nor what it said before')
  t.equal((await catalogue.resources.list({ q: '信息', limit: 1 })).total, 2)
  await t.rejects(find('一 二 三 四 五 六 七 八 九'), { code: 'INPUT_INVALID' })
  t.same(await find('一 二 三 四 五 六 七 八'), [])
  await t.rejects(catalogue.resources.list({ limit: 1, after: 'x' }), { code: 'INPUT_INVALID' })
})

t.test('filters, pages, and any past day', async t => {
  const { catalogue, clock } = await openCatalogue(t)
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const [i, name] of names.entries()) {
    clock.set(new Date(Date.parse(START) + i * 86_400_000))
    await publish(catalogue, shops(name, {
      title: `登记信息${name}`, region: ['990000', '990100', '990101', '990102', '990101001'][i] as string, ...(i % 2 === 0 ? {} : { sharing: { class: 'conditional', conditions: '须说明用途' } })
    }))
  }
  const ids = async (question: Partial<Parameters<typeof catalogue.resources.list>[0]>): Promise<string> => (await catalogue.resources.list({ limit: 10, ...question })).items.map(({ id }) => id.slice(-1)).join('')
  for (const q of [undefined, '登记']) {
    const words = q === undefined ? {} : { q }
    const order = (ids: string): string => q === undefined ? ids : [...ids].reverse().join('') // the newest first where words are asked for
    t.equal(await ids({ ...words, region: '990101' }), order('abce'), 'what covers the county, and what lies in it')
    t.equal(await ids({ ...words, region: '990102' }), order('abd'))
    t.equal(await ids({ ...words, sharing: 'conditional' }), order('bd'))
    t.equal(await ids({ ...words, provider: OFFICE }), '')
    t.equal(await ids({ ...words, provider: MARKET }), order('abcde'))
    let paged = ''
    for (let after: string | undefined; ;) {
      const { items, next } = await catalogue.resources.list({ ...words, limit: 2, ...(after === undefined ? {} : { after }) })
      paged += items.map(({ id }) => id.slice(-1)).join('')
      if (next === undefined) break
      after = next
    }
    t.equal(paged, order('abcde'))
  }
  const later = new Date(Date.parse(START) + 2 * 86_400_000)
  clock.set(new Date(Date.parse(START) + 10 * 86_400_000))
  await publish(catalogue, shops('a', { title: '变更过的信息', summary: '无' }))
  await catalogue.resources.withdraw(`${MARKET}.b`, { caller: PROVIDER, why: '测试' })
  t.equal(await ids({ at: later }), 'abc', 'as it stood then')
  t.equal(await ids({ at: new Date(later.getTime() - 1) }), 'ab')
  t.equal(await ids({ at: later, q: '登记信息a' }), 'a')
  t.equal((await catalogue.resources.list({ at: later, limit: 1 })).items[0]?.published?.resource.title, '登记信息a', 'with what it said then')
  t.equal(await ids({ q: '登记信息' }), 'edc')
  t.equal(await ids({ at: later, q: '登记' }), 'cba')
  t.equal(await ids({ at: new Date(Date.parse(START) - 1) }), '')
})

t.test('search finds just what looking at each text finds, whatever changes meanwhile', async t => {
  const letters = fc.constantFrom('登', '记', '信', '息', '人', '口', 'a')
  const word = fc.string({ unit: letters, minLength: 1, maxLength: 4 })
  const title = fc.string({ unit: letters, minLength: 2, maxLength: 8 })
  const { catalogue } = await openCatalogue(t)
  const now = new Map<string, string>()
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ name: fc.constantFrom('n0', 'n1', 'n2', 'n3', 'n4', 'n5'), summary: title }), { minLength: 1, maxLength: 4 }), fc.array(word, { minLength: 1, maxLength: 3 }), async (changes, words) => {
    for (const { name, summary } of changes) {
      await publish(catalogue, shops(name, { title: `题${name}`, summary, items: [{ name: '项', type: 'text' }], keyItems: ['项'], subjectItem: '项', regionItem: '项' }))
      now.set(name, summary)
    }
    const expected = [...now].filter(([name, summary]) => words.every(word => summary.includes(word) || `题${name}`.includes(word) || '示例省市场监督管理局'.includes(word))).map(([name]) => `${MARKET}.${name}`).sort()
    const { items, total } = await catalogue.resources.list({ q: words.join(' '), limit: 100 })
    return total === expected.length && JSON.stringify(items.map(({ id }) => id).sort()) === JSON.stringify(expected)
  }), { seed: 20260302, numRuns: 60 })
  t.ok(catalogue.resources.search.size > 0)
})
