import { deflateRawSync } from 'node:zlib'
import type { Dialect } from '../../services/verification/ofd/dialects.js'
import { Draft, seal, type Sealing } from './ofd-draft.js'
import { sealingOf, type Ground } from './ofd-ground.js'

/** What another honest maker of licences might do. */
export interface Variation {
  title: string
  dialects?: Dialect[]
  make: (ground: Ground) => Buffer
}

const ROOT = 'OFD.xml'
const DOCUMENT = 'Doc_0/Document.xml'

/** The archive written in another way; its files are the same. */
function packed (title: string, make: (sealed: Draft) => Buffer, ...dialects: Dialect[]): Variation {
  return { title, dialects, make: ({ sealed }) => make(sealed) }
}

/** The files made in another way, or sealed in another way. */
function sealedSo (title: string, sealing: Partial<Sealing>, change: (draft: Draft) => Draft = draft => draft, ...dialects: Dialect[]): Variation {
  return { title, dialects, make: ground => seal(change(ground.unsealed.copy()), { ...sealingOf(ground), ...sealing }).bytes() }
}

const everyXml = (draft: Draft, change: (text: string) => string): Draft => {
  for (const [name, content] of draft.files) if (name.endsWith('.xml')) draft.set(name, change(content.toString('utf8')))
  return draft
}

export const VARIATIONS: readonly Variation[] = [
  packed('entries stored', sealed => sealed.bytes(entry => ({ ...entry, method: 0 }))),
  packed('entries compressed as far as can be', sealed => sealed.bytes(entry => ({ ...entry, data: deflateRawSync(entry.content ?? '', { level: 9 }) }))),
  packed('entries in the opposite order', sealed => new Draft([...sealed.files].reverse()).bytes()),
  packed('a directory in another order than the entries', sealed => sealed.bytes(undefined, { order: [...sealed.files.keys()].map((_, i) => i).reverse() })),
  packed('descriptors with signature', sealed => sealed.bytes(entry => ({ ...entry, descriptor: 'signed' }))),
  packed('descriptors without signature', sealed => sealed.bytes(entry => ({ ...entry, descriptor: 'bare' }))),
  packed('directories as entries', sealed => sealed.bytes(undefined, {}, ['Doc_0/', 'Doc_0/Pages/', 'Doc_0/Signs/'].map(name => ({ name, method: 0, attributes: 0x10 })))),
  packed('names marked as UTF-8', sealed => sealed.bytes(entry => ({ ...entry, flags: 0x0800 }))),
  packed('written on Unix', sealed => sealed.bytes(entry => ({ ...entry, madeBy: 0x031e, attributes: 0x81a40000 }))),
  packed('a comment after the archive', sealed => sealed.bytes(undefined, { comment: Buffer.from('KRC') }), 'archive-comment'),
  sealedSo('byte order marks', {}, draft => everyXml(draft, text => `\ufeff${text}`)),
  sealedSo('line ends of Windows', {}, draft => everyXml(draft, text => text.replaceAll('\n', '\r\n').replaceAll('><', '>\r\n<'))),
  sealedSo('no XML declaration', {}, draft => everyXml(draft, text => text.replace(/^<\?xml[^>]*>\n/, ''))),
  sealedSo('another prefix', {}, draft => everyXml(draft, text => text.replaceAll('ofd:', 'o:').replaceAll('xmlns:ofd=', 'xmlns:o='))),
  sealedSo('no prefix', {}, draft => everyXml(draft, text => text.replaceAll('ofd:', '').replaceAll('xmlns:ofd=', 'xmlns='))),
  sealedSo('comments between elements', {}, draft => everyXml(draft, text => text.replace(/(<\/[a-z]+:[A-Za-z]+>)$/, '<!-- made by hand -->$1'))),
  sealedSo('the namespace without year', {}, draft => everyXml(draft, text => text.replaceAll('ofdspec.org/2016', 'ofdspec.org')), 'namespace-without-year'),
  sealedSo('absolute paths', {}, draft => draft.edit(DOCUMENT, 'BaseLoc="', 'BaseLoc="/Doc_0/').edit(DOCUMENT, '>PublicRes.xml', '>/Doc_0/PublicRes.xml').edit(ROOT, '>Doc_0/', '>/Doc_0/')),
  sealedSo('paths from the root without slash', {}, draft => draft.edit(DOCUMENT, 'BaseLoc="', 'BaseLoc="Doc_0/').edit(DOCUMENT, '>PublicRes.xml', '>Doc_0/PublicRes.xml')),
  sealedSo('paths with dots', {}, draft => draft.edit(DOCUMENT, 'BaseLoc="Pages', 'BaseLoc="./Tpls/../Pages').edit(ROOT, '>Doc_0/', '>./Doc_0/')),
  sealedSo('a path in another case', {}, draft => draft.edit(DOCUMENT, 'BaseLoc="Tpls', 'BaseLoc="TPLS'), 'path-case'),
  sealedSo('references without slash', { writePath: path => path }),
  sealedSo('a seal named from beside the description', { writePath: path => path.endsWith('Seal.esl') ? 'Seal.esl' : `/${path}` }),
  sealedSo('references from the directory of the description', { writePath: path => `../../../${path}` }),
  sealedSo('pages under other names', {}, draft => draft.rename('Doc_0/Pages/Page_0/Content.xml', 'Doc_0/首页.xml').edit(DOCUMENT, 'Pages/Page_0/Content.xml', '首页.xml')),
  sealedSo('one page more', {}, draft => draft.edit(DOCUMENT, '</ofd:Pages>', '<ofd:Page ID="2500" BaseLoc="Pages/Page_2/Content.xml"/></ofd:Pages>')
    .set('Doc_0/Pages/Page_2/Content.xml', draft.get('Doc_0/Pages/Page_1/Content.xml'))),
  sealedSo('one attachment more', {}, draft => draft.set('Doc_0/Attachs/more.bin', 'more')
    .edit('Doc_0/Attachs/Attachments.xml', '</ofd:Attachments>', '<ofd:Attachment ID="2500" Name="more"><ofd:FileLoc>more.bin</ofd:FileLoc></ofd:Attachment></ofd:Attachments>')),
  sealedSo('a covered file that nothing leads to', {}, draft => draft.set('Doc_0/Res/spare.png', 'spare')),
  sealedSo('a resource list that is not there', {}, draft => draft.edit(DOCUMENT, '<ofd:DocumentRes>', '<ofd:DocumentRes>Nowhere.xml</ofd:DocumentRes><ofd:DocumentRes>')),
  sealedSo('a seal that leaves room for more', { mode: 'continuing' }),
  sealedSo('another directory for the signature', { folder: 'Doc_0/Signs/Sign_7' }),
  sealedSo('other names of value, seal and description', { valueName: 'SignValue.dat', sealName: 'stamp.esl', descriptionName: 'desc.xml' }),
  sealedSo('a value before the info', { describe: xml => xml.replace(/(<ofd:SignedInfo>.*)(<ofd:SignedValue>.*<\/ofd:SignedValue>)/, '$2$1') }),
  sealedSo('references after the stamp', { describe: xml => xml.replace(/(<ofd:References.*<\/ofd:References>)(<ofd:StampAnnot[^>]*>)/, '$2$1') }),
  sealedSo('digests broken into lines', { describe: xml => xml.replace(/<ofd:CheckValue>([^<]{20})/g, '<ofd:CheckValue>\n$1\n') }),
  sealedSo('SM3 by name', { checkMethod: 'SM3' }),
  sealedSo('SHA-256 for the digests', { checkMethod: '2.16.840.1.101.3.4.2.1', hash: 'sha256' }),
  sealedSo('no seal beside the value', { sealName: undefined }),
  sealedSo('no type in the list', { list: xml => xml.replace(' Type="Seal"', '') }),
  sealedSo('the greatest identifier after the entries, and twice', { list: xml => xml.replace('</ofd:Signatures>', '<ofd:MaxSignId>s009</ofd:MaxSignId></ofd:Signatures>') }, undefined, 'max-sign-id-twice'),
  {
    title: 'two seals, the second over the first',
    make: ground => {
      const first = seal(ground.unsealed.copy(), { ...sealingOf(ground), mode: 'continuing' })
      return seal(first, { ...sealingOf(ground), signer: ground.second, id: 's002', folder: 'Doc_0/Signs/Sign_1' }).bytes()
    }
  },
  {
    title: 'a first seal over the content, a second over what came after it',
    make: ground => {
      const draft = ground.unsealed.copy()
      const list = draft.get('Doc_0/Annots/Annotations.xml')
      const annotations = ['Doc_0/Annots/Annotations.xml', 'Doc_0/Annots/Page_1/Annotation.xml']
      seal(draft, { ...sealingOf(ground), mode: 'continuing', uncovered: annotations }).set(annotations[0] as string, list)
      return seal(draft, { ...sealingOf(ground), signer: ground.second, id: 's002', folder: 'Doc_0/Signs/Sign_1', mode: 'continuing' }).bytes()
    }
  }
]
