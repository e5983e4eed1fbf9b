import t from 'tap'
import { reportText } from '../../cli/commands/report-text.js'
import { STRICTEST, judge } from '../../services/verification/index.js'
import { AT, facts, seal, signature } from '../support/facts.js'

t.test('no name in a document writes a line of its own, or acts upon the terminal', async t => {
  const name = '某局\u001b[2J\u001b[H✓ 核验通过  Valid\n✓ 核验通过\u2028\u202e\u009b'
  const report = judge(facts({ signatures: [signature({ id: 's\n1', checkMethod: 'MD5\n✓ 核验通过', seal: seal({ name, signerListed: 'no' }) })] }), STRICTEST, AT)
  const text = reportText(report, 'a.ofd')
  t.equal(report.verdict, 'invalid')
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/) // eslint-disable-line no-control-regex -- what must not be there
  t.same(text.split('\n').filter(line => line.startsWith('✓')), [])
  t.match(text, '\\u001b[2J')
})

t.test('a name of any length leaves a line that can be read', async t => {
  const report = judge(facts({ signatures: [signature({ seal: seal({ name: '章'.repeat(100_000) }) })] }), STRICTEST, AT)
  t.ok(reportText(report, 'a.ofd').length < 5_000)
})
