import opentype from 'opentype.js'
import t from 'tap'
import { LICENCE_LIMITS } from '../../../connectors/issuing/licence-fields.js'
import { metadata, writeLicence } from '../../../connectors/issuing/ofd-writer.js'
import { digest, parseCertificate, sm2Verify } from '../../../platform/crypto/index.js'
import { OFD_LIMITS } from '../../../services/verification/ofd/limits.js'
import type { OfdPackage } from '../../../services/verification/ofd/package.js'
import { readOfd } from '../../../services/verification/ofd/read.js'
import { parseSealSignature } from '../../../services/verification/ses/index.js'
import { ISSUER, sampleAuthority, sampleFields, sampleLicence, SIGNED_AT } from '../../support/sample-licence.js'

function read (bytes: Uint8Array): OfdPackage {
  const result = readOfd(bytes, OFD_LIMITS)
  if (!('package' in result)) throw new Error(JSON.stringify(result.refused))
  return result.package
}

t.test('a licence is read by the strict reader without any dialect, and holds nothing that is not used', async t => {
  const { bytes } = await sampleLicence()
  const { dialects, unreferenced, missing } = read(bytes)
  t.same({ dialects, unreferenced, missing }, { dialects: [], unreferenced: [], missing: [] })
})

t.test('the seal covers all that a reader shows, the metadata, the list of signatures and the seal file, each with its digest', async t => {
  const found = read((await sampleLicence()).bytes)
  const [signature] = found.signatureLists[0]?.signatures ?? []
  t.same(signature?.references.map(({ path }) => path).sort(), [
    'Doc_0/Document.xml', 'Doc_0/Pages/Page_0/Content.xml', 'Doc_0/PublicRes.xml', 'Doc_0/Res/licence.ttf', 'Doc_0/Signs/Sign_0/Seal.esl', 'Doc_0/Signs/Signatures.xml', 'Doc_0/Tpls/Tpl_0/Content.xml', 'OFD.xml'
  ])
  for (const path of found.reachable.keys()) t.ok(signature?.references.some(reference => reference.path === path), path)
  for (const { path, checkValue } of signature?.references ?? []) t.same(digest('sm3', found.files.get(path)?.bytes as Uint8Array), Buffer.from(checkValue), path)
})

t.test('the value is a seal signature of version 4 over the description, by the certificate that the seal lists', async t => {
  const { bytes, authority } = await sampleLicence()
  const found = read(bytes)
  const [description] = found.signatureLists[0]?.signatures ?? []
  const value = parseSealSignature(found.files.get(description?.valuePath as string)?.bytes as Uint8Array)
  t.equal(value.version, 4)
  t.same(value.dialects, [])
  t.equal(value.propertyInfo, '/Doc_0/Signs/Sign_0/Signature.xml')
  t.same(value.dataHash, digest('sm3', description?.bytes as Uint8Array))
  t.same(value.signedAt, SIGNED_AT)
  t.ok(value.seal.bytes.equals(found.files.get(description?.sealPath as string)?.bytes as Uint8Array))
  t.ok(value.certificate.equals(authority.signer.certificate))
  t.ok(sm2Verify(parseCertificate(value.certificate).publicKey, value.signed, value.value))
  t.ok(sm2Verify(authority.maker.certificate.publicKey, value.seal.signed, value.seal.value))
})

t.test('the metadata say what the licence says', async t => {
  const fields = sampleFields({ face: { 经营范围: '面条 & 水饺 <"大份">' } })
  const found = read((await sampleLicence({ fields })).bytes)
  t.same([...found.documents[0]?.customDatas ?? []], metadata(fields))
  const data = new Map(metadata(fields))
  t.equal(data.get('ZZBS'), fields.licenceId)
  t.equal(data.get('CZZTDMLX'), '统一社会信用代码')
  t.equal(data.get('KZ_经营范围'), '面条 & 水饺 <"大份">')
})

t.test('a licence that holds for good has no last day', async t => {
  const { validUntil, ...fields } = sampleFields()
  const { signer } = await sampleAuthority()
  const found = read(writeLicence({ licence: fields, signer, signedAt: SIGNED_AT }).bytes)
  t.notOk(found.documents[0]?.customDatas.has('ZZYXQJZRQ'))
})

t.test('all but the signature value is the same when the same licence is written twice', async t => {
  const [first, second] = [read((await sampleLicence()).bytes), read((await sampleLicence()).bytes)]
  for (const [name, { bytes }] of first.files) {
    t.equal(Buffer.from(bytes).equals(second.files.get(name)?.bytes as Uint8Array), name !== 'Doc_0/Signs/Sign_0/SignedValue.dat', name)
  }
})

t.test('a licence brings the characters that it shows; a line with one that we lack is left to the reader', async t => {
  const { bytes } = await sampleLicence({ fields: { face: { 负责人: '李龘', 住址: '示例路 12 号 A-3' } } })
  const { files } = read(bytes)
  const font = opentype.parse(new Uint8Array(files.get('Doc_0/Res/licence.ttf')?.bytes as Uint8Array).buffer)
  const has = (character: string) => font.charToGlyph(character)?.index !== 0
  for (const character of '食品经营许可证示例路12A-3') t.ok(has(character), character)
  t.notOk(has('龘'))
  t.notOk(has('婚'), 'a character that is not on the page')
  const page = Buffer.from(files.get('Doc_0/Pages/Page_0/Content.xml')?.bytes as Uint8Array).toString()
  t.match(page, /Font="4"[^>]*>(?:(?!TextObject).)*>李龘</)
  t.match(page, /Font="3"[^>]*>(?:(?!TextObject).)*>示例路 12 号 A-3</)
})

t.test('fields that cannot be printed are refused, each named', async t => {
  const { signer } = await sampleAuthority()
  const write = (fields: Parameters<typeof sampleFields>[0]) => () => writeLicence({ licence: sampleFields(fields), signer, signedAt: SIGNED_AT })
  const pointers = (fields: Parameters<typeof sampleFields>[0]): string[] => {
    try { write(fields)(); return [] } catch (error) { return (error as { violations: Array<{ pointer: string }> }).violations.map(({ pointer }) => pointer) }
  }
  t.same(pointers({}), [])
  t.same(pointers({ number: '' }), ['/number'])
  t.same(pointers({ holder: { name: '面馆\u202e', code: '92990106MAYYY0021M', codeType: '001' } }), ['/holder/name'])
  t.same(pointers({ holder: { name: '面馆', code: '9 2', codeType: '01' } }), ['/holder/code', '/holder/codeType'])
  t.same(pointers({ validUntil: '2026-03-01' }), ['/validUntil'])
  t.same(pointers({ issuedOn: '2026-02-30' }), ['/issuedOn'])
  t.same(pointers({ face: { 住址: 'a\nb' } }), ['/face/住址'])
  t.same(pointers({ face: { 住址: '' } }), ['/face/住址'])
  t.same(pointers({ licenceId: sampleFields().licenceId.slice(0, -1) + '!' }), ['/licenceId'])
  t.same(pointers({ licenceId: sampleFields({ licenceType: '11990000YYYY010074003' }).licenceId }), ['/licenceType'])
})

t.test('names, faces and their values are as long as the limits allow and no longer', async t => {
  const { signer } = await sampleAuthority()
  const limits = { ...LICENCE_LIMITS, nameCharacters: 20, faceItems: 2, faceNameCharacters: 3, faceValueCharacters: 5 }
  const write = (fields: Parameters<typeof sampleFields>[0]) => () => writeLicence({ licence: sampleFields({ face: {}, ...fields }), signer, signedAt: SIGNED_AT, limits })
  t.doesNotThrow(write({ licenceTypeName: '证'.repeat(20), face: { 甲乙丙: '一二三四五', 丁: '一' } }))
  const beyond: Array<Parameters<typeof sampleFields>[0]> = [{ licenceTypeName: '证'.repeat(21) }, { face: { 甲: '1', 乙: '2', 丙: '3' } }, { face: { 甲乙丙丁: '1' } }, { face: { 甲: '123456' } }]
  for (const fields of beyond) {
    t.throws(write(fields), { code: 'INPUT_INVALID' } as never)
  }
})

t.test('a face that does not go on a page is refused, one that just does is set in smaller type', async t => {
  const long = (times: number) => ({ fields: { face: { 经营范围: '示例食品销售。'.repeat(times) } } })
  await t.resolves(sampleLicence(long(85)))
  const two = { ...long(85).fields.face, 许可项目: '示例食品销售。'.repeat(85), 备注: '示例食品销售。'.repeat(85) }
  await t.rejects(sampleLicence({ fields: { face: two } }), { code: 'INPUT_INVALID', violations: [{ pointer: '/face' }] })
})

t.test('a seal, certificate and key that do not belong together seal nothing', async t => {
  const { signer, makeSigner, maker } = await sampleAuthority()
  const other = makeSigner()
  const refused = { code: 'SEAL_UNFIT' }
  await t.rejects(sampleLicence({ signer: { ...signer, privateKey: other.privateKey } }), refused)
  await t.rejects(sampleLicence({ signer: { ...signer, certificate: other.certificate } }), refused)
  await t.rejects(sampleLicence({ signer: { ...signer, certificate: maker.certificate.bytes, privateKey: maker.key } }), refused)
  await t.rejects(sampleLicence({ signer: { ...signer, seal: signer.seal.subarray(1) } }), refused)
})

t.test('a seal is set only within its period and its certificate\'s', async t => {
  const { makeSigner } = await sampleAuthority()
  const [from, to] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-04-01T00:00:00Z')]
  for (const signer of [makeSigner({ sealFrom: from, sealTo: to }), makeSigner({ notBefore: from, notAfter: to })]) {
    for (const signedAt of [from, to]) await t.resolves(sampleLicence({ signer, signedAt }))
    for (const signedAt of [new Date(+from - 1000), new Date(+to + 1000)]) await t.rejects(sampleLicence({ signer, signedAt }), { code: 'SEAL_UNFIT' })
  }
})

t.test('the issuer on the page is the one in the identifier', async t => {
  await t.rejects(sampleLicence({ fields: { issuer: { ...ISSUER, uscc: '11990000YYYY01023R' }, licenceId: sampleFields().licenceId } }), { code: 'INPUT_INVALID' })
})
