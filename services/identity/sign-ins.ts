import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { Person, Role } from '../core/caller.js'
import type { InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'

/** A person at work at a console, vouched for by a client of their organisation. */
export interface SignIn {
  client: string
  console: string
  person: Person
  roles: Role[]
  /** When it began: a suspension since then ended it, lifted or not. */
  from: InstantText
  /** The client's key that signed the ticket: a key that stops takes with it whom it vouched for. */
  kid: string
  until: InstantText
}
interface Kept extends Document, SignIn { secret: string }

const TOKEN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/
/** How many that have ended one sign-in clears away: more than it adds. */
const SWEPT_AT_ONCE = 20

/**
 * Who is signed in, and the digest of the refresh token that works next. A store that is read by others gives nobody a token.
 * @see RFC 9700 section 4.14
 */
export class SignIns {
  readonly #kept: Collection<Kept>
  private constructor (kept: Collection<Kept>) { this.#kept = kept }

  static async open (documents: Documents): Promise<SignIns> {
    return new SignIns(await documents.collection<Kept>('identity-sign-ins', { indexes: { until: { on: ['until'] } } }))
  }

  async begin (signIn: SignIn, now: Date): Promise<{ signIn: SignIn, refreshToken: string }> {
    const id = randomBytes(16).toString('base64url')
    const secret = newSecret()
    await this.#kept.put({ id, ...signIn, secret: digest(secret) }, 0)
    await this.#sweep(now)
    return { signIn, refreshToken: `${id}.${secret}` }
  }

  /** @throws {Failure} SIGN_IN_ENDED it is over, or of another console, or the token was used before: then it is over too */
  async next (refreshToken: string, console: string, now: Date): Promise<{ signIn: SignIn, refreshToken: string }> {
    const { id, secret } = parts(refreshToken)
    const found = await this.#kept.get(id)
    if (found === undefined || found.document.console !== console || now >= new Date(found.document.until)) throw ended()
    if (!isSame(found.document.secret, digest(secret))) {
      await this.#kept.delete(id, found.version).catch(unlessConflict)
      throw ended()
    }
    const next = newSecret()
    // Of two who come with the same token at once one finds it changed.
    await this.#kept.put({ ...found.document, secret: digest(next) }, found.version).catch((error: unknown) => { unlessConflict(error); throw ended() })
    const { id: _id, secret: _secret, ...signIn } = found.document
    return { signIn, refreshToken: `${id}.${next}` }
  }

  async end (refreshToken: string, console: string): Promise<void> {
    const match = TOKEN.exec(refreshToken)
    const found = match === null ? undefined : await this.#kept.get(match[1] as string)
    if (found === undefined || found.document.console !== console) return
    await this.#kept.delete(found.document.id, found.version).catch(unlessConflict)
  }

  async #sweep (now: Date): Promise<void> {
    const { items } = await this.#kept.find({ index: 'until', range: { to: now.toISOString() }, limit: SWEPT_AT_ONCE })
    for (const { document, version } of items) await this.#kept.delete(document.id, version).catch(unlessConflict)
  }
}

function parts (token: string): { id: string, secret: string } {
  const match = TOKEN.exec(token)
  if (match === null) throw ended()
  return { id: match[1] as string, secret: match[2] as string }
}

function newSecret (): string { return randomBytes(32).toString('base64url') }
function digest (secret: string): string { return createHash('sha256').update(secret).digest('base64url') }
function isSame (a: string, b: string): boolean { return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b)) }
function ended (): Failure { return new Failure('SIGN_IN_ENDED', 'this sign-in is over') }
/** Somebody else changed it first. */
function unlessConflict (error: unknown): void { if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error }
