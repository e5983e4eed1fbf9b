import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import * as c from '../../platform/crypto/index.js'

const folder = join(projectRoot(), '../shared/corpus/jose')

interface Example { input: { payload: string, key: JsonWebKey & { kid?: string }, alg: string }, output: { compact?: string } }

if (!existsSync(folder)) t.test('outside corpus', { skip: 'the JOSE cookbook is not here (../shared/corpus/jose): its examples were not tried' }, async () => {})
else {
  const example = (file: string): Example => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example
  const verdict = (jws: string, algorithm: c.JwsAlgorithm, key: JsonWebKey): string => {
    try {
      return c.verifyCompact(jws, () => ({ key: c.loadPublicKey(c.publicJwk(createPrivateKey({ key, format: 'jwk' }))), algorithm })).payload.toString()
    } catch (error) { return error instanceof Failure ? error.code : `threw ${String(error)}` }
  }

  t.test('RFC 7520 section 4.1 (RS256) verifies, and comes out the same when signed again', async t => {
    const { input, output } = example('jws/4_1.rsa_v15_signature.json')
    t.equal(verdict(output.compact as string, 'RS256', input.key), input.payload)
    const key = createPrivateKey({ key: input.key, format: 'jwk' })
    t.equal(c.signCompact(Buffer.from(input.payload), { key, kid: input.key.kid as string, algorithm: 'RS256' }), output.compact)
    t.equal(verdict(output.compact as string, 'PS256', input.key), 'JWS_INVALID', 'the key says another algorithm')
  })

  t.test('algorithms that we do not take, and signatures that name no key, are refused', async t => {
    for (const file of ['jws/4_2.rsa-pss_signature.json', 'jws/4_3.ecdsa_signature.json', 'curve25519/jws.json']) {
      const { input, output } = example(file)
      t.equal(verdict(output.compact as string, 'EdDSA', input.key), 'JWS_INVALID', `${file} ${input.alg}`)
    }
    for (const file of ['jws/4_4.hmac-sha2_integrity_protection.json', 'jws/4_5.signature_with_detached_content.json', 'rfc7797/hmac-sha2_b64_false.json']) {
      const { compact } = example(file).output
      t.throws(() => c.verifyCompact(compact as string, () => undefined), { code: 'JWS_INVALID' }, file)
    }
  })

  t.test('RFC 8037: the Ed25519 value of the example is ours too', async t => {
    const { input, output } = example('curve25519/jws.json')
    const [header = '', payload = '', signature = ''] = (output.compact as string).split('.')
    const publicKey = c.loadPublicKey(c.publicJwk(createPrivateKey({ key: input.key, format: 'jwk' })))
    t.ok(c.verifySignature({ algorithm: '1.3.101.112', publicKey, message: Buffer.from(`${header}.${payload}`), signature: Buffer.from(signature, 'base64url') }))
    t.equal(c.keyThumbprint(publicKey), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })
}
