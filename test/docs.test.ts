import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { FAILURES } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { FINDINGS } from '../services/verification/index.js'

const ROOT = projectRoot()
const PAGES = ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md')).map(name => join('docs', name))]

t.test('every code has a page', async t => {
  const page = readFileSync(join(ROOT, 'docs', 'failures.md'), 'utf8')
  const missing = (codes: string[]): string[] => codes.filter(code => !page.includes(`\n### ${code}\n`))
  t.same(missing([...Object.keys(FAILURES), ...Object.keys(FINDINGS)]), [])
  t.same(missing(['NO_SUCH_CODE']), ['NO_SUCH_CODE'])
})

t.test('every link between our pages leads somewhere', async t => {
  for (const page of PAGES) {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string)
    t.same(targets.filter(target => !existsSync(join(ROOT, dirname(page), target))), [], page)
  }
})
