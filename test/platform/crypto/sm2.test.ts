import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../../services/core/project-root.js'
import * as c from '../../../platform/crypto/index.js'

interface Case {
  name: string,
  public_key_x_hex: string,
  public_key_y_hex: string,
  id_utf8?: string,
  message_hex: string
  signature_format: 'der' | 'raw64',
  signature_hex: string,
  expect: string
}
interface Official { private_key_hex: string, public_key_x_hex: string, public_key_y_hex: string, id_utf8: string, message_utf8: string, za_hex: string, signature_der_hex: string, spki_der_hex: string }
const vectors = JSON.parse(readFileSync(join(projectRoot(), 'test/vectors/sm2-signature.json'), 'utf8')) as { official: [Official], cases: Case[] }
const hex = (text: string): Buffer => Buffer.from(text, 'hex')

t.test('the example of GB/T 32918.5 comes out: Z, signature, public key', async t => {
  const [official] = vectors.official
  const point = hex(`04${official.public_key_x_hex}${official.public_key_y_hex}`)
  t.equal(c.sm2Z(point).toString('hex'), official.za_hex)
  const key = c.sm2PublicKey(point)
  t.equal(key.export({ format: 'der', type: 'spki' }).toString('hex'), official.spki_der_hex)
  t.ok(c.sm2Verify(key, Buffer.from(official.message_utf8), hex(official.signature_der_hex)))
  const d = c.der.sequence(c.der.integer(1), c.der.octets(hex(official.private_key_hex)), c.der.explicit(1, c.der.bits(point)))
  const algorithm = c.der.sequence(c.der.oid('1.2.840.10045.2.1'), c.der.oid(c.SM2_OID))
  const privateKey = createPrivateKey({ key: c.der.sequence(c.der.integer(0), algorithm, c.der.octets(d)), format: 'der', type: 'pkcs8' })
  const signature = c.sm2Sign(privateKey, Buffer.from('again'))
  t.ok(c.sm2Verify(key, Buffer.from('again'), signature))
})

t.test('every vector is judged as expected', async t => {
  for (const { name, expect, ...vector } of vectors.cases) {
    const point = hex(`04${vector.public_key_x_hex}${vector.public_key_y_hex}`)
    const given = hex(vector.signature_hex)
    let valid = false
    try {
      const signature = vector.signature_format === 'raw64' ? c.sm2SignatureFromRaw(given) : given
      valid = signature !== undefined && c.sm2Verify(c.sm2PublicKey(point), hex(vector.message_hex), signature, vector.id_utf8)
    } catch (error) {
      t.type(error, TypeError, name) // a point that is not on the curve never becomes a key
    }
    t.equal(valid, expect === 'valid', name)
  }
})

t.test('a key fresh from generateKeyPair signs SM2 and not ECDSA', async t => {
  const fresh = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  const kept = c.generateSm2KeyPair()
  const message = Buffer.from('message')
  t.ok(c.isSm2Key(fresh.publicKey) && c.isSm2Key(kept.privateKey))
  t.ok(c.sm2Verify(fresh.publicKey, message, c.sm2Sign(fresh.privateKey, message)))
  t.notOk(c.sm2Verify(kept.publicKey, message, c.sm2Sign(fresh.privateKey, message)), 'another key')
  t.notOk(c.sm2Verify(fresh.publicKey, message, c.sm2Sign(fresh.privateKey, message, 'another identity')))
})

t.test('keys of another kind verify nothing and cannot sign', async t => {
  const message = Buffer.from('message')
  const { privateKey, publicKey } = c.generateSm2KeyPair()
  const signature = c.sm2Sign(privateKey, message)
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  t.notOk(c.isSm2Key(p256.publicKey))
  t.notOk(c.sm2Verify(p256.publicKey, message, signature))
  t.notOk(c.sm2Verify(privateKey, message, signature), 'a private key')
  t.throws(() => c.sm2Sign(p256.privateKey, message), TypeError)
  t.throws(() => c.sm2Sign(publicKey, message), TypeError)
})

t.test('raw and DER signatures turn into each other, and only whole numbers within the order do', async t => {
  const { privateKey } = c.generateSm2KeyPair()
  const signature = c.sm2Sign(privateKey, Buffer.from('x'))
  const raw = c.sm2SignatureToRaw(signature) as Buffer
  t.ok(c.sm2SignatureFromRaw(raw)?.equals(signature))
  t.equal(c.sm2SignatureFromRaw(raw.subarray(1)), undefined)
  t.equal(c.sm2SignatureFromRaw(Buffer.concat([Buffer.alloc(32), raw.subarray(32)])), undefined, 'r = 0')
  t.equal(c.sm2SignatureFromRaw(Buffer.concat([Buffer.alloc(32, 0xff), raw.subarray(32)])), undefined, 'r beyond the order')
  t.equal(c.sm2SignatureToRaw(Buffer.concat([signature, Buffer.alloc(1)])), undefined)
})
