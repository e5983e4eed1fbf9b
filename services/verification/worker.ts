import { parentPort } from 'node:worker_threads'
import { Failure, type FailureCode } from '../core/failure.js'
import { gather, type Gathered, type Question } from './engine.js'
import { parseTrust, type Trust, type TrustFiles } from './trust.js'

/*
 * A worker gathers facts, and nothing else: no database, no network, no verdict. It keeps the trust directories that it was
 * given, parsed, so that the paths it has verified stay warm.
 */

export type ToWorker =
  | { kind: 'trust', files: TrustFiles }
  | { kind: 'gather', id: number, bytes: Uint8Array, trust: string, question: Question }
export type FromWorker =
  | { id: number, gathered: Gathered }
  | { id: number, failure: { code: FailureCode, message: string } }
  | { id: number, error: string }

const KEPT = 4
const trusts = new Map<string, Trust | Failure>()

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'trust') keep(message.files)
  else parentPort?.postMessage(answer(message))
})

function keep (files: TrustFiles): void {
  try { trusts.set(files.digest, parseTrust(files)) } catch (error) {
    if (!(error instanceof Failure)) throw error
    trusts.set(files.digest, error)
  }
  if (trusts.size > KEPT) trusts.delete(trusts.keys().next().value as string)
}

function answer ({ id, bytes, trust: digest, question }: Extract<ToWorker, { kind: 'gather' }>): FromWorker {
  try {
    const trust = trusts.get(digest)
    if (trust === undefined) throw new Error('a trust directory that was not sent')
    if (trust instanceof Failure) throw trust
    return { id, gathered: gather(bytes, trust, question) }
  } catch (error) {
    if (error instanceof Failure) return { id, failure: { code: error.code, message: error.message } }
    return { id, error: error instanceof Error ? error.stack ?? error.message : String(error) }
  }
}
