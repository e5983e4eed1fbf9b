import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Settings } from '../config/settings.js'
import { csvFolder } from '../connectors/csv/index.js'
import { httpSource } from '../connectors/http/index.js'
import type { Source } from '../connectors/sdk/index.js'
import { readSecret } from '../connectors/sdk/secret.js'
import { sqlSource, type SqlConnection } from '../connectors/sql/index.js'
import { loadSchemas, validators } from '../platform/http/schemas.js'
import type { CsvSource } from '../schemas/documents/csv-source.v1.js'
import type { HttpSource } from '../schemas/documents/http-source.v1.js'
import type { SqlSource } from '../schemas/documents/sql-source.v1.js'
import { Failure } from '../services/core/failure.js'
import { parseJson } from '../services/core/json.js'
import { projectRoot } from '../services/core/project-root.js'
import { told, type Bilingual } from '../services/core/words.js'

type Limits = Pick<Settings['connectors'], 'rowBytes' | 'fileBytes' | 'columns'>

/** What departments publish from, besides their registers of licences. */
export const SOURCES = {
  csv: { description: '上报 CSV 文件夹里的变化  Publish what changed in a folder of CSV files', document: 'csv-source.v1' },
  sql: { description: '上报数据库表或查询里的变化（PostgreSQL、MySQL、MariaDB）  Publish what changed in a table or a query of a database', document: 'sql-source.v1' },
  http: { description: '上报 HTTP/JSON 接口里的变化  Publish what changed in an interface that answers JSON', document: 'http-source.v1' }
} as const
export type SourceKind = keyof typeof SOURCES

const JSON_DEPTH = 32
const MIB = 1024 * 1024

/**
 * The source that a configuration document declares. Files that it names are relative to it; secrets stand in files or in the environment.
 * @throws {Failure} CONFIG_INVALID
 */
export function readSource (kind: SourceKind, path: string, { connectors: limits }: Pick<Settings, 'connectors'>, environment: NodeJS.ProcessEnv): Source {
  const document = readDocument(path, SOURCES[kind].document)
  switch (kind) {
    case 'csv': return csvSource(document as CsvSource, path, limits)
    case 'sql': return sql(document as SqlSource, path, limits, environment)
    case 'http': return http(document as HttpSource, path, limits, environment)
  }
}

function readDocument (path: string, schema: string): unknown {
  const wrong = (why: Bilingual, cause: unknown): Failure => new Failure('CONFIG_INVALID', `${path}: ${why}`, { cause })
  let bytes: Buffer
  try { bytes = readFileSync(path) } catch (cause) {
    throw wrong((cause as NodeJS.ErrnoException).code === 'ENOENT' ? told('不存在', 'is not there') : told('读不出来', 'cannot be read'), cause)
  }
  let document: unknown
  try { document = parseJson(bytes, { bytes: MIB, depth: JSON_DEPTH }) } catch (cause) {
    const { message } = cause as Error
    const line = lineOf(bytes, message)
    throw wrong(line === undefined ? told('不是 JSON', `is no JSON: ${message}`) : told(`不是 JSON，见第 ${line} 行`, `is no JSON: ${message}, line ${line}`), cause)
  }
  const violations = validators(loadSchemas(join(projectRoot(), 'schemas')))(`https://mianzheng.example/schemas/documents/${schema}.json`)(document)
  if (violations.length > 0) throw new Failure('CONFIG_INVALID', `${path}: ${told('不符合格式', 'does not have its shape')}`, { violations })
  return document
}

/** The line where the parser stopped, if it says so. */
function lineOf (bytes: Buffer, message: string): number | undefined {
  const [, position] = /near character (\d+)$/.exec(message) ?? []
  return position === undefined ? undefined : bytes.toString().slice(0, Number(position)).split('\n').length
}

function csvSource (source: CsvSource, path: string, limits: Limits): Source {
  return csvFolder({ ...source, dir: resolve(dirname(path), source.dir), limits })
}

function sql ({ connection, timeoutSeconds = 60, ...source }: SqlSource, path: string, { rowBytes, columns }: Limits, environment: NodeJS.ProcessEnv): Source {
  const { engine, host = '127.0.0.1', port = engine === 'postgresql' ? 5432 : 3306, socket, database, user, password, caFile } = connection
  const near = socket !== undefined || /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/.test(host)
  const { tls = near && caFile === undefined ? 'off' : 'verify' } = connection
  const opened: SqlConnection = {
    engine,
    host,
    port,
    database,
    user,
    ...socket !== undefined && { socket },
    ...password !== undefined && { password: readSecret(password, path, environment) },
    ...tls === 'verify' && { tls: caFile === undefined ? {} : { ca: readCa(caFile, path) } }
  }
  return sqlSource({ ...source, connection: opened, limits: { rowBytes, columns, timeoutMs: timeoutSeconds * 1000 } })
}

function http (document: HttpSource, path: string, { rowBytes, columns, fileBytes }: Limits, environment: NodeJS.ProcessEnv): Source {
  const { authorization, caFile, timeoutSeconds = 30, attempts = 4, pageBytes = 8 * MIB, pagesAtMost = 10_000, ...source } = document
  return httpSource({
    ...source,
    ...authorization !== undefined && { authorization: headerOf(authorization, path, environment) },
    ...caFile !== undefined && { ca: readCa(caFile, path) },
    limits: { rowBytes, columns, pageBytes, attempts, timeoutMs: timeoutSeconds * 1000, pages: pagesAtMost, totalBytes: fileBytes, jsonDepth: JSON_DEPTH }
  })
}

function headerOf (authorization: NonNullable<HttpSource['authorization']>, path: string, environment: NodeJS.ProcessEnv): string {
  return 'bearer' in authorization
    ? `Bearer ${readSecret(authorization.bearer, path, environment)}`
    : `Basic ${Buffer.from(`${authorization.user}:${readSecret(authorization.password, path, environment)}`).toString('base64')}`
}

function readCa (file: string, path: string): string {
  let pem: string
  try { pem = readFileSync(resolve(dirname(path), file), 'utf8') } catch (cause) { throw new Failure('CONFIG_INVALID', `${file}: ${told('读不出来', 'cannot be read')}`, { cause }) }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Failure('CONFIG_INVALID', `${file}: ${told('里面没有 PEM 证书', 'holds no certificate in PEM')}`)
  return pem
}
