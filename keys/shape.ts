import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { Failure } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'
import { told } from '../services/core/words.js'

export type ListName = 'trust-list' | 'authority-list'

let compiled: Record<ListName, ValidateFunction> | undefined

/** The shapes are compiled once, at the first list. */
function shapes (): Record<ListName, ValidateFunction> {
  if (compiled !== undefined) return compiled
  const schema = (name: string): object => JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'documents', `${name}.v1.json`), 'utf8')) as object
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  ajv.addSchema(schema('policy'))
  return (compiled = { 'trust-list': ajv.compile(schema('trust-list')), 'authority-list': ajv.compile(schema('authority-list')) })
}

/** @throws {Failure} INPUT_INVALID with every violation */
export function demandShape (name: ListName, value: unknown): void {
  const validate = shapes()[name]
  if (validate(value)) return
  const violations = shapeViolations(validate.errors ?? [])
  throw new Failure('INPUT_INVALID', told(`${name} 不符合格式`, `the ${name} does not have the required shape`), { violations })
}
