import { existsSync, readFileSync } from 'node:fs'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { loadPrivateKey, loadPublicKey } from '../platform/crypto/index.js'
import type { SampleProvince } from '../schemas/documents/sample-province.v1.js'
import { type Clock, dayInChina } from '../services/core/clock.js'
import { CertificateAuthority, readCertificate } from './certificate-authority.js'
import { readPrivate, replaceFile } from './files.js'
import { AUTHORITIES, type AuthorityName, KeyLayout } from './layout.js'
import { type AuthorityList, type ListName, type Lists, readSignedList, signList, type TrustList } from './signed-list.js'
import { writeFile, writeTrustDirectory } from './trust-directory.js'

const SM2_WITH_SM3 = '1.2.156.10197.1.501'
const SM3 = '1.2.156.10197.1.401'
/** Since when the sample departments may issue, years before the day of making. */
const AUTHORITY_YEARS = 60

/** What this trust directory demands. `status` is off because files alone cannot know it. @see docs/decisions/0003-offline-status.md */
export const SAMPLE_POLICY = {
  revocation: 'required',
  signingTime: 'proven',
  authority: 'required',
  status: 'off',
  signatureAlgorithms: [SM2_WITH_SM3],
  digestAlgorithms: [SM3]
} as const

export interface PublishOptions { layout: KeyLayout, province: SampleProvince, clock: Clock, crlDays: number }

/** Makes the first version of each list where there is none, and the trust directory from both. @returns paths of files that changed */
export function publishLists ({ layout, province, clock, crlDays }: PublishOptions): string[] {
  const changed: string[] = []
  if (!existsSync(`${layout.trustList}.jws`)) changed.push(...writeList(layout, 'trust-list', { version: 1, issuedAt: instant(clock), development: true, ...firstTrust(layout) }))
  if (!existsSync(`${layout.authorityList}.jws`)) changed.push(...writeList(layout, 'authority-list', { version: 1, issuedAt: instant(clock), items: firstItems(province, clock) }))
  return [...changed, ...publishTrust(layout, clock, crlDays)]
}

/**
 * Issues the next version of the authority list, signed, and puts it into the trust directory.
 * @throws {Failure} INPUT_INVALID an item does not have its shape; NOT_FOUND, KEY_EXPOSED no list key of ours here
 */
export function publishAuthorities (dataDir: string, items: AuthorityList['items'], { clock, crlDays }: { clock: Clock, crlDays: number }): AuthorityList {
  const layout = new KeyLayout(dataDir)
  const list = { version: readOwnList(layout, 'authority-list').list.version + 1, issuedAt: instant(clock), items }
  writeList(layout, 'authority-list', list)
  publishTrust(layout, clock, crlDays)
  return list
}

/** The same for the trust list. @throws {Failure} as `publishAuthorities` */
export function publishTrustList (dataDir: string, content: Omit<TrustList, 'version' | 'issuedAt'>, { clock, crlDays }: { clock: Clock, crlDays: number }): TrustList {
  const layout = new KeyLayout(dataDir)
  const list = { version: readOwnList(layout, 'trust-list').list.version + 1, issuedAt: instant(clock), ...content }
  writeList(layout, 'trust-list', list)
  publishTrust(layout, clock, crlDays)
  return list
}

/** The list on disk, verified with the list key beside it. @throws {Failure} as `readSignedList` */
export function readOwnList<Name extends ListName> (layout: KeyLayout, name: Name): ReturnType<typeof readSignedList<Name>> {
  return readSignedList(name, readFileSync(`${pathOf(layout, name)}.jws`, 'utf8').trim(), [listKey(layout)])
}

/** Lists of revoked certificates that are in force now, new ones where the old are past half of their life. */
export function currentCrls (layout: KeyLayout, clock: Clock, crlDays: number): { crls: Map<AuthorityName, Buffer>, signed: AuthorityName[] } {
  const crls = new Map<AuthorityName, Buffer>()
  const signed: AuthorityName[] = []
  for (const name of AUTHORITIES) {
    const list = new CertificateAuthority(layout, name).list(clock.now(), crlDays * 86_400_000)
    crls.set(name, list.der)
    if (list.signed) signed.push(name)
  }
  return { crls, signed }
}

function publishTrust (layout: KeyLayout, clock: Clock, crlDays: number): string[] {
  const trust = readOwnList(layout, 'trust-list')
  const authority = readOwnList(layout, 'authority-list')
  return [
    // The JWS is the list; the JSON beside it is for people, and is put right where it differs.
    ...writeFile(`${layout.trustList}.json`, trust.bytes),
    ...writeFile(`${layout.authorityList}.json`, authority.bytes),
    ...writeTrustDirectory(layout.trust, { trustList: trust.list, authorities: authority.bytes, crls: currentCrls(layout, clock, crlDays).crls })
  ]
}

function writeList<Name extends ListName> (layout: KeyLayout, name: Name, list: Lists[Name]): string[] {
  const path = `${pathOf(layout, name)}.jws`
  replaceFile(path, `${signList(name, list, loadPrivateKey(readPrivate(layout.service('list').key)))}\n`)
  return [path]
}

function firstTrust (layout: KeyLayout): Omit<TrustList, 'version' | 'issuedAt' | 'development'> {
  const entry = (name: AuthorityName): { name: string, certificate: string } => {
    const { key, certificate } = layout.authority(name)
    const { subject, bytes } = readCertificate(certificate, loadPrivateKey(readPrivate(key)))
    return { name: subject.get('CN') ?? name, certificate: bytes.toString('base64') }
  }
  return {
    anchors: [entry('root')],
    timestampAnchors: [],
    sealMakers: [entry('seal-makers')],
    intermediates: [entry('seal-makers'), entry('departments')],
    policy: { ...SAMPLE_POLICY, signatureAlgorithms: [...SAMPLE_POLICY.signatureAlgorithms], digestAlgorithms: [...SAMPLE_POLICY.digestAlgorithms] }
  }
}

function firstItems (province: SampleProvince, clock: Clock): AuthorityList['items'] {
  const today = dayInChina(clock.now())
  const from = `${Number(today.slice(0, 4)) - AUTHORITY_YEARS}-01-01`
  return province.departments.flatMap(({ uscc, name, licences }) => licences.map(licence => ({
    issuer: uscc,
    issuerName: name,
    licenceType: licence.type,
    licenceTypeName: licence.name,
    regions: [province.region],
    from,
    basis: `示例省电子证照发证清单：${name}颁发${licence.name}（虚构，仅供演示）`
  })))
}

function pathOf (layout: KeyLayout, name: ListName): string { return name === 'trust-list' ? layout.trustList : layout.authorityList }
function instant (clock: Clock): string { return clock.now().toISOString() }
/** The key that lists are verified with; from the public file, which a service that signs nothing holds alone. */
function listKey (layout: KeyLayout): KeyObject {
  const { key, publicKey } = layout.service('list')
  return existsSync(publicKey) ? loadPublicKey(readFileSync(publicKey)) : createPublicKey(loadPrivateKey(readPrivate(key)))
}
