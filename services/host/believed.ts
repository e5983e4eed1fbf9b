import { readFile } from 'node:fs/promises'
import type { KeyObject } from 'node:crypto'
import { KeyLayout, SignedLists, writeTrustDirectory, type AuthorityList } from '../../keys/index.js'
import type { Documents } from '../../platform/documents/port.js'
import type { DayText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { divisionContains, type Uscc } from '../core/identifiers.js'

type Authority = AuthorityList['items'][number]

/**
 * The signed lists of DATA_DIR/keys that this exchange believes at present; their versions only go up. A list that does not
 * verify, or is older than one seen before, is refused, and what was believed before stays. The trust directory is made from them
 * each time, so that nobody gets round the lists by writing there.
 */
export class Believed {
  readonly #layout: KeyLayout
  readonly #lists: SignedLists
  #authorities = new Map<string, Authority[]>()
  #types = new Map<string, string[]>()

  private constructor (layout: KeyLayout, lists: SignedLists) { this.#layout = layout; this.#lists = lists }

  /** @throws {Failure} as `reload` */
  static async open ({ directory, documents, listKey }: { directory: string, documents: Documents, listKey: KeyObject }): Promise<Believed> {
    const believed = new Believed(new KeyLayout(directory), await SignedLists.open(documents, [listKey]))
    await believed.reload()
    return believed
  }

  /**
   * Reads the lists again.
   * @throws {Failure} TRUST_LIST_ROLLBACK, AUTHORITY_LIST_ROLLBACK, LIST_FORKED, a code of `readSignedList`, CONFIG_INVALID a list is missing
   */
  async reload (): Promise<void> {
    const { list: trustList } = await this.#lists.accept('trust-list', await readList(this.#layout.trustList))
    const { list, bytes } = await this.#lists.accept('authority-list', await readList(this.#layout.authorityList))
    const authorities = new Map<string, Authority[]>()
    for (const item of list.items) {
      const key = keyOf(item.issuer, item.licenceType)
      authorities.set(key, [...authorities.get(key) ?? [], item])
    }
    writeTrustDirectory(this.#layout.trust, { trustList, authorities: bytes })
    this.#authorities = authorities
    const names = [...new Set(list.items.map(({ licenceTypeName }) => licenceTypeName))]
    this.#types = new Map(names.map(name => [name, [...new Set(list.items.filter(item => item.licenceTypeName === name).map(({ licenceType }) => licenceType))]]))
  }

  /** Type codes under which the authority list knows licences of this name. */
  licenceTypes (name: string): readonly string[] { return this.#types.get(name) ?? [] }

  /** Does the authority list let this office issue this type of licence there, on that day? */
  mayIssue ({ issuer, licenceType, region, on }: { issuer: Uscc, licenceType: string, region: string, on: DayText }): boolean {
    return (this.#authorities.get(keyOf(issuer, licenceType)) ?? [])
      .some(({ regions, from, to }) => from <= on && (to === undefined || on <= to) && regions.some(held => divisionContains(held, region)))
  }
}

async function readList (path: string): Promise<string> {
  try { return (await readFile(`${path}.jws`, 'utf8')).trim() } catch (cause) {
    throw new Failure('CONFIG_INVALID', `${path}.jws cannot be read`, { cause })
  }
}

function keyOf (issuer: Uscc, licenceType: string): string { return `${issuer} ${licenceType}` }
