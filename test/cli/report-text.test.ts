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

t.test('a finding tells instants by the clock in China; the name of a file is left as it is', async t => {
  const report = judge(facts({ signatures: [signature({ signedAt: '2099-01-01T00:00:00.000Z' })] }), STRICTEST, AT)
  const text = reportText(report, '2026-01-01T00:00:00Z.ofd')
  t.match(text, '盖章时间晚于所问的时间（2099-01-01 08:00:00 (北京时间)）')
  t.same(text.match(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g), ['2026-01-01T00:00:00Z'])
})
