import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Scope } from '../services/core/caller.js'
import type { Clock, InstantText } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import type { Keeper } from './ports.js'

export interface SignedIn { client: string, organisation: string, organisationName: string, roles: string[], person: { id: string, name: string } }
/** What the API gave for a person: never sent to the browser. */
export interface PersonTokens { accessToken: string, accessUntil: InstantText, refreshToken: string }

/** Kept under the digest of its number. The tokens in it are locked with the number itself, which only the browser has. */
export interface KeptSession {
  id: string
  who: SignedIn
  scopes: Scope[]
  locked: string
  startedAt: InstantText
  usedAt: InstantText
  /** When it ends whatever happens. */
  until: InstantText
}

/** A person at work in a browser. */
export interface Session extends Omit<KeptSession, 'locked'> {
  /** 256 bits, base64url; the browser's cookie. */
  number: string
  /** Proves that a form came from one of our own pages. */
  formToken: string
  tokens: PersonTokens
}

const USED_EVERY_MS = 30_000
const SWEPT_AT_ONCE = 20
export const SESSION_NUMBER = /^[A-Za-z0-9_-]{43}$/

export class Sessions {
  readonly #kept: Keeper<KeptSession>
  readonly #clock: Clock
  readonly #idleMs: number

  constructor ({ kept, clock, idleSeconds }: { kept: Keeper<KeptSession>, clock: Clock, idleSeconds: number }) {
    this.#kept = kept
    this.#clock = clock
    this.#idleMs = idleSeconds * 1000
  }

  async begin ({ who, scopes, tokens, seconds }: { who: SignedIn, scopes: Scope[], tokens: PersonTokens, seconds: number }): Promise<Session> {
    const now = this.#clock.now()
    const number = randomBytes(32).toString('base64url')
    const until = new Date(now.getTime() + seconds * 1000).toISOString()
    const kept: KeptSession = { id: idOf(number), who, scopes, locked: lock(number, tokens), startedAt: now.toISOString(), usedAt: now.toISOString(), until }
    await this.#kept.put(kept, 0)
    await this.#sweep(now)
    return opened(kept, number)
  }

  /** @returns undefined where it never was, idled too long, or is over */
  async find (number: string): Promise<Session | undefined> {
    if (!SESSION_NUMBER.test(number)) return undefined
    const found = await this.#kept.get(idOf(number))
    if (found === undefined) return undefined
    const now = this.#clock.now().getTime()
    const { document, version } = found
    if (now >= Date.parse(document.until) || now - Date.parse(document.usedAt) >= this.#idleMs) {
      await this.#kept.delete(document.id, version).catch(unlessConflict)
      return undefined
    }
    // Not at each click: a page asks several times within a second.
    if (now - Date.parse(document.usedAt) >= USED_EVERY_MS) {
      await this.#kept.put({ ...document, usedAt: new Date(now).toISOString() }, version).catch(unlessConflict)
    }
    return opened(document, number)
  }

  async renew (session: Session, { tokens, scopes }: { tokens: PersonTokens, scopes: Scope[] }): Promise<void> {
    const locked = lock(session.number, tokens)
    for (let written = false; !written;) {
      const found = await this.#kept.get(session.id)
      // Over by now, e.g. signed out in another tab: it must not come back.
      if (found === undefined) throw new Failure('SESSION_ENDED', 'the session is over')
      written = await this.#kept.put({ ...found.document, scopes, locked }, found.version).then(() => true, (error: unknown) => { unlessConflict(error); return false })
    }
    Object.assign(session, { tokens, scopes })
  }

  async end (session: Session): Promise<void> {
    const found = await this.#kept.get(session.id)
    if (found !== undefined) await this.#kept.delete(session.id, found.version).catch(unlessConflict)
  }

  async #sweep (now: Date): Promise<void> {
    const { items } = await this.#kept.find({ index: 'until', range: { to: now.toISOString() }, limit: SWEPT_AT_ONCE })
    for (const { document, version } of items) await this.#kept.delete(document.id, version).catch(unlessConflict)
  }
}

function opened ({ locked, ...kept }: KeptSession, number: string): Session {
  return { ...kept, number, formToken: drawn(number, 'form').toString('base64url'), tokens: unlock(number, locked) }
}

function idOf (number: string): string { return createHash('sha256').update(number).digest('base64url') }
function drawn (number: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(number, 'base64url'), Buffer.alloc(0), `mianzheng console ${purpose} v1`, 32))
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
function lock (number: string, tokens: PersonTokens): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', drawn(number, 'tokens'), nonce)
  return Buffer.concat([nonce, cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function unlock (number: string, locked: string): PersonTokens {
  const bytes = Buffer.from(locked, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', drawn(number, 'tokens'), bytes.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]).toString('utf8')) as PersonTokens
}

function unlessConflict (error: unknown): void { if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error }
