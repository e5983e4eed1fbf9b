/** What field files do although the standards do not say so, and what we read all the same; each is reported. */
export const DIALECTS = {
  'archive-comment': 'the archive ends with a comment',
  'entry-comment': 'an entry of the archive has a comment',
  'namespace-without-year': 'the namespace is http://www.ofdspec.org, without /2016',
  'path-case': 'a path differs from the name of the file in upper and lower case',
  'path-without-base': 'a resource lies beside its list and not below the BaseLoc of that list',
  'misspelt-custom-datas': 'CuslomDatas, or the attribute name in lower case',
  'max-sign-id-twice': 'Signatures.xml gives MaxSignId more than once',
  'provider-as-elements': 'Provider names itself by child elements and not by attributes',
  'attachment-without-id': 'an attachment has no ID'
} as const

export type Dialect = keyof typeof DIALECTS
