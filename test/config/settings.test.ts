import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadSettings } from '../../config/settings.js'
import { Failure } from '../../services/core/failure.js'

function violationsOf (environment: NodeJS.ProcessEnv): string[] {
  try { loadSettings(environment) } catch (error) {
    if (error instanceof Failure && error.code === 'CONFIG_INVALID') return error.violations.map(({ pointer }) => pointer)
    throw error
  }
  return []
}

t.test('without an environment the defaults hold', async t => {
  const settings = loadSettings({})
  t.equal(settings.http.host, '127.0.0.1')
  t.equal(settings.http.port, 8080)
  t.equal(settings.province.sample, true)
})

t.test('the production profile makes no sample province and binds tokens to their holders', async t => {
  const settings = loadSettings({ MIANZHENG_PROFILE: 'production' })
  t.equal(settings.province.sample, false)
  t.equal(settings.identity.senderConstrained, 'required')
})

t.test('the environment overrides the file, which overrides the profile', async t => {
  const file = join(t.testdir(), 'site.json')
  writeFileSync(file, JSON.stringify({ http: { port: 9001, bodyBytes: 4096 }, province: { sample: true } }))
  const settings = loadSettings({ MIANZHENG_PROFILE: 'production', MIANZHENG_CONFIG: file, PORT: '9002', MIANZHENG_HTTP_JSON_DEPTH: '12' })
  t.same([settings.http.port, settings.http.bodyBytes, settings.http.jsonDepth, settings.province.sample], [9002, 4096, 12, true])
})

t.test('a value that does not fit is refused by the name of its setting', async t => {
  t.same(violationsOf({ PORT: '65535' }), [])
  t.same(violationsOf({ PORT: '65536' }), ['/http/port'])
  t.same(violationsOf({ PORT: 'eighty' }), ['/http/port'])
  t.same(violationsOf({ MIANZHENG_PROVINCE_SAMPLE: 'maybe' }), ['/province/sample'])
  t.same(violationsOf({ MIANZHENG_IDENTITY_TOKEN_SECONDS: '601' }), ['/identity/tokenSeconds'])
})

t.test('every fault is listed at once', async t => {
  t.same(violationsOf({ PORT: '-1', MIANZHENG_DATA_LOCK_TIMEOUT_MS: 'x' }).sort(), ['/data/lockTimeoutMs', '/http/port'])
})

t.test('a misspelt variable or setting is an error', async t => {
  t.equal(violationsOf({ MIANZHENG_HTTP_PROT: '1' }).length, 1)
  const file = join(t.testdir(), 'site.json')
  writeFileSync(file, JSON.stringify({ http: { prot: 9001 } }))
  t.same(violationsOf({ MIANZHENG_CONFIG: file }), ['/http/prot'])
})

t.test('a profile or file that cannot be read is an error', async t => {
  t.throws(() => loadSettings({ MIANZHENG_PROFILE: 'nowhere' }), { code: 'CONFIG_INVALID' })
  t.throws(() => loadSettings({ MIANZHENG_PROFILE: '../defaults' }), { code: 'CONFIG_INVALID' })
  const file = join(t.testdir(), 'broken.json')
  writeFileSync(file, '{')
  t.throws(() => loadSettings({ MIANZHENG_CONFIG: file }), { code: 'CONFIG_INVALID' })
})
