import t, { type Test } from 'tap'
import type { CollectionOptions, Document } from '../../../platform/documents/port.js'
import type { EventRecord } from '../../../platform/event-log/port.js'
import { ArrivalsView } from '../../../services/catalogue/duty-arrivals.js'
import { IssuedTypes } from '../../../services/catalogue/issued-types.js'
import { TOPICS } from '../../../services/core/event.js'
import { View, VIEW_MARKS, type ViewMark } from '../../../services/core/views.js'
import { createLicences } from '../../../services/licences/index.js'
import { LICENCE_INDEXES } from '../../../services/licences/register.js'
import { contents, MARKET, openTestStores, type Stores } from '../catalogue/support.js'
import { foodLicence, issued } from '../intake/support.js'

type Followed = Pick<View<EventRecord>, 'start' | 'stop' | 'idle'>
interface Case { view: string, collection: string, options?: CollectionOptions, open: (stores: Stores) => Promise<Followed> }

const CASES: Case[] = [
  { view: 'licences', collection: 'licences', options: { indexes: LICENCE_INDEXES }, open: async stores => await createLicences(stores) },
  { view: 'catalogue-arrivals', collection: 'catalogue-arrivals', open: async stores => (await ArrivalsView.open(stores)).view },
  { view: 'catalogue-issued', collection: 'catalogue-issued-types', open: async stores => (await IssuedTypes.open(stores)).view }
]

/** Three licences, and three records of one resource. */
async function say ({ eventLog }: Stores): Promise<void> {
  for (const topic of [TOPICS.trusted, TOPICS.quarantine]) await eventLog.createTopic(topic, { partitions: 2 })
  for (let sequence = 1; sequence <= 3; sequence++) {
    const licence = issued(sequence, { subject: foodLicence(sequence), data: { licenceId: foodLicence(sequence) } })
    const row = { id: `r-${sequence}`, source: `urn:uscc:${MARKET}`, type: 'record.upserted.v1', subject: `${sequence}`, sequence, data: { resource: `shops-${sequence}` } }
    for (const event of [licence, row]) {
      await eventLog.append(TOPICS.trusted, [{ key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': `2026-03-0${sequence}T02:00:00.000Z`, signature: 's', inbound: `0-${sequence}` } }])
    }
  }
}

async function caughtUp (open: Case['open'], stores: Stores): Promise<void> {
  const view = await open(stores)
  view.start()
  await view.idle()
  await view.stop()
}

for (const { view, collection: name, options, open } of CASES) {
  t.test(`${view} of an older version is rebuilt to the same bytes before it is read, one of today's is not`, async t => {
    const stores = await openTestStores(t)
    await say(stores)
    await caughtUp(open, stores)
    const collection = await stores.documents.collection<Document & { older?: true }>(name, options)
    const marks = await stores.documents.collection<ViewMark>(VIEW_MARKS)
    const today = await contents(collection)
    t.match(today, /^\{.*\}$/s)
    const { document: { version } } = await marks.get(view) as { document: ViewMark }
    const reopened = async (kept: number | undefined): Promise<string> => {
      await collection.set((await collection.find({ index: 'id', limit: 10 })).items.map(({ document }) => ({ ...document, older: true as const })))
      if (kept === undefined) await marks.clear()
      else await marks.set([{ id: view, version: kept }])
      await caughtUp(open, stores)
      return await contents(collection)
    }
    t.equal(await reopened(undefined), today, 'from before there were versions')
    t.equal(await reopened(version - 1), today)
    t.same(await marks.get(view).then(found => found?.document), { id: view, version })
    const kept = await reopened(version)
    t.not(kept, today)
    t.equal(kept.replaceAll(',"older":true', ''), today, 'as it stood, with nothing added')
  })
}

async function counted (t: Test, { version = 1, fails = 0 } = {}) {
  const stores = await openTestStores(t)
  await say(stores)
  const told: string[] = []
  let left = fails
  const open = async (as = version, eventLog = stores.eventLog) => await View.open<EventRecord>({
    ...stores,
    eventLog,
    group: 'counted',
    topic: TOPICS.trusted,
    version: as,
    clear: async () => { told.length = 0; if (left-- > 0) throw new Error('broke off') },
    handle: async records => { told.push(...records.map(({ partition, offset }) => `${partition}-${offset}`)) }
  })
  return { ...stores, told, open }
}

t.test('a view that was being thrown away when the process ended is thrown away once more', async t => {
  const { told, open } = await counted(t)
  await caughtUp(async () => await open(), {} as Stores)
  t.equal(told.length, 6)
  const broken = await counted(t, { fails: 1 })
  await t.rejects(broken.open(2), { message: 'broke off' })
  await caughtUp(async () => await broken.open(2), {} as Stores)
  t.equal(broken.told.length, 6)
})

t.test('a view of which a rebuild was cut short is thrown away once more at the next start, and so lacks nothing', async t => {
  const { told, open, eventLog } = await counted(t)
  await caughtUp(async () => await open(), {} as Stores)
  const cut = new Proxy(eventLog, { get: (target, member) => member === 'commit' ? async () => { throw new Error('killed') } : (Reflect.get(target, member) as () => unknown).bind(target) })
  const view = await open(1, cut)
  await t.rejects(view.rebuild(), { message: 'killed' })
  t.same(told, [], 'it was cleared, and its group stands at the end')
  await caughtUp(async () => await open(), {} as Stores)
  t.equal(told.length, 6)
})

t.test('rebuilt while it runs, a view knows all again and goes on; stopped, it waits to be started', async t => {
  const { told, open, eventLog } = await counted(t)
  const view = await open()
  view.start()
  await view.idle()
  t.equal(told.length, 6)
  await view.rebuild()
  t.same([told.length, view.isRunning, await view.lag()], [6, true, 0])
  await eventLog.append(TOPICS.trusted, [{ key: 'x', value: Buffer.from('{}') }])
  await view.idle()
  t.equal(told.length, 7)
  await view.stop()
  await view.rebuild()
  t.same([told.length, view.isRunning], [0, false])
  view.start()
  await view.idle()
  t.equal(told.length, 7)
  await view.stop()
})
