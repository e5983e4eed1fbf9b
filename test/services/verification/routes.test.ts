import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { keyThumbprint } from '../../../platform/crypto/index.js'
import { createVerification, verificationRoutes, verifyReceipt, type RegisteredLicence, type TrustFiles, type VerificationSettings } from '../../../services/verification/index.js'
import type { AccessEntry } from '../../../platform/http/port.js'
import { askToken, assertion, bearer, clientKeys, codeOf, ground, OFFICE_USCC, remember, tokenFor } from '../../support/server.js'
import { sampleLicence, SAMPLE_AT } from '../../support/sample-licence.js'
import { sampleTrustFiles } from '../../support/trust.js'

const AT = SAMPLE_AT.toISOString()
const pair = generateKeyPairSync('ed25519')
const SETTINGS: VerificationSettings = {
  workers: 1, queueDocuments: 8, timeoutMs: 30_000, workerMemoryMiB: 64, fileBytes: 200_000, uploadBytes: 10_000_000, uploadSharePercent: 100, zipEntries: 500, zipEntryBytes: 1_000_000, zipTotalBytes: 4_000_000, zipRatio: 200, xmlBytes: 500_000, xmlDepth: 64, xmlNodes: 20_000, sealBytes: 200_000, asn1Depth: 16, signatures: 16
}
const { bytes, licence, sha256, authority } = await sampleLicence()
const registered: RegisteredLicence = { status: 'active', region: licence.region, file: { sha256 }, recordedAt: new Date('2026-03-02T02:00:00Z'), face: {} }

function trustDirectory (t: Test, files: TrustFiles): string {
  const directory = mkdtempSync(join(tmpdir(), 'trust-')) // the test's own folder belongs to the store
  t.teardown(() => { rmSync(directory, { recursive: true }) })
  for (const { name, bytes } of [...files.anchors, ...files.intermediates, ...files.crls]) {
    mkdirSync(join(directory, 'trust', name, '..'), { recursive: true })
    writeFileSync(join(directory, 'trust', name), bytes)
  }
  writeFileSync(join(directory, 'trust/authorities.json'), files.authorities as Uint8Array)
  writeFileSync(join(directory, 'trust/policy.json'), files.policy as Uint8Array)
  return join(directory, 'trust')
}

function formOf (parts: Record<string, Uint8Array | string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(parts)) form.append(name, typeof value === 'string' ? value : new Blob([value as Uint8Array<ArrayBuffer>]), ...(typeof value === 'string' ? [] : ['licence.ofd']) as [])
  return form
}

async function service (t: Test, settings: Partial<VerificationSettings> = {}, register = async (): Promise<RegisteredLicence | undefined> => registered) {
  const trust = trustDirectory(t, sampleTrustFiles(authority, { policy: { status: 'off' } }))
  const entries: AccessEntry[] = []
  const askers: string[] = []
  const server = await ground(t, {
    access: recorder => remember(entries, recorder),
    register: async (app, { documents, clock }) => {
      const verification = await createVerification({
        documents,
        clock,
        register,
        trustDirectory: trust,
        newId: randomUUID,
        settings: { ...SETTINGS, ...settings },
        receiptKey: { key: pair.privateKey, kid: keyThumbprint(pair.publicKey), algorithm: 'EdDSA' }
      })
      t.teardown(async () => { await verification.close() })
      const verify = verification.verify.bind(verification)
      verification.verify = async (...asked) => { askers.push(asked[2]); return await verify(...asked) }
      await app.register(verificationRoutes, { prefix: '/v1', verification, allow: app.allow })
    }
  })
  const headers = bearer(await tokenFor(server, 'approval'))
  const post = async (parts: Record<string, Uint8Array | string>, by = headers) => {
    const encoded = new Response(formOf(parts))
    return await server.app.inject({ method: 'POST', url: '/v1/verifications', headers: { ...by, 'content-type': encoded.headers.get('content-type') as string }, payload: Buffer.from(await encoded.arrayBuffer()) })
  }
  const name = async (body: object) => await server.app.inject({ method: 'POST', url: '/v1/verifications', headers, payload: body })
  return { ...server, entries, askers, headers, post, name, trust }
}

/** A second client of the same office. */
async function otherClient ({ app, identity, clock }: Awaited<ReturnType<typeof service>>): Promise<ReturnType<typeof bearer>> {
  const keys = clientKeys()
  await identity.registry.registerClient({ id: 'other-1', organisation: OFFICE_USCC, name: 'other', roles: ['approval'], keys: [{ jwk: keys.jwk, from: new Date('2026-01-01T00:00:00Z') }] })
  const { access_token: token } = (await askToken(app, assertion('other-1', keys, clock.now()))).json<{ access_token: string }>()
  return bearer(token)
}

interface Answer { verdict: string, at: string, checks: Array<{ code?: string }>, signatures: unknown[], receiptId: string, receipt: string }

t.test('a report can be read again by the number of its receipt', async t => {
  const { app, post, headers } = await service(t)
  const { receiptId, receipt: _, ...report } = (await post({ file: bytes, at: AT })).json<Answer>()
  const again = await app.inject({ url: `/v1/verifications/${receiptId}`, headers })
  t.equal(again.statusCode, 200, again.body)
  const { kind, input, files, issuedAt, receiptId: sameId, ...same } = again.json<Record<string, unknown>>()
  t.same(same, report)
  t.match({ kind, input, files }, { kind: 'ofd', input: { sha256, size: bytes.length }, files: { uncovered: 0 } })
  t.equal(sameId, receiptId)
  t.ok(issuedAt)
  t.equal(codeOf(await app.inject({ url: `/v1/verifications/${randomUUID()}`, headers })), 'NOT_FOUND')
})

t.test('uploads take up no more memory than is set: what is beyond waits outside, and is let in once there is room', async t => {
  const whole = new Response(formOf({ file: bytes, at: AT }))
  const bodyBytes = (await whole.arrayBuffer()).byteLength // boundaries are of one length
  for (const [limit, together] of [[2 * bodyBytes, 2], [2 * bodyBytes - 1, 1]] as const) {
    const waiting: Array<() => void> = []
    const { post, name } = await service(t, { uploadBytes: limit }, async () => { await new Promise<void>(resolve => { waiting.push(resolve) }); return registered })
    const held: Array<ReturnType<typeof post>> = []
    for (let at = 0; at < together; at++) {
      held.push(post({ file: bytes, at: AT }))
      while (waiting.length <= at) await setImmediate()
    }
    const refused = await post({ file: bytes, at: AT })
    t.same([refused.statusCode, codeOf(refused), refused.headers['retry-after'] !== undefined, refused.json<{ retryable: boolean }>().retryable], [503, 'QUEUE_FULL', true, true], `beside ${together}`)
    const named = name({ token: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', at: AT })
    t.not(codeOf(await named), 'QUEUE_FULL', 'who sends no file is let in')
    for (const go of waiting.splice(0)) go()
    for (const answer of await Promise.all(held)) t.equal(answer.statusCode, 200)
    const next = post({ file: bytes, at: AT })
    while (waiting.length === 0) await setImmediate()
    for (const go of waiting.splice(0)) go()
    t.equal((await next).statusCode, 200, 'there is room again')
    t.equal(codeOf(await post({ at: AT })), 'INPUT_INVALID')
    t.equal(codeOf(await name({})), 'INPUT_INVALID', 'nor does what is refused keep its room')
  }
})

t.test('slow uploads of one client take up its share, and another client is let in beside them', async t => {
  const server = await service(t, { uploadBytes: 400_000, uploadSharePercent: 50 })
  const { app, headers, post } = server
  const other = await otherClient(server)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const sends = (length: number): void => {
    const client = connect(port, '127.0.0.1')
    t.teardown(() => { client.destroy() })
    client.write(`POST /v1/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.authorization}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n--b`)
  }
  // Two slow uploads leave less than one small form of its share of 200,000.
  sends(150_000)
  sends(49_999)
  let refused = await post({ at: AT })
  for (let turn = 0; turn < 200 && codeOf(refused) !== 'UPLOADS_TOO_MANY'; turn++) { await setTimeout(10); refused = await post({ at: AT }) }
  t.same([refused.statusCode, codeOf(refused), refused.headers['retry-after'] !== undefined, refused.json<{ retryable: boolean }>().retryable], [429, 'UPLOADS_TOO_MANY', true, true])
  const answer = await post({ file: bytes, at: AT }, other)
  t.equal(answer.statusCode, 200, answer.body)
})

t.test('a document waits for a worker on the account of the client that sent it', async t => {
  const server = await service(t)
  const { post, name, askers } = server
  t.equal((await post({ file: bytes, at: AT })).statusCode, 200)
  t.equal((await post({ file: bytes, at: AT }, await otherClient(server))).statusCode, 200)
  await name({ token: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', at: AT })
  t.same(askers, ['approval-1', 'other-1', 'approval-1'])
})

t.test('an upload that breaks off behind another request on the same connection gives its room back', async t => {
  let go = (): void => {}
  const gone = new Promise<void>(resolve => { go = resolve })
  const { app, headers, post } = await service(t, { uploadBytes: 100_000 }, async () => { await gone; return registered })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const closed: Array<Promise<unknown>> = []
  app.server.on('request', ({ socket }: IncomingMessage) => { closed.push(once(socket, 'close')) })
  const begin = (length: number): string => `POST /v1/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
  const first = JSON.stringify({ licenceId: licence.licenceId, at: AT })
  const client = connect(port, '127.0.0.1')
  client.write(`${begin(first.length)}${first}${begin(99_999)}{`)
  const other = async () => codeOf(await post({ at: AT }))
  for (let turn = 0; turn < 100 && await other() !== 'QUEUE_FULL'; turn++) await setTimeout(10)
  t.equal(await other(), 'QUEUE_FULL', 'the room is taken')
  client.destroy()
  await closed[0]
  for (let turn = 0; turn < 50 && await other() === 'QUEUE_FULL'; turn++) await setTimeout(10)
  t.equal(await other(), 'INPUT_INVALID', 'what was refused for its form was let in')
  go()
})

t.test('a file gets its report and a receipt that holds and can be fetched again', async t => {
  const { app, post, headers, entries } = await service(t)
  const response = await post({ file: bytes, at: AT })
  t.equal(response.statusCode, 200, response.body)
  const { receiptId, receipt, ...report } = response.json<Answer>()
  t.equal(report.verdict, 'valid')
  const held = verifyReceipt(receipt, pair.publicKey)
  t.same(held.report, report)
  t.equal(held.receipt.input?.sha256, sha256)
  const again = await app.inject({ url: `/v1/verifications/${receiptId}/receipt`, headers })
  t.same(again.json(), { receiptId, receipt })
  t.same(entries.at(-1)?.subject, { kind: 'document', id: receiptId }, 'its record says which one was read')
  t.equal(codeOf(await app.inject({ url: '/v1/verifications/none/receipt', headers })), 'NOT_FOUND')
  const { keys } = (await app.inject({ url: '/v1/verifications/keys' })).json<{ keys: Array<{ kid: string }> }>()
  t.same(keys.map(({ kid }) => kid), [keyThumbprint(pair.publicKey)])
})

t.test('the service asks its register even where the trust directory leaves the status off', async t => {
  const { post } = await service(t, {}, async () => ({ ...registered, status: 'revoked', since: new Date('2026-05-01T00:00:00Z') }))
  const answer = (await post({ file: bytes, at: AT })).json<Answer>()
  t.equal(answer.verdict, 'invalid')
  t.ok(answer.checks.some(({ code }) => code === 'REVOKED'))
})

t.test('a licence may be named, and a token is recognised but not judged', async t => {
  const { name } = await service(t)
  t.equal((await name({ licenceId: licence.licenceId, at: AT })).json<Answer>().verdict, 'valid')
  t.equal((await name({ token: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', at: AT })).json<Answer>().verdict, 'indeterminate')
  t.equal(codeOf(await name({})), 'INPUT_INVALID')
  t.equal(codeOf(await name({ licenceId: licence.licenceId, token: 'x' })), 'INPUT_INVALID')
  t.equal(codeOf(await name({ licenceId: licence.licenceId, at: '2026-06-01' })), 'INPUT_INVALID')
  t.equal(codeOf(await name({ licenceId: licence.licenceId, at: '2026-02-30T00:00:00Z' })), 'INPUT_INVALID')
})

t.test('a form is held to its shape and limits, from both sides', async t => {
  const { post } = await service(t, { fileBytes: bytes.length })
  t.equal((await post({ file: bytes, at: AT })).statusCode, 200)
  t.equal(codeOf(await post({ file: Buffer.concat([bytes, Buffer.alloc(1)]), at: AT })), 'BODY_TOO_LARGE')
  t.equal(codeOf(await post({ at: AT })), 'INPUT_INVALID')
  t.equal(codeOf(await post({ file: bytes, at: 'now' })), 'INPUT_INVALID')
  t.equal(codeOf(await post({ file: bytes, other: 'x' })), 'INPUT_INVALID')
  t.equal(codeOf(await post({ file: bytes, purpose: 'everything' })), 'INPUT_INVALID')
})

t.test('a form that breaks off, or names no boundary, is the fault of who sent it', async t => {
  const { app, headers } = await service(t)
  const send = async (type: string, payload: string) => await app.inject({ method: 'POST', url: '/v1/verifications', headers: { ...headers, 'content-type': type }, payload })
  const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx'
  t.equal((await send('multipart/form-data; boundary=b', `${part}\r\n--b--\r\n`)).statusCode, 200)
  t.equal(codeOf(await send('multipart/form-data; boundary=b', part)), 'INPUT_INVALID')
  t.equal(codeOf(await send('multipart/form-data', `${part}\r\n--b--\r\n`)), 'INPUT_INVALID')
})

t.test('without a token that may, nothing is verified', async t => {
  const server = await service(t)
  t.equal(codeOf(await server.app.inject({ method: 'POST', url: '/v1/verifications', payload: { licenceId: 'x' } })), 'TOKEN_MISSING')
  const headers = bearer(await tokenFor(server, 'auditor'))
  t.equal(codeOf(await server.app.inject({ method: 'POST', url: '/v1/verifications', headers, payload: { licenceId: 'x' } })), 'SCOPE_MISSING')
})
