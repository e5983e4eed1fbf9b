import t from 'tap'
import { Api } from '../../cli/api.js'
import { loadCatalogue } from '../../cli/sample-catalogue.js'
import { dataNeeds } from '../../config/matter-needs.js'
import { loadMatters } from '../../config/matters.js'
import { loadProvince } from '../../config/province.js'
import { loadSampleCatalogue } from '../../config/sample-catalogue.js'
import type { GrantList } from '../../schemas/http/grant-list.v1.js'
import type { ResourceList } from '../../schemas/http/resource-list.v1.js'
import { systemClock } from '../../services/core/clock.js'
import { openProvince } from '../support/province.js'

const province = loadProvince()
const catalogue = loadSampleCatalogue(province)
const matters = loadMatters()

t.test('the catalogue is cut short after every so many requests, goes on where it stood, and does nothing twice', async t => {
  const { url, settings } = await openProvince(t)
  const sum = { resources: 0, duties: 0, grants: 0 }
  for (let left = 5; ; left += Math.ceil(left / 2) + 3) {
    const api = new BreakingApi({ settings, url }, left)
    try {
      const loaded = await loadCatalogue({ api, province, catalogue, matters, clock: systemClock })
      t.ok(loaded.grants > 0, 'the last of them is done at the end')
      break
    } catch (error) { if (!(error instanceof Cut)) throw error }
  }
  t.same(await loadCatalogue({ api: new Api({ settings, url }), province, catalogue, matters, clock: systemClock }), sum, 'again, nothing')

  const api = new Api({ settings, url })
  const { body: { items } } = await api.call<ResourceList>('auditor', 'GET', '/v1/catalogue/resources?limit=100')
  t.same(items.map(({ title }) => title).sort(), catalogue.resources.map(({ title }) => title).sort())
  const { body: grants } = await api.call<GrantList>('approval-window', 'GET', '/v1/catalogue/grants?limit=100')
  const pairs = grants.items.map(({ resourceId, purpose }) => `${resourceId} ${purpose}`)
  t.equal(new Set(pairs).size, pairs.length, 'each grant once')
})

t.test('what a matter names of shared data that the province holds is granted to the window, item by item', async t => {
  for (const { matter: id } of catalogue.matterGrants) {
    const matter = matters.matters.find(matter => matter.id === id)
    if (matter === undefined) { t.fail(id); continue }
    for (const [title, items] of dataNeeds(matter, matters.forms.get(matter.form))) {
      const held = catalogue.resources.find(resource => resource.title === title)
      if (held === undefined) continue
      t.same([...items].filter(item => !held.items.some(({ name }) => name === item)), [], `${id}: items of ${title}`)
    }
  }
})

class Cut extends Error {}

/** Breaks off before a request, or after it was answered and before anybody knew. */
class BreakingApi extends Api {
  #left: number
  constructor (options: ConstructorParameters<typeof Api>[0], left: number) {
    super(options)
    this.#left = left
  }

  override async call<Body = unknown> (clientId: string, method: string, path: string, json?: unknown): ReturnType<typeof Api.prototype.call<Body>> {
    if (--this.#left < 0) throw new Cut()
    const answer = await super.call<Body>(clientId, method, path, json)
    if (this.#left === 0) throw new Cut()
    return answer
  }
}
