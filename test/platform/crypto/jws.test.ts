import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import * as jose from 'jose'
import t from 'tap'
import { Failure } from '../../../services/core/failure.js'
import * as c from '../../../platform/crypto/index.js'

const ed = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const payload = Buffer.from('{"licence":"示例"}')
const resolve = (key: KeyObject, algorithm: c.JwsAlgorithm) => (kid: string) => kid === 'k1' ? { key, algorithm } : undefined
const edKey = resolve(ed.publicKey, 'EdDSA')
const b64 = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const codeOf = (act: () => unknown): string => {
  try { act() } catch (error) { return error instanceof Failure ? error.code : `threw ${String(error)}` }
  return 'taken'
}
/** A detached signature that is right, over whatever header. */
const withHeader = (header: unknown): string => {
  const encoded = b64(header)
  return `${encoded}..${sign(null, Buffer.concat([Buffer.from(`${encoded}.`), payload]), ed.privateKey).toString('base64url')}`
}
const good = { alg: 'EdDSA', b64: false, crit: ['b64'], kid: 'k1' }

t.test('ours is verified by jose, and its by ours, for every algorithm', async t => {
  for (const [pair, algorithm] of [[ed, 'EdDSA'], [ec, 'ES256'], [rsa, 'RS256'], [rsa, 'PS256']] as const) {
    const detached = c.signDetached(payload, { key: pair.privateKey, kid: 'k1', algorithm })
    const [header = '', , signature = ''] = detached.split('.')
    await jose.flattenedVerify({ protected: header, payload, signature }, pair.publicKey, { algorithms: [algorithm] })
    t.equal(c.verifyDetached(detached, payload, resolve(pair.publicKey, algorithm)).kid, 'k1')
    const theirs = await new jose.FlattenedSign(payload).setProtectedHeader({ alg: algorithm, b64: false, crit: ['b64'], kid: 'k1' }).sign(pair.privateKey)
    t.equal(c.verifyDetached(`${theirs.protected as string}..${theirs.signature}`, payload, resolve(pair.publicKey, algorithm)).kid, 'k1')
    const compact = c.signCompact(payload, { key: pair.privateKey, kid: 'k1', algorithm }, { typ: 'JWT' })
    t.equal((await jose.compactVerify(compact, pair.publicKey)).protectedHeader.typ, 'JWT')
    const theirCompact = await new jose.CompactSign(payload).setProtectedHeader({ alg: algorithm, kid: 'k1' }).sign(pair.privateKey)
    t.ok(c.verifyCompact(theirCompact, resolve(pair.publicKey, algorithm)).payload.equals(payload))
  }
})

t.test('one changed bit, another key, or another payload does not verify', async t => {
  const jws = c.signDetached(payload, { key: ed.privateKey, kid: 'k1', algorithm: 'EdDSA' })
  t.equal(codeOf(() => c.verifyDetached(jws, payload, edKey)), 'taken')
  t.equal(codeOf(() => c.verifyDetached(jws, Buffer.concat([payload, Buffer.from(' ')]), edKey)), 'JWS_SIGNATURE_INVALID')
  t.equal(codeOf(() => c.verifyDetached(jws, payload, resolve(other.publicKey, 'EdDSA'))), 'JWS_SIGNATURE_INVALID')
  t.equal(codeOf(() => c.verifyDetached(jws, payload, () => undefined)), 'JWS_KEY_UNKNOWN')
  t.equal(codeOf(() => c.verifyDetached(jws.replace(/[^.]*$/, Buffer.alloc(63, 7).toString('base64url')), payload, edKey)), 'JWS_SIGNATURE_INVALID', 'a short signature')
  t.equal(codeOf(() => c.verifyDetached(jws.replace(/[^.]*$/, ''), payload, edKey)), 'JWS_SIGNATURE_INVALID', 'no signature')
})

t.test('the key alone fixes the algorithm', async t => {
  const jws = c.signDetached(payload, { key: rsa.privateKey, kid: 'k1', algorithm: 'RS256' })
  t.equal(codeOf(() => c.verifyDetached(jws, payload, resolve(rsa.publicKey, 'PS256'))), 'JWS_INVALID')
  t.equal(codeOf(() => c.verifyDetached(jws, payload, resolve(ed.publicKey, 'RS256'))), 'JWS_SIGNATURE_INVALID', 'a key that does not fit what is said of it')
  for (const alg of ['none', 'HS256', 'EDDSA', 'ES512', 'SM2', '', 1, null]) t.equal(codeOf(() => c.verifyDetached(withHeader({ ...good, alg }), payload, edKey)), 'JWS_INVALID', String(alg))
  t.equal(codeOf(() => c.signDetached(payload, { key: ec.privateKey, kid: 'k1', algorithm: 'EdDSA' })), 'KEY_INVALID')
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  t.equal(codeOf(() => c.signDetached(payload, { key: small.privateKey, kid: 'k1', algorithm: 'RS256' })), 'KEY_INVALID')
})

t.test('a header is taken in one spelling only', async t => {
  t.equal(codeOf(() => c.verifyDetached(withHeader(good), payload, edKey)), 'taken')
  for (const [what, header] of Object.entries({
    'no b64': { ...good, b64: undefined },
    'b64 true': { ...good, b64: true },
    'b64 text': { ...good, b64: 'false' },
    'no crit': { ...good, crit: undefined },
    'crit empty': { ...good, crit: [] },
    'crit with more': { ...good, crit: ['b64', 'exp'], exp: 1 },
    'crit doubled': { ...good, crit: ['b64', 'b64'] },
    'no kid': { ...good, kid: undefined },
    'kid number': { ...good, kid: 1 },
    'kid empty': { ...good, kid: '' },
    'kid too long': { ...good, kid: 'k'.repeat(257) },
    jwk: { ...good, jwk: { kty: 'OKP' } },
    jku: { ...good, jku: 'https://a.example' },
    x5u: { ...good, x5u: 'https://a.example' },
    x5c: { ...good, x5c: [] },
    'not an object': [good],
    'name twice': '{"alg":"EdDSA","alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k1"}',
    'byte order mark': `\ufeff${JSON.stringify(good)}`,
    'not JSON': '{'
  })) t.equal(codeOf(() => c.verifyDetached(withHeader(header), payload, edKey)), 'JWS_INVALID', what)
})

t.test('base64url is taken in one spelling only', async t => {
  const jws = c.signDetached(payload, { key: ed.privateKey, kid: 'k1', algorithm: 'EdDSA' })
  const [header = '', , signature = ''] = jws.split('.')
  const loose = Buffer.from(signature, 'base64url')
  const last = signature.at(-1) as string
  const twin = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('').find(letter =>
    letter !== last && Buffer.from(signature.slice(0, -1) + letter, 'base64url').equals(loose)) as string
  for (const [what, text] of Object.entries({
    padding: `${header}..${signature}==`,
    'white space': `${header}..${signature.slice(0, 9)} ${signature.slice(9)}`,
    'line break': `${jws}\n`,
    'other alphabet': `${header}..${signature.slice(0, -3)}+/A`,
    'bits left over': `${header}..${signature.slice(0, -1)}${twin}`,
    'padded header': `${header}=..${signature}`,
    'two parts': `${header}.${signature}`,
    'four parts': `${jws}.`,
    'no header': `..${signature}`,
    'a payload': `${header}.${payload.toString('base64url')}.${signature}`,
    nothing: ''
  })) t.equal(codeOf(() => c.verifyDetached(text, payload, edKey)), 'JWS_INVALID', what)
})

t.test('compact: extensions of the header are refused, sizes are limited from both sides', async t => {
  const key = { key: ed.privateKey, kid: 'k1', algorithm: 'EdDSA' } as const
  t.equal(codeOf(() => c.verifyCompact(c.signCompact(payload, key, { crit: ['exp'], exp: 1 }), edKey)), 'JWS_INVALID')
  t.equal(codeOf(() => c.verifyCompact(c.signCompact(payload, key, { b64: true }), edKey)), 'JWS_INVALID')
  const jws = c.signCompact(Buffer.alloc(300), key)
  t.equal(codeOf(() => c.verifyCompact(jws, edKey, { payloadBytes: 300 })), 'taken')
  t.equal(codeOf(() => c.verifyCompact(jws, edKey, { payloadBytes: 299 })), 'JWS_TOO_LARGE')
  const header = Buffer.from(jws.split('.')[0] as string, 'base64url').length
  t.equal(codeOf(() => c.verifyCompact(jws, edKey, { headerBytes: header })), 'taken')
  t.equal(codeOf(() => c.verifyCompact(jws, edKey, { headerBytes: header - 1 })), 'JWS_TOO_LARGE')
  t.equal(codeOf(() => c.verifyDetached('A'.repeat(1_000_000), payload, edKey)), 'JWS_TOO_LARGE')
})

t.test('a header handed out cannot be changed for the next caller', async t => {
  const jws = c.signDetached(payload, { key: ed.privateKey, kid: 'k1', algorithm: 'EdDSA' })
  const { header } = c.verifyDetached(jws, payload, edKey)
  t.throws(() => { (header['crit'] as string[]).push('x') }, TypeError)
})
