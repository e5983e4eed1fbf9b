import type { InstantText } from '../core/clock.js'

/**
 * What was found out about an input before anything was judged: plain JSON, kept in the receipt, so that the verdict can be
 * worked out again years later from facts, policy and instant alone. Holds no contents of the document and no name of its
 * holder; of what the page says only which fields agree with the register.
 */
export interface Facts {
  version: 1
  kind: InputKind
  input?: { sha256: string, sm3: string, size: number }
  /** Why the input could not be read in one way, in the order found; aspect `format`. */
  format: Array<{ code: string, detail: string }>
  dialects: string[]
  /** The engine gave up: what it ran into. */
  stopped?: { code: string, detail?: string }
  package?: PackageFacts
  signatures: SignatureFacts[]
  /** A seal judged by itself. */
  seal?: SealFacts
  /** A certificate judged by itself. */
  certificate?: CertificateFacts
  licence?: LicenceFacts
  register?: RegisterFacts
}

export type InputKind = 'ofd' | 'seal' | 'seal-signature' | 'certificate' | 'licence' | 'pdf' | 'cms' | 'token' | 'unknown'

export interface PackageFacts {
  documents: number
  reachable: number
  /** Signature lists that OFD.xml names; those of them that hold no signature; those that are not there. */
  lists: { named: number, empty: string[], missing: string[] }
  /** Reachable files that no signature covers. Lists here and below are cut at 50 with the whole number beside them. */
  uncovered: Listed<{ path: string, kind: string, label?: string }>
  /** Files that nothing leads to and no signature covers. */
  stray: Listed<string>
  /** Files that are lists, descriptions or values of signatures, and that no list leads to. */
  orphans: Listed<string>
  manifest?: { unlisted: Listed<string>, missing: Listed<string>, value: 'missing' | 'not-read' }
}
export interface Listed<T> { count: number, some: T[] }

export interface SignatureFacts {
  id: string
  type: 'Seal' | 'Sign'
  /** What stands in the value file. */
  form: 'ses' | 'cms' | 'bare' | 'unreadable' | 'missing'
  detail?: string
  dialects: string[]
  /** As written; absent where it is absent. */
  checkMethod?: string
  references: { count: number, wrong: Listed<string>, missing: Listed<string>, notCompared: number }
  /** Is the digest of the description (or of the detached content) the one that was signed? */
  dataHash?: 'equal' | 'different' | 'not-compared'
  /** Path that was signed as the description's own, where it was asked about. */
  propertyInfo?: { said: string, expected: string }
  /** `content`: by itself the metadata, and every page with what is drawn under it. Absent in receipts from before it was asked. */
  covers: { files: number, of: number, list: boolean, content?: boolean }
  /** Of the pages that are missing the first fifty. */
  stamps: { count: number, pagesMissing: string[] }
  value?: { algorithm: string, fitsKey: boolean, right: boolean }
  signedAt?: InstantText
  /** Absent where the signature bears none. */
  timeStamp?: TimeStampFacts
  /** The seal beside the signature is the seal inside it. */
  sealFile?: 'equal' | 'different' | 'missing' | 'not-named'
  seal?: SealFacts
  signer?: CertificateFacts
  /** Critical extensions of the signed part that this engine does not know. */
  unknownCritical: string[]
}

/** A time-stamp over the value of a signature. */
export type TimeStampFacts = { unreadable: string } | {
  genTime: InstantText
  /** With the accuracy that the authority gives it: the signature existed by then. */
  latest: InstantText
  imprint: { algorithm: string, of: 'this' | 'other' | 'not-compared' }
  /** Of the authority's signature, and all that binds the token to its certificate. Absent, as `tsa`, where that is not at hand. */
  value?: { algorithm: string, fitsKey: boolean, right: boolean }
  /** Its path leads to the anchors for time-stamps, at `genTime`. */
  tsa?: CertificateFacts
  /** Critical extensions of the token. */
  unknownCritical: string[]
  dialects: string[]
}

export interface SealFacts {
  version: number
  id: string
  name: string
  createdAt: InstantText
  validFrom: InstantText
  validTo: InstantText
  value: { algorithm: string, fitsKey: boolean, right: boolean }
  /** Absent where a seal is judged by itself. */
  signerListed?: 'yes' | 'no' | 'cannot-tell'
  unknownCritical: string[]
  maker: CertificateFacts
  /** Does the maker's path go through one of the trust directory's `seal-makers/`? Absent where it has no such folder. */
  makerListed?: boolean
}

/** A certificate and the path that was built for it at the instant that counts. */
export interface CertificateFacts {
  /** Present where the certificate itself can't be read. */
  unreadable?: string
  name: string
  /** USCC at the head of O, its check character right. */
  owner?: string
  /** Absent where the certificate has no such extension. */
  keyUsage?: string[]
  /** Object identifiers; absent where the certificate has no such extension. */
  extendedKeyUsage?: string[]
  path: PathFacts
}

export interface PathFacts {
  /** The instant that the path was built for. */
  at: InstantText
  result: 'valid' | 'broken' | 'no-anchor'
  problem?: { code: string, at: number, detail?: string }
  /** What the certificate had to be good for, and the host that it had to name. */
  asked?: { purpose?: string, hostName?: string }
  /** Leaf first, anchor last where one was reached. */
  links: PathLink[]
}

export interface PathLink {
  name: string
  fingerprint: string
  notBefore: InstantText
  notAfter: InstantText
  /** Of the signature on this certificate. */
  algorithm: string
  /** Absent for an anchor, which is believed without proof. */
  revocation?: RevocationFacts
}

export interface RevocationFacts {
  answer: 'good' | 'revoked' | 'unknown'
  revokedAt?: InstantText
  reason?: string
  thisUpdate?: InstantText
  nextUpdate?: InstantText
  /** Present where a responder said so; else it was a list. */
  by?: 'ocsp'
  /** Why it is unknown. */
  gap?: string
}

export interface LicenceFacts {
  /** 证照标识 as the document or the caller names it. */
  id: string
  /** Undefined where the text has not the form of an identifier. */
  parts?: { type: string, issuer: string, check: 'right' | 'variant' | 'wrong' }
  /** Two documents in one package, or one twice, name different ones. */
  ambiguous: boolean
  /** Rules of authorities.json for this type of licence. */
  authorities?: AuthorityFacts[]
}
export interface AuthorityFacts { issuer: string, regions: string[], from: string, to?: string }

/** What the register said. `off`: nobody asked. */
export type RegisterFacts =
  | { answer: 'off' | 'unavailable' | 'not-found' }
  | {
    answer: 'found'
    status: 'active' | 'not-yet-valid' | 'suspended' | 'revoked' | 'cancelled' | 'expired' | 'replaced'
    /** Since when, and by which licence it was replaced. */
    since?: InstantText
    replacedBy?: string
    region?: string
    /** When the register learnt of the issue; for what existed before. */
    recordedAt?: InstantText
    /** Is the file the one that the issuer registered? */
    file?: 'same' | 'other'
    /** Names of fields that were compared, and of those that differ. */
    compared: string[]
    differing: string[]
  }
