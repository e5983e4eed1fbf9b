import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { Failure, type Violation } from '../../services/core/failure.js'

/** A JSON Schema 2020-12 with an absolute `$id`. */
export type JsonSchema = { $id: string } & Record<string, unknown>

const BASE = 'https://mianzheng.example/schemas/'

/**
 * Reads every `*.vN.json` below a folder. A schema's `$id` says where it stands, so that two can never share one.
 * @throws {Failure} CONFIG_INVALID a file is not JSON, or its `$id` is not that of its place
 */
export function loadSchemas (dir: string): JsonSchema[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(name => /\.v\d+\.json$/.test(name)).sort()
  return names.map(name => {
    let schema: JsonSchema
    try {
      schema = JSON.parse(readFileSync(join(dir, name), 'utf8')) as JsonSchema
    } catch (cause) { throw new Failure('CONFIG_INVALID', `schema ${name} is not JSON`, { cause }) }
    const expected = BASE + name.replaceAll('\\', '/')
    if (schema.$id !== expected) throw new Failure('CONFIG_INVALID', `schema ${name} must have the $id ${expected}`)
    return schema
  })
}

// Under NodeNext the types of this CommonJS package show its function one level deeper than it is.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void

const STRICT: Options = {
  strict: true,
  strictTypes: true,
  strictTuples: true,
  allowUnionTypes: true,
  allErrors: true, // every violation is told at once; sizes are bounded before this runs
  inlineRefs: false, // a function for each schema that others refer to: half the code, compiled and run in half the time
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false
}

/** For bodies and answers: takes nothing for what it is not. */
export function strictAjv (schemas: readonly JsonSchema[]): Ajv2020 { return withSchemas(new Ajv2020(STRICT), schemas) }
/** For parameters, queries and headers alone, where everything arrives as text. */
export function coercingAjv (schemas: readonly JsonSchema[]): Ajv2020 {
  return withSchemas(new Ajv2020({ ...STRICT, coerceTypes: true }), schemas)
}

function withSchemas (ajv: Ajv2020, schemas: readonly JsonSchema[]): Ajv2020 {
  addFormats(ajv)
  for (const schema of schemas) ajv.addSchema(schema)
  return ajv
}

/** Judges a value against one schema. @returns every violation; empty where there is none */
export type Validator = (value: unknown) => Violation[]

/**
 * For use outside routes, e.g. on events.
 * @returns a function that gives the validator of a schema by its `$id`. @throws {Failure} CONFIG_INVALID there is none by that `$id`
 */
export function validators (schemas: readonly JsonSchema[]): (id: string) => Validator {
  const ajv = strictAjv(schemas)
  return id => {
    const validate = ajv.getSchema(id)
    if (validate === undefined) throw new Failure('CONFIG_INVALID', `there is no schema ${id}`)
    return value => violationsOf(validate as ValidateFunction, value)
  }
}

export function violationsOf (validate: ValidateFunction, value: unknown): Violation[] {
  return validate(value) === true ? [] : violations(validate.errors ?? [])
}

/** A pattern that only instants fit says to people what it looks like, in place of itself. */
const INSTANT = /^\^(?:\[0-9\]|\\d)\{4\}-(?:\[0-9\]|\\d)\{2\}-(?:\[0-9\]|\\d)\{2\}T/

/** What ajv found, without the values: a value may be personal data, and violations travel in answers and logs. */
export function violations (errors: readonly ErrorObject[]): Violation[] {
  return errors.map(({ instancePath, keyword, params, message }) => {
    switch (keyword) {
      case 'required': return { pointer: child(instancePath, params['missingProperty']), message: 'is missing' }
      case 'additionalProperties': return { pointer: child(instancePath, params['additionalProperty']), message: 'is not known here' }
      case 'unevaluatedProperties': return { pointer: child(instancePath, params['unevaluatedProperty']), message: 'is not known here' }
      case 'pattern': return { pointer: instancePath, message: INSTANT.test(String(params['pattern'])) ? 'must be an instant in UTC, as in 2026-06-01T00:00:00Z' : message ?? keyword }
      default: return { pointer: instancePath, message: message ?? keyword }
    }
  })
}

/** @see RFC 6901 section 3 */
function child (pointer: string, name: unknown): string {
  return `${pointer}/${String(name).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
