import type { StatementSyncInstance } from '@photostructure/sqlite'
import { Failure } from '../../services/core/failure.js'
import { asFailure } from './failures.js'

export type Value = string | number | Uint8Array | null
export type Row = Record<string, Value>

/** A prepared statement. Values that SQLite would cut or round are refused, and its errors come out as Failures. */
export class Statement {
  readonly #statement: StatementSyncInstance
  constructor (statement: StatementSyncInstance) { this.#statement = statement }

  /** @returns the number of rows changed */
  run (...values: Value[]): number {
    values.forEach(refuseUnfit)
    try { return Number(this.#statement.run(...values).changes) } catch (error) { throw asFailure(error) }
  }

  get<R extends Row>(...values: Value[]): R | undefined {
    values.forEach(refuseUnfit)
    try { return this.#statement.get(...values) as R | undefined } catch (error) { throw asFailure(error) }
  }

  all<R extends Row>(...values: Value[]): R[] {
    values.forEach(refuseUnfit)
    try { return this.#statement.all(...values) as R[] } catch (error) { throw asFailure(error) }
  }

  /** Rows until `take` answers false, so that a caller who counts bytes reads no more than it keeps. */
  each<R extends Row>(values: Value[], take: (row: R) => boolean): void {
    values.forEach(refuseUnfit)
    try {
      for (const row of this.#statement.iterate(...values)) if (!take(row as R)) return
    } catch (error) { throw asFailure(error) }
  }
}

function refuseUnfit (value: Value): void {
  if (typeof value === 'string') {
    // The binding cuts text at U+0000 and says nothing.
    if (value.includes('\0')) throw new Failure('INPUT_INVALID', 'text for the store holds U+0000')
  } else if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Failure('INPUT_INVALID', 'a number for the store is beyond 2^53')
  }
}
