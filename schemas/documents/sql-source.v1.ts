/* Made from sql-source.v1.json by npm run generate. */

/**
 * Where the secret stands; never the secret itself
 */
export type Secret = SecretInFile | SecretInEnvironment

/**
 * What an SQL connector publishes of a table or a query of PostgreSQL, MySQL or MariaDB: one resource, its key and its columns. Columns that are not named stay in the department.
 */
export interface SqlSource {
  /**
   * Name of the resource, within the department
   */
  resource: string
  connection: {
    /**
     * mysql stands for MariaDB too
     */
    engine: 'postgresql' | 'mysql'
    /**
     * 127.0.0.1 unless given
     */
    host?: string
    /**
     * 5432 or 3306 unless given
     */
    port?: number
    /**
     * Unix socket in place of host and port: the folder for PostgreSQL, the file for MySQL
     */
    socket?: string
    database: string
    user: string
    password?: Secret
    /**
     * verify unless given, and off for loopback and sockets: beyond this machine a certificate is demanded that leads to a CA and names the host
     */
    tls?: 'verify' | 'off'
    /**
     * PEM of the CAs that are believed; relative to this document, those of the system unless given
     */
    caFile?: string
  }
  /**
   * A table or view; either this or a query
   */
  table?: {
    schema?: string
    name: string
  }
  /**
   * One SELECT in place of a table; it runs in a transaction that cannot write
   */
  query?: string
  /**
   * Columns that tell rows apart: text, whole numbers or days
   *
   * @minItems 1
   * @maxItems 8
   */
  key: string[]
  /**
   * @minItems 1
   * @maxItems 200
   */
  columns: {
    column: string
    /**
     * Name of the information item; the column's unless given
     */
    name?: string
    /**
     * text unless given
     */
    type?: 'text' | 'number' | 'day' | 'instant' | 'boolean'
    /**
     * Must it have a value? Neither null nor an empty text is one
     */
    required?: boolean
  }[]
  /**
   * Column that is true, or not 0, in rows that count as deleted
   */
  deleted?: string
  /**
   * Only what changed is read; rows that are gone have to be told by `deleted`. Without it every row is read, and one that is missing was deleted
   */
  changes?: {
    /**
     * Column of the last change, an instant; not needed for a table of PostgreSQL, which tells changes itself
     */
    updated?: string
    /**
     * Longer than any transaction stays open: so far back `updated` is read again, for rows that were committed late
     */
    lookBackSeconds?: number
  }
  /**
   * Zone of instants that the database keeps without one; +08:00 unless given
   */
  zone?: string
  /**
   * Longest that one statement, and connecting, may take; 60 unless given
   */
  timeoutSeconds?: number
  /**
   * How much of what is published one pass may delete without asking; a pass that exceeds both is held until a person confirms. The settings decide unless given
   */
  deletions?: {
    /**
     * Percent of the rows that are published; at 100 nobody is ever asked
     */
    holdAbovePercent: number
    /**
     * Rows; it does not count where nothing would be left, or where place or key of the source changed
     */
    holdAboveRows: number
  }
}
export interface SecretInFile {
  /**
   * File of one line; relative to this document
   */
  file: string
}
export interface SecretInEnvironment {
  /**
   * Environment variable
   */
  env: string
}
