import type { Words } from '../../core/words.js'

function words (zh: string, en: string, mendZh: string, mendEn: string): Words {
  return { zh, en, mend: { zh: mendZh, en: mendEn } }
}
const AGAIN = ['请向颁发单位重新索取原文件', 'Ask the issuer for the original file again'] as const
const MAKER = ['请制作单位用标准工具重新生成文件', 'Whoever made the file should make it again with a tool that keeps to the standard'] as const
const SMALLER = ['请减小文件，或请运维核对上限设置', 'Make the file smaller, or ask the operator about the limit'] as const

/**
 * Why a package is refused before any signature is looked at: it is damaged, beyond a limit, or two readers would read it
 * differently. Findings of the aspect `format`; docs/failures.md has a page for each.
 */
export const OFD_FINDINGS = {
  // Archive: limits
  ZIP_TOO_LARGE: words('文件大小超过上限', 'The archive is larger than the limit', ...SMALLER),
  ZIP_TOO_MANY_ENTRIES: words('压缩包内文件数超过上限', 'The archive holds more entries than the limit', ...SMALLER),
  ZIP_ENTRY_TOO_LARGE: words('压缩包内某个文件超过大小上限', 'A file in the archive is larger than the limit', ...SMALLER),
  ZIP_TOTAL_TOO_LARGE: words('解压后总大小超过上限', 'Once inflated, the archive is larger than the limit', ...SMALLER),
  ZIP_RATIO: words('压缩比异常，疑似压缩炸弹', 'A file inflates more than the limit allows, like a ZIP bomb', ...MAKER),
  // Archive: one reading only
  ZIP_END: words('不是完整的 ZIP 压缩包', 'This is no ZIP archive, or it does not end where it says', ...AGAIN),
  ZIP_COMMENT: words('压缩包注释中藏有压缩包结构', 'The comment of the archive could be read as part of it', ...AGAIN),
  ZIP_DIRECTORY: words('压缩包目录的数目、大小或位置对不上', 'Counts, sizes or offsets of the archive directory do not add up', ...AGAIN),
  ZIP_DISKS: words('不支持分卷压缩包', 'The archive is split over several disks', ...MAKER),
  ZIP_ZIP64: words('不支持 Zip64 格式', 'The archive uses Zip64, which is not read here', ...MAKER),
  ZIP_ENCRYPTED: words('压缩包内有加密文件', 'A file in the archive is encrypted', ...MAKER),
  ZIP_FLAGS: words('压缩包使用了不支持的标志位', 'An entry has flags that are not read here', ...MAKER),
  ZIP_METHOD: words('压缩包使用了不支持的压缩方法', 'A file is compressed by a method that is not read here', ...MAKER),
  ZIP_LOCAL_HEADER: words('压缩包本地文件头与目录不一致', 'A local header does not say what the directory says', ...AGAIN),
  ZIP_LAYOUT: words('压缩包内有空隙、重叠或多余字节', 'Entries overlap, leave a gap, or other bytes stand between them', ...AGAIN),
  ZIP_DESCRIPTOR: words('压缩包数据描述符缺失或不一致', 'A data descriptor is missing or disagrees', ...AGAIN),
  ZIP_NAME: words('压缩包内有不安全的文件名', 'A name in the archive is not safe', ...MAKER),
  ZIP_NAME_ENCODING: words('压缩包内文件名的编码不明确', 'A name in the archive is not clearly UTF-8', ...MAKER),
  ZIP_NAME_TWICE: words('压缩包内有重名文件，或仅大小写不同', 'A name stands twice, or two names differ only in case or Unicode form', ...AGAIN),
  ZIP_NAME_CLASH: words('同一名称既是文件又是目录', 'One name is a file and a directory', ...AGAIN),
  ZIP_LINK: words('压缩包内有符号链接', 'The archive holds a symbolic link', ...MAKER),
  ZIP_EXTRA: words('压缩包扩展字段会改变文件名或内容，或已损坏', 'An extra field would change a name or content, or is damaged', ...AGAIN),
  ZIP_DATA: words('压缩数据已损坏，或大小不符', 'Compressed data is damaged or has another size than said', ...AGAIN),
  ZIP_CRC: words('文件内容与校验码不符', 'The content of a file does not agree with its checksum', ...AGAIN),
  // XML
  XML_TOO_LARGE: words('XML 文件超过大小上限', 'An XML file is larger than the limit', ...SMALLER),
  XML_TOO_DEEP: words('XML 嵌套层数超过上限', 'XML is nested deeper than the limit', ...SMALLER),
  XML_TOO_MANY_ELEMENTS: words('XML 元素个数超过上限', 'XML has more elements than the limit', ...SMALLER),
  XML_TOO_MANY_ATTRIBUTES: words('XML 元素的属性个数超过上限', 'An XML element has more attributes than the limit', ...SMALLER),
  XML_ENCODING: words('XML 不是 UTF-8 编码', 'XML is in another encoding than UTF-8', ...MAKER),
  XML_NOT_UTF8: words('XML 含有不合法的 UTF-8 字节', 'XML holds bytes that are not UTF-8', ...AGAIN),
  XML_CHARACTER: words('XML 含有不允许的字符', 'XML holds a character that it may not', ...AGAIN),
  XML_DECLARATION: words('XML 声明不正确', 'The XML declaration is wrong', ...MAKER),
  XML_DOCTYPE: words('XML 含有文档类型声明，可能改变内容', 'XML has a document type, which could change what it says', ...MAKER),
  XML_PROCESSING_INSTRUCTION: words('XML 含有处理指令', 'XML has a processing instruction', ...MAKER),
  XML_ENTITY: words('XML 含有未定义的实体或非法字符引用', 'XML refers to an entity or character that it may not', ...MAKER),
  XML_SYNTAX: words('XML 不合语法', 'This is not well-formed XML', ...AGAIN),
  XML_TAG: words('XML 标签没有正确配对', 'XML tags do not match', ...AGAIN),
  XML_ROOT: words('XML 根元素缺失、重复，或其外有内容', 'XML has no root element, two, or content outside it', ...AGAIN),
  XML_ATTRIBUTE_TWICE: words('XML 元素有重复的属性', 'An XML element has an attribute twice', ...AGAIN),
  XML_NAMESPACE: words('XML 命名空间不正确', 'An XML namespace is wrong', ...MAKER),
  // Package
  OFD_ROOT_MISSING: words('压缩包根目录没有 OFD.xml', 'There is no OFD.xml at the root of the package', ...MAKER),
  OFD_ROOT_ELEMENT: words('文件的根元素不是 OFD 标准规定的', 'The root element of a file is not the one that the standard names', ...MAKER),
  OFD_ELEMENT_MISSING: words('缺少必需的元素', 'A required element is missing', ...MAKER),
  OFD_ELEMENT_TWICE: words('只能出现一次的元素出现了多次', 'An element that may stand once stands more than once', ...AGAIN),
  OFD_ELEMENT_MISPLACED: words('元素出现在不该出现的位置，不同软件读法不同', 'An element stands where only some readers look for it', ...AGAIN),
  OFD_ELEMENT_UNKNOWN: words('签名描述中有标准之外的元素或文字', 'The description of a signature holds what the standard does not know', ...AGAIN),
  OFD_FOREIGN_NAME: words('用其他命名空间冒充 OFD 元素或属性', 'An element or attribute looks like one of OFD and is in another namespace', ...AGAIN),
  OFD_VALUE_NOT_PLAIN: words('元素的值中夹有注释、CDATA 或其他元素', 'A value holds a comment, CDATA or another element', ...AGAIN),
  OFD_VALUE_BAD: words('属性或值缺失，或格式不正确', 'An attribute or value is missing or has the wrong form', ...MAKER),
  OFD_PATH_BAD: words('文件内的路径不合规定', 'A path in the package is not one that the standard allows', ...MAKER),
  OFD_PATH_AMBIGUOUS: words('文件内的路径可指向不同文件', 'A path in the package could mean two files', ...AGAIN),
  OFD_FILE_MISSING: words('文档引用的文件不在包内', 'A file that the document refers to is not in the package', ...AGAIN),
  OFD_FILE_TWO_ROLES: words('同一文件在包内身兼两种角色', 'One file of the package stands in two roles', ...AGAIN),
  OFD_DOCUMENT_TWICE: words('同一文档被列出两次', 'One document is listed twice', ...AGAIN),
  OFD_READINGS_TOO_MANY: words('同一文件被反复引用，读取总量超过上限', 'Files are referred to over and over, beyond the limit on what is read', ...MAKER),
  OFD_PAGE_TWICE: words('页面标识或页面文件重复', 'A page identifier or page file stands twice', ...AGAIN),
  OFD_ID_TWICE: words('标识重复，不同软件会取不同内容', 'An identifier stands twice, and readers would pick different ones', ...AGAIN),
  OFD_ID_UNKNOWN: words('引用了不存在的标识', 'An identifier is referred to that nothing has', ...AGAIN),
  OFD_CUSTOM_DATA_TWICE: words('自定义元数据的名称重复', 'A name of the custom metadata stands twice', ...MAKER),
  OFD_VERSION_AMBIGUOUS: words('当前版本与文档根不一致，不同软件会显示不同文档', 'The current version is another document than the one named first', ...AGAIN),
  // Signatures, as far as they can be found at all
  OFD_CHECK_VALUE: words('签名保护的摘要值不是正确的 Base64', 'A digest in the signature is not proper base64', ...AGAIN),
  OFD_REFERENCE_TWICE: words('签名中同一文件被列出两次', 'The signature lists one file twice', ...AGAIN),
  OFD_SIGNATURE_TWICE: words('签名标识、描述文件或签名值文件重复', 'An identifier, description or value serves two signatures', ...AGAIN),
  SIGNATURE_LIST_MISSING: words('文档声明有签名，但签名列表文件不在包内', 'The document names a list of signatures that is not in the package', ...AGAIN),
  SIGNATURE_FILE_MISSING: words('签名列表中的签名文件不在包内', 'A file of a listed signature is not in the package', ...AGAIN)
} satisfies Record<string, Words>

export type OfdCode = keyof typeof OFD_FINDINGS
