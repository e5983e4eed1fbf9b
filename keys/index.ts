/** Trust list, authority list, and the development authority that a first start makes. */
export {
  readClients, readDepartments, readSealing, readSigningKey, readSpoiltSeals,
  type AboutClient, type AboutDepartment, type AboutSpoiltSeal, type PublicKeyEntry, type SealingMaterial
} from './about.js'
export { initAuthority, DEFAULT_CRL_DAYS, type AuthorityOptions, type AuthorityResult, type Picture } from './authority.js'
export { assertNotDevelopment, DEVELOPMENT_REMARK } from './development.js'
export { readPrivate } from './files.js'
export { importKey, keystoreCertificates, type ImportOptions, type ImportTarget } from './import.js'
export { type AuthorityName, KeyLayout, SERVICE_KEYS, type SealFolder, type ServiceKey } from './layout.js'
export { publishAuthorities, publishTrustList, readOwnList, SAMPLE_POLICY } from './publish.js'
export { refreshCrls, renewServiceKey, revokeSeal, type Revocation } from './renewal.js'
export { makeSeal, type SealContent, type SealMaker } from './seal.js'
export { acceptList, readSignedList, signList, type AuthorityList, type ListName, type Lists, type Seen, type SignedList, type TrustList } from './signed-list.js'
export { SignedLists } from './signed-lists.js'
export { writeTrustDirectory, type TrustContents } from './trust-directory.js'
