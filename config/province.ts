import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { SampleProvince } from '../schemas/documents/sample-province.v1.js'
import type { Violation } from '../services/core/failure.js'
import { isUscc } from '../services/core/identifiers.js'
import { projectRoot } from '../services/core/project-root.js'
import { FAULT, violations as shapeViolations } from '../services/core/violations.js'
import { told } from '../services/core/words.js'
import { requireFaultless, readJson } from './read-json.js'

export type { SampleProvince }

/**
 * The made-up province of config/sample-province.json, or of another file of the same shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a code whose check character is wrong, an id used twice,
 * a spoilt seal of a department that is not there
 */
export function loadProvince (file: string = join(projectRoot(), 'config', 'sample-province.json')): SampleProvince {
  const province = readJson(file) as SampleProvince
  const schema = readJson(join(projectRoot(), 'schemas', 'documents', 'sample-province.v1.json')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(province)
    ? contradictions(province)
    : shapeViolations(validate.errors ?? [])
  requireFaultless(file, violations)
  return province
}

function contradictions (province: SampleProvince): Violation[] {
  const found: Violation[] = []
  const organisations: Array<[string, { uscc: string }]> = [['/operator', province.operator], ['/definer', province.definer]]
  for (const list of ['departments', 'outsiders', 'clients'] as const) province[list].forEach((item, i) => organisations.push([`/${list}/${i}`, item]))
  for (const [pointer, { uscc }] of organisations) if (!isUscc(uscc)) found.push({ pointer: `${pointer}/uscc`, message: FAULT.checkCharacter })
  const seen = (pointer: string, value: string, used: Set<string>): void => {
    if (used.has(value)) found.push({ pointer, message: FAULT.usedTwice })
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
    if (!province.departments.some(({ id }) => id === department)) found.push({ pointer: `/spoiltSeals/${i}/department`, message: told('这里没有这个部门', 'is no department here') })
  })
  return found
}
