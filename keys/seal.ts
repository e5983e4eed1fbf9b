import type { KeyObject } from 'node:crypto'
import { der, sm2Sign } from '../platform/crypto/index.js'

/** SM2 with SM3. */
const SM2_WITH_SM3 = '1.2.156.10197.1.501'
/** Who made the seal's software, as its header says. */
const VENDOR = 'mianzheng'
const VERSION = 4
const CERTIFICATES = 1 // certListType: the certificates themselves rather than their digests

export interface SealContent {
  /** Number of the seal, ASCII; 14 digits for a department's. */
  esId: string
  /** Name on the seal. */
  name: string
  /** Regional lists differ; 1 is a unit's official seal in most. */
  type: number
  /** What the seal looks like; `type` names the format (`PNG`), the size is that on paper, whole millimetres. */
  picture: { type: string, data: Uint8Array, widthMm: number, heightMm: number }
  /** DER of the certificates that may sign with it, at least one. */
  certificates: readonly Uint8Array[]
  createdAt: Date
  validFrom: Date
  validUntil: Date
}
export interface SealMaker {
  /** DER */
  certificate: Uint8Array
  /** SM2 */
  privateKey: KeyObject
}

/**
 * A seal: its description, and the seal maker's signature over that description alone. Times are whole seconds.
 * @returns DER of SESeal
 * @throws {RangeError} no certificate, an end before its beginning, a size that is not a positive whole number of millimetres;
 * {TypeError} the number is not ASCII or the key is not SM2
 * @see GB/T 38540-2020, version 4; formats.md 4.2
 */
export function makeSeal (seal: SealContent, maker: SealMaker): Buffer {
  const description = sealInfo(seal)
  return der.sequence(
    description,
    der.octets(maker.certificate),
    der.oid(SM2_WITH_SM3),
    der.bits(sm2Sign(maker.privateKey, description))
  )
}

function sealInfo ({ esId, name, type, picture, certificates, createdAt, validFrom, validUntil }: SealContent): Buffer {
  if (certificates.length === 0) throw new RangeError('a seal names at least one certificate that may sign with it')
  if (!(validFrom < validUntil)) throw new RangeError('a seal ends after it begins')
  for (const mm of [picture.widthMm, picture.heightMm]) if (!(Number.isInteger(mm) && mm > 0)) throw new RangeError('a seal has a size in whole millimetres')
  return der.sequence(
    der.sequence(der.ia5('ES'), der.integer(VERSION), der.ia5(VENDOR)),
    der.ia5(esId),
    der.sequence(
      der.integer(type),
      der.utf8(name),
      der.integer(CERTIFICATES),
      der.sequence(...certificates.map(certificate => der.octets(certificate))),
      der.generalizedTime(createdAt),
      der.generalizedTime(validFrom),
      der.generalizedTime(validUntil)
    ),
    der.sequence(der.ia5(picture.type), der.octets(picture.data), der.integer(picture.widthMm), der.integer(picture.heightMm))
  )
}
