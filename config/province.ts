import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SampleProvince } from '../schemas/documents/sample-province.v1.js'
import { Failure } from '../services/core/failure.js'
import { isUscc } from '../services/core/identifiers.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'

export type { SampleProvince }

/**
 * The made-up province of config/sample-province.json, or of another file of the same shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a code whose check character is wrong, an id used twice,
 * a spoilt seal of a department that is not there
 */
export function loadProvince (file: string = join(projectRoot(), 'config', 'sample-province.json')): SampleProvince {
  let province: SampleProvince
  try { province = JSON.parse(readFileSync(file, 'utf8')) as SampleProvince } catch (cause) { throw new Failure('CONFIG_INVALID', `${file} cannot be read as JSON`, { cause }) }
  const schema = JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'documents', 'sample-province.v1.json'), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(province)
    ? contradictions(province)
    : shapeViolations(validate.errors ?? [])
  if (violations.length > 0) {
    throw new Failure('CONFIG_INVALID', `${file}: ${violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`, { violations })
  }
  return province
}

function contradictions (province: SampleProvince): Array<{ pointer: string, message: string }> {
  const found: Array<{ pointer: string, message: string }> = []
  const organisations: Array<[string, { uscc: string }]> = [['/operator', province.operator], ['/definer', province.definer]]
  for (const list of ['departments', 'outsiders', 'clients'] as const) province[list].forEach((item, i) => organisations.push([`/${list}/${i}`, item]))
  for (const [pointer, { uscc }] of organisations) if (!isUscc(uscc)) found.push({ pointer: `${pointer}/uscc`, message: 'has a wrong check character' })
  const seen = (pointer: string, value: string, used: Set<string>): void => {
    if (used.has(value)) found.push({ pointer, message: 'is used twice' })
    used.add(value)
  }
  // Departments are clients too, under their own id; every folder of keys is named by an id, so all of them share one name space.
  const ids = new Set<string>()
  const seals = new Set<string>()
  for (const list of ['departments', 'outsiders', 'spoiltSeals', 'clients'] as const) {
    province[list].forEach((item, i) => {
      seen(`/${list}/${i}/id`, item.id, ids)
      if ('sealId' in item) seen(`/${list}/${i}/sealId`, item.sealId, seals)
    })
  }
  province.spoiltSeals.forEach(({ department }, i) => {
    if (!province.departments.some(({ id }) => id === department)) found.push({ pointer: `/spoiltSeals/${i}/department`, message: 'is no department here' })
  })
  return found
}
