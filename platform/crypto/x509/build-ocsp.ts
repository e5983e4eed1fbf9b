import type { KeyObject } from 'node:crypto'
import { digest, type DigestAlgorithm } from '../digest.js'
import { der } from '../der/writer.js'
import { algorithmFor, extension, serial, signed, type RawExtension } from './build.js'
import type { Certificate } from './certificate.js'
import { REVOCATION_REASONS, type RevocationReason } from './extensions.js'
import { keyOctets } from './ocsp.js'

export interface OcspStatusRequest {
  /** Who issued the certificate that is asked about. */
  issuer: Certificate
  serialNumber: string | bigint | number
  status: 'good' | 'unknown' | { revokedAt: Date, reason?: RevocationReason }
  thisUpdate: Date
  nextUpdate?: Date
  /** By which the issuer is named; SM3 unless given. */
  hash?: Exclude<DigestAlgorithm, 'sha384' | 'sha512'>
  extensions?: readonly RawExtension[]
}

export interface OcspRequest {
  /** Whose key signs: the issuer itself, or one with a certificate of its for that. */
  responder: Certificate
  responderKey: KeyObject
  producedAt: Date
  statuses: readonly OcspStatusRequest[]
  /** Certificates to go with it; the responder's own where it is not the issuer. */
  certificates?: readonly Certificate[]
  /** Name the responder by the SHA-1 of its key in place of its name. */
  byKey?: boolean
  extensions?: readonly RawExtension[]
}

const HASH_OIDS = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sm3: '1.2.156.10197.1.401' } as const

/** @returns DER of an OCSPResponse. @see RFC 6960 section 4.2.1 */
export function issueOcspAnswer (request: OcspRequest): Buffer {
  const { responder, responderKey, producedAt, statuses, certificates = [], byKey = false } = request
  const tbs = der.sequence(
    byKey ? der.explicit(2, der.octets(digest('sha1', keyOctets(responder)))) : der.explicit(1, responder.subject.der),
    der.generalizedTime(producedAt),
    der.sequence(...statuses.map(singleResponse)),
    ...extensions(request.extensions)
  )
  const along = certificates.length === 0 ? [] : [der.explicit(0, der.sequence(...certificates.map(({ bytes }) => bytes)))]
  const basic = signed(tbs, algorithmFor(responderKey), responderKey, ...along)
  return der.sequence(der.enumerated(0), der.explicit(0, der.sequence(der.oid('1.3.6.1.5.5.7.48.1.1'), der.octets(basic))))
}

function singleResponse ({ issuer, serialNumber, status, thisUpdate, nextUpdate, hash = 'sm3', extensions: own }: OcspStatusRequest): Buffer {
  const id = der.sequence(
    der.sequence(der.oid(HASH_OIDS[hash]), ...(hash === 'sha1' ? [der.null()] : [])),
    der.octets(digest(hash, issuer.subject.der)),
    der.octets(digest(hash, keyOctets(issuer))),
    serial(serialNumber)
  )
  return der.sequence(id, certStatus(status), der.generalizedTime(thisUpdate), ...(nextUpdate === undefined ? [] : [der.explicit(0, der.generalizedTime(nextUpdate))]), ...extensions(own))
}

function certStatus (status: OcspStatusRequest['status']): Buffer {
  if (status === 'good') return der.implicit(0, der.null())
  if (status === 'unknown') return der.implicit(2, der.null())
  const { revokedAt, reason } = status
  return der.implicit(1, der.sequence(der.generalizedTime(revokedAt), ...(reason === undefined ? [] : [der.explicit(0, der.enumerated(REVOCATION_REASONS.indexOf(reason)))])))
}

function extensions (held: readonly RawExtension[] = []): Buffer[] {
  return held.length === 0 ? [] : [der.explicit(1, der.sequence(...held.map(({ oid, critical = false, value }) => extension(oid, critical, value))))]
}
