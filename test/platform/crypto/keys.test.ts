import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import * as jose from 'jose'
import forge from 'node-forge'
import t from 'tap'
import { Failure } from '../../../services/core/failure.js'
import * as c from '../../../platform/crypto/index.js'

const codeOf = (act: () => unknown): string => {
  try { act() } catch (error) { return error instanceof Failure ? error.code : `threw ${String(error)}` }
  return 'taken'
}
const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string
const KEYS = {
  sm2: c.generateSm2KeyPair(),
  ed25519: generateKeyPairSync('ed25519'),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 })
}

t.test('a private key is loaded from PEM, DER and encrypted PEM, with a remark before it', async t => {
  for (const [name, { privateKey }] of Object.entries(KEYS)) {
    const same = (loaded: KeyObject): boolean => loaded.equals(privateKey)
    t.ok(same(c.loadPrivateKey(Buffer.from(`# DEVELOPMENT KEY 开发密钥\n${pem(privateKey)}`))), name)
    t.ok(same(c.loadPrivateKey(privateKey.export({ format: 'der', type: 'pkcs8' }))), name)
    const locked = Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'right' }) as string)
    t.ok(same(c.loadPrivateKey(locked, 'right')), name)
    t.equal(codeOf(() => c.loadPrivateKey(locked, 'wrong')), 'KEY_PASSPHRASE_WRONG', name)
    t.equal(codeOf(() => c.loadPrivateKey(locked)), 'KEY_PASSPHRASE_WRONG', name)
  }
})

t.test('a wrong passphrase is called so, also where what it decrypts to is well padded', async t => {
  // DEVELOPMENT KEY 开发密钥. Of the passphrases "wrong-0", "wrong-1"…, these are the ones whose padding fits, found by trying.
  const locked = Buffer.from(`-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgNPWuu/ZAr3AICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECD1jRW4hhorwv9+LkYh/x4EQO43
dSLGTL7SQ6J1OoO3HrHige7HADeE6r3b6D8VB36BM29dVlxP6XgTq7cMkmhV4poq
HmP0D2nmrIZOH8ieF4Y=
-----END ENCRYPTED PRIVATE KEY-----
`)
  const { key, der } = { key: c.loadPrivateKey(locked, 'right'), der: Buffer.from(locked.toString().split('\n').slice(1, -2).join(''), 'base64') }
  t.ok(c.loadPrivateKey(der, 'right').equals(key))
  for (const passphrase of ['wrong-0', 'wrong-40', 'wrong-271', 'wrong-464']) {
    t.equal(codeOf(() => c.loadPrivateKey(locked, passphrase)), 'KEY_PASSPHRASE_WRONG', `${passphrase}, PEM`)
    t.equal(codeOf(() => c.loadPrivateKey(der, passphrase)), 'KEY_PASSPHRASE_WRONG', `${passphrase}, DER`)
  }
  t.equal(codeOf(() => c.loadPrivateKey(locked)), 'KEY_PASSPHRASE_WRONG', 'none')
  t.equal(codeOf(() => c.loadPrivateKey(der.subarray(0, -1), 'right')), 'KEY_INVALID', 'cut off')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'), 'right')), 'KEY_INVALID', 'not encrypted, and no key')
})

t.test('what is no private key, or more than one, or too weak, is refused', async t => {
  const { privateKey, publicKey } = KEYS.ed25519
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }) as string))), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from(pem(privateKey) + pem(privateKey)))), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from('nothing'))), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from('3003020100', 'hex'))), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from(pem(privateKey).replace(/-----END.*/, '')))), 'PEM_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from(pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)))), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPrivateKey(Buffer.from(pem(generateKeyPairSync('x25519').privateKey)))), 'KEY_INVALID')
})

t.test('an RSA key and its certificate come out of a PKCS#12 keystore', async t => {
  const { privateKey, publicKey } = KEYS.rsa
  const certificate = c.issueCertificate({ subject: [['CN', 'store']], publicKey, issuerKey: privateKey, notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2026-01-01T00:00:00Z') })
  const key = forge.pki.privateKeyFromPem(pem(privateKey))
  const asn1 = forge.asn1.fromDer(certificate.toString('latin1'))
  const store = forge.pkcs12.toPkcs12Asn1(key, [forge.pki.certificateFromAsn1(asn1)], 'right', { algorithm: 'aes256' })
  const bytes = Buffer.from(forge.asn1.toDer(store).getBytes(), 'latin1')
  t.ok(c.loadPrivateKey(bytes, 'right').equals(privateKey))
  t.ok(c.loadPkcs12(bytes, 'right').certificates[0]?.bytes.equals(certificate))
  t.equal(codeOf(() => c.loadPrivateKey(bytes, 'wrong')), 'KEY_PASSPHRASE_WRONG')
  t.equal(codeOf(() => c.loadPkcs12(bytes.subarray(0, -9), 'right')), 'KEY_INVALID')
})

t.test('JWK and thumbprint are those of jose; SM2 has none', async t => {
  for (const { publicKey, privateKey } of [KEYS.ed25519, KEYS.ec, KEYS.rsa]) {
    t.same(c.publicJwk(privateKey), c.publicJwk(publicKey), 'nothing private is shown')
    t.equal(c.keyThumbprint(publicKey), await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey)))
    t.ok(c.loadPublicKey(c.publicJwk(publicKey)).equals(publicKey))
    const der = publicKey.export({ format: 'der', type: 'spki' })
    t.ok(c.loadPublicKey(der).equals(publicKey))
    t.equal(codeOf(() => c.loadPublicKey(Buffer.concat([der, Buffer.alloc(1)]))), 'KEY_INVALID', 'a trailing byte')
  }
  t.equal(codeOf(() => c.publicJwk(KEYS.sm2.publicKey)), 'KEY_INVALID')
  t.equal(codeOf(() => c.loadPublicKey({ kty: 'OKP', crv: 'Ed25519', x: 'AA' })), 'KEY_INVALID')
})
