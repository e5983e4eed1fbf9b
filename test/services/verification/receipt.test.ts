import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { keyThumbprint, signCompact } from '../../../platform/crypto/index.js'
import { canonicalJson } from '../../../services/core/json.js'
import { gather, issueReceipt, judge, RECEIPT_TYPE, STRICTEST, verifyReceipt, type Facts, type Receipt } from '../../../services/verification/index.js'
import { facts } from '../../support/facts.js'
import { sampleLicence, SAMPLE_AT } from '../../support/sample-licence.js'
import { sampleTrust } from '../../support/trust.js'

const AT = SAMPLE_AT.toISOString()
const pair = generateKeyPairSync('ed25519')
const key = { key: pair.privateKey, kid: keyThumbprint(pair.publicKey), algorithm: 'EdDSA' as const }
const issue = (facts: Facts, at = AT): string => issueReceipt({ id: 'r1', issuedAt: AT, facts, policy: STRICTEST, trust: 'c'.repeat(64), report: judge(facts, STRICTEST, at), key })
const payload = (jws: string): Receipt => JSON.parse(Buffer.from(jws.split('.')[1] as string, 'base64url').toString()) as Receipt
const resign = (receipt: object, typ = RECEIPT_TYPE): string => signCompact(Buffer.from(canonicalJson(receipt)), key, { typ })

t.test('a receipt holds, and its facts lead to its verdict and report', async t => {
  const { receipt, report } = verifyReceipt(issue(facts()), pair.publicKey)
  t.equal(receipt.verdict, 'valid')
  t.same(report, judge(facts(), STRICTEST, AT))
  t.same(receipt.input, facts().input)
})

t.test('any change to it, or another key, breaks the signature', async t => {
  const jws = issue(facts())
  const forged = { ...payload(jws), verdict: 'invalid' }
  const [head, , tail] = jws.split('.')
  t.throws(() => verifyReceipt(`${head}.${Buffer.from(canonicalJson(forged)).toString('base64url')}.${tail}`, pair.publicKey), { code: 'RECEIPT_SIGNATURE_INVALID' })
  t.throws(() => verifyReceipt(jws, generateKeyPairSync('ed25519').publicKey), { code: 'RECEIPT_SIGNATURE_INVALID' })
})

t.test('a verdict that its facts do not lead to is found out, even well signed', async t => {
  const receipt = payload(issue(facts({ signatures: [] })))
  t.equal(receipt.verdict, 'indeterminate')
  t.throws(() => verifyReceipt(resign({ ...receipt, verdict: 'valid' }), pair.publicKey), { code: 'RECEIPT_VERDICT_DIFFERS' })
  t.throws(() => verifyReceipt(resign({ ...receipt, facts: facts() }), pair.publicKey), { code: 'RECEIPT_VERDICT_DIFFERS' })
})

t.test('what is no receipt is told apart', async t => {
  t.throws(() => verifyReceipt('rubbish', pair.publicKey), { code: 'RECEIPT_INVALID' })
  t.throws(() => verifyReceipt(resign({ version: 2 }), pair.publicKey), { code: 'RECEIPT_INVALID' })
  const issued = payload(issue(facts()))
  t.throws(() => verifyReceipt(resign(issued, 'JWT'), pair.publicKey), { code: 'RECEIPT_INVALID' })
  t.throws(() => verifyReceipt(resign({ ...issued, facts: { kind: 'ofd' }, factsSha256: '' }), pair.publicKey), { code: 'RECEIPT_VERDICT_DIFFERS' })
})

t.test('facts hold no contents of the document and not its holder', async t => {
  const { bytes, licence, authority } = await sampleLicence()
  const text = JSON.stringify(gather(bytes, sampleTrust(authority), { at: AT }).facts)
  for (const secret of [licence.holder.name, licence.holder.code, licence.number, ...Object.values(licence.face)]) t.notOk(text.includes(secret), secret)
})
