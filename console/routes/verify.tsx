import { setTimeout } from 'node:timers/promises'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../../services/core/failure.js'
import { Room } from '../../services/core/room.js'
import type { VerificationReport } from '../../schemas/http/verification-report.v1.js'
import { ApiProblem, type Asking } from '../api.js'
import { requireFormToken } from '../browser.js'
import { detailIn, sentence, technical, toldWithMend, wordsOf } from '../codes.js'
import { FileNames } from '../file-names.js'
import { href } from '../hrefs.js'
import type { NameOf } from '../names.js'
import { VerdictListPage, VerifyPage, type ListedFile } from '../pages/verify.js'
import { VerdictPage, type FindingView, type Status, type VerdictView } from '../pages/verdict.js'
import type { CodeWords } from '../ports.js'
import { field, type Desk } from './desk.js'

interface Upload { name: string, bytes: Uint8Array }
/** Files of one form on their way to verdicts; kept in this process for those who sent them. */
interface Batch { id: string, organisation: string, person: string, at: number, files: ListedFile[], done: Promise<void>, problem?: unknown }

const KEPT_MS = 8 * 3_600_000
const BATCHES_KEPT = 500
/** What may wait in memory at once, over all forms, those that are still arriving too. */
const WAITING_BYTES = 256 * 1024 * 1024
/** Of them the files of people of one system, and of one person, so that slow senders keep nobody else waiting. */
const CLIENT_BYTES = WAITING_BYTES / 2
const PERSON_BYTES = WAITING_BYTES / 4
const FORM_FILES_BYTES = 64 * 1024 * 1024
const FORM_REST_BYTES = 65_536
const NAME_CHARACTERS = 120
const ANSWER_WITHIN_MS = 2500

/** Verifying by file or identifier, and the verdicts. */
export async function verifyRoutes (app: FastifyInstance, desk: Desk): Promise<void> {
  const { options, api } = desk
  const limits = { fileBytes: options.settings.fileBytes, files: options.settings.filesAtOnce }
  const fileNames = new FileNames(options.fileNames, options.clock)
  const batches = new Map<string, Batch>()
  const room = new Room(WAITING_BYTES)
  await app.register(multipart, { limits: { fileSize: limits.fileBytes, files: limits.files, fields: 1, fieldSize: 256, parts: limits.files + 1 } })

  app.get('/verify', desk.page('verifications:write'), async (request, reply) => await desk.show(reply, <VerifyPage {...desk.frame(request)} limits={limits} />))

  app.post('/verify', { ...desk.page('verifications:write'), config: { takesFiles: true }, bodyLimit: FORM_FILES_BYTES + FORM_REST_BYTES }, async (request, reply) => {
    const by = desk.asking(request)
    if (!request.isMultipart()) {
      // Chinese input methods alter what a scan gun types.
      const licenceId = field(request, 'licenceId').normalize('NFKC').replace(/\s+/g, '')
      if (licenceId === '') return await desk.show(reply, <VerifyPage {...desk.frame(request)} limits={limits} problem={{ field: 'licenceId', text: 'verify.noIdentifier' }} />, 400)
      const { receiptId } = await api.verifyLicence(by, licenceId)
      return await reply.redirect(href.verdict(receiptId), 303)
    }
    const refuse = async (error: unknown) => {
      const { code, status } = error instanceof ApiProblem ? error : options.explain(error)
      if (status === 403 || status === 401) throw error
      request.access.code = code as NonNullable<typeof request.access.code>
      return await desk.show(reply, <VerifyPage {...desk.frame(request)} limits={limits} problem={{ field: 'file', text: toldWithMend(options.codes, code) }} />, status)
    }
    const bytes = Number(request.headers['content-length'] ?? FORM_FILES_BYTES)
    if (bytes > FORM_FILES_BYTES + FORM_REST_BYTES) return await refuse(new Failure('BODY_TOO_LARGE', 'the files are larger than the limit together'))
    const { client, person } = by.session.who
    let release: () => void
    try { release = room.take(bytes, { of: client, most: CLIENT_BYTES }, { of: JSON.stringify([client, person.id]), most: PERSON_BYTES }) } catch (error) { return await refuse(error) }
    let uploads: Upload[]
    try { uploads = await readUploads(request, by) } catch (error) { release(); return await refuse(error) }
    if (uploads.length === 0) {
      release()
      return await desk.show(reply, <VerifyPage {...desk.frame(request)} limits={limits} problem={{ field: 'file', text: 'verify.noFile' }} />, 400)
    }
    const batch = begin(uploads, by)
    batch.done.then(release, release)
    await Promise.race([batch.done, setTimeout(options.answerWithinMs ?? ANSWER_WITHIN_MS, undefined, { ref: false })])
    const [only] = batch.files
    if (batch.files.length === 1 && only?.state === 'refused') return await refuse(batch.problem)
    return await reply.redirect(batch.files.length === 1 && only?.receiptId !== undefined ? href.verdict(only.receiptId) : href.verdictList(batch.id), 303)
  })

  app.get<{ Params: { id: string } }>('/verdict-lists/:id', desk.page('verifications:write'), async (request, reply) => {
    const { who } = desk.session(request)
    const batch = batches.get(request.params.id)
    if (batch === undefined || batch.organisation !== who.organisation || batch.person !== who.person.id) throw new Failure('NOT_FOUND', 'this list is gone')
    const [only] = batch.files
    if (batch.files.length === 1 && only?.receiptId !== undefined) return await reply.redirect(href.verdict(only.receiptId), 303)
    return await desk.show(reply, <VerdictListPage {...desk.frame(request)} files={batch.files} limits={limits} />)
  })

  app.get<{ Params: { receiptId: string } }>('/verdicts/:receiptId', desk.page('verifications:write'), async (request, reply) => {
    const by = desk.asking(request)
    const report = await api.report(by, request.params.receiptId)
    const name = await fileNames.of(report.receiptId, by.session.who.organisation)
    const licence = report.licenceId === undefined ? undefined : await licenceOf(by, report.licenceId, request)
    const details = [...report.checks, ...report.signatures.flatMap(({ checks }) => checks)].map(({ detail }) => detail)
    const view = verdictView(report, options.codes, { nameOf: await desk.names.of(by, details), ...(name === undefined ? {} : { name }), ...(licence === undefined ? {} : { licence }) })
    return await desk.show(reply, <VerdictPage {...desk.frame(request)} view={view} limits={limits} />)
  })

  app.get<{ Params: { receiptId: string } }>('/verdicts/:receiptId/receipt', desk.page('verifications:write'), async (request, reply) => {
    const { receiptId, receipt } = await api.receipt(desk.asking(request), request.params.receiptId)
    return await reply.header('content-disposition', `attachment; filename="receipt-${receiptId}.jws"`).type('application/jose').send(receipt)
  })

  async function readUploads (request: FastifyRequest, by: Asking): Promise<Upload[]> {
    const uploads: Upload[] = []
    let proved = false
    let bytes = 0
    try {
      for await (const part of request.parts()) {
        if (part.type === 'field') {
          if (part.fieldname === 'formToken') requireFormToken(by.session.formToken, part.value)
          proved ||= part.fieldname === 'formToken'
          continue
        }
        if (!proved) throw new Failure('FORM_NOT_OURS', 'the token of the form does not come first')
        const read = await part.toBuffer()
        bytes += read.length
        if (bytes > FORM_FILES_BYTES) throw new Failure('BODY_TOO_LARGE', 'the files are larger than the limit together')
        if (part.filename !== '' && part.filename !== undefined) uploads.push({ name: [...part.filename.replace(/^.*[\\/]/, '')].slice(0, NAME_CHARACTERS).join(''), bytes: read })
      }
    } catch (error) {
      if (TOO_LARGE.has((error as { code?: string }).code ?? '')) throw new Failure('BODY_TOO_LARGE', 'a file is larger than the limit, or there are too many', { cause: error })
      if (error instanceof Failure || (error as { code?: string }).code?.startsWith('FST_') === true) throw error
      throw new Failure('INPUT_INVALID', 'the form cannot be read', { cause: error })
    }
    if (!proved) throw new Failure('FORM_NOT_OURS', 'the form carries no token')
    return uploads
  }

  /** One after the other: the exchange has its own queue, and others wait in it too. */
  function begin (uploads: Upload[], by: Asking): Batch {
    const now = options.clock.now().getTime()
    for (const [id, { at }] of batches) if (now - at > KEPT_MS || batches.size >= BATCHES_KEPT) batches.delete(id)
    const { organisation, person } = by.session.who
    const batch: Batch = { id: options.newId(), organisation, person: person.id, at: now, files: uploads.map(({ name, bytes }) => ({ name, size: bytes.length, state: 'working' })), done: Promise.resolve() }
    batches.set(batch.id, batch)
    batch.done = (async () => {
      for (const [index, upload] of uploads.entries()) {
        const file = batch.files[index] as ListedFile
        try {
          const verified = await api.verifyFile(by, upload)
          await fileNames.keep({ receiptId: verified.receiptId, organisation, name: upload.name })
          const [worst] = findingsOf(verified, options.codes)
          Object.assign(file, { state: 'done', verdict: verified.verdict, receiptId: verified.receiptId, ...(worst === undefined ? {} : { words: { zh: worst.zh, en: worst.en } }) })
        } catch (error) {
          batch.problem = error
          const { code } = error instanceof ApiProblem ? error : options.explain(error)
          Object.assign(file, { state: 'refused', words: toldWithMend(options.codes, code) })
        }
      }
    })()
    return batch
  }

  async function licenceOf (by: Asking, licenceId: string, request: FastifyRequest): Promise<VerdictView['licence']> {
    try {
      const { typeName, holder, number, state } = await api.licence(by, licenceId)
      return {
        state,
        ...(typeName === undefined ? {} : { typeName }),
        ...(holder === undefined ? {} : { holder: shorter(holder.name) }),
        ...(number === undefined ? {} : { number })
      }
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500) return undefined // the verdict says what is wrong with the identifier
      request.log.warn(error, 'the register could not be asked for a verdict')
      return 'unread'
    }
  }
}

const TOO_LARGE = new Set(['FST_REQ_FILE_TOO_LARGE', 'FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT'])

/** The API masks with one star for each character; two say as much. */
function shorter (masked: string): string { return masked.replace(/\*{3,}/g, '**') }

/** In the order in which findings rank: design.md. */
const ASPECTS = ['format', 'integrity', 'coverage', 'signature', 'seal', 'path', 'revocation', 'time', 'authority', 'status', 'face']
type Checks = Pick<VerificationReport, 'checks' | 'signatures'>

/** Failures before what could not be told; then by aspect, then as the report has them. */
export function findingsOf ({ checks, signatures }: Checks, codes: CodeWords, nameOf?: NameOf): FindingView[] {
  const all = [...checks.map(check => ({ check, signature: undefined })), ...signatures.flatMap(({ id, checks }) => checks.map(check => ({ check, signature: id })))]
  const found = all.flatMap(({ check: { name, aspect, status, code, detail, needs }, signature }): FindingView[] => {
    if ((status !== 'failed' && status !== 'indeterminate') || code === undefined) return []
    const { zh, en, mend } = wordsOf(codes, code)
    return [{
      status,
      aspect,
      check: name,
      code,
      zh: sentence(zh, detailIn('zh', detail, nameOf)),
      en: sentence(en, detailIn('en', detail, nameOf)),
      mend,
      ...(detail === undefined ? {} : { detail: technical(detail) }),
      ...(needs === undefined ? {} : { needs }),
      ...(signature === undefined ? {} : { signature })
    }]
  })
  const rank = ({ status, aspect }: FindingView): number => (status === 'failed' ? 0 : 100) + ASPECTS.indexOf(aspect)
  return found.sort((a, b) => rank(a) - rank(b))
}

const STATUS_ORDER: Status[] = ['failed', 'indeterminate', 'passed', 'skipped']
const VERDICT_ORDER = ['invalid', 'indeterminate', 'valid']

export function verdictView (report: VerificationReport, codes: CodeWords, { name, licence, nameOf }: { name?: string, licence?: VerdictView['licence'], nameOf?: NameOf }): VerdictView {
  const all = [...report.checks, ...report.signatures.flatMap(({ checks }) => checks)]
  const aspects = ASPECTS.flatMap(aspect => {
    const statuses = all.filter(check => check.aspect === aspect).map(({ status }) => status)
    const worst = STATUS_ORDER.find(status => statuses.includes(status))
    return worst === undefined ? [] : [{ aspect, status: worst }]
  })
  return {
    verdict: report.verdict,
    receiptId: report.receiptId,
    issuedAt: report.issuedAt,
    at: report.at,
    kind: report.kind,
    findings: findingsOf(report, codes, nameOf),
    aspects,
    seals: report.signatures
      .map(({ verdict, id, seal, signer, signedAt }) => ({
        verdict, id, ...(seal === undefined ? {} : { name: seal.name }), ...(signer === undefined ? {} : { signer }), ...(signedAt === undefined ? {} : { signedAt })
      }))
      .sort((a, b) => VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict)),
    ...(report.input === undefined ? {} : { file: { ...report.input, ...(name === undefined ? {} : { name }) } }),
    ...(report.files === undefined ? {} : { files: report.files }),
    ...(report.licenceId === undefined ? {} : { licenceId: report.licenceId }),
    ...(licence === undefined ? {} : { licence })
  }
}
