import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openRejects } from '../../../connectors/sdk/index.js'
import { told } from '../../../services/core/words.js'

t.test('the list of rejected rows is that of the last run that ended, without values or keys', async t => {
  const path = join(t.testdir(), 'rejects.jsonl')
  const first = await openRejects(path, '2026-03-01T00:00:00.000Z')
  await first.add({ at: 'a.csv:2', code: 'ROW_VALUE', message: told('面积不是数字', '面积 is not a number'), key: '310101199001011234' })
  await first.finish()
  const line = '{"at":"a.csv:2","code":"ROW_VALUE","message":"面积不是数字 / 面积 is not a number","run":"2026-03-01T00:00:00.000Z"}\n'
  t.equal(readFileSync(path, 'utf8'), line)
  const second = await openRejects(path, '2026-03-02T00:00:00.000Z')
  await second.abandon()
  t.equal(readFileSync(path, 'utf8'), line)
  await (await openRejects(path, '2026-03-03T00:00:00.000Z')).finish()
  t.equal(readFileSync(path, 'utf8'), '')
})

t.test('a folder that is not there is a failure of the store', async t => {
  await t.rejects(openRejects(join(t.testdir(), 'none', 'rejects.jsonl'), '2026-03-01T00:00:00.000Z'), { code: 'STORE_UNAVAILABLE' })
})
