/** What field files do although the standards do not say so, and what we read all the same; each is reported. */
export const DIALECTS = {
  'archive-comment': { zh: '压缩包末尾带有注释', en: 'the archive ends with a comment' },
  'entry-comment': { zh: '压缩包内某个文件带有注释', en: 'an entry of the archive has a comment' },
  'namespace-without-year': { zh: '命名空间缺少年份 /2016', en: 'the namespace is http://www.ofdspec.org, without /2016' },
  'path-case': { zh: '路径与文件名的大小写不同', en: 'a path differs from the name of the file in upper and lower case' },
  'path-without-base': { zh: '资源文件不在资源清单的 BaseLoc 之下', en: 'a resource lies beside its list and not below the BaseLoc of that list' },
  'misspelt-custom-datas': { zh: '元数据写作 CuslomDatas，或属性 name 为小写', en: 'CuslomDatas, or the attribute name in lower case' },
  'max-sign-id-twice': { zh: 'Signatures.xml 多次给出 MaxSignId', en: 'Signatures.xml gives MaxSignId more than once' },
  'provider-as-elements': { zh: 'Provider 用子元素而不用属性写明', en: 'Provider names itself by child elements and not by attributes' },
  'attachment-without-id': { zh: '附件没有 ID', en: 'an attachment has no ID' }
} as const satisfies Record<string, { zh: string, en: string }>

export type Dialect = keyof typeof DIALECTS
