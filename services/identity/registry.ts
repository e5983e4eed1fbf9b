import type { Collection, Document, Documents, Page } from '../../platform/documents/port.js'
import { ROLES, type Role } from '../core/caller.js'
import type { Clock, InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { isUscc, type Uscc } from '../core/identifiers.js'
import { readJwk, type PublicJwk, type VerificationKey } from './keys.js'

export interface Suspension { at: InstantText, reason: string, by: string }

interface Suspendable extends Document {
  suspended?: Suspension
  /** Tokens issued until then are refused: a suspension ends them for good, also after it was lifted. */
  tokensFrom?: InstantText
}

export interface Organisation extends Suspendable {
  /** USCC */
  id: Uscc
  name: string
  registeredAt: InstantText
}

export interface ClientKey { kid: string, jwk: PublicJwk, from: InstantText, to?: InstantText }

/** A system of an organisation. */
export interface Client extends Suspendable {
  id: string
  organisation: Uscc
  name: string
  roles: Role[]
  keys: ClientKey[]
  registeredAt: InstantText
}

interface EventKey extends Document { organisation: Uscc, kid: string, jwk: PublicJwk, from: InstantText, to?: InstantText }

const CLIENT_ID = /^[a-z0-9][a-z0-9-]{1,62}$/
const ATTEMPTS = 5 // writers of one client are an operator and a start-up; more in a row means that something is wrong

/** Organisations, their systems and their keys. Every answer is read from the store, so that a suspension counts at once. */
export class Registry {
  readonly #organisations: Collection<Organisation>
  readonly #clients: Collection<Client>
  readonly #eventKeys: Collection<EventKey>
  readonly #clock: Clock

  private constructor (organisations: Collection<Organisation>, clients: Collection<Client>, eventKeys: Collection<EventKey>, clock: Clock) {
    this.#organisations = organisations
    this.#clients = clients
    this.#eventKeys = eventKeys
    this.#clock = clock
  }

  static async open (documents: Documents, clock: Clock): Promise<Registry> {
    return new Registry(
      await documents.collection<Organisation>('identity-organisations', { atHand: true }),
      await documents.collection<Client>('identity-clients', { atHand: true, indexes: { organisation: { on: ['organisation'] } } }),
      await documents.collection<EventKey>('identity-event-keys', { atHand: true, indexes: { organisation: { on: ['organisation'] } } }),
      clock
    )
  }

  /** Again with another name renames it; a suspension stays. @throws {Failure} IDENTITY_INVALID */
  async registerOrganisation ({ uscc, name }: { uscc: Uscc, name: string }): Promise<void> {
    if (!isUscc(uscc)) throw new Failure('IDENTITY_INVALID', 'the USCC is not valid')
    if (name.trim() === '' || name.length > 200) throw new Failure('IDENTITY_INVALID', 'the name must have 1 to 200 characters')
    await this.#change(this.#organisations, uscc, before => ({ ...(before ?? { id: uscc, registeredAt: this.#now() }), name }))
  }

  /**
   * Again changes name, roles and keys; a suspension stays, and a key that is no longer named stops at once.
   * @throws {Failure} IDENTITY_INVALID the organisation is not known, or a role, key or the identifier is not one
   */
  async registerClient ({ id, organisation, name, roles, keys }: {
    id: string, organisation: Uscc, name: string, roles: readonly Role[], keys: ReadonlyArray<{ jwk: unknown, from?: Date, to?: Date }>
  }): Promise<void> {
    if (!CLIENT_ID.test(id)) throw new Failure('IDENTITY_INVALID', 'a client identifier has 2 to 63 of a-z, 0-9 and -')
    if (roles.length === 0 || roles.some(role => !ROLES.includes(role))) throw new Failure('IDENTITY_INVALID', 'a client has one role at least, each of those known')
    if (await this.#organisations.get(organisation) === undefined) throw new Failure('IDENTITY_INVALID', 'the organisation is not registered')
    await this.#change(this.#clients, id, before => {
      if (before !== undefined && before.organisation !== organisation) throw new Failure('IDENTITY_INVALID', 'this identifier belongs to a client of another organisation')
      return {
        ...(before ?? { id, organisation, registeredAt: this.#now() }),
        name,
        roles: [...roles],
        keys: keys.map(({ jwk, from, to }) => {
          const { kid, jwk: reduced } = readJwk(jwk)
          const since = from?.toISOString() ?? before?.keys.find(key => key.kid === kid)?.from ?? this.#now()
          return { kid, jwk: reduced, from: since, ...(to === undefined ? {} : { to: to.toISOString() }) }
        })
      }
    })
  }

  /**
   * A key that signs events of this organisation; again changes its period. It counts from when it was first registered, where
   * `from` is not said.
   * @throws {Failure} IDENTITY_INVALID
   */
  async registerEventKey ({ organisation, jwk, from, to }: { organisation: Uscc, jwk: unknown, from?: Date, to?: Date }): Promise<string> {
    if (await this.#organisations.get(organisation) === undefined) throw new Failure('IDENTITY_INVALID', 'the organisation is not registered')
    if (from !== undefined && to !== undefined && to <= from) throw new Failure('IDENTITY_INVALID', 'the key ends before it begins')
    const { kid, jwk: reduced } = readJwk(jwk)
    const id = `${organisation}/${kid}`
    await this.#change(this.#eventKeys, id, before => ({
      id, organisation, kid, jwk: reduced, from: from?.toISOString() ?? before?.from ?? this.#now(), ...(to === undefined ? {} : { to: to.toISOString() })
    }))
    return kid
  }

  /**
   * A key that this organisation registered for signing its events, and whether it counted at this instant.
   * @returns undefined where it never registered a key of that identifier
   */
  async eventKey (organisation: Uscc, kid: string, at: Date): Promise<VerificationKey & { valid: boolean } | undefined> {
    if (!isUscc(organisation) || !/^[A-Za-z0-9_-]{1,128}$/.test(kid)) return undefined
    const found = await this.#eventKeys.get(`${organisation}/${kid}`)
    return found === undefined ? undefined : { ...readJwk(found.document.jwk), valid: isCurrent(found.document, at) }
  }

  /** Its registered name. */
  async organisationName (uscc: Uscc): Promise<string | undefined> { return (await this.#organisations.get(uscc))?.document.name }

  /** Those of these that are registered, in the order asked; at most 1,000. */
  async organisationsNamed (usccs: readonly Uscc[]): Promise<Organisation[]> { return (await this.#organisations.getMany(usccs)).map(({ document }) => document) }

  /** All of them, by USCC. */
  async organisations (page: { limit: number, after?: string }): Promise<Page<Organisation>> { return await this.#organisations.find({ index: 'id', ...page }) }

  /** A client, whether it or its organisation is suspended, and from when on tokens count. */
  async client (id: string): Promise<{ client: Client, suspended: boolean, tokensFrom: Date } | undefined> {
    if (!CLIENT_ID.test(id)) return undefined
    const client = (await this.#clients.get(id))?.document
    if (client === undefined) return undefined
    const organisation = (await this.#organisations.get(client.organisation))?.document
    if (organisation === undefined) return undefined
    const from = [client, organisation].map(({ tokensFrom }) => tokensFrom === undefined ? 0 : Date.parse(tokensFrom))
    return {
      client,
      suspended: client.suspended !== undefined || organisation.suspended !== undefined,
      tokensFrom: new Date(Math.max(...from))
    }
  }

  /** @throws {Failure} NOT_FOUND */
  async organisation (uscc: Uscc): Promise<Organisation> {
    const found = await this.#organisations.get(uscc)
    if (found === undefined) throw new Failure('NOT_FOUND', 'there is no such organisation')
    return found.document
  }

  async clients (options: { limit: number, after?: string }): Promise<Page<Client>> {
    return await this.#clients.find({ index: 'id', ...options })
  }

  /** From now on nothing is issued to it, and what was issued is refused for good. @throws {Failure} NOT_FOUND */
  async suspendClient (id: string, order: { reason: string, by: string }): Promise<Client> {
    return await this.#changeExisting(this.#clients, id, client => this.#suspend(client, order))
  }

  /** @throws {Failure} NOT_FOUND */
  async restoreClient (id: string): Promise<Client> {
    return await this.#changeExisting(this.#clients, id, client => this.#restore(client))
  }

  /** Stops every system of it. @throws {Failure} NOT_FOUND */
  async suspendOrganisation (uscc: Uscc, order: { reason: string, by: string }): Promise<Organisation> {
    return await this.#changeExisting(this.#organisations, uscc, organisation => this.#suspend(organisation, order))
  }

  /** @throws {Failure} NOT_FOUND */
  async restoreOrganisation (uscc: Uscc): Promise<Organisation> {
    return await this.#changeExisting(this.#organisations, uscc, organisation => this.#restore(organisation))
  }

  #suspend<T extends Suspendable> (who: T, { reason, by }: { reason: string, by: string }): T {
    return who.suspended === undefined ? { ...who, suspended: { at: this.#now(), reason, by }, tokensFrom: this.#now() } : who
  }

  #restore<T extends Suspendable> (who: T): T {
    if (who.suspended === undefined) return who
    const restored = { ...who, tokensFrom: this.#now() }
    delete restored.suspended
    return restored
  }

  #now (): InstantText { return this.#clock.now().toISOString() }

  async #changeExisting<T extends Document> (collection: Collection<T>, id: string, change: (before: T) => T): Promise<T> {
    return await this.#change(collection, id, before => {
      if (before === undefined) throw new Failure('NOT_FOUND', 'it is not registered')
      return change(before)
    })
  }

  async #change<T extends Document> (collection: Collection<T>, id: string, change: (before: T | undefined) => T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const stored = await collection.get(id)
      const after = change(stored?.document)
      // Registering the same at each start writes nothing.
      if (stored !== undefined && JSON.stringify(stored.document) === JSON.stringify(after)) return after
      try {
        await collection.put(after, stored?.version ?? 0)
        return after
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT') || attempt === ATTEMPTS) throw error
      }
    }
  }
}

export function isCurrent ({ from, to }: { from: InstantText, to?: InstantText }, at: Date): boolean {
  return at >= new Date(from) && (to === undefined || at < new Date(to))
}
