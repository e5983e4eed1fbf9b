import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type AboutClient, type AboutDepartment, assertNotDevelopment, DEVELOPMENT_REMARK, KeyLayout, SERVICE_KEYS } from '../../keys/index.js'
import { certificatesFromFile, keyThumbprint, loadPrivateKey } from '../../platform/crypto/index.js'
import { AT, codeOf, makeAuthority, province } from './support.js'

function filesBelow (folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).sort()
}
function contents (folder: string): Map<string, string> {
  return new Map(filesBelow(folder).map(path => [path, readFileSync(path, 'base64')]))
}

t.test('everything is made at once, and a second call makes nothing and changes nothing', async t => {
  const dir = t.testdir()
  const first = await makeAuthority(dir)
  t.ok(first.made.length > 80)
  t.equal(first.kept, 0)
  const before = contents(dir)
  const second = await makeAuthority(dir, { sealPictures: async () => { throw new Error('no seal is missing') } })
  t.same(second.made, [])
  t.ok(second.kept > 80)
  t.same(contents(dir), before)
})

t.test('private keys are their owner’s alone and say that they are development keys', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const keys = filesBelow(dir).filter(path => readFileSync(path, 'latin1').includes('PRIVATE KEY'))
  t.equal(keys.length, 3 + 1 + 11 + 8 + 8 + province.clients.length + SERVICE_KEYS.length) // authorities, maker, seals, events, clients of departments, others, service
  for (const path of keys) {
    t.equal(statSync(path).mode & 0o777, 0o600, path)
    t.equal(statSync(join(path, '..')).mode & 0o777, 0o700, path)
    t.ok(readFileSync(path, 'utf8').startsWith(DEVELOPMENT_REMARK), path)
    t.doesNotThrow(() => loadPrivateKey(readFileSync(path)), path)
  }
})

t.test('every key is another one', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const keys = filesBelow(dir).filter(path => readFileSync(path, 'latin1').includes('PRIVATE KEY'))
  const publicKeys = keys.map(path => createPublicKey(loadPrivateKey(readFileSync(path))).export({ format: 'der', type: 'spki' }).toString('hex'))
  t.equal(new Set(publicKeys).size, keys.length)
})

t.test('a call cut short after any file is completed by the next, which keeps what stands', async t => {
  const small = { province: { ...province, departments: province.departments.slice(0, 1), clients: province.clients.slice(0, 1) } }
  const { made } = await makeAuthority(t.testdir(), small)
  const all = [...made].sort()
  for (let cut = 1; cut < made.length; cut += 3) {
    const dir = join(t.testdirName, `cut-${cut}`)
    let left = cut
    await t.rejects(makeAuthority(dir, { ...small, onMade: () => { if (--left === 0) throw new Error('the power fails') } }), { message: 'the power fails' })
    const before = new Map([...contents(dir)].filter(([path]) => path.endsWith('key.pem') || path.endsWith('seal.esl')))
    await makeAuthority(dir, small)
    const after = contents(dir)
    for (const [path, content] of before) if (after.get(path) !== content) t.fail(`cut ${cut}: ${path} was overwritten`)
    const names = filesBelow(dir).map(path => path.slice(dir.length + 1).replace(/-[0-9a-f]{12}\.cer$/, '.cer'))
    t.same(all.map(path => path.replace(/-[0-9a-f]{12}\.cer$/, '.cer')).filter(path => !names.includes(path)), [], `cut after ${cut}: all there`)
    t.equal(names.filter(path => path.endsWith('.part')).length, 0)
  }
})

t.test('a half-written file from before is swept away', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const parts = [join(dir, 'keys', 'service', '.log-key.pem.0123456789ab.part'), join(dir, 'trust', 'crls', '.root.crl.0123456789ab.part')]
  for (const part of parts) writeFileSync(part, '-----BEGIN')
  await makeAuthority(dir)
  t.same(filesBelow(dir).filter(path => parts.includes(path)), [])
})

t.test('a certificate that is not that of the key beside it stops everything', async t => {
  for (const name of ['root', 'departments'] as const) {
    const dir = t.testdir()
    await makeAuthority(dir)
    const { key } = new KeyLayout(dir).authority(name)
    rmSync(key)
    t.equal(await codeOf(async () => await makeAuthority(dir)), 'KEYS_INCONSISTENT')
  }
})

t.test('an account of revocations that cannot be read stops everything, rather than be begun anew', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const state = filesBelow(dir).find(path => path.endsWith('root/state.json')) as string
  writeFileSync(state, readFileSync(state).subarray(0, 40))
  await t.rejects(makeAuthority(dir), { code: 'KEYS_INCONSISTENT' })
  rmSync(state)
  await t.rejects(makeAuthority(dir), { code: 'KEYS_INCONSISTENT' }, 'lost while its list stands')
})

t.test('a key that others may read is refused', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const { key } = new KeyLayout(dir).service('list')
  chmodSync(key, 0o640)
  t.equal(await codeOf(async () => await makeAuthority(dir)), 'KEY_EXPOSED')
  chmodSync(key, 0o600)
  t.equal(await codeOf(async () => await makeAuthority(dir)), undefined)
})

t.test('departments, clients and the exchange state their public keys beside the private ones', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const thumbprint = (path: string): string => keyThumbprint(loadPrivateKey(readFileSync(path)))
  for (const { id, uscc } of province.departments) {
    const about = JSON.parse(readFileSync(layout.department(id).about, 'utf8')) as AboutDepartment
    t.equal(about.uscc, uscc)
    t.same(about.eventKeys.map(({ kid }) => kid), [thumbprint(layout.department(id).eventKey)])
  }
  for (const id of [...province.departments.map(({ id }) => id), ...province.clients.map(({ id }) => id)]) {
    const about = JSON.parse(readFileSync(layout.client(id).about, 'utf8')) as AboutClient
    t.equal(about.id, id)
    t.same(about.keys.map(({ kid }) => kid), [thumbprint(layout.client(id).key)])
  }
  for (const name of SERVICE_KEYS) t.equal(keyThumbprint(createPublicKey(readFileSync(layout.service(name).publicKey))), thumbprint(layout.service(name).key))
})

t.test('production refuses development keys, and trust in them, wherever they were copied to', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  t.equal(await codeOf(() => assertNotDevelopment(dir)), 'DEVELOPMENT_KEYS_REFUSED')
  const layout = new KeyLayout(dir)
  const copied = async (...path: string[]): Promise<string | undefined> => {
    const elsewhere = join(dir, 'elsewhere')
    rmSync(elsewhere, { recursive: true, force: true })
    const target = join(elsewhere, ...path.slice(1))
    const { mkdirSync, copyFileSync } = await import('node:fs')
    mkdirSync(join(target, '..'), { recursive: true })
    copyFileSync(path[0] as string, target)
    return await codeOf(() => assertNotDevelopment(elsewhere))
  }
  t.equal(await copied(layout.service('log').key, 'keys', 'service', 'log-key.pem'), 'DEVELOPMENT_KEYS_REFUSED')
  t.equal(await copied(layout.authority('root').certificate, 'trust', 'anchors', 'a.pem'), 'DEVELOPMENT_KEYS_REFUSED')
  const anchor = readdirSync(join(layout.trust, 'anchors'))[0] as string
  t.equal(await copied(join(layout.trust, 'anchors', anchor), 'trust', 'anchors', 'a.cer'), 'DEVELOPMENT_KEYS_REFUSED')
  t.equal(await copied(`${layout.trustList}.jws`, 'keys', 'trust-list.jws'), 'DEVELOPMENT_KEYS_REFUSED')
  t.equal(await copied(layout.department('market').sealCertificate, 'keys', 'x.pem'), 'DEVELOPMENT_KEYS_REFUSED', 'its issuer says so')
  t.equal(await copied(layout.service('log').publicKey, 'keys', 'x.pem'), undefined, 'a public key says nothing')
})

t.test('production takes a folder with keys of one’s own, and an empty one', async t => {
  const dir = t.testdir({ keys: { service: {} }, trust: {} })
  t.equal(await codeOf(() => assertNotDevelopment(dir)), undefined)
  writeFileSync(join(dir, 'keys', 'service', 'log-key.pem'), generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
  t.equal(await codeOf(() => assertNotDevelopment(dir)), undefined)
  t.equal(await codeOf(() => assertNotDevelopment(join(dir, 'nowhere'))), undefined)
  writeFileSync(join(dir, 'keys', 'DEVELOPMENT.json'), '')
  t.equal(await codeOf(() => assertNotDevelopment(dir)), 'DEVELOPMENT_KEYS_REFUSED', 'the marker counts whatever it holds')
})

t.test('certificates follow the convention of government seals', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  for (const { id, uscc, name, sealId } of province.departments) {
    const [certificate] = certificatesFromFile(readFileSync(layout.department(id).sealCertificate))
    t.equal(certificate?.subject.get('O'), uscc + name)
    t.equal(certificate?.subject.get('CN'), sealId)
    t.same([...certificate?.keyUsage ?? []].sort(), ['digitalSignature', 'nonRepudiation'])
    t.ok(certificate !== undefined && certificate.notBefore < new Date(AT) && new Date(AT) < certificate.notAfter)
  }
  const [expired] = certificatesFromFile(readFileSync(layout.demonstration('market-expired').sealCertificate))
  t.ok(expired !== undefined && expired.notAfter < new Date(AT))
})
