import type { FastifyReply, FastifyRequest } from 'fastify'
import { Room } from '../../core/room.js'

interface Held { giveBack: () => void, handling: boolean }

/**
 * How much of uploads may be in memory at a time, and of one client's. Room is taken before a body is read, once the caller is known, and
 * given back once nothing holds it any more: when the handler has ended, or when the request is answered or ends without one.
 */
export class UploadRoom {
  readonly #room: Room
  readonly #clientBytes: number
  readonly #held = new WeakMap<FastifyRequest, Held>()

  /** @param limit - bytes; `sharePercent` of it is one client's */
  constructor (limit: number, sharePercent: number) {
    this.#room = new Room(limit)
    this.#clientBytes = limit * sharePercent / 100
  }

  /** Bytes that are taken. */
  get taken (): number { return this.#room.taken }

  /**
   * Takes room for as much as the request says that it sends, or may send at most.
   * @throws {Failure} UPLOADS_TOO_MANY, QUEUE_FULL
   */
  take (request: FastifyRequest, reply: FastifyReply, mostBytes: number): void {
    const said = request.headers['content-length']
    const bytes = said !== undefined && /^\d+$/.test(said) ? Math.min(Number(said), mostBytes) : mostBytes
    const giveBack = this.#room.take(bytes, { of: request.caller.client, most: this.#clientBytes })
    this.#held.set(request, { giveBack, handling: false })
    reply.raw.once('close', () => { this.ended(request) })
  }

  /** Runs what holds the body. */
  async hold <T> (request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    const held = this.#held.get(request)
    if (held !== undefined) held.handling = true
    try { return await work() } finally { held?.giveBack() }
  }

  /** The request is over; a handler that is still at work gives its room back itself. */
  ended (request: FastifyRequest): void {
    const held = this.#held.get(request)
    if (held?.handling === false) held.giveBack()
  }
}
