import { dataNeeds } from '../config/matter-needs.js'
import type { Matters } from '../config/matters.js'
import type { SampleProvince } from '../config/province.js'
import type { SampleCatalogue, SampleResource } from '../config/sample-catalogue.js'
import type { DemandRequest } from '../schemas/http/demand-request.v1.js'
import type { Demand } from '../schemas/http/demand.v1.js'
import type { DemandList } from '../schemas/http/demand-list.v1.js'
import type { DutyRequest } from '../schemas/http/duty-request.v1.js'
import type { ResourceAnswer } from '../schemas/http/resource-answer.v1.js'
import { dayInChina, type Clock, type DayText } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import { resourceId } from '../services/core/identifiers.js'
import { told } from '../services/core/words.js'
import type { Api, ApiAnswer } from './api.js'

export interface LoadOptions {
  api: Api
  province: SampleProvince
  catalogue: SampleCatalogue
  matters: Matters
  clock: Clock
}
/** What was done now; what stood there already is not counted. */
export interface Loaded { resources: number, duties: number, grants: number }

const MANAGER = 'catalogue-manager'
const WHY = '示例省初始化'

/**
 * Brings the catalogue of the sample province to where config/sample-catalogue.json has it, by the published API, each step by the client
 * whose it is. What stands there already is left alone, so that it can be cut short anywhere and called again, and undoes nothing.
 * @throws {Failure} EXCHANGE_UNAVAILABLE, EXCHANGE_REFUSED
 */
export async function loadCatalogue (options: LoadOptions): Promise<Loaded> {
  const loaded: Loaded = { resources: 0, duties: 0, grants: 0 }
  for (const resource of options.catalogue.resources) if (await publishResource(options, resource)) loaded.resources++
  for (const duty of options.catalogue.duties) if (await setDuty(options, duty)) loaded.duties++
  const wanted = [...matterDemands(options), ...statedDemands(options)]
  for (const consumer of new Set(wanted.map(({ consumer }) => consumer))) {
    const made = await demandsOf(options.api, consumer)
    for (const { provider, demand } of wanted.filter(one => one.consumer === consumer)) {
      if (await grant(options, { consumer, provider, demand, made })) loaded.grants++
    }
  }
  return loaded
}

async function publishResource ({ api, province }: LoadOptions, resource: SampleResource): Promise<boolean> {
  const { department, name, office, ...rest } = resource
  const id = idOf(province, resource)
  const path = `/v1/catalogue/resources/${id}`
  let { status, body } = await api.call<ResourceAnswer>(department, 'GET', path)
  if (status === 200 && body.standing.state !== 'described') return false
  if (status !== 200) {
    const described = { resourceId: id, provider: usccOf(province, department), region: province.region, contact: office, ...rest }
    ;({ body, status } = await api.call<ResourceAnswer>(department, 'PUT', path, { why: WHY, replaces: 0, resource: described }))
    done(status, body, 200, `describing ${name}`)
  }
  const review = { version: body.standing.version, outcome: 'publish', why: WHY }
  const reviewed = await api.call(MANAGER, 'POST', `${path}/review`, review)
  done(reviewed.status, reviewed.body, 200, `publishing ${name}`)
  return true
}

async function setDuty ({ api, province, catalogue, clock }: LoadOptions, { id, resource, consumers, dueInDays, matters }: SampleCatalogue['duties'][number]): Promise<boolean> {
  const path = `/v1/catalogue/duties/${id}`
  if ((await api.call(MANAGER, 'GET', path)).status === 200) return false
  const owed = resourceOf(catalogue, resource)
  const duty: DutyRequest = {
    resourceId: idOf(province, owed),
    consumers: consumers.map(client => usccOf(province, client)),
    dueOn: dayFrom(clock, dueInDays),
    updateCycle: owed.updateCycle,
    matters,
    contact: { office: owed.office },
    why: WHY,
    replaces: 0
  }
  const { status, body } = await api.call(MANAGER, 'PUT', path, duty)
  done(status, body, 200, `setting ${id}`)
  return true
}

interface Wanted { consumer: string, provider: string, demand: DemandRequest }

/** Of each resource that a matter names, what it names of it. Titles that nobody in the province holds are not asked for. */
function matterDemands ({ province, catalogue, matters: { matters, forms }, clock }: LoadOptions): Wanted[] {
  return catalogue.matterGrants.flatMap(({ consumer, matter: id, days }) => {
    const matter = matters.find(matter => matter.id === id)
    if (matter === undefined) throw new Failure('CONFIG_INVALID', `config/sample-catalogue.json: ${told(`没有事项 ${id}`, `there is no matter ${id}`)}`)
    return [...dataNeeds(matter, forms.get(matter.form))].flatMap(([title, items]): Wanted[] => {
      const resource = catalogue.resources.find(resource => resource.title === title)
      if (resource === undefined) return []
      const held = resource.items.map(({ name }) => name).filter(name => items.has(name))
      return [{
        consumer,
        provider: resource.department,
        demand: {
          resourceId: idOf(province, resource),
          fields: held.length > 0 ? held : [resource.subjectItem],
          forms: ['query', 'assertion'],
          purpose: matter.name.zh,
          matters: [id],
          legalBasis: '《政务数据共享条例》第二十条',
          scenario: `办理“${matter.name.zh}”时核验，能核验的不要求申请人提交`,
          scope: '本省政务服务窗口',
          until: dayFrom(clock, days)
        }
      }]
    })
  })
}

function statedDemands ({ province, catalogue, clock }: LoadOptions): Wanted[] {
  return catalogue.grants.map(({ consumer, resource: name, days, ...rest }): Wanted => {
    const resource = resourceOf(catalogue, name)
    return { consumer, provider: resource.department, demand: { resourceId: idOf(province, resource), matters: [], until: dayFrom(clock, days), ...rest } }
  })
}

async function demandsOf (api: Api, consumer: string): Promise<Demand[]> {
  const made: Demand[] = []
  for (let after: string | undefined; ;) {
    const { status, body } = await api.call<DemandList>(consumer, 'GET', `/v1/catalogue/demands?as=consumer&limit=100${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`)
    done(status, body, 200, 'listing demands')
    made.push(...body.items)
    after = body.next
    if (after === undefined) return made
  }
}

/** A demand that was decided on or withdrawn is settled, however it ended. */
async function grant ({ api }: LoadOptions, { consumer, provider, demand, made }: Wanted & { made: readonly Demand[] }): Promise<boolean> {
  let same = made.find(({ resourceId, purpose }) => resourceId === demand.resourceId && purpose === demand.purpose)
  if (same === undefined) {
    const { status, body } = await api.call<Demand>(consumer, 'POST', '/v1/catalogue/demands', demand)
    done(status, body, 201, `asking for ${demand.resourceId}`)
    same = body
  }
  if (same.state !== 'open') return false
  const { status, body } = await api.call(provider, 'POST', `/v1/catalogue/demands/${same.demandId}/decisions`, { outcome: 'grant', grant: { until: demand.until }, why: WHY })
  done(status, body, 200, `granting ${demand.resourceId}`)
  return true
}

function resourceOf ({ resources }: SampleCatalogue, wanted: string): SampleResource { return resources.find(({ name }) => name === wanted) as SampleResource }
function idOf (province: SampleProvince, { department, name }: SampleResource): string { return resourceId({ provider: usccOf(province, department), name }) }
function usccOf ({ departments, clients }: SampleProvince, client: string): string {
  return ([...departments, ...clients].find(({ id }) => id === client) as { uscc: string }).uscc
}

const DAY_MS = 86_400_000
function dayFrom (clock: Clock, days: number): DayText { return dayInChina(new Date(clock.now().getTime() + days * DAY_MS)) }

/** @throws {Failure} EXCHANGE_REFUSED */
function done (status: number, body: ApiAnswer['body'], wanted: number, what: string): void {
  if (status === wanted) return
  const { code, detail } = (body ?? {}) as { code?: unknown, detail?: unknown }
  throw new Failure('EXCHANGE_REFUSED', `${what}: ${[status, code, detail].join(' ')}`)
}
