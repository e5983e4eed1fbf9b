import { setTimeout } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { systemClock, type Clock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { signCompact, type SigningKey } from '../../platform/crypto/index.js'
import { told, type Bilingual } from '../../services/core/words.js'
import { bodyLine, type Outgoing } from './journal.js'
import { senderProof } from './proof.js'

/** Time, chance and waiting, so that a test decides about them. */
export interface Ground {
  clock: Clock
  /** From 0 to below 1. */
  random: () => number
  /** An identifier that is never given twice. */
  newId: () => string
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
}
export const systemGround: Ground = {
  clock: systemClock,
  random: Math.random,
  newId: randomUUID,
  wait: async (ms, signal) => { await setTimeout(ms, undefined, signal && { signal }) }
}

/** What a person who waits for the exchange wants to know. */
export type ExchangeNews =
  /** Nothing has come back for some seconds; it goes on waiting. */
  | { kind: 'silent' }
  /** A try failed. `why` is a status or the system's code. */
  | { kind: 'away', why: string, nextTryMs: number, triesLeft: number }
  /** It answers, after one of the two above. */
  | { kind: 'back', afterMs: number }

export interface ExchangeOptions {
  /** Where the exchange stands, without `/v1`. */
  url: string
  clientId: string
  /** The client's key; its `kid` is the thumbprint that the exchange knows. */
  key: SigningKey
  /** What the exchange calls itself in tokens: `aud` of the assertion. */
  audience: string
  ground?: Ground
  /** How often one request is tried before `EXCHANGE_UNAVAILABLE`; 8 if not said. */
  attempts?: number
  /** Wait before the second attempt, doubled for each after it, with jitter; 500 if not said. */
  firstWaitMs?: number
  /** Longest wait; 60,000 if not said. A longer Retry-After is obeyed up to ten times this. */
  maxWaitMs?: number
  /** Time for one request; 30,000 if not said. */
  requestTimeoutMs?: number
  /** Told of each try that fails, as soon as it does, and of the end of it. */
  onNews?: (news: ExchangeNews) => void
  signal?: AbortSignal
}

interface Answer { status: number, retryAfterMs: number, body: unknown }

const ANSWER_BYTES = 1024 * 1024
const TOKEN_MARGIN_MS = 30_000
const SILENT_MS = 3000
const ASSERTION_SECONDS = 60
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The code by which the exchange asks for a proof of the sender's key; a caller who wanted none is told just that. */
const PROOF_WANTED = 'SENDER_PROOF_REQUIRED'

/**
 * The exchange, as a department's client reaches it: a token for an assertion, events for an acknowledgement. Its tokens are bound
 * to the client's key, and each request carries a proof of that key, so that a token that is stolen on the way does nothing.
 * @see RFC 7523, RFC 9449
 */
export class Exchange {
  readonly #options: ExchangeOptions
  readonly #ground: Ground
  #token: { value: string, until: number } | undefined

  constructor (options: ExchangeOptions) {
    this.#options = options
    this.#ground = options.ground ?? systemGround
  }

  /**
   * @returns once every event of the batch is acknowledged as durable; `too-large` where the body was refused for its size
   * @throws {Failure} EXCHANGE_UNAVAILABLE, EXCHANGE_REFUSED
   */
  async send (batch: readonly Outgoing[]): Promise<'acknowledged' | 'too-large'> {
    const body = batch.map(one => `${bodyLine(one)}\n`).join('')
    return await this.#untilAnswered(async () => {
      const token = await this.#accessToken()
      if (typeof token !== 'string') return token
      const answer = await this.#post('/v1/events', body, { 'content-type': 'application/jsonl', ...this.#bound('POST', '/v1/events', token) })
      if (answer.status === 401) this.#token = undefined // it ended or was withdrawn: the next attempt gets another
      if (answer.status === 413) return { done: 'too-large' }
      if (answer.status !== 202) return { again: answer, refused: isFinal(answer.status) && answer.status !== 401 }
      const accepted = (answer.body as { accepted?: unknown } | null)?.accepted
      return Array.isArray(accepted) && accepted.length === batch.length ? { done: 'acknowledged' } : { again: answer, refused: false }
    })
  }

  /**
   * A plain bearer token of this client, for calls that are made by hand: whoever has it may use it.
   * @throws {Failure} SENDER_PROOF_REQUIRED the exchange gives none, see `authorize`; EXCHANGE_UNAVAILABLE, EXCHANGE_REFUSED
   */
  async token (): Promise<string> {
    return await this.#untilAnswered<string>(async () => {
      const { value, answer } = await this.#askToken({})
      return value === undefined ? { again: answer, refused: isFinal(answer.status) } : { done: value }
    })
  }

  /**
   * Headers for one request to the exchange: a token that is bound to this client's key, and the proof that goes with it. They
   * serve once, for this method and address, within a minute.
   * @param path - below the exchange's address, e.g. `/v1/verifications`
   * @throws {Failure} EXCHANGE_UNAVAILABLE, EXCHANGE_REFUSED
   */
  async authorize (method: string, path: string): Promise<{ authorization: string, dpop: string }> {
    const token = await this.#untilAnswered<string>(async () => {
      const token = await this.#accessToken()
      return typeof token === 'string' ? { done: token } : token
    })
    return this.#bound(method, path, token)
  }

  #bound (method: string, path: string, token: string): { authorization: string, dpop: string } {
    return { authorization: `DPoP ${token}`, dpop: this.#proof(method, path, token) }
  }

  #proof (method: string, path: string, token?: string): string {
    const { key, url } = this.#options
    const { clock, newId } = this.#ground
    return senderProof({ key, method, url: new URL(path, url).href, at: clock.now(), id: newId(), ...(token === undefined ? {} : { token }) })
  }

  /** The token in hand, or another one, bound to our key. */
  async #accessToken (): Promise<string | { again: Answer, refused: boolean }> {
    const now = this.#ground.clock.now().getTime()
    if (this.#token !== undefined && this.#token.until > now) return this.#token.value
    const { value, type, seconds, answer } = await this.#askToken({ dpop: this.#proof('POST', '/v1/tokens') })
    if (value === undefined || seconds === undefined) return { again: answer, refused: isFinal(answer.status) }
    // Asked to bind it, the exchange did not: whoever answered, such a token is not sent anywhere.
    if (type?.toLowerCase() !== 'dpop') throw new Failure('EXCHANGE_REFUSED', told('平台给的令牌没有绑定本客户端的密钥', 'the exchange gave a token that is not bound to the key of this client'))
    this.#token = { value, until: now + Math.max(0, seconds * 1000 - TOKEN_MARGIN_MS) }
    return value
  }

  async #askToken (headers: Record<string, string>): Promise<{ answer: Answer, value?: string, type?: string, seconds?: number }> {
    const { clock, newId } = this.#ground
    const { clientId, key, audience } = this.#options
    const iat = Math.floor(clock.now().getTime() / 1000)
    const claims = { iss: clientId, sub: clientId, aud: audience, jti: newId(), iat, exp: iat + ASSERTION_SECONDS }
    const assertion = signCompact(Buffer.from(JSON.stringify(claims)), key, { typ: 'JWT' })
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_assertion_type: ASSERTION_TYPE, client_assertion: assertion })
    const answer = await this.#post('/v1/tokens', form.toString(), { 'content-type': 'application/x-www-form-urlencoded', ...headers })
    const { access_token: value, token_type: type, expires_in: seconds } = (answer.body ?? {}) as Record<string, unknown>
    if (answer.status !== 200 || typeof value !== 'string' || typeof type !== 'string' || typeof seconds !== 'number') return { answer }
    return { value, type, seconds, answer }
  }

  async #untilAnswered<T> (attempt: () => Promise<{ done: T } | { again: Answer, refused: boolean }>): Promise<T> {
    const { attempts = 8, firstWaitMs = 500, maxWaitMs = 60_000, signal, onNews } = this.#options
    const began = this.#ground.clock.now().getTime()
    let cause: unknown
    let spoke = false
    const tell = (news: ExchangeNews): void => {
      spoke = true
      onNews?.(news)
    }
    for (let number = 1; number <= attempts; number++) {
      let waitMs = Math.min(maxWaitMs, firstWaitMs * 2 ** (number - 1))
      waitMs = waitMs / 2 + this.#ground.random() * waitMs / 2 // so that departments that lost the exchange together do not come back together
      const answered = this.#tellSilence(tell)
      try {
        const outcome = await attempt()
        if ('done' in outcome) {
          if (spoke) tell({ kind: 'back', afterMs: this.#ground.clock.now().getTime() - began })
          return outcome.done
        }
        cause = describe(outcome.again)
        if (outcome.refused) {
          const code = (outcome.again.body as { code?: unknown } | null)?.code === PROOF_WANTED ? PROOF_WANTED : 'EXCHANGE_REFUSED'
          throw new Failure(code, `${this.#options.url}: ${refusal(String(cause))}`)
        }
        waitMs = Math.max(waitMs, Math.min(outcome.again.retryAfterMs, maxWaitMs * 10))
      } catch (error) {
        if (error instanceof Failure) throw error
        cause = error
      } finally { answered() }
      if (signal?.aborted === true) throw new Failure('SHUTTING_DOWN', told('连接器正在停止', 'the connector is stopping'))
      if (number === attempts) break
      tell({ kind: 'away', why: reasonOf(cause), nextTryMs: Math.round(waitMs), triesLeft: attempts - number })
      await this.#ground.wait(waitMs, signal).catch(() => {}) // stopping cuts it short, and is seen at the next turn
    }
    throw new Failure('EXCHANGE_UNAVAILABLE', `${this.#options.url}: ${told(`没有正常答复（${reasonOf(cause)}）`, `does not answer as it should: ${reasonOf(cause)}`)}`, { cause })
  }

  /** @returns to be called when the try has ended */
  #tellSilence (tell: (news: ExchangeNews) => void): () => void {
    if (this.#options.onNews === undefined) return () => {}
    const answered = new AbortController()
    this.#ground.wait(SILENT_MS, answered.signal).then(() => { if (!answered.signal.aborted) tell({ kind: 'silent' }) }, () => {})
    return () => { answered.abort() }
  }

  async #post (path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const { url, requestTimeoutMs = 30_000, signal } = this.#options
    const timeout = AbortSignal.timeout(requestTimeoutMs)
    const response = await fetch(new URL(path, url), {
      method: 'POST', body, headers, redirect: 'error', signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    })
    return { status: response.status, retryAfterMs: this.#retryAfterMs(response.headers.get('retry-after')), body: await readBody(response) }
  }

  /** @see RFC 9110 section 10.2.3: seconds, or a date */
  #retryAfterMs (value: string | null): number {
    if (value === null) return 0
    if (/^\d{1,6}$/.test(value)) return Number(value) * 1000
    const at = Date.parse(value)
    return Number.isNaN(at) ? 0 : Math.max(0, at - this.#ground.clock.now().getTime())
  }
}

/** Will the same request be refused again? */
function isFinal (status: number): boolean { return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429 }

async function readBody (response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  try { return JSON.parse(Buffer.concat(chunks).toString()) } catch { return null }
}

/** A bare status says that whoever answered may be something else. */
function refusal (cause: string): Bilingual {
  return /^\d+$/.test(cause) ? told(`拒绝了（${cause}）；答复的可能不是平台`, `refused: ${cause}; what answers there may be no exchange`) : told(`拒绝了（${cause}）`, `refused: ${cause}`)
}

/** In a word, why a try failed: what was answered, or the system's own code. */
function reasonOf (cause: unknown): string {
  if (typeof cause === 'string') return cause
  const { name, message, cause: deeper } = cause as Error & { cause?: { code?: string, message?: string } }
  return deeper?.code ?? deeper?.message ?? (name === 'TimeoutError' ? 'no answer in time' : message)
}

/** Status and code of an answer; its other words stay out of our messages. */
function describe ({ status, body }: Answer): string {
  const { code, error } = (body ?? {}) as { code?: unknown, error?: unknown }
  const said = [code, error].find(value => typeof value === 'string' && /^[A-Za-z_]{1,64}$/.test(value))
  return said === undefined ? String(status) : `${status} ${said as string}`
}
