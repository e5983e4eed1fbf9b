import { signSes } from '../../connectors/issuing/ses.js'
import type { SealSigner } from '../../connectors/issuing/ofd-seal.js'
import { packFile, writeZip } from '../../connectors/issuing/zip-writer.js'
import { digest } from '../../platform/crypto/index.js'
import { OFD_LIMITS } from '../../services/verification/ofd/limits.js'
import { readZip } from '../../services/verification/ofd/zip.js'
import { Unexpected } from './story.js'

/** Where our licences have what an attacker would want to change. */
export const PARTS = {
  root: 'OFD.xml',
  document: 'Doc_0/Document.xml',
  page: 'Doc_0/Pages/Page_0/Content.xml',
  signature: 'Doc_0/Signs/Sign_0/Signature.xml',
  value: 'Doc_0/Signs/Sign_0/SignedValue.dat'
} as const

/** A licence file taken apart, so that one thing can be changed and the rest left as it was. */
export class OfdPackage {
  readonly #files: Map<string, Buffer>

  constructor (bytes: Uint8Array) {
    const archive = readZip(bytes, OFD_LIMITS)
    if ('refused' in archive) throw new Unexpected(`the file cannot be taken apart: ${archive.refused.code}`)
    this.#files = new Map([...archive.entries].map(([name, { bytes }]) => [name, Buffer.from(bytes)]))
  }

  get (name: string): Buffer {
    const bytes = this.#files.get(name)
    if (bytes === undefined) throw new Unexpected(`the file has no ${name}`)
    return bytes
  }

  set (name: string, content: Uint8Array | string): this {
    this.#files.set(name, Buffer.from(content as Uint8Array))
    return this
  }

  drop (name: string): this {
    this.#files.delete(name)
    return this
  }

  edit (name: string, from: string | RegExp, to: string): this {
    const before = this.get(name).toString()
    const after = before.replace(from, () => to)
    if (after === before) throw new Unexpected(`${name} does not hold what was to be changed`)
    return this.set(name, after)
  }

  bytes (): Buffer { return writeZip([...this.#files].map(([name, bytes]) => packFile(name, bytes))) }
}

/** Seals again at another instant, with none of the questions that honest software asks first. */
export function sealAgain (licence: Uint8Array, { seal, certificate, privateKey }: SealSigner, signedAt: Date): Buffer {
  const opened = new OfdPackage(licence)
  const instant = `${signedAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  opened.edit(PARTS.signature, /<ofd:SignatureDateTime>[^<]*</, `<ofd:SignatureDateTime>${instant}<`)
  const value = signSes({ seal, certificate, privateKey, dataHash: digest('sm3', opened.get(PARTS.signature)), propertyInfo: `/${PARTS.signature}`, signedAt })
  return opened.set(PARTS.value, value).bytes()
}
