import t from 'tap'
import { OFD_FINDINGS } from '../../../../services/verification/ofd/codes.js'
import { OFD_LIMITS } from '../../../../services/verification/ofd/limits.js'
import type { OfdPackage } from '../../../../services/verification/ofd/package.js'
import { readOfd } from '../../../../services/verification/ofd/read.js'
import { changed } from './full-package.js'
import type { Change } from './full-package.js'
import { REFUSED } from './refused-packages.js'

function read (bytes: Buffer): OfdPackage {
  const result = readOfd(bytes, OFD_LIMITS)
  if ('refused' in result) throw new Error(JSON.stringify(result.refused))
  return result.package
}

function codesOf (bytes: Buffer): string[] {
  const result = readOfd(bytes, OFD_LIMITS)
  return 'refused' in result ? result.refused.map(({ code }) => code) : ['accepted']
}

const DOCUMENT = 'Doc_0/Document.xml'
const DESCRIPTION = 'Doc_0/Signs/Sign_0/Signature.xml'

t.test('everything that a reader can come to is named with what it is there', async t => {
  const result = read(changed([]))
  t.same(Object.fromEntries(result.reachable), {
    'OFD.xml': 'root',
    'Doc_0/Document.xml': 'document',
    'Doc_0/Res/cover.png': 'resource',
    'Doc_0/PublicRes.xml': 'resource-list',
    'Doc_0/Res/rgb.icc': 'resource',
    'Doc_0/Res/song.otf': 'resource',
    'Doc_0/DocumentRes.xml': 'resource-list',
    'Doc_0/Res/image.png': 'resource',
    'Doc_0/Tpls/Tpl.xml': 'template',
    'Doc_0/Pages/1.xml': 'page',
    'Doc_0/Pages/PageRes.xml': 'resource-list',
    'Doc_0/Res/page.png': 'resource',
    'Doc_0/Pages/2.xml': 'page',
    'Doc_0/Annots/Annotations.xml': 'annotation',
    'Doc_0/Annots/Page_10.xml': 'annotation',
    'Doc_0/Tags/CustomTags.xml': 'custom-tag',
    'Doc_0/Tags/tag.xsd': 'custom-tag',
    'Doc_0/Tags/tag.xml': 'custom-tag',
    'Doc_0/Ext/Extensions.xml': 'extension',
    'Doc_0/Ext/extra.bin': 'extension',
    'Doc_0/Attachs/Attachments.xml': 'attachment',
    'Doc_0/Attachs/data.xml': 'attachment',
    'Doc_0/Version_1.xml': 'version',
    'Doc_0/notes.bin': 'version'
  })
  t.same([result.unreferenced, result.orphanSignatureFiles, result.missing, result.dialects], [[], [], [], []])
})

t.test('the document tells its metadata, pages with their text, and attachments', async t => {
  const [document] = read(changed([])).documents
  t.same(document, {
    path: DOCUMENT,
    docId: '0123',
    title: '营业执照',
    customDatas: new Map([['ZZBS', '1.2.156'], ['ZZMC', ' 营业执照 ']]),
    pages: [{ id: '10', path: 'Doc_0/Pages/1.xml', texts: ['名称：示例', '住所'] }, { id: '11', path: 'Doc_0/Pages/2.xml', texts: [] }],
    attachments: [{ id: '70', name: 'data', path: 'Doc_0/Attachs/data.xml' }],
    signatureListPath: 'Doc_0/Signs/Signatures.xml'
  })
})

t.test('a signature tells how it describes itself, with the bytes of its description', async t => {
  const result = read(changed([]))
  const [signature] = result.signatureLists[0]?.signatures ?? []
  t.same(result.signatureLists.map(({ path, document }) => [path, document]), [['Doc_0/Signs/Signatures.xml', 0]])
  t.same({ ...signature, bytes: undefined }, {
    id: '1',
    type: 'Seal',
    path: DESCRIPTION,
    bytes: undefined,
    provider: 'test',
    signatureMethod: '1.2.156.10197.1.501',
    signatureDateTime: '20240101000000Z',
    checkMethod: '1.2.156.10197.1.401',
    references: ['OFD.xml', 'Doc_0/gone.xml'].map(path => ({ fileRef: `/${path}`, path, checkValue: Buffer.alloc(32, 7) })),
    stamps: [{ id: '1', pageRef: '10', boundary: '1 2 3 4' }],
    sealPath: 'Doc_0/Signs/Sign_0/Seal.esl',
    valuePath: 'Doc_0/Signs/Sign_0/SignedValue.dat'
  })
  t.equal(signature?.bytes, result.files.get(DESCRIPTION)?.bytes)
  t.same([...result.signatureFiles], ['Doc_0/Signs/Signatures.xml', DESCRIPTION, 'Doc_0/Signs/Sign_0/SignedValue.dat', 'Doc_0/Signs/Sign_0/Seal.esl'])
  t.same(result.manifest, { path: 'OFDEntries.xml', signedValuePath: 'entries.dat', files: ['OFD.xml', 'Doc_0/gone.xml'] })
})

t.test('a package that two readers would read differently is refused with its own code', async t => {
  for (const { title, code, bytes } of REFUSED) t.same(codesOf(bytes), [code], title)
})

t.test('every code of a finding is one that some archive, document or package here is refused with', async t => {
  const { HOSTILE } = await import('./hostile-archives.js')
  const { BAD_DOCUMENTS } = await import('./bad-documents.js')
  const limits = ['ZIP_TOO_LARGE', 'ZIP_TOO_MANY_ENTRIES', 'ZIP_ENTRY_TOO_LARGE', 'ZIP_TOTAL_TOO_LARGE', 'XML_TOO_LARGE', 'XML_TOO_DEEP', 'XML_TOO_MANY_ELEMENTS', 'XML_TOO_MANY_ATTRIBUTES', 'OFD_READINGS_TOO_MANY']
  const seen = new Set<string>([...HOSTILE, ...BAD_DOCUMENTS, ...REFUSED].map(({ code }) => code))
  t.same(Object.keys(OFD_FINDINGS).filter(code => !seen.has(code) && !limits.includes(code)), [])
})

t.test('what field files do differently is read, and reported where it is a dialect', async t => {
  const dialects = (changes: Change[], more: Record<string, string> = {}, without: string[] = []): string[] => read(changed(changes, more, without)).dialects
  t.same(dialects([['OFD.xml', 'ofdspec.org/2016', 'ofdspec.org']]), ['namespace-without-year'])
  t.same(dialects([['OFD.xml', '<?xml', '\ufeff<?xml']]), [])
  t.same(dialects([[DOCUMENT, 'Tpls/Tpl.xml', 'TPLS/tpl.XML']]), ['path-case'])
  t.same(dialects([['Doc_0/PublicRes.xml', 'song.otf', 'beside.otf']], { 'Doc_0/beside.otf': 'x' }), ['path-without-base'])
  t.same(dialects([['OFD.xml', '<ofd:CustomDatas>', '<ofd:CuslomDatas>'], ['OFD.xml', '</ofd:CustomDatas>', '</ofd:CuslomDatas>'], ['OFD.xml', 'Name="ZZMC"', 'name="ZZMC"']]), ['misspelt-custom-datas'])
  t.same(dialects([['Doc_0/Signs/Signatures.xml', '</ofd:Signatures>', '<ofd:MaxSignId>2</ofd:MaxSignId></ofd:Signatures>']]), ['max-sign-id-twice'])
  t.same(dialects([[DESCRIPTION, '<ofd:Provider ProviderName="test" Version="1"/>', '<ofd:Provider><ofd:ProviderName>test</ofd:ProviderName></ofd:Provider>']]), ['provider-as-elements'])
  t.same(dialects([['Doc_0/Attachs/Attachments.xml', ' ID="70"', '']]), ['attachment-without-id'])
  t.same(dialects([['OFD.xml', 'Doc_0/Document.xml', './Doc_0/Res/../Document.xml']]), [])
  t.same(dialects([['OFD.xml', 'Doc_0/Document.xml', '\n Doc_0/Document.xml\t']]), [])
  t.same(dialects([['Doc_0/DocumentRes.xml', '>image.png', '>/Doc_0/Res/image.png']]), [])
  t.same(dialects([['Doc_0/DocumentRes.xml', '>image.png', '>Doc_0/Res/image.png']]), ['path-without-base'])
  t.same(dialects([['Doc_0/DocumentRes.xml', 'BaseLoc="Res"', 'BaseLoc="/Doc_0/Res/"']]), [])
  t.same(dialects([[DOCUMENT, '</ofd:Document>', '<ofd:Outlines/></ofd:Document>']]), [])
  t.same(dialects([['Doc_0/Pages/1.xml', '<ofd:Content>', '<!-- a comment --><ofd:Content>']]), [])
})

t.test('a resource list that is named and not there is told, as some field files have it', async t => {
  const result = read(changed([], {}, ['Doc_0/PublicRes.xml']))
  t.same(result.missing, [{ from: DOCUMENT, reference: 'PublicRes.xml' }])
  t.notOk(result.reachable.has('Doc_0/PublicRes.xml'))
})

t.test('files that nothing leads to are told, and among them what is left of a signature', async t => {
  const cutOut: Change = ['OFD.xml', '<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>', '']
  const left = read(changed([cutOut]))
  t.same(left.signatureLists, [])
  t.same(left.orphanSignatureFiles, ['Doc_0/Signs/Signatures.xml', DESCRIPTION, 'Doc_0/Signs/Sign_0/Seal.esl', 'Doc_0/Signs/Sign_0/SignedValue.dat'])
  const orphans = (name: string, content: string): string[] => read(changed([], { [name]: content })).orphanSignatureFiles
  t.same(orphans('x/Seal.esl', ''), ['x/Seal.esl'])
  t.same(orphans('x/SignValue.dat', ''), ['x/SignValue.dat'])
  t.same(orphans('x/y.bin', '<?xml version="1.0"?><s:Signature xmlns:s="u"/>'), ['x/y.bin'])
  t.same(orphans('x/y.bin', '\u0030\u0010\u0030\u000e\u0016\u0002ES'), ['x/y.bin'])
  const binary = (hex: string): string[] => read(changed([], {}, [], { 'x/y.bin': Buffer.from(hex, 'hex') })).orphanSignatureFiles
  t.same(binary('3050060a2a811ccf550601040202'), ['x/y.bin'])
  t.same(binary('305006092a864886f70d010702'), ['x/y.bin'])
  t.same(binary(`30440220${'11'.repeat(32)}0220${'22'.repeat(32)}`), ['x/y.bin'])
  t.same(binary('3050060a2a811ccf550601040203'), [])
  t.same(orphans('x/y.bin', 'text'), [])
  t.same(orphans('Doc_0/Signs/Sign_0/seal.png', 'picture'), ['Doc_0/Signs/Sign_0/seal.png'])
  t.same(read(changed([[DESCRIPTION, '/Doc_0/gone.xml', '/Doc_0/Signs/Sign_0/seal.png']], { 'Doc_0/Signs/Sign_0/seal.png': 'covered' })).orphanSignatureFiles, [])
  t.same(read(changed([], { 'x/y.bin': 'text' })).unreferenced, ['x/y.bin'])
  t.same(read(changed([['Doc_0/Signs/Signatures.xml', '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>', '']])).orphanSignatureFiles.length, 3)
})

t.test('two documents each keep their own list of signatures', async t => {
  const second = '<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
  const body = '<Document xmlns="http://www.ofdspec.org/2016"><CommonData/><Pages><Page ID="10" BaseLoc="1.xml"/></Pages></Document>'
  const result = read(changed([['OFD.xml', '</ofd:OFD>', second]], { 'Doc_1/Document.xml': body, 'Doc_1/1.xml': '<Page xmlns="http://www.ofdspec.org/2016"/>' }))
  t.same(result.documents.map(({ path, signatureListPath }) => [path, signatureListPath]), [[DOCUMENT, 'Doc_0/Signs/Signatures.xml'], ['Doc_1/Document.xml', undefined]])
  t.equal(result.reachable.get('Doc_1/1.xml'), 'page')
})

t.test('two signatures may share a seal file', async t => {
  const entry = '<ofd:Signature ID="2" BaseLoc="/Doc_0/Signs/Sign_1/Signature.xml"/></ofd:Signatures>'
  const description = '<Signature xmlns="http://www.ofdspec.org/2016"><SignedValue>v.dat</SignedValue><SignedInfo><References><Reference FileRef="/OFD.xml"><CheckValue>AA==</CheckValue></Reference></References><Seal><BaseLoc>../Sign_0/Seal.esl</BaseLoc></Seal></SignedInfo></Signature>'
  const result = read(changed([['Doc_0/Signs/Signatures.xml', '</ofd:Signatures>', entry]], { 'Doc_0/Signs/Sign_1/Signature.xml': description, 'Doc_0/Signs/Sign_1/v.dat': 'x' }))
  t.same(result.signatureLists[0]?.signatures.map(({ id, sealPath, checkMethod }) => [id, sealPath, checkMethod]), [
    ['1', 'Doc_0/Signs/Sign_0/Seal.esl', '1.2.156.10197.1.401'], ['2', 'Doc_0/Signs/Sign_0/Seal.esl', undefined]])
})
