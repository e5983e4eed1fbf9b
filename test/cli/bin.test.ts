import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'

const { bin } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { bin: Record<string, string> }

// A build leaves no file executable, and npx makes one so only when it meets the folder first: what it runs stands in the tree itself.
t.test('what npx runs outlives a build from scratch', async t => {
  const path = bin['mianzheng'] as string
  t.notMatch(path, /^dist\//)
  t.equal(statSync(join(projectRoot(), path)).mode & 0o111, 0o111, 'everybody may run it')
  const { status, stdout } = spawnSync(join(projectRoot(), path), ['--help'], { encoding: 'utf8' })
  t.equal(status, 0)
  t.match(stdout, /^Usage: mianzheng /)
})
