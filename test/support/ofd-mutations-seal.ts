import { der, digest, generateSm2KeyPair, readDer, sm2Sign, type DerNode } from '../../platform/crypto/index.js'
import { changeValue, FOLDER, LIST, seal, type Draft } from './ofd-draft.js'
import { sealingOf, type Ground } from './ofd-ground.js'
import { afterwards, before, mutation, unchanged, type Mutation } from './ofd-mutation.js'

const DESCRIPTION = `${FOLDER}/Signature.xml`
const VALUE = `${FOLDER}/SignedValue.dat`
const SEAL = `${FOLDER}/Seal.esl`
const PAGE = 'Doc_0/Pages/Page_0/Content.xml'
/** Rightly formed: a type that the authority list does not hold. */
const OTHER_TYPE = '1.2.156.3005.2.11990101YYYY000122001.12990102YYYY000208.2025000001.001.2'
/** After SIGNED_AT, and after the instant that tests ask about. */
const LATER = new Date('2026-09-01T00:00:00Z')

function withValue (draft: Draft, change: (value: Buffer) => Buffer): Draft {
  return draft.set(VALUE, change(draft.get(VALUE)))
}

/** The digest of a page, replaced in the description by that of the page as it is now. */
function withNewDigest (draft: Draft): Draft {
  const old = digest('sm3', draft.get(PAGE)).toString('base64')
  draft.edit(PAGE, '示例面馆', '示例酒楼')
  return draft.edit(DESCRIPTION, old, digest('sm3', draft.get(PAGE)).toString('base64'))
}

/** The seal with one byte of its picture changed: what the signer then uses and shows. */
function repainted ({ signer }: Ground): Buffer {
  const bytes = Buffer.from(signer.seal)
  const at = bytes.indexOf('IDAT', 0, 'latin1')
  if (at < 0) throw new Error('the picture of the seal is no PNG')
  bytes[at + 10] = (bytes[at + 10] as number) ^ 1
  return bytes
}

/** The seal as its maker made it, signed by a stranger in the maker's name. */
function signedByStranger ({ signer }: Ground): Buffer {
  const [info, maker, algorithm] = readDer(signer.seal).children as [DerNode, DerNode, DerNode]
  return der.sequence(info.bytes, maker.bytes, algorithm.bytes, der.bits(sm2Sign(generateSm2KeyPair().privateKey, info.bytes)))
}

/** The signature was moved, cut up or put together from parts. */
const MOVED: readonly Mutation[] = [
  afterwards('the value of another licence of the same department', 'description', 'DESCRIPTION_CHANGED', (draft, { other }) => draft.set(VALUE, other.get(VALUE))),
  afterwards('the whole signature of another licence', 'references', 'CONTENT_CHANGED', (draft, { other }) => draft.set(DESCRIPTION, other.get(DESCRIPTION)).set(VALUE, other.get(VALUE))),
  afterwards('a page and its digest changed together', 'description', 'DESCRIPTION_CHANGED', withNewDigest),
  afterwards('one digest changed', 'description', 'DESCRIPTION_CHANGED', (draft, { other }) =>
    draft.edit(DESCRIPTION, digest('sm3', draft.get(PAGE)).toString('base64'), digest('sm3', other.get(PAGE)).toString('base64')), { also: { references: 'CONTENT_CHANGED' } }),
  afterwards('a reference taken out of the description', 'description', 'DESCRIPTION_CHANGED', draft => draft.edit(DESCRIPTION,
    `<ofd:Reference FileRef="/${PAGE}"><ofd:CheckValue>${digest('sm3', draft.get(PAGE)).toString('base64')}</ofd:CheckValue></ofd:Reference>`, ''), { also: { coverage: 'NOT_ALL_COVERED' } }),
  afterwards('white space put into the description', 'description', 'DESCRIPTION_CHANGED', draft => draft.edit(DESCRIPTION, '</ofd:SignedInfo>', '\n</ofd:SignedInfo>')),
  afterwards('the stamp moved on the page', 'description', 'DESCRIPTION_CHANGED', draft => draft.edit(DESCRIPTION, 'Boundary="200 146 40 40"', 'Boundary="20 20 40 40"')),
  afterwards('a page, its digest and the hash of the description changed', 'value', 'SIGNATURE_INVALID', draft => {
    withNewDigest(draft)
    return withValue(draft, value => changeValue(value, { dataHash: der.bits(digest('sm3', draft.get(DESCRIPTION))) }))
  }),
  before('a signature made for another place', 'place', 'PROPERTY_INFO_DIFFERS', unchanged, { propertyInfo: '/Doc_0/Signs/Sign_1/Signature.xml' }),
  mutation('a description moved to another directory', 'place', 'PROPERTY_INFO_DIFFERS', ground => {
    const draft = seal(ground.unsealed.copy(), { ...sealingOf(ground), mode: 'continuing' })
    return draft.rename(DESCRIPTION, 'Doc_0/Signs/Sign_9/Signature.xml').edit(LIST, DESCRIPTION, 'Doc_0/Signs/Sign_9/Signature.xml').bytes()
  }),
  mutation('a second signature on a licence that is sealed as a whole', 'references', 'CONTENT_CHANGED', ground =>
    seal(ground.sealed.copy(), { ...sealingOf(ground), signer: ground.second, id: 's002', folder: 'Doc_0/Signs/Sign_1' }).bytes())
]

/** The value was changed, or made by the wrong hand. */
const VALUES: readonly Mutation[] = [
  afterwards('the time of signing changed', 'value', 'SIGNATURE_INVALID', draft => withValue(draft, value => changeValue(value, { time: der.generalizedTime(new Date('2026-03-01T01:00:00Z')) }))),
  afterwards('the place that was signed changed', 'value', 'SIGNATURE_INVALID', draft =>
    withValue(draft, value => changeValue(value, { propertyInfo: der.ia5('/Doc_0/Signs/Sign_1/Signature.xml') })), { also: { place: 'PROPERTY_INFO_DIFFERS' } }),
  afterwards('a bit of the signature changed', 'value', 'SIGNATURE_INVALID', draft => withValue(draft, value => {
    const bytes = Buffer.from(value)
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1
    return bytes
  })),
  afterwards('signed by the key of a stranger', 'value', 'SIGNATURE_INVALID', draft => withValue(draft, value => changeValue(value, {}, generateSm2KeyPair().privateKey))),
  afterwards('another algorithm named', 'algorithm', 'ALGORITHM_REFUSED', draft => withValue(draft, value => changeValue(value, { algorithm: der.oid('1.2.840.113549.1.1.5') })),
    { also: { value: 'SIGNATURE_INVALID' } }),
  afterwards('another certificate of the same department put in', 'value', 'SIGNATURE_INVALID', (draft, { second }) =>
    withValue(draft, value => changeValue(value, { certificate: der.octets(second.certificate) })), { also: { 'seal-signer': 'SIGNER_NOT_IN_SEAL' } }),
  afterwards('bytes after the value', 'signature-format', 'SIGNATURE_UNREADABLE', draft => withValue(draft, value => Buffer.concat([value, Buffer.alloc(1)]))),
  before('MD5 for the digests', 'check-method', 'CHECK_METHOD_REFUSED', unchanged, { checkMethod: 'MD5' }),
  before('no method for the digests, which means MD5', 'check-method', 'CHECK_METHOD_REFUSED', unchanged, { checkMethod: undefined }),
  before('SHA-1 for the digests', 'check-method', 'CHECK_METHOD_REFUSED', unchanged, { checkMethod: '1.3.14.3.2.26', hash: 'sha1' }),
  before('SM3 with a key named for the digests', 'check-method', 'CHECK_METHOD_REFUSED', unchanged, { checkMethod: '1.2.156.10197.1.401.2' }),
  before('signed in the future', 'signing-time', 'SIGNED_IN_FUTURE', unchanged, { signedAt: LATER })
]

/** The seal is not what it seems, or not for this. */

const SEALS: readonly Mutation[] = [
  mutation('the seal that is shown replaced by another genuine one', 'seal-file', 'SEAL_FILE_DIFFERS', ground =>
    seal(ground.unsealed.copy(), { ...sealingOf(ground), uncovered: [SEAL] }).set(SEAL, ground.second.seal).bytes()),
  afterwards('the covered seal replaced by another genuine one', 'seal-file', 'SEAL_FILE_DIFFERS', (draft, { second }) => draft.set(SEAL, second.seal), { also: { references: 'CONTENT_CHANGED' } }),
  mutation('a seal whose picture was painted over', 'seal-value', 'SEAL_MAKER_INVALID', ground => seal(ground.unsealed.copy(), { ...sealingOf(ground), seal: repainted(ground) }).bytes()),
  mutation('a seal that its maker never signed', 'seal-value', 'SEAL_MAKER_INVALID', ground => seal(ground.unsealed.copy(), { ...sealingOf(ground), seal: signedByStranger(ground) }).bytes()),
  mutation('a certificate of the same department that the seal does not list', 'seal-signer', 'SIGNER_NOT_IN_SEAL', ground =>
    seal(ground.unsealed.copy(), { ...sealingOf(ground), signer: { ...ground.second, seal: ground.signer.seal } }).bytes()),
  mutation('a genuine seal of the wrong department', 'competence', 'NOT_COMPETENT', ground => seal(ground.unsealed.copy(), { ...sealingOf(ground), signer: ground.wrong }).bytes()),
  mutation('a seal that was no longer in force', 'seal-period', 'SEAL_NOT_IN_FORCE', ground => seal(ground.unsealed.copy(), { ...sealingOf(ground), signer: ground.ended }).bytes()),
  mutation('a certificate that had expired', 'signer-path', 'CERTIFICATE_EXPIRED', ground => seal(ground.unsealed.copy(), { ...sealingOf(ground), signer: ground.expired }).bytes()),
  before('an identifier with a wrong check character', 'identifier', 'IDENTIFIER_CHECK_FAILED', draft => draft.edit('OFD.xml', '.2026000001.', '.2026000007.')),
  before('an identifier of another type of licence', 'competence', 'AUTHORITY_UNKNOWN', draft => draft
    .set('OFD.xml', draft.get('OFD.xml').toString().replace(/(Name="ZZBS">)[^<]*/, (_, name: string) => `${name}${OTHER_TYPE}`)), {}, { verdict: 'indeterminate' })
]

/** Mutations of the description, the value and the seal. */
export const SEAL_MUTATIONS: readonly Mutation[] = [...MOVED, ...VALUES, ...SEALS]
