import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import type { Test } from 'tap'
import { readCompact, verifyCompact, verifyDetached } from '../../platform/crypto/index.js'
import type { Event } from '../../services/core/event.js'

/** What the exchange does with the next request for events; after the script, `take`. `lose` takes it and breaks the line. */
export type Step = 'take' | 'lose' | 'drop' | { status: number, headers?: Record<string, string>, body?: unknown }

export interface Receiver {
  url: string
  /** Events taken, once each, in order. */
  events: Event[]
  /** A gap, a fork, or a signature that does not verify. */
  problems: string[]
  duplicates: number
  tokens: number
  requests: Array<{ events: number, bytes: number }>
  script: Step[]
  tokenScript: Step[]
}

/** An exchange that answers by a script and watches the numbers: what may come twice must be the same bytes. */
export async function startReceiver (t: Test, { kid, key }: { kid: string, key: KeyObject }): Promise<Receiver> {
  const publicKey = createPublicKey(key)
  const resolve = (asked: string): { key: KeyObject, algorithm: 'EdDSA' } | undefined => asked === kid ? { key: publicKey, algorithm: 'EdDSA' } : undefined
  const lines: string[] = []
  const receiver: Receiver = { url: '', events: [], problems: [], duplicates: 0, tokens: 0, requests: [], script: [], tokenScript: [] }
  const usedIds = new Set<string>()

  function take (line: string): void {
    const { event, signature } = JSON.parse(line) as { event: string, signature: string }
    const bytes = Buffer.from(event, 'base64url')
    verifyDetached(signature, bytes, resolve)
    const parsed = JSON.parse(bytes.toString()) as Event
    if (parsed.sequence <= lines.length) {
      if (lines[parsed.sequence - 1] === line) receiver.duplicates++
      else receiver.problems.push(`fork at ${parsed.sequence}`)
    } else if (parsed.sequence > lines.length + 1) {
      receiver.problems.push(`gap before ${parsed.sequence}`)
    } else {
      lines.push(line)
      receiver.events.push(parsed)
    }
  }

  function judgeProof (request: IncomingMessage, token?: string): void {
    try {
      const { header, payload, verify } = readCompact(String(request.headers['dpop']), { bringsKey: true })
      verify({ key: publicKey, algorithm: 'EdDSA' })
      const { jti, htm, htu, ath } = JSON.parse(payload.toString()) as Record<string, string>
      const expected = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url')
      if (header['typ'] !== 'dpop+jwt' || htm !== 'POST' || htu !== `${receiver.url}${request.url}` || ath !== expected || usedIds.has(jti as string)) throw new Error('of something else')
      usedIds.add(jti as string)
    } catch (error) { receiver.problems.push(`a wrong proof: ${String(error)}`) }
  }

  async function answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString()
    const isToken = request.url === '/v1/tokens'
    const step = (isToken ? receiver.tokenScript : receiver.script).shift() ?? 'take'
    const send = (status: number, content: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content))
    }
    if (step === 'drop') { request.socket.destroy(); return }
    if (typeof step === 'object') { send(step.status, step.body ?? { code: 'SCRIPTED' }, step.headers); return }
    if (isToken) {
      const { header, payload } = verifyCompact(new URLSearchParams(body).get('client_assertion') ?? '', resolve)
      const { jti, iss, sub, aud } = JSON.parse(payload.toString()) as Record<string, string>
      if (header.typ !== 'JWT' || iss !== sub || aud !== 'the exchange' || usedIds.has(jti as string)) receiver.problems.push('a wrong assertion')
      usedIds.add(jti as string)
      if (request.headers['dpop'] !== undefined) judgeProof(request)
      send(200, { access_token: `token${++receiver.tokens}`, token_type: request.headers['dpop'] === undefined ? 'Bearer' : 'DPoP', expires_in: 600 })
      return
    }
    if (request.headers.authorization !== `DPoP token${receiver.tokens}`) receiver.problems.push('a wrong token')
    judgeProof(request, `token${receiver.tokens}`)
    if (request.headers['content-type'] !== 'application/jsonl') receiver.problems.push('a wrong media type')
    const batch = body.split('\n').slice(0, -1)
    receiver.requests.push({ events: batch.length, bytes: Buffer.byteLength(body) })
    batch.forEach(take)
    if (step === 'lose') { request.socket.destroy(); return }
    send(202, { accepted: batch.map((_, offset) => ({ partition: 0, offset })) })
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => { receiver.problems.push(String(error)); request.socket.destroy() })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { server.closeAllConnections(); await new Promise(resolve => { server.close(resolve) }) })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}
