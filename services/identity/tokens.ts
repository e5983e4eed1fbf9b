import { createHash, hash, randomUUID, type KeyObject } from 'node:crypto'
import { publicJwk } from '../../platform/crypto/index.js'
import { Lru } from '../../platform/crypto/lru.js'
import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { PresentedToken } from '../../platform/http/port.js'
import { SCOPES, type Caller, type Person, type Role, type Scope } from '../core/caller.js'
import type { Clock, InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { isSignedBy, judgeTimes, readJwt, signJwt, type Claims, type Jwt } from './jwt.js'
import { readJwk, type Algorithm, type PublicJwk } from './keys.js'
import type { Once } from './once.js'
import type { SenderProofs } from './proofs.js'
import { isCurrent, type Client, type Registry } from './registry.js'
import { holds, scopesOf } from './roles.js'
import type { SignIn, SignIns } from './sign-ins.js'
import { readTicket, TICKET_TYPE } from './tickets.js'

export interface TokenSettings {
  /** Name of this service in tokens and assertions: their `aud`. */
  issuer: string
  /** Life of an access token; 600 at most. */
  tokenSeconds: number
  /** Longest life of a client assertion. */
  assertionSeconds: number
  /** How far clocks of clients may differ from ours. */
  clockSkewSeconds: number
  /** Must each token be bound to a key of its holder? */
  senderConstrained: 'optional' | 'required'
  /** How long a person may work at the console before signing in again; 28,800 at most. */
  signInSeconds: number
}

const TOKEN_SECONDS_AT_MOST = 600
const TOKENS_KEPT = 2000

/** A key that signs, or signed, access tokens. Only its public half is kept here. */
interface TokenKey extends Document { jwk: PublicJwk, from: InstantText, to?: InstantText }

interface SigningKey { kid: string, key: KeyObject, algorithm: Algorithm }

export interface IssuedToken { accessToken: string, tokenType: 'Bearer' | 'DPoP', expiresInSeconds: number, scopes: Scope[], client: Client }
/** For a person at the console, with what gets the next one. */
export interface IssuedToPerson extends IssuedToken { signIn: SignIn, organisationName: string, refreshToken: string, refreshExpiresInSeconds: number }
/** How a client says who it is, and by which key its token is to be bound. */
export interface ClientProof { assertion: string, clientId?: string, proof?: string, url: string }
interface Parts { registry: Registry, once: Once, proofs: SenderProofs, signIns: SignIns, clock: Clock }

/** Gives access tokens for client assertions, and says who comes with one. @see RFC 7523, RFC 9068 */
export class Tokens {
  readonly #settings: TokenSettings
  readonly #registry: Registry
  readonly #once: Once
  readonly #proofs: SenderProofs
  readonly #signIns: SignIns
  readonly #keys: Collection<TokenKey>
  readonly #clock: Clock
  #signing: SigningKey | undefined
  /**
   * Tokens whose signature was verified, by their digest: a system asks many times with one. Spares that alone; key, times, holder and
   * suspension are judged at each request.
   */
  readonly #signed = new Lru<string, Jwt>(TOKENS_KEPT)

  private constructor (settings: TokenSettings, parts: Parts, keys: Collection<TokenKey>) {
    this.#settings = settings
    this.#registry = parts.registry
    this.#once = parts.once
    this.#proofs = parts.proofs
    this.#signIns = parts.signIns
    this.#clock = parts.clock
    this.#keys = keys
  }

  /** @throws {Failure} CONFIG_INVALID tokens would live too long; IDENTITY_INVALID the key is not Ed25519 */
  static async open (settings: TokenSettings, key: KeyObject, documents: Documents, parts: Parts): Promise<Tokens> {
    if (settings.tokenSeconds > TOKEN_SECONDS_AT_MOST) throw new Failure('CONFIG_INVALID', `identity.tokenSeconds must not be more than ${TOKEN_SECONDS_AT_MOST}`)
    const tokens = new Tokens(settings, parts, await documents.collection<TokenKey>('identity-token-keys', { atHand: true }))
    await tokens.rotate(key)
    return tokens
  }

  /**
   * From now on this key signs; the one before still verifies until the last token that it signed has ended. The same key
   * again changes nothing; one that was replaced never signs again.
   * @throws {Failure} IDENTITY_INVALID it is not an Ed25519 private key, or was replaced before
   */
  async rotate (key: KeyObject): Promise<void> {
    if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519') throw new Failure('IDENTITY_INVALID', 'access tokens are signed with an Ed25519 private key')
    const { kid, jwk } = readJwk(publicJwk(key))
    const now = this.#clock.now()
    const stored = await this.#keys.get(kid)
    if (stored?.document.to !== undefined) throw new Failure('IDENTITY_INVALID', 'this token key was replaced before')
    if (stored === undefined) await this.#keys.put({ id: kid, jwk, from: now.toISOString() }, 0)
    const to = new Date(now.getTime() + this.#settings.tokenSeconds * 1000).toISOString()
    for (const { document, version } of await this.#allKeys()) {
      if (document.id !== kid && document.to === undefined) await this.#keys.put({ ...document, to }, version)
    }
    this.#signing = { kid, key, algorithm: 'EdDSA' }
  }

  /** When the key that signs now began to; for whoever decides that it has signed long enough. */
  async signingSince (): Promise<Date> {
    const stored = await this.#keys.get(this.#signingKey().kid)
    return new Date(stored?.document.from ?? this.#clock.now())
  }

  /** Public keys by which a token in circulation may be verified. @see RFC 7517 section 5 */
  async jwks (): Promise<{ keys: Array<PublicJwk & { kid: string, use: 'sig', alg: 'EdDSA' }> }> {
    const now = this.#clock.now()
    const keys = (await this.#allKeys()).map(({ document }) => document).filter(key => isCurrent(key, now))
    return { keys: keys.map(({ id, jwk }) => ({ ...jwk, kid: id, use: 'sig', alg: 'EdDSA' })) }
  }

  /**
   * @param clientId - if said beside the assertion, it must be the one that the assertion names
   * @param scope - space-separated; all that the roles hold where absent
   * @param proof - value of the DPoP header: the token is bound to its key, and works only with a proof by it
   * @param url - address of the token endpoint as the client asked for it
   * @throws {Failure} ASSERTION_INVALID, ASSERTION_EXPIRED, ASSERTION_REPLAYED, CLIENT_SUSPENDED, SCOPE_NOT_GRANTED,
   * SENDER_PROOF_REQUIRED, SENDER_PROOF_INVALID, SENDER_PROOF_REPLAYED
   */
  async issue ({ scope, ...who }: ClientProof & { scope?: string }): Promise<IssuedToken> {
    const client = await this.#clientOf(who)
    const held = scopesOf(client.roles)
    const wanted = scope === undefined || scope === '' ? held : scope.split(' ') as Scope[]
    if (wanted.some(scope => !held.includes(scope))) throw new Failure('SCOPE_NOT_GRANTED', 'a scope that was asked for is not among those of your roles')
    return this.#minted(client, wanted, await this.#boundTo(who))
  }

  /**
   * A person signs in at the console: the ticket is their own organisation's word for who they are and what they do there.
   * @param who - the console itself
   * @throws {Failure} as `issue`, and GRANT_TYPE_UNSUPPORTED the client is no console; TICKET_INVALID, TICKET_EXPIRED, TICKET_USED
   */
  async signIn (ticket: string, who: ClientProof): Promise<IssuedToPerson> {
    const at = await this.#consoleOf(who)
    const now = this.#clock.now()
    const { clientId, kid, person, roles, jti, until } = await readTicket(ticket, { registry: this.#registry, settings: this.#settings, now })
    const boundTo = await this.#boundTo(who)
    if (!await this.#once.use(['ticket', clientId, jti], until, now)) throw new Failure('TICKET_USED', 'this ticket was used before')
    const ends = new Date(now.getTime() + this.#settings.signInSeconds * 1000)
    const begun = await this.#signIns.begin({ client: clientId, console: at.id, person, roles, from: now.toISOString(), kid, until: ends.toISOString() }, now)
    return await this.#toPerson(begun, boundTo)
  }

  /**
   * The next token for the same person. The refresh token works once; when one comes a second time, somebody else has it, and the
   * sign-in is over for both.
   * @throws {Failure} as `issue`, and SIGN_IN_ENDED
   */
  async refresh (refreshToken: string, who: ClientProof): Promise<IssuedToPerson> {
    const at = await this.#consoleOf(who)
    const boundTo = await this.#boundTo(who)
    return await this.#toPerson(await this.#signIns.next(refreshToken, at.id, this.#clock.now()), boundTo)
  }

  /** Ends a sign-in; of one that is over already nothing is said. @throws {Failure} as `issue` @see RFC 7009 */
  async signOut (refreshToken: string, who: Omit<ClientProof, 'proof' | 'url'>): Promise<void> {
    await this.#signIns.end(refreshToken, (await this.#consoleOf(who)).id)
  }

  async #consoleOf (who: Omit<ClientProof, 'proof' | 'url'>): Promise<Client> {
    const client = await this.#clientOf(who)
    if (!client.roles.includes('console')) throw new Failure('GRANT_TYPE_UNSUPPORTED', 'only a console signs people in')
    return client
  }

  async #toPerson ({ signIn, refreshToken }: { signIn: SignIn, refreshToken: string }, boundTo: string | undefined): Promise<IssuedToPerson> {
    const [found, at] = [await this.#registry.client(signIn.client), await this.#registry.client(signIn.console)]
    if (found === undefined || found.suspended) throw new Failure('CLIENT_SUSPENDED', 'this client or its organisation is suspended')
    const now = this.#clock.now()
    const unbroken = at !== undefined && [found, at].every(({ tokensFrom }) => Date.parse(signIn.from) > tokensFrom.getTime())
    if (!unbroken || !found.client.keys.some(key => key.kid === signIn.kid && isCurrent(key, now))) throw new Failure('SIGN_IN_ENDED', 'this sign-in is over')
    const roles = signIn.roles.filter(role => found.client.roles.includes(role))
    return {
      ...this.#minted(found.client, scopesOf(roles), boundTo, signIn),
      signIn,
      organisationName: (await this.#registry.organisation(found.client.organisation)).name,
      refreshToken,
      refreshExpiresInSeconds: Math.max(0, Math.floor((Date.parse(signIn.until) - now.getTime()) / 1000))
    }
  }

  /** @returns thumbprint of the key that the token will be bound to, where it is bound */
  async #boundTo ({ proof, url }: Pick<ClientProof, 'proof' | 'url'>): Promise<string | undefined> {
    if (proof === undefined && this.#settings.senderConstrained === 'required') throw new Failure('SENDER_PROOF_REQUIRED', 'send a DPoP proof with the request for a token')
    return proof === undefined ? undefined : await this.#proofs.verify(proof, { method: 'POST', url })
  }

  #minted (client: Client, scopes: Scope[], boundTo: string | undefined, signIn?: SignIn): IssuedToken {
    const now = this.#clock.now().getTime() / 1000
    const claims: Claims = {
      iss: this.#settings.issuer,
      aud: this.#settings.issuer,
      sub: client.id,
      client_id: signIn?.console ?? client.id,
      scope: scopes.join(' '),
      iat: now, // to the millisecond, so that a suspension tells the tokens before it from those after
      exp: now + this.#settings.tokenSeconds,
      jti: randomUUID(),
      ...(signIn === undefined ? {} : { person: { ...signIn.person }, roles: [...signIn.roles] }),
      ...(boundTo === undefined ? {} : { cnf: { jkt: boundTo } })
    }
    return {
      accessToken: signJwt('at+jwt', claims, this.#signingKey()),
      tokenType: boundTo === undefined ? 'Bearer' : 'DPoP',
      expiresInSeconds: this.#settings.tokenSeconds,
      scopes,
      client
    }
  }

  /** Who signed this assertion, for us, lately, and for the first time. */
  async #clientOf ({ assertion, clientId }: Pick<ClientProof, 'assertion' | 'clientId'>): Promise<Client> {
    const now = this.#clock.now()
    const jwt = readJwt(assertion)
    const kid = jwt?.header['kid']
    const id = jwt?.claims['sub']
    if (jwt === undefined || typeof kid !== 'string' || typeof id !== 'string' || (clientId ?? id) !== id) throw invalid()
    if (Object.keys(jwt.header).some(name => !['alg', 'kid', 'typ'].includes(name)) || jwt.header['typ'] === TICKET_TYPE) throw invalid()
    const found = await this.#registry.client(id)
    const key = found?.client.keys.find(key => key.kid === kid && isCurrent(key, now))
    // Whether the client, the key or the signature is wrong is not told: it would help only who guesses.
    if (found === undefined || key === undefined || !isSignedBy(jwt, readJwk(key.jwk))) throw invalid()
    const until = judgeTimes(jwt, now, this.#settings, { invalid, expired: () => new Failure('ASSERTION_EXPIRED', 'the assertion has expired') })
    const { iss, aud, jti } = jwt.claims
    const ours = aud === this.#settings.issuer || (Array.isArray(aud) && aud.length === 1 && aud[0] === this.#settings.issuer)
    if (iss !== id || !ours || typeof jti !== 'string' || jti === '') throw invalid()
    if (found.suspended) throw new Failure('CLIENT_SUSPENDED', 'this client or its organisation is suspended')
    if (!await this.#once.use(['assertion', id, jti], until, now)) throw new Failure('ASSERTION_REPLAYED', 'this assertion was used before')
    return found.client
  }

  /** @throws {Failure} TOKEN_INVALID, TOKEN_EXPIRED, CLIENT_SUSPENDED, SENDER_PROOF_REQUIRED, SENDER_PROOF_INVALID, SENDER_PROOF_REPLAYED */
  async verify (presented: PresentedToken): Promise<Caller> {
    const now = this.#clock.now()
    const { token } = presented
    const digest = hash('sha256', token, 'base64')
    const known = this.#signed.get(digest)
    const jwt = known ?? readJwt(token)
    const kid = jwt?.header['kid']
    if (jwt === undefined || jwt.header['typ'] !== 'at+jwt' || typeof kid !== 'string') throw unknown()
    const key = /^[A-Za-z0-9_-]{43}$/.test(kid) ? (await this.#keys.get(kid))?.document : undefined
    if (key === undefined || !isCurrent(key, now)) throw unknown()
    if (known === undefined) {
      if (!isSignedBy(jwt, readJwk(key.jwk))) throw unknown()
      this.#signed.set(digest, jwt)
    }
    const { iss, aud, sub, scope, iat, exp, cnf } = jwt.claims
    if (iss !== this.#settings.issuer || aud !== iss || typeof sub !== 'string' || typeof scope !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') throw unknown()
    if (now.getTime() / 1000 >= exp) throw new Failure('TOKEN_EXPIRED', 'the access token has expired')

    const jkt = (cnf as { jkt?: unknown } | undefined)?.jkt
    await this.#judgeSender(typeof jkt === 'string' ? jkt : undefined, presented)

    const found = await this.#registry.client(sub)
    if (found === undefined) throw unknown()
    if (found.suspended) throw new Failure('CLIENT_SUSPENDED', 'this client or its organisation is suspended')
    if (Math.round(iat * 1000) <= found.tokensFrom.getTime()) throw unknown()
    const person = jwt.claims['person'] as Person | undefined
    if (person !== undefined) await this.#judgeConsole(jwt.claims['client_id'], iat)
    // What the roles hold now, no more than what the token was given: a role that was taken away counts at once.
    const roles = person === undefined ? found.client.roles : found.client.roles.filter(role => (jwt.claims['roles'] as Role[]).includes(role))
    const scopes = scope.split(' ').filter((name): name is Scope => (SCOPES as readonly string[]).includes(name) && holds(roles, name as Scope))
    return { client: sub, organisation: found.client.organisation, roles, scopes, ...(person === undefined ? {} : { person }) }
  }

  /** A console that is suspended stops everyone who works through it. */
  async #judgeConsole (id: unknown, iat: number): Promise<void> {
    const found = typeof id === 'string' ? await this.#registry.client(id) : undefined
    if (found === undefined || !found.client.roles.includes('console')) throw unknown()
    if (found.suspended) throw new Failure('CLIENT_SUSPENDED', 'this client or its organisation is suspended')
    if (Math.round(iat * 1000) <= found.tokensFrom.getTime()) throw unknown()
  }

  async #judgeSender (jkt: string | undefined, presented: PresentedToken): Promise<void> {
    const { token, scheme, proof } = presented
    if (jkt === undefined) {
      if (scheme === 'DPoP') throw unknown() // it is not bound to any key
      if (this.#settings.senderConstrained === 'required') throw new Failure('SENDER_PROOF_REQUIRED', 'tokens here are bound to a key; ask for one with a DPoP proof')
      return
    }
    // A stolen token comes without its holder's key, or as if it needed none.
    if (scheme !== 'DPoP' || proof === undefined) throw new Failure('SENDER_PROOF_REQUIRED', 'this token works only with a proof of its holder\'s key')
    const { method, url } = presented
    const by = await this.#proofs.verify(proof, { method, url, ath: createHash('sha256').update(token).digest('base64url') })
    if (by !== jkt) throw new Failure('SENDER_PROOF_INVALID', 'the proof was made with another key than the token is bound to')
  }

  #signingKey (): SigningKey {
    if (this.#signing === undefined) throw new Error('tokens were asked for before there was a key')
    return this.#signing
  }

  async #allKeys (): Promise<Array<{ document: TokenKey, version: number }>> {
    return (await this.#keys.find({ index: 'id', limit: 1000 })).items
  }
}

function invalid (): Failure { return new Failure('ASSERTION_INVALID', 'the client assertion is not valid') }
function unknown (): Failure { return new Failure('TOKEN_INVALID', 'the access token is not valid') }
