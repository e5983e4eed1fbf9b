import { readdirSync, readFileSync } from 'node:fs'
import { Failure, type Violation } from '../services/core/failure.js'
import { told } from '../services/core/words.js'

/** @throws {Failure} CONFIG_INVALID */
export function readJson (path: string): unknown {
  let text: string
  try { text = readFileSync(path, 'utf8') } catch (cause) { throw unreadable(path, cause) }
  try { return JSON.parse(text) } catch (cause) { throw new Failure('CONFIG_INVALID', `${path}: ${told('不是 JSON', 'is not JSON')}`, { cause }) }
}

/** Names of the JSON files of a folder, in order. @throws {Failure} CONFIG_INVALID */
export function jsonFilesIn (dir: string): string[] {
  try { return readdirSync(dir).filter(name => name.endsWith('.json')).sort() } catch (cause) { throw unreadable(dir, cause) }
}

function unreadable (path: string, cause: unknown): Failure { return new Failure('CONFIG_INVALID', `${path}: ${told('读不出来', 'cannot be read')}`, { cause }) }

/** @throws {Failure} CONFIG_INVALID unless there are none */
export function requireFaultless (path: string, violations: Violation[]): void {
  if (violations.length > 0) throw new Failure('CONFIG_INVALID', `${path}: ${told('每一处都列在下面', 'every fault is listed')}`, { violations })
}
