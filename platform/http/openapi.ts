import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { isPageAccess, type Access } from './allow.js'
import type { Allow } from './port.js'
import type { JsonSchema } from './schemas.js'

export interface OpenApiInfo { title: string, version: string, description?: string }

/** Before any route: collects their schemas. */
export async function collectOpenApi (app: FastifyInstance, info: OpenApiInfo, schemas: readonly JsonSchema[], accessOf: (method: string, url: string) => Access | undefined): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token from POST /v1/tokens; the scope that a route needs is named with it.' }
        }
      }
    },
    convertConstToEnum: false,
    refResolver: {
      // The default would number them; a name tells the reader of generated code what he holds.
      buildLocalReference: (json, _baseUri, _fragment, i) => componentName(json['$id']) ?? `def-${i}`
    },
    transformObject: description => 'openapiObject' in description ? withComponents(description.openapiObject, schemas) : description.swaggerObject,
    transform: ({ schema, url, route }) => ({ schema: withSecurity(schema as FastifySchema | undefined, accessOf(methodOf(route), route.url)), url })
  })
}

function methodOf (route: RouteOptions): string { return [route.method].flat()[0] ?? 'GET' }

function withSecurity (schema: FastifySchema = {}, access: Access | undefined): FastifySchema {
  if (access === undefined || access === 'public' || isPageAccess(access)) return { ...schema, security: [] }
  return { ...schema, security: access.map(scope => ({ token: [scope] })) }
}

/** `…/schemas/http/problem.v1.json` becomes `http.problem.v1`. */
function componentName (id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined
  return /\/schemas\/(.+)\.json$/.exec(id)?.[1]?.replaceAll('/', '.')
}

const COMPONENT = '#/components/schemas/'

/**
 * Puts in the components those schemas that the paths come to, as they stand in schemas/ but for their references: those lead
 * to components here. The plugin would take every schema in, and leave references between them as they are.
 */
function withComponents<T extends { components?: object, paths?: object }> (document: T, schemas: readonly JsonSchema[]): T {
  for (const operations of Object.values(document.paths ?? {})) for (const operation of Object.values(operations as object)) withProblems(operation as Operation)
  const byName = new Map(schemas.map(schema => [componentName(schema.$id) as string, schema]))
  const components: Record<string, unknown> = {}
  const waiting = referencesIn(document.paths)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = byName.get(name)
    if (schema === undefined || Object.hasOwn(components, name)) continue
    const { $id, $schema, ...rest } = schema
    components[name] = withLocalReferences(rest, $id)
    waiting.push(...referencesIn(components[name]))
  }
  return { ...document, components: { ...document.components, schemas: components } }
}

interface Operation { responses?: Record<string, unknown> }
/** Whatever a route says of its refusals, they are problem documents. */
function withProblems (operation: Operation): void {
  const refusal = (description: string): object => ({
    description, content: { 'application/problem+json': { schema: { $ref: `${COMPONENT}http.problem.v1` } } }
  })
  operation.responses = {
    ...operation.responses,
    '4XX': refusal('拒绝 Refused; code says why'),
    '5XX': refusal('服务未能作答 Not answered; code says why, retryable whether to try again')
  }
}

function referencesIn (value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"/]+)/g)].map(match => match[1] as string)
}

function withLocalReferences (value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map(item => withLocalReferences(item, base))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => {
    if (name !== '$ref' || typeof member !== 'string') return [name, withLocalReferences(member, base)]
    const { href, hash } = new URL(member, base)
    return [name, `${COMPONENT}${componentName(href.slice(0, href.length - hash.length)) ?? 'unknown'}${hash.slice(1)}`]
  }))
}

export function openApiRoute (app: FastifyInstance, allow: Allow): void {
  app.get('/openapi.json', { onRequest: allow.public(), schema: { hide: true } }, async () => app.swagger())
}
