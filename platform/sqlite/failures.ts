import { Failure } from '../../services/core/failure.js'

// Primary result codes; the extended ones hold them in their low byte. @see https://sqlite.org/rescode.html
const BUSY = 5
const LOCKED = 6
const READ_ONLY = 8
const IO_ERROR = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
const PRIMARY_KEY_TAKEN = 1555
const UNIQUE_TAKEN = 2067
const IO_ERROR_SHM_SIZE = 4874 // the shared-memory file could not grow: the disk is full

/** The extended result code of an error that SQLite gave, or undefined for any other error. */
function resultCode (error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null | undefined)?.errcode
  return typeof code === 'number' ? code : undefined
}

export function isBusy (error: unknown): boolean {
  const code = (resultCode(error) ?? 0) & 0xff
  return code === BUSY || code === LOCKED
}

/** What SQLite said, as a Failure where callers are to expect it; anything else is a fault of ours and stays as it is. */
export function asFailure (error: unknown): unknown {
  const code = resultCode(error)
  if (code === undefined) {
    return (error as { code?: unknown } | null | undefined)?.code === 'ERR_INVALID_STATE' // only a closed database gives this
      ? new Failure('STORE_UNAVAILABLE', 'the store is closed', { cause: error })
      : error
  }
  if (code === IO_ERROR_SHM_SIZE) return new Failure('STORE_FULL', 'the disk is full', { cause: error })
  if (code === PRIMARY_KEY_TAKEN || code === UNIQUE_TAKEN) return new Failure('VERSION_CONFLICT', 'this key is taken', { cause: error })
  switch (code & 0xff) {
    case BUSY: case LOCKED: return new Failure('STORE_UNAVAILABLE', 'the store is locked by another connection', { cause: error })
    case READ_ONLY: case CANNOT_OPEN: return new Failure('STORE_UNAVAILABLE', 'the store cannot be opened for writing', { cause: error })
    case IO_ERROR: return new Failure('STORE_UNAVAILABLE', 'the disk does not read or write', { cause: error })
    case FULL: return new Failure('STORE_FULL', 'the disk is full', { cause: error })
    case CORRUPT: case NOT_A_DATABASE: return new Failure('STORE_CORRUPT', 'the store file is damaged', { cause: error })
    default: return error
  }
}
