import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate as AsnCertificate } from '@peculiar/asn1-x509'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'
import * as c from '../../platform/crypto/index.js'

const folder = join(projectRoot(), '../shared/corpus/certificates')

if (!existsSync(folder)) t.test('outside corpus', { skip: 'the Chinese certificates are not here (../shared/corpus/certificates): nobody else\'s SM2 certificates were read' }, async () => {})
else {
  const all = readdirSync(folder).flatMap(file => c.certificatesFromFile(readFileSync(join(folder, file))))
  const named = (file: string): c.Certificate => c.certificatesFromFile(readFileSync(join(folder, file)))[0] as c.Certificate
  const chain = (leaf: string, ca: string, at: string, extra: object = {}): c.PathResult => {
    const authorities = c.certificatesFromFile(readFileSync(join(folder, ca)))
    const question = { certificate: named(leaf), anchors: authorities.filter(({ isSelfIssued }) => isSelfIssued), intermediates: authorities, at: new Date(at), ...extra }
    return c.findPath(question)
  }

  t.test('15 Chinese certificates read as Node and @peculiar/asn1-x509 read them', async t => {
    t.equal(all.length, 15)
    for (const certificate of all) {
      const node = new X509Certificate(certificate.bytes)
      const asn = AsnConvert.parse(certificate.bytes, AsnCertificate)
      const title = certificate.subject.toString()
      t.equal(certificate.fingerprint, node.fingerprint256.replace(/:/g, '').toLowerCase(), title)
      t.equal(BigInt(`0x${certificate.serialNumber}`), BigInt(`0x${node.serialNumber}`), title)
      t.equal(certificate.notAfter.getTime(), new Date(node.validTo).getTime(), title)
      t.equal(certificate.basicConstraints?.ca ?? false, node.ca, title)
      t.equal(certificate.tbs.toString('hex'), Buffer.from(asn.tbsCertificateRaw as ArrayBuffer).toString('hex'), title)
      t.equal(certificate.extensions.size, asn.tbsCertificate.extensions?.length, title)
      t.ok(certificate.publicKey.equals(node.publicKey), title)
    }
  })

  t.test('the national root leads to an operating authority', async t => {
    const result = c.findPath({ certificate: named('Taier-CA.pem'), anchors: [named('ROOTCA.pem'), named('Civil-Servant-ROOT.pem')], intermediates: [], at: new Date('2024-01-01T00:00:00Z') })
    t.equal(result.result, 'valid')
    t.equal(result.chain.at(-1)?.subject.get('CN'), 'ROOTCA')
    const strange = c.findPath({ certificate: named('Taier-CA.pem'), anchors: [named('Device-ROOT.pem')], intermediates: [], at: new Date('2024-01-01T00:00:00Z') })
    t.equal(strange.result, 'no-anchor')
    t.equal(strange.problem?.code, 'ISSUER_UNKNOWN')
  })

  t.test('test chains hold at their time and for their purpose', async t => {
    const leaf = named('tongsuo-sm2-leaf.crt')
    const during = new Date((leaf.notBefore.getTime() + leaf.notAfter.getTime()) / 2).toISOString()
    t.equal(chain('tongsuo-sm2-leaf.crt', 'tongsuo-sm2-chain-ca.crt', during).result, 'valid')
    const late = chain('tongsuo-sm2-leaf.crt', 'tongsuo-sm2-chain-ca.crt', '2999-01-01T00:00:00Z')
    t.ok(c.isPeriodProblem(late) && late.problem?.code === 'CERTIFICATE_EXPIRED')
    const client = named('tongsuo-dual-client_sign.crt')
    const then = new Date((client.notBefore.getTime() + client.notAfter.getTime()) / 2).toISOString()
    t.equal(chain('tongsuo-dual-client_sign.crt', 'tongsuo-dual-chain-ca.crt', then).result, 'valid')
  })
}
