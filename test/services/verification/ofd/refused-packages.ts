import type { OfdCode } from '../../../../services/verification/ofd/codes.js'
import { changed } from './full-package.js'
import type { Change } from './full-package.js'

export interface RefusedPackage { title: string, code: OfdCode, bytes: Buffer }

const ROOT = 'OFD.xml'
const DOCUMENT = 'Doc_0/Document.xml'
const PAGE = 'Doc_0/Pages/1.xml'
const PUBLIC = 'Doc_0/PublicRes.xml'
const ATTACHMENTS = 'Doc_0/Attachs/Attachments.xml'
const LIST = 'Doc_0/Signs/Signatures.xml'
const DESCRIPTION = 'Doc_0/Signs/Sign_0/Signature.xml'
const MANIFEST = 'OFDEntries.xml'
const DIGEST = Buffer.alloc(32, 7).toString('base64')

/** Each differs from the full package in just what its title says. */
export const REFUSED: readonly RefusedPackage[] = [
  // Root and documents
  refused('no OFD.xml', 'OFD_ROOT_MISSING', [], {}, [ROOT]),
  refused('OFD.xml in another case alone', 'OFD_ROOT_MISSING', [], { 'ofd.xml': '<a/>' }, [ROOT]),
  refused('OFD.xml in another case beside it', 'ZIP_NAME_TWICE', [], { 'ofd.xml': '<a/>' }),
  refused('OFD.xml in a directory alone', 'OFD_ROOT_MISSING', [], { 'x/OFD.xml': '<a/>' }, [ROOT]),
  refused('another root element', 'OFD_ROOT_ELEMENT', [], { [ROOT]: '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>' }),
  refused('no document', 'OFD_ELEMENT_MISSING', [], { [ROOT]: '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>' }),
  refused('another namespace', 'OFD_FOREIGN_NAME', [[ROOT, 'www.ofdspec.org/2016', 'www.ofdspec.org/2017']]),
  refused('no namespace', 'OFD_FOREIGN_NAME', [[PAGE, 'xmlns:ofd="http://www.ofdspec.org/2016"', 'xmlns:ofd="x"']]),
  refused('a document type in a page', 'XML_DOCTYPE', [[PAGE, '<ofd:Page', '<!DOCTYPE a><ofd:Page']]),
  refused('one document twice', 'OFD_DOCUMENT_TWICE', [[ROOT, '</ofd:OFD>', '<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>']]),
  refused('two roots of one document', 'OFD_ELEMENT_TWICE', [[ROOT, '<ofd:Versions>', '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>']]),
  refused('two lists of signatures', 'OFD_ELEMENT_TWICE', [[ROOT, '</ofd:DocBody>', '<ofd:Signatures>/x.xml</ofd:Signatures></ofd:DocBody>']]),
  refused('a root in another namespace too', 'OFD_FOREIGN_NAME', [[ROOT, '<ofd:Versions>', '<x:DocRoot xmlns:x="u">Doc_1/Document.xml</x:DocRoot><ofd:Versions>']]),
  refused('a root in the namespace without year too', 'OFD_FOREIGN_NAME', [[ROOT, '<ofd:Versions>', '<x:DocRoot xmlns:x="http://www.ofdspec.org">Doc_1/Document.xml</x:DocRoot><ofd:Versions>']]),
  refused('a body within an element that only some look into', 'OFD_ELEMENT_MISPLACED', [[ROOT, '</ofd:OFD>', '<ofd:Other><ofd:DocBody/></ofd:Other></ofd:OFD>']]),
  refused('a comment in a path', 'OFD_VALUE_NOT_PLAIN', [[ROOT, '>Doc_0/Document.xml', '>Doc_0/<!-- -->Document.xml']]),
  refused('CDATA in a path', 'OFD_VALUE_NOT_PLAIN', [[ROOT, '>Doc_0/Document.xml', '>Doc_0/<![CDATA[Document]]>.xml']]),
  refused('an element in a path', 'OFD_VALUE_NOT_PLAIN', [[ROOT, '>Doc_0/Document.xml', '>Doc_0/Document.xml<x/>']]),
  refused('a comment in metadata', 'OFD_VALUE_NOT_PLAIN', [[ROOT, '>1.2.156', '>1.2.<!-- -->156']]),
  refused('one name of metadata twice', 'OFD_CUSTOM_DATA_TWICE', [[ROOT, 'Name="ZZMC"', 'Name="ZZBS"']]),
  refused('metadata without name', 'OFD_VALUE_BAD', [[ROOT, ' Name="ZZMC"', '']]),
  refused('metadata with two names', 'OFD_VALUE_BAD', [[ROOT, 'Name="ZZMC"', 'Name="ZZMC" name="ZZBS"']]),
  refused('metadata in both spellings', 'OFD_ELEMENT_TWICE', [[ROOT, '</ofd:DocInfo>', '<ofd:CuslomDatas/></ofd:DocInfo>']]),
  refused('a current version that is another document', 'OFD_VERSION_AMBIGUOUS', [['Doc_0/Version_1.xml', '>Document.xml', '>Other.xml']],
    { 'Doc_0/Other.xml': '<Document xmlns="http://www.ofdspec.org/2016"><CommonData/><Pages><Page ID="1" BaseLoc="x.xml"/></Pages></Document>', 'Doc_0/x.xml': '<Page xmlns="http://www.ofdspec.org/2016"/>' }),
  refused('two current versions', 'OFD_VERSION_AMBIGUOUS', [[ROOT, '</ofd:Versions>', '<ofd:Version ID="2" Index="2" Current="1" BaseLoc="Doc_0/Version_1.xml"/></ofd:Versions>']]),
  refused('a version that is neither current nor not', 'OFD_VALUE_BAD', [[ROOT, 'Current="true"', 'Current="TRUE"']]),
  // Paths
  ...['', '..', '../Document.xml', 'Doc_0\\Document.xml', 'C:/Document.xml', 'http://example.com/Document.xml', '/', 'Doc_0/', 'Doc_0/.', 'Doc_0/\u007fDocument.xml']
    .map(path => refused(`the path ${JSON.stringify(path)}`, 'OFD_PATH_BAD', [[ROOT, '>Doc_0/Document.xml', `>${path}`]])),
  refused('a relative and an absolute reading of one path', 'OFD_PATH_AMBIGUOUS', [], { 'Pages/1.xml': '<a/>' }),
  refused('a resource below BaseLoc and one beside the list', 'OFD_PATH_AMBIGUOUS', [], { 'Doc_0/image.png': 'x' }),
  refused('a resource below BaseLoc and one at the root', 'OFD_PATH_AMBIGUOUS', [], { 'image.png': 'x' }),
  refused('a relative path in another case and an absolute one', 'OFD_PATH_AMBIGUOUS', [[DOCUMENT, 'Pages/1.xml', 'pages/1.xml']], { 'pages/1.xml': '<a/>' }),
  // Files that are named
  refused('a page that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Pages/2.xml']),
  refused('a document that is not there', 'OFD_FILE_MISSING', [[ROOT, '>Doc_0/Document.xml', '>Doc_1/Document.xml']]),
  refused('a template that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Tpls/Tpl.xml']),
  refused('an attachment that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Attachs/data.xml']),
  refused('a list of attachments that is not there', 'OFD_FILE_MISSING', [], {}, [ATTACHMENTS]),
  refused('an annotation that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Annots/Page_10.xml']),
  refused('a picture that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Res/image.png']),
  refused('a font that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Res/song.otf']),
  refused('a custom tag that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Tags/tag.xml']),
  refused('an extension that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/Ext/extra.bin']),
  refused('a file of a version that is not there', 'OFD_FILE_MISSING', [], {}, ['Doc_0/notes.bin']),
  refused('a value of the manifest that is not there', 'OFD_FILE_MISSING', [], {}, ['entries.dat']),
  refused('a page that is a template', 'OFD_FILE_TWO_ROLES', [[DOCUMENT, 'Tpls/Tpl.xml', 'Pages/1.xml']]),
  refused('a page that is an attachment', 'OFD_FILE_TWO_ROLES', [[ATTACHMENTS, 'data.xml', '/Doc_0/Pages/1.xml']]),
  refused('a seal that is a picture', 'OFD_FILE_TWO_ROLES', [[DESCRIPTION, '>Seal.esl', '>/Doc_0/Res/image.png']]),
  refused('a value that is an attachment', 'OFD_FILE_TWO_ROLES', [[DESCRIPTION, '>SignedValue.dat', '>/Doc_0/Attachs/data.xml']]),
  // Document.xml and below
  refused('no common data', 'OFD_ELEMENT_MISSING', [], { [DOCUMENT]: '<Document xmlns="http://www.ofdspec.org/2016"/>' }),
  refused('no page', 'OFD_ELEMENT_MISSING', [], { [DOCUMENT]: '<Document xmlns="http://www.ofdspec.org/2016"><CommonData/><Pages/></Document>' }),
  refused('two lists of attachments', 'OFD_ELEMENT_TWICE', [[DOCUMENT, '</ofd:Document>', '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>']]),
  refused('two lists of pages', 'OFD_ELEMENT_TWICE', [[DOCUMENT, '<ofd:Annotations>', '<ofd:Pages/><ofd:Annotations>']]),
  refused('a page among the common data', 'OFD_ELEMENT_MISPLACED', [[DOCUMENT, '</ofd:CommonData>', '<ofd:Page ID="99" BaseLoc="Pages/2.xml"/></ofd:CommonData>']]),
  refused('one ID for two pages', 'OFD_PAGE_TWICE', [[DOCUMENT, 'ID="11"', 'ID="10"']]),
  refused('one ID for a page and a template', 'OFD_PAGE_TWICE', [[DOCUMENT, 'ID="11"', 'ID="2"']]),
  refused('one file for two pages', 'OFD_PAGE_TWICE', [[DOCUMENT, '/Doc_0/Pages/2.xml', 'Pages/1.xml']]),
  refused('an ID with a leading zero', 'OFD_VALUE_BAD', [[DOCUMENT, 'ID="11"', 'ID="011"']]),
  refused('a page without ID', 'OFD_VALUE_BAD', [[DOCUMENT, ' ID="11"', '']]),
  refused('an attribute in a namespace', 'OFD_FOREIGN_NAME', [[DOCUMENT, 'ID="11"', 'ID="11" ofd:BaseLoc="x"']]),
  refused('a page with a template that there is not', 'OFD_ID_UNKNOWN', [[PAGE, 'TemplateID="2"', 'TemplateID="3"']]),
  refused('a template within the content of a page', 'OFD_ELEMENT_MISPLACED', [[PAGE, '<ofd:ImageObject', '<ofd:Template TemplateID="2"/><ofd:ImageObject']]),
  refused('a template in another namespace', 'OFD_FOREIGN_NAME', [[PAGE, '<ofd:Content>', '<x:Template xmlns:x="u" TemplateID="2"/><ofd:Content>']]),
  refused('one ID for two fonts', 'OFD_ID_TWICE', [[PUBLIC, 'ID="22"', 'ID="21"']]),
  refused('one ID for two pictures in two lists', 'OFD_ID_TWICE', [['Doc_0/Pages/PageRes.xml', 'ID="41"', 'ID="40"']]),
  refused('a picture without file', 'OFD_ELEMENT_MISSING', [['Doc_0/DocumentRes.xml', '<ofd:MediaFile>image.png</ofd:MediaFile>', '']]),
  refused('a picture with two files', 'OFD_ELEMENT_TWICE', [['Doc_0/DocumentRes.xml', '</ofd:MediaFile>', '</ofd:MediaFile><ofd:MediaFile>cover.png</ofd:MediaFile>']]),
  refused('one page annotated in two files', 'OFD_ID_TWICE', [['Doc_0/Annots/Annotations.xml', '</ofd:Annotations>', '<ofd:Page PageID="10"><ofd:FileLoc>Page_10.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>']]),
  refused('one ID for two attachments', 'OFD_ID_TWICE', [[ATTACHMENTS, '</ofd:Attachments>', '<ofd:Attachment ID="70" Name="b"><ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>']]),
  // Signatures
  refused('a list of signatures that is not there', 'SIGNATURE_LIST_MISSING', [], {}, [LIST]),
  refused('a description that is not there', 'SIGNATURE_FILE_MISSING', [], {}, [DESCRIPTION]),
  refused('a value that is not there', 'SIGNATURE_FILE_MISSING', [], {}, ['Doc_0/Signs/Sign_0/SignedValue.dat']),
  refused('a seal that is not there', 'SIGNATURE_FILE_MISSING', [], {}, ['Doc_0/Signs/Sign_0/Seal.esl']),
  refused('a list of signatures without name', 'OFD_PATH_BAD', [[ROOT, '>/Doc_0/Signs/Signatures.xml', '>']]),
  refused('one ID for two signatures', 'OFD_SIGNATURE_TWICE', [[LIST, '</ofd:Signatures>', '<ofd:Signature ID="1" BaseLoc="x"/></ofd:Signatures>']]),
  refused('a signature made upon one that there is not', 'OFD_ID_UNKNOWN', [[LIST, 'ID="1"', 'ID="1" Relative="0"']]),
  refused('one description for two signatures', 'OFD_SIGNATURE_TWICE', [[LIST, '</ofd:Signatures>', '<ofd:Signature ID="2" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>']]),
  refused('a description that is its own value', 'OFD_SIGNATURE_TWICE', [[DESCRIPTION, '>SignedValue.dat', '>Signature.xml']]),
  refused('another type of signature', 'OFD_VALUE_BAD', [[LIST, 'ID="1"', 'ID="1" Type="seal"']]),
  refused('two lists of references', 'OFD_ELEMENT_TWICE', [[DESCRIPTION, '<ofd:StampAnnot', `<ofd:References><ofd:Reference FileRef="/x"><ofd:CheckValue>${DIGEST}</ofd:CheckValue></ofd:Reference></ofd:References><ofd:StampAnnot`]]),
  refused('two infos', 'OFD_ELEMENT_TWICE', [[DESCRIPTION, '<ofd:SignedValue>', '<ofd:SignedInfo/><ofd:SignedValue>']]),
  refused('two values', 'OFD_ELEMENT_TWICE', [[DESCRIPTION, '<ofd:SignedValue>', '<ofd:SignedValue>x</ofd:SignedValue><ofd:SignedValue>']]),
  refused('two digests of one file', 'OFD_ELEMENT_TWICE', [[DESCRIPTION, '<ofd:CheckValue>', '<ofd:CheckValue>AA==</ofd:CheckValue><ofd:CheckValue>']]),
  refused('a provider named as attribute and as element', 'OFD_ELEMENT_TWICE', [[DESCRIPTION, '<ofd:Provider ProviderName="test" Version="1"/>', '<ofd:Provider ProviderName="test"><ofd:ProviderName>other</ofd:ProviderName></ofd:Provider>']]),
  refused('no value', 'OFD_ELEMENT_MISSING', [[DESCRIPTION, '<ofd:SignedValue>SignedValue.dat</ofd:SignedValue>', '']]),
  refused('no digest', 'OFD_ELEMENT_MISSING', [[DESCRIPTION, `<ofd:CheckValue>${DIGEST}</ofd:CheckValue>`, '']]),
  refused('an element that the standard does not know', 'OFD_ELEMENT_UNKNOWN', [[DESCRIPTION, '<ofd:StampAnnot', '<ofd:Note/><ofd:StampAnnot']]),
  refused('text between elements', 'OFD_ELEMENT_UNKNOWN', [[DESCRIPTION, '<ofd:StampAnnot', 'x<ofd:StampAnnot']]),
  refused('a reference in another namespace', 'OFD_FOREIGN_NAME', [[DESCRIPTION, '<ofd:Reference FileRef="/Doc_0/gone.xml">', '<x:Reference xmlns:x="u" FileRef="/x"/><ofd:Reference FileRef="/Doc_0/gone.xml">']]),
  refused('a reference outside the list', 'OFD_ELEMENT_MISPLACED', [[DESCRIPTION, '<ofd:StampAnnot', `<ofd:Reference FileRef="/x"><ofd:CheckValue>${DIGEST}</ofd:CheckValue></ofd:Reference><ofd:StampAnnot`]]),
  refused('a signature within a signature', 'OFD_ELEMENT_MISPLACED', [[DESCRIPTION, '<ofd:SignedValue>', '<ofd:Signature/><ofd:SignedValue>']]),
  refused('a comment in a digest', 'OFD_VALUE_NOT_PLAIN', [[DESCRIPTION, `>${DIGEST}`, `>${DIGEST.slice(0, 9)}<!-- -->${DIGEST.slice(9)}`]]),
  refused('CDATA in a digest', 'OFD_VALUE_NOT_PLAIN', [[DESCRIPTION, `>${DIGEST}`, `><![CDATA[${DIGEST}]]>`]]),
  refused('a digest without padding', 'OFD_CHECK_VALUE', [[DESCRIPTION, `>${DIGEST}`, `>${DIGEST.slice(0, -1)}`]]),
  refused('a digest with loose bits at the end', 'OFD_CHECK_VALUE', [[DESCRIPTION, `>${DIGEST}`, `>${DIGEST.slice(0, -2)}d=`]]),
  refused('a digest in base64url', 'OFD_CHECK_VALUE', [[DESCRIPTION, `>${DIGEST}`, `>_${DIGEST.slice(1)}`]]),
  refused('an empty digest', 'OFD_CHECK_VALUE', [[DESCRIPTION, `>${DIGEST}`, '>']]),
  refused('one file referred to twice', 'OFD_REFERENCE_TWICE', [[DESCRIPTION, '/Doc_0/gone.xml', '/Doc_0/../OFD.xml']]),
  refused('no references', 'OFD_ELEMENT_MISSING', [[LIST, 'Sign_0/Signature.xml', 'none.xml']],
    { 'Doc_0/Signs/none.xml': '<Signature xmlns="http://www.ofdspec.org/2016"><SignedInfo><References/></SignedInfo><SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</SignedValue></Signature>' }),
  refused('one file twice in the manifest', 'OFD_REFERENCE_TWICE', [[MANIFEST, '/Doc_0/gone.xml', 'OFD.xml']])
]

function refused (title: string, code: OfdCode, changes: Change[], more: Record<string, string> = {}, without: string[] = []): RefusedPackage {
  return { title, code, bytes: changed(changes, more, without) }
}
