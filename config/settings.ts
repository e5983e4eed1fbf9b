import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Failure, type Violation } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'
import type { Settings } from '../schemas/documents/settings.v1.js'
import { told } from '../services/core/words.js'
import { requireFaultless, readJson } from './read-json.js'

export type { Settings }
type Section = Record<string, unknown>
type Sections = Record<string, Section>

/** Short names that people expect to work, besides `MIANZHENG_<SECTION>_<NAME>`. */
const SHORT_NAMES: Record<string, [section: string, name: string]> = {
  PORT: ['http', 'port'], HOST: ['http', 'host'], DATA_DIR: ['data', 'directory']
}

/**
 * Every setting: config/defaults.json, then the profile (`MIANZHENG_PROFILE`, else `development`), then the file that
 * `MIANZHENG_CONFIG` names, then the environment; each overrides the one before it, setting by setting.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault, an unknown setting among them; the pointer names the
 * setting, the message where it came from
 */
export function loadSettings (environment: NodeJS.ProcessEnv, root: string = projectRoot()): Settings {
  const violations: Violation[] = []
  const origins = new Map<string, string>()
  const merged: Sections = {}
  const lay = (sections: unknown, origin: string): void => {
    if (!isRecord(sections)) { violations.push({ pointer: '', message: `${origin}: ${told('应为分节的对象', 'not an object of sections')}` }); return }
    for (const [section, values] of Object.entries(sections)) {
      if (!isRecord(values)) { violations.push({ pointer: `/${section}`, message: `${origin}: ${told('每一节应为对象', 'a section must be an object')}` }); continue }
      for (const [name, value] of Object.entries(values)) {
        (merged[section] ??= {})[name] = value
        origins.set(`/${section}/${name}`, origin)
      }
    }
  }

  const profile = environment['MIANZHENG_PROFILE'] ?? 'development'
  if (!/^[a-z][a-z0-9-]*$/.test(profile)) throw new Failure('CONFIG_INVALID', `MIANZHENG_PROFILE: ${told(`${JSON.stringify(profile)} 不是配置方案的名称`, `${JSON.stringify(profile)} is not the name of a profile`)}`)
  const profiles = join(root, 'config', 'profiles')
  if (!existsSync(join(profiles, `${profile}.json`))) {
    const known = readdirSync(profiles).filter(name => name.endsWith('.json')).map(name => name.slice(0, -5)).sort().join(', ')
    throw new Failure('CONFIG_INVALID', `MIANZHENG_PROFILE: ${told(`没有配置方案 ${profile}，有 ${known}`, `there is no profile ${profile}; there are: ${known}`)}`)
  }
  lay(readJson(join(root, 'config', 'defaults.json')), 'config/defaults.json')
  lay(readJson(join(profiles, `${profile}.json`)), `config/profiles/${profile}.json`)
  const file = environment['MIANZHENG_CONFIG']
  if (file !== undefined) lay(readJson(file), file)
  const schema = readJson(join(root, 'schemas', 'documents', 'settings.v1.json')) as SettingsSchema
  lay(fromEnvironment(environment, schema, violations), 'environment')

  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  if (!validate(merged)) {
    for (const { pointer, message } of shapeViolations(validate.errors ?? [])) violations.push({ pointer, message: `${origins.get(pointer) ?? 'settings'}: ${message}` })
  }
  requireFaultless('settings', violations)
  return merged as unknown as Settings
}

interface SettingsSchema { properties: Record<string, { properties: Record<string, { type: string }> }> }

function fromEnvironment (environment: NodeJS.ProcessEnv, schema: SettingsSchema, violations: Violation[]): Sections {
  const known = new Map<string, [string, string]>(Object.entries(SHORT_NAMES))
  for (const [section, { properties }] of Object.entries(schema.properties)) {
    for (const name of Object.keys(properties)) known.set(`MIANZHENG_${snake(section)}_${snake(name)}`, [section, name])
  }
  const sections: Sections = {}
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || variable === 'MIANZHENG_PROFILE' || variable === 'MIANZHENG_CONFIG') continue
    const setting = known.get(variable)
    if (setting === undefined) {
      if (variable.startsWith('MIANZHENG_')) violations.push({ pointer: '', message: `environment: ${told(`没有 ${variable} 这个设置`, `${variable} names no setting`)}` })
      continue
    }
    const [section, name] = setting
    const { type } = schema.properties[section]?.properties[name] as { type: string };
    (sections[section] ??= {})[name] = typed(text, type)
  }
  return sections
}

/** An environment variable is text; the schema says what it stands for. What does not fit stays text, and is refused as such. */
function typed (text: string, type: string): unknown {
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function snake (camel: string): string { return camel.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase() }

function isRecord (value: unknown): value is Record<string, unknown> { return typeof value === 'object' && value !== null && !Array.isArray(value) }
