import type { DatabaseSyncInstance, DatabaseSyncOptions } from '@photostructure/sqlite'

interface Binding { DatabaseSync: new (file: string, options?: DatabaseSyncOptions) => DatabaseSyncInstance }

let loaded: Promise<Binding> | undefined

/** Node's own SQLite where Node has one (22 and later), else the package with the same interface and bundled binaries. */
export function loadBinding (): Promise<Binding> {
  loaded ??= (async () => builtIn() ?? await import('@photostructure/sqlite') as Binding)()
  return loaded
}

function builtIn (): Binding | undefined {
  if (typeof process.getBuiltinModule !== 'function') return undefined
  // Node 22 warns that its SQLite is experimental. What we use of it is held by our own contract tests on every version, so
  // the warning would only tell operators of something they can do nothing about; every other warning passes.
  const emitWarning = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) Reflect.apply(emitWarning, process, [warning, ...rest])
  }) as typeof process.emitWarning
  try {
    return process.getBuiltinModule('node:sqlite') as Binding | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
