import { LIST, NAMESPACE, seal, XML, type Draft } from './ofd-draft.js'
import { page, sealingOf } from './ofd-ground.js'
import { afterwards, before, mutation, unchanged, type Mutation } from './ofd-mutation.js'

const ROOT = 'OFD.xml'
const DOCUMENT = 'Doc_0/Document.xml'
const PAGE = 'Doc_0/Pages/Page_0/Content.xml'
const TEMPLATE = 'Doc_0/Tpls/Tpl_0/Content.xml'
const uncovered = (title: string, ...files: string[]): Mutation => before(title, 'coverage', 'NOT_ALL_COVERED', unchanged, { uncovered: files })

/** What is shown was changed after it was sealed. */
const CHANGED: readonly Mutation[] = [
  afterwards('a page rewritten', 'references', 'CONTENT_CHANGED', draft => draft.edit(PAGE, '示例面馆', '示例酒楼')),
  afterwards('two pages swapped', 'references', 'CONTENT_CHANGED', draft => {
    const [first, second] = [draft.get(PAGE), draft.get('Doc_0/Pages/Page_1/Content.xml')]
    return draft.set(PAGE, second).set('Doc_0/Pages/Page_1/Content.xml', first)
  }),
  afterwards('a page from another licence of the same department', 'references', 'CONTENT_CHANGED', (draft, { other }) => draft.set(PAGE, other.get(PAGE))),
  afterwards('a template rewritten', 'references', 'CONTENT_CHANGED', draft => draft.edit(TEMPLATE, '证照', '执照')),
  afterwards('a picture replaced', 'references', 'CONTENT_CHANGED', draft => draft.set('Doc_0/Res/photo.png', 'another face')),
  afterwards('a font replaced, so that other characters are drawn', 'references', 'CONTENT_CHANGED', draft => draft.set('Doc_0/Res/seal.otf', 'other outlines')),
  afterwards('a resource list that leads to another picture', 'references', 'CONTENT_CHANGED', draft => draft.edit('Doc_0/DocumentRes.xml', 'photo.png', 'seal.otf')),
  afterwards('an annotation rewritten', 'references', 'CONTENT_CHANGED', draft => draft.edit('Doc_0/Annots/Page_1/Annotation.xml', '0 0 50 50', '0 0 99 99')),
  afterwards('an attachment rewritten', 'references', 'CONTENT_CHANGED', draft => draft.set('Doc_0/Attachs/data.xml', '<data>2</data>')),
  afterwards('metadata rewritten', 'references', 'CONTENT_CHANGED', draft => draft.edit(ROOT, 'JY29901060000017', 'JY29901060000019')),
  afterwards('a custom tag rewritten', 'references', 'CONTENT_CHANGED', draft => draft.set('Doc_0/Tags/tag.xml', '<cert>1</cert>')),
  afterwards('white space added to a page', 'references', 'CONTENT_CHANGED', draft => draft.set(PAGE, `${draft.get(PAGE).toString()}\n`)),
  afterwards('a page taken out of the document', 'references', 'CONTENT_CHANGED', draft => draft.edit(DOCUMENT, '<ofd:Page ID="2001" BaseLoc="Pages/Page_1/Content.xml"/>', '')),
  afterwards('the attachments taken out of the document', 'references', 'CONTENT_CHANGED', draft => draft.edit(DOCUMENT, '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>', '')),
  afterwards('a page added', 'references', 'CONTENT_CHANGED', draft => draft
    .edit(DOCUMENT, '</ofd:Pages>', '<ofd:Page ID="2100" BaseLoc="Pages/Page_2/Content.xml"/></ofd:Pages>')
    .set('Doc_0/Pages/Page_2/Content.xml', page('2101', '另加一页')), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('an annotation added', 'references', 'CONTENT_CHANGED', draft => draft
    .edit('Doc_0/Annots/Annotations.xml', '</ofd:Annotations>', '<ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>')
    .set('Doc_0/Annots/Page_0/Annotation.xml', `${XML}<ofd:PageAnnot ${NAMESPACE}/>`), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('an attachment added', 'references', 'CONTENT_CHANGED', draft => draft
    .edit('Doc_0/Attachs/Attachments.xml', '</ofd:Attachments>', '<ofd:Attachment ID="2100" Name="more"><ofd:FileLoc>more.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>')
    .set('Doc_0/Attachs/more.xml', '<more/>'), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('a second document added', 'references', 'CONTENT_CHANGED', draft => withSecondDocument(draft), { also: { coverage: 'NOT_ALL_COVERED' } })
]

/** The seal is whole, and a reader shows more than it covers. */
const UNCOVERED: readonly Mutation[] = [
  uncovered('a page that the seal never covered', 'Doc_0/Pages/Page_1/Content.xml'),
  uncovered('a template that the seal never covered', TEMPLATE),
  uncovered('a picture that the seal never covered', 'Doc_0/Res/photo.png'),
  uncovered('a font that the seal never covered', 'Doc_0/Res/seal.otf'),
  uncovered('a resource list that the seal never covered', 'Doc_0/PublicRes.xml'),
  uncovered('an annotation that the seal never covered', 'Doc_0/Annots/Page_1/Annotation.xml'),
  uncovered('an attachment that the seal never covered', 'Doc_0/Attachs/data.xml'),
  uncovered('a custom tag that the seal never covered', 'Doc_0/Tags/tag.xml'),
  uncovered('metadata that the seal never covered', ROOT),
  uncovered('a seal over the metadata alone', ...[DOCUMENT, PAGE, TEMPLATE, 'Doc_0/Pages/Page_1/Content.xml']),
  before('a second document that the seal never covered', 'coverage', 'NOT_ALL_COVERED', withSecondDocument, { uncovered: ['Doc_1/Document.xml', 'Doc_1/1.xml'] }),
  mutation('a resource list put where the sealed document has none', 'coverage', 'NOT_ALL_COVERED', ground => {
    const draft = ground.unsealed.copy()
    const list = draft.get('Doc_0/PublicRes.xml')
    return seal(draft.drop('Doc_0/PublicRes.xml', 'Doc_0/Res/seal.otf'), sealingOf(ground)).set('Doc_0/PublicRes.xml', list.toString().replace('<ofd:FontFile>seal.otf</ofd:FontFile>', '')).bytes()
  }),
  mutation('a resource list moved below the description, where a reference without slash still finds it', 'present', 'REFERENCED_FILE_MISSING', ground =>
    seal(ground.unsealed.copy(), { ...sealingOf(ground), writePath: path => path }).rename('Doc_0/DocumentRes.xml', 'Doc_0/Signs/Sign_0/Doc_0/DocumentRes.xml').bytes(),
  { also: { signed: 'SIGNATURE_REMOVED' } }),
  // A reader that minds the case finds no list, and draws without picture and font.
  afterwards('a resource list renamed in case alone', 'present', 'REFERENCED_FILE_MISSING', draft => draft.rename('Doc_0/DocumentRes.xml', 'Doc_0/DOCUMENTRES.xml'), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('a page renamed in case alone', 'present', 'REFERENCED_FILE_MISSING', draft => draft.rename(PAGE, 'Doc_0/pages/Page_0/Content.xml'), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('a file that nothing leads to', 'added', 'FILES_ADDED', draft => draft.set('Doc_0/Res/extra.bin', 'hidden')),
  afterwards('a page file that nothing leads to', 'added', 'FILES_ADDED', draft => draft.set('Doc_0/Pages/Page_9/Content.xml', page('1', 'x'))),
  afterwards('a sealed resource list dropped', 'present', 'REFERENCED_FILE_MISSING', draft => draft.drop('Doc_0/DocumentRes.xml')),
  before('a stamp for a page that there is not', 'stamps', 'STAMP_PAGE_MISSING', unchanged, { stamp: '77' })
]

function withSecondDocument (draft: Draft): Draft {
  return draft
    .edit(ROOT, '</ofd:OFD>', '<ofd:DocBody><ofd:DocInfo><ofd:DocID>2</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>')
    .set('Doc_1/Document.xml', `${XML}<ofd:Document ${NAMESPACE}><ofd:CommonData/><ofd:Pages><ofd:Page ID="1" BaseLoc="1.xml"/></ofd:Pages></ofd:Document>`)
    .set('Doc_1/1.xml', page('2', '另一份文档'))
}

/** Parts of the document or of its signature are gone. */
const REMOVED: readonly Mutation[] = [
  afterwards('a page file dropped', 'format', 'OFD_FILE_MISSING', draft => draft.drop('Doc_0/Pages/Page_1/Content.xml')),
  afterwards('a template dropped', 'format', 'OFD_FILE_MISSING', draft => draft.drop(TEMPLATE)),
  afterwards('a picture dropped', 'format', 'OFD_FILE_MISSING', draft => draft.drop('Doc_0/Res/photo.png')),
  afterwards('an attachment dropped', 'format', 'OFD_FILE_MISSING', draft => draft.drop('Doc_0/Attachs/data.xml')),
  afterwards('OFD.xml dropped', 'format', 'OFD_ROOT_MISSING', draft => draft.drop(ROOT)),
  afterwards('the list of signatures dropped', 'format', 'SIGNATURE_LIST_MISSING', draft => draft.drop(LIST)),
  afterwards('the description of the signature dropped', 'format', 'SIGNATURE_FILE_MISSING', draft => draft.drop('Doc_0/Signs/Sign_0/Signature.xml')),
  afterwards('the value of the signature dropped', 'format', 'SIGNATURE_FILE_MISSING', draft => draft.drop('Doc_0/Signs/Sign_0/SignedValue.dat')),
  afterwards('the seal dropped', 'format', 'SIGNATURE_FILE_MISSING', draft => draft.drop('Doc_0/Signs/Sign_0/Seal.esl')),
  afterwards('the signature taken out of its list', 'signed', 'SIGNATURE_REMOVED', draft =>
    draft.edit(LIST, '<ofd:Signature ID="s001" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>', '')),
  afterwards('the signature taken out of its list, its files dropped', 'signed', 'SIGNATURE_REMOVED', draft =>
    draft.edit(LIST, '<ofd:Signature ID="s001" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>', '')
      .drop(...['Signature.xml', 'SignedValue.dat', 'Seal.esl'].map(name => `Doc_0/Signs/Sign_0/${name}`))),
  afterwards('the list of signatures no longer named', 'signed', 'SIGNATURE_REMOVED', unlist),
  afterwards('the list no longer named, the parts renamed', 'signed', 'SIGNATURE_REMOVED', draft => unlist(draft).drop('Doc_0/Signs/Sign_0/SignedValue.dat')
    .rename(LIST, 'Doc_0/a.bin').rename('Doc_0/Signs/Sign_0/Signature.xml', 'Doc_0/b.bin').rename('Doc_0/Signs/Sign_0/Seal.esl', 'Doc_0/c.bin')),
  afterwards('every trace of the signature removed', 'signed', 'UNSIGNED', draft => unlist(draft).drop(...[...draft.files.keys()].filter(name => name.startsWith('Doc_0/Signs/'))),
    { verdict: 'indeterminate' }),
  afterwards('the value emptied', 'value', 'SIGNATURE_REMOVED', draft => draft.set('Doc_0/Signs/Sign_0/SignedValue.dat', '')),
  afterwards('the value cut short', 'signature-format', 'SIGNATURE_UNREADABLE', draft => draft.set('Doc_0/Signs/Sign_0/SignedValue.dat', draft.get('Doc_0/Signs/Sign_0/SignedValue.dat').subarray(0, -1)))
]

function unlist (draft: Draft): Draft {
  return draft.edit('OFD.xml', '<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>', '')
}

/** Mutations of what is shown, and of what the signature covers of it. */
export const CONTENT_MUTATIONS: readonly Mutation[] = [...CHANGED, ...UNCOVERED, ...REMOVED]
