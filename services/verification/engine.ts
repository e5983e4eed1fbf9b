import { certificatesFromFile, DerError, hexDigest, type Certificate, type Purpose } from '../../platform/crypto/index.js'
import { Failure } from '../core/failure.js'
import { parseInstant, type InstantText } from '../core/clock.js'
import type { Facts, SignatureFacts } from './facts.js'
import { certificateFacts } from './gather/certificate.js'
import { namedLicence, packageFacts } from './gather/package.js'
import { FACE_FIELDS, registerFacts, type Metadata, type RegisterLookup } from './gather/register.js'
import { sealFacts } from './gather/seal.js'
import { valueFileFacts } from './gather/signature.js'
import { sniff } from './gather/sniff.js'
import { OFD_LIMITS, type OfdLimits } from './ofd/limits.js'
import { readOfd } from './ofd/read.js'
import type { Policy } from './policy.js'
import type { Report } from './report.js'
import { parseSeal, SES_LIMITS, type SesLimits } from './ses/index.js'
import type { Trust } from './trust.js'
import { judge } from './verdict.js'

export interface EngineLimits extends OfdLimits, SesLimits {
  /** Signatures in one package; beyond it nothing is judged. */
  signatureCount: number
}
export const ENGINE_LIMITS: EngineLimits = { ...OFD_LIMITS, ...SES_LIMITS, signatureCount: 64 }

/** What is asked about an input besides the input itself. Plain data, so that it can go to a worker. */
export interface Question {
  at: InstantText
  /** What a detached signature was made over. */
  content?: Uint8Array
  /** Of a certificate: the host that it must name, and what it must be good for (`serverAuth`, `clientAuth`, …). */
  name?: string
  purpose?: Purpose
  limits?: EngineLimits
  /** Digest the input by SM3 too, for a receipt. */
  withSm3?: boolean
}

/** Facts before the register was asked, and what of the document it must be compared with. */
export interface Gathered { facts: Facts, metadata: Metadata }

export interface VerifyOptions extends Question {
  trust: Trust
  /** The trust directory's own unless given. */
  policy?: Policy
  register?: RegisterLookup
}

/** Is this document genuine, in force, and issued by the office that may issue it? Never throws for what a stranger may send. */
export async function verifyDocument (bytes: Uint8Array, options: VerifyOptions): Promise<Report> {
  const gathered = gather(bytes, options.trust, options)
  const facts = await withRegister(gathered, options.at, options.register)
  return judge(facts, options.policy ?? options.trust.policy, instant(options.at))
}

/** A licence that is named and not shown: what the register says of it. */
export async function verifyLicence (licenceId: string, { trust, at, policy, register }: Pick<VerifyOptions, 'trust' | 'at' | 'policy' | 'register'>): Promise<{ facts: Facts, report: Report }> {
  const facts = await withRegister({ facts: { ...nothing('licence'), licence: namedLicence(licenceId, trust) }, metadata: {} }, at, register)
  return { facts, report: judge(facts, policy ?? trust.policy, instant(at)) }
}

/** Asks the register about the licence that the document names. */
export async function withRegister ({ facts, metadata }: Gathered, at: InstantText, register: RegisterLookup | undefined): Promise<Facts> {
  return { ...facts, register: await registerFacts(facts, metadata, new Date(at), register) }
}

/** Instants sort as text only in one spelling. @throws {TypeError} not an instant */
export function instant (text: InstantText): InstantText {
  const at = parseInstant(text)
  if (at === undefined) throw new TypeError('an instant in UTC expected')
  return at.toISOString()
}

function nothing (kind: Facts['kind']): Facts { return { version: 1, kind, format: [], dialects: [], signatures: [] } }

/** Everything that can be found out from the bytes and the trust directory alone. */
export function gather (bytes: Uint8Array, trust: Trust, question: Question): Gathered {
  const limits = question.limits ?? ENGINE_LIMITS
  const input = { sha256: hexDigest('sha256', bytes), sm3: question.withSm3 === true ? hexDigest('sm3', bytes) : '', size: bytes.length }
  if (bytes.length > limits.archiveBytes) {
    return { facts: { ...nothing('unknown'), input, format: [{ code: 'FILE_TOO_LARGE', detail: `${bytes.length} > ${limits.archiveBytes}` }] }, metadata: {} }
  }
  const { facts, metadata = {} } = gatherKind(bytes, trust, { ...question, limits })
  return { facts: { ...facts, input }, metadata }
}

interface Situated extends Question { limits: EngineLimits }

function gatherKind (bytes: Uint8Array, trust: Trust, question: Situated): { facts: Facts, metadata?: Metadata } {
  const kind = sniff(bytes)
  switch (kind) {
    case 'ofd': return gatherOfd(bytes, trust, question)
    case 'certificate': return { facts: gatherCertificate(bytes, trust, question) }
    case 'seal': return { facts: gatherSeal(bytes, trust, question) }
    case 'seal-signature': return { facts: { ...nothing(kind), signatures: [gatherSignature(bytes, trust, question)] } }
    case 'damaged': return { facts: { ...nothing('unknown'), format: [{ code: 'FORMAT_INVALID', detail: 'DER' }] } }
    case 'two-kinds': return { facts: { ...nothing('unknown'), format: [{ code: 'FILE_TWO_KINDS', detail: 'ZIP, PDF' }] } }
    case 'pdf': case 'cms': case 'token': case 'unknown': return { facts: nothing(kind) }
  }
}

function gatherOfd (bytes: Uint8Array, trust: Trust, { at, limits }: Situated): { facts: Facts, metadata?: Metadata } {
  const read = readOfd(bytes, limits)
  if ('refused' in read) return { facts: { ...nothing('ofd'), format: read.refused.map(({ code, detail }) => ({ code, detail })) } }
  const ofd = read.package
  const count = ofd.signatureLists.reduce((sum, { signatures }) => sum + signatures.length, 0)
  if (count > limits.signatureCount) return { facts: { ...nothing('ofd'), format: [{ code: 'SIGNATURES_TOO_MANY', detail: `${count} > ${limits.signatureCount}` }] } }
  const metadata: Metadata = {}
  for (const { customDatas } of ofd.documents) {
    for (const name of FACE_FIELDS) {
      const value = customDatas.get(name)
      if (value !== undefined) metadata[name] ??= value
    }
  }
  return { facts: { ...nothing('ofd'), dialects: ofd.dialects, ...packageFacts(ofd, { trust, at: new Date(at), limits }) }, metadata }
}

function gatherCertificate (bytes: Uint8Array, trust: Trust, { at, name, purpose }: Situated): Facts {
  let certificates: Certificate[]
  try { certificates = certificatesFromFile(bytes) } catch (error) {
    if (error instanceof Failure) return { ...nothing('certificate'), format: [{ code: 'FORMAT_INVALID', detail: error.code }] }
    throw error
  }
  const [leaf, ...extra] = certificates as [Certificate, ...Certificate[]]
  const when = new Date(at)
  const asked = { ...(purpose !== undefined && { purpose }), ...(name !== undefined && { hostName: name }) }
  return { ...nothing('certificate'), certificate: certificateFacts(leaf, { trust, when, at: when, extra, ...asked }) }
}

function gatherSeal (bytes: Uint8Array, trust: Trust, { at, limits }: Situated): Facts {
  try {
    const seal = parseSeal(bytes, limits)
    return { ...nothing('seal'), dialects: seal.dialects, seal: sealFacts(seal, { trust, at: new Date(at) }) }
  } catch (error) {
    if (error instanceof DerError) return { ...nothing('seal'), format: [{ code: 'SIGNATURE_UNREADABLE', detail: error.message }] }
    throw error
  }
}

function gatherSignature (bytes: Uint8Array, trust: Trust, { at, content, limits }: Situated): SignatureFacts {
  const { sealBytes: _, ...value } = valueFileFacts(bytes, { trust, at: new Date(at), limits, content })
  return {
    id: 'SES_Signature',
    type: 'Seal',
    ...value,
    references: { count: 0, wrong: { count: 0, some: [] }, missing: { count: 0, some: [] }, notCompared: 0 },
    covers: { files: 0, of: 0, list: false },
    stamps: { count: 0, pagesMissing: [] }
  }
}
