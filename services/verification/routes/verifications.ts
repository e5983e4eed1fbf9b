import multipart from '@fastify/multipart'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { isPurpose, type Purpose } from '../../../platform/crypto/index.js'
import type { Allow } from '../../../platform/http/port.js'
import { schemaRef } from '../../../platform/http/port.js'
import type { VerificationReport } from '../../../schemas/http/verification-report.v1.js'
import type { Caller } from '../../core/caller.js'
import { parseInstant } from '../../core/clock.js'
import { Failure } from '../../core/failure.js'
import { FAULT } from '../../core/violations.js'
import { told, type Bilingual } from '../../core/words.js'
import type { Verification, VerificationService } from '../index.js'
import { UploadRoom } from './uploads.js'

export interface VerificationRoutesOptions {
  verification: Pick<VerificationService, 'verify' | 'verifyLicence' | 'receipt' | 'report' | 'receiptJwk' | 'fileBytes' | 'uploadBytes' | 'uploadSharePercent'>
  allow: Allow
  /** Told of each verdict, and who asked for it. */
  verified?: (verification: Verification, caller: Caller) => void
}

/** What came in a form: the file, a detached signature's content, and what is asked about them. */
interface Form { file?: Buffer, content?: Buffer, at?: string, name?: string, purpose?: string }
interface Named { licenceId?: string, token?: string, at?: string }

/** Verifying: a file, a licence identifier or a token in, a verdict and its receipt out. */
export const verificationRoutes: FastifyPluginAsync<VerificationRoutesOptions> = async (app, { verification, allow, verified }) => {
  await app.register(multipart, { limits: { fileSize: verification.fileBytes, files: FILES.size, fields: 4, fieldSize: 1024, parts: 6 } })
  const room = new UploadRoom(verification.uploadBytes, verification.uploadSharePercent)
  const mostBytes = FILES.size * verification.fileBytes + REST_BYTES
  const answers = { 200: schemaRef('http/verification'), '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }

  app.post('/verifications', {
    onRequest: allow('verifications:write'),
    bodyLimit: verification.fileBytes + REST_BYTES,
    preParsing: async (request, reply) => { if (!isSmall(request)) room.take(request, reply, mostBytes) },
    onSend: async request => { room.ended(request) }, // onResponse comes to no end where the connection is gone
    schema: {
      summary: '核验文件、证照标识或令牌 Verify a file, a licence identifier or a token',
      description: 'A file as multipart/form-data (file, and at, content, name, purpose where wanted), or JSON that names a licence or holds a token.',
      consumes: ['multipart/form-data', 'application/json'],
      body: { content: { 'application/json': { schema: schemaRef('http/verification-request') } } },
      response: answers
    }
  }, async request => {
    const concluded = await room.hold(request, async () => await (request.isMultipart() ? verifyForm(request) : verifyNamed(request)))
    verified?.(concluded, request.caller)
    return answer(concluded)
  })

  app.get<{ Params: { receiptId: string } }>('/verifications/:receiptId/receipt', {
    onRequest: allow('verifications:write'),
    schema: { summary: '再取核验回执 The receipt of a verdict, again', params: schemaRef('http/receipt-params'), response: { 200: schemaRef('http/receipt'), '4xx': schemaRef('http/problem') } }
  }, async request => {
    const { receiptId } = request.params
    request.access.subject = { kind: 'document', id: receiptId }
    return { receiptId, receipt: await verification.receipt(receiptId) }
  })

  app.get<{ Params: { receiptId: string } }>('/verifications/:receiptId', {
    onRequest: allow('verifications:write'),
    schema: {
      summary: '再看核验报告 The report of a verdict, again',
      description: 'Worked out again from the facts in its receipt: for the instant and by the trust of then.',
      params: schemaRef('http/receipt-params'),
      response: { 200: schemaRef('http/verification-report'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<VerificationReport> => {
    const { receiptId } = request.params
    request.access.subject = { kind: 'document', id: receiptId }
    const { receipt: { issuedAt, facts: { kind, package: files, input } }, report } = await verification.report(receiptId)
    return {
      ...report,
      receiptId,
      issuedAt,
      kind,
      ...(input === undefined ? {} : { input: { sha256: input.sha256, size: input.size } }),
      ...(files === undefined ? {} : { files: { shown: files.reachable, uncovered: files.uncovered.count } })
    } as VerificationReport
  })

  app.get('/verifications/keys', {
    onRequest: allow.public(),
    schema: { summary: '回执公钥 Public keys of receipts', description: 'The key with which receipts verify, as a JWK set.', response: { 200: schemaRef('http/receipt-keys') } }
  }, async () => ({ keys: [verification.receiptJwk] }))

  async function verifyForm (request: FastifyRequest): Promise<Verification> {
    const { file, content, name, ...asked } = await readForm(request)
    if (file === undefined) throw invalid('/file', FAULT.missing)
    const { at, purpose } = checked(asked)
    const about = { ...(at !== undefined && { at }), ...(content !== undefined && { content }), ...(name !== undefined && { name }), ...(purpose !== undefined && { purpose }) }
    const verified = await verification.verify(file, about, request.caller.client)
    request.access.subject = { kind: 'document', id: verified.receiptId }
    return verified
  }

  async function verifyNamed (request: FastifyRequest): Promise<Verification> {
    const { licenceId, token, at } = request.body as Named
    const { at: when } = checked(at === undefined ? {} : { at })
    if (licenceId === undefined) return await verification.verify(Buffer.from(token ?? ''), when === undefined ? {} : { at: when }, request.caller.client)
    request.access.subject = { kind: 'licence', id: licenceId }
    return await verification.verifyLicence(licenceId, when)
  }
}

function answer ({ report, receiptId, receipt }: Verification) { return { ...report, receiptId, receipt } }

function invalid (pointer: string, message: Bilingual): Failure {
  return new Failure('INPUT_INVALID', 'the form does not have the required shape', { violations: [{ pointer, message }] })
}

function checked ({ at, purpose }: { at?: string, purpose?: string }): { at?: string, purpose?: Purpose } {
  if (at !== undefined && parseInstant(at) === undefined) throw invalid('/at', FAULT.notInstant)
  if (purpose !== undefined && !isPurpose(purpose)) throw invalid('/purpose', told('不是可选的用途', 'is not a known purpose'))
  return { ...(at !== undefined && { at }), ...(purpose !== undefined && { purpose }) }
}

/** What a form or JSON holds besides its file. */
const REST_BYTES = 65_536
/** Who names a licence sends no file: uploads that others are slow with do not keep him from asking. */
function isSmall ({ headers }: FastifyRequest): boolean {
  const { 'content-type': type = '', 'content-length': length = 'unknown' } = headers
  return /^application\/json\b/i.test(type) && Number(length) <= REST_BYTES
}
const FILES = new Set(['file', 'content'])
const FIELDS = new Set(['at', 'name', 'purpose'])

async function readForm (request: FastifyRequest): Promise<Form> {
  const form: Record<string, Buffer | string> = {}
  try {
    for await (const part of request.parts()) {
      const { fieldname } = part
      if (!(part.type === 'file' ? FILES : FIELDS).has(fieldname)) throw invalid(`/${fieldname.slice(0, 64)}`, FAULT.unknown)
      if (Object.hasOwn(form, fieldname)) throw invalid(`/${fieldname}`, FAULT.twice)
      form[fieldname] = part.type === 'file' ? await part.toBuffer() : String(part.value)
    }
  } catch (error) {
    if (TOO_LARGE.has((error as { code?: string }).code ?? '')) throw new Failure('BODY_TOO_LARGE', 'the file or form is larger than the limit', { cause: error })
    // What is left was raised by the reader of forms: no boundary, a part that breaks off, a head that is none.
    if (error instanceof Failure || (error as { code?: string }).code?.startsWith('FST_') === true) throw error
    throw new Failure('INPUT_INVALID', 'the form cannot be read', { cause: error })
  }
  return form as Form
}
const TOO_LARGE = new Set(['FST_REQ_FILE_TOO_LARGE', 'FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT'])
