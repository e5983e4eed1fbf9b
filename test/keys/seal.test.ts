import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AsnArray, AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema'
import { CertificateList } from '@peculiar/asn1-x509'
import t from 'tap'
import { type AuthorityName, KeyLayout, makeSeal, type SealContent } from '../../keys/index.js'
import { certificatesFromFile, generateSm2KeyPair, issueCertificate, parseCertificate, sm2Verify } from '../../platform/crypto/index.js'
import { makeAuthority, picture, province } from './support.js'

/* An independent reading of GB/T 38540 seals: @peculiar/asn1-schema instead of our own reader. */
class Header {
  id = ''
  version = 0
  vendor = ''
}
AsnProp({ type: AsnPropTypes.IA5String })(Header.prototype, 'id')
AsnProp({ type: AsnPropTypes.Integer })(Header.prototype, 'version')
AsnProp({ type: AsnPropTypes.IA5String })(Header.prototype, 'vendor')
class SealCertificates extends AsnArray<OctetString> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: OctetString })(SealCertificates)
class Property {
  type = 0
  name = ''
  certListType = 0
  certList = new SealCertificates()
  createDate = new Date(0)
  validStart = new Date(0)
  validEnd = new Date(0)
}
AsnProp({ type: AsnPropTypes.Integer })(Property.prototype, 'type')
AsnProp({ type: AsnPropTypes.Utf8String })(Property.prototype, 'name')
AsnProp({ type: AsnPropTypes.Integer })(Property.prototype, 'certListType')
AsnProp({ type: SealCertificates })(Property.prototype, 'certList')
for (const time of ['createDate', 'validStart', 'validEnd']) AsnProp({ type: AsnPropTypes.GeneralizedTime })(Property.prototype, time)
class PictureInfo {
  type = ''
  data = new OctetString()
  width = 0
  height = 0
}
AsnProp({ type: AsnPropTypes.IA5String })(PictureInfo.prototype, 'type')
AsnProp({ type: OctetString })(PictureInfo.prototype, 'data')
AsnProp({ type: AsnPropTypes.Integer })(PictureInfo.prototype, 'width')
AsnProp({ type: AsnPropTypes.Integer })(PictureInfo.prototype, 'height')
class SealInfo {
  header = new Header()
  esId = ''
  property = new Property()
  picture = new PictureInfo()
}
AsnProp({ type: Header })(SealInfo.prototype, 'header')
AsnProp({ type: AsnPropTypes.IA5String })(SealInfo.prototype, 'esId')
AsnProp({ type: Property })(SealInfo.prototype, 'property')
AsnProp({ type: PictureInfo })(SealInfo.prototype, 'picture')
class Seal {
  info = new SealInfo()
  certificate = new OctetString()
  algorithm = ''
  signature = new ArrayBuffer(0)
}
AsnProp({ type: SealInfo })(Seal.prototype, 'info')
AsnProp({ type: OctetString })(Seal.prototype, 'certificate')
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(Seal.prototype, 'algorithm')
AsnProp({ type: AsnPropTypes.BitString })(Seal.prototype, 'signature')

/** The bytes of the first element inside the outer SEQUENCE, as they stand in the file: what is signed. */
function firstElement (seal: Buffer): Buffer {
  const lengthAt = (at: number): { start: number, length: number } => {
    const first = seal[at + 1] as number
    if (first < 0x80) return { start: at + 2, length: first }
    return { start: at + 2 + (first & 0x7f), length: seal.readUIntBE(at + 2, first & 0x7f) }
  }
  const { start } = lengthAt(0)
  const inner = lengthAt(start)
  return seal.subarray(start, inner.start + inner.length)
}

function keyAndCertificate (): { privateKey: ReturnType<typeof generateSm2KeyPair>['privateKey'], certificate: Buffer } {
  const { publicKey, privateKey } = generateSm2KeyPair()
  return {
    privateKey,
    certificate: issueCertificate({
      subject: [['CN', '测试']], publicKey, issuerKey: privateKey, notBefore: new Date('2026-01-01'), notAfter: new Date('2027-01-01'), keyUsage: ['digitalSignature']
    })
  }
}
const maker = keyAndCertificate()
const signer = keyAndCertificate()
const content: SealContent = {
  esId: '99000000000101',
  name: '示例省市场监督管理局',
  type: 1,
  picture: picture('99000000000101'),
  certificates: [signer.certificate],
  createdAt: new Date('2026-01-02T03:04:05Z'),
  validFrom: new Date('2026-01-02T03:04:05Z'),
  validUntil: new Date('2026-12-31T23:59:59Z')
}

t.test('another reader finds in a seal what was put into it', async t => {
  const seal = AsnConvert.parse(makeSeal(content, maker), Seal)
  t.same({ ...seal.info.header }, { id: 'ES', version: 4, vendor: 'mianzheng' })
  t.equal(seal.info.esId, content.esId)
  const { name, type, certListType, certList, createDate, validStart, validEnd } = seal.info.property
  t.same([name, type, certListType, createDate, validStart, validEnd], [content.name, 1, 1, content.createdAt, content.validFrom, content.validUntil])
  t.same(certList.map(one => Buffer.from(one.buffer)), [signer.certificate])
  t.same([seal.info.picture.type, seal.info.picture.width, seal.info.picture.height], ['PNG', 40, 40])
  t.same(Buffer.from(seal.info.picture.data.buffer), content.picture.data)
  t.same(Buffer.from(seal.certificate.buffer), maker.certificate)
  t.equal(seal.algorithm, '1.2.156.10197.1.501')
})

t.test('the maker’s signature covers the description alone, byte for byte', async t => {
  const bytes = makeSeal(content, maker)
  const { signature } = AsnConvert.parse(bytes, Seal)
  const info = firstElement(bytes)
  const { publicKey } = parseCertificate(maker.certificate)
  t.equal(sm2Verify(publicKey, info, Buffer.from(signature)), true)
  const changed = Buffer.from(info)
  changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1
  t.equal(sm2Verify(publicKey, changed, Buffer.from(signature)), false)
  t.equal(sm2Verify(parseCertificate(signer.certificate).publicKey, info, Buffer.from(signature)), false)
})

t.test('a seal that makes no sense is not made', async t => {
  t.throws(() => makeSeal({ ...content, certificates: [] }, maker), RangeError)
  t.throws(() => makeSeal({ ...content, validUntil: content.validFrom }, maker), RangeError)
  t.throws(() => makeSeal({ ...content, picture: { ...content.picture, widthMm: 0 } }, maker), RangeError)
  t.throws(() => makeSeal({ ...content, picture: { ...content.picture, heightMm: 40.5 } }, maker), RangeError)
  t.throws(() => makeSeal({ ...content, esId: '章' }, maker), TypeError)
  t.throws(() => makeSeal(content, { ...maker, privateKey: parseCertificate(maker.certificate).publicKey }), TypeError)
})

t.test('each department’s seal names its own certificate, its number and its name', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  for (const { id, name, sealId } of province.departments) {
    const { info } = AsnConvert.parse(readFileSync(layout.department(id).seal), Seal)
    const [certificate] = certificatesFromFile(readFileSync(layout.department(id).sealCertificate))
    t.same([info.esId, info.property.name], [sealId, name])
    t.same(info.property.certList.map(one => createHash('sha256').update(Buffer.from(one.buffer)).digest('hex')), [certificate?.fingerprint])
    t.same([info.property.validStart, info.property.validEnd], [certificate?.notBefore, certificate?.notAfter])
  }
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
t.test('openssl reads our seals and verifies our certificates and lists', { skip: hasOpenssl ? false : 'SKIPPED LOUDLY: no openssl on this machine' }, async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const { seal, sealCertificate } = layout.department('market')
  const tree = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-in', seal], { encoding: 'utf8' })
  t.match(tree, /IA5STRING\s+:ES/)
  t.match(tree, /IA5STRING\s+:99000000000101/)
  t.match(tree, /OBJECT\s+:SM2-with-SM3/)
  // It gives the SM2 identity to the first certificate alone, so each link is verified by itself.
  const verify = (certificate: string, by: AuthorityName): string => {
    const { stdout, stderr } = spawnSync('openssl', [
      'verify', '-x509_strict', '-partial_chain', '-attime', String(Date.parse('2026-03-02T09:00:00Z') / 1000), '-vfyopt', 'distid:1234567812345678',
      '-trusted', layout.authority(by).certificate, certificate
    ], { encoding: 'utf8' })
    return stdout + stderr
  }
  for (const name of ['seal-makers', 'departments'] as const) t.match(verify(layout.authority(name).certificate, 'root'), /: OK/)
  t.match(verify(sealCertificate, 'departments'), /: OK/)
  t.match(verify(layout.sealMaker.certificate, 'seal-makers'), /: OK/)
  t.match(verify(layout.demonstration('catering-association').sealCertificate, 'departments'), /: OK/)
  t.match(verify(layout.demonstration('market-revoked').sealCertificate, 'departments'), /: OK/, 'its list says more')
  t.match(verify(layout.demonstration('market-expired').sealCertificate, 'departments'), /certificate has expired/)
  t.notMatch(verify(sealCertificate, 'seal-makers'), /: OK/)

  // Its own check of lists knows no SM2 identity, so the signature is verified over the bytes.
  const crl = readFileSync(join(layout.trust, 'crls', 'departments.crl'))
  const { tbsCertList, signature } = AsnConvert.parse(crl, CertificateList)
  const revoked = certificatesFromFile(readFileSync(layout.demonstration('market-revoked').sealCertificate))[0]?.serialNumber
  t.same(tbsCertList.revokedCertificates?.map(({ userCertificate }) => Buffer.from(userCertificate).toString('hex')), [revoked])
  t.same([tbsCertList.thisUpdate.getTime(), tbsCertList.nextUpdate?.getTime()].map(at => at?.toISOString()), ['2026-03-02T08:30:00.000Z', '2026-04-01T08:30:00.000Z'])
  const files = { tbs: join(dir, 'tbs'), signature: join(dir, 'signature'), key: join(dir, 'key.pem') }
  writeFileSync(files.tbs, firstElement(crl))
  writeFileSync(files.signature, Buffer.from(signature))
  const [authority] = certificatesFromFile(readFileSync(layout.authority('departments').certificate))
  writeFileSync(files.key, authority?.publicKey.export({ format: 'pem', type: 'spki' }) ?? '')
  const verdict = spawnSync('openssl', ['dgst', '-sm3', '-sigopt', 'distid:1234567812345678', '-verify', files.key, '-signature', files.signature, files.tbs], { encoding: 'utf8' })
  t.match(verdict.stdout, /Verified OK/)
})
