import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../services/core/project-root.js'
import { generated } from './support/generate.js'

const root = projectRoot()
const files = await generated(root)

t.test('every generated file stands as its sources make it; npm run generate writes them', async t => {
  for (const [file, text] of files) {
    const path = join(root, file)
    t.ok(existsSync(path) && readFileSync(path, 'utf8') === text, `${file} is what its source makes`)
  }
})

t.test('no generated type is left over from a schema that is gone', async t => {
  const types = readdirSync(join(root, 'schemas'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  t.same(types.filter(name => !files.has(`schemas/${name}`)), [])
})

t.test('a changed source makes another file', async t => {
  const page = files.get('docs/failures.md') as string
  t.match(page, '### BODY_TOO_LARGE')
  t.match(page, '### TOKEN_MISSING')
  t.not(page.replace('### TOKEN_MISSING', '### TOKEN_GONE'), page)
})
