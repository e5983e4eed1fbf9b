import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import type { Ground } from '../sdk/exchange.js'

export interface HttpLimits {
  pageBytes: number
  /** Longest that one page may take, from the first byte asked to the last received. */
  timeoutMs: number
  /** How often a page is asked for. */
  attempts: number
  /** Wait before the second attempt, doubled for each after it; 500 if not said. */
  firstWaitMs?: number
}
export interface Asking {
  authorization?: string
  /** PEM of the CAs that are believed; the system's if not said. */
  ca?: string
  limits: HttpLimits
  ground: Ground
}
export interface Page { url: URL, bytes: Buffer, etag?: string, link?: string }

const REDIRECTS = 3
const LONGEST_WAIT_MS = 60_000
const HEAD_BYTES = 16_384

/** May this address be asked? Beyond this machine nothing goes in the clear. */
export function isSafe ({ protocol, hostname, username, password }: URL): boolean {
  const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/.test(hostname)
  return (protocol === 'https:' || (protocol === 'http:' && loopback)) && username === '' && password === ''
}

/**
 * One page, asked for until it comes or the attempts are used up.
 * @param etag - of the page as it is known; then the answer may be `unchanged`
 * @throws {Failure} SOURCE_UNAVAILABLE, SOURCE_REFUSED, SOURCE_INVALID
 */
export async function ask (url: URL, asking: Asking, etag?: string): Promise<Page | 'unchanged'> {
  const { limits: { attempts, firstWaitMs = 500 }, ground } = asking
  let failure: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const tried = await attemptOnce(url, asking, etag).catch((error: unknown) => asTrouble(error))
    if (!('again' in tried)) return tried.page
    failure = tried.again
    const backoffMs = Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** (attempt - 1))
    const waitMs = Math.max(backoffMs / 2 + ground.random() * backoffMs / 2, Math.min(tried.retryAfterMs, LONGEST_WAIT_MS))
    if (attempt < attempts) await ground.wait(waitMs)
  }
  throw failure
}

type Tried = { page: Page | 'unchanged' } | { again: Failure, retryAfterMs: number }

async function attemptOnce (first: URL, asking: Asking, etag: string | undefined): Promise<Tried> {
  const signal = AbortSignal.timeout(asking.limits.timeoutMs)
  let url = first
  for (let redirects = 0; ; redirects++) {
    const response = await send(url, asking, etag, signal)
    const { statusCode: status = 0, headers } = response
    if (status >= 300 && status < 400 && status !== 304 && headers.location !== undefined) {
      response.destroy()
      const to = URL.canParse(headers.location, url) ? new URL(headers.location, url) : undefined
      if (to?.origin !== url.origin || redirects >= REDIRECTS) throw new Failure('SOURCE_INVALID', told(`${url.host} 转向别处：不会去问其他主机`, `${url.host} sends elsewhere: no other host is asked`))
      url = to
      continue
    }
    if (status === 304 && etag !== undefined) {
      response.destroy()
      return { page: 'unchanged' }
    }
    if (status !== 200) {
      response.destroy()
      return refusal(status, headers['retry-after'])
    }
    if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;\s*charset="?utf-8"?)?\s*$/i.test(headers['content-type'] ?? '') || (headers['content-encoding'] ?? 'identity') !== 'identity') {
      response.destroy()
      throw new Failure('SOURCE_INVALID', told(`${url.host} 的答复不是未压缩的 application/json`, `${url.host} answers no plain application/json`))
    }
    const bytes = await body(response, asking.limits.pageBytes)
    return { page: { url, bytes, ...headers.etag !== undefined && { etag: headers.etag }, ...headers.link !== undefined && { link: String(headers.link) } } }
  }
}

function refusal (status: number, retryAfter: string | undefined): Tried {
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { again: new Failure('SOURCE_UNAVAILABLE', told(`接口答复 ${status}`, `the interface answers ${status}`)), retryAfterMs: /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0 }
  }
  throw new Failure(status === 401 || status === 403 ? 'SOURCE_REFUSED' : 'SOURCE_INVALID', told(`接口答复 ${status}`, `the interface answers ${status}`))
}

async function send (url: URL, { authorization, ca }: Asking, etag: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      agent: false,
      signal,
      maxHeaderSize: HEAD_BYTES,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity', // nothing that grows when it is unpacked
        'user-agent': 'mianzheng-connector',
        ...authorization !== undefined && { authorization },
        ...etag !== undefined && { 'if-none-match': etag }
      },
      ...ca !== undefined && { ca }
    }, resolve)
    request.once('error', reject)
    request.end()
  })
}

async function body (response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limit) throw new Failure('SOURCE_INVALID', told(`有一页超过 ${limit} 字节`, `a page is larger than ${limit} bytes`)) // leaving the loop ends the connection
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function asTrouble (error: unknown): { again: Failure, retryAfterMs: number } {
  if (error instanceof Failure) throw error
  const { code = '', name } = error as { code?: string, name: string }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code)) throw new Failure('SOURCE_REFUSED', told(`TLS 连接不上：${code}`, `no connection by TLS: ${code}`), { cause: error })
  const why = name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR'
    ? told('接口没有在 timeoutSeconds 内答复', 'the interface did not answer within timeoutSeconds')
    : told(`接口没有答复，或中途断开（${code}）`, `the interface does not answer, or broke off (${code})`)
  return { again: new Failure('SOURCE_UNAVAILABLE', why, { cause: error }), retryAfterMs: 0 }
}
