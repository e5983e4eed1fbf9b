import type { SealSigner } from '../../connectors/issuing/ofd-seal.js'
import { parseTrust, type Trust } from '../../services/verification/trust.js'
import { Draft, NAMESPACE, seal, XML, type Sealing } from './ofd-draft.js'
import { ISSUER, sampleAuthority, sampleLicence, SIGNED_AT, type SampleAuthority } from './sample-licence.js'

/** What mutations and variations are made from. */
export interface Ground {
  authority: SampleAuthority
  signedAt: Date
  /** Of the department that may issue the licence. */
  signer: SealSigner
  /** A second seal and certificate of the same department. */
  second: SealSigner
  /** A genuine seal of a department that may not issue it. */
  wrong: SealSigner
  /** A seal whose own period ended before it was used; its certificate holds. */
  ended: SealSigner
  /** A seal whose certificate ended before it was used, though the seal goes on. */
  expired: SealSigner
  /** A licence without its signature: two pages, template, picture, font, annotation, attachment, custom tag. */
  unsealed: Draft
  /** The same, sealed over everything. */
  sealed: Draft
  /** Another licence of the same department, sealed. */
  other: Draft
}

export const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==', 'base64')

export function sealingOf ({ signer, signedAt }: Pick<Ground, 'signer' | 'signedAt'>): Sealing { return { signer, signedAt } }

export async function ground (): Promise<Ground> {
  const authority = await sampleAuthority()
  const { signer } = authority
  const signedAt = SIGNED_AT
  const unsealed = withEverything(Draft.of((await sampleLicence()).bytes))
  const another = withEverything(Draft.of((await sampleLicence({ fields: { serial: '2026000002', number: 'JY29901060000018' } })).bytes))
  const gone = new Date('2026-02-01T00:00:00Z')
  return {
    authority,
    signedAt,
    signer,
    second: authority.makeSigner(),
    wrong: authority.makeSigner({ uscc: '11990000YYYY01023R', name: '示例省公安厅', sealId: '99000000000102' }),
    ended: authority.makeSigner({ sealTo: gone }),
    expired: authority.makeSigner({ notAfter: gone, sealTo: new Date('2036-01-01T00:00:00Z') }),
    unsealed,
    sealed: seal(unsealed.copy(), { signer, signedAt }),
    other: seal(another, { signer, signedAt })
  }
}

/** Trusts the sample authority, and the department for the licence's type; the register is not asked. */
export function groundTrust ({ authority: { root, ca, crls } }: Pick<Ground, 'authority'>): Trust {
  const item = { issuer: ISSUER.uscc, issuerName: ISSUER.name, licenceType: '11990000YYYY010074002', licenceTypeName: '食品经营许可证', regions: ['990000'], from: '2020-01-01', basis: 'test' }
  return parseTrust({
    anchors: [{ name: 'root', bytes: root.certificate.bytes }],
    intermediates: [{ name: 'ca', bytes: ca.certificate.bytes }],
    crls: crls.map((bytes, i) => ({ name: String(i), bytes })),
    authorities: Buffer.from(JSON.stringify({ version: 1, issuedAt: '2026-01-01T00:00:00Z', items: [item] })),
    policy: Buffer.from('{"status":"off"}'),
    digest: ''
  })
}

/** Adds what a plain licence does without, so that there is something to attack. */
function withEverything (draft: Draft): Draft {
  for (const name of [...draft.files.keys()]) if (name.startsWith('Doc_0/Signs/')) draft.drop(name)
  draft.edit('Doc_0/Document.xml', '<ofd:MaxUnitID>1000<', '<ofd:MaxUnitID>3000<')
  draft.edit('Doc_0/Document.xml', '</ofd:CommonData>', '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>')
  draft.edit('Doc_0/Document.xml', '</ofd:Pages>', '<ofd:Page ID="2001" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages>')
  draft.edit('Doc_0/Document.xml', '</ofd:Document>', '<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>' +
    '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>')
  draft.edit('Doc_0/PublicRes.xml', '</ofd:Fonts>', '<ofd:Font ID="2002" FontName="印"><ofd:FontFile>seal.otf</ofd:FontFile></ofd:Font></ofd:Fonts>')
  return draft
    .set('Doc_0/Res/seal.otf', 'outlines')
    .set('Doc_0/DocumentRes.xml', `${XML}<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="2003" Type="Image" Format="PNG"><ofd:MediaFile>photo.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`)
    .set('Doc_0/Res/photo.png', PICTURE)
    .set('Doc_0/Pages/Page_1/Content.xml', page('2004', '副页', '<ofd:ImageObject ID="2006" ResourceID="2003" Boundary="10 40 20 20" CTM="20 0 0 20 0 0"/>'))
    .set('Doc_0/Annots/Annotations.xml', `${XML}<ofd:Annotations ${NAMESPACE}><ofd:Page PageID="2001"><ofd:FileLoc>Page_1/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`)
    .set('Doc_0/Annots/Page_1/Annotation.xml', `${XML}<ofd:PageAnnot ${NAMESPACE}><ofd:Annot ID="2007" Type="Watermark" Creator="test" LastModDate="2026-03-02"><ofd:Appearance Boundary="0 0 50 50"/></ofd:Annot></ofd:PageAnnot>`)
    .set('Doc_0/Tags/CustomTags.xml', `${XML}<ofd:CustomTags ${NAMESPACE}><ofd:CustomTag TypeID="cert"><ofd:FileLoc>tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>`)
    .set('Doc_0/Tags/tag.xml', '<cert/>')
    .set('Doc_0/Attachs/Attachments.xml', `${XML}<ofd:Attachments ${NAMESPACE}><ofd:Attachment ID="2008" Name="data" Format="xml"><ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`)
    .set('Doc_0/Attachs/data.xml', '<data>1</data>')
}

/** A page that writes one line. */
export function page (layerId: string, text: string, more = ''): string {
  return `${XML}<ofd:Page ${NAMESPACE}><ofd:Content><ofd:Layer ID="${layerId}"><ofd:TextObject ID="${Number(layerId) + 1}" Boundary="10 10 100 10" Font="3" Size="5"><ofd:TextCode X="0" Y="5">${text}</ofd:TextCode></ofd:TextObject>${more}</ofd:Layer></ofd:Content></ofd:Page>`
}
