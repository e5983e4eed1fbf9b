import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import type { SqlConnection } from '../../connectors/sql/index.js'
import { databaseServer, untilUp } from './database.js'

const PACKAGES = '/usr/lib/postgresql'

export interface Postgres {
  connection: SqlConnection
  dir: string
  owner: { uid?: number, gid?: number }
  /** As the owner of everything. */
  sql: (text: string, values?: unknown[]) => Promise<unknown[][]>
  /** Another connection of the owner, for transactions that stay open. */
  connect: (database?: string) => Promise<pg.Client>
}

/** Folder of the newest PostgreSQL of Debian's packages. */
export function postgresFolder (): string | undefined {
  const versions = existsSync(PACKAGES) ? readdirSync(PACKAGES).filter(version => existsSync(join(PACKAGES, version, 'bin', 'initdb'))) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(PACKAGES, newest, 'bin')
}

/** A throwaway server with a user `connector` that may read what the test grants. */
export async function startPostgres (t: Test, bin: string, { settings = [] }: { settings?: string[] } = {}): Promise<Postgres> {
  const server = await databaseServer(t, 'postgres')
  const data = join(server.dir, 'data')
  const password = join(server.dir, 'password')
  writeFileSync(password, 'owner', { mode: 0o644 })
  server.run(join(bin, 'initdb'), ['-D', data, '-U', 'owner', `--pwfile=${password}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'])
  const child = server.start(join(bin, 'postgres'), ['-D', data, '-k', server.dir, '-h', '127.0.0.1', '-p', String(server.port), '-c', 'fsync=off', ...settings.flatMap(setting => ['-c', setting])])
  const connect = async (database = 'postgres'): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'owner', password: 'owner', database })
    client.on('error', () => {}) // the server ends before it at times
    await client.connect()
    return client
  }
  await untilUp(child, async () => { await (await connect()).end() })
  const owner = await connect()
  const open: pg.Client[] = [owner]
  t.teardown(async () => { await Promise.all(open.map(async client => { await client.end().catch(() => {}) })) })
  await owner.query("create role connector login password 'reader'")
  return {
    connection: { engine: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'connector', password: 'reader' },
    dir: server.dir,
    owner: server.owner,
    sql: async (text, values) => (await owner.query<unknown[]>({ text, values: values ?? [], rowMode: 'array' })).rows,
    connect: async database => {
      const client = await connect(database)
      open.push(client)
      return client
    }
  }
}
