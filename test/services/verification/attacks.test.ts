import t from 'tap'
import { ENGINE_LIMITS, verifyDocument } from '../../../services/verification/engine.js'
import { parseTrust, readTrustFiles } from '../../../services/verification/trust.js'
import type { Report } from '../../../services/verification/report.js'
import { buildZip } from '../../support/zip-builder.js'
import { LIST, NAMESPACE, seal, XML, type Draft } from '../../support/ofd-draft.js'
import { ground, groundTrust, page, sealingOf } from '../../support/ofd-ground.js'
import { ISSUER, SAMPLE_AT } from '../../support/sample-licence.js'

const genuine = await ground()
const strict = groundTrust(genuine)

const verify = async (bytes: Uint8Array, trust = strict): Promise<Report> => await verifyDocument(bytes, { trust, at: SAMPLE_AT.toISOString(), limits: ENGINE_LIMITS })
function findings ({ checks, signatures }: Report): Record<string, string> {
  const all = [...checks, ...signatures.flatMap(({ checks }) => checks)]
  return Object.fromEntries(all.flatMap(check => check.status === 'failed' || check.status === 'indeterminate' ? [[check.name, check.code]] : []))
}

t.test('a package that readers of PDF take for a PDF is refused, with the seal unharmed', async t => {
  const entries = [...genuine.sealed.files].map(([name, content], i) => ({
    name, content, ...(i === 0 && { local: { extra: extra(Buffer.from('%PDF-1.4\n1 0 obj\n')) } })
  }))
  t.same(findings(await verify(buildZip({ entries }))), { format: 'FILE_TWO_KINDS' })
  const harmless = entries.map((entry, i) => i === 0 ? { ...entry, local: { extra: extra(Buffer.from('no mark of another kind')) } } : entry)
  t.equal((await verify(buildZip({ entries: harmless }))).verdict, 'valid')
})

function extra (content: Buffer): Buffer {
  const head = Buffer.from([0xfe, 0xca, 0, 0])
  head.writeUInt16LE(content.length, 2)
  return Buffer.concat([head, content])
}

/** Another office that may issue this type of licence too, elsewhere. */
const OTHER = { uscc: '11990000YYYY01023R', name: '示例省公安厅', sealId: '99000000000102' }
const both = parseTrust({
  anchors: [{ name: 'root', bytes: genuine.authority.root.certificate.bytes }],
  intermediates: [{ name: 'ca', bytes: genuine.authority.ca.certificate.bytes }],
  crls: genuine.authority.crls.map((bytes, i) => ({ name: String(i), bytes })),
  authorities: Buffer.from(JSON.stringify({ items: [ISSUER, OTHER].map(({ uscc }) => ({ issuer: uscc, licenceType: '11990000YYYY010074002', regions: ['990000'], from: '2020-01-01' })) })),
  policy: Buffer.from('{"status":"off"}'),
  digest: ''
})

t.test('another competent office cannot put its own pages beside files that the issuer once sealed', async t => {
  // The issuer left OFD.xml out of its seal, as some field files do; what it sealed is untouched, and no longer what is shown.
  const draft = seal(genuine.unsealed.copy(), { ...sealingOf(genuine), mode: 'continuing', uncovered: ['OFD.xml'] })
  const other = genuine.authority.makeSigner(OTHER)
  t.same(findings(await verify(seal(draft.copy(), { ...sealingOf(genuine), signer: other, id: 's002', folder: 'Doc_0/Signs/Sign_1', mode: 'continuing' }).bytes(), both)),
    { issuer: 'ISSUER_DIFFERS' }, 'not even the same pages: whose licence it is stands in OFD.xml')
  const forged = withOtherPages(draft.copy())
  t.same(findings(await verify(seal(forged, { ...sealingOf(genuine), signer: other, id: 's002', folder: 'Doc_0/Signs/Sign_1', mode: 'continuing' }).bytes(), both)),
    { issuer: 'ISSUER_DIFFERS', stamps: 'STAMP_PAGE_MISSING' })
  const whole = seal(genuine.unsealed.copy(), { ...sealingOf(genuine), mode: 'continuing' })
  t.equal((await verify(seal(whole, { ...sealingOf(genuine), signer: other, id: 's002', folder: 'Doc_0/Signs/Sign_1', mode: 'continuing' }).bytes(), both)).verdict, 'valid', 'a second office may join in')
})

/** OFD.xml leads to another document; the list of signatures stays. */
function withOtherPages (draft: Draft): Draft {
  return draft
    .edit('OFD.xml', '>Doc_0/Document.xml<', '>Doc_1/Document.xml<')
    .set('Doc_1/Document.xml', `${XML}<ofd:Document ${NAMESPACE}><ofd:CommonData/><ofd:Pages><ofd:Page ID="7" BaseLoc="1.xml"/></ofd:Pages></ofd:Document>`)
    .set('Doc_1/1.xml', page('2', '另一份文档'))
    .edit(LIST, '<ofd:MaxSignId>s001', '<ofd:MaxSignId>s009')
}

t.test('where the trust directory says who may make seals, nobody else makes one', async t => {
  const { authority } = genuine
  const { maker, ca, root } = authority
  const bytes = genuine.sealed.bytes()
  const listing = (...certificates: Buffer[]) => ({ ...strict, sealMakers: parseTrust({ anchors: [], intermediates: [], crls: [], digest: '', sealMakers: certificates.map((bytes, i) => ({ name: String(i), bytes })) }).sealMakers as ReadonlySet<string> })
  t.equal((await verify(bytes, listing(maker.certificate.bytes))).verdict, 'valid', 'the maker itself')
  t.equal((await verify(bytes, listing(ca.certificate.bytes, root.certificate.bytes))).verdict, 'valid', 'who certified it')
  const stranger = listing(authority.signer.certificate)
  t.same(findings(await verify(bytes, stranger)), { 'maker-path': 'MAKER_NOT_LISTED' })
  t.equal((await verify(bytes, stranger)).verdict, 'indeterminate')
  t.same(findings(await verify(bytes, listing())), { 'maker-path': 'MAKER_NOT_LISTED' }, 'an empty folder lets nobody')
  t.equal((await verify(authority.signer.seal, listing(maker.certificate.bytes))).verdict, 'valid', 'a seal by itself')
  t.equal((await verify(authority.signer.seal, stranger)).verdict, 'indeterminate')
})

t.test('the folder seal-makers/ is read, and told in the digest of the directory', async t => {
  const without = readTrustFiles(t.testdir({ 'policy.json': '{}' }))
  t.equal(without.sealMakers, undefined)
  const empty = readTrustFiles(t.testdir({ 'policy.json': '{}', 'seal-makers': {} }))
  t.same(empty.sealMakers, [])
  t.not(empty.digest, without.digest)
  const one = readTrustFiles(t.testdir({ 'seal-makers': { 'maker.der': genuine.authority.maker.certificate.bytes } }))
  t.same(parseTrust(one).sealMakers, new Set([genuine.authority.maker.certificate.fingerprint]))
  t.throws(() => parseTrust(readTrustFiles(t.testdir({ 'seal-makers': { 'maker.der': 'x' } }))), { code: 'TRUST_INVALID' })
})
