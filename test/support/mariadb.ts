import { existsSync } from 'node:fs'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import type { Test } from 'tap'
import type { SqlConnection } from '../../connectors/sql/index.js'
import { databaseServer, untilUp } from './database.js'

const SERVER = '/usr/sbin/mariadbd'
const INSTALL = '/usr/bin/mariadb-install-db'

export interface MariaDb {
  connection: SqlConnection
  dir: string
  /** As the owner of everything. */
  sql: (text: string, values?: Array<string | number | null>) => Promise<unknown[]>
  /** Another connection of the owner, for transactions that stay open. */
  connect: () => Promise<mysql.Connection>
}

export function mariaDbIsHere (): boolean { return existsSync(SERVER) && existsSync(INSTALL) }

/** A throwaway server with a database `register` and a user `connector` that may read what the test grants. */
export async function startMariaDb (t: Test, { settings = [] }: { settings?: string[] } = {}): Promise<MariaDb> {
  const server = await databaseServer(t, 'mysql')
  const data = join(server.dir, 'data')
  const socket = join(server.dir, 's')
  server.run(INSTALL, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'])
  const child = server.start(SERVER, [
    '--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--port=${server.port}`, '--bind-address=127.0.0.1', `--pid-file=${join(server.dir, 'pid')}`,
    '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=32M', '--sql-mode=NO_ENGINE_SUBSTITUTION', ...settings.map(setting => `--${setting}`)
  ])
  const connect = async (database?: string): Promise<mysql.Connection> => {
    const connection = await mysql.createConnection({ socketPath: socket, user: 'root', charset: 'utf8mb4', ...database !== undefined && { database } })
    connection.on('error', () => {}) // the server ends before it at times
    return connection
  }
  await untilUp(child, async () => { await (await connect()).end() })
  const first = await connect()
  await first.query('create database register character set utf8mb4')
  await first.query("create user connector@'%' identified by 'reader'")
  await first.end()
  const owner = await connect('register')
  const open: mysql.Connection[] = [owner]
  t.teardown(async () => { await Promise.all(open.map(async connection => { await connection.end().catch(() => {}) })) })
  return {
    connection: { engine: 'mysql', host: '127.0.0.1', port: server.port, database: 'register', user: 'connector', password: 'reader' },
    dir: server.dir,
    sql: async (text, values) => (await owner.query({ sql: text, rowsAsArray: true, ...values && { values } }))[0] as unknown[],
    connect: async () => {
      const connection = await connect('register')
      open.push(connection)
      return connection
    }
  }
}
