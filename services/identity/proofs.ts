import type { Clock } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { isSignedBy, readJwt } from './jwt.js'
import { readJwk } from './keys.js'
import type { Once } from './once.js'

/** How long a proof may be on its way. Short, since it is made for one request. */
const PROOF_SECONDS = 60

/** Judges proofs that the sender of a request holds a key. @see RFC 9449 */
export class SenderProofs {
  readonly #once: Once
  readonly #clock: Clock
  readonly #skewSeconds: number

  constructor ({ once, clock, clockSkewSeconds }: { once: Once, clock: Clock, clockSkewSeconds: number }) {
    this.#once = once
    this.#clock = clock
    this.#skewSeconds = clockSkewSeconds
  }

  /**
   * @param expected - method and address of the request; `ath` is the digest of the access token, where one comes with it
   * @returns thumbprint of the key that made it
   * @throws {Failure} SENDER_PROOF_INVALID, SENDER_PROOF_REPLAYED
   */
  async verify (proof: string, { method, url, ath }: { method: string, url: string, ath?: string }): Promise<string> {
    const now = this.#clock.now()
    const jwt = readJwt(proof, { bringsKey: true })
    if (jwt === undefined || jwt.header['typ'] !== 'dpop+jwt') throw invalid('it is not a DPoP proof')
    const key = keyOf(jwt.header['jwk'])
    if (key === undefined || !isSignedBy(jwt, key)) throw invalid('its signature does not verify')
    const { jti, htm, htu, iat } = jwt.claims
    if (htm !== method || typeof htu !== 'string' || withoutQuery(htu) !== withoutQuery(url)) throw invalid('it was made for another request')
    if (jwt.claims['ath'] !== ath) throw invalid('it was made for another token')
    const seconds = now.getTime() / 1000
    if (typeof iat !== 'number' || iat > seconds + this.#skewSeconds || iat <= seconds - PROOF_SECONDS - this.#skewSeconds) throw invalid('it was not made lately')
    if (typeof jti !== 'string' || jti === '') throw invalid('it has no jti')
    const until = new Date((iat + PROOF_SECONDS + this.#skewSeconds) * 1000 + 1)
    if (!await this.#once.use(['proof', key.kid, jti], until, now)) throw new Failure('SENDER_PROOF_REPLAYED', 'this proof was used before')
    return key.kid
  }
}

function keyOf (jwk: unknown): ReturnType<typeof readJwk> | undefined {
  try { return readJwk(jwk) } catch { return undefined }
}

/** Compared as RFC 3986 section 6.2 normalises. */
function withoutQuery (url: string): string | undefined {
  try {
    const { origin, pathname } = new URL(url)
    return origin + pathname
  } catch { return undefined }
}

function invalid (why: string): Failure { return new Failure('SENDER_PROOF_INVALID', `the DPoP proof was refused: ${why}`) }
