import * as c from '../../../../platform/crypto/index.js'

/** Certificates made at run time for tests: a root, and what hangs below it, with one thing changed at a time. */
export const YEAR = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2025-12-31T23:59:59Z') }
export const DURING = new Date('2025-06-01T00:00:00Z')

export interface Identity { certificate: c.Certificate, privateKey: c.CertificateRequest['issuerKey'], publicKey: c.CertificateRequest['publicKey'] }
export type Change = Partial<c.CertificateRequest>

export function root (name: string, change: Change = {}): Identity {
  const { publicKey, privateKey } = c.generateSm2KeyPair()
  const bytes = c.issueCertificate({ subject: [['C', 'CN'], ['CN', name]], publicKey, issuerKey: privateKey, ...YEAR, ca: true, keyUsage: ['keyCertSign', 'cRLSign'], ...change })
  return { certificate: c.parseCertificate(bytes), privateKey, publicKey }
}

export function issued (issuer: Identity, name: string, change: Change = {}): Identity {
  const { publicKey, privateKey } = c.generateSm2KeyPair()
  const bytes = c.issueCertificate({
    subject: [['C', 'CN'], ['CN', name]], issuer: issuer.certificate, publicKey, issuerKey: issuer.privateKey, ...YEAR, ca: false, keyUsage: ['digitalSignature'], ...change
  })
  return { certificate: c.parseCertificate(bytes), privateKey: change.publicKey === undefined ? privateKey : issuer.privateKey, publicKey: change.publicKey ?? publicKey }
}

export function authority (issuer: Identity, name: string, change: Change = {}): Identity {
  return issued(issuer, name, { ca: true, keyUsage: ['keyCertSign', 'cRLSign'], ...change })
}
