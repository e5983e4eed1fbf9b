import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'
import { findingsOf, loadTrustDirectory, verifyDocument, type Report, type Trust } from '../../services/verification/index.js'

const corpus = join(projectRoot(), '../shared/corpus')
const skip = existsSync(corpus) ? false : `SKIPPED: the outside corpus is not at ${corpus}`
const AT = '2021-06-01T00:00:00Z'

/** The sample authority of the ofdrw files: it has no revocation lists, no competence and no register. */
function trust (directory: string, policy: object = { revocation: 'if-known', signingTime: 'claimed', authority: 'off', status: 'off' }): Trust {
  mkdirSync(join(directory, 'anchors'), { recursive: true })
  cpSync(join(corpus, 'seals/ofdrw-root.pem'), join(directory, 'anchors/ofdrw-root.pem'))
  writeFileSync(join(directory, 'policy.json'), JSON.stringify(policy))
  return loadTrustDirectory(directory)
}
const read = (name: string): Buffer => readFileSync(join(corpus, name))
const codes = (report: Report): string[] => [...new Set(findingsOf(report).map(({ code }) => code))]

interface Expected { verdict: Report['verdict'], codes: string[], at?: string }
/** What corpus/README.md says of each file. */
const FILES: Record<string, Expected> = {
  'v4-tax-test-ca.ofd': { verdict: 'indeterminate', codes: ['PATH_UNTRUSTED'] },
  'v4-document-changed.ofd': { verdict: 'invalid', codes: ['CONTENT_CHANGED', 'PATH_UNTRUSTED'] },
  'v4-antchain.ofd': { verdict: 'indeterminate', codes: ['PATH_UNTRUSTED'], at: '2022-12-01T00:00:00Z' },
  'v4-riding-stamps.ofd': { verdict: 'valid', codes: [] },
  'v4-whole-mode.ofd': { verdict: 'valid', codes: [] },
  'v4-second-signature-breaks-whole-mode.ofd': { verdict: 'invalid', codes: ['CONTENT_CHANGED'] },
  'sign-bare-sm2-no-certificate.ofd': { verdict: 'indeterminate', codes: ['SIGNER_CERTIFICATE_MISSING'] },
  'entries-manifest.ofd': { verdict: 'indeterminate', codes: ['MANIFEST_UNPROVEN', 'UNSIGNED'] },
  'signatures-list-missing.ofd': { verdict: 'invalid', codes: ['SIGNATURE_LIST_MISSING'] },
  'unsigned-odd-paths.ofd': { verdict: 'indeterminate', codes: ['UNSIGNED'] },
  'unsigned-chinese-names.ofd': { verdict: 'indeterminate', codes: ['UNSIGNED'] }
}

t.test('each OFD comes out as its collection says', { skip }, async t => {
  const believed = trust(t.testdir())
  for (const [name, { verdict, codes: expected, at = AT }] of Object.entries(FILES)) {
    const report = await verifyDocument(read(`ofd/${name}`), { trust: believed, at })
    t.equal(report.verdict, verdict, name)
    t.same(codes(report), expected, name)
  }
})

t.test('of two signatures the first, which covers the list, is broken and the second right', { skip }, async t => {
  const report = await verifyDocument(read('ofd/v4-second-signature-breaks-whole-mode.ofd'), { trust: trust(t.testdir()), at: AT })
  t.same(report.signatures.map(({ verdict }) => verdict), ['invalid', 'valid'])
})

t.test('v1-broken-five-ways fails on each side and is never valid, whatever the policy', { skip }, async t => {
  const report = await verifyDocument(read('ofd/v1-broken-five-ways.ofd'), { trust: trust(t.testdir()), at: AT })
  t.equal(report.verdict, 'invalid')
  const found = codes(report)
  for (const code of ['DESCRIPTION_CHANGED', 'CHECK_METHOD_REFUSED', 'SIGNER_LIST_UNPROVEN', 'SEAL_VERSION_UNSUPPORTED']) t.ok(found.includes(code), code)
})

t.test('what the trust directory leaves out is judged by the strictest', { skip }, async t => {
  const strict = await verifyDocument(read('ofd/v4-whole-mode.ofd'), { trust: trust(t.testdir(), {}), at: AT })
  t.equal(strict.verdict, 'indeterminate')
  t.same(codes(strict), ['REVOCATION_UNKNOWN', 'LICENCE_TYPE_UNKNOWN'])
})

t.test('after the certificates ended, proven wants proof, and claimed says whose word it takes', { skip }, async t => {
  const later = '2026-01-01T00:00:00Z'
  const base = { revocation: 'if-known', authority: 'off', status: 'off' }
  const claimed = await verifyDocument(read('ofd/v4-whole-mode.ofd'), { trust: trust(t.testdir(), { ...base, signingTime: 'claimed' }), at: later })
  t.equal(claimed.verdict, 'valid')
  t.match(claimed.signatures[0]?.checks.find(({ name }) => name === 'time-proof')?.detail, /word/)
  const proven = await verifyDocument(read('ofd/v4-whole-mode.ofd'), { trust: trust(t.testdir(), base), at: later })
  t.equal(proven.verdict, 'indeterminate')
  t.same(codes(proven), ['TIME_UNPROVEN'])
})

t.test('seals and a seal signature by themselves', { skip }, async t => {
  const believed = trust(t.testdir())
  const of = async (name: string, content?: Buffer) => await verifyDocument(read(`seals/${name}`), { trust: believed, at: AT, ...(content !== undefined && { content }) })
  t.equal((await of('UserV4.esl')).verdict, 'valid')
  t.same(codes(await of('UserV1.esl')), ['SEAL_VERSION_UNSUPPORTED'])
  t.same(codes(await of('SignedValueV4.dat')), ['CONTENT_MISSING'])
  t.same(codes(await of('SignedValueV4.dat', Buffer.from('something else'))), ['DESCRIPTION_CHANGED'])
  t.equal((await of('ofdrw-USER.pem')).verdict, 'valid')
})
