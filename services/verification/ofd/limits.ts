/** How much of an archive is read before it is refused. A host passes these from its settings; each has a code of its own. */
export interface ZipLimits {
  /** The archive as it comes. Beyond it: ZIP_TOO_LARGE. */
  archiveBytes: number
  /** Files and directories. Beyond it: ZIP_TOO_MANY_ENTRIES. */
  entryCount: number
  /** One entry's name, in UTF-8. Beyond it: ZIP_NAME. */
  nameBytes: number
  /** One file after inflating. Beyond it: ZIP_ENTRY_TOO_LARGE. */
  entryBytes: number
  /** All files after inflating. Beyond it: ZIP_TOTAL_TOO_LARGE. */
  totalBytes: number
  /** Inflated size divided by compressed size, of each file. Beyond it: ZIP_RATIO. */
  compressionRatio: number
}

/** How much of one XML file is read before it is refused. */
export interface XmlLimits {
  /** Beyond it: XML_TOO_LARGE. */
  xmlBytes: number
  /** Elements within one another, the root being 1. Beyond it: XML_TOO_DEEP. */
  xmlDepthLevels: number
  /** Elements in one file. Beyond it: XML_TOO_MANY_ELEMENTS. */
  xmlElementCount: number
  /** Attributes of one element, namespace declarations included. Beyond it: XML_TOO_MANY_ATTRIBUTES. */
  xmlAttributeCount: number
}

export interface OfdLimits extends ZipLimits, XmlLimits {}

const MIB = 1024 * 1024

/** A licence is a page or two with a picture: these leave room for a hundred scanned pages. */
export const OFD_LIMITS: OfdLimits = {
  archiveBytes: 32 * MIB,
  entryCount: 2_000,
  nameBytes: 512,
  entryBytes: 32 * MIB,
  totalBytes: 96 * MIB,
  compressionRatio: 200,
  xmlBytes: 8 * MIB,
  xmlDepthLevels: 64,
  xmlElementCount: 200_000,
  xmlAttributeCount: 64
}
