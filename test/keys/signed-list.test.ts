import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { acceptList, type AuthorityList, readSignedList, SignedLists, signList, type TrustList } from '../../keys/index.js'
import { keyThumbprint, signCompact } from '../../platform/crypto/index.js'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import type { Documents } from '../../platform/documents/port.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { Failure } from '../../services/core/failure.js'
import { AT, codeOf } from './support.js'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')

function authorityList (version: number, basis = '办法第九条'): AuthorityList {
  return {
    version,
    issuedAt: AT,
    items: [{
      issuer: '11990000YYYY01015Y',
      issuerName: '示例省市场监督管理局',
      licenceType: '11990000YYYY010074001',
      licenceTypeName: '营业执照',
      regions: ['990000'],
      from: '2016-01-01',
      basis
    }]
  }
}
const trustList: TrustList = {
  version: 1, issuedAt: AT, anchors: [{ name: 'root', certificate: 'MAA=' }], timestampAnchors: [], intermediates: [], policy: { revocation: 'required' }
}
function signRaw (text: string, typ: string, key: KeyObject = privateKey): string {
  return signCompact(Buffer.from(text), { key, kid: keyThumbprint(key), algorithm: 'EdDSA' }, { typ })
}
const read = (jws: string, keys = [publicKey]) => readSignedList('authority-list', jws, keys)

t.test('a list comes back from its signature', async t => {
  const jws = signList('authority-list', authorityList(3), privateKey)
  const { list, bytes, name } = read(jws)
  t.same(list, authorityList(3))
  t.same(JSON.parse(bytes.toString()), authorityList(3))
  t.equal(name, 'authority-list')
  t.same(readSignedList('trust-list', signList('trust-list', trustList, privateKey), [publicKey]).list, trustList)
})

t.test('what is not signed by a list key as this list is not believed', async t => {
  const jws = signList('authority-list', authorityList(3), privateKey)
  const [header, , signature] = jws.split('.') as [string, string, string]
  const changed = `${header}.${Buffer.from(JSON.stringify(authorityList(4))).toString('base64url')}.${signature}`
  t.equal(await codeOf(() => read(changed)), 'JWS_SIGNATURE_INVALID')
  t.equal(await codeOf(() => read(signList('authority-list', authorityList(3), other.privateKey))), 'JWS_KEY_UNKNOWN')
  t.equal(await codeOf(() => read(signList('authority-list', authorityList(3), other.privateKey), [publicKey, other.publicKey])), undefined, 'two keys while they change')
  t.equal(await codeOf(() => read(signList('trust-list', trustList, privateKey))), 'JWS_INVALID', 'another list')
  t.equal(await codeOf(() => read(signRaw(JSON.stringify(authorityList(3)), 'JOSE'))), 'JWS_INVALID', 'signed as something else')
  t.equal(await codeOf(() => read(`${jws}.`)), 'JWS_INVALID')
})

t.test('a signed list with another shape, or that two readers read differently, is refused', async t => {
  const typ = 'mianzheng-authority-list+json'
  const text = JSON.stringify(authorityList(3))
  t.equal(await codeOf(() => read(signRaw(text, typ))), undefined)
  t.equal(await codeOf(() => read(signRaw(text.replace('"version":3', '"version":3,"version":4'), typ))), 'JSON_INVALID')
  t.equal(await codeOf(() => read(signRaw(text.replace('"version":3', '"version":0'), typ))), 'INPUT_INVALID')
  t.equal(await codeOf(() => read(signRaw(text.replace('"version":3', '"version":3,"note":""'), typ))), 'INPUT_INVALID')
  t.equal(await codeOf(() => read(signRaw(text.replace('"990000"', '"99"'), typ))), 'INPUT_INVALID')
  t.equal(await codeOf(() => read(signRaw(text.replace('["990000"]', '[[[[[[[[1]]]]]]]]'), typ))), 'JSON_TOO_DEEP')
  t.equal(await codeOf(() => signList('authority-list', { ...authorityList(3), version: 1.5 }, privateKey)), 'INPUT_INVALID')
  const policy = { ...trustList, policy: { revocation: 'sometimes' } } as unknown as TrustList
  t.equal(await codeOf(() => signList('trust-list', policy, privateKey)), 'INPUT_INVALID')
})

t.test('versions go up only, and one version has one content', async t => {
  const at = (version: number, basis?: string) => read(signList('authority-list', authorityList(version, basis), privateKey))
  const seen = { version: 5, sha256: at(5).sha256 }
  t.equal(acceptList(undefined, at(1)), true)
  t.equal(acceptList(seen, at(6)), true)
  t.equal(acceptList(seen, at(5)), false)
  t.equal(await codeOf(() => acceptList(seen, at(4))), 'AUTHORITY_LIST_ROLLBACK')
  t.equal(await codeOf(() => acceptList(seen, at(5, '另一内容'))), 'LIST_FORKED')
  const trust = readSignedList('trust-list', signList('trust-list', trustList, privateKey), [publicKey])
  t.equal(await codeOf(() => acceptList({ version: 2, sha256: '' }, trust)), 'TRUST_LIST_ROLLBACK')
})

t.test('the highest version seen outlives a restart', async t => {
  const file = join(t.testdir(), 'store.db')
  const within = async <T>(use: (lists: SignedLists) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ file })
    const documents = await openEmbeddedDocuments(database)
    try { return await use(await SignedLists.open(documents, [publicKey])) } finally { await documents.close(); await database.close() }
  }
  const jws = (version: number, basis?: string): string => signList('authority-list', authorityList(version, basis), privateKey)
  await within(async lists => {
    t.equal(await lists.current('authority-list'), undefined)
    t.equal((await lists.accept('authority-list', jws(2))).list.version, 2)
    t.equal((await lists.accept('authority-list', jws(2))).list.version, 2, 'the same again')
    t.equal(await codeOf(async () => await lists.accept('authority-list', `${jws(3)}x`)), 'JWS_INVALID')
  })
  await within(async lists => {
    t.equal(await codeOf(async () => await lists.accept('authority-list', jws(1))), 'AUTHORITY_LIST_ROLLBACK')
    t.equal(await codeOf(async () => await lists.accept('authority-list', jws(2, '另一内容'))), 'LIST_FORKED')
    t.equal((await lists.current('authority-list'))?.list.version, 2)
    t.equal((await lists.accept('authority-list', jws(7))).list.version, 7)
    t.equal((await lists.accept('trust-list', signList('trust-list', trustList, privateKey))).list.version, 1, 'each list counts for itself')
  })
  await within(async lists => { t.equal(await codeOf(async () => await lists.accept('authority-list', jws(6))), 'AUTHORITY_LIST_ROLLBACK') })
})

t.test('a list that another process stored meanwhile is weighed again, and wins if it is newer', async t => {
  const stored = { id: 'authority-list', version: 9, sha256: 'x', jws: 'x' }
  let reads = 0
  const documents = {
    collection: async () => ({
      get: async () => ++reads === 1 ? undefined : { document: stored, version: 1 },
      put: async () => { throw new Failure('VERSION_CONFLICT', 'lost the race') }
    })
  } as unknown as Documents
  const lists = await SignedLists.open(documents, [publicKey])
  t.equal(await codeOf(async () => await lists.accept('authority-list', signList('authority-list', authorityList(8), privateKey))), 'AUTHORITY_LIST_ROLLBACK')
  t.equal(await codeOf(async () => await lists.accept('authority-list', signList('authority-list', authorityList(10), privateKey))), 'VERSION_CONFLICT', 'it does not try for ever')
})
