import type { Source } from '../sdk/index.js'
import { recordOfRow, type RegisterRow } from '../register-row.js'
import type { RegisterLine, UnreadLine } from './connector.js'

/** The lines of a register that one of the SDK's sources hands over: what is absent there is an empty column here. */
export async function * linesOfSource (source: Source): AsyncGenerator<RegisterLine | UnreadLine> {
  for await (const { rows, rejected = [] } of source.read(undefined)) {
    for (const { at, code, message } of rejected) yield { at, code, message }
    for (const { key, values, deleted } of rows) {
      if (deleted === true) continue // a licence ends by its state, not by its row
      yield { at: key, record: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? '' : String(value)])) }
    }
  }
}

/** The lines of a register whose rows are at hand. */
export function * linesOfRows (rows: Iterable<RegisterRow>): Generator<RegisterLine> {
  let number = 0
  for (const row of rows) yield { at: `row ${++number}`, record: recordOfRow(row) }
}
