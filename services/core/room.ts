import { Failure } from './failure.js'

/** Of a room that many use: how much one of them may take up. */
export interface Share { of: string, most: number }

/** Bounded memory that many use at a time. Nobody takes up more than a share, so that none of them can shut the others out. */
export class Room {
  readonly #limit: number
  readonly #held = new Map<string, number>()
  #taken = 0

  /** @param limit - bytes */
  constructor (limit: number) { this.#limit = limit }

  /** Bytes that are taken. */
  get taken (): number { return this.#taken }

  /**
   * One alone is always let in, however large: into the room, and into a share of it.
   * @returns gives the bytes back; the second call does nothing
   * @throws {Failure} QUEUE_FULL the room is taken up; UPLOADS_TOO_MANY a share of it is
   */
  take (bytes: number, ...shares: Share[]): () => void {
    if (this.#taken > 0 && this.#taken + bytes > this.#limit) throw new Failure('QUEUE_FULL', 'uploads that are being read or judged take up the room for them')
    for (const { of, most } of shares) {
      const held = this.#held.get(of) ?? 0
      if (held > 0 && held + bytes > most) throw new Failure('UPLOADS_TOO_MANY', 'earlier uploads of the same sender take up its share of the room')
    }
    this.#add(bytes, shares)
    let isHeld = true
    return () => {
      if (isHeld) this.#add(-bytes, shares)
      isHeld = false
    }
  }

  #add (bytes: number, shares: Share[]): void {
    this.#taken += bytes
    for (const { of } of shares) {
      const held = (this.#held.get(of) ?? 0) + bytes
      if (held > 0) this.#held.set(of, held)
      else this.#held.delete(of)
    }
  }
}
