import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import t, { type Test } from 'tap'
import { issueOcspAnswer, keyThumbprint, parseCertificate, writePem } from '../../platform/crypto/index.js'
import { projectRoot } from '../../services/core/project-root.js'
import { gather, issueReceipt, judge, loadTrustDirectory, verifyDocument, type Report } from '../../services/verification/index.js'
import { sampleLicence, SAMPLE_AT } from '../support/sample-licence.js'
import { Draft, FOLDER } from '../support/ofd-draft.js'
import { stampAuthority, stampedOctets, stampToken, withStamp } from '../support/time-stamp.js'
import { sampleTrustFiles } from '../support/trust.js'

const AT = SAMPLE_AT.toISOString()
const { bytes, authority } = await sampleLicence()

/** A folder with a licence, the same changed, an unsigned text, and two trust directories. */
function folder (t: Test): string {
  const base = t.testdir({
    'good.ofd': bytes,
    'bad.ofd': bytes.subarray(0, -5),
    'text.txt': 'no licence',
    strange: { 'policy.json': '{"revokation":"required"}' }
  })
  const files = sampleTrustFiles(authority, { policy: { status: 'off' } })
  for (const { name, bytes } of [...files.anchors, ...files.intermediates, ...files.crls]) {
    mkdirSync(join(base, 'trust', name, '..'), { recursive: true })
    writeFileSync(join(base, 'trust', name), bytes)
  }
  writeFileSync(join(base, 'trust/authorities.json'), files.authorities as Uint8Array)
  writeFileSync(join(base, 'trust/policy.json'), files.policy as Uint8Array)
  return base
}

function run (cwd: string, ...args: string[]): { status: number | null, stdout: string, stderr: string } {
  return spawnSync(process.execPath, [join(projectRoot(), 'dist/cli/main.js'), ...args], { cwd, encoding: 'utf8' })
}
const lines = (text: string): Array<Report & { id?: unknown }> => text.trim().split('\n').map(line => JSON.parse(line) as Report)

t.test('the exit code is the worst verdict, and JSON is the engine\'s report', async t => {
  const base = folder(t)
  const verify = (...args: string[]) => run(base, 'verify', ...args, '--trust', 'trust', '--at', AT, '--json')
  const good = verify('good.ofd')
  t.equal(good.status, 0, good.stderr)
  t.same(lines(good.stdout), [await verifyDocument(bytes, { trust: loadTrustDirectory(join(base, 'trust')), at: AT })])
  t.equal(verify('text.txt').status, 2)
  t.equal(verify('good.ofd', 'text.txt').status, 2)
  t.equal(verify('text.txt', 'bad.ofd', 'good.ofd').status, 1)
  t.same(lines(verify('good.ofd', 'bad.ofd').stdout).map(({ verdict }) => verdict), ['valid', 'invalid'])
})

t.test('wrong usage is 64, a file that is not there 66', async t => {
  const base = folder(t)
  t.equal(run(base, 'verify', 'good.ofd').status, 64, 'no trust directory')
  t.equal(run(base, 'verify', '--trust', 'trust').status, 64, 'no file')
  t.equal(run(base, 'verify', 'good.ofd', '--trust', 'trust', '--at', 'yesterday').status, 64)
  t.equal(run(base, 'verify', 'good.ofd', '--trust', 'trust', '--purpose', 'all').status, 64)
  t.equal(run(base, 'verify', 'good.ofd', '--trust', 'nowhere').status, 64)
  const strange = run(base, 'verify', 'good.ofd', '--trust', 'strange')
  t.equal(strange.status, 64)
  t.match(strange.stderr, /revokation/)
  t.equal(run(base, 'verify', 'none.ofd', '--trust', 'trust').status, 66)
})

t.test('one bad case never ends the batch, and each answer bears its id', async t => {
  const base = folder(t)
  const cases = [
    { id: 'a', file: 'good.ofd', trust: 'trust', at: AT },
    { id: 2, file: 'none.ofd', trust: 'trust', at: AT },
    { id: 'c', file: 'good.ofd', trust: 'strange', at: AT },
    { id: 'd', file: 'good.ofd', trust: 'trust', at: 'soon' },
    { id: 'e', file: 'bad.ofd', trust: 'trust', at: AT }
  ]
  writeFileSync(join(base, 'cases.jsonl'), [...cases.map(item => JSON.stringify(item)), 'rubbish', ''].join('\n'))
  const { status, stdout } = run(base, 'verify', '--batch', 'cases.jsonl')
  t.equal(status, 1)
  const answers = lines(stdout)
  t.same(answers.map(({ id }) => id), ['a', 2, 'c', 'd', 'e', null])
  t.same(answers.map(({ verdict }) => verdict), ['valid', 'indeterminate', 'indeterminate', 'indeterminate', 'invalid', 'indeterminate'])
  t.match(answers[1]?.checks[0], { code: 'FILE_NOT_FOUND' })
  t.match(answers[2]?.checks[0], { code: 'TRUST_UNUSABLE' })
  t.match(answers[3]?.checks[0], { code: 'CASE_INVALID' })
})

t.test('a person reads the worst finding first, in Chinese, and what to do about it', async t => {
  const { stdout } = run(folder(t), 'verify', 'bad.ofd', '--trust', 'trust', '--at', AT)
  const [first, second, third] = stdout.split('\n')
  t.match(first, /核验不通过 .*Not valid/)
  t.match(second, /[\u4e00-\u9fff].*\[ZIP_END\]/)
  t.match(third, /请这样做/)
})

t.test('a time-stamp from an authority in timestamp-anchors/ makes up for a certificate that has ended', async t => {
  const draft = Draft.of((await sampleLicence({ signer: authority.makeSigner({ notAfter: new Date('2026-04-01T00:00:00Z'), sealTo: new Date('2036-01-01T00:00:00Z') }) })).bytes)
  const base = folder(t)
  const value = draft.get(`${FOLDER}/SignedValue.dat`)
  writeFileSync(join(base, 'ended.ofd'), draft.bytes())
  const tsa = stampAuthority(authority.ca, 'ec')
  writeFileSync(join(base, 'stamped.ofd'), draft.set(`${FOLDER}/SignedValue.dat`, withStamp(value, stampToken(stampedOctets(value), tsa))).bytes())
  const verify = (file: string) => {
    const { status, stdout } = run(base, 'verify', file, '--trust', 'trust', '--at', AT, '--json')
    return [status, ...lines(stdout).flatMap(({ signatures }) => signatures.flatMap(({ checks }) => checks.flatMap(check => 'code' in check ? [check.code] : [])))]
  }
  t.same(verify('ended.ofd'), [2, 'TIME_UNPROVEN'])
  t.same(verify('stamped.ofd'), [0])
  mkdirSync(join(base, 'trust/timestamp-anchors'))
  t.same(verify('stamped.ofd'), [2, 'TIME_UNPROVEN'], 'an empty folder believes nobody')
  writeFileSync(join(base, 'trust/timestamp-anchors/root.pem'), writePem('CERTIFICATE', authority.root.certificate.bytes))
  t.same(verify('stamped.ofd'), [0])
})

t.test('an OCSP answer in ocsp/ serves where a list is missing, and one that says revoked fails', async t => {
  const base = folder(t)
  const { ca, maker, signer } = authority
  rmSync(join(base, 'trust/crls/1.crl'))
  mkdirSync(join(base, 'trust/ocsp'))
  const day = { thisUpdate: new Date(SAMPLE_AT.getTime() - 3_600_000), nextUpdate: new Date(SAMPLE_AT.getTime() + 3_600_000) }
  const answer = (serialNumber: string, status: 'good' | { revokedAt: Date }): Buffer => issueOcspAnswer({ responder: ca.certificate, responderKey: ca.key, producedAt: day.thisUpdate, statuses: [{ issuer: ca.certificate, serialNumber, status, ...day }] })
  const write = (name: string, bytes: Buffer): void => { writeFileSync(join(base, 'trust/ocsp', name), bytes) }
  const verify = () => run(base, 'verify', 'good.ofd', '--trust', 'trust', '--at', AT, '--json')
  t.equal(verify().status, 2)
  const { serialNumber } = parseCertificate(signer.certificate)
  write('maker.der', answer(maker.certificate.serialNumber, 'good'))
  t.equal(verify().status, 2)
  write('signer.der', answer(serialNumber, 'good'))
  t.equal(verify().status, 0)
  write('late.der', answer(serialNumber, { revokedAt: new Date('2026-02-01T00:00:00Z') }))
  const revoked = verify()
  t.equal(revoked.status, 1)
  t.match(revoked.stdout, 'CERTIFICATE_REVOKED')
})

t.test('a receipt is checked with the network off', async t => {
  const base = folder(t)
  const pair = generateKeyPairSync('ed25519')
  const trust = loadTrustDirectory(join(base, 'trust'))
  const { facts } = gather(bytes, trust, { at: AT, withSm3: true })
  const jws = issueReceipt({
    id: 'r1', issuedAt: AT, facts, policy: trust.policy, trust: trust.digest, report: judge(facts, trust.policy, AT), key: { key: pair.privateKey, kid: keyThumbprint(pair.publicKey), algorithm: 'EdDSA' }
  })
  writeFileSync(join(base, 'receipt.jws'), jws)
  writeFileSync(join(base, 'key.pem'), pair.publicKey.export({ format: 'pem', type: 'spki' }))
  writeFileSync(join(base, 'other.pem'), generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }))
  t.equal(run(base, 'receipt', 'verify', 'receipt.jws', '--key', 'key.pem').status, 0)
  const other = run(base, 'receipt', 'verify', 'receipt.jws', '--key', 'other.pem', '--json')
  t.equal(other.status, 1)
  t.match(JSON.parse(other.stdout), { code: 'RECEIPT_SIGNATURE_INVALID' })
  t.equal(run(base, 'receipt', 'verify', 'none', '--key', 'key.pem').status, 66)
})

t.test('what the system refuses is never taken for a verdict, and does not end the others', async t => {
  const base = folder(t)
  symlinkSync('loop', join(base, 'loop'))
  mkdirSync(join(base, 'broken/anchors'), { recursive: true })
  symlinkSync('nowhere', join(base, 'broken/anchors/root.cer'))
  t.equal(run(base, 'verify', 'loop', '--trust', 'trust', '--at', AT).status, 66)
  t.equal(run(base, 'verify', 'a'.repeat(300), '--trust', 'trust', '--at', AT).status, 66)
  const both = run(base, 'verify', 'loop', 'good.ofd', '--trust', 'trust', '--at', AT, '--json')
  t.equal(both.status, 66)
  t.same(lines(both.stdout).map(({ verdict }) => verdict), ['valid'])
  t.equal(run(base, 'verify', 'good.ofd', '--trust', 'trust', '--content', 'loop').status, 66)
  t.equal(run(base, 'verify', 'good.ofd', '--trust', 'loop').status, 64)
  const broken = run(base, 'verify', 'good.ofd', '--trust', 'broken')
  t.equal(broken.status, 64)
  t.match(broken.stderr, /TRUST_INVALID/)
})
