import t from 'tap'
import { CERTIFICATE_CHECKS, DOCUMENT_CHECKS, LICENCE_CHECKS, SEAL_CHECKS, SIGNATURE_CHECKS } from '../../../services/verification/checks/index.js'
import type { Facts } from '../../../services/verification/facts.js'
import { FINDINGS } from '../../../services/verification/findings.js'
import { STRICTEST } from '../../../services/verification/policy.js'
import { ASPECTS } from '../../../services/verification/report.js'
import { judge, verdictOf, worst } from '../../../services/verification/verdict.js'
import { findingsOf } from '../../../services/verification/words.js'
import { AT, certificate, facts, seal, signature } from '../../support/facts.js'

const LISTS = { DOCUMENT_CHECKS, SIGNATURE_CHECKS, SEAL_CHECKS, CERTIFICATE_CHECKS, LICENCE_CHECKS }

t.test('a licence with which everything is right is valid, under the strictest policy', async t => {
  t.equal(judge(facts(), STRICTEST, AT).verdict, 'valid')
})

t.test('nothing at all is indeterminate', async t => {
  t.equal(worst([]), 'indeterminate')
  t.equal(verdictOf([], ['integrity']), 'indeterminate')
  for (const kind of ['ofd', 'seal', 'seal-signature', 'certificate', 'licence', 'pdf', 'cms', 'token', 'unknown'] as const) {
    const empty: Facts = { version: 1, kind, format: [], dialects: [], signatures: [] }
    for (const policy of [STRICTEST, { ...STRICTEST, revocation: 'if-known', signingTime: 'claimed', authority: 'off', status: 'off' } as const]) {
      t.equal(judge(empty, policy, AT).verdict, 'indeterminate', kind)
    }
  }
})

t.test('one failure makes it invalid, else one indeterminate makes it indeterminate', async t => {
  const passed = { name: 'a', aspect: 'integrity', status: 'passed' } as const
  const open = { name: 'b', aspect: 'seal', status: 'indeterminate', code: 'SEAL_VERSION_UNSUPPORTED' } as const
  const failed = { name: 'c', aspect: 'seal', status: 'failed', code: 'SEAL_MAKER_INVALID' } as const
  t.equal(verdictOf([passed], ['integrity']), 'valid')
  t.equal(verdictOf([passed, open], ['integrity']), 'indeterminate')
  t.equal(verdictOf([passed, open, failed], ['integrity']), 'invalid')
  t.equal(verdictOf([{ ...passed, status: 'skipped' }], ['integrity']), 'indeterminate', 'skipped is no pass')
  t.equal(verdictOf([passed], ['integrity', 'path']), 'indeterminate', 'what was not asked is no pass')
})

t.test('the document is as bad as the worst of its signatures', async t => {
  const right = signature()
  const wrong = signature({ id: 's002', dataHash: 'different' })
  const open = signature({ id: 's003', form: 'cms' })
  t.equal(judge(facts({ signatures: [right, wrong] }), STRICTEST, AT).verdict, 'invalid')
  t.equal(judge(facts({ signatures: [right, open] }), STRICTEST, AT).verdict, 'indeterminate')
  t.same(judge(facts({ signatures: [right, wrong] }), STRICTEST, AT).signatures.map(({ verdict }) => verdict), ['valid', 'invalid'])
})

t.test('a certificate, a seal and a licence by themselves can be valid', async t => {
  const base = { version: 1, format: [], dialects: [], signatures: [] } as const
  t.equal(judge({ ...base, kind: 'certificate', format: [], dialects: [], signatures: [], certificate: certificate() }, STRICTEST, AT).verdict, 'valid')
  t.equal(judge({ ...base, kind: 'seal', format: [], dialects: [], signatures: [], seal: seal() }, STRICTEST, AT).verdict, 'valid')
  const { licence, register } = facts() as Required<Facts>
  t.equal(judge({ ...base, kind: 'licence', format: [], dialects: [], signatures: [], licence, register }, STRICTEST, AT).verdict, 'valid')
})

t.test('judging is pure: the same facts, frozen, give the same report', async t => {
  const frozen = deepFreeze(facts())
  t.same(judge(frozen, STRICTEST, AT), judge(JSON.parse(JSON.stringify(frozen)) as Facts, STRICTEST, AT))
})

t.test('the first finding is the worst: failures first, then by aspect', async t => {
  const report = judge(facts({ signatures: [signature({ seal: seal({ version: 1 }), dataHash: 'different', stamps: { count: 1, pagesMissing: ['9'] } })], register: { answer: 'not-found' } }), STRICTEST, AT)
  t.same(findingsOf(report).map(({ code }) => code), ['DESCRIPTION_CHANGED', 'STAMP_PAGE_MISSING', 'SEAL_VERSION_UNSUPPORTED', 'NOT_IN_REGISTER'])
})

t.test('each list stands in the order of the aspects, and no name stands twice in one', async t => {
  for (const [name, checks] of Object.entries(LISTS)) {
    const ranks = checks.map(({ aspect }) => ASPECTS.indexOf(aspect))
    t.same(ranks, [...ranks].sort((a, b) => a - b), name)
    t.equal(new Set(checks.map(check => check.name)).size, checks.length, name)
  }
})

t.test('every finding has words in both languages and never speaks of guilt', async t => {
  for (const [code, { zh, en, mend }] of Object.entries(FINDINGS)) {
    t.ok([zh, en, mend.zh, mend.en].every(text => text.length > 3), code)
    t.notMatch(zh + mend.zh, /伪造|造假|系统异常/, code)
  }
})

function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
