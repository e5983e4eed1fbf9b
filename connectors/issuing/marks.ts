import { CHANGED_TO } from '../register-row.js'
import type { Issued, LicenceState } from './register-changes.js'

/** What the connector remembers of a row, beside the events that said it. */
export interface Remembered extends Issued {
  /** SHA-256 of each version's file, oldest first; lower-case hex. */
  files: string[]
}

const PREFIX = 'licence/'
export function markName (key: string): string { return PREFIX + key }
export function isMark (name: string): boolean { return name.startsWith(PREFIX) }

const STATES = new Set<string>(['issued', ...CHANGED_TO])

/** One short line: digests in base64url, blanks between. */
export function writeMark ({ version, state, stateOn = '-', issuedOn, content, files }: Remembered): string {
  return [version, state, stateOn, issuedOn, content, ...files.map(file => Buffer.from(file, 'hex').toString('base64url'))].join(' ')
}

/** @throws {TypeError} not a mark of ours, which only a damaged outbox could hold */
export function readMark (mark: string): Remembered {
  const [version = '', state = '', stateOn = '', issuedOn = '', content = '', ...files] = mark.split(' ')
  if (!/^[1-9]\d{0,2}$/.test(version) || !STATES.has(state) || content.length !== 43 || files.length === 0) throw new TypeError('not a mark of the issuing connector')
  return {
    version: Number(version),
    state: state as LicenceState,
    ...stateOn === '-' ? {} : { stateOn },
    issuedOn,
    content,
    files: files.map(file => Buffer.from(file, 'base64url').toString('hex'))
  }
}
