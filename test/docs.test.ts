import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { loadSchemas, validators } from '../platform/http/schemas.js'
import { FAILURES } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { REASONS as EXEMPTION_REASONS } from '../services/exemptions/index.js'
import { REASONS as INTAKE_REASONS } from '../services/intake/index.js'
import { REGISTER_REASONS } from '../services/licences/index.js'
import { FINDINGS } from '../services/verification/index.js'

const ROOT = projectRoot()
const PAGES = ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md')).map(name => join('docs', name))]

t.test('every code has a page', async t => {
  const page = readFileSync(join(ROOT, 'docs', 'failures.md'), 'utf8')
  const missing = (codes: string[]): string[] => codes.filter(code => !page.includes(`\n### ${code}\n`))
  t.same(missing([FAILURES, FINDINGS, EXEMPTION_REASONS, INTAKE_REASONS, REGISTER_REASONS].flatMap(Object.keys)), [])
  t.same(missing(['NO_SUCH_CODE']), ['NO_SUCH_CODE'])
})

t.test('every link between our pages leads somewhere', async t => {
  for (const page of PAGES) {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string)
    t.same(targets.filter(target => !existsSync(join(ROOT, dirname(page), target))), [], page)
  }
})

/** The schema of what a route takes, by the end of its address as the pages write it. */
const BODIES: Record<string, string> = { '/v1/quarantine/<id>/replay': 'quarantine-replay-request.v1' }

t.test('what a page sends by curl is what the route takes', async t => {
  const validator = validators(loadSchemas(join(ROOT, 'schemas')))
  const sent = PAGES.flatMap(page => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/-d '(\{[^']*\})'\s+http:\/\/[^/]+(\S+)/g)].map(([, body, path]) => ({ page, body: body as string, path: path as string })))
  t.ok(sent.length > 0)
  for (const { page, body, path } of sent) {
    t.ok(BODIES[path] !== undefined, `${page}: ${path}`)
    t.same(validator(`https://mianzheng.example/schemas/http/${BODIES[path] as string}.json`)(JSON.parse(body)), [], `${page}: ${body}`)
  }
})
