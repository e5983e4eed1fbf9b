import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import type { MatterForm } from '../schemas/documents/matter-form.v1.js'
import type { Matter } from '../schemas/documents/matter.v1.js'
import { Failure, type Violation } from '../services/core/failure.js'
import { parseJson } from '../services/core/json.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'
import { FAILURE_WORDS, told } from '../services/core/words.js'
import { formFaults, matterFaults, type Fault } from './matter-faults.js'
import { jsonFilesIn, readJson } from './read-json.js'

export type { Fault, Matter, MatterForm }
/** The matters of a folder in the order of their ids, and their forms by name. */
export interface Matters { matters: Matter[], forms: Map<string, MatterForm> }

const LIMITS = { bytes: 1 << 20, depth: 40 }
const FORM = '.form.json'
// Under NodeNext the types of this CommonJS package show its function one level deeper than it is.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void

/**
 * Every matter of a folder: `<id>.json`, and beside it the form that it names, `<form>.form.json`.
 * @throws {Failure} with one violation for each fault, whose pointer begins with the file and whose message with the code of the fault. The
 * failure's own code is that of the faults where they are all of one kind, MATTERS_INVALID where not
 */
export function loadMatters (dir: string = join(projectRoot(), 'config', 'matters')): Matters {
  const faults: Fault[] = []
  const { matters, forms } = readMatters(dir, faults)
  if (faults.length === 0) return { matters, forms }
  const codes = new Set(faults.map(({ code }) => code))
  const [code = 'MATTERS_INVALID'] = codes
  throw new Failure(codes.size === 1 ? code : 'MATTERS_INVALID', told(`共 ${faults.length} 处，列在下面`, `${faults.length} fault(s), listed below`), {
    violations: faults.map(({ code, file, pointer, message }) => ({ pointer: `/${file}${pointer}`, message: `${code}: ${message}` }))
  })
}

function readMatters (dir: string, faults: Fault[]): Matters {
  const files = jsonFilesIn(dir)
  const { isMatter, isForm } = shapes()
  const read = <T>(file: string, isShape: Shape<T>): T | undefined => {
    const { value, wrong } = readShape(join(dir, file), isShape)
    faults.push(...wrong.map(({ pointer, message }): Fault => ({ code: 'MATTER_INVALID', file, pointer, message })))
    return value
  }

  const forms = new Map<string, MatterForm>()
  for (const file of files.filter(name => name.endsWith(FORM))) {
    const form = read(file, isForm)
    if (form === undefined) continue
    const name = file.slice(0, -FORM.length)
    if (form.id !== name) faults.push({ code: 'MATTER_INVALID', file, pointer: '/id', message: told('须与文件名相同', 'must be the name of the file') })
    else forms.set(name, form)
    faults.push(...schemaFaults(form).map(fault => ({ ...fault, file })))
  }
  const matters: Matter[] = []
  for (const file of files.filter(name => name.endsWith('.json') && !name.endsWith(FORM))) {
    const matter = read(file, isMatter)
    if (matter === undefined) continue
    if (`${matter.id}.json` !== file) faults.push({ code: 'MATTER_INVALID', file, pointer: '/id', message: told('须与文件名相同', 'must be the name of the file') })
    const form = forms.get(matter.form)
    if (!files.includes(`${matter.form}${FORM}`)) faults.push({ code: 'MATTER_REFERENCE_UNKNOWN', file, pointer: '/form', message: told(`没有文件 ${matter.form}${FORM}`, `there is no file ${matter.form}${FORM}`) })
    faults.push(...matterFaults(matter, form).map(fault => ({ ...fault, file })))
    if (form !== undefined) faults.push(...formFaults(form, matter).map(fault => ({ ...fault, file: `${matter.form}${FORM}` })))
    matters.push(matter)
  }
  const used = new Set(matters.map(({ form }) => form))
  // Where a matter could not be read at all, nobody knows which form it would have used.
  if (faults.every(({ code }) => code !== 'MATTER_INVALID')) {
    for (const name of forms.keys()) if (!used.has(name)) faults.push({ code: 'MATTER_PART_UNUSED', file: `${name}${FORM}`, pointer: '', message: told('没有事项使用这个表单', 'no matter uses this form') })
  }
  return { matters, forms }
}

type Shape<T> = (value: unknown) => { value?: T, wrong: Violation[] }

function shapes (): { isMatter: Shape<Matter>, isForm: Shape<MatterForm> } {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  const compile = <T>(name: string): Shape<T> => {
    const validate = ajv.compile<T>(readJson(join(projectRoot(), 'schemas', 'documents', `${name}.v1.json`)) as object)
    return value => validate(value)
      ? { value, wrong: [] }
      : { wrong: shapeViolations(validate.errors ?? []) }
  }
  const isMatter = compile<Matter>('matter') // first: the form's schema refers to it
  return { isMatter, isForm: compile<MatterForm>('matter-form') }
}

function readShape<T> (path: string, isShape: Shape<T>): ReturnType<Shape<T>> {
  let value: unknown
  try { value = parseJson(readFileSync(path), LIMITS) } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { wrong: [{ pointer: '', message: told(FAILURE_WORDS[error.code].zh, error.message) }] }
  }
  return isShape(value)
}

/** A form's own schema has to be one, read strictly: a misspelt keyword would let everything through. */
function schemaFaults (form: MatterForm): Array<Omit<Fault, 'file'>> {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats(ajv)
  try { ajv.compile(form.schema) } catch (error) {
    return [{ code: 'FORM_SCHEMA_INVALID', pointer: '/schema', message: told('不是规范的 JSON Schema', error instanceof Error ? error.message : String(error)) }]
  }
  return []
}
