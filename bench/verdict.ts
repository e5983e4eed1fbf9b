import { generateSm2KeyPair, sm2Sign, sm2Verify } from '../platform/crypto/index.js'
import { verifyDocument, parseTrust } from '../services/verification/index.js'
import { ISSUER, SAMPLE_AT, sampleLicence } from '../test/support/sample-licence.js'
import { interleaved, type Suite } from './measure.js'

/**
 * A full verdict on a sealed OFD licence, from its bytes to the report, beside two SM2 verifications by node:crypto on the same
 * core: the least that document and certificate could cost. Certification paths and the maker's signature are warm, as they are
 * in a service; every digest and the signature itself are computed anew each time.
 */
export const verdict: Suite = async () => {
  const { bytes, authority } = await sampleLicence()
  const trust = parseTrust({
    anchors: [{ name: 'root', bytes: authority.root.certificate.bytes }],
    intermediates: [{ name: 'ca', bytes: authority.ca.certificate.bytes }],
    crls: authority.crls.map((bytes, index) => ({ name: String(index), bytes })),
    authorities: Buffer.from(JSON.stringify({ items: [{ issuer: ISSUER.uscc, licenceType: '11990000YYYY010074002', regions: ['990000'], from: '2026-01-01' }] })),
    policy: Buffer.from('{"status":"off"}'),
    digest: 'bench'
  })
  const at = SAMPLE_AT.toISOString()
  const { verdict } = await verifyDocument(bytes, { trust, at })
  if (verdict !== 'valid') throw new Error(`the licence that is measured came out ${verdict}`)

  const { publicKey, privateKey } = generateSm2KeyPair()
  const message = Buffer.alloc(1_000, 7)
  const signature = sm2Sign(privateKey, message)
  const [ours, theirs] = await interleaved([
    async () => await verifyDocument(bytes, { trust, at }),
    () => sm2Verify(publicKey, message, signature) && sm2Verify(publicKey, message, signature)
  ], { rounds: 30, calls: 40 }) as [number, number]
  return [{ work: 'full OFD v4 verdict, one core', ours, unit: 'ms', beside: 'two native SM2 verifications', theirs, figure: ours / theirs, aim: { atMost: 2.5 } }]
}
