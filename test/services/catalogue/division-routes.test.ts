import t from 'tap'
import { loadDivisions } from '../../../config/divisions.js'
import { divisionRoutes } from '../../../services/catalogue/index.js'
import { bearer, codeOf, ground, tokenFor } from '../../support/server.js'

t.test('names stand beside the division codes asked for, once each; a code that is none today is left out, and what is no code is refused', async t => {
  const divisions = loadDivisions()
  const server = await ground(t, {
    register: async (app, { clock }) => { await app.register(divisionRoutes, { prefix: '/v1', divisionName: (code, on) => divisions.fullName(code, on), clock, allow: app.allow }) }
  })
  const ask = async (query: string) => await server.app.inject({ url: `/v1/catalogue/divisions${query}`, headers: bearer(await tokenFor(server, 'provider')) })
  t.same((await ask('?code=990104,990000,990104,990199,990101001')).json(), {
    items: [{ code: '990000', name: '示例省' }, { code: '990101001', name: '示例省云川市云东区' }, { code: '990104', name: '示例省云川市青泽县' }]
  })
  t.same((await ask(`?code=${Array.from({ length: 100 }, () => '990104').join(',')}`)).json<{ items: unknown[] }>().items.length, 1)
  for (const query of ['', '?code=', '?code=99010', '?code=990104,', `?code=${Array.from({ length: 101 }, () => '990104').join(',')}`]) {
    const response = await ask(query)
    t.equal(response.statusCode, 400, query)
    t.equal(codeOf(response), 'INPUT_INVALID', query)
  }
})
