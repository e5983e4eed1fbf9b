import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { lintText } from '../../cli/commands/catalogue.js'
import { projectRoot } from '../../services/core/project-root.js'
import { openProvince } from '../support/province.js'

const run = promisify(execFile)

t.test('mianzheng catalogue lint names what does not fit, and says so by its exit status', async t => {
  const { settings, url } = await openProvince(t)
  const lint = async (...more: string[]): Promise<{ code: number, stdout: string, stderr: string }> => {
    const made = run(process.execPath, [join(projectRoot(), 'dist/cli/main.js'), 'catalogue', 'lint', '--url', url, ...more], { env: { PATH: process.env['PATH'], DATA_DIR: settings.data.directory } })
    return await made.then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), (error: { code: number, stdout: string, stderr: string }) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }))
  }
  const { code, stdout } = await lint('--json')
  t.equal(code, 1)
  const findings = stdout.trim().split('\n').map(line => JSON.parse(line) as { code: string, subject: string })
  t.ok(findings.some(finding => finding.code === 'DATA_NOT_PUBLISHED' && finding.subject === '经营主体登记信息'), 'nothing is published in a new province')
  t.ok(findings.some(finding => finding.code === 'LICENCE_USED_NEVER_ISSUED'))
  t.match(await lint(), { code: 1, stdout: /请数源部门编制并发布/ })
  t.match(await lint('--client', 'operator'), { code: 1, stderr: /EXCHANGE_REFUSED[\s\S]*SCOPE_MISSING/ }, 'an operator reads no catalogue')
  t.match(await lint('--client', 'nobody'), { code: 1, stderr: /NOT_FOUND/ })
})

t.test('where everything fits, that is said', async t => { t.match(lintText([]), /^✓/) })
