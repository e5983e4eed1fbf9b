import { open } from 'node:fs/promises'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'

export async function syncFolder (dir: string): Promise<void> {
  const handle = await open(dir)
  try { await handle.sync() } finally { await handle.close() }
}

/** What the file system said, as a Failure; anything else stays as it is. */
export function asStoreFailure (error: unknown): unknown {
  if (error instanceof Failure || typeof (error as NodeJS.ErrnoException | undefined)?.syscall !== 'string') return error
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new Failure('STORE_FULL', told('磁盘已满', 'the disk is full'), { cause: error })
    : new Failure('STORE_UNAVAILABLE', told('连接器的目录无法读写', 'the connector cannot read or write its folder'), { cause: error })
}
