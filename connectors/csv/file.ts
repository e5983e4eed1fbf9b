import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { Failure } from '../../services/core/failure.js'
import { told, type Bilingual } from '../../services/core/words.js'

export type Encoding = 'utf-8' | 'gb18030'
export interface CsvLimits {
  /** Largest file. */
  fileBytes: number
  /** Largest row; one beyond it is rejected, and one so long that its end is in doubt makes the file unreadable. */
  rowBytes: number
  columns: number
}
export interface CsvLine { fields: string[], line: number }

const UNREADABLE_ROWS = 16 // times rowBytes: a row this long is rather a quotation mark that was never closed
const SMALLEST_UNREADABLE_BYTES = 64 * 1024

/**
 * The lines of one CSV file, the heading first. Strict: RFC 4180 with CRLF or LF, no byte that the encoding does not have. A fault
 * in quotation leaves open where the next row begins, so it makes the whole file unreadable.
 * @returns digest of the bytes that were read
 * @throws {Failure} SOURCE_INVALID, naming file and line
 */
export async function * readCsv (path: string, { encoding, limits }: { encoding: Encoding, limits: CsvLimits }): AsyncGenerator<CsvLine, string> {
  const name = basename(path)
  const hash = createHash('sha256')
  const decoder = new TextDecoder(encoding, { fatal: true })
  async function * text (): AsyncGenerator<string> {
    let bytes = 0
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > limits.fileBytes) throw unreadable(name, told(`文件超过 ${limits.fileBytes} 字节`, `it is larger than ${limits.fileBytes} bytes`))
      hash.update(chunk)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  }
  const parser = parse({
    info: true,
    relax_column_count: true, // a row with too few or too many is rejected by itself
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    max_record_size: Math.max(SMALLEST_UNREADABLE_BYTES, limits.rowBytes * UNREADABLE_ROWS)
  })
  pipeline(Readable.from(text()), parser, () => {}) // its error comes out of the parser
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[], info: { lines: number } }>) {
      yield { fields: record, line: info.lines }
    }
  } catch (error) { throw asSourceFailure(name, error) }
  return hash.digest('hex')
}

/** What is said of the parser's codes that a file can bring about. */
const PARSING: Record<string, string> = {
  INVALID_OPENING_QUOTE: '没有以引号开头的字段中间出现了引号',
  CSV_INVALID_CLOSING_QUOTE: '引号之后还有别的字符',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: '引号之后还有别的字符',
  CSV_QUOTE_NOT_CLOSED: '引号没有闭合',
  CSV_MAX_RECORD_SIZE: '这一行太长，多半是引号没有闭合'
}

function asSourceFailure (name: string, error: unknown): unknown {
  const { code, lines, syscall } = error as { code?: unknown, lines?: unknown, syscall?: unknown }
  if (typeof lines === 'number' && typeof code === 'string') return unreadable(`${name}:${lines}`, told(PARSING[code] ?? '不是规范的 CSV', code.replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ')), error)
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return unreadable(name, told('有不属于所设编码的字节', 'it has bytes that its encoding does not'), error)
  return typeof syscall === 'string' ? unreadable(name, told('文件读不出来', 'it cannot be read'), error) : error
}

export function unreadable (at: string, why: Bilingual, cause?: unknown): Failure {
  return new Failure('SOURCE_INVALID', `${at}: ${why}`, cause === undefined ? {} : { cause })
}
