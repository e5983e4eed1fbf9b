import type { KeyObject } from 'node:crypto'
import type { Collection, Documents } from '../platform/documents/port.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { acceptList, type ListName, readSignedList, type SignedList } from './signed-list.js'

/** What is kept of a list: enough to refuse an older one for ever, and to go on with the last one after a restart. */
interface Kept { id: ListName, version: number, sha256: string, jws: string }

const ATTEMPTS = 8 // each lost race means that another process stored a newer list; more than a few in a row mean something else

/**
 * The lists that the exchange believes, and the highest version of each that it ever saw: durable before a list is used, so that
 * neither a restart nor another process can be made to go back.
 */
export class SignedLists {
  readonly #kept: Collection<Kept>
  readonly #keys: readonly KeyObject[]
  private constructor (kept: Collection<Kept>, keys: readonly KeyObject[]) { this.#kept = kept; this.#keys = keys }

  /** @param keys - Ed25519 public keys that may sign lists */
  static async open (documents: Documents, keys: readonly KeyObject[]): Promise<SignedLists> {
    return new SignedLists(await documents.collection<Kept>('signed-lists'), keys)
  }

  /**
   * Takes a list that was handed in.
   * @returns the list, once its version is durable
   * @throws {Failure} as `readSignedList` and `acceptList`; VERSION_CONFLICT others keep changing it
   */
  async accept<Name extends ListName> (name: Name, jws: string): Promise<SignedList<Name>> {
    const offered = readSignedList(name, jws, this.#keys)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await this.#kept.get(name)
      if (!acceptList(stored?.document, offered)) return offered
      try {
        await this.#kept.put({ id: name, version: offered.list.version, sha256: offered.sha256, jws }, stored?.version ?? 0)
        return offered
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error
      }
    }
    throw new Failure('VERSION_CONFLICT', told(`${name} 一再被他人改动`, `the ${name} is being changed by others over and over`))
  }

  /** The list in force, verified anew. @returns undefined before the first. @throws {Failure} as `readSignedList` */
  async current<Name extends ListName> (name: Name): Promise<SignedList<Name> | undefined> {
    const stored = await this.#kept.get(name)
    return stored === undefined ? undefined : readSignedList(name, stored.document.jws, this.#keys)
  }
}
