import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import * as c from '../../platform/crypto/index.js'

const folder = join(projectRoot(), '../shared/corpus/wycheproof')

interface SignatureGroup { publicKeyDer: string, tests: Array<{ tcId: number, comment: string, msg: string, sig: string, result: string }> }
type Jwk = JsonWebKey & { kid?: string, alg?: string }
interface JwsGroup { comment: string, private?: Jwk, public?: Jwk, tests: Array<{ tcId: number, comment: string, jws: string, result: string }> }

if (!existsSync(folder)) t.test('outside corpus', { skip: 'Wycheproof is not here (../shared/corpus/wycheproof): edge cases of signatures were judged by nobody else' }, async () => {})
else {
  const groups = <G>(file: string): G[] => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { testGroups: G[] }).testGroups
  const hex = (text: string): Buffer => Buffer.from(text, 'hex')

  const pss = c.der.sequence(
    c.der.explicit(0, c.der.sequence(c.der.oid('2.16.840.1.101.3.4.2.1'), c.der.null())),
    c.der.explicit(1, c.der.sequence(c.der.oid('1.2.840.113549.1.1.8'), c.der.sequence(c.der.oid('2.16.840.1.101.3.4.2.1'), c.der.null()))),
    c.der.explicit(2, c.der.integer(32)))
  for (const [file, algorithm, parameters] of [
    ['ecdsa_secp256r1_sha256_test.json', '1.2.840.10045.4.3.2', undefined],
    ['ed25519_test.json', '1.3.101.112', undefined],
    ['rsa_signature_2048_sha256_test.json', '1.2.840.113549.1.1.11', undefined],
    ['rsa_pss_2048_sha256_mgf1_32_test.json', '1.2.840.113549.1.1.10', pss]
  ] as const) {
    t.test(`Wycheproof ${file}: no forged value verifies, no good one is refused`, async t => {
      let judged = 0
      for (const group of groups<SignatureGroup>(file)) {
        const publicKey = createPublicKey({ key: hex(group.publicKeyDer), format: 'der', type: 'spki' })
        for (const { tcId, comment, msg, sig, result } of group.tests) {
          if (result === 'acceptable') continue
          const right = c.verifySignature({ algorithm, publicKey, message: hex(msg), signature: hex(sig), ...(parameters === undefined ? {} : { parameters }) })
          if (right !== (result === 'valid')) t.fail(`${tcId} ${comment}: ${String(right)}, wanted ${result}`)
          judged++
        }
      }
      t.ok(judged > 100, `${judged} values judged`)
    })
  }

  const keyOf = (jwk: Jwk): KeyObject | undefined => {
    const { kty, crv, x, y, n, e } = jwk
    if (kty !== 'EC' && kty !== 'RSA' && kty !== 'OKP') return undefined
    try { return c.loadPublicKey(JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as JsonWebKey) } catch { return undefined }
  }
  t.test('Wycheproof JWS: nothing that must be refused is taken, and what is good under our algorithms verifies', async t => {
    let taken = 0
    let refused = 0
    for (const file of ['json_web_signature_test.json', 'json_web_key_test.json']) {
      for (const group of groups<JwsGroup>(file)) {
        const jwk = group.public ?? group.private as Jwk
        const algorithm = c.JWS_ALGORITHMS.find(name => name === jwk.alg)
        for (const { tcId, comment, jws, result } of group.tests) {
          let verified = false
          try {
            const text = typeof jws === 'string' ? jws : JSON.stringify(jws)
            c.verifyCompact(text, kid => {
              const key = keyOf(jwk)
              return key === undefined || algorithm === undefined || kid !== jwk.kid ? undefined : { key, algorithm }
            })
            verified = true
          } catch (error) {
            if (!(error instanceof Failure)) throw error
          }
          if (verified) taken++
          else refused++
          if (verified && result === 'invalid') t.fail(`${file} ${tcId} ${comment} was taken`)
          // Two examples have PS384 in the header and a key for PS256: the key decides.
          if (!verified && result === 'valid' && algorithm !== undefined && jws.startsWith(Buffer.from(`{"alg":"${algorithm}"`).toString('base64url').slice(0, -2))) t.fail(`${file} ${tcId} ${group.comment} ${comment} was refused`)
        }
      }
    }
    t.ok(taken > 0 && refused > 100, `${taken} taken, ${refused} refused`)
  })
}
