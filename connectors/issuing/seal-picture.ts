import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure, type FailureCode, type Violation } from '../../services/core/failure.js'
import { SEAL_MM, type SealText } from './seal-drawing.js'

/** What a seal shows, as GB/T 38540 keeps it: the picture, its type, its size on paper. */
export interface SealPicture {
  type: 'PNG'
  data: Buffer
  widthMm: number
  heightMm: number
}
export interface SealPictureOptions {
  /** A font file of the operator's for characters that our outlines lack: TrueType, OpenType or WOFF. */
  font?: Uint8Array
}

export interface WorkerRequest { seals: SealText[], font?: Uint8Array }
export type WorkerAnswer = { pictures: Uint8Array[] } | { failure: { code: FailureCode, message: string, violations: Violation[] } }

/**
 * Pictures of round official seals, red on transparent ground, 40 mm across; the same bytes each time. All of them are drawn in one
 * thread, which then ends, so that asking for many at once is much cheaper than one after another.
 * @throws {Failure} INPUT_INVALID, GLYPH_MISSING, FONT_INVALID
 */
export async function sealPictures (seals: readonly SealText[], { font }: SealPictureOptions = {}): Promise<SealPicture[]> {
  if (seals.length === 0) return []
  const workerData: WorkerRequest = { seals: seals.map(({ name, id }) => ({ name, id })), ...font === undefined ? {} : { font } }
  const worker = new Worker(new URL('./seal-worker.js', import.meta.url), { workerData })
  try {
    // once() rejects where the thread ends with an error
    const [answer] = await once(worker, 'message') as [WorkerAnswer]
    if ('failure' in answer) throw new Failure(answer.failure.code, answer.failure.message, { violations: answer.failure.violations })
    return answer.pictures.map(data => ({ type: 'PNG', data: Buffer.from(data), widthMm: SEAL_MM, heightMm: SEAL_MM }))
  } finally {
    await worker.terminate()
  }
}

/** One seal's picture. @throws {Failure} as `sealPictures` */
export async function sealPicture (seal: SealText, options?: SealPictureOptions): Promise<SealPicture> {
  const [picture] = await sealPictures([seal], options)
  return picture as SealPicture
}
