import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'

/** The demonstration as a process of its own, of a small province, in a folder of its own. */
async function demo (folder: string, ...args: string[]): Promise<{ status: number | null, output: string }> {
  // The test runner puts its hooks and source maps into every process below it, some 100 MB of what the story measures.
  const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, join(projectRoot(), 'dist', 'cli', 'main.js'), 'demo', ...args], {
    env: { ...process.env, TMPDIR: folder, MIANZHENG_PROVINCE_PEOPLE: '40', MIANZHENG_PROVINCE_SHOPS: '10', MIANZHENG_PROVINCE_LICENCES: '44' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>])
  return { status, output }
}

t.test('both acts are told to their end, every step as it should be, and nothing is left behind', async t => {
  const folder = t.testdir()
  const { status, output } = await demo(folder)
  t.equal(status, 0, output)
  const scenes = [...output.matchAll(/^[一二三四五六七八九十]、(\S+)/gm)].map(match => match[1])
  t.same(scenes.slice(9), ['各部门有什么、欠什么', '开一家餐饮店', '申请、授权、使用、收回', '数据回流到县', '责任到期没到，到了自动销号', '谁看过什么'])
  t.same(scenes.slice(0, 9), ['部门发证', '窗口核验', '不该信的印章', '改动过的文件', '证照被吊销', '上报途中的手脚', '谁在调用', '修好原因，重新检查', '全省'])
  for (const code of [
    'PATH_UNTRUSTED', 'FACE_DIFFERS', 'NOT_COMPETENT', 'SEAL_NOT_IN_FORCE', 'CERTIFICATE_REVOKED', 'CONTENT_CHANGED', 'NOT_ALL_COVERED', 'SIGNATURE_REMOVED',
    'REVOKED', 'SIGNATURE_INVALID', 'FORK', 'SENDER_PROOF_REQUIRED', 'SENDER_PROOF_INVALID', 'SENDER_PROOF_REPLAYED', 'ASSERTION_REPLAYED', 'SCOPE_MISSING',
    'AUTHORITY_LIST_ROLLBACK', 'RECEIPT_SIGNATURE_INVALID',
    'NO_MATCH', 'REFUSED_BY_APPLICANT', 'COMMITMENT_TEXT_DIFFERS', 'GRANT_MISSING', 'SELF_APPROVAL', 'GRANT_WITHOUT_END', 'PURPOSE_NOT_GRANTED', 'FIELD_NOT_GRANTED', 'GRANT_PULLED', 'REGION_NOT_GRANTED'
  ]) t.match(output, code)
  t.notMatch(output, '✗')
  t.same(readdirSync(folder), [])
})

t.test('a step that does not come out as it should is named, and the command fails', async t => {
  const { status, output } = await demo(t.testdir(), '--memory-mib', '1')
  t.equal(status, 1)
  t.match(output, /✗ 2 步不如所应当[\s\S]*- 常驻内存不超过 1 MB[\s\S]*- 常驻内存仍不超过 1 MB/)
  t.match(output, '停下再启动', 'the steps after it were taken all the same')
})

t.test('wrong usage is told from a step that failed', async t => {
  t.equal((await demo(t.testdir(), '--memory-mib', 'many')).status, 64)
})
