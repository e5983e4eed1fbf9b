import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sentence } from '../../console/codes.js'
import { WORDS } from '../../console/words/index.js'
import { FAILURES } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import { codeWords } from '../../services/host/console.js'
import { REASONS as EXEMPTION_REASONS } from '../../services/exemptions/index.js'
import { REASONS } from '../../services/intake/index.js'
import { REGISTER_REASONS } from '../../services/licences/index.js'
import { FINDINGS, sentence as fromVerification } from '../../services/verification/index.js'

const HAN = /\p{Script=Han}/u

t.test('what pages say, and what every code means, stands in Chinese and in English', async t => {
  const codes = Object.keys({ ...FAILURES, ...FINDINGS, ...EXEMPTION_REASONS, ...REASONS, ...REGISTER_REASONS })
  const said = [
    ...Object.entries(WORDS),
    ...codes.map(code => [code, codeWords(code)] as const),
    ...codes.map(code => [`${code} (mend)`, codeWords(code)?.mend] as const)
  ]
  t.same(said.filter(([, words]) => words === undefined || !HAN.test(words.zh) || words.en.trim() === '' || HAN.test(words.en)).map(([name]) => name), [])
})

t.test('both languages ask for the same values', async t => {
  const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string).sort()
  for (const [key, { zh, en }] of Object.entries(WORDS)) t.same(names(zh), names(en), key)
})

t.test('nobody is told of guilt, and nothing is a mere system error', async t => {
  t.same(Object.entries(WORDS).filter(([, { zh }]) => /伪造|造假|系统异常/.test(zh)), [])
})

t.test('a finding reads in the console as it reads elsewhere', async t => {
  for (const [code, { zh, en }] of Object.entries(FINDINGS)) {
    for (const detail of [undefined, '$& 第 4 页']) {
      t.equal(sentence(zh, detail), fromVerification(code as keyof typeof FINDINGS, 'zh', detail), code)
      t.equal(sentence(en, detail), fromVerification(code as keyof typeof FINDINGS, 'en', detail), code)
    }
  }
})

t.test('each word that a page asks for is used, so that none grows old unseen', async t => {
  const folder = join(projectRoot(), 'console')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name) && !name.startsWith('words')).map(name => readFileSync(join(folder, name), 'utf8')).join('\n')
  const families = /^(?:role|aspect|licence|status|kind|original|way|act|flag|cycle|form|sharing|resource|type|request|grant|event|correction\.outcome|case\.step|quarantine\.n|quarantine\.act|quarantine)\./ // their last part comes from the data
  t.same(Object.keys(WORDS).filter(key => !families.test(key) && !sources.includes(`'${key}'`)), [])
})

t.test('the style sheet and the script keep to what old browsers and the policy take', async t => {
  const asset = (name: string): string => readFileSync(join(projectRoot(), 'console', 'assets', name), 'utf8')
  const css = asset('console.css').replace(/\/\*[\s\S]*?\*\//g, '')
  const tooNew = [/:is\(/, /:where\(/, /:has\(/, /:not\([^)]*,/, /\binset\b/, /@layer|@container|@scope/, /&/, /url\(/, /@import/]
  t.same(tooNew.filter(pattern => pattern.test(css)).map(String), [])
  t.match('a:is(b)', tooNew[0] as RegExp)
  const script = asset('console.js')
  t.ok(Buffer.byteLength(script) < 10_240)
  t.notMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|style\s*=|localStorage|sessionStorage|document\.cookie/)
})
