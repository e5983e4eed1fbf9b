import type { KeyObject } from 'node:crypto'
import {
  findPath, isSm2Key, parseCertificate, revocationOf, signatureName, verifySignature, type Certificate, type Purpose,
  type RevocationQuestion
} from '../../../platform/crypto/index.js'
import { Failure } from '../../core/failure.js'
import { isUscc } from '../../core/identifiers.js'
import type { CertificateFacts, PathFacts, PathLink, RevocationFacts } from '../facts.js'
import type { Trust } from '../trust.js'

/** A certificate as found in a document, or why it can't be read. */
export function readCertificate (bytes: Uint8Array): Certificate | { unreadable: string } {
  try {
    const certificate = parseCertificate(bytes)
    // Imported now: a certificate whose key can't be used is one that can't be read.
    return certificate.publicKey.type === 'public' ? certificate : { unreadable: 'KEY_INVALID' }
  } catch (error) {
    if (error instanceof Failure) return { unreadable: error.code }
    throw error
  }
}

export interface PathQuestion {
  trust: Trust
  /** The instant that the path is built for. */
  when: Date
  /** The instant asked about, for which revocation must be known. */
  at: Date
  /** Certificates that came along; no more believed than intermediates. */
  extra?: readonly Certificate[]
  /** What the certificate must be good for, and the host that it must name. */
  purpose?: Purpose
  hostName?: string
  /** Where it must lead; the trust directory's anchors unless given. */
  anchors?: readonly Certificate[]
}

export function certificateFacts (certificate: Certificate | { unreadable: string }, question: PathQuestion): CertificateFacts {
  if ('unreadable' in certificate) {
    return { unreadable: certificate.unreadable, name: '', path: { at: question.when.toISOString(), result: 'no-anchor', links: [] } }
  }
  const owner = certificate.subject.get('O')?.slice(0, 18)
  return {
    name: nameOf(certificate),
    ...(owner !== undefined && isUscc(owner) && { owner }),
    ...(certificate.keyUsage !== undefined && { keyUsage: [...certificate.keyUsage] }),
    ...(certificate.extendedKeyUsage !== undefined && { extendedKeyUsage: [...certificate.extendedKeyUsage] }),
    path: pathFacts(certificate, question)
  }
}

function pathFacts (certificate: Certificate, { trust, when, at, extra = [], purpose, hostName, anchors = trust.anchors }: PathQuestion): PathFacts {
  const intermediates = extra.length === 0 ? trust.intermediates : [...trust.intermediates, ...extra]
  const asked = { ...(purpose !== undefined && { purpose }), ...(hostName !== undefined && { hostName }) }
  const { result, chain, problem } = findPath({ certificate, anchors, intermediates, at: when, ...asked })
  const anchor = chain.at(-1) as Certificate
  const links = chain.map((link, index): PathLink => {
    const issuer = chain[index + 1]
    return {
      name: nameOf(link),
      fingerprint: link.fingerprint,
      notBefore: link.notBefore.toISOString(),
      notAfter: link.notAfter.toISOString(),
      algorithm: link.signatureAlgorithm,
      ...(result === 'valid' && issuer !== undefined && {
        revocation: revocationFacts({ certificate: link, issuer, anchor, intermediates, crls: trust.crls, ocsp: trust.ocsp, at, laterLists: true })
      })
    }
  })
  return {
    at: when.toISOString(),
    result,
    ...(problem !== undefined && { problem: { code: problem.code, at: problem.at, ...(problem.detail !== undefined && { detail: problem.detail }) } }),
    ...(Object.keys(asked).length > 0 && { asked }),
    links
  }
}

function revocationFacts (question: RevocationQuestion): RevocationFacts {
  const { answer, revokedAt, reason, thisUpdate, nextUpdate, by, gap } = revocationOf(question)
  return {
    answer,
    ...(revokedAt !== undefined && { revokedAt: revokedAt.toISOString() }),
    ...(reason !== undefined && { reason }),
    ...(thisUpdate !== undefined && { thisUpdate: thisUpdate.toISOString() }),
    ...(nextUpdate !== undefined && { nextUpdate: nextUpdate.toISOString() }),
    ...(by !== undefined && { by }),
    ...(gap !== undefined && { gap })
  }
}

function nameOf (certificate: Certificate): string { return certificate.subject.get('CN') ?? certificate.subject.toString() }

/** Does the value verify under this certificate's key, and is the algorithm one for that key? */
export function valueFacts (certificate: Certificate | { unreadable: string }, algorithm: string, message: Uint8Array, signature: Uint8Array): { algorithm: string, fitsKey: boolean, right: boolean } {
  if ('unreadable' in certificate) return { algorithm, fitsKey: false, right: false }
  const key = certificate.publicKey
  const right = verifySignature({ algorithm, publicKey: key, message, signature })
  return { algorithm, fitsKey: right || algorithmFits(algorithm, key), right }
}

export function algorithmFits (algorithm: string, key: KeyObject): boolean {
  const family = signatureName(algorithm)?.split('-')[0]
  return family === 'sm2' ? isSm2Key(key) : !isSm2Key(key) && key.asymmetricKeyType === (family === 'ecdsa' ? 'ec' : family)
}
