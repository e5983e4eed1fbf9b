import t from 'tap'
import type { CollectionOptions, Document, Documents } from '../../../platform/documents/port.js'
import { CatalogueLog, type DatedDocument, type Fold } from '../../../services/catalogue/index.js'
import { TOPICS } from '../../../services/core/event.js'
import { parseResourceId, resourceId } from '../../../services/core/identifiers.js'
import { BY_MARKET, contents, MARKET, openTestStores, recorded, START, type Stores } from './support.js'

interface Counter extends DatedDocument { value: number }
/** Counts, from the value that the decider saw; the total of all counters is kept beside them. */
const COUNTING: Fold = {
  name: 'counting',
  version: 1,
  decides: ['counter.raised.v1'],
  collections: { 'catalogue-counters': { dated: true, indexes: { byValue: { on: ['value'] } } }, 'catalogue-total': {} },
  async apply ({ event: { subject, data } }, view) {
    const { seen, by } = data as { seen: number, by: number }
    const counter = await view.get<Counter>('catalogue-counters', subject)
    const total = await view.get<{ id: string, value: number }>('catalogue-total', 'total')
    view.set('catalogue-total', { id: 'total', value: (total?.value ?? 0) + by } as { id: string })
    if ((counter?.value ?? 0) !== seen) return { detail: 'it was counted meanwhile' }
    view.set('catalogue-counters', { ...counter, id: subject, value: seen + by } as { id: string })
    return undefined
  }
}
const raised = (subject: string, seen: number, by: number) => ({ type: 'counter.raised.v1', subject, by: BY_MARKET, why: '例行计数', data: { seen, by } })

async function open (stores: Stores, folds: Fold[] = [COUNTING], batch?: number): Promise<CatalogueLog> {
  return await CatalogueLog.open({ ...stores, folds, ...(batch === undefined ? {} : { batch }), onError: error => { throw error } })
}
/** All that the view holds, in one order. Versions come by what they are versions of. */
const everything = async (log: CatalogueLog): Promise<string> => [
  await contents(log.collection('catalogue-counters')), await contents(log.collection('catalogue-total')), await contents(log.collection('catalogue-voids')),
  ...await Promise.all(['c0', 'c1', 'c2'].map(async id => JSON.stringify(await log.dated('catalogue-counters').versions(id, { limit: 100 }))))
].join('\n---\n')

t.test('a decision is known when it is answered, and says who and why', async t => {
  const stores = await openTestStores(t)
  const log = await open(stores)
  log.start()
  t.teardown(async () => { await log.stop() })
  t.match(await log.decide(raised('a', 0, 2)), { offset: 0, at: START, event: { id: 'e-1', by: BY_MARKET, why: '例行计数' } })
  t.match((await log.collection<Counter>('catalogue-counters').get('a'))?.document, { value: 2, madeAt: START, changedAt: START, through: 0 })
  t.match(await recorded(t, stores.eventLog), [{ type: 'counter.raised.v1', subject: 'a' }])
})

t.test('of two who decide on the same state one wins, the other is told VERSION_CONFLICT and changes nothing', async t => {
  const stores = await openTestStores(t)
  const log = await open(stores)
  log.start()
  t.teardown(async () => { await log.stop() })
  const outcomes = await Promise.allSettled([log.decide(raised('a', 0, 1)), log.decide(raised('a', 0, 10))])
  t.same(outcomes.map(({ status }) => status), ['fulfilled', 'rejected'])
  t.match((outcomes[1] as PromiseRejectedResult).reason, { code: 'VERSION_CONFLICT', message: 'it was counted meanwhile' })
  t.match((await log.collection<Counter>('catalogue-counters').get('a'))?.document, { value: 1 })
  t.match((await log.collection<Counter>('catalogue-total').get('total'))?.document, { value: 1 }, 'what a void event set beside is not kept either')
})

t.test('what is decided while the view stops is written and answered SHUTTING_DOWN, and holds after the next start', async t => {
  const stores = await openTestStores(t)
  const { eventLog } = stores
  const log = await open(stores)
  log.start()
  t.teardown(async () => { await log.stop() })
  const append = eventLog.append.bind(eventLog)
  eventLog.append = async (...written) => {
    eventLog.append = append
    await log.stop()
    return await append(...written)
  }
  await t.rejects(log.decide(raised('a', 0, 1)), { code: 'SHUTTING_DOWN' })
  await t.rejects(log.decide(raised('a', 0, 1)), { code: 'SHUTTING_DOWN' }, 'and nothing more is written')
  log.start()
  await log.idle()
  t.match((await log.collection<Counter>('catalogue-counters').get('a'))?.document, { value: 1 })
  t.equal((await recorded(t, eventLog)).length, 1)
})

t.test('how things stood can be read for any instant', async t => {
  const stores = await openTestStores(t)
  const log = await open(stores)
  log.start()
  t.teardown(async () => { await log.stop() })
  const counters = log.dated<Counter>('catalogue-counters')
  await log.decide(raised('a', 0, 1))
  stores.clock.set('2026-03-03T00:00:00.000Z')
  await log.decide(raised('a', 1, 1))
  await log.decide(raised('a', 2, 1)) // in the same millisecond
  await log.decide(raised('b', 0, 5))
  const at = async (instant: string) => (await counters.manyAsOf(['b', 'a', 'none'], new Date(instant))).map(({ id, value }) => [id, value])
  t.same(await at('2026-03-02T00:59:59.999Z'), [])
  t.same(await at(START), [['a', 1]])
  t.same(await at('2026-03-02T23:59:59.999Z'), [['a', 1]])
  t.same(await at('2026-03-03T00:00:00.000Z'), [['b', 5], ['a', 3]])
  t.equal((await counters.asOf('a', new Date('2026-03-02T12:00:00Z')))?.value, 1)
  const first = await counters.versions('a', { limit: 2 })
  t.same(first.items.map(({ value }) => value), [3, 2])
  t.same((await counters.versions('a', { limit: 2, after: first.next as string })).items.map(({ value }) => value), [1])
  t.same((await counters.versions('a', { limit: 9, at: new Date(START) })).items.map(({ value }) => value), [1])
})

t.test('a view that is thrown away comes back with the same bytes, void events too', async t => {
  const stores = await openTestStores(t)
  const log = await open(stores, [COUNTING], 3)
  log.start()
  t.teardown(async () => { await log.stop() })
  for (let i = 0; i < 20; i++) {
    stores.clock.set(new Date(Date.parse(START) + i * 1000))
    await log.decide(raised(`c${i % 3}`, i % 7 === 6 ? 99 : Math.floor(i / 3) - (i > 6 && i % 3 === 0 ? 1 : 0) - (i > 13 && i % 3 === 1 ? 1 : 0), 1)).catch(() => {})
  }
  const before = await everything(log)
  t.match(before, /meanwhile/)
  await log.rebuild()
  t.equal(await everything(log), before)
})

t.test('a view that other rules made is built anew at the start', async t => {
  const stores = await openTestStores(t)
  const log = await open(stores)
  log.start()
  await log.decide(raised('a', 0, 2))
  await log.stop()
  const doubling: Fold = { ...COUNTING, version: 2, async apply (told, view) { return await COUNTING.apply({ ...told, event: { ...told.event, data: { seen: 0, by: 4 } as never } }, view) } }
  const next = await open(stores, [doubling])
  next.start()
  t.teardown(async () => { await next.stop() })
  await next.idle()
  t.match((await next.collection<Counter>('catalogue-counters').get('a'))?.document, { value: 4 })
})

t.test('a crash between two documents of one event leaves no half of it', async t => {
  for (let failing = 1; failing <= 5; failing++) {
    await t.test(`killed at write ${failing}`, async t => {
      const stores = await openTestStores(t)
      let writes = 0
      /** Stands for a process that dies at the so-many-th write of the view. */
      const dying: Documents = {
        close: async () => {},
        collection: async <T extends Document> (name: string, options?: CollectionOptions) => killing(await stores.documents.collection<T>(name, options), () => { if (++writes >= failing) throw new Error('killed') })
      }
      const first = await CatalogueLog.open({ ...stores, documents: dying, folds: [COUNTING], onError: () => {} })
      await stores.eventLog.append(TOPICS.catalogue, ['a', 'b'].map((subject, n) => ({
        key: subject, value: Buffer.from(JSON.stringify({ id: `x${n}`, time: START, ...raised(subject, 0, 3) }))
      })))
      first.start()
      while (writes < Math.min(failing, 4)) await new Promise(resolve => setImmediate(resolve))
      await first.stop()
      const second = await open(stores)
      second.start()
      await second.idle()
      t.match((await second.collection<Counter>('catalogue-total').get('total'))?.document, { value: 6 })
      t.match((await second.collection<Counter>('catalogue-counters').get('b'))?.document, { value: 3, through: 1 })
      await second.stop()
    })
  }
})

/** The collection, with something done before each write. */
function killing <T extends object> (target: T, before: () => void, writes = ['set', 'put']): T {
  return new Proxy(target, {
    get: (object, name) => {
      const member = Reflect.get(object, name) as unknown
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        if (writes.includes(String(name))) before()
        return await (member as (...given: unknown[]) => Promise<unknown>).apply(object, given)
      }
    }
  })
}

const STEPS = 6 // four collections and the versions of one are cleared, one position is set back

t.test('a view that was being thrown away when the process ended is whole after the next start', async t => {
  for (const { how, folds } of [{ how: 'since rules changed', folds: [{ ...COUNTING, version: 2 }] }, { how: 'to be rebuilt', folds: [COUNTING] }]) {
    for (let failing = 0; failing <= STEPS; failing++) {
      await t.test(`${how}, killed at step ${failing}`, async t => {
        const stores = await openTestStores(t)
        const log = await open(stores)
        log.start()
        for (let seen = 0; seen < 4; seen += 2) for (const id of ['c0', 'c1']) await log.decide(raised(id, seen, 2))
        const before = await everything(log)
        await log.stop()
        let steps = 0
        const step = (): void => { if (steps++ === failing) throw new Error('killed') }
        const documents: Documents = {
          ...stores.documents,
          collection: async <T extends Document> (name: string, options?: CollectionOptions) => killing(await stores.documents.collection<T>(name, options), step, ['clear'])
        }
        const throwing = (async () => {
          const opened = await open({ ...stores, documents, eventLog: killing(stores.eventLog, step, ['commit']) }, folds)
          if (how === 'to be rebuilt') await opened.rebuild()
        })()
        if (failing < STEPS) await t.rejects(throwing, { message: 'killed' })
        else await throwing
        const after = await open(stores, folds)
        after.start()
        t.teardown(async () => { await after.stop() })
        await after.idle()
        t.equal(await everything(after), before)
      })
    }
  }
})

t.test('a resource is named by its provider and its name in events', async t => {
  const id = resourceId({ provider: MARKET, name: 'shops.v2' })
  t.equal(id, `${MARKET}.shops.v2`)
  t.same(parseResourceId(id), { provider: MARKET, name: 'shops.v2' })
  for (const text of ['shops', `${MARKET}.`, `${MARKET}`, `${MARKET.slice(0, 17)}X.shops`, `${MARKET}.-x`, `${MARKET}.${'x'.repeat(129)}`, '.shops']) t.equal(parseResourceId(text), undefined, text)
  t.throws(() => resourceId({ provider: MARKET, name: '' }), TypeError)
})
