import type { FindingCode } from '../../services/verification/report.js'
import { FOLDER, type Draft } from './ofd-draft.js'
import { page } from './ofd-ground.js'
import { afterwards, before, mutation, type Mutation } from './ofd-mutation.js'
import { extraField, type BuiltArchive, type BuiltEntry } from './zip-builder.js'

const ROOT = 'OFD.xml'
const DOCUMENT = 'Doc_0/Document.xml'
const PAGE = 'Doc_0/Pages/Page_0/Content.xml'
const DESCRIPTION = `${FOLDER}/Signature.xml`

/** Writes the sealed licence again, with one page's entry or the archive around it changed. */
function rewritten (title: string, code: FindingCode, change: Partial<BuiltEntry>, archive: Omit<BuiltArchive, 'entries'> = {}): Mutation {
  return mutation(title, 'format', code, ({ sealed }) => sealed.bytes(entry => entry.name === PAGE ? { ...entry, ...change } : entry, archive))
}

/** Adds an entry to the sealed licence. */
function withEntry (title: string, code: FindingCode, entry: BuiltEntry): Mutation {
  return mutation(title, 'format', code, ({ sealed }) => sealed.bytes(undefined, {}, [entry]))
}

function refused (title: string, code: FindingCode, change: (draft: Draft) => Draft): Mutation {
  return before(title, 'format', code, change)
}

function described (title: string, code: FindingCode, describe: (xml: string) => string): Mutation {
  return before(title, 'format', code, draft => draft, { describe })
}

const OTHER_PAGE = Buffer.from(page('9', '另一内容'))

/** The archive shows different files to different readers. */
const ARCHIVES: readonly Mutation[] = [
  withEntry('a second page file of the same name', 'ZIP_NAME_TWICE', { name: PAGE, content: OTHER_PAGE }),
  withEntry('a second page file whose name differs in case', 'ZIP_NAME_TWICE', { name: PAGE.toLowerCase(), content: OTHER_PAGE }),
  withEntry('a file named like a directory of the document', 'ZIP_NAME_CLASH', { name: 'Doc_0/Pages', content: 'x' }),
  withEntry('a name that leaves the package', 'ZIP_NAME', { name: '../OFD.xml', content: OTHER_PAGE }),
  withEntry('a name with a backslash', 'ZIP_NAME', { name: 'Doc_0\\Document.xml', content: OTHER_PAGE }),
  withEntry('an entry that the directory does not list', 'ZIP_LAYOUT', { name: 'Doc_0/hidden.xml', content: OTHER_PAGE, only: 'local' }),
  rewritten('another name in the local header', 'ZIP_LOCAL_HEADER', { local: { name: 'Doc_0/Pages/Page_0/Konvent.xml' } }),
  rewritten('another name in an extra field', 'ZIP_EXTRA', { extra: extraField(0x7075, Buffer.from('\u0001....Doc_0/evil.xml')) }),
  rewritten('a page marked as a directory', 'ZIP_NAME_CLASH', { attributes: 0x10 }),
  rewritten('a page that is a symbolic link', 'ZIP_LINK', { madeBy: 0x0314, attributes: 0xa1ff0000 }),
  rewritten('an encrypted page', 'ZIP_ENCRYPTED', { flags: 1 }),
  rewritten('a page with the checksum of another', 'ZIP_CRC', { crc: 1 }),
  rewritten('bytes hidden between entries', 'ZIP_LAYOUT', { after: OTHER_PAGE }),
  mutation('an archive hidden before this one', 'format', 'ZIP_LAYOUT', ({ sealed, other }) => sealed.bytes(entry => entry.name === ROOT ? { ...entry, before: other.bytes() } : entry)),
  mutation('a program before the archive, so that it is none', 'format', 'FILE_TYPE_UNKNOWN', ({ sealed }) =>
    sealed.bytes(entry => entry.name === ROOT ? { ...entry, before: Buffer.from('#!/bin/sh\n') } : entry), { verdict: 'indeterminate' }),
  rewritten('another archive after this one', 'ZIP_END', {}, { suffix: Buffer.from('PK') })
]

/** XML that readers read differently; the department itself sealed it so. */
const DOCUMENTS: readonly Mutation[] = [
  refused('a document type in a page', 'XML_DOCTYPE', draft => draft.edit(PAGE, '<ofd:Page ', '<!DOCTYPE x [<!ENTITY a "b">]><ofd:Page ')),
  refused('a style sheet for a page', 'XML_PROCESSING_INSTRUCTION', draft => draft.edit(PAGE, '<ofd:Page ', '<?xml-stylesheet href="x"?><ofd:Page ')),
  refused('an attribute of a page twice', 'XML_ATTRIBUTE_TWICE', draft => draft.edit(PAGE, 'TemplateID="2"', 'TemplateID="2" TemplateID="3"')),
  refused('a page in GB 18030', 'XML_ENCODING', draft => draft.edit(PAGE, 'encoding="UTF-8"', 'encoding="GB18030"')),
  refused('one name of metadata twice', 'OFD_CUSTOM_DATA_TWICE', draft => draft.edit(ROOT, '</ofd:CustomDatas>', '<ofd:CustomData Name="ZZBS">x</ofd:CustomData></ofd:CustomDatas>')),
  refused('metadata with a comment in it', 'OFD_VALUE_NOT_PLAIN', draft => draft.edit(ROOT, 'Name="ZZBS">1.2', 'Name="ZZBS">1<!-- -->.2')),
  refused('two roots of one document', 'OFD_ELEMENT_TWICE', draft => draft.edit(ROOT, '</ofd:DocRoot>', '</ofd:DocRoot><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>')),
  refused('a root that looks like one of OFD', 'OFD_FOREIGN_NAME', draft => draft.edit(ROOT, '</ofd:DocRoot>', '</ofd:DocRoot><x:DocRoot xmlns:x="u">x</x:DocRoot>')),
  refused('the same page twice', 'OFD_PAGE_TWICE', draft => draft.edit(DOCUMENT, 'ID="2001"', 'ID="1"')),
  refused('one document named twice', 'OFD_DOCUMENT_TWICE', draft => draft.edit(ROOT, '</ofd:OFD>', '<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>')),
  refused('two lists of attachments', 'OFD_ELEMENT_TWICE', draft => draft.edit(DOCUMENT, '</ofd:Document>', '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>')),
  refused('a page where only some look for it', 'OFD_ELEMENT_MISPLACED', draft => draft.edit(DOCUMENT, '</ofd:CommonData>', '<ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/></ofd:CommonData>')),
  afterwards('a file that makes a path mean two files', 'format', 'OFD_PATH_AMBIGUOUS', draft => draft.set('Pages/Page_0/Content.xml', OTHER_PAGE)),
  described('a comment in a digest', 'OFD_VALUE_NOT_PLAIN', xml => xml.replace('<ofd:CheckValue>', '<ofd:CheckValue><!-- -->')),
  described('CDATA in a digest', 'OFD_VALUE_NOT_PLAIN', xml => xml.replace(/<ofd:CheckValue>([^<]*)</, '<ofd:CheckValue><![CDATA[$1]]><')),
  described('a digest that is no proper base64', 'OFD_CHECK_VALUE', xml => xml.replace('=</ofd:CheckValue>', '</ofd:CheckValue>')),
  described('two lists of references', 'OFD_ELEMENT_TWICE', xml => xml.replace('<ofd:StampAnnot', '<ofd:References/><ofd:StampAnnot')),
  described('two infos', 'OFD_ELEMENT_TWICE', xml => xml.replace('</ofd:SignedInfo>', '</ofd:SignedInfo><ofd:SignedInfo/>')),
  described('a reference that looks like one of OFD', 'OFD_FOREIGN_NAME', xml => xml.replace('</ofd:References>', '<x:Reference xmlns:x="u" FileRef="/x"/></ofd:References>')),
  described('one file referred to twice', 'OFD_REFERENCE_TWICE', xml => xml.replace(/(<ofd:Reference FileRef="\/OFD.xml">.*?<\/ofd:Reference>)/, '$1$1')),
  before('two signatures of one name', 'format', 'OFD_SIGNATURE_TWICE', draft => draft, { list: xml => xml.replace(/(<ofd:Signature .*?\/>)/, '$1$1') }),
  afterwards('a document type in the description', 'format', 'XML_DOCTYPE', draft => draft.edit(DESCRIPTION, '<ofd:Signature ', '<!DOCTYPE x><ofd:Signature '))
]

/** Mutations of the archive and of how its files are written; none may come as far as a signature. */
export const ARCHIVE_MUTATIONS: readonly Mutation[] = [...ARCHIVES, ...DOCUMENTS]
