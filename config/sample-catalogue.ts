import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SampleCatalogue } from '../schemas/documents/sample-catalogue.v1.js'
import { Failure } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'
import type { SampleProvince } from './province.js'

export type { SampleCatalogue }
export type SampleResource = SampleCatalogue['resources'][number]

/**
 * What the departments of the sample province hold, owe and have granted, from config/sample-catalogue.json or another file of its shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a department that the province does not have, a name or title
 * used twice, a key, subject, region or field that is none of the items, a resource or client that is none
 */
export function loadSampleCatalogue (province: SampleProvince, file: string = join(projectRoot(), 'config', 'sample-catalogue.json')): SampleCatalogue {
  let catalogue: SampleCatalogue
  try { catalogue = JSON.parse(readFileSync(file, 'utf8')) as SampleCatalogue } catch (cause) { throw new Failure('CONFIG_INVALID', `${file} cannot be read as JSON`, { cause }) }
  const schema = JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'documents', 'sample-catalogue.v1.json'), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(catalogue)
    ? contradictions(catalogue, province)
    : shapeViolations(validate.errors ?? [])
  if (violations.length > 0) {
    throw new Failure('CONFIG_INVALID', `${file}: ${violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`, { violations })
  }
  return catalogue
}

function contradictions ({ resources, duties, matterGrants, grants }: SampleCatalogue, { departments, clients }: SampleProvince): Array<{ pointer: string, message: string }> {
  const found: Array<{ pointer: string, message: string }> = []
  const used = new Set<string>()
  for (const [i, resource] of resources.entries()) {
    const at = `/resources/${i}`
    if (!departments.some(({ id }) => id === resource.department)) found.push({ pointer: `${at}/department`, message: 'is no department here' })
    for (const member of ['name', 'title'] as const) {
      if (used.has(`${member} ${resource[member]}`)) found.push({ pointer: `${at}/${member}`, message: 'is used twice' })
      used.add(`${member} ${resource[member]}`)
    }
    const names = resource.items.map(({ name }) => name)
    if (new Set(names).size !== names.length) found.push({ pointer: `${at}/items`, message: 'name one item twice' })
    for (const [member, items] of [['keyItems', resource.keyItems], ['subjectItem', [resource.subjectItem]], ['regionItem', resource.regionItem === undefined ? [] : [resource.regionItem]]] as const) {
      if (!items.every(name => names.includes(name))) found.push({ pointer: `${at}/${member}`, message: 'is none of the items' })
    }
  }
  const isClient = (id: string): boolean => [...departments, ...clients].some(client => client.id === id)
  for (const [i, { id, resource, consumers }] of duties.entries()) {
    if (used.has(`duty ${id}`)) found.push({ pointer: `/duties/${i}/id`, message: 'is used twice' })
    used.add(`duty ${id}`)
    if (!resources.some(({ name }) => name === resource)) found.push({ pointer: `/duties/${i}/resource`, message: 'is no resource here' })
    if (!consumers.every(isClient)) found.push({ pointer: `/duties/${i}/consumers`, message: 'name somebody who is no client here' })
  }
  for (const [i, { consumer }] of matterGrants.entries()) if (!isClient(consumer)) found.push({ pointer: `/matterGrants/${i}/consumer`, message: 'is no client here' })
  for (const [i, { consumer, resource, fields }] of grants.entries()) {
    const items = resources.find(({ name }) => name === resource)?.items.map(({ name }) => name)
    if (!isClient(consumer)) found.push({ pointer: `/grants/${i}/consumer`, message: 'is no client here' })
    if (items === undefined) found.push({ pointer: `/grants/${i}/resource`, message: 'is no resource here' })
    else if (!fields.every(field => items.includes(field))) found.push({ pointer: `/grants/${i}/fields`, message: 'name what is none of the items' })
  }
  return found
}
