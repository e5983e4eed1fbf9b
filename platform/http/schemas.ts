import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { Failure, type Violation } from '../../services/core/failure.js'
import { violations } from '../../services/core/violations.js'

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
  for (const schema of schemas) ajv.addSchema(rowsApart(schema))
  return ajv
}

const ROW_MEMBERS = 6
/**
 * The same schema, with what stands in a list under `$defs`, and so judged by a function of its own. As part of the function for the
 * whole it would be the largest part of one that the engine finds too large to optimise, and be run once for each row.
 */
function rowsApart (schema: JsonSchema): JsonSchema {
  const rows: Record<string, unknown> = {}
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([name, value]) => {
      if (VALUES.has(name)) return [name, value]
      const walked = walk(value)
      if (name !== 'items' || !isRow(walked)) return [name, walked]
      const row = `row-${Object.keys(rows).length}`
      rows[row] = walked
      return [name, { $ref: `#/$defs/${row}` }]
    }))
  }
  const walked = walk(schema) as JsonSchema
  return Object.keys(rows).length === 0 ? walked : { ...walked, $defs: { ...walked['$defs'] as object | undefined, ...rows } }
}
/** Keywords that hold values, not schemas. */
const VALUES = new Set(['const', 'default', 'enum', 'examples'])

function isRow (schema: unknown): boolean {
  const { properties } = (schema ?? {}) as { properties?: object }
  return properties !== undefined && Object.keys(properties).length >= ROW_MEMBERS
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
