import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { mianzheng } from '../support/command.js'

const SMALL = { MIANZHENG_PROVINCE_PEOPLE: '20', MIANZHENG_PROVINCE_SHOPS: '5', MIANZHENG_PROVINCE_LICENCES: '22' }

t.test('serve brings up a province, lets a verdict end and stops when it is told to', async t => {
  const directory = join(t.testdir(), 'data')
  const environment = { PORT: '0', DATA_DIR: directory, ...SMALL }
  const first = mianzheng(t, ['serve'], environment)
  const [, url = ''] = await first.until(/(http:\/\/127\.0\.0\.1:\d+)/)
  t.equal((await fetch(`${url}/healthz`)).status, 200)
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  await first.until(/all licences of the sample province are issued/)
  await first.until(/示例省目录：发布 [1-9]\d*，责任 [1-9]\d*，授权 [1-9]/)
  t.ok(existsSync(join(directory, 'samples', 'business-licence.ofd')))
  t.match(first.output(), /新增或变更 [1-9]\d*，未变 0，删除 0，退回 0/, 'and the data sets are published')
  t.match(first.output(), `$(DATA_DIR='${directory}' npx mianzheng token approval-window --url ${url})`, 'the line shown works from another terminal')
  first.child.kill('SIGTERM')
  t.equal(await first.ended, 0)
  t.match(first.output(), /stopped/)

  const second = mianzheng(t, ['serve'], environment)
  await second.until(/all licences of the sample province are issued/)
  t.notMatch(second.output(), /签发 [1-9]|变更 [1-9]/, 'nothing is issued or published twice')
  await second.until(/示例省目录：发布 0，责任 0，授权 0/)
  second.child.kill('SIGINT')
  t.equal(await second.ended, 0)
})

t.test('a bad setting is named and nothing starts', async t => {
  const directory = join(t.testdir(), 'data')
  const { ended, output } = mianzheng(t, ['serve'], { PORT: '99999', DATA_DIR: directory })
  t.equal(await ended, 1)
  t.match(output(), /CONFIG_INVALID/)
  t.match(output(), /\/http\/port/)
  t.notOk(existsSync(directory))
})

t.test('a port that is taken is said, and the process ends', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => { taken.close() })
  const { port } = taken.address() as AddressInfo
  const { ended, output } = mianzheng(t, ['serve'], { PORT: String(port), DATA_DIR: join(t.testdir(), 'data'), ...SMALL })
  t.equal(await ended, 1)
  t.match(output(), /LISTEN_FAILED/)
  t.match(output(), `127.0.0.1:${port}: EADDRINUSE`)
  t.notMatch(output(), /\n {4}at /, 'without a stack')
})

t.test('a token is not waited for where no exchange runs', async t => {
  const directory = join(t.testdir(), 'data')
  t.equal(await mianzheng(t, ['keys', 'init'], { DATA_DIR: directory }).ended, 0)
  const { ended, output } = mianzheng(t, ['token', 'auditor', '--url', 'http://127.0.0.1:9'], { DATA_DIR: directory })
  t.equal(await ended, 1)
  t.match(output(), /EXCHANGE_UNAVAILABLE/)
  t.match(output(), 'http://127.0.0.1:9')
  t.match(output(), /npm start.*--url/, 'and what to do about it')
})

t.test('an address that is none is wrong usage, and a data directory without keys is named', async t => {
  t.equal(await mianzheng(t, ['token', 'auditor', '--url', 'localhost:8080'], {}).ended, 64)
  t.equal(await mianzheng(t, ['connector', 'issue', '--url', 'ftp://127.0.0.1'], {}).ended, 64)
  const directory = join(t.testdir(), 'none')
  const { ended, output } = mianzheng(t, ['token', 'auditor'], { DATA_DIR: directory })
  t.equal(await ended, 1)
  t.match(output(), /NOT_FOUND/)
  t.match(output(), directory)
})

t.test('without keys the production profile says what is missing', async t => {
  const { ended, output } = mianzheng(t, ['serve'], { PORT: '0', DATA_DIR: join(t.testdir(), 'data'), MIANZHENG_PROFILE: 'production' })
  t.equal(await ended, 1)
  t.match(output(), /CONFIG_INVALID/)
})

t.test('development keys do not start in production', async t => {
  const directory = join(t.testdir(), 'data')
  t.equal(await mianzheng(t, ['keys', 'init'], { DATA_DIR: directory }).ended, 0)
  const { ended, output } = mianzheng(t, ['serve'], { PORT: '0', DATA_DIR: directory, MIANZHENG_PROFILE: 'production' })
  t.equal(await ended, 1)
  t.match(output(), /DEVELOPMENT_KEYS_REFUSED/)
})

t.test('wrong usage ends with 64', async t => {
  t.equal(await mianzheng(t, ['no-such-command'], {}).ended, 64)
  t.equal(await mianzheng(t, ['serve', '--no-such-option'], {}).ended, 64)
  t.equal(await mianzheng(t, ['token'], {}).ended, 64)
  t.equal(await mianzheng(t, ['--help'], {}).ended, 0)
  t.equal(await mianzheng(t, ['verify', '--help'], {}).ended, 0)
})
