import { digest, type DigestAlgorithm } from '../../../platform/crypto/index.js'
import { parseLicenceId } from '../../core/identifiers.js'
import type { LicenceFacts, Listed, PackageFacts, SignatureFacts } from '../facts.js'
import type { OfdPackage, ReachableKind, SignatureDescription } from '../ofd/package.js'
import { digestIdentifier, DIGEST_ALGORITHMS } from '../policy.js'
import type { SesLimits } from '../ses/index.js'
import type { Trust } from '../trust.js'
import { valueFileFacts } from './signature.js'

const LISTED = 50
function listed<T> (items: readonly T[]): Listed<T> { return { count: items.length, some: items.slice(0, LISTED) } }

export interface PackageQuestion { trust: Trust, at: Date, limits: SesLimits }

/** Everything that can be found out about a package but what its register says. */
export function packageFacts (ofd: OfdPackage, question: PackageQuestion): { package: PackageFacts, signatures: SignatureFacts[], licence?: LicenceFacts } {
  const digests = new Digests(ofd)
  const descriptions = ofd.signatureLists.flatMap(list => list.signatures.map(signature => ({ list, signature })))
  const covered = new Set(descriptions.flatMap(({ signature }) => signature.references.map(({ path }) => path)))
  const uncovered = [...ofd.reachable].filter(([path]) => !covered.has(path))
  const several = new Set(descriptions.map(({ signature }) => signature.id)).size < descriptions.length
  const labels = labelsOf(ofd)
  const facts: PackageFacts = {
    documents: ofd.documents.length,
    reachable: ofd.reachable.size,
    lists: {
      named: ofd.documents.filter(({ signatureListPath }) => signatureListPath !== undefined).length,
      empty: ofd.signatureLists.filter(({ signatures }) => signatures.length === 0).map(({ path }) => path),
      missing: ofd.documents.flatMap(({ signatureListPath: path }) => path !== undefined && !ofd.signatureLists.some(list => list.path === path) ? [path] : [])
    },
    uncovered: listed(uncovered.map(([path, kind]) => ({ path, kind, ...(labels.has(path) && { label: labels.get(path) as string }) }))),
    stray: listed(ofd.unreferenced.filter(path => !covered.has(path) && !ofd.orphanSignatureFiles.includes(path))),
    orphans: listed(ofd.orphanSignatureFiles),
    ...manifestFacts(ofd)
  }
  const signatures = descriptions.map(({ list, signature }) => signatureFacts(ofd, signature, {
    ...question, digests, listPath: list.path, document: list.document, id: several ? signature.path : signature.id
  }))
  const licence = licenceFacts(ofd, question.trust)
  return { package: facts, signatures, ...(licence !== undefined && { licence }) }
}

/** What a licence says: metadata, and what is drawn but for pictures and what was put on it later. */
const CONTENT: ReadonlySet<ReachableKind> = new Set(['root', 'document', 'page', 'template'])

interface SignatureQuestion extends PackageQuestion { digests: Digests, listPath: string, document: number, id: string }

function signatureFacts (ofd: OfdPackage, signature: SignatureDescription, question: SignatureQuestion): SignatureFacts {
  const { digests, listPath, document, id } = question
  const method = signature.checkMethod === undefined ? undefined : DIGEST_ALGORITHMS.get(digestIdentifier(signature.checkMethod))
  const wrong: string[] = []
  const missing: string[] = []
  let notCompared = 0
  for (const { path, checkValue } of signature.references) {
    if (!ofd.files.has(path)) missing.push(path)
    else if (method === undefined) notCompared++
    else if (!digests.of(path, method).equals(checkValue)) wrong.push(path)
  }
  const covers = new Set(signature.references.map(({ path }) => path))
  const pages = new Set(ofd.documents[document]?.pages.map(page => page.id))
  const { sealBytes, ...value } = valueFileFacts(ofd.files.get(signature.valuePath)?.bytes, { ...question, content: signature.bytes, path: `/${signature.path}` })
  return {
    id,
    type: signature.type,
    ...value,
    ...(signature.checkMethod !== undefined && { checkMethod: signature.checkMethod }),
    references: { count: signature.references.length, wrong: listed(wrong), missing: listed(missing), notCompared },
    covers: { files: [...ofd.reachable.keys()].filter(path => covers.has(path)).length, of: ofd.reachable.size, list: covers.has(listPath), content: [...ofd.reachable].every(([path, kind]) => !CONTENT.has(kind) || covers.has(path)) },
    stamps: { count: signature.stamps.length, pagesMissing: signature.stamps.filter(({ pageRef }) => !pages.has(pageRef)).slice(0, LISTED).map(({ pageRef }) => pageRef.slice(0, 20)) },
    ...(value.form === 'ses' && { sealFile: sealFileFacts(ofd, signature, sealBytes) })
  }
}

function sealFileFacts (ofd: OfdPackage, { sealPath }: SignatureDescription, inside: Buffer | undefined): NonNullable<SignatureFacts['sealFile']> {
  if (sealPath === undefined) return 'not-named'
  const file = ofd.files.get(sealPath)
  if (file === undefined) return 'missing'
  return inside?.equals(file.bytes) === true ? 'equal' : 'different'
}

/** What a person calls a file of the package. */
function labelsOf (ofd: OfdPackage): Map<string, string> {
  const labels = new Map<string, string>()
  const several = ofd.documents.length > 1
  for (const [index, { pages, attachments }] of ofd.documents.entries()) {
    const which = several ? `文档 ${index + 1} ` : ''
    for (const [number, { path }] of pages.entries()) labels.set(path, `${which}第 ${number + 1} 页`)
    for (const [number, { path }] of attachments.entries()) labels.set(path, `${which}附件 ${number + 1}`)
  }
  return labels
}

function manifestFacts (ofd: OfdPackage): Pick<PackageFacts, 'manifest'> {
  const { manifest } = ofd
  if (manifest === undefined) return {}
  const names = new Set([...manifest.files, manifest.path, manifest.signedValuePath])
  const value = manifest.signedValuePath !== undefined && ofd.files.has(manifest.signedValuePath)
  return {
    manifest: {
      unlisted: listed([...ofd.files.keys()].filter(path => !names.has(path))),
      missing: listed(manifest.files.filter(path => !ofd.files.has(path))),
      value: value ? 'not-read' : 'missing'
    }
  }
}

/** The identifier that OFD.xml gives as metadata `ZZBS`; whether it is covered is the question of `coverage`. */
function licenceFacts (ofd: OfdPackage, trust: Trust): LicenceFacts | undefined {
  const named = new Set(ofd.documents.map(({ customDatas }) => customDatas.get('ZZBS')).filter(id => id !== undefined))
  const [id] = named
  return id === undefined ? undefined : namedLicence(id, trust, named.size > 1)
}

export function namedLicence (id: string, trust: Trust, ambiguous = false): LicenceFacts {
  const parts = parseLicenceId(id)
  if (parts === undefined) return { id: id.slice(0, 200), ambiguous }
  const authorities = trust.authorities.get(parts.type)
  return {
    id,
    ambiguous,
    parts: { type: parts.type, issuer: parts.issuer, check: parts.check },
    ...(authorities !== undefined && { authorities: [...authorities] })
  }
}

/** Each file is hashed once for each algorithm, however many signatures name it. */
class Digests {
  readonly #ofd: OfdPackage
  readonly #known = new Map<string, Buffer>()
  constructor (ofd: OfdPackage) { this.#ofd = ofd }

  of (path: string, algorithm: DigestAlgorithm): Buffer {
    const key = `${algorithm} ${path}`
    let value = this.#known.get(key)
    if (value === undefined) {
      value = digest(algorithm, this.#ofd.files.get(path)?.bytes ?? Buffer.alloc(0))
      this.#known.set(key, value)
    }
    return value
  }
}
