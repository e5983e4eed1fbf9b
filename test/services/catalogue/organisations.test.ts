import t, { type Test } from 'tap'
import { organisationRoutes } from '../../../services/catalogue/index.js'
import type { Role } from '../../../services/core/caller.js'
import { organisationsOf } from '../../../services/host/organisations.js'
import { bearer, codeOf, ground, OFFICE_USCC, PROVIDER_USCC, tokenFor } from '../../support/server.js'

const NOBODY = '11990000YYYY01103D'
const MARKET = { uscc: PROVIDER_USCC, name: '示例省市场监督管理局' }
const OFFICE = { uscc: OFFICE_USCC, name: '示例省政务服务管理局' }

async function service (t: Test) {
  const server = await ground(t, {
    register: async (app, { identity }) => { await app.register(organisationRoutes, { prefix: '/v1', organisations: organisationsOf(identity.registry), allow: app.allow }) }
  })
  return async (query: string, role: Role = 'approval') => await server.app.inject({ url: `/v1/catalogue/organisations${query}`, headers: bearer(await tokenFor(server, role)) })
}

t.test('names stand beside the USCCs asked for, by USCC and once each; one that is not registered is left out', async t => {
  const ask = await service(t)
  t.same((await ask(`?uscc=${PROVIDER_USCC}`)).json(), { items: [MARKET] })
  t.same((await ask(`?uscc=${PROVIDER_USCC},${NOBODY},${OFFICE_USCC},${PROVIDER_USCC}`)).json(), { items: [OFFICE, MARKET] })
  t.same((await ask(`?uscc=${NOBODY}`)).json(), { items: [] })
})

t.test('a hundred are answered at once, and no more', async t => {
  const ask = await service(t)
  const many = (count: number): string => `?uscc=${Array.from({ length: count }, () => PROVIDER_USCC).join(',')}`
  t.same((await ask(many(100))).json(), { items: [MARKET] })
  const refused = await ask(many(101))
  t.equal(refused.statusCode, 400)
  t.equal(codeOf(refused), 'INPUT_INVALID')
})

t.test('without any named all are listed, page by page', async t => {
  const ask = await service(t)
  const first = (await ask('?limit=1')).json<{ items: unknown[], next: string }>()
  t.same(first.items, [OFFICE])
  t.same((await ask(`?limit=1&after=${encodeURIComponent(first.next)}`)).json<{ items: unknown[] }>().items, [MARKET])
  t.same((await ask('')).json<{ items: Array<{ uscc: string }>, next?: string }>().next, undefined)
})

t.test('what is no USCC is refused, and so are pages of those that are named', async t => {
  const ask = await service(t)
  for (const query of ['?uscc=', '?uscc=x', `?uscc=${PROVIDER_USCC},`, `?uscc=${PROVIDER_USCC}&limit=1`, `?uscc=${PROVIDER_USCC}&after=x`, '?limit=0', '?limit=101']) {
    const response = await ask(query)
    t.equal(response.statusCode, 400, query)
    t.equal(codeOf(response), 'INPUT_INVALID', query)
  }
})
