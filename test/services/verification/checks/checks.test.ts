import t from 'tap'
import { competence, issuer } from '../../../../services/verification/checks/authority.js'
import { added, coverage, manifest, present, stamps } from '../../../../services/verification/checks/coverage.js'
import { face } from '../../../../services/verification/checks/face.js'
import { format, identifier, signatureFormat } from '../../../../services/verification/checks/format.js'
import { description, place, references } from '../../../../services/verification/checks/integrity.js'
import { makerPath, signerKeyUsage, signerPath } from '../../../../services/verification/checks/path.js'
import { makerRevocation, signerRevocation } from '../../../../services/verification/checks/revocation.js'
import { alone, inSignature, sealAlgorithm, sealFile, sealPeriod, sealSigner, sealValue, sealVersion } from '../../../../services/verification/checks/seal.js'
import { algorithm, checkMethod, signed, value } from '../../../../services/verification/checks/signature.js'
import { status } from '../../../../services/verification/checks/status.js'
import { makerTimeProof, signerTimeProof, signingTime } from '../../../../services/verification/checks/time.js'
import type { Check, Context, SignatureCheck } from '../../../../services/verification/checks/check.js'
import type { Facts, SignatureFacts } from '../../../../services/verification/facts.js'
import type { Policy } from '../../../../services/verification/policy.js'
import { certificate, context, facts, seal, signature, withLeaf, SIGNED } from '../../../support/facts.js'

type Answer = string | undefined
const code = (outcome: { status: string, code?: string }): Answer => outcome.code ?? outcome.status
const whole = (check: Check, changes: Partial<Facts> = {}, policy: Partial<Policy> = {}): Answer => code(check.run(context(changes, policy)))
const one = (check: SignatureCheck, changes: Partial<SignatureFacts> = {}, about: Context = context()): Answer => code(check.run(signature(changes), about))
const packaged = (changes: Partial<NonNullable<Facts['package']>>): Partial<Facts> => ({ package: { ...facts().package as NonNullable<Facts['package']>, ...changes } })
const some = <T>(...items: T[]) => ({ count: items.length, some: items })

t.test('format tells what cannot be read, what is not yet supported, and what took too long', async t => {
  t.equal(whole(format), 'passed')
  t.equal(whole(format, { format: [{ code: 'ZIP_NAME_TWICE', detail: '' }] }), 'ZIP_NAME_TWICE')
  t.equal(format.run(context({ format: [{ code: 'ZIP_NAME_TWICE', detail: '' }] })).status, 'failed')
  t.equal(format.run(context({ format: [{ code: 'ZIP_TOO_LARGE', detail: '' }] })).status, 'indeterminate')
  t.equal(whole(format, { format: [{ code: 'NEVER_HEARD_OF', detail: '' }] }), 'FORMAT_INVALID')
  t.equal(whole(format, { kind: 'pdf' }), 'FORMAT_UNSUPPORTED')
  t.equal(whole(format, { kind: 'unknown' }), 'FILE_TYPE_UNKNOWN')
  t.equal(whole(format, { stopped: { code: 'VERIFICATION_TIMED_OUT' } }), 'VERIFICATION_TIMED_OUT')
})

t.test('an identifier needs its form, its check character, and to be the only one', async t => {
  const { licence } = facts() as { licence: NonNullable<Facts['licence']> }
  const parts = licence.parts as NonNullable<typeof licence.parts>
  t.equal(whole(identifier), 'passed')
  t.equal(whole(identifier, { licence: { ...licence, parts: { ...parts, check: 'wrong' } } }), 'IDENTIFIER_CHECK_FAILED')
  t.equal(whole(identifier, { licence: { ...licence, parts: { ...parts, check: 'variant' } } }), 'IDENTIFIER_VARIANT')
  t.equal(whole(identifier, { licence: { ...licence, ambiguous: true } }), 'IDENTIFIER_AMBIGUOUS')
  t.equal(whole(identifier, { licence: { id: 'x', ambiguous: false } }), 'IDENTIFIER_CHECK_FAILED')
  t.equal(one(signatureFormat), 'passed')
  t.equal(one(signatureFormat, { form: 'unreadable' }), 'SIGNATURE_UNREADABLE')
})

t.test('integrity: digests of files, of the description, and the place that was signed', async t => {
  const { references: right } = signature()
  t.equal(one(references), 'passed')
  t.equal(one(references, { references: { ...right, wrong: some('a') } }), 'CONTENT_CHANGED')
  t.equal(one(references, { references: { ...right, count: 0 } }), 'NOTHING_REFERENCED')
  t.equal(one(references, { references: { ...right, notCompared: 1 } }), 'skipped')
  t.equal(one(description), 'passed')
  t.equal(one(description, { dataHash: 'different' }), 'DESCRIPTION_CHANGED')
  t.equal(one(description, { dataHash: 'not-compared' }), 'CONTENT_MISSING')
  t.equal(one(place), 'passed')
  t.equal(one(place, { propertyInfo: { said: '/b.xml', expected: '/a.xml' } }), 'PROPERTY_INFO_DIFFERS')
})

t.test('coverage: all that is shown, nothing added, nothing gone', async t => {
  t.equal(whole(coverage), 'passed')
  t.equal(whole(coverage, packaged({ uncovered: some({ path: 'p', kind: 'page', label: '第 4 页' }) })), 'NOT_ALL_COVERED')
  t.equal(whole(added), 'passed')
  t.equal(whole(added, packaged({ stray: some('x') })), 'FILES_ADDED')
  t.equal(whole(manifest), 'skipped')
  t.equal(whole(manifest, packaged({ manifest: { unlisted: some('x'), missing: some(), value: 'not-read' } })), 'MANIFEST_UNLISTED')
  t.equal(whole(manifest, packaged({ manifest: { unlisted: some(), missing: some('y'), value: 'not-read' } })), 'REFERENCED_FILE_MISSING')
  t.equal(whole(manifest, packaged({ manifest: { unlisted: some(), missing: some(), value: 'missing' } })), 'SIGNATURE_REMOVED')
  t.equal(whole(manifest, packaged({ manifest: { unlisted: some(), missing: some(), value: 'not-read' } })), 'MANIFEST_UNPROVEN')
  t.equal(one(present), 'passed')
  t.equal(one(present, { references: { ...signature().references, missing: some('x') } }), 'REFERENCED_FILE_MISSING')
  t.equal(one(stamps), 'passed')
  t.equal(one(stamps, { stamps: { count: 1, pagesMissing: ['77'] } }), 'STAMP_PAGE_MISSING')
})

t.test('unsigned is only what bears no trace of a signature', async t => {
  t.equal(whole(signed), 'passed')
  t.equal(whole(signed, { signatures: [] }), 'UNSIGNED')
  t.equal(whole(signed, { signatures: [], ...packaged({ orphans: some('Seal.esl') }) }), 'SIGNATURE_REMOVED')
  t.equal(whole(signed, { signatures: [], ...packaged({ lists: { named: 1, empty: ['s.xml'], missing: [] } }) }), 'SIGNATURE_REMOVED')
  t.equal(whole(signed, packaged({ lists: { named: 1, empty: [], missing: ['s.xml'] } })), 'SIGNATURE_REMOVED')
})

t.test('signature: value, algorithm, digest method', async t => {
  const right = { algorithm: '1.2.156.10197.1.501', fitsKey: true, right: true }
  t.equal(one(value), 'passed')
  t.equal(one(value, { value: { ...right, right: false } }), 'SIGNATURE_INVALID')
  t.equal(one(value, { form: 'missing' }), 'SIGNATURE_REMOVED')
  t.equal(one(value, { form: 'bare' }), 'SIGNER_CERTIFICATE_MISSING')
  t.equal(one(value, { form: 'cms' }), 'SIGNATURE_FORMAT_UNSUPPORTED')
  t.equal(one(value, { signer: certificate({ unreadable: 'x' }) }), 'CERTIFICATE_UNREADABLE')
  t.equal(one(algorithm), 'passed')
  t.equal(one(algorithm, { value: { ...right, algorithm: '1.2.840.113549.1.1.5' } }), 'ALGORITHM_REFUSED')
  t.equal(one(algorithm, { value: { ...right, fitsKey: false } }), 'ALGORITHM_REFUSED')
  t.equal(one(algorithm, {}, context({}, { signatureAlgorithms: ['1.3.101.112'] })), 'ALGORITHM_REFUSED')
  t.equal(one(checkMethod), 'passed')
  t.equal(one(checkMethod, { checkMethod: 'SM3' }), 'passed')
  const { checkMethod: _, ...absent } = signature()
  t.equal(code(checkMethod.run(absent, context())), 'CHECK_METHOD_REFUSED')
  t.equal(one(checkMethod, { checkMethod: 'SHA1' }), 'CHECK_METHOD_REFUSED')
  t.equal(one(checkMethod, { checkMethod: '1.2.156.10197.1.401.2' }), 'CHECK_METHOD_REFUSED')
})

t.test('seal: maker, signer, period with both ends, file, version', async t => {
  t.equal(one(inSignature(sealValue)), 'passed')
  t.equal(one(inSignature(sealValue), { seal: seal({ value: { ...seal().value, right: false } }) }), 'SEAL_MAKER_INVALID')
  t.equal(one(inSignature(sealAlgorithm), { seal: seal({ value: { ...seal().value, algorithm: '1.2.840.113549.1.1.5' } }) }), 'ALGORITHM_REFUSED')
  t.equal(one(sealSigner), 'passed')
  t.equal(one(sealSigner, { seal: seal({ signerListed: 'no' }) }), 'SIGNER_NOT_IN_SEAL')
  t.equal(one(sealSigner, { seal: seal({ signerListed: 'cannot-tell' }) }), 'SIGNER_LIST_UNPROVEN')
  t.equal(one(inSignature(sealPeriod), { signedAt: seal().validFrom }), 'passed')
  t.equal(one(inSignature(sealPeriod), { signedAt: seal().validTo }), 'passed')
  t.equal(one(inSignature(sealPeriod), { signedAt: '2026-01-04T23:59:59.999Z' }), 'SEAL_NOT_IN_FORCE')
  t.equal(one(inSignature(sealPeriod), { signedAt: '2028-01-05T00:00:00.001Z' }), 'SEAL_NOT_IN_FORCE')
  t.equal(whole(alone(sealPeriod), { kind: 'seal', seal: seal() }), 'passed')
  t.equal(whole(alone(sealPeriod), { kind: 'seal', seal: seal({ validTo: '2026-05-01T00:00:00.000Z' }) }), 'SEAL_NOT_IN_FORCE')
  t.equal(one(sealFile), 'passed')
  t.equal(one(sealFile, { sealFile: 'different' }), 'SEAL_FILE_DIFFERS')
  t.equal(one(sealFile, { sealFile: 'missing' }), 'SEAL_FILE_MISSING')
  t.equal(one(inSignature(sealVersion)), 'passed')
  for (const version of [1, 5]) t.equal(one(inSignature(sealVersion), { seal: seal({ version }) }), 'SEAL_VERSION_UNSUPPORTED')
})

t.test('path: no anchor is a question, a broken rule an answer', async t => {
  const { path } = certificate()
  t.equal(one(signerPath), 'passed')
  t.equal(one(signerPath, { signer: certificate({ path: { ...path, result: 'no-anchor' } }) }), 'PATH_UNTRUSTED')
  const broken = (problem: string) => certificate({ path: { ...path, result: 'broken', problem: { code: problem, at: 0 } } })
  t.equal(one(signerPath, { signer: broken('NOT_A_CA') }), 'PATH_INVALID')
  t.equal(one(signerPath, { signer: broken('CERTIFICATE_EXPIRED') }), 'CERTIFICATE_EXPIRED')
  t.equal(one(signerPath, { signer: broken('CERTIFICATE_NOT_YET_VALID') }), 'CERTIFICATE_NOT_YET_VALID')
  t.equal(one(inSignature(makerPath), { seal: seal({ maker: broken('CERTIFICATE_SIGNATURE_INVALID') }) }), 'MAKER_PATH_INVALID')
  t.equal(one(signerPath, { signer: withLeaf({ algorithm: '1.2.840.113549.1.1.5' }) }), 'ALGORITHM_REFUSED')
  t.equal(one(signerKeyUsage), 'passed')
  t.equal(one(signerKeyUsage, { signer: certificate({ keyUsage: ['keyEncipherment', 'dataEncipherment'] }) }), 'KEY_USAGE_WRONG')
})

t.test('a certificate counts as revoked from the instant of its revocation on', async t => {
  const revokedAt = (at: string) => ({ signer: withLeaf({ revocation: { answer: 'revoked', revokedAt: at } }) })
  t.equal(one(signerRevocation), 'passed')
  t.equal(one(signerRevocation, revokedAt(SIGNED)), 'CERTIFICATE_REVOKED')
  t.equal(one(signerRevocation, revokedAt('2026-03-02T01:00:00.001Z')), 'passed')
  t.equal(one(inSignature(makerRevocation), { seal: seal({ maker: withLeaf({ revocation: { answer: 'revoked', revokedAt: seal().createdAt } }) }) }), 'CERTIFICATE_REVOKED')
  const unknown = { signer: withLeaf({ revocation: { answer: 'unknown' } }) }
  t.equal(one(signerRevocation, unknown), 'REVOCATION_UNKNOWN')
  t.equal(one(signerRevocation, unknown, context({}, { revocation: 'if-known' })), 'skipped')
})

t.test('what ended after signing needs proof under proven, and is told under claimed', async t => {
  const expired = { signer: withLeaf({ notAfter: '2026-05-01T00:00:00.000Z' }) }
  const revoked = { signer: withLeaf({ revocation: { answer: 'revoked', revokedAt: '2026-05-01T00:00:00.000Z' } }) }
  const silent = { register: { answer: 'off' } } as const
  const late = { register: { ...facts().register, recordedAt: '2026-05-02T00:00:00.000Z' } } as Partial<Facts>
  t.equal(one(signingTime), 'passed')
  t.equal(one(signingTime, { signedAt: '2026-06-01T00:00:00.001Z' }), 'SIGNED_IN_FUTURE')
  const { signedAt: _, ...timeless } = signature()
  t.equal(code(signingTime.run(timeless, context())), 'TIME_UNREADABLE')
  for (const ended of [expired, revoked]) {
    t.equal(one(signerTimeProof, ended, context(silent)), 'TIME_UNPROVEN')
    t.equal(one(signerTimeProof, ended, context(late)), 'TIME_UNPROVEN')
    t.equal(one(signerTimeProof, ended), 'passed', 'the register knew the file before')
    t.equal(one(signerTimeProof, ended, context(silent, { signingTime: 'claimed' })), 'passed')
  }
  t.match(signerTimeProof.run(signature(expired), context(silent, { signingTime: 'claimed' })), { detail: /word/ })
  t.equal(one(inSignature(makerTimeProof), { seal: seal({ maker: withLeaf({ notAfter: '2026-05-01T00:00:00.000Z' }) }) }, context(silent)), 'TIME_UNPROVEN')
  t.equal(one(signerTimeProof, { signer: withLeaf({ notAfter: '2026-06-01T00:00:00.000Z' }) }, context(silent)), 'passed', 'the last instant belongs to the period')
})

t.test('a seal may issue what its owner may issue, there and then', async t => {
  const { licence } = facts() as { licence: NonNullable<Facts['licence']> }
  const [rule] = licence.authorities as [NonNullable<Facts['licence']>['authorities'] extends Array<infer R> | undefined ? R : never]
  const ruled = (...authorities: Array<typeof rule>) => context({ licence: { ...licence, authorities } })
  t.equal(one(competence), 'passed')
  t.equal(one(competence, {}, context({}, { authority: 'off' })), 'skipped')
  t.equal(one(competence, {}, ruled()), 'AUTHORITY_UNKNOWN')
  t.equal(one(competence, {}, ruled({ ...rule, issuer: 'other' })), 'NOT_COMPETENT')
  t.equal(one(competence, {}, ruled({ ...rule, regions: ['980000'] })), 'NOT_COMPETENT')
  t.equal(one(competence, {}, ruled({ ...rule, from: '2026-03-02', to: '2026-03-02' })), 'passed', 'both days belong')
  t.equal(one(competence, {}, ruled({ ...rule, from: '2026-03-03' })), 'NOT_COMPETENT')
  t.equal(one(competence, {}, ruled({ ...rule, to: '2026-03-01' })), 'NOT_COMPETENT')
  const { owner: _, ...unnamed } = certificate()
  t.equal(one(competence, { signer: unnamed }), 'SEAL_OWNER_UNKNOWN')
  t.equal(one(competence, {}, context({ licence: { id: 'x', ambiguous: false } })), 'LICENCE_TYPE_UNKNOWN')
  const county = { ...facts().register, region: '990106' } as NonNullable<Facts['register']>
  t.equal(one(competence, {}, context({ register: county, licence: { ...licence, authorities: [{ ...rule, regions: ['990100'] }] } })), 'passed')
  t.equal(one(competence, {}, context({ register: county, licence: { ...licence, authorities: [{ ...rule, regions: ['990200'] }] } })), 'NOT_COMPETENT')
  t.equal(whole(issuer), 'passed')
  t.equal(whole(issuer, { licence: { ...licence, parts: { ...licence.parts as object, issuer: 'another' } as NonNullable<typeof licence.parts> } }), 'ISSUER_DIFFERS')
})

t.test('status and face follow the register', async t => {
  const found = facts().register as Extract<Facts['register'], { answer: 'found' }>
  t.equal(whole(status), 'passed')
  for (const [state, expected] of [['revoked', 'REVOKED'], ['expired', 'EXPIRED'], ['suspended', 'SUSPENDED'], ['cancelled', 'CANCELLED'], ['replaced', 'REPLACED']] as const) {
    t.equal(whole(status, { register: { ...found, status: state } }), expected)
  }
  for (const [answer, expected] of [['off', 'STATUS_UNKNOWN'], ['unavailable', 'SOURCE_SILENT'], ['not-found', 'NOT_IN_REGISTER']] as const) {
    t.equal(whole(status, { register: { answer } }), expected)
    t.equal(status.run(context({ register: { answer } })).status, 'indeterminate')
  }
  t.equal(whole(status, { register: { answer: 'off' } }, { status: 'off' }), 'skipped')
  t.equal(whole(status, { kind: 'licence', register: { answer: 'off' } }, { status: 'off' }), 'STATUS_UNKNOWN', 'a licence that is only named has nothing else')
  t.match(status.run(context({ register: { ...found, status: 'revoked', since: '2026-05-31T16:00:00.000Z' } })), { detail: '2026-06-01' })
  t.equal(whole(face), 'passed')
  t.equal(whole(face, { register: { ...found, file: 'other', compared: ['证照编号'], differing: ['证照编号'] } }), 'FACE_DIFFERS')
  t.equal(whole(face, { register: { ...found, file: 'other', compared: ['证照编号'] } }), 'passed')
  t.equal(whole(face, { register: { ...found, file: 'other' } }), 'skipped')
})

t.test('a seal that was made after it was used was none yet', async t => {
  const period = inSignature(sealPeriod)
  t.equal(one(period, { seal: seal({ createdAt: SIGNED }) }), 'passed')
  t.equal(one(period, { seal: seal({ createdAt: '2026-03-02T01:00:01.000Z' }) }), 'SEAL_NOT_IN_FORCE')
  t.equal(whole(alone(sealPeriod), { seal: seal({ createdAt: '2026-06-02T00:00:00.000Z', validFrom: '2026-01-01T00:00:00.000Z' }) }), 'SEAL_NOT_IN_FORCE')
})

t.test('the issuer\'s seal must stand over what the licence says, not only over something beside it', async t => {
  const own = signature({ covers: { files: 5, of: 5, list: true, content: true } })
  const beside = signature({ covers: { files: 1, of: 5, list: false, content: false } })
  t.equal(whole(issuer, { signatures: [own] }), 'passed')
  t.equal(whole(issuer, { signatures: [beside] }), 'ISSUER_DIFFERS')
  t.equal(whole(issuer, { signatures: [beside, own] }), 'passed', 'one of several is enough')
})

t.test('a certificate for machines alone signs no seal', async t => {
  const [server, client, stamping] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.8'] as const
  t.equal(one(signerKeyUsage, { signer: certificate({ extendedKeyUsage: [client] }) }), 'passed', 'as field certificates have it')
  t.equal(one(signerKeyUsage, { signer: certificate({ extendedKeyUsage: [server, client] }) }), 'passed')
  t.equal(one(signerKeyUsage, { signer: certificate({ extendedKeyUsage: [server] }) }), 'KEY_USAGE_WRONG')
  t.equal(one(signerKeyUsage, { signer: certificate({ extendedKeyUsage: [server, stamping] }) }), 'KEY_USAGE_WRONG')
})
