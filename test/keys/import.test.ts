import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import forge from 'node-forge'
import t from 'tap'
import { importKey, type ImportOptions, type ImportTarget, KeyLayout, keystoreCertificates, makeSeal, readClients, readDepartments, readSealing, readSigningKey } from '../../keys/index.js'
import { certificatesFromFile, generateSm2KeyPair, issueCertificate, keyThumbprint, loadPrivateKey, parseCertificate, signDetached, verifyDetached } from '../../platform/crypto/index.js'
import { fixedClock } from '../../services/core/clock.js'
import { readJwk } from '../../services/identity/keys.js'
import { AT, codeOf, makeAuthority, picture } from './support.js'

const clock = fixedClock(AT)
const ed25519 = generateKeyPairSync('ed25519').privateKey
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const sm2 = generateSm2KeyPair().privateKey
const pem = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'pem', type: 'pkcs8' }) as string)
const encrypted = (key: KeyObject, passphrase: string): Buffer => Buffer.from(key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }) as string)

function pkcs12 (passphrase: string, count: number): Buffer {
  const { pki } = forge
  const key = pki.privateKeyFromPem(rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }) as string)
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2026-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2027-01-01T00:00:00Z')
  certificate.setSubject([{ name: 'commonName', value: 'department' }])
  certificate.setIssuer([{ name: 'commonName', value: 'department' }])
  certificate.sign(key, forge.md.sha256.create())
  const store = forge.pkcs12.toPkcs12Asn1(key, [certificate], passphrase, { algorithm: 'aes256', count })
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'latin1')
}

function importer (dataDir: string): (target: ImportTarget, key: Uint8Array, rest?: Partial<ImportOptions>) => Promise<string | boolean> {
  return async (target, key, rest = {}) => {
    let imported: boolean | undefined
    return await codeOf(() => { imported = importKey({ dataDir, target, key, clock, ...rest }) }) ?? imported as boolean
  }
}
const WINDOW: ImportTarget = { kind: 'client', id: 'approval-window' }
const EVENTS: ImportTarget = { kind: 'events', id: 'market' }

t.test('a client’s key takes the place of another only when told to, and the old one is kept and ends', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const bring = importer(dir)
  const paths = new KeyLayout(dir).client('approval-window')
  const before = readFileSync(paths.key, 'utf8')
  t.equal(await bring(WINDOW, pem(ed25519)), 'KEY_EXISTS')
  t.equal(readFileSync(paths.key, 'utf8'), before)
  t.equal(await bring(WINDOW, pem(ed25519), { replace: true }), true)
  t.equal(readSigningKey(paths.key).kid, keyThumbprint(ed25519))
  t.equal(statSync(paths.key).mode & 0o777, 0o600)
  t.notMatch(readFileSync(paths.key, 'utf8'), /DEVELOPMENT/)
  const retired = readdirSync(paths.folder).filter(name => name.includes('.retired-'))
  t.same(retired.map(name => readFileSync(join(paths.folder, name), 'utf8')), [before])
  const keys = readClients(dir).find(({ id }) => id === 'approval-window')?.keys
  t.same(keys?.map(({ kid, from, to }) => [kid === keyThumbprint(ed25519), from, to]), [[false, undefined, AT], [true, AT, undefined]])
  t.equal(await bring(WINDOW, pem(ed25519), { replace: true }), false, 'the same again changes nothing')
  await makeAuthority(dir)
  t.equal(readSigningKey(paths.key).kid, keyThumbprint(ed25519), 'a later start leaves it alone')
})

t.test('a replaced event key may count for a while yet', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const until = new Date('2026-03-09T00:00:00.000Z')
  t.equal(await importer(dir)(EVENTS, pem(p256), { replace: true, oldKeyUntil: until }), true)
  const keys = readDepartments(dir).find(({ id }) => id === 'market')?.eventKeys
  t.same(keys?.map(({ from, to }) => [from, to]), [['2026-03-02T00:00:00.000Z', until.toISOString()], [AT, undefined]])
})

t.test('keys come as PEM, PKCS#8 DER, encrypted PKCS#8, and PKCS#12 for RSA', async t => {
  for (const [name, key, bytes, passphrase] of [
    ['PEM', ed25519, pem(ed25519), undefined],
    ['P-256', p256, pem(p256), undefined],
    ['DER', ed25519, ed25519.export({ format: 'der', type: 'pkcs8' }), undefined],
    ['encrypted', ed25519, encrypted(ed25519, '口令'), '口令'],
    ['PKCS#12', rsa.privateKey, pkcs12('open sesame', 2048), 'open sesame']
  ] as const) {
    const dir = t.testdir()
    await makeAuthority(dir)
    t.equal(await importer(dir)(EVENTS, bytes, { replace: true, ...passphrase === undefined ? {} : { passphrase } }), true, name)
    const signer = readSigningKey(new KeyLayout(dir).department('market').eventKey)
    t.equal(signer.kid, keyThumbprint(key), name)
    // What identity makes of the registered key verifies what the private one signs.
    const entry = readDepartments(dir).find(({ id }) => id === 'market')?.eventKeys.at(-1)
    const known = readJwk(entry?.jwk)
    t.equal(known.kid, entry?.kid)
    const payload = Buffer.from('event')
    t.doesNotThrow(() => verifyDetached(signDetached(payload, signer), payload, kid => kid === known.kid ? known : undefined), name)
  }
})

t.test('a keystore brings its certificates along', async t => {
  const [certificate] = keystoreCertificates(pkcs12('open sesame', 2048), 'open sesame')
  t.ok(certificate !== undefined && parseCertificate(certificate).spkiDer.equals(rsa.publicKey.export({ format: 'der', type: 'spki' })))
  t.same(keystoreCertificates(pem(ed25519), ''), [])
})

t.test('a wrong passphrase has a code of its own, and what is no key another', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const bring = importer(dir)
  t.equal(await bring(EVENTS, encrypted(ed25519, 'right'), { passphrase: 'wrong', replace: true }), 'KEY_PASSPHRASE_WRONG')
  t.equal(await bring(EVENTS, encrypted(ed25519, 'right'), { replace: true }), 'KEY_PASSPHRASE_WRONG')
  t.equal(await bring(EVENTS, pkcs12('right', 2048), { passphrase: 'wrong', replace: true }), 'KEY_PASSPHRASE_WRONG')
  t.equal(await bring(EVENTS, Buffer.from('-----BEGIN NOTHING-----'), { replace: true }), 'PEM_INVALID')
  t.equal(await bring(EVENTS, Buffer.from('not a key'), { replace: true }), 'KEY_INVALID')
  t.equal(await bring(EVENTS, Buffer.concat([pem(ed25519), pem(p256)]), { replace: true }), 'KEY_INVALID', 'which of the two?')
})

t.test('a file that is too large, or asks for too much work, is refused before it is opened', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const bring = importer(dir)
  const key = pem(ed25519)
  t.equal(await bring(EVENTS, key, { replace: true, limits: { fileBytes: key.length - 1 } }), 'BODY_TOO_LARGE')
  t.equal(await bring(EVENTS, key, { replace: true, limits: { fileBytes: key.length } }), true)
  const store = pkcs12('open sesame', 3000)
  t.equal(await bring(EVENTS, store, { replace: true, passphrase: 'open sesame', limits: { iterations: 2999 } }), 'KEY_COST_TOO_HIGH')
  t.equal(await bring(EVENTS, store, { replace: true, passphrase: 'open sesame', limits: { iterations: 3000 } }), true)
  const sealed = encrypted(p256, 'right') // Node writes 2,048 rounds
  t.equal(await bring(EVENTS, sealed, { replace: true, passphrase: 'right', limits: { iterations: 2047 } }), 'KEY_COST_TOO_HIGH')
  t.equal(await bring(EVENTS, sealed, { replace: true, passphrase: 'right', limits: { iterations: 2048 } }), true)
})

t.test('each place takes its own kinds of keys', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const bring = importer(dir)
  t.equal(await bring(WINDOW, pem(sm2), { replace: true }), 'KEY_INVALID', 'SM2 has no name in JOSE')
  t.equal(await bring(WINDOW, pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey), { replace: true }), 'KEY_INVALID')
  t.equal(await bring(WINDOW, pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), { replace: true }), 'KEY_INVALID')
  t.equal(await bring({ kind: 'service', name: 'log' }, pem(p256), { replace: true }), 'KEY_INVALID')
  t.equal(await bring({ kind: 'service', name: 'log' }, pem(ed25519)), 'KEY_EXISTS')
  t.equal(await bring({ kind: 'service', name: 'log' }, pem(ed25519), { replace: true }), true)
  t.same(createPublicKey(readFileSync(new KeyLayout(dir).service('log').publicKey)).export({ format: 'jwk' }), createPublicKey(ed25519).export({ format: 'jwk' }))
  t.equal(await bring({ kind: 'seal', id: 'market' }, pem(rsa.privateKey), { replace: true }), 'KEY_INVALID')
  t.equal(await bring({ kind: 'client', id: 'nobody' }, pem(ed25519)), 'NOT_FOUND')
  t.equal(await bring({ kind: 'events', id: 'nobody' }, pem(ed25519)), 'NOT_FOUND')
  t.equal(await bring({ kind: 'events', id: '../clients/auditor' }, pem(ed25519)), 'NOT_FOUND')
})

t.test('a service key may be brought before there is anything else', async t => {
  const dir = t.testdir()
  t.equal(await importer(dir)({ kind: 'service', name: 'receipt' }, pem(ed25519)), true)
  t.ok(existsSync(new KeyLayout(dir).service('receipt').publicKey))
})

t.test('a department’s own seal comes whole or not at all', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const bring = importer(dir)
  const period = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') }
  const certificate = issueCertificate({ subject: [['CN', '99000000000301']], publicKey: createPublicKey(sm2), issuerKey: sm2, ...period })
  const seal = (certificates: Buffer[]): Buffer => makeSeal({
    esId: '99000000000301', name: '示例', type: 1, picture: picture('99000000000301'), certificates, createdAt: period.notBefore, validFrom: period.notBefore, validUntil: period.notAfter
  }, { certificate, privateKey: sm2 })
  const stranger = certificatesFromFile(readFileSync(new KeyLayout(dir).department('civil').sealCertificate))[0]?.bytes as Buffer
  const target: ImportTarget = { kind: 'seal', id: 'market' }
  t.equal(await bring(target, pem(sm2), { replace: true }), 'KEYS_INCONSISTENT', 'neither certificate nor seal')
  t.equal(await bring(target, pem(sm2), { replace: true, certificate: stranger, seal: seal([certificate]) }), 'KEYS_INCONSISTENT', 'another’s certificate')
  t.equal(await bring(target, pem(sm2), { replace: true, certificate, seal: seal([stranger]) }), 'KEYS_INCONSISTENT', 'a seal for another certificate')
  t.equal(await bring(target, pem(sm2), { replace: true, certificate, seal: Buffer.concat([seal([certificate]), Buffer.alloc(1)]) }), 'KEYS_INCONSISTENT', 'a seal with something behind it')
  t.equal(await bring(target, pem(sm2), { certificate, seal: seal([certificate]) }), 'KEY_EXISTS')
  t.equal(await bring(target, pem(sm2), { replace: true, certificate, seal: seal([certificate]) }), true)
  t.equal(await bring(target, pem(sm2), { certificate, seal: seal([certificate, stranger]) }), true, 'the seal renewed for the same key')
  const sealing = readSealing(new KeyLayout(dir).department('market'))
  t.ok(sealing.certificate.equals(certificate))
  t.ok(createPublicKey(sealing.privateKey).equals(createPublicKey(loadPrivateKey(pem(sm2)))))
  await makeAuthority(dir)
  t.ok(readSealing(new KeyLayout(dir).department('market')).certificate.equals(certificate), 'a later start leaves it alone')
})
