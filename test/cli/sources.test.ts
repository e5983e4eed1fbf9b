import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadSettings } from '../../config/settings.js'
import { readSource } from '../../cli/sources.js'
import { projectRoot } from '../../services/core/project-root.js'
import { readAll } from '../connectors/sql/register.js'
import { postgresFolder, startPostgres } from '../support/postgres.js'

const settings = loadSettings({})
const HTTP = { resource: 'shops', url: 'http://127.0.0.1:1/shops', items: '', key: ['id'], columns: [{ member: 'v' }] }
const SQL = { resource: 'shops', connection: { engine: 'postgresql', host: 'register.example', database: 'd', user: 'u' }, table: { name: 'shops' }, key: ['id'], columns: [{ column: 'v' }] }

function written (t: Test, document: unknown, files: Record<string, string> = {}): string {
  const dir = t.testdir(files)
  writeFileSync(join(dir, 'source.json'), JSON.stringify(document))
  return join(dir, 'source.json')
}
const codeOf = (act: () => unknown): string => {
  try { act(); return 'read' } catch (error) { return (error as { code: string }).code }
}

t.test('a document that does not have its shape is refused, a password written into it too', async t => {
  const of = (kind: 'sql' | 'http' | 'csv', document: unknown): string => codeOf(() => readSource(kind, written(t, document), settings, {}))
  t.equal(of('http', HTTP), 'read')
  t.equal(of('sql', SQL), 'read')
  t.equal(of('sql', { ...SQL, connection: { ...SQL.connection, password: 'secret' } }), 'CONFIG_INVALID')
  t.equal(of('http', { ...HTTP, authorization: { bearer: 'secret' } }), 'CONFIG_INVALID')
  t.equal(of('sql', { ...SQL, query: 'select 1' }), 'CONFIG_INVALID', 'a table and a query')
  t.equal(of('sql', { ...SQL, connection: { ...SQL.connection, engine: 'oracle' } }), 'CONFIG_INVALID')
  t.equal(of('http', { ...HTTP, url: 'http://register.example/' }), 'CONFIG_INVALID')
  t.equal(of('csv', SQL), 'CONFIG_INVALID')
})

t.test('a document that is not there, or is no JSON, is told with its place and without what stands in it', async t => {
  const dir = t.testdir({ 'source.json': '{ "resource": "shops",\n  "dir": "secret",\n  "key": [}\n' })
  t.throws(() => readSource('csv', join(dir, 'nowhere.json'), settings, {}), { code: 'CONFIG_INVALID', message: /nowhere\.json: / })
  const error = t.throws(() => readSource('csv', join(dir, 'source.json'), settings, {}), { code: 'CONFIG_INVALID', message: /source\.json: .* 3 .* 3$/ }) as Error
  t.notMatch(error.message, /secret/)
})

t.test('limits of deletions come with the source, both or none', async t => {
  const of = (deletions: unknown): unknown => readSource('http', written(t, { ...HTTP, deletions }), settings, {}).deletions
  t.same(of({ holdAbovePercent: 100, holdAboveRows: 0 }), { holdAbovePercent: 100, holdAboveRows: 0 })
  for (const wrong of [{ holdAbovePercent: 101, holdAboveRows: 0 }, { holdAbovePercent: 20 }, { holdAbovePercent: 20, holdAboveRows: -1 }]) t.throws(() => of(wrong), { code: 'CONFIG_INVALID' }, JSON.stringify(wrong))
  for (const [kind, document] of [['sql', SQL], ['csv', { resource: 'shops', dir: '.', key: ['id'], columns: [{ heading: 'v' }] }]] as const) {
    t.same(readSource(kind, written(t, { ...document, deletions: { holdAbovePercent: 5, holdAboveRows: 9 } }), settings, {}).deletions, { holdAbovePercent: 5, holdAboveRows: 9 }, kind)
    t.match(readSource(kind, written(t, document), settings, {}), { shape: /^.{22}$/, deletions: undefined })
  }
})

t.test('a secret stands in a file beside the document or in the environment, and no message says it', async t => {
  const seen: Array<string | undefined> = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { server.closeAllConnections(); await new Promise(resolve => { server.close(resolve) }) })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shops`
  const files = { token: 'from the file\n', lines: 'a\nb\n', empty: '' }
  const source = (authorization: unknown, environment: NodeJS.ProcessEnv = {}): ReturnType<typeof readSource> => readSource('http', written(t, { ...HTTP, url, authorization }, files), settings, environment)
  await readAll(source({ bearer: { file: 'token' } }))
  await readAll(source({ bearer: { env: 'REGISTER_TOKEN' } }, { REGISTER_TOKEN: 'from outside' }))
  await readAll(source({ user: 'reader', password: { file: 'token' } }))
  t.same(seen, ['Bearer from the file', 'Bearer from outside', `Basic ${Buffer.from('reader:from the file').toString('base64')}`])
  for (const bearer of [{ file: 'lines' }, { file: 'empty' }, { file: 'nowhere' }, { env: 'NOT_SET' }]) {
    t.throws(() => source({ bearer }), { code: 'CONFIG_INVALID' }, JSON.stringify(bearer))
  }
})

t.test('beyond this machine a database has to show a certificate unless the document says otherwise', async t => {
  const at = (connection: object): string => codeOf(() => readSource('sql', written(t, { ...SQL, connection: { ...SQL.connection, ...connection } }), settings, {}))
  t.equal(at({ caFile: 'nowhere.pem' }), 'CONFIG_INVALID')
  t.equal(at({ tls: 'off' }), 'read')
  t.equal(at({ tls: 'maybe' }), 'CONFIG_INVALID')
})

t.test('the examples of docs/connectors.md are run as they stand there', async t => {
  const page = readFileSync(join(projectRoot(), 'docs', 'connectors.md'), 'utf8')
  const documents = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, text]) => JSON.parse(text as string) as { dir?: string, connection?: object, url?: string })
  const expected = [{ key: '1', values: { 名称: '面馆', 面积: 6.5, 开业日期: '2024-02-29' } }]
  t.equal(documents.length, 3)
  for (const document of documents) {
    if (document.dir !== undefined) {
      // 编号,名称,面积,开业日期 / 1,面馆,6.5,2024-02-29 in GB18030
      const path = written(t, document, {})
      mkdirSync(join(path, '..', 'shops'))
      writeFileSync(join(path, '..', 'shops', 'a.csv'), Buffer.from('b1e0bac52cc3fbb3c62cc3e6bbfd2cbfaad2b5c8d5c6da0a312cc3e6b9dd2c362e352c323032342d30322d32390a', 'hex'))
      t.same((await readAll(readSource('csv', path, settings, {}))).rows, expected)
    } else if (document.url !== undefined) {
      const server = createServer((request, response) => {
        const known = request.headers.authorization === 'Bearer let me in'
        response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { items: [{ 编号: 1, 名称: '面馆', 面积: 6.5, 开业日期: '2024-02-29' }] }, next: null }))
      })
      await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
      t.teardown(async () => { server.closeAllConnections(); await new Promise(resolve => { server.close(resolve) }) })
      const url = document.url.replace(':9000', `:${(server.address() as AddressInfo).port}`)
      t.same((await readAll(readSource('http', written(t, { ...document, url }), settings, { REGISTER_TOKEN: 'let me in' }))).rows, expected)
    } else {
      const bin = postgresFolder()
      if (bin === undefined) { t.comment('LOUDLY SKIPPED: no PostgreSQL server is installed (Debian: postgresql)'); continue }
      const server = await startPostgres(t, bin)
      await server.sql('create database register')
      const owner = await server.connect('register')
      await owner.query('create table shops ("编号" int, "名称" text, "面积" numeric, "开业日期" date)')
      await owner.query("insert into shops values (1, '面馆', 6.5, '2024-02-29')")
      await owner.query('grant select on shops to connector')
      const connection = { ...document.connection, port: server.connection.port }
      t.same((await readAll(readSource('sql', written(t, { ...document, connection }, { password: 'reader\n' }), settings, {}))).rows, expected)
    }
  }
})
