import t from 'tap'
import { expectSame, expectVerdict, Stopped, Story, Unexpected } from '../../../cli/demo/story.js'
import type { Report } from '../../../services/verification/index.js'

function told (columns = 100): { story: Story, text: () => string } {
  let text = ''
  return { story: new Story({ write: more => { text += more }, colour: false, columns }), text: () => text }
}

t.test('a step that fails is counted and named, and the next one is taken all the same', async t => {
  const { story, text } = told()
  t.equal(await story.step({ zh: '甲', en: 'a' }, async () => 'seen'), true)
  t.equal(await story.step({ zh: '乙', en: 'b' }, async () => { throw new Unexpected('wanted one thing, got another') }), false)
  t.equal(await story.step({ zh: '丙', en: 'c' }, async () => { throw new TypeError('a fault of the story itself') }), false)
  t.equal(await story.step({ zh: '丁', en: 'd' }, async () => ['two', 'lines']), true)
  t.same([story.passed, story.failed], [2, ['乙', '丙']])
  t.match(text(), '  ✓ 甲  a\n      seen\n  ✗ 乙  b\n      wanted one thing, got another\n  ✗ 丙  c\n      TypeError: a fault of the story itself\n')
  t.match(text(), '  ✓ 丁  d\n      two\n      lines\n')
})

t.test('once stopped no step is begun, and how the one in hand ends does not count', async t => {
  const { story } = told()
  await t.rejects(story.step({ zh: '甲', en: 'a' }, async () => { story.stop(); throw new Unexpected('the exchange has gone') }), Stopped)
  await t.rejects(story.step({ zh: '乙', en: 'b' }, async () => 'seen'), Stopped)
  t.same([story.passed, story.failed], [0, []])
})

t.test('English stands beside the Chinese where there is room, else below it', async t => {
  const [wide, narrow] = [told(14), told(13)]
  for (const { story } of [wide, narrow]) story.note({ zh: '中文', en: 'abcdef' }) // 2 + 4 + 2 + 6 columns
  t.equal(wide.text(), '  中文  abcdef\n')
  t.equal(narrow.text(), '  中文\n  abcdef\n')
})

t.test('a verdict has to be just the one that was wanted, with just its codes', async t => {
  const report = (verdict: Report['verdict'], ...codes: string[]): Report => ({
    verdict,
    at: '2026-03-01T00:00:00.000Z',
    checks: codes.map(code => ({ name: code, aspect: 'authority', status: 'failed', code })) as Report['checks'],
    signatures: []
  })
  t.match(expectVerdict(report('valid'), 'valid'), ['✓ 核验通过  Valid'])
  t.match(expectVerdict(report('invalid', 'NOT_COMPETENT', 'NOT_COMPETENT'), 'invalid', 'NOT_COMPETENT')[0], /^✕ 核验不通过：盖章单位无权颁发这类证照 {2}\[NOT_COMPETENT\]$/)
  const wrong: Array<() => unknown> = [
    () => expectVerdict(report('indeterminate'), 'valid'),
    () => expectVerdict(report('valid'), 'invalid', 'NOT_COMPETENT'),
    () => expectVerdict(report('invalid', 'NOT_COMPETENT'), 'invalid', 'REVOKED'),
    () => expectVerdict(report('invalid', 'NOT_COMPETENT', 'ISSUER_DIFFERS'), 'invalid', 'NOT_COMPETENT'),
    () => expectVerdict(report('invalid', 'NOT_COMPETENT'), 'invalid', 'NOT_COMPETENT', 'ISSUER_DIFFERS'),
    () => { expectSame([1, 2], [1, 3], 'numbers') }
  ]
  for (const one of wrong) t.throws(one, Unexpected)
})
