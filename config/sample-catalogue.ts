import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SampleCatalogue } from '../schemas/documents/sample-catalogue.v1.js'
import type { Violation } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { FAULT, violations as shapeViolations } from '../services/core/violations.js'
import { told } from '../services/core/words.js'
import type { SampleProvince } from './province.js'
import { requireFaultless, readJson } from './read-json.js'

export type { SampleCatalogue }
export type SampleResource = SampleCatalogue['resources'][number]

/**
 * What the departments of the sample province hold, owe and have granted, from config/sample-catalogue.json or another file of its shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a department that the province does not have, a name or title
 * used twice, a key, subject, region or field that is none of the items, a resource or client that is none
 */
export function loadSampleCatalogue (province: SampleProvince, file: string = join(projectRoot(), 'config', 'sample-catalogue.json')): SampleCatalogue {
  const catalogue = readJson(file) as SampleCatalogue
  const schema = readJson(join(projectRoot(), 'schemas', 'documents', 'sample-catalogue.v1.json')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(catalogue)
    ? contradictions(catalogue, province)
    : shapeViolations(validate.errors ?? [])
  requireFaultless(file, violations)
  return catalogue
}

const NO_RESOURCE = told('这里没有这个资源', 'is no resource here')
const NO_CLIENT = told('这里没有这个客户端', 'is no client here')

function contradictions ({ resources, duties, matterGrants, grants }: SampleCatalogue, { departments, clients }: SampleProvince): Violation[] {
  const found: Violation[] = []
  const used = new Set<string>()
  for (const [i, resource] of resources.entries()) {
    const at = `/resources/${i}`
    if (!departments.some(({ id }) => id === resource.department)) found.push({ pointer: `${at}/department`, message: told('这里没有这个部门', 'is no department here') })
    for (const member of ['name', 'title'] as const) {
      if (used.has(`${member} ${resource[member]}`)) found.push({ pointer: `${at}/${member}`, message: FAULT.usedTwice })
      used.add(`${member} ${resource[member]}`)
    }
    const names = resource.items.map(({ name }) => name)
    if (new Set(names).size !== names.length) found.push({ pointer: `${at}/items`, message: told('有信息项重名', 'name one item twice') })
    for (const [member, items] of [['keyItems', resource.keyItems], ['subjectItem', [resource.subjectItem]], ['regionItem', resource.regionItem === undefined ? [] : [resource.regionItem]]] as const) {
      if (!items.every(name => names.includes(name))) found.push({ pointer: `${at}/${member}`, message: told('不是它的信息项', 'is none of the items') })
    }
  }
  const isClient = (id: string): boolean => [...departments, ...clients].some(client => client.id === id)
  for (const [i, { id, resource, consumers }] of duties.entries()) {
    if (used.has(`duty ${id}`)) found.push({ pointer: `/duties/${i}/id`, message: FAULT.usedTwice })
    used.add(`duty ${id}`)
    if (!resources.some(({ name }) => name === resource)) found.push({ pointer: `/duties/${i}/resource`, message: NO_RESOURCE })
    if (!consumers.every(isClient)) found.push({ pointer: `/duties/${i}/consumers`, message: told('有不是这里客户端的', 'name somebody who is no client here') })
  }
  for (const [i, { consumer }] of matterGrants.entries()) if (!isClient(consumer)) found.push({ pointer: `/matterGrants/${i}/consumer`, message: NO_CLIENT })
  for (const [i, { consumer, resource, fields }] of grants.entries()) {
    const items = resources.find(({ name }) => name === resource)?.items.map(({ name }) => name)
    if (!isClient(consumer)) found.push({ pointer: `/grants/${i}/consumer`, message: NO_CLIENT })
    if (items === undefined) found.push({ pointer: `/grants/${i}/resource`, message: NO_RESOURCE })
    else if (!fields.every(field => items.includes(field))) found.push({ pointer: `/grants/${i}/fields`, message: told('有不是它的信息项的', 'name what is none of the items') })
  }
  return found
}
