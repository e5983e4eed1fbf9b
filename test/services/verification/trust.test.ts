import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { issueOcspAnswer, parseCertificate, writePem } from '../../../platform/crypto/index.js'
import { findingsOf, loadTrustDirectory, parsePolicy, readTrustFiles, STRICTEST, verifyDocument } from '../../../services/verification/index.js'
import { sampleLicence, SAMPLE_AT, SIGNED_AT } from '../../support/sample-licence.js'
import { sampleTrust } from '../../support/trust.js'

t.test('what policy.json leaves out, or without it, the strictest holds', async t => {
  t.same(loadTrustDirectory(t.testdir()).policy, STRICTEST)
  t.same(loadTrustDirectory(t.testdir({ 'policy.json': '{"authority":"off"}' })).policy, { ...STRICTEST, authority: 'off' })
  t.match(STRICTEST, { revocation: 'required', signingTime: 'proven', authority: 'required', status: 'required' })
})

t.test('an unknown key and a value that does not fit are errors that name the key', async t => {
  t.throws(() => loadTrustDirectory(t.testdir({ 'policy.json': '{"revokation":"if-known"}' })), { code: 'TRUST_POLICY_INVALID', message: /revokation/ })
  t.throws(() => parsePolicy({ revocation: 'never' }), { code: 'TRUST_POLICY_INVALID', message: /revocation/ })
  t.throws(() => parsePolicy({ signatureAlgorithms: ['1.2.840.113549.1.1.5'] }), { code: 'TRUST_POLICY_INVALID' }, 'SHA-1 cannot be brought back')
  t.throws(() => parsePolicy({ digestAlgorithms: [] }), { code: 'TRUST_POLICY_INVALID' })
  t.throws(() => parsePolicy([]), { code: 'TRUST_POLICY_INVALID' })
  t.throws(() => loadTrustDirectory(t.testdir({ 'policy.json': '{"status":"off","status":"required"}' })), { code: 'TRUST_POLICY_INVALID' }, 'one key twice')
  t.same(parsePolicy({ digestAlgorithms: ['1.2.156.10197.1.401'] }).digestAlgorithms, ['1.2.156.10197.1.401'])
})

t.test('a directory, an anchor or an authority list that cannot be read is an error', async t => {
  t.throws(() => loadTrustDirectory(join(t.testdir(), 'nowhere')), { code: 'TRUST_INVALID' })
  t.throws(() => loadTrustDirectory(t.testdir({ anchors: { 'a.pem': 'rubbish' } })), { code: 'TRUST_INVALID', message: /a\.pem/ })
  t.throws(() => loadTrustDirectory(t.testdir({ 'authorities.json': '{"items":[{"issuer":1}]}' })), { code: 'TRUST_INVALID' })
  t.throws(() => loadTrustDirectory(t.testdir({ 'authorities.json': '{}' })), { code: 'TRUST_INVALID' })
})

t.test('intermediates and lists that cannot be read count as not there', async t => {
  const trust = loadTrustDirectory(t.testdir({ intermediates: { 'a.pem': 'rubbish' }, crls: { 'b.crl': 'rubbish' }, ocsp: { 'c.der': 'rubbish' } }))
  t.same([trust.intermediates.length, trust.crls.length, trust.ocsp.length], [0, 0, 0])
})

t.test('a revocation list that does not verify counts as not there', async t => {
  const { bytes, authority } = await sampleLicence()
  const [rootList, caList] = authority.crls as [Buffer, Buffer]
  const broken = Buffer.from(caList)
  broken[broken.length - 1] = (broken.at(-1) as number) ^ 1
  const ask = async (crls: Buffer[]) => findingsOf(await verifyDocument(bytes, { trust: sampleTrust(authority, { crls, policy: { status: 'off' } }), at: SAMPLE_AT.toISOString() })).map(({ code }) => code)
  t.same(await ask([rootList, caList]), [])
  t.same(await ask([rootList, broken]), ['REVOCATION_UNKNOWN', 'REVOCATION_UNKNOWN'])
})

t.test('an answer of a responder serves where a list is missing, and revokes where it says so', async t => {
  const { bytes, authority: { root, ca, maker, signer, crls: [rootList] } } = await sampleLicence()
  const day = { thisUpdate: new Date('2026-05-31T00:00:00Z'), nextUpdate: new Date('2026-06-02T00:00:00Z') }
  const answer = (revoked?: { revokedAt: Date }): Buffer => issueOcspAnswer({
    responder: ca.certificate,
    responderKey: ca.key,
    producedAt: day.thisUpdate,
    statuses: [
      { issuer: ca.certificate, serialNumber: maker.certificate.serialNumber, status: 'good', ...day },
      { issuer: ca.certificate, serialNumber: parseCertificate(signer.certificate).serialNumber, status: revoked ?? 'good', ...day }
    ]
  })
  const ask = async (ocsp: Record<string, Buffer>) => {
    const trust = loadTrustDirectory(t.testdir({ anchors: { 'root.der': root.certificate.bytes }, intermediates: { 'ca.der': ca.certificate.bytes }, crls: { 'root.crl': rootList as Buffer }, ocsp, 'policy.json': '{"status":"off","authority":"off"}' }))
    return findingsOf(await verifyDocument(bytes, { trust, at: SAMPLE_AT.toISOString() })).map(({ code }) => code)
  }
  t.same(await ask({}), ['REVOCATION_UNKNOWN', 'REVOCATION_UNKNOWN'])
  t.same(await ask({ 'a.der': answer() }), [])
  t.same(await ask({ 'a.pem': Buffer.from(writePem('OCSP RESPONSE', answer())) }), [])
  t.same(await ask({ 'a.der': answer({ revokedAt: SIGNED_AT }) }), ['CERTIFICATE_REVOKED', 'TIME_UNPROVEN'])
  t.same(await ask({ 'a.der': answer({ revokedAt: new Date(SIGNED_AT.getTime() + 1000) }) }), ['TIME_UNPROVEN'], 'after it was sealed')
  const broken = answer()
  broken[broken.length - 1] = (broken.at(-1) as number) ^ 1
  t.same(await ask({ 'a.der': broken }), ['REVOCATION_UNKNOWN', 'REVOCATION_UNKNOWN'])
})

t.test('without timestamp-anchors/ the anchors serve, and an empty folder believes nobody', async t => {
  const { authority: { root, ca } } = await sampleLicence()
  const anchors = { 'root.der': root.certificate.bytes }
  const believed = (folders: Record<string, Record<string, Buffer | string>>) => loadTrustDirectory(t.testdir(folders)).timestampAnchors.map(({ fingerprint }) => fingerprint)
  t.same(believed({ anchors }), [root.certificate.fingerprint])
  t.same(believed({ anchors, 'timestamp-anchors': { 'ca.der': ca.certificate.bytes } }), [ca.certificate.fingerprint])
  t.same(believed({ anchors, 'timestamp-anchors': {} }), [])
  t.throws(() => believed({ 'timestamp-anchors': { 'a.pem': 'rubbish' } }), { code: 'TRUST_INVALID', message: /a\.pem/ })
})

t.test('limits hold from both sides', async t => {
  const directory = t.testdir()
  mkdirSync(join(directory, 'crls'))
  for (const name of ['a', 'b']) writeFileSync(join(directory, 'crls', name), 'xx')
  t.ok(readTrustFiles(directory, { trustFiles: 2, trustFileBytes: 2 }))
  t.throws(() => readTrustFiles(directory, { trustFiles: 1, trustFileBytes: 2 }), { code: 'TRUST_INVALID' })
  t.throws(() => readTrustFiles(directory, { trustFiles: 2, trustFileBytes: 1 }), { code: 'TRUST_INVALID' })
})

t.test('the digest names the very files that were believed', async t => {
  const one = readTrustFiles(t.testdir({ 'policy.json': '{}' })).digest
  t.equal(readTrustFiles(t.testdir({ 'policy.json': '{}' })).digest, one)
  t.not(readTrustFiles(t.testdir({ 'policy.json': '{ }' })).digest, one)
  t.not(readTrustFiles(t.testdir()).digest, one)
  t.not(readTrustFiles(t.testdir({ 'policy.json': '{}', 'timestamp-anchors': {} })).digest, one)
  t.not(readTrustFiles(t.testdir({ 'policy.json': '{}', ocsp: { a: '' } })).digest, one)
})
