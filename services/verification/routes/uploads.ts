import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../core/failure.js'

interface Held { bytes: number, handling: boolean }

/**
 * How much of uploads may be in memory at a time. Room is taken before a body is read, and given back once nothing holds it any more:
 * when the handler has ended, or when the request is answered or ends without one.
 */
export class UploadRoom {
  readonly #limit: number
  readonly #held = new WeakMap<FastifyRequest, Held>()
  #bytes = 0

  /** @param limit - bytes */
  constructor (limit: number) { this.#limit = limit }

  /** Bytes that are taken. */
  get taken (): number { return this.#bytes }

  /**
   * Takes room for as much as the request says that it sends, or may send at most. One alone is always let in, however large.
   * @throws {Failure} QUEUE_FULL
   */
  take (request: FastifyRequest, reply: FastifyReply, mostBytes: number): void {
    const said = request.headers['content-length']
    const bytes = said !== undefined && /^\d+$/.test(said) ? Math.min(Number(said), mostBytes) : mostBytes
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limit) throw new Failure('QUEUE_FULL', 'uploads that are being read or judged take up the room for them')
    this.#held.set(request, { bytes, handling: false })
    this.#bytes += bytes
    reply.raw.once('close', () => { this.ended(request) })
  }

  /** Runs what holds the body. */
  async hold <T> (request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    const held = this.#held.get(request)
    if (held !== undefined) held.handling = true
    try { return await work() } finally { this.#give(request) }
  }

  /** The request is over; a handler that is still at work gives its room back itself. */
  ended (request: FastifyRequest): void { if (this.#held.get(request)?.handling === false) this.#give(request) }

  #give (request: FastifyRequest): void {
    this.#bytes -= this.#held.get(request)?.bytes ?? 0
    this.#held.delete(request)
  }
}
