import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { mianzheng } from '../support/command.js'
import { openProvince } from '../support/province.js'

t.test('a person who runs a connector is told that the exchange is away, what waits, what was sent later, and what is held', async t => {
  const { url, settings } = await openProvince(t)
  const folder = join(settings.data.directory, '..', 'premises')
  mkdirSync(folder)
  const write = (rows: number): void => { writeFileSync(join(folder, 'a.csv'), `编号,名称\n${Array.from({ length: rows }, (_, n) => `916301020000000${100 + n},店\n`).join('')}`) }
  const config = join(folder, 'source.json')
  writeFileSync(config, JSON.stringify({ resource: 'premises', dir: '.', key: ['编号'], columns: [{ heading: '名称' }] }))
  const run = (...more: string[]): ReturnType<typeof mianzheng> => mianzheng(t, ['connector', 'csv', 'market', '--config', config, ...more], { DATA_DIR: settings.data.directory })

  write(30)
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  await new Promise(resolve => { nobody.close(resolve) })
  const away = run('--url', `http://127.0.0.1:${port}`)
  await away.until(/联系不上（ECONNREFUSED），约 1 秒后再试/)
  away.child.kill('SIGTERM')
  t.equal(await away.ended, 1)
  t.match(away.output(), /SHUTTING_DOWN/)
  t.match(away.output(), /还有 31 条事件/)
  const back = run('--url', url)
  t.equal(await back.ended, 0)
  t.match(back.output(), /premises：新增或变更 0，未变 30，删除 0，退回 0/)
  t.match(back.output(), /另补送此前未送达的事件 31 条/)
  const quiet = run('--url', url)
  t.equal(await quiet.ended, 0)
  t.notMatch(quiet.output(), /补送|暂停/)

  write(9)
  const held = run('--url', url)
  t.equal(await held.ended, 1)
  t.match(held.output(), /^DELETIONS_HELD/m)
  t.match(held.output(), /premises：将删除已上报 30 行中的 21 行（70%）/)
  const list = join(settings.data.directory, 'departments', 'market', 'held-premises.txt')
  t.match(held.output(), list)
  t.equal(readFileSync(list, 'utf8').split('\n')[0], '916301020000000109')
  t.notMatch(held.output(), /916301020000000109/, 'on the screen keys are masked')
  t.equal(await run('--url', url, '--confirm-deletions', 'all').ended, 64)
  const [, set = ''] = /--confirm-deletions ([0-9a-f]{16})/.exec(held.output()) ?? []
  const confirmed = run('--url', url, '--confirm-deletions', set)
  t.equal(await confirmed.ended, 0)
  t.match(confirmed.output(), /未变 9，删除 21，/)
  t.match(confirmed.output(), /此前暂停过 1 次/)
  t.notOk(existsSync(list))

  writeFileSync(join(folder, 'a.csv'), `${readFileSync(join(folder, 'a.csv'), 'utf8')}one field alone\n`)
  const bad = run('--url', url)
  t.equal(await bad.ended, 1)
  t.match(bad.output(), join(settings.data.directory, 'departments', 'market', 'rejects-premises.jsonl'), 'and where to look')

  write(5)
  const strict = mianzheng(t, ['connector', 'csv', 'market', '--config', config, '--url', url], { DATA_DIR: settings.data.directory, MIANZHENG_CONNECTORS_HOLD_ABOVE_ROWS: '3' })
  t.equal(await strict.ended, 1)
  t.match(strict.output(), /9 行中的 4 行/, 'the settings say how many')
  t.equal(await run('--url', url).ended, 0)
})

t.test('a data set that is held does not hold up the others of the department, and is not counted', async t => {
  const { url, settings } = await openProvince(t)
  const run = (): ReturnType<typeof mianzheng> => mianzheng(t, ['connector', 'records', 'civil', '--url', url], { DATA_DIR: settings.data.directory })
  t.equal(await run().ended, 0)
  const records = join(settings.data.directory, 'departments', 'civil', 'records', 'marriages', 'records.csv')
  const text = readFileSync(records, 'utf8')
  writeFileSync(records, text.slice(0, text.indexOf('\n') + 1))
  const held = run()
  t.equal(await held.ended, 1)
  t.match(held.output(), /marriages：将删除已上报/)
  t.match(held.output(), /2 项数据，新增或变更 0，未变 [1-9]\d*，删除 0，退回 0/)
  t.match(held.output(), /其中 1 项已暂停/)
  writeFileSync(records, text)
  t.equal(await run().ended, 0)
})
