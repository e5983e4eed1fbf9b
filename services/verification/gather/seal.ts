import { digest, type Certificate } from '../../../platform/crypto/index.js'
import { Lru } from '../../../platform/crypto/lru.js'
import type { SealFacts } from '../facts.js'
import type { Seal } from '../ses/index.js'
import { digestIdentifier, DIGEST_ALGORITHMS } from '../policy.js'
import type { Trust } from '../trust.js'
import { certificateFacts, readCertificate, valueFacts } from './certificate.js'

/**
 * Seals whose maker's signature was found right, by that signature: one seal comes with every licence of an issuer. Only what
 * was right is kept, and only the very same bytes are recognised; paths and periods are asked about anew each time.
 */
const genuine = new Lru<string, Buffer>(200)
const KEPT_BYTES = 256 * 1024

/** @param signer - the certificate that signed with it; absent for a seal by itself */
export function sealFacts (seal: Seal, question: { trust: Trust, at: Date, signer?: Buffer }): SealFacts {
  const { trust, at, signer } = question
  const maker = readCertificate(seal.makerCertificate)
  const makerFacts = certificateFacts(maker, { trust, when: seal.createdAt, at })
  return {
    version: seal.version,
    id: seal.id,
    name: seal.name,
    createdAt: seal.createdAt.toISOString(),
    validFrom: seal.validFrom.toISOString(),
    validTo: seal.validTo.toISOString(),
    value: makerValue(seal, maker),
    ...(signer !== undefined && { signerListed: isListed(seal, signer) }),
    unknownCritical: seal.extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
    maker: makerFacts,
    ...(trust.sealMakers !== undefined && { makerListed: makerFacts.path.links.some(({ fingerprint }) => trust.sealMakers?.has(fingerprint) === true) })
  }
}

function makerValue (seal: Seal, maker: Certificate | { unreadable: string }): SealFacts['value'] {
  const key = seal.value.toString('latin1')
  if (genuine.get(key)?.equals(seal.bytes) === true) return { algorithm: seal.algorithm, fitsKey: true, right: true }
  const facts = valueFacts(maker, seal.algorithm, seal.signed, seal.value)
  if (facts.right && seal.bytes.length <= KEPT_BYTES) genuine.set(key, Buffer.from(seal.bytes))
  return facts
}

/** Certificates are compared octet by octet; digests are plain ones of the certificate. */
function isListed ({ signers }: Seal, signer: Buffer): 'yes' | 'no' | 'cannot-tell' {
  switch (signers.by) {
    case 'names': return 'cannot-tell'
    case 'certificates': return signers.certificates.some(certificate => certificate.equals(signer)) ? 'yes' : 'no'
    case 'digests': {
      let unknown = false
      for (const { algorithm, value } of signers.digests) {
        const name = DIGEST_ALGORITHMS.get(digestIdentifier(algorithm))
        if (name === undefined) unknown = true
        else if (digest(name, signer).equals(value)) return 'yes'
      }
      return unknown ? 'cannot-tell' : 'no'
    }
  }
}
