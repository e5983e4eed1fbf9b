import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { clientOf } from '../../cli/department.js'
import { projectRoot } from '../../services/core/project-root.js'
import { openProvince } from '../support/province.js'

const MARKET = '11990000YYYY01015Y'
const OFFICE = '11990000YYYY010074'

/** The command line as a process of its own; how it ended, and what it wrote. */
async function mianzheng (args: string[], environment: Record<string, string>): Promise<{ code: number, stdout: string, stderr: string }> {
  const { PORT: _port, DATA_DIR: _dir, ...inherited } = process.env
  const run = promisify(execFile)(process.execPath, [join(projectRoot(), 'dist', 'cli', 'main.js'), ...args], { env: { ...inherited, ...environment } })
  return await run.then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), (error: { code: number, stdout: string, stderr: string }) => error)
}

t.test('duties and deliveries are worked out again offline to the bytes that the exchange answers, while it runs and after it', async t => {
  const { exchange, url, settings } = await openProvince(t)
  const environment = { DATA_DIR: settings.data.directory }
  const call = async (clientId: string, method: string, path: string, body?: object): Promise<Response> => await fetch(`${url}/v1/catalogue${path}`, {
    method, headers: { authorization: `Bearer ${await clientOf({ settings, url, clientId }).token()}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const resource = {
    resourceId: `${MARKET}.names`, title: '名称登记信息', summary: '示例', provider: MARKET, items: [{ name: '名称', type: 'text' }], legalBasis: '示例条例', region: '990000', updateCycle: 'daily', sharing: { class: 'unconditional' }, ways: ['service-interface'], classification: '102001'
  }
  const described = await call('market', 'PUT', `/resources/${resource.resourceId}`, { resource, why: '编制目录' })
  t.equal(described.status, 200, await described.clone().text())
  t.equal((await call('catalogue-manager', 'POST', `/resources/${resource.resourceId}/review`, { outcome: 'publish', version: 1, why: '审核' })).status, 200)
  for (const [id, dueOn] of [['d-1', '2026-03-13'], ['d-2', '2026-12-31']] as const) {
    const set = await call('catalogue-manager', 'PUT', `/duties/${id}`, { resourceId: resource.resourceId, consumers: [OFFICE], dueOn, updateCycle: 'daily', matters: [], contact: { office: '数据处' }, why: '列入责任清单' })
    t.equal(set.status, 200, await set.clone().text())
  }
  const demanded = await call('approval-window', 'POST', '/demands', { resourceId: resource.resourceId, fields: ['名称'], forms: ['query'], purpose: '开办餐饮店', matters: [], legalBasis: '示例条例', scenario: '核对名称', scope: '政务大厅', until: '2098-12-31' })
  const { demandId } = await demanded.clone().json() as { demandId: string }
  t.equal(demanded.status, 201, await demanded.text())
  const granted = await call('market', 'POST', `/demands/${demandId}/decisions`, { outcome: 'grant', grant: { until: '2098-12-31' }, why: '同意' })
  t.equal(granted.status, 200, await granted.text())
  for (const at of [new Date().toISOString(), '2099-01-01T00:00:00.000Z']) {
    const answered = await (await call('auditor', 'GET', `/duties?at=${at}`)).text()
    t.match(answered, /"itemId":"d-1".*"itemId":"d-2"/)
    t.same(await mianzheng(['catalogue', 'duties', '--recompute', '--at', at], environment), { code: 0, stdout: answered, stderr: '' }, 'while it runs')
    t.same(await mianzheng(['catalogue', 'duties', '--at', at, '--url', url], environment), { code: 0, stdout: answered, stderr: '' }, 'asked of the exchange')
  }
  for (const at of [new Date().toISOString(), '2098-01-01T00:00:00.000Z']) {
    const answered = await (await call('catalogue-manager', 'GET', `/deliveries?at=${at}`)).text()
    t.match(answered, /"items":\[\{"agreedAt":/)
    t.same(await mianzheng(['catalogue', 'deliveries', '--recompute', '--at', at], environment), { code: 0, stdout: answered, stderr: '' }, 'while it runs')
    t.same(await mianzheng(['catalogue', 'deliveries', '--at', at, '--url', url], environment), { code: 0, stdout: answered, stderr: '' }, 'asked of the exchange')
  }
  const [now, own] = [new Date().toISOString(), ['--owner', MARKET, '--consumer', OFFICE]]
  const delivered = await (await call('market', 'GET', `/deliveries?at=${now}&owner=${MARKET}&consumer=${OFFICE}`)).text()
  const at = '2026-12-01T00:00:00.000Z'
  const overdue = await (await call('auditor', 'GET', `/duties?at=${at}&state=overdue`)).text()
  await exchange.close()
  t.same(await mianzheng(['catalogue', 'duties', '--recompute', '--at', at, '--state', 'overdue'], environment), { code: 0, stdout: overdue, stderr: '' }, 'after it was stopped')
  t.same(await mianzheng(['catalogue', 'deliveries', '--recompute', '--at', now, ...own], environment), { code: 0, stdout: delivered, stderr: '' }, 'after it was stopped')
})

t.test('what cannot be worked out is told by exit status and code', async t => {
  const environment = { DATA_DIR: join(t.testdir(), 'nothing') }
  t.match(await mianzheng(['catalogue', 'duties', '--recompute'], environment), { code: 1, stderr: /NOT_FOUND/ })
  t.match(await mianzheng(['catalogue', 'duties', '--recompute', '--at', 'yesterday'], environment), { code: 64 })
  t.match(await mianzheng(['catalogue', 'duties', '--state', 'fine'], environment), { code: 64 })
  t.match(await mianzheng(['catalogue', 'deliveries', '--recompute'], environment), { code: 1, stderr: /NOT_FOUND/ })
})
