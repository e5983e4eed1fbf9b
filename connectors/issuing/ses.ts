import type { KeyObject } from 'node:crypto'
import { der, sm2Sign } from '../../platform/crypto/index.js'

/** SM2 with SM3. */
export const SM2_WITH_SM3 = '1.2.156.10197.1.501'
const VERSION = 4

export interface SesSigning {
  /** SESeal, DER. */
  seal: Uint8Array
  /** The signer's certificate, DER; one of those that the seal lists. */
  certificate: Uint8Array
  privateKey: KeyObject
  /** SM3 of Signature.xml, 32 bytes. */
  dataHash: Uint8Array
  /** Absolute path of Signature.xml in its package. */
  propertyInfo: string
  /** When it is signed; whole seconds are kept. */
  signedAt: Date
}

/**
 * A seal signature: the seal, the hash of what is sealed, when and by whom, signed with SM2.
 * @returns SES_Signature, DER
 * @throws {TypeError} not an SM2 private key
 * @see GB/T 38540-2020 clause 7 (form), GB/T 35276 (SM2 signature)
 */
export function signSes ({ seal, certificate, privateKey, dataHash, propertyInfo, signedAt }: SesSigning): Buffer {
  const toSign = der.sequence(
    der.integer(VERSION),
    seal,
    der.generalizedTime(signedAt),
    der.bits(dataHash),
    der.ia5(propertyInfo)
  )
  return der.sequence(toSign, der.octets(certificate), der.oid(SM2_WITH_SM3), der.bits(sm2Sign(privateKey, toSign)))
}
