import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import t from 'tap'
import * as c from '../../../platform/crypto/index.js'

const message = Buffer.from('message')
const sm2 = c.generateSm2KeyPair()
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
const ed = generateKeyPairSync('ed25519')
const NULL = c.der.null()

const OID = { sm2: '1.2.156.10197.1.501', sm2Cms: '1.2.156.10197.1.301.1', rsa256: '1.2.840.113549.1.1.11', rsa512: '1.2.840.113549.1.1.13', pss: '1.2.840.113549.1.1.10', ec256: '1.2.840.10045.4.3.2', ed: '1.3.101.112', rsaSha1: '1.2.840.113549.1.1.5' }
const verifies = (algorithm: string, publicKey: KeyObject, signature: Buffer, more: Partial<c.SignatureInput> = {}): boolean =>
  c.verifySignature({ algorithm, publicKey, message, signature, ...more })

t.test('each algorithm verifies under its own OID and key, and under no other', async t => {
  const signatures: Array<[string, KeyObject, Buffer]> = [
    [OID.sm2, sm2.publicKey, c.sm2Sign(sm2.privateKey, message)],
    [OID.rsa256, rsa.publicKey, sign('sha256', message, rsa.privateKey)],
    [OID.rsa512, rsa.publicKey, sign('sha512', message, rsa.privateKey)],
    [OID.ec256, ec.publicKey, sign('sha256', message, ec.privateKey)],
    [OID.ed, ed.publicKey, sign(null, message, ed.privateKey)]
  ]
  for (const [algorithm, , signature] of signatures) {
    for (const [name, publicKey] of signatures) {
      for (const [own, ownKey] of signatures) {
        const right = name === algorithm && own === algorithm
        if (right) t.ok(verifies(own, publicKey, signature), algorithm)
        else if (verifies(own, publicKey, signature) && !(own === algorithm && publicKey === ownKey)) t.fail(`${algorithm} verified as ${own} with the key of ${name}`)
      }
    }
    t.notOk(verifies(algorithm, sm2.publicKey, Buffer.alloc(0)), 'an empty value')
    t.notOk(verifies(algorithm, (signatures.find(([own]) => own === algorithm) as [string, KeyObject, Buffer])[1], signature, { message: Buffer.from('massage') }))
  }
})

t.test('parameters say nothing that does not belong', async t => {
  const bySm2 = c.sm2Sign(sm2.privateKey, message)
  t.ok(verifies(OID.sm2, sm2.publicKey, bySm2, { parameters: NULL }))
  t.notOk(verifies(OID.sm2, sm2.publicKey, bySm2, { parameters: c.der.integer(1) }))
  t.notOk(verifies(OID.ec256, ec.publicKey, sign('sha256', message, ec.privateKey), { parameters: NULL }))
  t.ok(verifies(OID.rsa256, rsa.publicKey, sign('sha256', message, rsa.privateKey), { parameters: NULL }))
})

t.test('weak algorithms are known by name and refused, unless a policy names them', async t => {
  const signature = sign('sha1', message, rsa.privateKey)
  t.equal(c.signatureName(OID.rsaSha1), 'rsa-sha1')
  t.notOk(verifies(OID.rsaSha1, rsa.publicKey, signature))
  t.ok(verifies(OID.rsaSha1, rsa.publicKey, signature, { allowed: new Set(['rsa-sha1']) }))
  t.notOk(verifies(OID.rsa256, small.publicKey, sign('sha256', message, small.privateKey)), 'RSA below 2048 bits')
  t.notOk(verifies('1.2.3.4', rsa.publicKey, signature), 'an unknown OID')
})

t.test('the OIDs that CMS uses for SM2 count only where they are asked for', async t => {
  const signature = c.sm2Sign(sm2.privateKey, message)
  t.notOk(verifies(OID.sm2Cms, sm2.publicKey, signature))
  t.ok(verifies(OID.sm2Cms, sm2.publicKey, signature, { cms: true }))
})

t.test('PSS is what its parameters say, with SHA-2 and a salt as long as the hash', async t => {
  const sha256 = c.der.sequence(c.der.oid('2.16.840.1.101.3.4.2.1'))
  const sha1 = c.der.sequence(c.der.oid('1.3.14.3.2.26'))
  const parameters = (hash: Buffer, mask: Buffer, salt: number): Buffer => c.der.sequence(
    c.der.explicit(0, hash), c.der.explicit(1, c.der.sequence(c.der.oid('1.2.840.113549.1.1.8'), mask)), c.der.explicit(2, c.der.integer(salt)))
  const made = (saltLength: number): Buffer => sign('sha256', message, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
  t.ok(verifies(OID.pss, rsa.publicKey, made(32), { parameters: parameters(sha256, sha256, 32) }))
  t.notOk(verifies(OID.pss, rsa.publicKey, made(32)), 'defaults are SHA-1')
  t.notOk(verifies(OID.pss, rsa.publicKey, made(20), { parameters: parameters(sha256, sha256, 20) }))
  t.notOk(verifies(OID.pss, rsa.publicKey, made(32), { parameters: parameters(sha256, sha1, 32) }))
  t.notOk(verifies(OID.pss, rsa.publicKey, made(32), { parameters: Buffer.from('3080', 'hex') }), 'parameters that are not DER')
})
