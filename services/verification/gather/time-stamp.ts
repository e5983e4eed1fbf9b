import {
  DerError, digest, isBoundTo, isSignedByKeyOf, isSignerOf, parseTimeStamp, signatureIdentifier, type Certificate, type TimeStamp
} from '../../../platform/crypto/index.js'
import type { TimeStampFacts } from '../facts.js'
import { DIGEST_ALGORITHMS } from '../policy.js'
import type { Trust } from '../trust.js'
import { algorithmFits, certificateFacts, readCertificate } from './certificate.js'

/**
 * @param stamped - the octets that must have been stamped: of a signature the content of its BIT STRING without the count of unused
 * bits, as RFC 3161 (appendix A) stamps the octets of a signature without their tag and length. docs/decisions/0057-time-stamps.md
 */
export function timeStampFacts (bytes: Uint8Array, stamped: Uint8Array, { trust, at }: { trust: Trust, at: Date }): TimeStampFacts {
  try {
    return readFacts(parseTimeStamp(bytes), stamped, { trust, at })
  } catch (error) {
    if (error instanceof DerError) return { unreadable: error.message }
    throw error
  }
}

function readFacts (stamp: TimeStamp, stamped: Uint8Array, { trust, at }: { trust: Trust, at: Date }): TimeStampFacts {
  const { signed, signer, imprint, genTime, latest, unknownCritical, wrapped } = stamp
  const certificate = signerOf(stamp, trust)
  const method = DIGEST_ALGORITHMS.get(imprint.algorithm)
  const dialects = [...(wrapped ? ['time-stamp-response'] : []), ...(signer.attributes.sorted ? [] : ['unsorted-attributes'])]
  return {
    genTime: genTime.toISOString(),
    latest: latest.toISOString(),
    imprint: { algorithm: imprint.algorithm, of: method === undefined ? 'not-compared' : digest(method, stamped).equals(imprint.digest) ? 'this' : 'other' },
    unknownCritical,
    dialects,
    ...(certificate !== undefined && {
      value: valueOf(stamp, certificate),
      tsa: certificateFacts(readCertificate(certificate.bytes), { trust, when: genTime, at, extra: signed.certificates, anchors: trust.timestampAnchors, purpose: 'timeStamping' })
    })
  }
}

/** Without its certificate in it (few ask for a token so), the token names one that may be at hand. @throws {DerError} it fits two */
function signerOf ({ signed, signer }: TimeStamp, trust: Trust): Certificate | undefined {
  const places = [signed.certificates, trust.timestampAnchors, trust.intermediates]
  for (const place of places) {
    const fitting = new Map(place.filter(certificate => isSignerOf(signer, certificate)).map(certificate => [certificate.fingerprint, certificate]))
    if (fitting.size > 1) throw new DerError('a signer that two certificates fit', 0)
    const [found] = fitting.values()
    if (found !== undefined) return found
  }
  return undefined
}

function valueOf (stamp: TimeStamp, certificate: Certificate): NonNullable<Extract<TimeStampFacts, { genTime: string }>['value']> {
  const algorithm = signatureIdentifier(stamp.signer)
  if ('unreadable' in readCertificate(certificate.bytes)) return { algorithm, fitsKey: false, right: false }
  const right = isSignedByKeyOf(certificate, stamp.signer, stamp.signed) && isBoundTo(stamp, certificate)
  return { algorithm, fitsKey: algorithmFits(algorithm, certificate.publicKey), right }
}
