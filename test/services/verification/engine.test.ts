import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../../services/core/project-root.js'
import { findingsOf, parseTrust, verifyDocument, verifyLicence, type RegisteredLicence, type Report } from '../../../services/verification/index.js'
import { sampleLicence, SAMPLE_AT } from '../../support/sample-licence.js'
import { sampleTrust } from '../../support/trust.js'

const vectors = JSON.parse(readFileSync(join(projectRoot(), 'test/vectors/ses-signature.json'), 'utf8')) as {
  document_utf8: string
  trusted_root_der_base64: string
  cases: Array<{ name: string, signature_der_base64: string, expect: string }>
  malformed: Array<{ name: string, hex: string }>
}
const codes = (report: Report): string[] => findingsOf(report).map(({ code }) => code)
const file = (name: string, bytes: Uint8Array) => ({ name, bytes })
const OFF = Buffer.from(JSON.stringify({ revocation: 'if-known', signingTime: 'claimed', authority: 'off', status: 'off' }))
const AT = SAMPLE_AT.toISOString()

t.test('each published seal signature comes out as it says, for the reason that it says', async t => {
  const trust = parseTrust({ anchors: [file('root', Buffer.from(vectors.trusted_root_der_base64, 'base64'))], intermediates: [], crls: [], policy: OFF, digest: '' })
  const reasons: Record<string, string[]> = {
    'v1 valid': ['SEAL_VERSION_UNSUPPORTED'],
    'v4 document changed': ['DESCRIPTION_CHANGED'],
    'v4 signer not in seal': ['SIGNER_NOT_IN_SEAL'],
    'v4 certListType 2, digest of another certificate': ['SIGNER_NOT_IN_SEAL'],
    'v4 seal picture replaced': ['SEAL_MAKER_INVALID'],
    'v4 seal signed by v1 rule': ['SEAL_MAKER_INVALID'],
    'v1 seal signed over SealInfo only': ['SEAL_MAKER_INVALID', 'SEAL_VERSION_UNSUPPORTED'],
    'v4 seal made by a stranger': ['MAKER_PATH_INVALID'],
    'v4 signed before seal start': ['SEAL_NOT_IN_FORCE'],
    'v4 signed after seal end': ['SEAL_NOT_IN_FORCE'],
    'v4 signed after certificate end': ['CERTIFICATE_EXPIRED'],
    'v4 signer certificate for encryption only': ['KEY_USAGE_WRONG'],
    'v4 propertyInfo changed': ['SIGNATURE_INVALID'],
    'v4 other signer, certificate swapped': ['SIGNATURE_INVALID']
  }
  for (const { name, signature_der_base64: base64, expect } of vectors.cases) {
    const report = await verifyDocument(Buffer.from(base64, 'base64'), { trust, at: '2030-01-01T00:00:00Z', content: Buffer.from(vectors.document_utf8) })
    t.same(codes(report), reasons[name] ?? [], name)
    t.equal(report.verdict, expect === 'invalid' ? 'invalid' : name.startsWith('v1') ? 'indeterminate' : 'valid', name)
  }
  for (const { name, hex } of vectors.malformed) {
    t.not((await verifyDocument(Buffer.from(hex, 'hex'), { trust, at: AT })).verdict, 'valid', name)
  }
})

t.test('a sealed licence is valid with a register, and what the register says decides', async t => {
  const { bytes, sha256, licence, authority } = await sampleLicence()
  const trust = sampleTrust(authority)
  const registered: RegisteredLicence = { status: 'active', region: licence.region, recordedAt: new Date('2026-03-02T02:00:00Z'), file: { sha256 }, face: { ZZBH: licence.number } }
  const ask = async (answer: RegisteredLicence | undefined | 'unavailable'): Promise<Report> =>
    await verifyDocument(bytes, { trust, at: AT, register: async id => { t.equal(id, licence.licenceId); return answer } })
  t.same(codes(await ask(registered)), [])
  t.equal((await ask(registered)).verdict, 'valid')
  t.same(codes(await ask({ ...registered, status: 'revoked', since: new Date('2026-05-01T00:00:00Z') })), ['REVOKED'])
  t.same(codes(await ask(undefined)), ['NOT_IN_REGISTER'])
  t.same(codes(await ask('unavailable')), ['SOURCE_SILENT'])
  const { file: _, ...fileless } = registered
  t.same(codes(await ask({ ...fileless, face: { ZZBH: 'JY00000000000000' } })), ['FACE_DIFFERS'])
  t.same(codes(await ask(fileless)), [])
  t.same(codes(await verifyDocument(bytes, { trust, at: AT, register: async () => { throw new Error('down') } })), ['SOURCE_SILENT'], 'a register that fails has not answered')
  t.same(codes(await verifyDocument(bytes, { trust, at: AT })), ['STATUS_UNKNOWN'])
})

t.test('a licence that is only named is as the register says, and never better than indeterminate without one', async t => {
  const { licence, authority } = await sampleLicence()
  const trust = sampleTrust(authority)
  const named = async (id: string, answer?: RegisteredLicence) => (await verifyLicence(id, { trust, at: AT, register: async () => answer })).report
  t.equal((await named(licence.licenceId, { status: 'active', face: {} })).verdict, 'valid')
  t.equal((await named(licence.licenceId)).verdict, 'indeterminate')
  t.same(codes(await named(licence.licenceId, { status: 'suspended', face: {} })), ['SUSPENDED'])
  t.equal((await named(`${licence.licenceId.slice(0, -1)}${licence.licenceId.endsWith('0') ? '1' : '0'}`, { status: 'active', face: {} })).verdict, 'invalid')
  t.equal((await named('rubbish', { status: 'active', face: {} })).verdict, 'invalid')
})

t.test('what cannot be verified yet is recognised, and is never valid', async t => {
  const trust = sampleTrust((await sampleLicence()).authority)
  const of = async (bytes: Buffer) => await verifyDocument(bytes, { trust, at: AT })
  t.same(codes(await of(Buffer.from('%PDF-1.7\n'))), ['FORMAT_UNSUPPORTED'])
  t.same(codes(await of(Buffer.from('3080060b2a811ccf55060104020200', 'hex'))), ['FORMAT_UNSUPPORTED'])
  t.same(codes(await of(Buffer.from('eyJhbGciOiJFUzI1NiJ9.e30.AAAA'))), ['FORMAT_UNSUPPORTED'])
  t.same(codes(await of(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))), ['FILE_TYPE_UNKNOWN'])
  t.same(codes(await of(Buffer.alloc(0))), ['FILE_TYPE_UNKNOWN'])
  t.equal((await of(Buffer.from('PK'))).verdict, 'invalid')
})

t.test('a file at the limit is read, one over it is not', async t => {
  const { bytes, authority } = await sampleLicence()
  const { ENGINE_LIMITS } = await import('../../../services/verification/index.js')
  const trust = sampleTrust(authority)
  const limited = async (archiveBytes: number) => codes(await verifyDocument(bytes, { trust, at: AT, limits: { ...ENGINE_LIMITS, archiveBytes } }))
  t.same(await limited(bytes.length), ['STATUS_UNKNOWN'])
  t.same(await limited(bytes.length - 1), ['FILE_TOO_LARGE'])
  const signatures = async (signatureCount: number) => codes(await verifyDocument(bytes, { trust, at: AT, limits: { ...ENGINE_LIMITS, signatureCount } }))
  t.same(await signatures(1), ['STATUS_UNKNOWN'])
  t.same((await signatures(0))[0], 'SIGNATURES_TOO_MANY')
})
