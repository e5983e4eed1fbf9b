import type { OfdCode } from './codes.js'
import type { Dialect } from './dialects.js'

/**
 * What an OFD package holds, as read by ofd/read.ts: only facts, each reading the only one possible. A package that two
 * readers would read differently never becomes one of these: it is refused with a format finding. @see GB/T 33190-2016
 */
export interface OfdPackage {
  /** Every entry of the ZIP by its exact name (no leading slash), directories left out. */
  files: ReadonlyMap<string, OfdFile>
  /** One for each DocBody of OFD.xml, in its order. */
  documents: OfdDocument[]
  /**
   * Every file that a reader can come to from OFD.xml, OFD.xml itself included, with what it is there. Files of signatures
   * (lists, descriptions, values, seals) are not here but under `signatureLists`.
   */
  reachable: Map<string, ReachableKind>
  signatureLists: SignatureList[]
  /** Every file that belongs to the signatures listed: lists, descriptions, values, seals. None of them is in `reachable`. */
  signatureFiles: Set<string>
  /**
   * Files that look like parts of a signature although no list names them: what is left when a signature was cut out. A package
   * that has some and no signature is not merely unsigned.
   */
  orphanSignatureFiles: string[]
  /** Files that nothing leads to, orphans included; the manifest and its value are not among them. */
  unreferenced: string[]
  /**
   * Resource lists that are named and not there, as some field writers leave it: every reader shows nothing in their place. One
   * added later is reachable, and so must be covered. Any other file that is named must be there.
   */
  missing: Array<{ from: string, reference: string }>
  /** GM/T 0099 OFDEntries.xml, where there is one; `files` by exact name, a name that no file has as it stands there. */
  manifest?: { path: string, signedValuePath?: string, files: string[] }
  /** What was read although a strict writer would not have written it; the list stands in dialects.ts. */
  dialects: Dialect[]
}

export interface OfdFile {
  name: string
  /** Bytes after inflating, checked against size and CRC. */
  bytes: Uint8Array
}

export type ReachableKind =
  | 'root' | 'document' | 'page' | 'template' | 'resource-list' | 'resource' | 'annotation' | 'attachment' | 'custom-tag'
  | 'extension' | 'version' | 'other'

export interface OfdDocument {
  /** Path of Document.xml. */
  path: string
  /** DocInfo/CustomDatas in OFD.xml: name → value, in order; a name that stands twice is a format finding. */
  customDatas: Map<string, string>
  docId?: string
  title?: string
  /** `texts` is what the page itself writes, a text object each, in drawing order; what its templates write is not there. */
  pages: Array<{ id: string, path: string, texts: string[] }>
  /** `id` is empty where the list gives none, as some do. */
  attachments: Array<{ id: string, name: string, path: string }>
  /** Path of Signatures.xml where OFD.xml names one. */
  signatureListPath?: string
}

export interface SignatureList {
  path: string
  /** Index into `documents` whose DocBody names this list. */
  document: number
  signatures: SignatureDescription[]
}

export interface SignatureDescription {
  id: string
  /** `Seal` where the attribute is absent: the schema's default. */
  type: 'Seal' | 'Sign'
  /** Path of Signature.xml, and its bytes: dataHash is over these. */
  path: string
  bytes: Uint8Array
  provider?: string
  signatureMethod?: string
  signatureDateTime?: string
  /** As written; absent means MD5 by the schema's default. */
  checkMethod?: string
  /** `fileRef` as written; `path` the file it means, or what it would be named where there is none. No path stands twice. */
  references: Array<{ fileRef: string, path: string, checkValue: Uint8Array }>
  stamps: Array<{ id: string, pageRef: string, boundary: string }>
  /** Path of the seal file and of the value file; bytes stand in `files`. */
  sealPath?: string
  valuePath: string
}

/** Why a package is refused, or what is wrong with it: a finding code of the aspect `format`, with where. */
export interface FormatFinding { code: OfdCode, detail: string }
