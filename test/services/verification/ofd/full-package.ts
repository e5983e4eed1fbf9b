import { zipOf } from '../../../support/zip-builder.js'

const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
const DIGEST = Buffer.alloc(32, 7).toString('base64')

/** The files of a package that uses each thing the reader follows. Its signature is one by form only: reading never verifies. */
export function fullPackage (): Map<string, string> {
  const files = new Map([
    ['OFD.xml', `<?xml version="1.0" encoding="UTF-8"?>
<ofd:OFD ${NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody>
<ofd:DocInfo><ofd:DocID>0123</ofd:DocID><ofd:Title>营业执照</ofd:Title><ofd:Cover>/Doc_0/Res/cover.png</ofd:Cover>
<ofd:CustomDatas><ofd:CustomData Name="ZZBS">1.2.156</ofd:CustomData><ofd:CustomData Name="ZZMC"> 营业执照 </ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>
<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>
<ofd:Versions><ofd:Version ID="1" Index="1" Current="true" BaseLoc="Doc_0/Version_1.xml"/></ofd:Versions>
<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>
</ofd:DocBody></ofd:OFD>`],
    ['Doc_0/Version_1.xml', `<ofd:DocVersion ${NAMESPACE} ID="1"><ofd:FileList><ofd:File ID="1">Pages/1.xml</ofd:File><ofd:File ID="2">notes.bin</ofd:File></ofd:FileList><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:DocVersion>`],
    ['Doc_0/notes.bin', 'notes of a version'],
    ['Doc_0/Document.xml', `<ofd:Document ${NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>90</ofd:MaxUnitID>
<ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl.xml"/><ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>
<ofd:Pages><ofd:Page ID="10" BaseLoc="Pages/1.xml"/><ofd:Page ID="11" BaseLoc="/Doc_0/Pages/2.xml"/></ofd:Pages>
<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>
<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments><ofd:Extensions>Ext/Extensions.xml</ofd:Extensions></ofd:Document>`],
    ['Doc_0/Tpls/Tpl.xml', `<ofd:Page ${NAMESPACE}><ofd:Content><ofd:Layer ID="3"><ofd:TextObject ID="4"><ofd:TextCode>底纹</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>`],
    ['Doc_0/Pages/1.xml', `<ofd:Page ${NAMESPACE}><ofd:Template TemplateID="2"/><ofd:PageRes>PageRes.xml</ofd:PageRes><ofd:Content><ofd:Layer ID="12">
<ofd:TextObject ID="13"><ofd:TextCode X="0">名称</ofd:TextCode><ofd:TextCode X="9">：示例</ofd:TextCode></ofd:TextObject><ofd:PageBlock ID="14"><ofd:TextObject ID="15"><ofd:TextCode>住所</ofd:TextCode></ofd:TextObject></ofd:PageBlock>
<ofd:ImageObject ID="16" ResourceID="40"/></ofd:Layer></ofd:Content></ofd:Page>`],
    ['Doc_0/Pages/2.xml', `<ofd:Page ${NAMESPACE}><ofd:Content/></ofd:Page>`],
    ['Doc_0/Pages/PageRes.xml', `<ofd:Res ${NAMESPACE} BaseLoc="../Res"><ofd:MultiMedias><ofd:MultiMedia ID="41" Type="Image"><ofd:MediaFile>page.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`],
    ['Doc_0/PublicRes.xml', `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:ColorSpaces><ofd:ColorSpace ID="20" Type="RGB" Profile="rgb.icc"/></ofd:ColorSpaces>
<ofd:Fonts><ofd:Font ID="21" FontName="宋体"><ofd:FontFile>song.otf</ofd:FontFile></ofd:Font><ofd:Font ID="22" FontName="楷体"/></ofd:Fonts></ofd:Res>`],
    ['Doc_0/DocumentRes.xml', `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:DrawParams><ofd:DrawParam ID="30"/></ofd:DrawParams><ofd:MultiMedias><ofd:MultiMedia ID="40" Type="Image"><ofd:MediaFile>image.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>
<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50"><ofd:Content><ofd:ImageObject ID="51" ResourceID="40"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>`],
    ['Doc_0/Annots/Annotations.xml', `<ofd:Annotations ${NAMESPACE}><ofd:Page PageID="10"><ofd:FileLoc>Page_10.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`],
    ['Doc_0/Annots/Page_10.xml', `<ofd:PageAnnot ${NAMESPACE}><ofd:Annot ID="60" Type="Stamp"><Parameters><Parameter Name="x">y</Parameter></Parameters><ofd:Appearance/></ofd:Annot></ofd:PageAnnot>`],
    ['Doc_0/Attachs/Attachments.xml', `<ofd:Attachments ${NAMESPACE}><ofd:Attachment ID="70" Name="data"><ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`],
    ['Doc_0/Attachs/data.xml', '<data/>'],
    ['Doc_0/Tags/CustomTags.xml', `<ofd:CustomTags ${NAMESPACE}><ofd:CustomTag TypeID="cert"><ofd:SchemaLoc>tag.xsd</ofd:SchemaLoc><ofd:FileLoc>tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>`],
    ['Doc_0/Tags/tag.xsd', '<schema/>'],
    ['Doc_0/Tags/tag.xml', '<tag/>'],
    ['Doc_0/Ext/Extensions.xml', `<ofd:Extensions ${NAMESPACE}><ofd:Extension AppName="x" RefId="10"><ofd:Property Name="a">b</ofd:Property><ofd:ExtendData>extra.bin</ofd:ExtendData></ofd:Extension></ofd:Extensions>`],
    ['Doc_0/Ext/extra.bin', 'extra'],
    ['Doc_0/Signs/Signatures.xml', `<ofd:Signatures ${NAMESPACE}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>`],
    ['Doc_0/Signs/Sign_0/Signature.xml', `<ofd:Signature ${NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName="test" Version="1"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>
<ofd:SignatureDateTime>20240101000000Z</ofd:SignatureDateTime><ofd:Parameters><ofd:Parameter Name="a">b</ofd:Parameter></ofd:Parameters>
<ofd:References CheckMethod="1.2.156.10197.1.401"><ofd:Reference FileRef="/OFD.xml"><ofd:CheckValue>${DIGEST}</ofd:CheckValue></ofd:Reference><ofd:Reference FileRef="/Doc_0/gone.xml"><ofd:CheckValue>
${DIGEST}
</ofd:CheckValue></ofd:Reference></ofd:References>
<ofd:StampAnnot ID="1" PageRef="10" Boundary="1 2 3 4"/><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>`],
    ['Doc_0/Signs/Sign_0/Seal.esl', 'seal'],
    ['Doc_0/Signs/Sign_0/SignedValue.dat', 'value'],
    ['OFDEntries.xml', `<ofd:DocEntries ${NAMESPACE} ID="1"><ofd:SignedValueLoc>/entries.dat</ofd:SignedValueLoc><ofd:FileList><ofd:File ID="1" FileLoc="/OFD.xml"/><ofd:File ID="2" FileLoc="/Doc_0/gone.xml"/></ofd:FileList></ofd:DocEntries>`],
    ['entries.dat', 'value']
  ])
  for (const name of ['cover.png', 'rgb.icc', 'song.otf', 'image.png', 'page.png']) files.set(`Doc_0/Res/${name}`, name)
  return files
}

/** One change of a file: text to find, which must be there, and what stands in its place. */
export type Change = [file: string, find: string, replacement: string]

export function changed (changes: readonly Change[], more: Record<string, string> = {}, without: readonly string[] = [], binary: Record<string, Buffer> = {}): Buffer {
  const files = fullPackage()
  for (const [file, find, replacement] of changes) {
    const text = files.get(file)
    if (text?.includes(find) !== true) throw new Error(`${file} does not hold ${find}`)
    files.set(file, text.replace(find, () => replacement))
  }
  for (const [name, content] of Object.entries(more)) files.set(name, content)
  for (const name of without) if (!files.delete(name)) throw new Error(`no ${name}`)
  return zipOf([...files, ...Object.entries(binary)])
}
