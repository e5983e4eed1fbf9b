import { quoted, Refusal } from './refusal.js'

export interface Candidate {
  path: string
  /** Found only by leaving out the BaseLoc of the resource list. */
  without: boolean
}

/**
 * The names that a reference may mean, most likely first.
 * @param reference - ST_Loc: `/` the root of the package, else relative; `.` and `..` as usual
 * @param from - the file that holds it
 * @param base - BaseLoc of the resource list, itself an ST_Loc
 * @throws {Refusal} OFD_PATH_BAD
 * @see GB/T 33190-2016, 7.3 and table 1 (ST_Loc)
 */
export function candidates (reference: string, from: string, base?: string): Candidate[] {
  const text = plain(reference, from)
  if (text.startsWith('/')) return found([normal(text.slice(1))], 1, reference, from)
  const directory = from.slice(0, from.lastIndexOf('/') + 1)
  const beside = [normal(directory + text), normal(text)]
  if (base === undefined || base === '') return found(beside, beside.length, reference, from)
  const below = plain(base, from)
  const bases = below.startsWith('/') ? [below.slice(1)] : [directory + below, below]
  const based = bases.map(base => normal(`${base}/${text}`))
  return found([...based, ...beside], based.length, reference, from)
}

function plain (reference: string, from: string): string {
  const text = reference.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (text === '' || /[\u0000-\u001f\u007f-\u009f\\:]/.test(text)) throw new Refusal('OFD_PATH_BAD', `${quoted(text)} in ${quoted(from)}`)
  return text
}

/** @returns undefined where the path leaves the package or names a directory */
function normal (path: string): string | undefined {
  if (path === '') return undefined
  if (!path.includes('./') && !path.includes('//') && !path.endsWith('.') && !path.endsWith('/')) return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return undefined
    } else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return /(?:^|\/)\.{0,2}$/.test(path) ? undefined : segments.join('/')
}

function found (paths: Array<string | undefined>, withBase: number, reference: string, from: string): Candidate[] {
  const candidates: Candidate[] = []
  for (const [i, path] of paths.entries()) {
    if (path !== undefined && !candidates.some(candidate => candidate.path === path)) candidates.push({ path, without: i >= withBase })
  }
  if (candidates.length === 0) throw new Refusal('OFD_PATH_BAD', `${quoted(reference)} in ${quoted(from)}`)
  return candidates
}
