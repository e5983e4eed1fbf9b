import { parseTrust, type Trust, type TrustFiles } from '../../services/verification/index.js'
import { ISSUER, type SampleAuthority } from './sample-licence.js'

/** Believes the sample authority, and lets its department issue the sample type of licence all over the province in 2026. */
export function sampleTrustFiles (authority: SampleAuthority, { policy = {}, crls = authority.crls }: { policy?: object, crls?: Buffer[] } = {}): TrustFiles {
  const items = [{ issuer: ISSUER.uscc, issuerName: ISSUER.name, licenceType: '11990000YYYY010074002', licenceTypeName: '食品经营许可证', regions: ['990000'], from: '2026-01-01', basis: '示例' }]
  const files = {
    anchors: [{ name: 'anchors/root.der', bytes: authority.root.certificate.bytes }],
    intermediates: [{ name: 'intermediates/ca.der', bytes: authority.ca.certificate.bytes }],
    crls: crls.map((bytes, index) => ({ name: `crls/${index}.crl`, bytes })),
    authorities: Buffer.from(JSON.stringify({ version: 1, issuedAt: '2026-01-01T00:00:00Z', items })),
    policy: Buffer.from(JSON.stringify(policy))
  }
  return { ...files, digest: `sample ${JSON.stringify(policy)} ${crls.length}` }
}

export function sampleTrust (authority: SampleAuthority, options?: Parameters<typeof sampleTrustFiles>[1]): Trust {
  return parseTrust(sampleTrustFiles(authority, options))
}
