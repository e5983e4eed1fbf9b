import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'

/*
 * How keys and lists come to stand on disk: whole or not at all, durable when the call returns. A private file is readable by
 * its owner alone and is never overwritten: a key that is lost takes with it everything that was signed.
 */
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
const PUBLIC_FILE = 0o644
const OTHERS = 0o077

/** Writes a file that nobody but its owner may read. @returns false, and leaves it alone, where one stands there already */
export function writePrivateOnce (path: string, content: string | Uint8Array): boolean {
  return writeOnce(path, content, PRIVATE_FILE)
}

/** Writes a file for all to read. @returns false, and leaves it alone, where one stands there already */
export function writePublicOnce (path: string, content: string | Uint8Array): boolean {
  return writeOnce(path, content, PUBLIC_FILE)
}

/** Writes a file, or puts it in the place of the one that stands there. */
export function replaceFile (path: string, content: string | Uint8Array, { private: isPrivate = false } = {}): void {
  const temporary = writeTemporary(path, content, isPrivate ? PRIVATE_FILE : PUBLIC_FILE)
  renameSync(temporary, path)
  syncFolder(dirname(path))
}

function writeOnce (path: string, content: string | Uint8Array, mode: number): boolean {
  if (existsSync(path)) return false
  const temporary = writeTemporary(path, content, mode)
  try {
    linkSync(temporary, path) // unlike rename it fails where another process was faster
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(temporary)
  }
  syncFolder(dirname(path))
  return true
}

function writeTemporary (path: string, content: string | Uint8Array, mode: number): string {
  // A leading dot, since readers of a trust directory skip such names.
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  const file = openSync(temporary, 'wx', mode)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally { closeSync(file) }
  return temporary
}

/** Sweeps away what a call that was cut short left half-written in this folder and those below it. */
export function removeLeftovers (folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/(?:^|[\\/])\.[^\\/]+\.[0-9a-f]{12}\.part$/.test(name)) rmSync(join(folder, name), { force: true })
  }
}

/** The name of a file is durable once its folder is. */
function syncFolder (folder: string): void {
  const handle = openSync(folder, 'r')
  try { fsyncSync(handle) } finally { closeSync(handle) }
}

/** Makes a folder that nobody but its owner may look into, and those above it as far as they are missing. */
export function makePrivateFolder (path: string): void { mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER }) }

/**
 * Reads a file that holds a secret.
 * @throws {Failure} KEY_EXPOSED others than its owner may read or write it; NOT_FOUND
 */
export function readPrivate (path: string): Buffer {
  let mode: number
  try { mode = statSync(path).mode } catch (cause) { throw new Failure('NOT_FOUND', `${path}: ${told('不存在', 'is not there')}`, { cause }) }
  // Windows keeps no such bits; there the folder's own rights must serve.
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) throw new Failure('KEY_EXPOSED', `${path}: ${told('他人可以读写：请 chmod 600', 'can be read or written by others; chmod 600 it')}`)
  return readFileSync(path)
}
