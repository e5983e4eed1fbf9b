import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import { asyncApiRoute } from '../../../platform/http/operations.js'
import { auditRoutes } from '../../../services/audit/index.js'
import { ground } from '../../support/server.js'

t.test('what is served at /openapi.json is OpenAPI 3.1, and every reference in it leads somewhere', async t => {
  const { app } = await ground(t, { register: async (app, { records }) => { await app.register(auditRoutes, { prefix: '/v1', records, allow: app.allow }) } })
  const text = (await app.inject({ url: '/openapi.json' })).body
  const document = JSON.parse(text) as OpenApi
  t.equal(document.openapi, '3.1.0')
  t.match(await new Validator().validate(JSON.parse(text)), { valid: true })
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(match => match[1] as string)
  t.ok(references.length > 5)
  for (const reference of new Set(references)) {
    const name = /^#\/components\/schemas\/([^/]+)/.exec(reference)?.[1]
    t.ok(name !== undefined && Object.hasOwn(document.components.schemas, name), reference)
  }
  t.match(document.paths['/v1/jwks']?.['get'], { responses: { '4XX': { content: { 'application/problem+json': {} } }, '5XX': {} } })
  t.ok(Object.hasOwn(document.components.schemas, 'http.problem.v1'), 'components keep their names')
})

t.test('each operation names the scopes that it asks for', async t => {
  const { app } = await ground(t)
  const { paths } = (await app.inject({ url: '/openapi.json' })).json<OpenApi>()
  t.same(paths['/v1/identity/clients']?.['get']?.security, [{ token: ['identity:manage'] }])
  t.same(paths['/v1/tokens']?.['post']?.security, [])
  const listed = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map(method => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`))
  const routes = app.routeTable.filter(({ url }) => url.startsWith('/v1')).map(({ method, url }) => `${method} ${url}`)
  t.same(listed.sort(), routes.sort(), 'all routes below /v1 and no others')
})

t.test('the contract of the topics is served as it stands, and missing it is an error', async t => {
  const { app } = await ground(t)
  const file = join(t.testdir({ 'asyncapi.json': '{"asyncapi":"3.0.0"}' }), 'asyncapi.json')
  await asyncApiRoute(app, { allow: app.allow, file })
  t.equal((await app.inject({ url: '/asyncapi.json' })).body, '{"asyncapi":"3.0.0"}')
  await t.rejects(asyncApiRoute(app, { allow: app.allow, file: `${file}.none` }), { code: 'CONFIG_INVALID' })
})

interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, { security?: unknown }>>
  components: { schemas: Record<string, unknown> }
}
