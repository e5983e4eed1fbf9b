import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import type { DeletionLimits } from '../sdk/guard.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { RejectedRow, Source, SourceBatch, SourceRow } from '../sdk/source.js'
import { digestOfJson, requireResource } from '../sdk/values.js'
import { readCsv, unreadable, type CsvLimits, type CsvLine, type Encoding } from './file.js'
import { readHeading, readRow, type Column, type Heading } from './rows.js'

export type { Column } from './rows.js'
export type { CsvLimits, Encoding } from './file.js'

export interface CsvFolderOptions {
  /** Folder whose `.csv` files together hold every row; a row that is in none of them any more has been deleted. */
  dir: string
  /** Name under which the rows are published. */
  resource: string
  encoding?: Encoding
  /** Headings of the columns that tell rows apart. */
  key: readonly string[]
  /** What is published of a row. */
  columns: readonly Column[]
  deletions?: DeletionLimits
  limits: CsvLimits
}

const BATCH_ROWS = 500

/**
 * A folder of CSV files as a source. Every file is read to its end before the first row is handed over, and read again for the
 * rows: so nothing of a file that breaks off in the middle is published, and none of its rows is taken for deleted. Put files in
 * place by renaming them.
 * @throws {Failure} CONFIG_INVALID
 */
export function csvFolder (options: CsvFolderOptions): Source {
  const { resource, dir, encoding, key, columns, deletions } = options
  requireResource(resource)
  if (key.length === 0) throw new Failure('CONFIG_INVALID', `${resource}: ${told('key 至少写一个列名', 'key names at least one heading')}`)
  const names = columns.map(({ heading, name = heading }) => name)
  if (names.length === 0 || new Set(names).size !== names.length) throw new Failure('CONFIG_INVALID', `${resource}: ${told('columns 至少一项，各不重名', 'columns name at least one item, each once')}`)
  return { resource, complete: true, shape: digestOfJson({ dir, encoding, key }), ...deletions !== undefined && { deletions }, read: () => readFolder(options) }
}

async function * readFolder (options: CsvFolderOptions): AsyncGenerator<SourceBatch> {
  const files = await list(options.dir)
  const digests = new Map<string, string>()
  const keys = new Map<string, number>()
  for (const file of files) {
    digests.set(file, await eachRow(file, options, one => {
      const key = 'row' in one ? one.row.key : one.rejected.key
      if (key !== undefined) keys.set(key, (keys.get(key) ?? 0) + 1)
    }))
  }
  for (const file of files) {
    let rows: SourceRow[] = []
    let rejected: RejectedRow[] = []
    const lines = readCsv(join(options.dir, file), readOptions(options))
    let heading: Heading | undefined
    for (;;) {
      const next = await lines.next()
      if (next.done === true) {
        if (next.value !== digests.get(file)) throw unreadable(file, told('读取期间文件被改动', 'it was changed while it was read'))
        break
      }
      if (heading === undefined) {
        heading = readHeading(file, next.value, options)
        continue
      }
      const one = unlessTwice(file, next.value, readRow(file, next.value, heading, options.limits), keys)
      if ('row' in one) rows.push(one.row)
      else rejected.push(one.rejected)
      if (rows.length + rejected.length >= BATCH_ROWS) {
        yield { rows, rejected }
        rows = []
        rejected = []
      }
    }
    yield { rows, rejected }
  }
}

/** Of rows that share a key none can be told to be the right one. */
function unlessTwice (file: string, { line }: CsvLine, one: ReturnType<typeof readRow>, keys: ReadonlyMap<string, number>): ReturnType<typeof readRow> {
  if (!('row' in one) || keys.get(one.row.key) === 1) return one
  return { rejected: { at: `${file}:${line}`, code: 'ROW_KEY_TWICE', message: ROW_TOLD.keyTwice, key: one.row.key } }
}

/** Reads a file to its end. @returns the digest of its bytes */
async function eachRow (file: string, options: CsvFolderOptions, take: (one: ReturnType<typeof readRow>) => void): Promise<string> {
  const lines = readCsv(join(options.dir, file), readOptions(options))
  let heading: Heading | undefined
  for (;;) {
    const next = await lines.next()
    if (next.done === true) {
      if (heading === undefined) throw unreadable(file, told('没有表头', 'it has no heading'))
      return next.value
    }
    if (heading === undefined) heading = readHeading(file, next.value, options)
    else take(readRow(file, next.value, heading, options.limits))
  }
}

function readOptions ({ encoding = 'utf-8', limits }: CsvFolderOptions): { encoding: Encoding, limits: CsvLimits } { return { encoding, limits } }

async function list (dir: string): Promise<string[]> {
  let names: string[]
  try { names = await readdir(dir) } catch (error) { throw unreadable(dir, told('目录读不出来', 'the folder cannot be read'), error) }
  const files = names.filter(name => name.endsWith('.csv')).sort()
  if (files.length === 0) throw unreadable(dir, told('目录里没有 .csv 文件', 'the folder holds no .csv file')) // an empty folder is a mishap far more often than an empty register
  return files
}
