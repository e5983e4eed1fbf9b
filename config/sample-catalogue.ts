import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SampleCatalogue } from '../schemas/documents/sample-catalogue.v1.js'
import { Failure } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import type { SampleProvince } from './province.js'

export type { SampleCatalogue }
export type SampleResource = SampleCatalogue['resources'][number]

/**
 * What the departments of the sample province hold, from config/sample-catalogue.json or another file of its shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a department that the province does not have, a name or title
 * used twice, a key, subject or region that is none of the items
 */
export function loadSampleCatalogue (province: SampleProvince, file: string = join(projectRoot(), 'config', 'sample-catalogue.json')): SampleCatalogue {
  let catalogue: SampleCatalogue
  try { catalogue = JSON.parse(readFileSync(file, 'utf8')) as SampleCatalogue } catch (cause) { throw new Failure('CONFIG_INVALID', `${file} cannot be read as JSON`, { cause }) }
  const schema = JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'documents', 'sample-catalogue.v1.json'), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(catalogue)
    ? contradictions(catalogue, province)
    : (validate.errors ?? []).map(({ instancePath, message = '' }) => ({ pointer: instancePath, message }))
  if (violations.length > 0) {
    throw new Failure('CONFIG_INVALID', `${file}: ${violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`, { violations })
  }
  return catalogue
}

function contradictions ({ resources }: SampleCatalogue, { departments }: SampleProvince): Array<{ pointer: string, message: string }> {
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
  return found
}
