import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { der, digest, parseCertificate, readDer, verifySignature } from '../../../../platform/crypto/index.js'
import { projectRoot } from '../../../../services/core/project-root.js'
import { parseSeal, parseSealSignature, SES_LIMITS } from '../../../../services/verification/ses/index.js'

interface Vectors {
  document_utf8: string
  cases: Array<{ name: string, signature_der_base64: string, checks: Record<string, boolean | number | string>, expect: string }>
  malformed: Array<{ name: string, hex: string }>
}
const vectors = JSON.parse(readFileSync(join(projectRoot(), 'test/vectors/ses-signature.json'), 'utf8')) as Vectors
const REFUSED = { code: 'DER_INVALID' }
const bytesOf = (name: string): Buffer => Buffer.from((vectors.cases.find(item => item.name === name) as { signature_der_base64: string }).signature_der_base64, 'base64')

t.test('every published case reads as it should, and both signatures come out as it says', async t => {
  for (const { name, signature_der_base64: base64, checks } of vectors.cases) {
    const found = parseSealSignature(Buffer.from(base64, 'base64'))
    const { seal } = found
    const signer = parseCertificate(found.certificate)
    const maker = parseCertificate(seal.makerCertificate)
    t.equal(found.version, checks['version'], name)
    t.equal(verifySignature({ algorithm: found.algorithm, publicKey: signer.publicKey, message: found.signed, signature: found.value }), checks['signature_value'], `${name}: value`)
    t.equal(verifySignature({ algorithm: seal.algorithm, publicKey: maker.publicKey, message: seal.signed, signature: seal.value }), checks['seal_signature'], `${name}: seal`)
    t.equal(found.dataHash.equals(digest('sm3', Buffer.from(vectors.document_utf8))), checks['document_hash'], `${name}: hash`)
    t.equal(found.dialects.includes('raw64-value'), checks['dialect'] === 'raw64', `${name}: dialect`)
  }
})

t.test('what is malformed is refused', async t => {
  for (const { name, hex } of vectors.malformed) t.throws(() => parseSealSignature(Buffer.from(hex, 'hex')), REFUSED, name)
  t.throws(() => parseSealSignature(Buffer.concat([bytesOf('v4 valid'), Buffer.from([0])])), REFUSED, 'one byte more')
})

t.test('a header that contradicts the number of elements is refused', async t => {
  const v4 = readDer(bytesOf('v4 valid'))
  const [tbs] = v4.children
  t.throws(() => parseSealSignature(der.sequence((tbs as { bytes: Buffer }).bytes, der.bits(Buffer.alloc(70)))), REFUSED)
  const seal = parseSealSignature(bytesOf('v4 valid')).seal
  t.throws(() => parseSeal(der.sequence(seal.info, der.sequence())), REFUSED)
  t.equal(parseSeal(seal.bytes).version, 4)
})

t.test('each cut of a right signature is refused and nothing else is thrown', async t => {
  const bytes = bytesOf('v4 valid')
  for (let length = 0; length < bytes.length; length += 7) t.throws(() => parseSealSignature(bytes.subarray(0, length)), REFUSED)
})

t.test('a seal over the limit is refused, one at it is read', async t => {
  const bytes = bytesOf('v4 valid')
  t.equal(parseSealSignature(bytes, { ...SES_LIMITS, sesBytes: bytes.length }).version, 4)
  t.throws(() => parseSealSignature(bytes, { ...SES_LIMITS, sesBytes: bytes.length - 1 }), { code: 'DER_TOO_LARGE' })
  const DEPTH = 7 // of this signature: the certificate list of the seal in it
  t.equal(parseSealSignature(bytes, { ...SES_LIMITS, sesDepthLevels: DEPTH }).version, 4)
  t.throws(() => parseSealSignature(bytes, { ...SES_LIMITS, sesDepthLevels: DEPTH - 1 }), { code: 'DER_TOO_DEEP' })
})
